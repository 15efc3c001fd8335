"""What is allowed when and for whom, and whose dwell holds."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from pipeline.config import DwellOverride, RuleSettings, Suspension
from pipeline.errors import ConfigError
from pipeline.shops import ShopRegistry, Tenancy
from pipeline.types import Phase, TargetKind, ViolationKind
from pipeline.zones import OpenHours, Zone, ZoneKind

from .street import SHORT, T0, bag, box, engine, looks, opened, rectangle, run, shop_list, steps, street, thing

LONG = (0.0, 2000.0)
CRATE = box(0.3, 0.55)
KERB = box(0.3, 0.9)
WEEK = frozenset(range(7))


def rules(**more: object) -> RuleSettings:
    return SHORT.model_copy(update=more)


def permit(x1: float, y1: float, x2: float, y2: float, **more: object) -> Zone:
    return rectangle("night-market", ZoneKind.PERMITTED, x1, y1, x2, y2, place="market", **more)


def local(hour: int, minute: int = 0) -> time:
    return time(hour, minute)


def test_permitted_always() -> None:
    zones = street(permit(0.1, 0.4, 0.9, 1.0))
    assert run(engine(zones), looks([thing(CRATE, LONG), bag(KERB, LONG)], 200)) == []


def test_dwell_starts_when_the_permit_ends() -> None:
    # T0 is 10:00 local; the permit ends at 10:01.
    zones = street(permit(0.1, 0.4, 0.9, 1.0, hours=(OpenHours(WEEK, local(8), local(10, 1)),)))
    events = run(engine(zones), looks([thing(CRATE, LONG), bag(KERB, LONG, since=0)], 150))
    assert steps(events) == [("warned", 90), ("warned", 90), ("opened", 120), ("opened", 120)]
    assert {event.violation.first_seen_at for event in events} == {T0 + timedelta(seconds=60)}


def test_permit_that_begins_clears() -> None:
    zones = street(permit(0.1, 0.4, 0.9, 1.0, hours=(OpenHours(WEEK, local(10, 1), local(12)),)))
    events = run(engine(zones), looks([thing(CRATE, LONG)], 200))
    assert steps(events) == [("warned", 30), ("cleared", 75)]


def test_permit_of_another_weekday_or_date_is_none() -> None:
    other_day = street(permit(0.1, 0.4, 0.9, 1.0, hours=(OpenHours(frozenset({2}), local(0), local(23)),)))
    expired = street(permit(0.1, 0.4, 0.9, 1.0, valid_to=date(2024, 5, 5)))
    valid = street(permit(0.1, 0.4, 0.9, 1.0, valid_to=date(2024, 5, 6)))
    for zones, expected in ((other_day, 1), (expired, 1), (valid, 0)):
        assert len(opened(run(engine(zones), looks([thing(CRATE, LONG)], 100)))) == expected


def test_permit_for_one_shop_frees_that_shop_alone() -> None:
    zones = street(permit(0.1, 0.4, 0.9, 0.7, shop_codes=("B",)))
    (event,) = opened(run(engine(zones), looks([thing(CRATE, LONG), thing(box(0.7, 0.55), LONG)], 100)))
    assert event.violation.target.shop_codes == ("A",)


def test_permit_for_one_shop_on_public_ground_frees_what_stands_there() -> None:
    zones = street(permit(0.0, 0.7, 0.5, 1.0, shop_codes=("B",)))
    (event,) = opened(run(engine(zones), looks([bag(KERB, LONG), bag(box(0.7, 0.9), LONG)], 100)))
    assert event.violation.box == box(0.7, 0.9)


def test_permitted_ground_outside_its_hours_is_watched_even_where_no_other_zone_lies() -> None:
    zones = street(permit(0.1, 0.4, 0.9, 1.0, hours=(OpenHours(WEEK, local(18), local(22)),)), zones=())
    (event,) = opened(run(engine(zones), looks([bag(KERB, LONG)], 100)))
    assert (event.violation.target.kind, event.violation.target.place) == (TargetKind.PLACE, "market")


def test_half_permitted_counts_by_what_is_not() -> None:
    zones = street(permit(0.1, 0.4, 0.3, 0.7))
    out = box(0.31, 0.55)
    inside = box(0.28, 0.55)
    assert len(opened(run(engine(zones), looks([thing(out, LONG)], 100)))) == 1
    assert opened(run(engine(zones), looks([thing(inside, LONG)], 100))) == []


def test_shopfront_is_the_shops_own_even_under_a_permit_that_ended() -> None:
    zones = street(permit(0.1, 0.1, 0.9, 1.0, hours=(OpenHours(WEEK, local(18), local(22)),)))
    assert run(engine(zones), looks([thing(box(0.3, 0.35), LONG)], 100)) == []


@pytest.mark.parametrize(
    ("suspension", "freed"),
    [
        ({}, {"crate", "bag"}),
        ({"kinds": (ViolationKind.BEYOND_SHOPFRONT,)}, {"crate"}),
        ({"kinds": (ViolationKind.PAVEMENT_PILING,)}, {"bag"}),
        ({"shop_codes": ("A",)}, {"crate"}),
        ({"shop_codes": ("B",)}, set()),
        ({"streets": ("South Street",)}, {"crate"}),
        ({"streets": ("North Street",)}, {"bag"}),
        ({"streets": ("South Street",), "kinds": (ViolationKind.STREET_STALL,)}, set()),
    ],
)
def test_suspension_frees_whom_it_names(suspension: dict[str, object], freed: set[str]) -> None:
    item = Suspension(since=T0 - timedelta(days=1), until=T0 + timedelta(days=1), reason="typhoon", **suspension)  # type: ignore[arg-type]
    scene = looks([thing(CRATE, LONG), bag(KERB, LONG)], 100)
    events = opened(run(engine(settings=rules(suspensions=(item,)), shops=shop_list(A="A", B="B")), scene))
    names = {"crate" if event.violation.target.shop_codes else "bag" for event in events}
    assert names == {"crate", "bag"} - freed


def test_one_suspended_candidate_frees_the_ambiguous() -> None:
    item = Suspension(since=T0, until=T0 + timedelta(days=1), reason="permit 17", shop_codes=("B",))
    scene = looks([thing(box(0.5, 0.6, 0.1, 0.1), LONG)], 100)
    assert run(engine(settings=rules(suspensions=(item,))), scene) == []


def test_dwell_starts_when_the_suspension_ends() -> None:
    for more in ({}, {"kinds": (ViolationKind.PAVEMENT_PILING,)}):
        item = Suspension(since=T0 - timedelta(days=1), until=T0 + timedelta(seconds=40), reason="typhoon", **more)
        events = run(engine(settings=rules(suspensions=(item,))), looks([bag(KERB, LONG, since=0)], 150))
        assert steps(events) == [("warned", 70), ("opened", 100)]


def test_outside_enforcement_hours_nothing_is_a_violation() -> None:
    until_ten = rules(enforcement_hours=((local(6), local(10)),))
    over_midnight = rules(enforcement_hours=((local(22), local(11)),))
    from_then = rules(enforcement_hours=((local(8), local(9)), (local(10, 1), local(20))))
    scene = looks([thing(CRATE, LONG)], 150)
    assert run(engine(settings=until_ten), scene) == []
    assert steps(run(engine(settings=over_midnight), scene)) == [("warned", 30), ("opened", 60)]
    assert steps(run(engine(settings=from_then), scene)) == [("warned", 90), ("opened", 120)]


def test_end_of_enforcement_hours_clears() -> None:
    until = rules(enforcement_hours=((local(6), local(10, 2)),))
    assert steps(run(engine(settings=until), looks([thing(CRATE, LONG)], 200))) == [("warned", 30), ("opened", 60), ("cleared", 135)]


def test_overrides_hold_where_all_their_conditions_hold_and_later_ones_win() -> None:
    overrides = (
        DwellOverride(grade="A", warn_after_s=40, candidate_after_s=90),
        DwellOverride(kind=ViolationKind.PAVEMENT_PILING, candidate_after_s=40),
        DwellOverride(street="South Street", hours=(local(10), local(11)), candidate_after_s=80),
        DwellOverride(street="East Street", candidate_after_s=31),
        DwellOverride(hours=(local(20), local(6)), candidate_after_s=31),
    )
    scene = looks([thing(CRATE, LONG), thing(box(0.7, 0.55), LONG), bag(KERB, LONG)], 150)
    events = run(engine(settings=rules(overrides=overrides), shops=shop_list(A="A", B="B")), scene)
    at = {(event.violation.target.shop_codes, event.phase): (event.at - T0).total_seconds() for event in events}
    assert at[("A",), Phase.WARNED] == 40
    assert at[("A",), Phase.OPENED] == 80
    assert (at[("B",), Phase.WARNED], at[("B",), Phase.OPENED]) == (30, 80)
    assert (at[(), Phase.WARNED], at[(), Phase.OPENED]) == (30, 40)


def test_override_for_cameras_holds_for_what_they_see_alone() -> None:
    scene = looks([thing(CRATE, LONG)], 100)
    for cameras, expected in (((), 40), (("cam-1",), 40), (("cam-0", "cam-1"), 40), (("cam-2",), 60)):
        settings = rules(overrides=(DwellOverride(cameras=cameras, candidate_after_s=40),))
        assert steps(run(engine(settings=settings), scene)) == [("warned", 30), ("opened", expected)]


def test_a_toured_camera_adds_up_the_dwell_of_its_visits_where_its_longest_gap_allows_it() -> None:
    # Twenty seconds every two minutes; between the visits nobody looks.
    visits = [look for look in looks([thing(CRATE, LONG)], 600) if look.media_time_s % 120 <= 20]
    toured = rules(overrides=(DwellOverride(cameras=("cam-1",), longest_gap_s=120),))
    watched = rules(overrides=(DwellOverride(cameras=("cam-2",), longest_gap_s=120),))
    assert run(engine(settings=watched), visits) == []
    events = run(engine(settings=toured), visits)
    assert steps(events) == [("warned", 130), ("opened", 260)]
    (event,) = opened(events)
    assert (event.violation.dwell_s, event.violation.gap_s) == (60, 200)
    assert event.violation.first_seen_at == T0


def test_grade_is_that_of_the_tenant_at_the_time() -> None:
    def tenant(grade: str, since: date | None, until: date | None) -> Tenancy:
        return Tenancy("A", grade, "", "", "", "", grade, "", since, until)

    shops = ShopRegistry({"A": (tenant("A", None, date(2024, 5, 5)), tenant("C", date(2024, 5, 6), None))})
    settings = rules(overrides=(DwellOverride(grade="C", candidate_after_s=40),))
    scene = looks([thing(CRATE, LONG)], 100)
    assert steps(run(engine(settings=settings, shops=shops), scene)) == [("warned", 30), ("opened", 40)]
    # Without a known day nobody can say which tenant it was: the override does not hold.
    assert steps(run(engine(settings=settings, shops=shops, clock_known=False), scene)) == [("warned", 30), ("opened", 60)]


def test_override_below_the_warning_pulls_the_warning_along() -> None:
    settings = rules(overrides=(DwellOverride(candidate_after_s=20),))
    assert steps(run(engine(settings=settings), looks([thing(CRATE, LONG)], 60))) == [("warned", 20), ("opened", 20)]


def test_unknown_clock_is_refused_where_hours_matter() -> None:
    hours = street(permit(0.1, 0.4, 0.9, 1.0, hours=(OpenHours(WEEK, local(8), local(9)),)))
    with pytest.raises(ConfigError, match="--start"):
        engine(hours, clock_known=False)
    with pytest.raises(ConfigError, match="--start"):
        engine(settings=rules(enforcement_hours=((local(6), local(22)),)), clock_known=False)
    assert len(opened(run(engine(clock_known=False), looks([thing(CRATE, LONG)], 100)))) == 1
