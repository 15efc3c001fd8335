"""Time: what streams say of it, what machines do to it, and when to try again."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import RecordError
from pipeline.live.steady_clock import SteadyClock
from pipeline.live.timeline_file import timeline_start
from pipeline.readers.stream_clock import StreamClock
from pipeline.watching.backoff import Backoff

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


# --- the clock of a stream ---------------------------------------------------------------------------------------


def times(clock: StreamClock, stamps: list[float], arrivals: list[float]) -> list[float]:
    """Time on the receiver's timeline of each packet, as it is known when it arrives."""
    found = []
    for stamp, arrived in zip(stamps, arrivals, strict=True):
        clock.note(stamp, arrived)
        found.append(stamp + clock.offset_s)
    return found


def test_before_the_first_packet_nothing_is_added() -> None:
    assert (StreamClock().offset_s, StreamClock().jumps) == (0.0, 0)


@given(st.lists(st.floats(0, 1.5), min_size=60, max_size=200), st.floats(-1e5, 1e5), st.sampled_from([0.04, 0.2, 1.0]))
def test_stamps_keep_their_pace_however_late_packets_come(late: list[float], first_s: float, step_s: float) -> None:
    """Packets of one line don't overtake each other; from a punctual one on, the pace is even and none is placed late."""
    late[0] = 0.0
    clock = StreamClock()
    stamps = [first_s + step_s * number for number in range(len(late))]
    arrivals: list[float] = []
    for number, held_up_s in enumerate(late):
        arrivals.append(max(1000 + step_s * number + held_up_s, arrivals[-1] if arrivals else 0.0))
    placed = times(clock, stamps, arrivals)
    window = max(1, round(17 / step_s))  # what comes late by then has arrived before the delay is measured anew
    steps = [later - earlier for earlier, later in pairwise(placed[:window])]
    assert steps == pytest.approx([step_s] * len(steps), abs=1e-6)
    assert all(time_s <= arrived + 1e-6 for time_s, arrived in zip(placed, arrivals, strict=True))
    assert clock.jumps == 0


def test_a_burst_at_the_beginning_is_what_a_gateway_kept() -> None:
    """Four seconds handed out at once, then real time: from the last one of the burst on, pictures lie where they belong."""
    stamps = [0.1 * number for number in range(80)]
    arrivals = [max(10.0, 6.0 + stamp) for stamp in stamps]
    clock = StreamClock()
    placed = times(clock, stamps, arrivals)
    assert placed[40:] == pytest.approx([6.0 + stamp for stamp in stamps[40:]])
    assert clock.offset_s == pytest.approx(6.0)
    assert clock.jumps == 0


@pytest.mark.parametrize("hours", [8, -8])
def test_a_camera_that_sets_its_clock_goes_on_where_it_was(hours: int) -> None:
    clock = StreamClock()
    before = times(clock, [0.2 * number for number in range(50)], [100 + 0.2 * number for number in range(50)])
    set_s = [hours * 3600 + 0.2 * number for number in range(50, 100)]
    after = times(clock, set_s, [100 + 0.2 * number for number in range(50, 100)])
    assert clock.jumps == 1
    steps = [later - earlier for earlier, later in pairwise(before + after)]
    assert steps == pytest.approx([0.2] * len(steps))


@pytest.mark.parametrize("drift", [2e-4, -2e-4])
def test_a_clock_that_drifts_is_followed(drift: float) -> None:
    """Seventeen seconds a day, over three hours: never off by more than what it drifts within the window."""
    clock = StreamClock()
    worst_s = 0.0
    for number in range(3 * 3600):
        clock.note(number * (1 + drift), float(number))
        worst_s = max(worst_s, abs(number * (1 + drift) + clock.offset_s - number))
    assert worst_s < 0.05
    assert clock.jumps == 0


def test_a_line_that_hangs_makes_late_pictures_not_late_times() -> None:
    """Three seconds in which nothing came, then all of it at once: nothing was taken later for that."""
    stamps = [0.2 * number for number in range(100)]
    arrivals = [stamp if not 8 <= stamp < 11 else 11.0 for stamp in stamps]
    placed = times(StreamClock(), stamps, arrivals)
    assert placed == pytest.approx(stamps)


# --- the clock of the machine ------------------------------------------------------------------------------------


