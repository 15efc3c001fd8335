"""Every value that crosses a stage, in the order data flows. No behaviour beyond plain geometry, no I/O.

Times are aware UTC datetimes, media times are seconds from the start of the source, boxes are fractions
0..1 of the picture. Sequences are tuples: nothing here changes after it was made.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Image: TypeAlias = npt.NDArray[np.uint8]
"""HxWx3 uint8, BGR, read-only where it belongs to a frame."""

UNKNOWN_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Where the timeline of a source starts whose wall clock is unknown. Records then carry no wall-clock times."""


# --- reading -----------------------------------------------------------------------------------------------


class ClockSource(StrEnum):
    """Where the wall-clock start of a source came from."""

    GIVEN = "given"
    FILE_NAME = "file_name"
    CONTAINER = "container"
    RECEIVED = "received"
    """A live stream: the clock of the machine that received it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SourceClock:
    """Wall-clock time of media time 0. With an UNKNOWN source, ``start_at`` is UNKNOWN_EPOCH."""

    start_at: datetime
    source: ClockSource

    @property
    def known(self) -> bool:
        """Whether times on this timeline are wall-clock times."""
        return self.source is not ClockSource.UNKNOWN


class Picture(Protocol):
    """A decoded picture that is converted only as far as somebody asks. Upright: rotation is applied."""

    @property
    def width_px(self) -> int:
        """Width in pixels of the upright picture at full resolution."""
        ...

    @property
    def height_px(self) -> int:
        """Height in pixels of the upright picture at full resolution."""
        ...

    def bgr(self, *, width_px: int | None = None) -> Image:
        """HxWx3 uint8 BGR, read-only; scaled to ``width_px`` with the aspect kept (H rounded, >= 1) if given."""
        ...


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of one camera at one moment."""

    camera_id: str
    captured_at: datetime
    media_time_s: float
    picture: Picture


class GapReason(StrEnum):
    """Why a look saw nothing that may count."""

    NO_FRAME = "no_frame"
    """Nothing decodable where a look was due."""
    GREY = "grey"
    FROZEN = "frozen"
    TORN = "torn"
    DARK = "dark"
    BLURRED = "blurred"
    CAMERA_MOVED = "camera_moved"
    NO_LOOK = "no_look"
    """Nobody looked: time without any look, a restart, a patrol elsewhere."""


@dataclass(frozen=True, slots=True)
class MissedLook:
    """A look that was due and gave no picture."""

    camera_id: str
    captured_at: datetime
    media_time_s: float
    reason: GapReason


Look: TypeAlias = Frame | MissedLook


@dataclass(frozen=True, slots=True)
class ReadSummary:
    """What a reader read and what it could not, for the run's summary.

    ``faults`` are sentences for the user ("18 of 412 packets damaged, 3 looks lost"); empty means that the
    source was whole.
    """

    looks: int
    missed_looks: int
    frames_decoded: int
    damaged_packets: int
    first_media_time_s: float | None
    last_media_time_s: float | None
    faults: tuple[str, ...]


# --- seeing ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class BoundingBox:
    """Axis-aligned box in fractions 0..1 of the picture, ``min < max`` on both axes."""

    x_min: float
    y_min: float
    x_max: float
    y_max: float

    @property
    def width(self) -> float:
        """Fraction of the picture width."""
        return self.x_max - self.x_min

    @property
    def height(self) -> float:
        """Fraction of the picture height."""
        return self.y_max - self.y_min

    @property
    def area(self) -> float:
        """Fraction of the picture area."""
        return self.width * self.height

    def intersection_area(self, other: BoundingBox) -> float:
        """Area that both boxes cover, as a fraction of the picture area."""
        width = min(self.x_max, other.x_max) - max(self.x_min, other.x_min)
        height = min(self.y_max, other.y_max) - max(self.y_min, other.y_min)
        return width * height if width > 0 and height > 0 else 0.0

    def iou(self, other: BoundingBox) -> float:
        """Intersection over union, 0..1."""
        shared = self.intersection_area(other)
        return shared / (self.area + other.area - shared) if shared else 0.0

    def covered_by(self, other: BoundingBox) -> float:
        """Share of this box that lies in the other, 0..1."""
        return self.intersection_area(other) / self.area if self.area else 0.0

    def union(self, other: BoundingBox) -> BoundingBox:
        """The smallest box around both."""
        return BoundingBox(
            min(self.x_min, other.x_min),
            min(self.y_min, other.y_min),
            max(self.x_max, other.x_max),
            max(self.y_max, other.y_max),
        )


class Role(StrEnum):
    """What a thing means for the rules, whatever the model calls it."""

    PERSON = "person"
    GOODS = "goods"
    FURNITURE = "furniture"
    """Tables, chairs, racks, signs, A-boards."""
    STALL = "stall"
    CANOPY = "canopy"
    VEHICLE = "vehicle"
    ANIMAL = "animal"
    UNKNOWN_OBJECT = "unknown_object"
    """Something put down that no model could name."""


