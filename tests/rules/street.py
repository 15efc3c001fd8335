"""A made-up street for the tests: its zones, things that come and go, and looks at any rate.

The picture is 16:9. Shops A (left) and B (right) have their shopfronts at the top, frontages below them, and the
public pavement runs along the bottom.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import shapely

from pipeline.config import CameraSettings, DwellSettings, RuleSettings
from pipeline.rules import RuleEngine
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.types import BoundingBox, Certainty, Detection, DetectionSource, GapReason, Observation, Phase, Role, ViolationEvent
from pipeline.zones import CameraZones, Zone, ZoneKind

T0 = datetime(2024, 5, 6, 2, 0, tzinfo=UTC)
"""A Monday, 10:00 in Shanghai."""

SHANGHAI = ZoneInfo("Asia/Shanghai")
CAMERA = CameraSettings(id="cam-1", zones=Path("zones/cam-1.geojson"), street="North Street", place="North Street 1-9")
SHORT = RuleSettings(
    dwell=DwellSettings(
        warn_after_s=30, candidate_after_s=60, clear_span_s=15, clear_looks=3, longest_gap_s=20, reopen_within_s=120, loading_grace_s=60
    )
)


def rectangle(zone_id: str, kind: ZoneKind, x1: float, y1: float, x2: float, y2: float, **more: object) -> Zone:
    """A rectangular zone."""
    return Zone(zone_id, kind, shapely.box(x1, y1, x2, y2), **more)  # type: ignore[arg-type]  # fields by name


STREET = (
    rectangle("front-a", ZoneKind.SHOPFRONT, 0.1, 0.1, 0.5, 0.4, shop_code="A"),
    rectangle("front-b", ZoneKind.SHOPFRONT, 0.5, 0.1, 0.9, 0.4, shop_code="B"),
    rectangle("pavement-a", ZoneKind.FRONTAGE, 0.1, 0.4, 0.5, 0.7, shop_code="A", place="before A"),
    rectangle("pavement-b", ZoneKind.FRONTAGE, 0.5, 0.4, 0.9, 0.7, shop_code="B", place="before B"),
    rectangle("kerb", ZoneKind.PUBLIC, 0.0, 0.7, 1.0, 1.0, place="North kerb"),
)


def street(*more: Zone, zones: Sequence[Zone] = STREET) -> CameraZones:
    """The street with further zones."""
    return CameraZones("cam-1", "v1-abc", "tester", date(2024, 1, 1), "test", None, 16 / 9, (*zones, *more), SHANGHAI)


def shop_list(**grades: str) -> ShopRegistry:
    """One tenant per code, with that grade."""
    return ShopRegistry(
        {
            code: (Tenancy(code, f"Shop {code}", "", "South Street", "squad 1", "food", grade, "", None, None),)
            for code, grade in grades.items()
        }
    )


def box(x: float, y: float, width: float = 0.06, height: float = 0.1) -> BoundingBox:
    """A box by the middle of its lower edge."""
    return BoundingBox(x - width / 2, y - height, x + width / 2, y)


@dataclass(frozen=True)
class Actor:
    """Something that is in one place during some spans (seconds from T0, [from, to))."""

    box: BoundingBox
    spans: tuple[tuple[float, float], ...]
    label: str = "crate"
    role: Role = Role.GOODS
    source: DetectionSource = DetectionSource.YOLO
    certainty: Certainty = Certainty.SURE
    standing_since_s: float | None = None
    box_at: Callable[[float], BoundingBox] | None = field(default=None, compare=False)
    """Where it is at a time, for what moves."""
    foot: tuple[float, ...] = ()

    def seen(self, at_s: float) -> Detection | None:
        """Its detection at a time."""
        if not any(start <= at_s < end for start, end in self.spans):
            return None
        since = None if self.standing_since_s is None else T0 + timedelta(seconds=self.standing_since_s)
        here = self.box_at(at_s) if self.box_at else self.box
        return Detection(self.label, self.role, 0.9, here, self.source, self.certainty, since, self.foot)


def thing(where: BoundingBox, *spans: tuple[float, float], label: str = "crate", role: Role = Role.GOODS) -> Actor:
    """A thing that YOLO names."""
    return Actor(where, spans, label, role)


def bag(where: BoundingBox, *spans: tuple[float, float], since: float | None = None) -> Actor:
    """Something put down that nobody could name."""
    return Actor(where, spans, "unknown_object", Role.UNKNOWN_OBJECT, DetectionSource.STATIC, standing_since_s=since)


def person(where: BoundingBox, *spans: tuple[float, float]) -> Actor:
    """A person who stands still."""
    return Actor(where, spans, "person", Role.PERSON)


def car(where: BoundingBox, *spans: tuple[float, float]) -> Actor:
    """A vehicle that stands still."""
    return Actor(where, spans, "car", Role.VEHICLE)


def looks(
    actors: Sequence[Actor], until_s: float, *, every_s: float = 1.0, gaps: Sequence[tuple[float, float]] = (), start: datetime = T0
) -> list[Observation]:
    """What a camera sees of the actors; looks in ``gaps`` fail."""
    found = []
    for number in range(int(until_s / every_s) + 1):
        at_s = number * every_s
        failed = any(first <= at_s < last for first, last in gaps)
        seen = () if failed else tuple(item for actor in actors if (item := actor.seen(at_s)) is not None)
        reason = GapReason.GREY if failed else None
        found.append(Observation("cam-1", start + timedelta(seconds=at_s), at_s, reason, seen, "v1-abc", "model-1"))
    return found


def engine(
    zones: CameraZones | None = None, settings: RuleSettings = SHORT, shops: ShopRegistry | None = None, **more: object
) -> RuleEngine:
    """An engine for the street with the short profile."""
    arguments: dict[str, object] = {"clock_known": True} | more
    return RuleEngine(CAMERA, zones or street(), shops, settings, **arguments)  # type: ignore[arg-type]  # keywords by name


def run(rule: RuleEngine, observations: Sequence[Observation]) -> list[ViolationEvent]:
    """All events up to the last look, without the last word."""
    return [event for observation in observations for event in rule.update(observation)]


def judged(actors: Sequence[Actor], until_s: float, **more: object) -> list[ViolationEvent]:
    """All events of a scene on the plain street."""
    return run(engine(), looks(actors, until_s, **more))  # type: ignore[arg-type]  # keywords by name


def steps(events: Sequence[ViolationEvent]) -> list[tuple[str, float]]:
    """Phases with their seconds from T0."""
    return [(event.phase.value, (event.at - T0).total_seconds()) for event in events]


def opened(events: Sequence[ViolationEvent]) -> list[ViolationEvent]:
    """The opening events alone."""
    return [event for event in events if event.phase is Phase.OPENED]
