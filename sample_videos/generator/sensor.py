"""From light to what a recorder keeps: exposure, lens, noise, tone, sharpening, rain, the burnt-in time. Pure.

Every picture depends on its own number and the seed alone, so pictures can be made in any order.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw

from sample_videos.generator.fonts import font
from sample_videos.generator.values import Conditions, Light

Array = np.ndarray[Any, Any]

LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)
DARKEST = 2e-4
WHITE_AT = 4.0
"""Exposed light above this is as white as can be."""
_STEPS = 4096
_NOISE_MARGIN = 97


@dataclass(frozen=True, slots=True)
class SensorStyle:
    """One camera's character."""

    seed: int
    name: str = ""
    """Burnt in below; empty: neither name nor time."""
    blur_px: float = 0.55
    """Of the lens, at 960 pixels of width."""
    sharpen: float = 0.55
    vignette: float = 0.22
    """Light lost in the corners."""
    saturation: float = 0.9
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    """Colour cast, RGB."""
    noise: float = 1.0
    """Multiplies the noise that the light implies."""


NOISE = {Light.DAY: 0.0042, Light.OVERCAST: 0.0055, Light.DUSK: 0.010, Light.NIGHT: 0.014, Light.INFRARED: 0.013}
"""Standard deviation in a middle grey, of 1, after the camera's own noise reduction."""


def automatic_exposure(linear: Array, key: float) -> float:
    """The factor that brings the typical brightness of a linear picture to `key`, as a camera meters it."""
    luminance = linear.reshape(-1, 3)[::7] @ LUMINANCE
    typical = float(np.exp(np.log(np.clip(luminance, DARKEST, None)).mean()))
    mean = float(np.minimum(luminance, 12 * typical).mean())
    # Between the two means: bright panes must not darken the street, and dark corners not burn it out.
    return key / max(math.sqrt(typical * mean), DARKEST)


class Sensor:
    """Develops pictures of one size for one camera."""

    def __init__(self, style: SensorStyle, width: int, height: int) -> None:
        self.style, self.width, self.height = style, width, height
        columns, rows = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height) * height / width)
        fall = 1 - style.vignette * (columns**2 + rows**2) / (1 + (height / width) ** 2)
        self._vignette = (fall[..., None] * np.array(style.tint)).astype(np.float32)
        rng = np.random.default_rng([style.seed, 1])
        size = (height + _NOISE_MARGIN, width + _NOISE_MARGIN)
        fine = rng.standard_normal(size, dtype=np.float32)
        coarse = cv2.GaussianBlur(rng.standard_normal(size, dtype=np.float32), (0, 0), 1.1) * 3.2
        grey = (fine * 0.75 + coarse * 0.6)[..., None]
        colour = np.stack([cv2.GaussianBlur(rng.standard_normal(size, dtype=np.float32), (0, 0), 1.8) * 2.6 for _ in range(3)], -1)
        self._noise = (grey + colour).astype(np.float32)

    def develop(self, linear: Array, conditions: Conditions, exposure: float, number: int, at: datetime | None = None) -> Array:
        """(height, width, 3) linear RGB to uint8 BGR. number: which picture of the clip; at: the time to burn in."""
        style, scale = self.style, self.width / 960
        infrared = conditions.light is Light.INFRARED
        drift = 1 + 0.012 * math.sin(number / 61.0) + 0.006 * math.sin(number / 17.0)
        light = linear * (self._vignette * np.float32(exposure * conditions.brightness * drift))
        if infrared:
            light = cv2.cvtColor(cv2.transform(light, np.array([[0.45, 0.35, 0.20]])), cv2.COLOR_GRAY2RGB)
        if conditions.light in (Light.DUSK, Light.NIGHT):
            light += _bloom(light)
        picture = _toned(light)
        if conditions.rain:
            self._rain(picture, number)
        soft = cv2.GaussianBlur(picture, (0, 0), style.blur_px * scale)
        wider = cv2.GaussianBlur(picture, (0, 0), 1.5 * scale)
        picture = cv2.addWeighted(soft, 1 + style.sharpen, wider, -style.sharpen, 0)
        if not infrared and style.saturation != 1:
            grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None]
            picture = grey + style.saturation * (picture - grey)
        picture += self._noise_of(number, conditions, infrared)
        result = cv2.cvtColor(cv2.convertScaleAbs(np.clip(picture, 0, 1), alpha=255), cv2.COLOR_RGB2BGR)
        if style.name:
            self._stamp(result, at)
        return np.asarray(result)

    def _noise_of(self, number: int, conditions: Conditions, infrared: bool) -> Array:
        rng = np.random.default_rng([self.style.seed, 2, number])
        top, left = (int(v) for v in rng.integers(0, _NOISE_MARGIN, 2))
        cut = self._noise[top : top + self.height, left : left + self.width]
        strength = NOISE[conditions.light] * self.style.noise * (1 if rng.random() < 0.5 else -1)
        return np.asarray((cut[..., :1] if infrared else cut) * np.float32(strength))

    def _rain(self, picture: Array, number: int) -> None:
        """Drops as short bright lines, some near and blurred."""
        rng = np.random.default_rng([self.style.seed, 3, number])
        layer = np.zeros(picture.shape[:2], np.float32)
        count = int(70 + 25 * rng.random())
        places = rng.random((count, 2)) * (self.width, self.height)
        near = rng.random(count) ** 3
        for (x, y), close in zip(places, near, strict=True):
            length = self.height * (0.02 + 0.07 * close)
            slant = 0.10 + 0.03 * rng.standard_normal()
            start, end = (int(x * 8), int(y * 8)), (int((x + slant * length) * 8), int((y + length) * 8))
            cv2.line(layer, start, end, 0.10 + 0.16 * float(rng.random()), 1 + int(close > 0.6), cv2.LINE_AA, 3)
        picture += cv2.GaussianBlur(layer, (0, 0), 0.8)[..., None] * (0.8 - 0.5 * picture.mean())
        picture *= 0.985
        picture += 0.012

    def _stamp(self, picture: Array, at: datetime | None) -> None:
        """Time above on the left, name below on the right."""
        size = max(11, round(self.height * 0.042))
        margin = round(self.height * 0.025)
        if at is not None:
            _lay(picture, at.strftime("%Y-%m-%d %H:%M:%S"), size, margin, margin)
        words = _words(self.style.name, size)
        _lay(picture, self.style.name, size, self.width - words.shape[1] - margin, self.height - words.shape[0] - margin)


