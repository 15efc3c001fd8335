"""Plates: the street as it stands, rendered once per change, in linear light. Kept on disk, so that work goes on where it stopped.

When something is put down or taken away only the surroundings of it are rendered again; the rest of the plate stays as it
was, down to its grain.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from sample_videos.generator.backdrop import Backdrop
from sample_videos.generator.blender.light import LightRig
from sample_videos.generator.blender.location import Location
from sample_videos.generator.blender.render import Region, Renderer
from sample_videos.generator.blender.stills import Still, Stills
from sample_videos.generator.pieces import Piece
from sample_videos.generator.sensor import automatic_exposure
from sample_videos.generator.sky import Lighting, lighting
from sample_videos.generator.surfaces import Array, corners_of
from sample_videos.generator.values import SceneState

SHADOW_REACH_M = 2.5
"""Shadows of things are followed so far."""
MARGIN_PX = 14
LARGEST_PATCH = 0.4
"""Share of the picture above which all of it is rendered again."""
CHANGED_BY = 0.025
"""A pixel whose light changed by less than this share is left as it was."""


class Plates:
    """The plates of one clip; has to be led through its states in order."""

    def __init__(self, location: Location, folder: Path, *, samples: int = 4) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._location, self._folder = location, folder
        self._renderer = Renderer(location.workshop, folder, samples=samples)
        self._rig = LightRig(location.workshop)
        self._stills = Stills(location)
        self._key = ""
        self._keys: dict[Still, str] = {}
        self._plates: dict[str, Array] = {}
        self._backdrop: Backdrop | None = None
        self._light: Lighting | None = None
        self.exposure = 1.0
        """What the camera's automatic exposure settled on when it began to look this way in this light."""

    def lead_to(self, state: SceneState) -> bool:
        """Let the street stand as in this state; whether anything that stands still, light or camera changed."""
        change = self._stills.lead_to(state)
        if change is None:
            return False
        still = change.still
        if change.anew:
            self._light = lighting(still.conditions, self._location.plan, still.camera)
            self._rig.set(self._light)
            self._renderer.look(self._stills.view.projection)
        known = self._keys.get(still)
        key = known or _digest(still, "" if change.anew else self._key)
        if key not in self._plates:
            self._plates[key] = self._plate(key, None if change.anew else self._plates[self._key], [*change.came, *change.went])
        self._key, self._keys[still], self._backdrop = key, key, None
        if change.anew:
            assert self._light is not None  # noqa: S101  set above
            self.exposure = automatic_exposure(self._plates[key], self._light.key)
        return True

    @property
    def backdrop(self) -> Backdrop:
        """The plate of now, bent by the lens, with the geometry behind it: the street's surfaces first, then the standing pieces'."""
        if self._backdrop is None:
            assert self._light is not None  # noqa: S101  lead_to comes first
            view = self._stills.view
            columns, rows = view.projection.bending
            bent = cv2.remap(self._plates[self._key].astype(np.float32), columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            self._backdrop = Backdrop(bent, view.scene, view.projection, self._light, self._location.shop_lights)
        return self._backdrop

    def _plate(self, key: str, old: Array | None, changed: Sequence[Piece]) -> Array:
        """Read from disk, or rendered and written."""
        kept = self._folder / f"{key}.npz"
        if kept.exists():
            with np.load(kept) as stored:
                return _laid(old, stored["pixels"], stored["region"])
        height, width = (0, 0) if old is None else old.shape[:2]
        regions = [] if old is None else self._regions(changed, width, height)
        area = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in regions)
        if old is None or area > LARGEST_PATCH * width * height:
            pixels = self._renderer.picture()
            return self._keep(kept, pixels if old is None else _blended(old, pixels), (0, 0, 0, 0), None)
        if not regions:
            return old
        fresh = old.copy()
        for x0, y0, x1, y1 in regions:
            patch = self._renderer.picture((x0, y0, x1, y1))
            fresh[y0:y1, x0:x1] = _blended(fresh[y0:y1, x0:x1], patch)
        whole = (min(r[0] for r in regions), min(r[1] for r in regions), max(r[2] for r in regions), max(r[3] for r in regions))
        return self._keep(kept, fresh[whole[1] : whole[3], whole[0] : whole[2]], whole, old)

    @staticmethod
    def _keep(path: Path, pixels: Array, region: Region, old: Array | None) -> Array:
        partial = path.with_name(path.name + ".partial")
        with partial.open("wb") as file:
            np.savez(file, pixels=np.clip(pixels, 0, 6e4).astype(np.float16), region=np.array(region))
        partial.replace(path)
        with np.load(path) as stored:
            return _laid(old, stored["pixels"], stored["region"])

    def _regions(self, changed: Sequence[Piece], width: int, height: int) -> list[Region]:
        """What has to be rendered again around things that came or went: few rectangles that do not overlap."""
        found: list[Region] = []
        for piece in changed:
            region = self._around(corners_of(piece.surface.bounds()), width, height)
            if region is None:
                continue
            for other in [known for known in found if _overlap(known, region)]:
                found.remove(other)
                region = (min(region[0], other[0]), min(region[1], other[1]), max(region[2], other[2]), max(region[3], other[3]))
            found.append(region)
        return found

    def _around(self, corners: Array, width: int, height: int) -> Region | None:
        assert self._light is not None  # noqa: S101  lead_to comes first
        low, high = corners.min(0), corners.max(0)
        points = [corners, corners_of(np.array([low - (0.35, 0.35, 0), [*(high[:2] + 0.35), low[2]]]))]
        suns = [np.array(self._light.towards_sun)] if max(self._light.sun) > 0 else []
        suns += [np.array(lamp.place) - corners.mean(0) for lamp in self._light.lamps]
        for towards in suns:
            unit = towards / np.linalg.norm(towards)
            drop = np.minimum(corners[:, 2] / max(float(unit[2]), 0.05), SHADOW_REACH_M)
            points.append(corners - unit * drop[:, None])
        seen = self._stills.view.projection.to_rendered(np.concatenate(points)) * (width, height)
        seen = seen[~np.isnan(seen[:, 0])]
        if not len(seen):
            return None
        first = np.maximum(np.floor(seen.min(0)).astype(int) - MARGIN_PX, 0)
        last = np.minimum(np.ceil(seen.max(0)).astype(int) + MARGIN_PX, (width, height))
        return None if np.any(last - first < 2) else (int(first[0]), int(first[1]), int(last[0]), int(last[1]))


