"""What somebody wants of a live program, and what the edge hands in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pipeline.config import DoorlineSettings
from pipeline.live.status import LiveStatus
from pipeline.types import ViolationEvent


@dataclass(frozen=True, slots=True)
class LiveRequest:
    """What the user asked for. ``config_text``: as written, before ${NAME} is filled in."""

    settings: DoorlineSettings
    config_text: str
    command: str = ""


@dataclass(frozen=True, slots=True)
class LiveHooks:
    """What the edge hands in: clocks, fresh run ids, when to stop or reload, and who is told of what happens."""

    wall: Callable[[], datetime]
    monotonic: Callable[[], float]
    new_run_id: Callable[[], str]
    should_stop: Callable[[], bool]
    reload: Callable[[], LiveRequest | None] = field(default=lambda: None)
    """The configuration as it is now, once, where somebody asked to read it again; else None."""
    on_event: Callable[[ViolationEvent], None] = field(default=lambda event: None)
    on_line: Callable[[str], None] = field(default=lambda line: None)
    """What start-up found left over, and what became of a reload, one line each."""
    on_status: Callable[[LiveStatus], None] = field(default=lambda status: None)
    """Told about once a second."""
