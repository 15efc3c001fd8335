"""Which pixels are watched ground, which are not to be looked at, and the clean picture of the place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from shapely import Polygon

from pipeline.detectors.static_object.features import Mask
from pipeline.errors import ConfigError
from pipeline.types import Image
from pipeline.zones import WATCHED, CameraZones, Zone, ZoneKind

_CONTACT_BAND = 0.4
_LEAST_CONTACT = 0.3


@dataclass(frozen=True, slots=True)
class WatchedGround:
    """HxW masks at the size of the background: ``watched`` ground, and ``ignored`` parts of the picture."""

    watched: Mask
    ignored: Mask

    @classmethod
    def drawn(cls, zones: CameraZones, height_px: int, width_px: int) -> WatchedGround:
        """Draw the zones of a camera at this size."""
        ignored = _drawn(zones.of_kind(ZoneKind.IGNORE), height_px, width_px)
        fixtures = _drawn(zones.of_kind(ZoneKind.FIXTURE), height_px, width_px)
        return cls(_drawn(zones.of_kind(*WATCHED), height_px, width_px) & ~ignored & ~fixtures, ignored)

    def carries(self, box: tuple[int, int, int, int]) -> bool:
        """Whether enough of the lowest part of a box (pixels, maxima exclusive) stands on watched ground."""
        x_min, y_min, x_max, y_max = box
        top = min(y_max - 1, round(y_max - _CONTACT_BAND * (y_max - y_min)))
        return bool(self.watched[top:y_max, x_min:x_max].mean() >= _LEAST_CONTACT)


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


def _drawn(zones: Sequence[Zone], height_px: int, width_px: int) -> Mask:
    canvas = np.zeros((height_px, width_px), np.uint8)
    for zone in zones:
        _fill(canvas, zone.polygon)
    return canvas > 0


def _fill(canvas: Image, polygon: Polygon) -> None:
    height, width = canvas.shape[:2]
    rings = [polygon.exterior, *polygon.interiors]
    corners = [np.rint(np.asarray(ring.coords)[:, :2] * (width, height)).astype(np.int32) for ring in rings]
    own = np.zeros_like(canvas)
    cv2.fillPoly(own, corners, 1)
    canvas |= own
