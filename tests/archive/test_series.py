"""Which recordings are judged as one timeline."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.archive.recordings import Recording, within
from pipeline.archive.series import series_of
from pipeline.config import CameraSettings
from pipeline.types import UNKNOWN_EPOCH, ClockSource, SourceClock

EAST = CameraSettings(id="CAM01", zones=Path("cam01.geojson"))
WEST = CameraSettings(id="CAM02", zones=Path("cam02.geojson"))
T0 = datetime(2024, 1, 31, 1, 0, tzinfo=UTC)
HOUR = 3600.0


def recording(name: str, start_s: float, duration_s: float | None, camera: CameraSettings = EAST, **more: object) -> Recording:
    clock = SourceClock(T0 + timedelta(seconds=start_s), ClockSource.FILE_NAME)
    return Recording(name, camera, clock, duration_s, 1000, name, **more)  # type: ignore[arg-type]  # values of tests


def names(found: object) -> list[list[str]]:
    return [[each.uri for each in series.recordings] for series in found]  # type: ignore[attr-defined]


def test_hours_that_follow_each_other_are_one_series_whatever_their_order() -> None:
    hours = [recording(f"{number}.mp4", number * HOUR, HOUR) for number in (2, 0, 1)]
    series, covered = series_of(hours, apart_s=6 * HOUR)
    assert names(series) == [["0.mp4", "1.mp4", "2.mp4"]]
    assert series[0].notes == ()
    assert covered == ()


def test_each_camera_has_its_own() -> None:
    series, _ = series_of([recording("b", 0, 60, WEST), recording("a", 0, 60), recording("c", 60, 60)], apart_s=HOUR)
    assert names(series) == [["a", "c"], ["b"]]


def test_after_a_long_hole_looking_begins_anew_and_a_short_one_is_told() -> None:
    series, _ = series_of([recording("a", 0, 60), recording("b", 600, 60), recording("c", 9 * HOUR, 60)], apart_s=6 * HOUR)
    assert names(series) == [["a", "b"], ["c"]]
    assert series[0].notes == (("b", "no recording for 9 min before it: that time is a gap"),)


def test_a_second_recording_of_the_same_time_needs_no_look_and_one_that_goes_on_does() -> None:
    whole, twice, longer, after = (
        recording("whole", 0, HOUR),
        recording("twice", 600, 60),
        recording("longer", HOUR - 10, HOUR),
        recording("after", 2 * HOUR - 10, 1.0),
    )
    series, covered = series_of([twice, longer, whole, after], apart_s=HOUR)
    assert names(series) == [["whole", "longer", "after"]]
    assert [(each.recording.uri, each.by.uri) for each in covered] == [("twice", "whole")]


def test_neighbours_whose_times_disagree_are_told() -> None:
    series, _ = series_of([recording("a", 0, HOUR), recording("b", HOUR / 4, HOUR)], apart_s=HOUR)
    ((uri, note),) = series[0].notes
    assert uri == "b"
    assert note.startswith("begins 45 min before a ends")
    assert "may be wrong" in note


def test_footage_without_a_clock_and_with_a_given_one_stands_alone() -> None:
    unknown = [Recording(name, EAST, SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN), 60, 1, name) for name in ("u1", "u2")]
    given_start = [Recording(name, EAST, SourceClock(T0, ClockSource.GIVEN), 60, 1, name) for name in ("g1", "g2")]
    series, covered = series_of([*unknown, *given_start], apart_s=HOUR)
    assert names(series) == [["u1"], ["u2"], ["g1"], ["g2"]]
    assert covered == ()


def test_one_that_claims_no_length_is_followed_by_the_next() -> None:
    series, _ = series_of([recording("a", 0, None), recording("b", 600, 60)], apart_s=HOUR)
    assert names(series) == [["a", "b"]]


def test_of_a_span_only_what_shows_it_is_wanted() -> None:
    hours = [recording(f"{number}", number * HOUR, HOUR) for number in range(4)]
    since, until = T0 + timedelta(hours=1, minutes=30), T0 + timedelta(hours=2, minutes=15)
    kept = within(hours, since, until)
    assert [(each.uri, each.from_s, each.until_s) for each in kept] == [("1", 1800.0, None), ("2", 0.0, 900.0)]
    assert [each.wanted_s for each in kept] == [1800.0, 900.0]
    assert within(hours, None, None) == tuple(hours)
    nobody_knows = Recording("u", EAST, SourceClock(UNKNOWN_EPOCH, ClockSource.UNKNOWN), 60, 1, "u")
    assert within([nobody_knows], since, None) == ()


def test_the_content_of_a_series_changes_with_all_that_is_looked_at() -> None:
    def content(*recordings: Recording) -> str:
        ((series,), _) = series_of(recordings, apart_s=HOUR)
        return series.content_of(len(series.recordings))

    known = {
        content(recording("a", 0, 60)),
        content(recording("a", 1, 60)),
        content(recording("a", 0, 60, WEST)),
        content(recording("a", 0, 60, from_s=5.0)),
        content(recording("a", 0, 60), recording("b", 60, 60)),
    }
    assert len(known) == 5
    assert content(recording("a", 0, 60)) in known


@given(st.lists(st.tuples(st.integers(0, 20_000), st.integers(1, 4_000)), min_size=1, max_size=30), st.integers(1, 8_000))
def test_series_hold_each_recording_once_in_rising_time_and_are_apart(spans: list[tuple[int, int]], apart_s: int) -> None:
    recordings = [recording(f"{number}", start, length) for number, (start, length) in enumerate(spans)]
    series, covered = series_of(recordings, apart_s=apart_s)
    placed = [each.uri for series in series for each in series.recordings]
    assert sorted([*placed, *(each.recording.uri for each in covered)]) == sorted(each.uri for each in recordings)
    ends = [max(each.end_at or each.start_at for each in series.recordings) for series in series]
    for each_series in series:
        starts = [each.start_at for each in each_series.recordings]
        assert starts == sorted(starts)
    for end, after in zip(ends, series[1:], strict=False):
        assert (after.first.start_at - end).total_seconds() > apart_s
    for each in covered:
        assert each.by.start_at <= each.recording.start_at
        assert each.recording.end_at is not None
        assert each.by.end_at is not None
        assert each.recording.end_at <= each.by.end_at + timedelta(seconds=2)
