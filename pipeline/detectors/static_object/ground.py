"""Which pixels are watched ground, and which are not to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from shapely import Polygon

from pipeline.detectors.static_object.features import Mask
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
