"""From pixels that show something new and unmoving to regions, each a whole thing if all goes well."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.measures import median_of

_MARGIN = 10
_LEAST_RIPE = 0.5


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the picture: the pixel box that holds ``mask`` plus a margin, and the mask of the thing in it.

    ``ripe``: 0..1, share of it that has shown the same long enough.
    """

    rows: slice
    columns: slice
    mask: Mask
    ripe: float

    @property
    def box(self) -> tuple[int, int, int, int]:
        """x_min, y_min, x_max, y_max of the mask in pixels of the whole picture; the maxima are exclusive."""
        x, y, width, height = (int(value) for value in cv2.boundingRect(self.mask.view(np.uint8)))
        left, top = self.columns.start + x, self.rows.start + y
        return left, top, left + width, top + height

    @property
    def area(self) -> int:
        """Pixels of the mask."""
        return int(self.mask.sum())


def find_regions(static: Mask, joining: Mask, least_area: int) -> list[Region]:
    """Connected regions of ``static`` pixels, whole with the ``joining`` pixels next to them, at least half of them static."""
    both = (static | joining).astype(np.uint8)
    closed = cv2.morphologyEx(both, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    whole = np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    regions = []
    height, width = whole.shape
    for contour in contours:
        x, y, w, h = cv2.boundingRect(contour)
        if w * h < least_area or min(w, h) < 4:
            continue
        rows = slice(max(0, y - _MARGIN), min(height, y + h + _MARGIN))
        columns = slice(max(0, x - _MARGIN), min(width, x + w + _MARGIN))
        filled = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        cv2.drawContours(filled, [contour], -1, 1, -1, offset=(-columns.start, -rows.start))
        shown = (filled > 0) & (whole[rows, columns] > 0)
        ripe = float(static[rows, columns][shown].mean())
        if ripe >= _LEAST_RIPE:
            regions.append(Region(rows, columns, filled > 0, ripe))
    return regions


def parts_of(mask: Mask, least_area: int) -> list[Mask]:
    """The solid parts of a mask, each filled; crumbs and threads are left out."""
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    whole = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(whole, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    parts = []
    for contour in contours:
        _, _, width, height = cv2.boundingRect(contour)
        if width * height >= least_area and min(width, height) >= 4:
            parts.append(cv2.drawContours(np.zeros_like(whole), [contour], -1, 1, -1) > 0)
    return parts


def tightened(region: Region, fresh: Features, ground: Features) -> Region | None:
    """The region without the rim that comparing in windows adds; None where nothing stands out from its surroundings.

    A pixel belongs to the thing when it differs by more than a third of what the thing differs by, light that fell
    on the surroundings as well not counted.
    """
    off = difference(region, fresh, ground)
    inside = off[region.mask]
    limit = max(8.0, 0.35 * float(np.percentile(inside, 85)))
    core = ((off > limit) & cv2.dilate(region.mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.bool_)).astype(np.uint8)
    solid = cv2.morphologyEx(core, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid)
    if count < 2:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    large = np.concatenate([[False], areas >= 0.2 * areas.max()])
    kept = large[labels].astype(np.uint8)
    contours, _ = cv2.findContours(kept, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = cv2.drawContours(np.zeros_like(kept), contours, -1, 1, -1) > 0
    if int(filled.sum()) < 0.25 * region.area:
        filled = region.mask
    return Region(region.rows, region.columns, filled, region.ripe)


def difference(region: Region, fresh: Features, ground: Features) -> Plane:
    """How much each pixel of the region's box differs, units of 1 %, the change of light around the region taken off."""
    cut_fresh, cut_ground = fresh.cut(region.rows, region.columns), ground.cut(region.rows, region.columns)
    brighter = cut_fresh.brightness - cut_ground.brightness
    around = ring(region.mask, 3, 9)
    if int(around.sum()) >= 20:
        brighter = brighter - np.float32(median_of(brighter[around]))
    colour = np.abs(cut_fresh.blue - cut_ground.blue) + np.abs(cut_fresh.red - cut_ground.red)
    return np.asarray(np.abs(brighter) + colour, np.float32)


def ring(mask: Mask, inner_px: int, outer_px: int) -> Mask:
    """Pixels outside the mask, farther than ``inner_px`` and nearer than ``outer_px``."""
    bits = mask.astype(np.uint8)
    outer = cv2.dilate(bits, np.ones((2 * outer_px + 1, 2 * outer_px + 1), np.uint8))
    inner = cv2.dilate(bits, np.ones((2 * inner_px + 1, 2 * inner_px + 1), np.uint8))
    return np.asarray((outer > 0) & (inner == 0), np.bool_)
