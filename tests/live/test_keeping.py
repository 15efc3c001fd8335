"""What of a stream is kept for evidence, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import DoorlineSettings
from pipeline.live.keeping import Keeper, Moments, Span, Wanted, _joined
from pipeline.readers.kept_video import KeptVideo
from pipeline.readers.stream_ring import RecordedGroup, StreamRing
from tests.clips import frame_number
from tests.live.keeping_at_once import AtOnce
from tests.live.recording import record
from tests.readers.conftest import ClipFactory

BEFORE_S, AFTER_S, INTERVAL_S, RING_S = 3.0, 3.0, 1.0, 30.0


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    settings = DoorlineSettings.model_validate(
        {
            "cameras": [{"id": "CAM01", "zones": "cam01.geojson"}],
            "looks": {"interval_s": INTERVAL_S},
            "evidence": {"before_s": BEFORE_S, "after_s": AFTER_S, "join_clips_within_s": 2.0},
            "live": {"still_every_s": 4.0},
        }
    )
    ring = StreamRing(seconds=RING_S, most_bytes=10**9)
    return Keeper(settings, ring, KeptVideo(tmp_path / "kept"), AtOnce(), tmp_path)


@pytest.fixture(scope="module")
def second(clip: ClipFactory) -> RecordedGroup:
    """One second of video, key frame first."""
    return record(clip("mp4", seconds=1, gop_s=1, fps=10), 0.0)[0]


def send(keeper: Keeper, group: RecordedGroup) -> None:
    assert isinstance(keeper.ring, StreamRing)
    keeper.ring.add(group)


def stream(keeper: Keeper, second: RecordedGroup, start: int, end: int, wanted: Wanted | Callable[[float], Wanted]) -> None:
    """The stream goes on from one second to another, tended at each."""
    for at_s in range(start, end):
        send(keeper, RecordedGroup(float(at_s), at_s + 0.9, 10, second.form, second.video))
        keeper.tend(wanted(at_s) if callable(wanted) else wanted)


def kept(keeper: Keeper) -> list[tuple[float, float]]:
    return [(part.start_s, part.end_s) for part in keeper.video.parts()]


def clips(keeper: Keeper) -> list[tuple[float, float]]:
    return [(start_s, end_s) for start_s, end_s in kept(keeper) if start_s != end_s]


def stills(keeper: Keeper) -> list[float]:
    return [start_s for start_s, end_s in kept(keeper) if start_s == end_s]


def test_where_nothing_stands_nothing_is_kept(keeper: Keeper, second: RecordedGroup) -> None:
    keeper.tend(Wanted([5.0]))  # before the first picture
    stream(keeper, second, 0, 40, Wanted())
    assert kept(keeper) == []


def test_what_came_is_kept_as_soon_as_its_clip_is_whole(keeper: Keeper, second: RecordedGroup) -> None:
    stream(keeper, second, 0, 23, Wanted([20.0]))
    assert kept(keeper) == []
    stream(keeper, second, 23, 24, Wanted([20.0]))
    assert clips(keeper) == [(16.0, 23.9)]
    assert keeper.written() == ()
    stream(keeper, second, 24, 26, Wanted([20.0]))
    assert clips(keeper) == [(16.0, 23.9)]
    assert frame_number(keeper.footage().picture_at(20.0)[1].bgr()) == 0


def test_what_went_again_before_it_was_anything_is_let_go(keeper: Keeper, second: RecordedGroup) -> None:
    stream(keeper, second, 0, 30, Wanted([20.0]))
    assert kept(keeper) != []
    stream(keeper, second, 30, 41, Wanted())
    assert kept(keeper) == []


def test_of_a_violation_both_moments_are_kept_and_what_is_after(keeper: Keeper, second: RecordedGroup) -> None:
    def wanted(at_s: float) -> Wanted:
        if at_s < 60:
            return Wanted([10.0])
        cleared_s = 80.0 if at_s >= 80 else None
        return Wanted([], [Moments(10.0, 60.0, cleared_s)])

    stream(keeper, second, 0, 100, wanted)
    assert clips(keeper) == [(6.0, 13.9), (56.0, 63.9), (80.0, 81.9)]
    assert len([at_s for at_s in stills(keeper) if 14 <= at_s < 56]) >= 8, "for the middle of the dwell"
    assert all(6 <= at_s < 64 for at_s in stills(keeper))
    stream(keeper, second, 100, 112, Wanted())
    assert kept(keeper) == []


def test_moments_that_lie_near_each_other_are_one_clip(keeper: Keeper, second: RecordedGroup) -> None:
    """As the evidence joins them: 16 s and 24 s with 3 s round each, 1 s of lead, and 2 s between them at most."""
    stream(keeper, second, 0, 40, Wanted([], [Moments(16.0, 24.0, None)]))
    assert (12.0, 27.9) in kept(keeper)
    footage = keeper.footage()
    assert footage.cut(13.0, 27.0, keeper.where / "cut.mkv") == pytest.approx(13.0, abs=1.0)


def test_over_a_restart_it_is_not_kept_again_and_not_let_go(keeper: Keeper, second: RecordedGroup) -> None:
    wanted = Wanted([], [Moments(10.0, 20.0, None)])
    stream(keeper, second, 0, 30, wanted)
    before = kept(keeper)
    again = Keeper(keeper.settings, StreamRing(seconds=RING_S, most_bytes=10**9), KeptVideo(keeper.where / "kept"), AtOnce(), keeper.where)
    stream(again, second, 35, 60, wanted)
    assert kept(again) == before


def test_of_a_clip_that_a_restart_cut_the_rest_is_kept(keeper: Keeper, second: RecordedGroup) -> None:
    stream(keeper, second, 21, 40, Wanted([20.0]))
    assert kept(keeper)[0] == (21.0, 23.9)


def test_forms_are_not_mixed_in_one_video(keeper: Keeper, second: RecordedGroup) -> None:
    for at_s in range(30):
        form = second.form if at_s < 20 else "h264 480x360 1"
        send(keeper, RecordedGroup(float(at_s), at_s + 0.9, 10, form, second.video))
        keeper.tend(Wanted([20.0]))
    assert {(16.0, 19.9), (20.0, 23.9)} <= set(kept(keeper))


def test_of_a_long_dwell_a_few_stills_are_kept_nearly_evenly(keeper: Keeper, second: RecordedGroup) -> None:
    stream(keeper, second, 0, 900, Wanted([10.0]))
    assert 35 <= len(stills(keeper)) <= 45
    assert (6.0, 13.9) in kept(keeper)
    edges = [10.0, *stills(keeper), 900.0]
    assert max(later - earlier for earlier, later in pairwise(edges)) <= 900 / 15, "one is near the middle, however long it takes"


def test_without_room_nothing_is_written(keeper: Keeper, second: RecordedGroup) -> None:
    for at_s in range(40):
        send(keeper, RecordedGroup(float(at_s), at_s + 0.9, 10, second.form, second.video))
        keeper.tend(Wanted([20.0]), may_write=False)
    assert kept(keeper) == []


@pytest.mark.parametrize("video", [b"", b"this is no video"])
def test_what_cannot_be_kept_is_said_and_stops_nothing(
    video: bytes, keeper: Keeper, second: RecordedGroup, caplog: pytest.LogCaptureFixture
) -> None:
    for at_s in range(40):
        bad = 16 <= at_s <= 30
        send(keeper, RecordedGroup(float(at_s), at_s + 0.9, 10, second.form, video if bad else second.video))
        keeper.tend(Wanted([20.0]))
    assert "a part of the stream could not be kept" in caplog.text
    assert all(start_s > 30 for start_s, _ in kept(keeper))


# --- spans -------------------------------------------------------------------------------------------------------

spans = st.builds(lambda start_s, length_s: Span(start_s, start_s + length_s), st.floats(0, 1000), st.floats(0, 50))


@given(st.lists(spans, max_size=30), st.floats(-10, 1100))
def test_joined_spans_cover_the_same_and_do_not_touch(given_spans: list[Span], at_s: float) -> None:
    joined = _joined(given_spans)
    assert any(span.touches(at_s, at_s) for span in joined) == any(span.touches(at_s, at_s) for span in given_spans)
    assert all(earlier.end_s < later.start_s for earlier, later in pairwise(joined))
