"""A violation is handed out once, when it is over."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from pipeline.settling import Settling
from pipeline.types import BoundingBox, Phase, Target, TargetKind, Violation, ViolationEvent, ViolationKind

START = datetime(2024, 1, 31, 1, 42, 17, tzinfo=UTC)
BOX = BoundingBox(0.1, 0.1, 0.2, 0.2)


def seconds(count: float) -> datetime:
    return START + timedelta(seconds=count)


def violation(name: str, first: float, confirmed: float | None, cleared: float | None) -> Violation:
    return Violation(
        violation_id=name,
        kind=ViolationKind.PAVEMENT_PILING,
        camera_id="cam",
        target=Target(TargetKind.PLACE, (), "corner"),
        labels=("carton",),
        box=BOX,
        things=(BOX,),
        first_seen_at=seconds(first),
        warned_at=seconds(first + 1),
        confirmed_at=None if confirmed is None else seconds(confirmed),
        last_seen_at=seconds(first + 2),
        cleared_at=None if cleared is None else seconds(cleared),
        dwell_s=2.0,
        gap_s=0.0,
        present_looks=2,
        observed_looks=2,
        hidden_looks=0,
        peak_things=1,
        peak_at=seconds(first),
        zone_version="z",
        rule_version="r",
    )


def event(phase: Phase, at: float, snapshot: Violation) -> ViolationEvent:
    return ViolationEvent(phase, seconds(at), snapshot)


def test_a_cleared_violation_waits_until_it_can_no_longer_reopen() -> None:
    held = Settling()
    opened, cleared = violation("a", 0, 10, None), violation("a", 0, 10, 50)
    held.add([event(Phase.OPENED, 10, opened), event(Phase.CLEARED, 50, cleared)])
    assert held.take_settled({"a", "b"}) == ()
    (over,) = held.take_settled({"b"})
    assert over.violation == cleared
    assert [step.phase for step in over.events] == [Phase.OPENED, Phase.CLEARED]
    assert held.take_settled(()) == ()


def test_one_that_comes_back_goes_on() -> None:
    held = Settling()
    held.add([event(Phase.CLEARED, 50, violation("a", 0, 10, 50))])
    held.add([event(Phase.REOPENED, 60, replace(violation("a", 0, 10, None)))])
    assert held.take_settled({"a"}) == ()
    (over,) = held.take_all()
    assert over.violation.cleared_at is None


def test_a_warning_is_no_record() -> None:
    held = Settling()
    held.add([event(Phase.WARNED, 5, violation("a", 0, None, None)), event(Phase.WARNED, 5, violation("b", 0, None, 20))])
    assert held.confirmed == 0
    assert held.take_settled({"a"}) == ()
    assert [held.get("a") is None, held.get("b") is None] == [False, True]
    assert held.take_all() == ()


def test_the_oldest_comes_first() -> None:
    held = Settling()
    held.add(event(Phase.OPENED, 20, violation(name, first, 20, None)) for name, first in (("z", 3), ("b", 5), ("a", 5)))
    assert held.confirmed == 3
    assert [over.violation.violation_id for over in held.take_all()] == ["z", "a", "b"]
