"""What passes between the program and the processes that watch its streams. Pickled, over a socket that only the two of them have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.readers.live_stream import StreamCounts
from pipeline.readers.picture import PictureForm
from pipeline.readers.stream_ring import RecordedGroup
from pipeline.types import MissedLook
from pipeline.watching.camera_watch import Link

# --- from the program --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beat:
    """About once a second, and before anything else."""

    now: datetime
    """Steady time ..."""
    monotonic_s: float
    """... at this moment of the clock that all processes of a machine share."""
    stretch: float
    """By how much looks are further apart than asked for."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Begin to watch a stream."""

    stream: int
    """What the two call it."""
    camera: CameraSettings
    settings: DoorlineSettings
    start_at: datetime
    """Media time 0."""
    left: bool
    """Nobody may watch yet."""


@dataclass(frozen=True, slots=True)
class Leave:
    """Let go of a stream until Visit."""

    stream: int


@dataclass(frozen=True, slots=True)
class Visit:
    """Watch it again."""

    stream: int


@dataclass(frozen=True, slots=True)
class Stop:
    """Stop watching a stream; what is held of it stays."""

    stream: int


@dataclass(frozen=True, slots=True)
class Forget:
    """Let go of what is held of a stream that was stopped."""

    stream: int


@dataclass(frozen=True, slots=True)
class GroupsWanted:
    """What is held of this span, media times; answered by GroupsFound."""

    stream: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class KeyWanted:
    """The newest key frame alone; answered by GroupsFound."""

    stream: int


@dataclass(frozen=True, slots=True)
class MoreLooks:
    """So many cameras' looks more may be sent."""

    cameras: int
    freed: tuple[int, ...] = ()
    """Slots of pixels that may be filled again."""


@dataclass(frozen=True, slots=True)
class End:
    """Stop all and be gone."""


# --- to the program ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StreamState:
    """How a stream is doing."""

    link: Link
    counts: StreamCounts
    dropped: int
    """Pictures that nobody had time for."""
    ring_bytes: int
    ring_s: float
    ring_end_s: float | None
    """Media time of the last picture held."""


@dataclass(frozen=True, slots=True)
class SentFrame:
    """A picture."""

    captured_at: datetime
    media_time_s: float
    form: PictureForm
    bytes: int
    slot: int | None
    """Where its pixels are (shared_pixels.py); None: they are the message after this one."""


@dataclass(frozen=True, slots=True)
class SentLooks:
    """All looks of one stream that waited, in rising time; at most one is a picture."""

    stream: int
    looks: tuple[SentFrame | MissedLook, ...]
    state: StreamState


@dataclass(frozen=True, slots=True)
class States:
    """About once a second: all streams, and of how many something waits."""

    streams: tuple[tuple[int, StreamState], ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class GroupsFound:
    """The answer to GroupsWanted and KeyWanted."""

    groups: tuple[RecordedGroup, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A line for the log of the program."""

    logger: str
    level: int
    line: str
