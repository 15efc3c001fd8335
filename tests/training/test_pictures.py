"""Labels of both numberings, ignored regions, and the mix of an epoch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import FaultsError
from pipeline.training.classes import CLASSES, COCO_ALL, COCO_CLASSES, COCO_MAYBE
from pipeline.training.labels import YoloLabels
from pipeline.training.pictures import LabelledPicture, draw_epoch, read_pictures
from pipeline.training.recipe import Root, Source

SOURCE = Source(name="s", root=Root.PICTURES, images="*", kind="rendered")
BOX = "0.5 0.5 0.2 0.4"


def picture(folder: Path, labels: str | None, ignored: str | None = None) -> Path:
    for part, text in (("labels", labels), ("ignored", ignored)):
        (folder / part).mkdir(parents=True, exist_ok=True)
        if text is not None:
            (folder / part / "a.txt").write_text(text)
    return folder / "images" / "a.jpg"


def test_every_coco_name_that_means_something_here_exists() -> None:
    assert len(COCO_ALL) == len(set(COCO_ALL)) == 80
    assert set(COCO_CLASSES) | set(COCO_MAYBE) <= set(COCO_ALL)
    assert set(COCO_CLASSES.values()) | set(COCO_MAYBE.values()) <= set(CLASSES)
    assert not set(COCO_CLASSES) & set(COCO_MAYBE)


def test_coco_labels_are_translated_and_doubtful_ones_ignored(tmp_path: Path) -> None:
    numbers = [COCO_ALL.index(name) for name in ("person", "truck", "suitcase", "zebra")]
    path = picture(tmp_path, "".join(f"{number} {BOX}\n" for number in numbers))
    (read,) = read_pictures(SOURCE.model_copy(update={"kind": "real", "unjudged": ("stall",)}), [path], YoloLabels("coco"))
    assert [CLASSES[box.cls] for box in read.boxes if box.cls is not None] == ["person", "vehicle"]
    assert [CLASSES[box.cls] for box in read.ignored if box.cls is not None] == ["goods", "stall"]
    assert read.ignored[1].box == (0.5, 0.5, 1.0, 1.0)
    assert read.real


def test_ignored_regions_may_be_of_any_class(tmp_path: Path) -> None:
    (read,) = read_pictures(SOURCE, [picture(tmp_path, f"1 {BOX}\n\n", f"* {BOX}\n2 {BOX}\n")], YoloLabels("street"))
    assert [box.cls for box in read.boxes] == [1]
    assert [box.cls for box in read.ignored] == [None, 2]


def test_a_picture_without_labels_is_background(tmp_path: Path) -> None:
    (read,) = read_pictures(SOURCE, [picture(tmp_path, None)], YoloLabels("street"))
    assert read.boxes == read.ignored == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("1 0.5 0.5 0.2", "not a box"),
        (f"10 {BOX}", "class 10 does not exist"),
        ("1 0.5 1.5 0.2 0.1", "box lies outside the picture"),
        ("1 0.5 nan 0.2 0.1", "box lies outside the picture"),
        (f"* {BOX}", "'*' in labels"),
        (f"crate {BOX}", "invalid literal"),
    ],
)
def test_bad_labels_are_refused_with_their_line(tmp_path: Path, line: str, fault: str) -> None:
    with pytest.raises(FaultsError) as refused:
        read_pictures(SOURCE, [picture(tmp_path, f"0 {BOX}\n{line}\n")], YoloLabels("street"))
    assert fault in refused.value.faults[0]


def shelf(rendered: int, real: int) -> list[LabelledPicture]:
    made = [LabelledPicture(Path(f"r{number}"), (), (), real=False) for number in range(rendered)]
    return made + [LabelledPicture(Path(f"p{number}"), (), (), real=True) for number in range(real)]


@settings(deadline=None)
@given(rendered=st.integers(1, 80), real=st.integers(1, 40), share=st.floats(0, 0.9), size=st.none() | st.integers(2, 200))
def test_an_epoch_has_its_share_of_real_pictures(rendered: int, real: int, share: float, size: int | None) -> None:
    pictures = shelf(rendered, real)
    drawn = draw_epoch(pictures, real_share=share, size=size, rng=np.random.default_rng(1))
    assert sum(pictures[at].real for at in drawn) >= share * len(drawn) - 1e-9
    if size is None:
        assert set(range(rendered)) <= set(drawn.tolist())
    else:
        assert len(drawn) == size


def test_real_pictures_come_evenly_and_as_often_as_they_weigh() -> None:
    pictures = [*shelf(90, 0), *(LabelledPicture(Path(f"p{n}"), (), (), real=True, weight=3.0 if n == 0 else 1.0) for n in range(10))]
    drawn = draw_epoch(pictures, real_share=0.4, size=None, rng=np.random.default_rng(1))
    times = np.bincount(drawn, minlength=100)[90:]
    assert len(drawn) == 150
    assert times[0] == 15
    assert set(times[1:]) == {5}


def test_epochs_differ_and_repeat_themselves() -> None:
    draws = [draw_epoch(shelf(20, 5), real_share=0.3, size=None, rng=np.random.default_rng([0, epoch])).tolist() for epoch in (0, 1, 0)]
    assert draws[0] == draws[2] != draws[1]
