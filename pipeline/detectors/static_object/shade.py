"""Is it a thing, or the same ground in less light?

A shadow takes a share of the light, and nearly the same share wherever it lies. In units of 1 % the difference to the ground is then
a level: even inside, with soft steps at its edges, of hardly any colour, and the texture of the ground shows through it. What
has a surface of its own has folds, edges and colours, and hides the texture of what is under it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from pipeline.detectors.static_object.change import Noise
from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.regions import Region, parts_of

_DEEPEST = -110.0
"""Sun that is ten times as strong as the sky leaves a third of the grey value, which is this: no shadow on a street is deeper."""
_FAINTEST = 4.0
_BRIGHTEST = 60.0
"""A lamp or a reflection on the ground; what is brighter is a white thing."""
_LEAST_COLOUR = 10.0
_NOISES = 4.0
_BLUER = 0.06
"""Change of colour for each unit of darkness that the sky's light may account for."""
_LEAST_ROUGH = 8.0
_ROUGH_BY_NOISE = 6.0
_ROUGH_BY_GROUND = 0.4
"""Share of the ground's own roughness that a camera and its compression may lose in the dark."""
_AROUND = (15, 15)
_KEPT = 0.5
"""Share of the ground's texture that has to show through a shadow."""
_MOST = 2.0
"""So many times the ground's own texture is the texture of something else: less light deepens none."""
_SPREADS = 2.0
_CORRELATED = 4.0
"""Neighbouring pixels that say the same, because pictures are smoothed and compressed."""
_NO_TEXTURE = 1.0
_REACH = 5
_SOLID_BESIDE = 0.2
"""Share of a region that has to be more than shade, for the rest to be a thing beside whatever casts the shadow on it."""
_TRUSTED_S = 4.0  # a verdict of "nothing but shade" is, as long as the region stays the same
_SAME_EDGE_PX = 2
_SAME_AREA = 0.1


@dataclass(frozen=True, slots=True)
class _Shade:
    """A region in which there was nothing but shade when it was judged."""

    box: tuple[int, int, int, int]
    area: int
    judged_s: float

    def is_still(self, box: tuple[int, int, int, int], area: int) -> bool:
        """Whether a region of this box and area is the same."""
        alike = all(abs(one - other) <= _SAME_EDGE_PX for one, other in zip(self.box, box, strict=True))
        return alike and abs(area - self.area) <= _SAME_AREA * self.area


class Shades:
    """The shadows of one camera: one that stays as it is is judged anew only every few seconds."""

    def __init__(self, least_area: int) -> None:
        """None yet; ``least_area`` is that of the box of the smallest thing, in pixels."""
        self._least_area = least_area
        self._known: list[_Shade] = []

    def cut_from(
        self, regions: Sequence[Region], fresh: Features, ground: Features, noise: Noise, casting: Mask, now_s: float
    ) -> list[Region]:
        """The things in the regions of one look, at ``now_s`` seconds; the rest see ``without_shade``."""
        recent = [shade for shade in self._known if now_s - shade.judged_s < _TRUSTED_S]
        self._known, things = [], []
        for region in regions:
            box, area = region.box, region.area
            shade = next((known for known in recent if known.is_still(box, area)), None)
            if shade is None:
                found = without_shade(region, fresh, ground, noise, casting, self._least_area)
                things += found
                if found:
                    continue
                shade = _Shade(box, area, now_s)
            self._known.append(shade)
        return things


