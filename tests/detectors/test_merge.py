"""What several windows saw becomes each thing once, in a fixed order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.detectors.merge import Sighting, merge_sightings
from pipeline.types import BoundingBox, Detection, DetectionSource, Role


def seen(
    box: tuple[float, float, float, float], window: int = 0, *, cut: bool = False, confidence: float = 0.5, role: Role = Role.PERSON
) -> Sighting:
    return Sighting(Detection(role.value, role, confidence, BoundingBox(*box), DetectionSource.YOLO), window, cut)


def test_one_window_is_left_as_it_is() -> None:
    near = [seen((0.1, 0.1, 0.3, 0.5)), seen((0.12, 0.1, 0.32, 0.5), confidence=0.6)]
    assert len(merge_sightings(near)) == 2


def test_a_thing_in_two_windows_is_one_thing() -> None:
    (only,) = merge_sightings([seen((0.1, 0.1, 0.3, 0.5), 0, confidence=0.4), seen((0.11, 0.1, 0.31, 0.5), 1, confidence=0.7)])
    assert only.confidence == 0.7


def test_two_roles_at_one_place_are_two_things() -> None:
    assert len(merge_sightings([seen((0.1, 0.1, 0.3, 0.5), 0), seen((0.1, 0.1, 0.3, 0.5), 1, role=Role.VEHICLE)])) == 2


def test_a_box_cut_off_by_its_window_yields_to_the_whole_one() -> None:
    whole, part = seen((0.4, 0.1, 0.6, 0.5), 0, confidence=0.3), seen((0.5, 0.1, 0.6, 0.5), 1, cut=True, confidence=0.9)
    assert [d.box for d in merge_sightings([part, whole])] == [whole.detection.box]


def test_of_two_parts_the_larger_stays() -> None:
    large, small = seen((0.4, 0.1, 0.58, 0.5), 0, cut=True, confidence=0.3), seen((0.5, 0.1, 0.6, 0.5), 1, cut=True, confidence=0.9)
    assert [d.box for d in merge_sightings([small, large])] == [large.detection.box]


def test_a_whole_person_in_front_of_a_larger_one_stays() -> None:
    assert len(merge_sightings([seen((0.1, 0.1, 0.5, 0.9), 0), seen((0.2, 0.5, 0.3, 0.8), 1)])) == 2


@st.composite
def sightings(draw: st.DrawFn) -> Sighting:
    x, y = draw(st.integers(0, 8)), draw(st.integers(0, 8))
    box = (x / 10, y / 10, (x + draw(st.integers(1, 2))) / 10, (y + draw(st.integers(1, 2))) / 10)
    return seen(box, draw(st.integers(0, 2)), cut=draw(st.booleans()), confidence=draw(st.sampled_from([0.2, 0.5, 0.9])))


@settings(deadline=None, max_examples=100)
@given(st.lists(sightings(), max_size=12), st.randoms(use_true_random=False))
def test_order_of_windows_and_boxes_changes_nothing(given_ones: list[Sighting], chance: object) -> None:
    merged = merge_sightings(given_ones)
    shuffled = list(given_ones)
    getattr(chance, "shuffle")(shuffled)  # noqa: B009 - hypothesis types its Random as object
    assert merge_sightings(shuffled) == merged
    assert list(merged) == sorted(merged, key=lambda d: (-d.confidence, d.label, d.box.x_min, d.box.y_min, d.box.x_max, d.box.y_max))
    assert {d.box for d in merged} <= {s.detection.box for s in given_ones}


@settings(deadline=None, max_examples=100)
@given(st.lists(sightings(), min_size=1, max_size=12))
def test_nothing_seen_is_lost(given_ones: list[Sighting]) -> None:
    """Whatever is dropped is covered by something of the same role that stays."""
    merged = merge_sightings(given_ones)
    for sighting in given_ones:
        assert any(sighting.detection.box.intersection_area(kept.box) > 0 for kept in merged)
