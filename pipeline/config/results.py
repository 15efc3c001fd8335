"""Where evidence and records go."""

from __future__ import annotations

from pathlib import Path

from pydantic import (
    Field,
)

from pipeline.config.fields import Seconds, Settings


class EvidenceSettings(Settings):
    """What is kept as proof."""

    folder: Path = Path("out/evidence")
    """Folder of the evidence files, relative to the configuration file."""
    before_s: float = Field(default=10.0, ge=0)
    """Length of a clip before its moment."""
    after_s: float = Field(default=10.0, ge=0)
    """Length of a clip after its moment."""
    jpeg_quality: int = Field(default=92, ge=50, le=100)
    """Of the stills."""
    close_margin: float = Field(default=0.6, ge=0)
    """Room round the thing in the close still, in box sizes."""
    best_look_within_s: Seconds = 10.0
    """A still may show a look this far from its moment if the nearest one shows the thing hidden."""
    join_clips_within_s: Seconds = 5.0
    """The clips of first sight and confirmation become one if less than this lies between them."""
    longest_lead_s: Seconds = 30.0
    """A copied clip may begin this much before what was asked for (at a key frame); beyond, its pictures are encoded anew."""
    marked_clip_width_px: int = Field(default=1280, ge=320, le=3840, multiple_of=2)
    """Widest marked clip; the original keeps its own size."""
    encode_threads: int = Field(default=1, ge=1, le=16)
    """Threads of one ffmpeg. The same number gives the same bytes."""
    ffmpeg_timeout_s: float = Field(default=900.0, gt=0)
    """One cut or rendering that takes longer is given up."""


class RecordSettings(Settings):
    """Where records go."""

    url: str = "sqlite:///out/doorline.db"
    """SQLAlchemy URL: sqlite:///PATH (relative to the config file) or postgresql+psycopg://..."""
    busy_timeout_s: float = Field(default=30.0, gt=0, le=3600)
    """How long to wait for a lock that another program holds on the database."""
