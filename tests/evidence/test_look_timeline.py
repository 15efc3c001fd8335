"""What every look of a violation's span saw of it."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from pipeline.evidence.evidence_writer import ViolationEvidence
from pipeline.evidence.look_timeline import Seen, look_timeline
from pipeline.evidence.manifest import read_manifest
from pipeline.evidence.material import Material
from pipeline.types import Observation
from tests.evidence import scene


def material(looks: tuple[Observation, ...]) -> Material:
    """The scene's violation with these looks; nobody opens the footage."""
    return Material(scene.violation(), scene.ClipFootage(Path("none.mp4")), looks, scene.CLOCK, "", {})


def test_looks_in_a_row_that_say_the_same_are_one_stretch() -> None:
    looks = scene.observations(gaps=(20.0, 21.0), hidden=(25.0, 26.0, 27.0))
    stretches = look_timeline(material(looks))
    assert [each.seen for each in stretches] == [Seen.ABSENT, Seen.PRESENT, Seen.GAP, Seen.PRESENT, Seen.HIDDEN, Seen.PRESENT, Seen.ABSENT]
    assert (stretches[2].from_s, stretches[2].to_s, stretches[2].looks) == (20.0, 21.0, 2)
    assert [each.reason is not None for each in stretches] == [each.seen is Seen.GAP for each in stretches]
    assert (stretches[4].from_s, stretches[4].to_s, stretches[4].looks) == (25.0, 27.0, 3)


@given(st.sets(st.integers(0, 43)), st.sets(st.integers(17, 36)))
def test_every_look_is_in_one_stretch_and_neighbours_differ(gaps: set[int], hidden: set[int]) -> None:
    looks = scene.observations(gaps=tuple(map(float, sorted(gaps))), hidden=tuple(map(float, sorted(hidden - gaps))))
    stretches = look_timeline(material(looks))
    assert sum(each.looks for each in stretches) == len(looks)
    assert sum(each.looks for each in stretches if each.seen is Seen.GAP) == len(gaps)
    for earlier, later in pairwise(stretches):
        assert earlier.to_s < later.from_s
        assert (earlier.seen, earlier.reason) != (later.seen, later.reason)


def test_the_manifest_keeps_them(written: tuple[Path, ViolationEvidence]) -> None:
    folder, evidence = written
    content = read_manifest(folder / evidence.manifest_path)
    assert content["look_timeline"][0]["seen"] == "absent"
    assert sum(each["looks"] for each in content["look_timeline"]) == content["looks"]["all"]
    assert [each["reason"] for each in content["look_timeline"] if each["seen"] == "gap"] == ["grey"]
