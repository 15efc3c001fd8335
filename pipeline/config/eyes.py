"""Which pictures may count, and what looks at them."""

from __future__ import annotations

from pathlib import Path

from pydantic import (
    Field,
)

from pipeline.config.fields import Seconds, Settings, Share


class GuardSettings(Settings):
    """When a picture is too poor to count, or of another view (pipeline/guards/)."""

    enabled: bool = True
    """Whether poor pictures are told from good ones at all. Off: every picture counts."""
    max_grey_share: Share = 0.45
    """A picture with more than this share of flat mid-grey (what decoders paint for lost blocks) is a gap."""
    min_brightness: float = Field(default=12.0, ge=0, le=255)
    """Mean grey level below which (with next to no contrast) nothing can be seen."""
    min_sharpness: float = Field(default=3.0, ge=0)
    """See frame_quality.sharpness; below it the picture is out of focus, fogged or smeared."""
    frozen_after_s: Seconds = 10.0
    """The same picture, pixel by pixel, for this long and at least three looks is a frozen stream."""
    max_torn_share: Share = 0.15
    """A picture with more than this share of rows that are smeared, one flat colour or below a new seam is torn."""
    check_pose: bool = True
    """Whether a turned, knocked, zoomed or covered camera is found out: by the clean reference picture, else by the first looks."""
    max_shake: Share = 0.02
    """How far, as a share of its width, the picture may be off before its zones are wrong: a camera on a pole shakes a little."""


class YoloSettings(Settings):
    """The detector that names things (pipeline/detectors/yolo.py)."""

    card: Path
    """The model's card (models/<name>/card.yaml): weights, hash, classes and their roles."""
    device: str = "cpu"
    """Where it runs, as ultralytics names it: ``cpu``, ``cuda:0``."""
    image_size_px: int = Field(default=640, ge=160, le=2560, multiple_of=32)
    """Longer side of what the network sees."""
    min_confidence: Share = 0.25
    """Things it is less sure of are dropped."""
    min_mover_confidence: Share = 0.15
    """People, vehicles and animals explain foreground away: a faint one still hides what is behind it."""
    smallest_thing_px: int = Field(default=24, ge=8)
    """Smallest side, at the network's input, that a thing of interest should have; far zones are tiled to keep it."""
    skip_unchanged: bool = True
    """Do not infer again while the zones show what they showed at the last inferred look."""
    full_look_every_s: Seconds = 60.0
    """Infer at least this often, changed or not."""


class StaticObjectSettings(Settings):
    """The long-memory background that sees what was put down (pipeline/detectors/static_object/)."""

    enabled: bool = True
    """Whether what was put down is looked for whatever it is, beside what YOLO can name."""
    width_px: int = Field(default=320, ge=160, le=1280)
    """Pictures are compared at this width."""
    doubt_unchanged_ground: bool = True
    """What YOLO names (goods, furniture, stalls) is uncertain, neither present nor absent, where the ground looks as in the clean reference
    picture, or, without one, as when looking began: it may belong there. False: believe YOLO alone."""
