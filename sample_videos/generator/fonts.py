"""The letters of signs, prints and burnt-in time: Noto CJK, which assets.py unpacks, so that letters are the same on every machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PIL import ImageFont

FOLDER = Path(__file__).resolve().parents[2] / "build/generator/fonts"
SANS, SERIF = "NotoSansCJK-Bold.ttc", "NotoSerifCJK-Bold.ttc"
_SIMPLIFIED = 2
"""Index of the simplified-Chinese face in the collections."""


def are_there() -> bool:
    """Whether the fonts were unpacked."""
    return all((FOLDER / name).is_file() for name in (SANS, SERIF))


@cache
def font(size: int, *, serif: bool = False) -> ImageFont.FreeTypeFont:
    """Bold letters of that size in pixels, simplified Chinese. FileNotFoundError where the fonts were not unpacked."""
    path = FOLDER / (SERIF if serif else SANS)
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run python -m sample_videos.generator.assets")
    return ImageFont.truetype(str(path), size, index=_SIMPLIFIED)
