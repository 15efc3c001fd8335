"""The truth about what can be seen: who is one with whom, masks as runs, the file."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from sample_videos.generator.objects import Identity, Seen, box_of, from_run_lengths, identities, read, record, run_lengths, write


def test_things_of_one_group_are_one() -> None:
    found = identities([("a", "pile", "goods"), ("b", "pile", "goods"), ("c", None, "goods"), ("d", None, None)])
    assert found == [Identity("pile", "goods"), Identity("pile", "goods"), Identity("c", "goods"), None]


def test_a_stall_takes_its_wares_in_but_not_its_canopy_and_chairs() -> None:
    found = identities([("s", "stall-1", "stall"), ("s", "stall-1", "canopy"), ("g", "stall-1", "goods"), ("c", "stall-1", "chair")])
    assert found == [
        Identity("stall-1", "stall"),
        Identity("stall-1/canopy", "canopy"),
        Identity("stall-1", "stall"),
        Identity("stall-1/chair", "chair"),
    ]


def test_a_mixed_display_is_what_most_of_it_is_whatever_the_order() -> None:
    pieces = [("a", "front", "rack_or_sign"), ("b", "front", "goods"), ("c", "front", "goods")]
    assert set(identities(pieces)) == set(identities(pieces[::-1])) == {Identity("front", "goods")}


@given(st_numpy.arrays(bool, st.tuples(st.integers(1, 12), st.integers(1, 12))))
def test_runs_give_the_mask_back(mask: np.ndarray) -> None:
    runs = run_lengths(mask)
    assert sum(runs) == mask.size
    assert np.array_equal(from_run_lengths(runs, *mask.shape), mask)


def test_runs_begin_with_what_is_outside() -> None:
    assert run_lengths(np.array([[True, True, False]])) == (0, 2, 1)
    assert run_lengths(np.array([[False, True, True]])) == (1, 2)


def test_a_box_holds_the_whole_mask() -> None:
    mask = np.zeros((10, 20), bool)
    mask[3, 5] = mask[6, 11] = True
    assert box_of(mask) == pytest.approx((5 / 20, 3 / 10, 12 / 20, 7 / 10))
    assert box_of(np.zeros((4, 4), bool)) is None


def test_the_file_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    one = Seen(Identity("pile", "goods"), (0.1, 0.2, 0.3, 0.4), 0.75, (0.2, 0.4), 0.5, stands=True, mask=(3, 2, 1))
    frames = [record(0.0, [one]), record(1.0, [])]
    for name in ("a.gz", "b.gz"):
        write(tmp_path / name, "CAM21.mp4", (960, 540), frames)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    known = read(tmp_path / "a.gz")
    assert known["mask_px"] == [480, 270]
    assert known["frames"][0]["objects"] == [
        {
            "id": "pile",
            "label": "goods",
            "box": [0.1, 0.2, 0.3, 0.4],
            "visible": 0.75,
            "contact": [0.2, 0.4],
            "metres_beyond": 0.5,
            "stands": True,
            "mask": [3, 2, 1],
        }
    ]
    assert not list(tmp_path.glob("*.partial"))
