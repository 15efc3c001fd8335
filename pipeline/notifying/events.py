"""What a message is made of: what happened, where, and who is concerned. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pipeline.cases import CaseState
from pipeline.config import CASE_EVENTS, CameraSettings, NotifyEvent
from pipeline.shops import Tenancy
from pipeline.types import TargetKind, Violation, ViolationKind


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
class CaseEvent:
    """What people have decided of a violation, or a deadline that has passed: as much of it as anybody outside the console may know.

    ``number`` is that of the step, or of the one that set the deadline; ``at`` when it was taken, or the deadline. ``state`` is where the
    case is. ``shops`` are (shop code, name of its tenant or ""): one, once that was decided; none for a place. ``for_owner``: whether it
    is for the one whose ground it is. ``url`` is the address of its page, "" where nobody knows it.
    """

    event: NotifyEvent
    at: datetime
    number: int
    violation_id: str
    state: CaseState
    kind: ViolationKind
    target: TargetKind
    shops: tuple[tuple[str, str], ...]
    place: str
    street: str
    squad: str
    deadline: datetime | None
    first_seen_at: datetime | None
    for_owner: bool
    url: str = ""

    def __post_init__(self) -> None:
        """Refuse the events of violations and cameras with ValueError."""
        if self.event not in CASE_EVENTS:
            raise ValueError(f"no event of a case: {self.event.value}")


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a body may say. One of ``violation``, ``trouble`` and ``case`` is there. ``test`` marks made-up facts."""

    message_id: str
    event: NotifyEvent
    at: datetime
    scene: Scene
    violation: Violation | None = None
    tenants: Mapping[str, Tenancy] | None = None
    trouble: CameraEvent | None = None
    case: CaseEvent | None = None
    test: bool = False

    def time(self, moment: datetime | None) -> str | None:
        """ISO 8601 to the second with the offset of the camera's zone; None where there is no moment or no known clock."""
        if moment is None or not self.scene.clock_known:
            return None
        return moment.astimezone(self.scene.timezone).isoformat(timespec="seconds")

    def time_of_day(self, moment: datetime) -> str:
        """Such as 09:42, "" where the clock is unknown."""
        return moment.astimezone(self.scene.timezone).strftime("%H:%M") if self.scene.clock_known else ""

    def day_and_time(self, moment: datetime) -> str:
        """Such as 2月1日09:42."""
        local = moment.astimezone(self.scene.timezone)
        return f"{local.month}月{local.day}日{local:%H:%M}"

    @property
    def shops(self) -> tuple[tuple[str, str], ...]:
        """(shop code, name of its tenant or ""): one shop, or the candidates; none for a place."""
        if self.case is not None:
            return self.case.shops
        if self.violation is None:
            return ()
        tenants = self.tenants or {}
        return tuple((code, tenants[code].name if code in tenants else "") for code in self.violation.target.shop_codes)