class Machine:
    """A machine whose clocks a test moves: ``wall`` may be set, ``monotonic`` runs on."""

    def __init__(self) -> None:
        self.now_s = 1000.0
        self.off_s = 0.0

    def monotonic(self) -> float:
        return self.now_s

    def wall(self) -> datetime:
        return T0 + timedelta(seconds=self.now_s - 1000.0 + self.off_s)


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(-1e6, 1e6)), max_size=50))
def test_time_neither_jumps_nor_stands_whatever_is_done_to_the_clock(steps: list[tuple[float, float]]) -> None:
    machine = Machine()
    clock = SteadyClock(machine.wall, machine.monotonic)
    before = clock.now()
    for passed_s, set_by_s in steps:
        machine.now_s += passed_s
        machine.off_s += set_by_s
        now = clock.now()
        assert 0.99 * passed_s - 1e-3 <= (now - before).total_seconds() <= 1.01 * passed_s + 1e-3
        before = now


def test_a_time_server_is_followed_slowly_and_in_silence(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    clock = SteadyClock(machine.wall, machine.monotonic)
    machine.off_s = 1.5
    for _ in range(200):
        machine.now_s += 1
        clock.now()
    assert (machine.wall() - clock.now()).total_seconds() == pytest.approx(0, abs=0.01)
    assert not clock.parted
    assert not caplog.records


def test_a_clock_that_was_set_is_told_once_and_not_followed(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    clock = SteadyClock(machine.wall, machine.monotonic)
    machine.off_s = 8 * 3600
    for _ in range(100):
        machine.now_s += 1
        clock.now()
    assert clock.now() == T0 + timedelta(seconds=100)
    assert clock.parted
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "+28800 s" in caplog.text
    machine.off_s = 0.0
    clock.now()
    assert not clock.parted


# --- when a camera was first watched -----------------------------------------------------------------------------


def test_the_first_start_is_remembered_over_restarts(tmp_path: Path) -> None:
    folder = tmp_path / "live" / "CAM01"
    assert timeline_start(folder, T0) == T0
    assert timeline_start(folder, T0 + timedelta(days=3)) == T0
    assert [path.name for path in folder.iterdir()] == ["timeline.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"start_at": 3}', '{"start_at": "2026-03-01T12:00:00"}'])
def test_a_damaged_start_is_an_error_that_says_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / "timeline.json").write_text(text, encoding="utf-8")
    with pytest.raises(RecordError, match="Move the folder away") as caught:
        timeline_start(tmp_path, T0)
    assert "timeline.json" in str(caught.value)


# --- when to try again -------------------------------------------------------------------------------------------

tries = st.lists(st.tuples(st.floats(0, 200), st.booleans()), min_size=1, max_size=300)


@given(tries, st.floats(0, 1))
def test_it_never_gives_up_and_never_hammers(results: list[tuple[float, bool]], chance: float) -> None:
    backoff = Backoff(lambda: chance)
    for lasted_s, connected in results:
        assert 0.75 <= backoff.after(lasted_s, connected=connected) <= 37.5


def test_a_camera_that_is_away_is_tried_soon_then_more_rarely() -> None:
    backoff = Backoff(lambda: 0.5)
    waits = [backoff.after(3.0, connected=False) for _ in range(300)]
    assert waits[:5] == [1, 2, 4, 8, 8]
    assert waits[-1] == 30
    assert not backoff.flapping


def test_after_a_good_connection_it_is_tried_at_once_again() -> None:
    backoff = Backoff(lambda: 0.5)
    for _ in range(300):
        backoff.after(3.0, connected=False)
    assert backoff.after(3600.0, connected=True) == 1
    assert backoff.after(3.0, connected=False) == 2


def test_one_that_breaks_again_and_again_is_left_alone_until_it_holds() -> None:
    backoff = Backoff(lambda: 0.5)
    waits = [backoff.after(5.0, connected=True) for _ in range(6)]
    assert backoff.flapping
    assert waits[-1] == 30
    assert backoff.after(31.0, connected=True) == 1
    assert not backoff.flapping


def test_connections_without_a_picture_are_failures_however_long_they_last() -> None:
    backoff = Backoff(lambda: 0.5)
    waits = [backoff.after(40.0, connected=False) for _ in range(60)]
    assert waits[:4] == [1, 2, 4, 8]
    assert waits[-1] == 30
