"""When a permitted zone is in force: midnight, last nights, weekdays, daylight saving."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from pipeline.zones import OpenHours, Zone, ZoneKind

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NIGHTS = OpenHours(frozenset(range(7)), time(18), time(2))


def permitted(*hours: OpenHours, valid_from: date | None = None, valid_to: date | None = None) -> Zone:
    """A permitted zone."""
    return Zone("m", ZoneKind.PERMITTED, box(0, 0, 1, 1), hours=hours, valid_from=valid_from, valid_to=valid_to)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    """A local time as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "open_then"),
    [
        ("2026-06-01T17:59:59.999", False),
        ("2026-06-01T18:00", True),
        ("2026-06-01T23:59:59.999", True),
        ("2026-06-02T00:00", True),
        ("2026-06-02T01:59:59.999", True),
        ("2026-06-02T02:00", False),
    ],
)
def test_hours_over_midnight(moment: str, open_then: bool) -> None:
    assert permitted(NIGHTS).permits_at(at(moment), SHANGHAI) is open_then


def test_night_belongs_to_the_weekday_it_opens() -> None:
    saturday = permitted(OpenHours(frozenset({5}), time(18), time(2)))
    assert saturday.permits_at(at("2026-06-06T20:00"), SHANGHAI)
    assert saturday.permits_at(at("2026-06-07T01:00"), SHANGHAI)
    assert not saturday.permits_at(at("2026-06-06T01:00"), SHANGHAI)
    assert not saturday.permits_at(at("2026-06-07T20:00"), SHANGHAI)


def test_last_night_ends_when_it_closes_and_no_night_precedes_the_first_day() -> None:
    market = permitted(NIGHTS, valid_from=date(2026, 5, 1), valid_to=date(2026, 10, 7))
    assert not market.permits_at(at("2026-05-01T01:00"), SHANGHAI)
    assert market.permits_at(at("2026-05-01T18:00"), SHANGHAI)
    assert market.permits_at(at("2026-10-08T01:59"), SHANGHAI)
    assert not market.permits_at(at("2026-10-08T18:00"), SHANGHAI)


def test_without_hours_the_dates_are_local_days() -> None:
    market = permitted(valid_from=date(2026, 5, 1), valid_to=date(2026, 5, 1))
    assert market.permits_at(at("2026-05-01T00:00"), SHANGHAI)
    assert market.permits_at(at("2026-05-01T23:59:59"), SHANGHAI)
    assert not market.permits_at(at("2026-04-30T23:59:59"), SHANGHAI)
    assert not market.permits_at(at("2026-05-02T00:00"), SHANGHAI)


def test_whole_day_and_until_midnight() -> None:
    assert permitted(OpenHours(frozenset({0}), time(0), time(0))).permits_at(at("2026-06-01T12:00"), SHANGHAI)
    assert not permitted(OpenHours(frozenset({0}), time(0), time(0))).permits_at(at("2026-06-02T00:00"), SHANGHAI)
    evening = permitted(OpenHours(frozenset({0}), time(18), time(0)))
    assert evening.permits_at(at("2026-06-01T23:59"), SHANGHAI)
    assert not evening.permits_at(at("2026-06-02T00:00"), SHANGHAI)


def test_wall_clock_rules_when_the_clocks_change() -> None:
    # 2026-03-29 02:00 -> 03:00 and 2026-10-25 03:00 -> 02:00 in Berlin: 18 to 02 lasts 8 hours, and 9 hours.
    for opened, hours_open in ((datetime(2026, 3, 28, 17, tzinfo=UTC), 8), (datetime(2026, 10, 24, 16, tzinfo=UTC), 8)):
        minutes = [opened + timedelta(minutes=step) for step in range(-60, 720)]
        assert sum(permitted(NIGHTS).permits_at(minute, BERLIN) for minute in minutes) == hours_open * 60
    late = permitted(OpenHours(frozenset(range(7)), time(18), time(2, 30)))
    autumn = [datetime(2026, 10, 24, 16, tzinfo=UTC) + timedelta(minutes=step) for step in range(720)]
    assert sum(late.permits_at(minute, BERLIN) for minute in autumn) == 9 * 60, (
        "the hour 02:00-03:00 comes twice; its first half is open both times"
    )


hours_of_day = st.times().map(lambda clock: clock.replace(second=0, microsecond=0))


@given(
    opens=hours_of_day,
    closes=hours_of_day,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  hypothesis adds the zone
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe")]),
    first=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    length=st.none() | st.integers(0, 400),
)
def test_agrees_with_a_list_of_openings(  # a slow, plain statement of the same rule
    opens: time, closes: time, days: frozenset[int], moment: datetime, zone: ZoneInfo, first: date | None, length: int | None
) -> None:
    last = (first or date(2025, 1, 1)) + timedelta(days=length) if length is not None else None
    local = moment.astimezone(zone).replace(tzinfo=None)
    expected = False
    for back in (0, 1):
        day = local.date() - timedelta(days=back)
        begins = datetime.combine(day, opens)
        ends = datetime.combine(day if opens < closes else day + timedelta(days=1), closes)
        valid = (first is None or first <= day) and (last is None or day <= last)
        expected |= day.weekday() in days and valid and begins <= local < ends
    assert permitted(OpenHours(days, opens, closes), valid_from=first, valid_to=last).permits_at(moment, zone) is expected


@given(moment=st.datetimes(timezones=st.just(UTC)))
def test_without_restrictions_always(moment: datetime) -> None:
    if datetime(2, 1, 1, tzinfo=UTC) < moment < datetime(9998, 1, 1, tzinfo=UTC):
        assert permitted().permits_at(moment, SHANGHAI)