def _digest(still: Still, before: str) -> str:
    return hashlib.sha256(f"{before} {still!r}".encode()).hexdigest()[:20]


def _laid(old: Array | None, pixels: Array, region: Array) -> Array:
    x0, y0, x1, y1 = (int(value) for value in region)
    if old is None or x1 == 0:
        return pixels
    fresh = old.copy()
    fresh[y0:y1, x0:x1] = pixels
    return fresh


def _blended(old: Array, fresh: Array) -> Array:
    """The fresh patch where it differs, the old one elsewhere, softly joined."""
    old, fresh = old.astype(np.float32), fresh.astype(np.float32)
    small = cv2.GaussianBlur(np.abs(fresh - old).max(-1), (0, 0), 1.5)
    level = cv2.GaussianBlur(np.maximum(fresh, old).max(-1), (0, 0), 1.5) + 1e-4
    differs = (small / level > CHANGED_BY * 2).astype(np.float32)
    differs = cv2.morphologyEx(differs, cv2.MORPH_OPEN, np.ones((3, 3)))
    mask = np.clip(cv2.GaussianBlur(cv2.dilate(differs, np.ones((9, 9))), (0, 0), 2.0), 0, 1)[..., None]
    return old * (1 - mask) + fresh * mask


def _overlap(one: Region, other: Region) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
