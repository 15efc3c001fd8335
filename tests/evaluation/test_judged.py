"""Which source of a run a clip of the truth is, and what was found in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pipeline.evaluation.judged import Found, JudgedSource, judged_clips, outside_of_truth
from pipeline.evaluation.truth import TruthGap
from tests.evaluation.made_up import LENGTH_S, START, find, truth


def source(*found: Found, start: datetime | None = START, to_s: float = LENGTH_S, name: str = "CAM01.mp4", error: str = "") -> JudgedSource:
    return JudgedSource(f"footage/{name}", name, "CAM01", start, to_s, error, found, (TruthGap(30, 34, "dark"),))


def test_a_clip_is_found_by_camera_and_time() -> None:
    other = replace(source(find("f")), camera_id="CAM02")
    later = source(find("g"), start=START + timedelta(hours=1))
    (clip,) = judged_clips([truth()], [other, later, source(find("h"))])
    assert ([one.violation_id for one in clip.found], clip.problem, clip.media_s) == (["h"], "", 0)


def test_a_clip_may_be_a_part_of_a_longer_recording() -> None:
    early, there, late = find("early", from_s=100, to_s=1100), find("there", from_s=1250, to_s=1300), find("late", from_s=1350, to_s=1400)
    over = find("over", from_s=100, to_s=1280)
    long = source(early, there, late, over, start=START - timedelta(seconds=1200), to_s=3600, name="all day.mp4")
    (clip,) = judged_clips([truth()], [long])
    assert clip.media_s == 1200
    assert [(one.violation_id, one.first_seen_s, one.confirmed_s) for one in clip.found] == [("over", -1100, -1090), ("there", 50, 60)]
    assert clip.gaps == ()
    assert outside_of_truth([clip], [long]) == 2


def test_gaps_are_told_in_seconds_of_the_clip() -> None:
    (clip,) = judged_clips([truth()], [source(start=START - timedelta(seconds=32), to_s=200)])
    assert clip.gaps == (TruthGap(0, 2, "dark"),)


@pytest.mark.parametrize(("name", "judged"), [("CAM01.mp4", True), ("another.mp4", False)])
def test_without_a_wall_clock_the_name_decides(name: str, judged: bool) -> None:
    (clip,) = judged_clips([truth()], [source(find("f"), start=None, name=name)])
    assert bool(clip.found) is judged
    assert (clip.problem == "") is judged


def test_a_source_that_failed_is_no_judged_clip() -> None:
    (clip,) = judged_clips([truth()], [source(error="disk full")])
    assert clip.problem == "disk full"


def test_of_two_sources_the_one_that_covers_more_is_meant() -> None:
    part = source(find("part"), to_s=20)
    (clip,) = judged_clips([truth()], [part, source(find("whole"))])
    assert [one.violation_id for one in clip.found] == ["whole"]
