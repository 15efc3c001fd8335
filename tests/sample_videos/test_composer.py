"""The composer: a camera that projects rightly, errands that keep their things, papers that agree with the script."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_videos.compose.camera import Camera
from sample_videos.compose.errands import Errand, Go, Put, Take, Thing
from sample_videos.compose.film import Film, FilmStyle
from sample_videos.compose.papers import shops_csv, truth_of, zones_of, zones_text
from sample_videos.compose.people import Person
from sample_videos.compose.script import LENGTH_S, demo_scene
from sample_videos.compose.solids import carton

PROJECT = Path(__file__).parents[2]
CLIP = PROJECT / "sample_videos" / "CAM01_20260512_094200.mp4"
CAMERA = Camera(1280, 720)
SOMEBODY = Person("somebody", 1.7, (90, 90, 90), (60, 60, 60))


@given(x=st.floats(-5, 5), y=st.floats(-5, 2), z=st.floats(0, 2.5))
def test_what_is_higher_or_nearer_to_the_camera_is_where_it_should_be(x: float, y: float, z: float) -> None:
    pixels, depths = CAMERA.project([(x, y, z), (x, y, z + 0.5), (x, y - 0.5, z), (x + 0.5, y, z)])
    assert pixels[1, 1] < pixels[0, 1]
    assert pixels[2, 1] > pixels[0, 1]
    assert depths[2] < depths[0]
    assert pixels[3, 0] > pixels[0, 0]


@given(x=st.floats(-3, 3), y=st.floats(-3, -0.5), start=st.floats(0, 20))
def test_a_thing_that_is_carried_stands_exactly_once_and_nowhere_meanwhile(x: float, y: float, start: float) -> None:
    thing = Thing(carton("carton", (0.5, 0.4, 0.4), "", 1), [(float("-inf"), float("inf"), (4.0, -1.0, 0.0))])
    errand = Errand(SOMEBODY, start, (4.5, -1.4), [Take(thing), Go(x + 0.5, y - 0.3), Put((x, y, 0.0))])
    taken, put = thing.stands[0][1], thing.stands[1][0]
    assert start < taken < put < errand.end_s
    assert thing.place_at((taken + put) / 2) is None
    for share in np.linspace(0.01, 0.99, 40):
        t = start + (errand.end_s - start) * float(share)
        moment = errand.moment(t)
        assert moment is not None
        assert (moment.holds is thing) == (thing.place_at(t) is None)


def test_what_is_put_down_leaves_the_hands_where_it_then_stands() -> None:
    thing = Thing(carton("carton", (0.5, 0.4, 0.4), "", 1))
    errand = Errand(SOMEBODY, 0.0, (0.0, -2.0), [Go(1.0, -2.0), Put((1.5, -2.0, 0.0))], thing)
    put = thing.stands[0][0]
    before = errand.moment(put - 1e-3)
    assert before is not None
    assert before.holds_at == pytest.approx((1.5, -2.0, 0.0), abs=0.01)


@pytest.mark.parametrize("steps", [[Put((0.0, 0.0, 0.0))], [Take(Thing(carton("c", (0.5, 0.4, 0.4), "", 1)))]])
def test_errands_that_make_no_sense_are_refused(steps: list[Put | Take]) -> None:
    with pytest.raises(ValueError, match=r"put down|pick up"):
        Errand(SOMEBODY, 0.0, (0.0, 0.0), steps)


def test_nobody_unknown_to_the_static_eye_stands_long_on_watched_ground() -> None:
    """The demo has no model that knows people: on pavement they keep moving, but for three seconds."""
    for errand in demo_scene().errands:
        moments = [errand.moment(float(t)) for t in np.arange(0, LENGTH_S, 0.25)]
        places = [moment.pose.at if moment else None for moment in moments]
        for start in range(len(places) - 24):
            six_seconds = [place for place in places[start : start + 24] if place is not None and place[1] < -0.1]
            if len(six_seconds) == 24:
                assert np.ptp(np.array(six_seconds), axis=0).max() > 0.5


def test_the_committed_papers_are_those_of_the_script() -> None:
    style, scene = FilmStyle(), demo_scene()
    truth = json.loads(CLIP.with_suffix(".truth.json").read_text(encoding="utf-8"))
    assert truth == json.loads(json.dumps(truth_of(CAMERA, scene, style, CLIP.name, "CAM01")))
    zones = zones_text(zones_of(CAMERA, "CAM01", "CAM01_reference.jpg", style.starts_at.date()))
    assert (PROJECT / "zones" / "CAM01.geojson").read_text(encoding="utf-8") == zones
    assert (PROJECT / "zones" / "shops.csv").read_text(encoding="utf-8") == shops_csv()


@pytest.mark.long
def test_pictures_are_repeatable_and_no_two_are_equal() -> None:
    camera = Camera(320, 180)
    first, again = Film(camera, demo_scene()).pictures(), Film(camera, demo_scene()).pictures()
    one, two = next(first), next(first)
    assert np.array_equal(one, next(again))
    assert not np.array_equal(one, two)


@pytest.mark.long
def test_a_claim_changes_the_picture_inside_its_box_only() -> None:
    """What the truth calls a thing is there to be seen: the still differs from the empty street inside the box."""
    film = Film(CAMERA, demo_scene(), FilmStyle(noise=0.0))
    truth = truth_of(CAMERA, film.scene, film.style, CLIP.name, "CAM01")
    empty = film.reference().astype(np.int16)
    still = film.still(LENGTH_S - 0.1).astype(np.int16)
    for claim in truth["events"]:
        x0, y0, x1, y1 = (round(v * size) for v, size in zip(claim["boxes"][-1]["box"], (1280, 720, 1280, 720), strict=True))
        changed = float((np.abs(still - empty)[y0:y1, x0:x1].max(axis=2) > 30).mean())
        assert (changed > 0.3) == (claim["ended_s"] is None), claim["name"]