def without_shade(region: Region, fresh: Features, ground: Features, noise: Noise, casting: Mask, least_area: int) -> list[Region]:
    """The things in a region without the shadows that they and their neighbours cast; empty where nothing else is there.

    Args:
        region: what changed and stays.
        fresh: what shows there now, of the whole picture.
        ground: what showed there before.
        noise: of the same size.
        casting: HxW, where somebody or something else stands that may cast a shadow.
        least_area: pixels of the box of the smallest thing.
    """
    now, before = fresh.cut(region.rows, region.columns), ground.cut(region.rows, region.columns)
    darker, brighter = relit(now, before, noise.cut(region.rows, region.columns))
    fine_now, fine_before = _fine(now.brightness), _fine(before.brightness)
    shade, lit = darker & region.mask, brighter & region.mask
    # Darkness is a shadow unless the ground is gone; a bright spot is light only if the ground is seen in it.
    shade &= ~texture_gone(shade, fine_now, fine_before)
    if lit.any() and texture_shows(lit, fine_now, fine_before):
        shade |= lit
    if not shade.any():
        return [region]
    parts = [replace(region, mask=mask) for mask in parts_of(region.mask & ~shade, least_area)]
    if texture_shows(shade, fine_now, fine_before):
        return parts
    # Even darkness on ground without a texture that could tell: it depends on whether there is something that casts it.
    reach = cv2.dilate(region.mask.astype(np.uint8), np.ones((_REACH, _REACH), np.uint8)) > 0
    if not (reach & casting[region.rows, region.columns]).any():
        return [region]
    return parts if sum(part.area for part in parts) >= _SOLID_BESIDE * region.area else []


def relit(now: Features, before: Features, noise: Noise) -> tuple[Mask, Mask]:
    """Pixels of a patch that may be the same ground in less light, and those in more."""
    ratio: Plane = np.subtract(now.brightness, before.brightness)
    level = cv2.boxFilter(ratio, -1, (3, 3))
    colour = np.abs(cv2.boxFilter(cv2.subtract(now.blue, before.blue), -1, (3, 3)))
    colour += np.abs(cv2.boxFilter(cv2.subtract(now.red, before.red), -1, (3, 3)))
    colour -= np.float32(_BLUER) * np.abs(level)
    alike = (level < _BRIGHTEST) & (level > _DEEPEST) & (colour < noise.limit(noise.colour, _NOISES, _LEAST_COLOUR))
    limit = _LEAST_ROUGH + _ROUGH_BY_NOISE * np.sqrt(noise.slope_energy) + _ROUGH_BY_GROUND * _roughness(before.brightness)
    even = (alike & (_roughness(ratio) < limit)).astype(np.uint8)
    grown = alike & (cv2.dilate(even, np.ones((3, 3), np.uint8)) > 0)
    solid = cv2.morphologyEx(grown.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    return np.asarray(solid & (level < _FAINTEST), np.bool_), np.asarray(solid & (level >= _FAINTEST), np.bool_)


def texture_gone(pixels: Mask, now: Plane, before: Plane) -> Mask:
    """Those pixels around which the texture of the ground (fine structure of the patch now and before) surely shows no longer."""
    weight = pixels.astype(np.float32)
    seen, stood = now * weight, before * weight
    both, energy, own, count = (cv2.boxFilter(p, -1, _AROUND, normalize=False) for p in (seen * stood, stood * stood, seen * seen, weight))
    energy = np.add(energy, np.float32(_NO_TEXTURE))
    kept = both / energy  # about 0 under a thing and 1 in its shadow
    spread = np.sqrt(_CORRELATED * np.maximum(own - kept * both, 0) / np.maximum(count, 1) / energy)
    spread *= np.float32(_SPREADS)
    return np.asarray(pixels & ((kept + spread < _KEPT) | (kept - spread > _MOST)), np.bool_)


def texture_shows(shade: Mask, now: Plane, before: Plane) -> bool:
    """Whether the texture of the ground surely shows in these pixels as a whole."""
    seen, stood = now[shade], before[shade]
    energy = float(stood @ stood) + _NO_TEXTURE
    kept = float(seen @ stood) / energy
    rest = max(0.0, float(seen @ seen) - kept * kept * energy)
    return kept < _MOST and kept - _SPREADS * float(np.sqrt(_CORRELATED * rest / seen.size / energy)) > _KEPT


def _fine(brightness: Plane) -> Plane:
    return np.asarray(brightness - cv2.boxFilter(brightness, -1, (5, 5)), np.float32)


def _roughness(brightness: Plane) -> Plane:
    return np.asarray(cv2.boxFilter(np.abs(cv2.Laplacian(brightness, cv2.CV_32F, ksize=1)), -1, (3, 3)), np.float32)
