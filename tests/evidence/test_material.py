"""Which look shows a moment, what hides a thing, how close a close still is, and the dwell that is written on it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.clip import clip_spans
from pipeline.evidence.material import Material, Moment, gaps_of, hidden_share, rank_looks, still_moments, things_of
from pipeline.evidence.overlay import Marks
from pipeline.evidence.stills import crop_around
from pipeline.types import BoundingBox, Detection, DetectionSource, GapReason, Observation, Role
from tests.evidence import scene


def material(looks: tuple[Observation, ...], **changes: object) -> Material:
    """The scene's violation with these looks; nobody opens the footage."""
    return Material(scene.violation(**changes), scene.ClipFootage(Path("none.mp4")), looks, scene.CLOCK, "", {})


def moment(which: Material, name: str, near_s: float = 10.0) -> Moment:
    """One of its moments."""
    return next(item for item in still_moments(which.violation, near_s) if item.name == name)


def seen_by(box: BoundingBox, role: Role, label: str = "thing") -> Observation:
    """A look that saw one thing."""
    return Observation("CAM01", scene.START, 0.0, None, (Detection(label, role, 0.9, box, DetectionSource.YOLO),), "z1", "m1")


def test_moments_follow_the_life_of_the_violation() -> None:
    assert [item.name for item in still_moments(scene.violation(), 10)] == ["first_seen", "middle", "confirmed", "after"]
    assert [item.name for item in still_moments(scene.violation(confirmed_at=None, cleared_at=None), 10)] == ["first_seen", "middle"]


def test_the_look_of_the_moment_itself_is_taken_without_a_word() -> None:
    whole = material(scene.observations())
    for name, time_s in (("first_seen", 16.0), ("middle", 20.0), ("confirmed", 24.0), ("after", 38.0)):
        best = rank_looks(whole, moment(whole, name))[0]
        assert (best.media_time_s, best.statement) == (time_s, "")


def test_the_nearest_free_look_is_taken_and_never_one_beyond_the_limit() -> None:
    whole = material(scene.observations(hidden=(22.0, 23.0, 24.0, 25.0)))
    assert rank_looks(whole, moment(whole, "confirmed"))[0].media_time_s == 26.0
    hidden = rank_looks(whole, moment(whole, "confirmed", near_s=1.0))[0]
    assert hidden.media_time_s == 24.0
    assert "100% hidden, and no look near that time shows it free" in hidden.statement


def test_looks_that_do_not_count_show_nothing() -> None:
    whole = material(scene.observations(gaps=(16.0, 17.0)))
    assert rank_looks(whole, moment(whole, "first_seen"))[0].media_time_s == 18.0
    assert rank_looks(whole, moment(whole, "first_seen"))[0].statement == "first_seen: look 2.0 s after the moment"
    dead = material(scene.observations(gaps=tuple(float(k) for k in range(44))))
    (only,) = rank_looks(dead, moment(dead, "confirmed"))
    assert (only.media_time_s, only.observation, only.statement) == (24.0, None, "confirmed: no look counts at or near that time")


def test_the_picture_after_is_never_from_before() -> None:
    whole = material(scene.observations(hidden=(38.0, 39.0)))
    assert rank_looks(whole, moment(whole, "after"))[0].media_time_s == 40.0
    late = material(scene.observations(gaps=tuple(float(k) for k in range(38, 43))))
    assert rank_looks(late, moment(late, "after", near_s=2.0))[0].media_time_s == 43.0


def test_a_thing_that_was_recognised_late_is_shown_when_it_was_put_down() -> None:
    """The static eye is sure at 22 s of what has been standing since 16 s: the look at 16 s shows it."""
    late = []
    for look in scene.observations():
        since = tuple(replace(thing, source=DetectionSource.STATIC, standing_since=scene.at(16)) for thing in look.detections)
        late.append(replace(look, detections=since if look.media_time_s >= 22 else ()))
    whole = material(tuple(late))
    assert rank_looks(whole, moment(whole, "first_seen"))[0].media_time_s == 16.0
    unknown = tuple(replace(look, detections=tuple(replace(thing, standing_since=None) for thing in look.detections)) for look in late)
    whole = material(unknown)
    best = rank_looks(whole, moment(whole, "first_seen"))[0]
    assert (best.media_time_s, best.statement) == (22.0, "first_seen: look 6.0 s after the moment; not seen in the nearest one")


