"""Clips are made once per session and shared by all tests that ask for the same one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.clips import make_clip

ClipFactory = Callable[..., Path]


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> ClipFactory:
    """``clip("mp4", codec="h264", seconds=6, ...)``: path of a clip that must not be changed."""
    folder = tmp_path_factory.mktemp("clips")
    made: dict[str, Path] = {}

    def get(suffix: str, **settings: Any) -> Path:
        key = repr((suffix, sorted(settings.items(), key=str)))
        if key not in made:
            made[key] = make_clip(folder / f"clip{len(made):03d}.{suffix}", **settings)
        return made[key]

    return get
