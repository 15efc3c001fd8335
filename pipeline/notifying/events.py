"""What a message is made of: what happened, where, and who is concerned. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.config import CameraSettings, NotifyEvent
from pipeline.shops import Tenancy
from pipeline.types import Violation


@dataclass(frozen=True, slots=True)
class Scene:
    """The camera that saw it, its time zone (that of its zone file), and the run that judged.

    ``clock_known`` False: the times of the events are no wall-clock times, and messages carry none.
    """

    camera: CameraSettings
    timezone: ZoneInfo
    run_id: str
    clock_known: bool = True


@dataclass(frozen=True, slots=True)
class CameraEvent:
    """A camera that fails (CAMERA_TROUBLE) or works again (CAMERA_WELL).

    ``at`` is when this was found, ``since`` when the trouble began (both the same whenever the event is told again).
    ``reason`` is one word: that of a gap ("frozen", "camera_moved"), or another. ``detail`` is one line for people.
    """

    event: NotifyEvent
    at: datetime
    since: datetime
    reason: str
    detail: str = ""

    def __post_init__(self) -> None:
        """Refuse the events of violations with ValueError."""
        if self.event not in (NotifyEvent.CAMERA_TROUBLE, NotifyEvent.CAMERA_WELL):
            raise ValueError(f"no event of a camera: {self.event.value}")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a body may say. One of ``violation`` and ``trouble`` is there. ``test`` marks made-up facts."""

    message_id: str
    event: NotifyEvent
    at: datetime
    scene: Scene
    violation: Violation | None = None
    tenants: Mapping[str, Tenancy] | None = None
    trouble: CameraEvent | None = None
    test: bool = False

    def time(self, moment: datetime | None) -> str | None:
        """ISO 8601 to the second with the offset of the camera's zone; None where there is no moment or no known clock."""
        if moment is None or not self.scene.clock_known:
            return None
        return moment.astimezone(self.scene.timezone).isoformat(timespec="seconds")

    def time_of_day(self, moment: datetime) -> str:
        """Such as 09:42, "" where the clock is unknown."""
        return moment.astimezone(self.scene.timezone).strftime("%H:%M") if self.scene.clock_known else ""

    @property
    def shops(self) -> tuple[tuple[str, str], ...]:
        """(shop code, name of its tenant or ""): one shop, or the candidates; none for a place."""
        if self.violation is None:
            return ()
        tenants = self.tenants or {}
        return tuple((code, tenants[code].name if code in tenants else "") for code in self.violation.target.shop_codes)
