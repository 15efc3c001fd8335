"""Where a look differs from what was there, in a way that light cannot explain."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from pipeline.detectors.static_object.features import Features, Mask, Plane

_WINDOW = (5, 5)
_TEXTURE = 0.5
_LEAST_SLOPE_ENERGY = 12.0
_LEAST_COLOUR = 13.0
_LEAST_BRIGHTNESS = 12.0
_NOISES = 5.0
_NEAR = 9
REACH_PX = _NEAR // 2 + _WINDOW[0] // 2
"""So far around a pixel lies what the comparison there depends on."""
_DARKEST_SHADOW = -110.0
_BRIGHTEST_LIGHT = 60.0


@dataclass(frozen=True, slots=True)
class Noise:
    """What quiet pixels differ by: brightness and colour by level of brightness (units of 1 %), slopes overall (mean square).

    ``level``: HxW uint8, the level of the ground at each pixel. The curves hold a value for each of 256 levels, float32.
    """

    level: npt.NDArray[np.uint8]
    brightness: Plane
    colour: Plane
    slope_energy: float

    def cut(self, rows: slice, columns: slice) -> Noise:
        """A view of a part."""
        return replace(self, level=self.level[rows, columns])

    def limit(self, curve: Plane, times: float, least: float) -> Plane:
        """HxW: so many times the noise of this curve at each pixel, or ``least`` where that is more."""
        table = np.maximum(curve * np.float32(times), np.float32(least))
        return cv2.LUT(self.level, table).astype(np.float32, copy=False)


@dataclass(frozen=True, slots=True)
class Change:
    """``mask``: HxW, where something else shows. ``shaded``: share of the picture where only the brightness is other."""

    mask: Mask
    shaded: float


def compare(look: Features, ground: Features, noise: Noise, *, colour: bool) -> Change:
    """Where a look, aligned and in the same light overall, shows something else than what was there.

    Structure: difference of the slopes in a small window as a share of all slopes there; blind to any light
    that is even over the window. Colour: the ratios of the colours, blind to brightness; left out where one
    of the two pictures is infrared. Brightness: more or less than light could make it; where it is merely other,
    it counts only next to the rest, for the even inside of a thing.
    """
    texture = _texture_difference(look, ground, noise.slope_energy)
    brighter = cv2.boxFilter(cv2.subtract(look.brightness, ground.brightness), -1, (3, 3))
    weak = np.abs(brighter) > noise.limit(noise.brightness, _NOISES, _LEAST_BRIGHTNESS)
    strong = (texture > _TEXTURE) | (weak & ((brighter < _DARKEST_SHADOW) | (brighter > _BRIGHTEST_LIGHT)))
    if colour:
        blue = cv2.boxFilter(cv2.subtract(look.blue, ground.blue), -1, (3, 3))
        red = cv2.boxFilter(cv2.subtract(look.red, ground.red), -1, (3, 3))
        np.abs(blue, out=blue)
        np.abs(red, out=red)
        strong |= cv2.add(blue, red, dst=blue) > noise.limit(noise.colour, _NOISES, _LEAST_COLOUR)
    near = cv2.dilate(strong.view(np.uint8), np.ones((_NEAR, _NEAR), np.uint8)).view(np.bool_)
    mask = strong | (weak & near)
    return Change(mask, float(np.mean(weak[::4, ::4] & ~mask[::4, ::4])))


def _texture_difference(look: Features, ground: Features, slope_energy: float) -> Plane:
    """0 (same structure) .. 1 (structure came or went) .. 2 (opposite structure)."""
    (ax, ay), (bx, by) = look.slopes, ground.slopes
    energy = ax * ax
    cv2.accumulateSquare(ay, energy)
    cv2.accumulateSquare(bx, energy)
    cv2.accumulateSquare(by, energy)
    shared = ax * bx
    cv2.accumulateProduct(ay, by, shared)
    all_slopes = cv2.boxFilter(energy, -1, _WINDOW)
    both = cv2.boxFilter(shared, -1, _WINDOW)
    floor = max(_LEAST_SLOPE_ENERGY, 6 * slope_energy)
    # (all - 2 both) / (all + floor), without a new plane at each step.
    np.multiply(both, np.float32(2), out=both)
    np.subtract(all_slopes, both, out=both)
    np.add(all_slopes, np.float32(floor), out=all_slopes)
    return np.asarray(np.divide(both, all_slopes, out=both), np.float32)