MOVERS = frozenset({Role.PERSON, Role.VEHICLE, Role.ANIMAL})
"""Roles that explain foreground away: they hide what stands behind them and are never put-down things."""


class DetectionSource(StrEnum):
    """Which eye saw it."""

    YOLO = "yolo"
    STATIC = "static"


class Certainty(StrEnum):
    """Whether a detection may count as presence. An uncertain one counts neither for nor against."""

    SURE = "sure"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Detection:
    """One thing in one picture.

    ``confidence`` is 0..1. ``standing_since`` is set by the static eye alone: when this thing was first seen
    standing unmoved in this place, which may be before the look that could first be sure of it.

    ``foot`` is empty where the thing stands on the lower edge of its box. Where it stands aslant, it is how far down (0..1 of the
    picture) the thing reaches in each of as many slices of equal width, from left to right.
    """

    label: str
    role: Role
    confidence: float
    box: BoundingBox
    source: DetectionSource
    certainty: Certainty = Certainty.SURE
    standing_since: datetime | None = None
    foot: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Observation:
    """One look without its pixels: all that the rules ever see, and all that the log keeps.

    ``gap`` is None where the look counts; then ``detections`` is the whole of what was seen. With a gap,
    ``detections`` is empty and means nothing.
    """

    camera_id: str
    captured_at: datetime
    media_time_s: float
    gap: GapReason | None
    detections: tuple[Detection, ...]
    zone_version: str
    model_version: str


# --- judging -----------------------------------------------------------------------------------------------


class ViolationKind(StrEnum):
    """The three violations."""

    BEYOND_SHOPFRONT = "beyond_shopfront"
    PAVEMENT_PILING = "pavement_piling"
    STREET_STALL = "street_stall"


class TargetKind(StrEnum):
    """Whose ground a violation stands on."""

    SHOP = "shop"
    AMBIGUOUS = "ambiguous"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Target:
    """One shop, several candidates among whom a person must choose, or a public place.

    ``shop_codes`` is sorted: one code for SHOP, two or more for AMBIGUOUS, none for PLACE.
    ``place`` is the place name of the zone (the zone's name where it has none).
    """

    kind: TargetKind
    shop_codes: tuple[str, ...]
    place: str


class Phase(StrEnum):
    """What happened to a violation at one look."""

    WARNED = "warned"
    OPENED = "opened"
    CHANGED = "changed"
    CLEARED = "cleared"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Violation:
    """One violation as known at one moment. A later snapshot with the same id replaces it.

    ``violation_id`` is derived from camera, kind, target and first sight, so the same footage judged by the
    same rules gives the same id. ``confirmed_at`` is when the dwell was reached (None while only warned).
    ``dwell_s`` is the time it was seen standing: gaps and occlusion add nothing. ``present_looks`` /
    ``observed_looks`` count looks that saw the place unhidden; ``hidden_looks`` those where somebody stood in
    front; ``gap_s`` is the unobserved time since first sight. ``things`` are the boxes that stand there now
    (at the last sight), ``box`` is the smallest box around all that ever belonged to it, ``peak_things`` the
    most that stood there at once and ``peak_at`` when that was.
    """

    violation_id: str
    kind: ViolationKind
    camera_id: str
    target: Target
    labels: tuple[str, ...]
    box: BoundingBox
    things: tuple[BoundingBox, ...]
    first_seen_at: datetime
    warned_at: datetime | None
    confirmed_at: datetime | None
    last_seen_at: datetime
    cleared_at: datetime | None
    dwell_s: float
    gap_s: float
    present_looks: int
    observed_looks: int
    hidden_looks: int
    peak_things: int
    peak_at: datetime
    zone_version: str
    rule_version: str


@dataclass(frozen=True, slots=True)
class ViolationEvent:
    """A step in the life of a violation, at the time of the look that caused it."""

    phase: Phase
    at: datetime
    violation: Violation


# --- proving -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file of a violation's evidence, as it lies on disk under the evidence folder.

    ``path`` is relative to the evidence folder, with forward slashes. ``what`` names its part
    ("first_seen_wide", "clip_confirmed_marked", ...). ``captured_at`` is the moment shown (a clip's first
    picture), None where the wall clock is unknown.
    """

    path: str
    sha256: str
    bytes: int
    captured_at: datetime | None
    media_time_s: float | None
    what: str


@dataclass(frozen=True, slots=True)
class RunInfo:
    """What judged: every version and hash that a result depends on."""

    run_id: str
    code_version: str
    model_sha256: str
    config_sha256: str
    zones_sha256: str
    rules_sha256: str
    started_at: datetime
