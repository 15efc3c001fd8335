"""Zones drawn on a picture of the footage, as a file to look at."""

from __future__ import annotations

from pathlib import Path

import cv2

from pipeline.drawing import draw_preview
from pipeline.errors import EvidenceError
from pipeline.readers import open_reader
from pipeline.shops import ShopRegistry
from pipeline.types import Image
from pipeline.whole_files import write_aside
from pipeline.zones import CameraZones


def picture_of(uri: str, camera_id: str, media_time_s: float) -> Image:
    """One picture of a source at full resolution, HxWx3 uint8 BGR. SourceError if it has none at that time."""
    with open_reader(uri, camera_id=camera_id) as reader:
        _, picture = reader.footage().picture_at(media_time_s)
        return picture.bgr()


def write_png(image: Image, zones: CameraZones, shops: ShopRegistry | None, path: Path) -> None:
    """Write the preview as PNG, in one step. EvidenceError if the disk refuses."""
    done, data = cv2.imencode(".png", draw_preview(image, zones, shops))
    if not done:
        raise EvidenceError("cannot encode PNG", where=str(path))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_aside(path, data.tobytes())
    except OSError as err:
        raise EvidenceError("cannot write picture", where=str(path), found=err.strerror or str(err)) from err
