"""The clean reference picture of a camera: the empty street that its zones were drawn on."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.errors import ConfigError
from pipeline.types import Image
from pipeline.zones.camera_zones import CameraZones


def load_reference(zones: CameraZones) -> Image | None:
    """The clean reference picture of a camera, HxWx3 uint8 BGR, or None if it has none.

    Raises:
        ConfigError: there is one, but it can't be read.
    """
    if zones.reference is None:
        return None
    data = np.frombuffer(zones.reference.read_bytes(), np.uint8) if zones.reference.is_file() else np.zeros(0, np.uint8)
    image = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if image is None:
        raise ConfigError(
            "cannot read the reference picture",
            where=str(zones.reference),
            expected="a PNG or JPEG of the empty street",
            found="no such file" if not zones.reference.is_file() else "something else",
            hint=f"See the zones of camera {zones.camera_id}",
        )
    return np.asarray(image, np.uint8)


def narrowed(picture: Image, width_px: int) -> Image:
    """The picture at this width, its aspect kept; one that is narrower stays as it is. As looks are scaled: areas are averaged."""
    height, width = picture.shape[:2]
    if width <= width_px:
        return picture
    size = width_px, max(1, round(height * width_px / width))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
