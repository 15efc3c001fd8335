"""Parts of things and people as triangles that know whose they are. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from sample_videos.generator.surfaces import Surface
from sample_videos.generator.values import Placed


@dataclass(frozen=True, eq=False)
class Piece:
    """One part of a thing, or a person."""

    object_id: str
    group: str | None
    label: str | None
    surface: Surface
    placed: Placed | None
    """None: a person."""