def test_things_are_those_of_the_violation_and_each_once() -> None:
    twice = replace(scene.THING, x_min=scene.THING.x_min + 0.005)
    elsewhere = BoundingBox(0.1, 0.6, 0.2, 0.8)
    boxes = [(scene.THING, Role.GOODS), (twice, Role.UNKNOWN_OBJECT), (elsewhere, Role.GOODS), (scene.THING, Role.PERSON)]
    look = replace(
        seen_by(scene.THING, Role.GOODS),
        detections=tuple(Detection("x", role, 0.9, box, DetectionSource.YOLO) for box, role in boxes),
    )
    assert [thing.box for thing in things_of(scene.violation(), look)] == [scene.THING]
    tricycle = seen_by(scene.THING, Role.VEHICLE, "tricycle")
    assert things_of(scene.violation(labels=("tricycle",)), tricycle) == tricycle.detections
    assert things_of(scene.violation(), tricycle) == ()


@pytest.mark.parametrize(
    ("box", "role", "share"),
    [
        (scene.PASSER_BY, Role.PERSON, 1.0),
        (BoundingBox(0.55, 0.5, 0.615, 0.9), Role.PERSON, 0.5),
        (BoundingBox(0.5, 0.3, 0.7, 0.7), Role.PERSON, 0.0),  # stands behind: the feet are above the foot of the thing
        (scene.PASSER_BY, Role.GOODS, 0.0),
        (BoundingBox(0.1, 0.3, 0.2, 0.9), Role.VEHICLE, 0.0),
    ],
)
def test_what_hides_a_thing(box: BoundingBox, role: Role, share: float) -> None:
    assert hidden_share(scene.THING, seen_by(box, role)) == pytest.approx(share, abs=0.03)
    assert hidden_share(scene.THING, seen_by(box, role), ("thing",)) == 0


fractions = st.floats(0, 1, allow_nan=False)


@given(st.tuples(fractions, fractions, fractions, fractions), st.integers(1, 4000), st.integers(1, 3000), st.floats(0, 3, allow_nan=False))
def test_the_crop_holds_the_thing_and_lies_inside_the_picture(
    corners: tuple[float, float, float, float], width: int, height: int, margin: float
) -> None:
    x_min, x_max = sorted(corners[:2])
    y_min, y_max = sorted(corners[2:])
    box = BoundingBox(x_min, y_min, max(x_max, x_min + 1e-6), max(y_max, y_min + 1e-6))
    left, top, right, bottom = crop_around(box, width, height, margin)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    slack = 1.01
    assert left <= box.x_min * width + slack
    assert right >= min(box.x_max, 1) * width - slack
    assert top <= box.y_min * height + slack
    assert bottom >= min(box.y_max, 1) * height - slack


def test_clips_meet_when_they_nearly_touch() -> None:
    settings = scene.settings(before_s=2, after_s=2, join_clips_within_s=3)
    near = clip_spans(material((), confirmed_at=scene.at(23)), settings)
    assert [(span.name, span.start_s, span.end_s) for span in near] == [("clip_first_seen_confirmed", 14.0, 25.0)]
    far = clip_spans(material((), confirmed_at=scene.at(23.1)), settings)
    assert [span.name for span in far] == ["clip_first_seen", "clip_confirmed"]


def test_dwell_so_far_leaves_out_gaps_and_never_exceeds_what_the_rules_counted() -> None:
    whole = material(scene.observations(hidden=(20.0,), gaps=(25.0,)), dwell_s=12.0)
    marks = Marks(whole, scene.CAMERA, scene.zones(None))
    by_time = {(look.media_time_s): marks.dwell_s(look) for look in whole.observations}
    assert by_time[10.0] == 0
    # A passer-by between two sights costs nothing; the time round a gap is not counted.
    assert [by_time[float(k)] for k in (16, 17, 19, 20, 21, 22)] == [0, 1, 3, 3, 5, 6]
    assert [by_time[float(k)] for k in (24, 25, 26, 27)] == [8, 8, 8, 9]
    assert by_time[33.0] == 12
    assert by_time[43.0] == 12


def test_a_crowd_in_front_for_long_adds_no_dwell() -> None:
    crowd = tuple(float(k) for k in range(17, 33))
    whole = material(scene.observations(hidden=crowd))
    marks = Marks(whole, scene.CAMERA, scene.zones(None))
    assert [marks.dwell_s(look) for look in whole.observations if look.media_time_s in (16.0, 32.0, 33.0)] == [0, 0, 0]


def test_gaps_in_a_row_are_one() -> None:
    whole = material(scene.observations(gaps=(15.0, 16.0, 17.0, 20.0)))
    assert [(gap.reason, gap.from_s, gap.to_s, gap.looks) for gap in gaps_of(whole)] == [
        (GapReason.GREY, 16.0, 17.0, 2),
        (GapReason.GREY, 20.0, 20.0, 1),
    ]