def _bloom(light: Array) -> Array:
    """Light that strays around lamps and lit signs."""
    small = cv2.resize(np.clip(light - 0.8, 0, 4), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.resize(cv2.GaussianBlur(small, (0, 0), 4), (light.shape[1], light.shape[0])) * np.float32(0.16))


@lru_cache(maxsize=1)
def _curve() -> Array:
    """Tone by the root of light: sRGB with a lifted toe cut off and highlights that roll off."""
    light = np.linspace(0, math.sqrt(WHITE_AT), _STEPS) ** 2
    rolled = np.where(light < 0.6, light, 0.6 + 0.4 * (1 - np.exp(-(light - 0.6) / 0.55)))
    shown = np.where(rolled <= 0.0031308, 12.92 * rolled, 1.055 * np.maximum(rolled, 1e-9) ** (1 / 2.4) - 0.055)
    contrast = shown + 0.05 * np.sin(2 * math.pi * (shown - 0.5)) * 0.6
    return np.clip(contrast, 0, 1).astype(np.float32)


def _toned(light: Array) -> Array:
    root = cv2.sqrt(np.clip(light, 0, WHITE_AT))
    steps = (root * np.float32((_STEPS - 1) / math.sqrt(WHITE_AT))).astype(np.int16)
    return _curve()[steps]


@lru_cache(maxsize=64)
def _words(text: str, size: int) -> Array:
    """(height, width, 2) float32: how white, and how much of it covers."""
    letters = font(size)
    left, top, right, bottom = letters.getbbox(text, stroke_width=1)
    box = (math.ceil(right - left) + 2, math.ceil(bottom - top) + 2)
    white, cover = Image.new("L", box, 0), Image.new("L", box, 0)
    ImageDraw.Draw(white).text((1 - left, 1 - top), text, fill=255, font=letters)
    ImageDraw.Draw(cover).text((1 - left, 1 - top), text, fill=255, font=letters, stroke_width=1, stroke_fill=255)
    return np.stack([np.asarray(white, np.float32), np.asarray(cover, np.float32)], -1) / 255


def _lay(picture: Array, text: str, size: int, x: int, y: int) -> None:
    words = _words(text, size)
    target = picture[y : y + words.shape[0], x : x + words.shape[1]]
    words = words[: target.shape[0], : target.shape[1]]
    target[:] = np.clip(target * (1 - words[..., 1:]) + 255 * words[..., :1] * words[..., 1:], 0, 255).astype(np.uint8)
