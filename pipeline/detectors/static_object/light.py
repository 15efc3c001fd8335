"""Bringing a look into the light of the background, and measuring how noisy it then is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.detectors.static_object.change import Noise
from pipeline.detectors.static_object.features import Features, Mask, Plane
from pipeline.detectors.static_object.measures import median_of

_BINS = 10
_STRIDE = 5  # every fifth pixel and row is plenty for medians
_LEAST_SPREAD = 12.0  # units of 1 %; ranges nearer than this say nothing about contrast
_CLEARLY_BETTER = 0.8
_LEVELS = 64
_LEVEL_LOW, _LEVEL_HIGH = 230.0, 560.0


@dataclass(frozen=True, slots=True)
class LightChange:
    """What turns the light of a look into that of the background: brightness * contrast + offset, colour ratios + offsets."""

    contrast: float = 1.0
    brightness: float = 0.0
    blue: float = 0.0
    red: float = 0.0

    def apply(self, look: Features) -> Features:
        """The look in the light of the background, as new planes."""
        brightness = look.brightness * np.float32(self.contrast)
        brightness += np.float32(self.brightness)
        return Features(brightness, look.blue + np.float32(self.blue), look.red + np.float32(self.red))


def light_change(look: Features, ground: Features, quiet: Mask) -> LightChange:
    """The change of light that most of the quiet pixels agree on.

    Each range of brightness in the look has a median brightness in the background; a straight line through
    these (in logarithms: gain and gamma) is what an exposure step, a dusk or an infrared filter does.
    """
    chosen = quiet[::_STRIDE, ::_STRIDE]
    if int(np.count_nonzero(chosen)) < 100:
        return LightChange()
    seen, stood = look.brightness[::_STRIDE, ::_STRIDE][chosen], ground.brightness[::_STRIDE, ::_STRIDE][chosen]
    order = np.argsort(seen, kind="stable")
    size, larger = divmod(seen.size, _BINS)
    ends = [number * size + min(number, larger) for number in range(_BINS + 1)]
    x, y = (np.array([median_of(v[low:high]) for low, high in pairwise(ends)], np.float32) for v in (seen[order], stood[order]))
    # The median of the slopes between all ranges: things that came or went spoil a few ranges, not most pairs.
    apart = np.subtract.outer(x, x)
    steep = np.subtract.outer(y, y)[apart > _LEAST_SPREAD] / apart[apart > _LEAST_SPREAD]
    contrast = min(2.0, max(0.5, median_of(steep))) if steep.size else 1.0
    if contrast != 1.0 and _misfit(seen, stood, contrast) > _CLEARLY_BETTER * _misfit(seen, stood, 1.0):
        contrast = 1.0
    return LightChange(
        contrast,
        median_of(stood - np.float32(contrast) * seen),
        median_of(ground.blue[::_STRIDE, ::_STRIDE][chosen] - look.blue[::_STRIDE, ::_STRIDE][chosen]),
        median_of(ground.red[::_STRIDE, ::_STRIDE][chosen] - look.red[::_STRIDE, ::_STRIDE][chosen]),
    )


def _misfit(seen: Plane, stood: Plane, contrast: float) -> float:
    off = stood - np.float32(contrast) * seen
    return median_of(np.abs(off - np.float32(median_of(off))))


class NoiseMeter:
    """How far quiet pixels stray from the background, by brightness: dark pixels are noisier in units of 1 %."""

    def __init__(self) -> None:
        """Start with what a good camera does."""
        self._brightness = np.full(8, 2.5)
        self._colour = np.full(8, 2.5)
        self._slope_energy = 2.0  # mean square difference of slopes between looks of the same thing

    def measure(self, look: Features, ground: Features, quiet: Mask) -> None:
        """Take in one look that is aligned and in the light of the background."""
        chosen = quiet[1::_STRIDE, 1::_STRIDE]
        if int(np.count_nonzero(chosen)) < 100:
            return
        level = _level_index(ground.brightness[1::_STRIDE, 1::_STRIDE][chosen]) // (_LEVELS // 8)
        order = np.argsort(level, kind="stable")
        ends = [0, *np.cumsum(np.bincount(level, minlength=8)).tolist()]
        off = np.abs(look.brightness[1::_STRIDE, 1::_STRIDE] - ground.brightness[1::_STRIDE, 1::_STRIDE])[chosen]
        thin = slice(1, None, _STRIDE)
        colour = (np.abs(look.blue[thin, thin] - ground.blue[thin, thin]) + np.abs(look.red[thin, thin] - ground.red[thin, thin]))[chosen]
        off, colour = off[order], colour[order]
        for number, (low, high) in enumerate(pairwise(ends)):
            if high - low >= 20:
                self._brightness[number] += 0.3 * (1.48 * median_of(off[low:high]) - self._brightness[number])
                self._colour[number] += 0.3 * (median_of(colour[low:high]) - self._colour[number])
        slopes = zip(look.slopes, ground.slopes, strict=True)
        energy = sum(median_of(np.square((a[1::_STRIDE, 1::_STRIDE] - b[1::_STRIDE, 1::_STRIDE])[chosen])) for a, b in slopes)
        # The median of a squared normal value is 0.455 of its mean.
        self._slope_energy += 0.3 * (energy / 0.455 - self._slope_energy)

    def noise(self, ground: Features) -> Noise:
        """Noise of brightness, of colour (sum of both ratios) and of slopes, for this ground."""
        at = (np.minimum(np.arange(256), _LEVELS - 1) + 0.5) / (_LEVELS / 8) - 0.5  # a lookup wants 256 values
        brightness, colour = (np.interp(at, np.arange(8), curve).astype(np.float32) for curve in (self._brightness, self._colour))
        return Noise(_level_index(ground.brightness), brightness, colour, self._slope_energy)


def _level_index(brightness: Plane) -> npt.NDArray[np.uint8]:
    scale = (_LEVELS - 1) / (_LEVEL_HIGH - _LEVEL_LOW)
    level = brightness - np.float32(_LEVEL_LOW)
    level *= np.float32(scale)
    return np.clip(level, 0, _LEVELS - 1, out=level).astype(np.uint8)
