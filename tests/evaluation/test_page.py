"""The page: every mistake with its picture, every clip with its timeline, nothing from outside, nothing unescaped."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.matching import Outcome
from pipeline.evaluation.page import write_page
from pipeline.evaluation.pictures import WIDTH_PX, moment_of, view_around
from pipeline.evaluation.timeline import timeline
from pipeline.evaluation.truth import TruthGap
from pipeline.types import BoundingBox
from tests.clips import frame_number, make_clip
from tests.evaluation.made_up import STALL, evaluated, event, find, judged, square, truth


class Nesting(HTMLParser):
    """Checks that every element is closed where it should be, and keeps all words and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]
        if tag not in {"meta", "img"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(path: Path) -> Nesting:
    page = Nesting()
    page.feed(path.read_text(encoding="utf-8"))
    assert page.open == []
    return page


@pytest.fixture
def troubled() -> Evaluation:
    """One clip with every kind of trouble, and one that was not judged."""
    clip = truth(
        event("left & right", x=0.05),
        event("<b>cart</b>", x=0.3, kind=STALL, shops=()),
        event("table", x=0.5, excused_by="permitted"),
        event("boxes", x=0.7, shops=("A-02",)),
        event("never seen", x=0.85),
        gaps=(TruthGap(40, 44, "frozen"),),
    )
    finds = (
        find("twice", x=0.05, to_s=40),
        find("again", x=0.05, from_s=50),
        find("kind", x=0.3, shops=()),
        find("table", x=0.5),
        find("shop", x=0.7, shops=("A-09",)),
        find("ghost", box=square(0.4, 0.1)),
    )
    return evaluated(judged(clip, *finds), judged(truth(camera="CAM02"), problem="disk <full>"))


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred seconds, two numbered pictures a second."""
    return make_clip(tmp_path_factory.mktemp("clip") / "CAM01.mp4", seconds=100, fps=2, size=(480, 270))


def test_every_mistake_is_there_with_or_without_its_picture(troubled: Evaluation, tmp_path: Path) -> None:
    path, unseen = write_page(troubled, tmp_path / "new" / "page")
    page = read(path)
    text = " ".join(page.words)
    wrong = [one for one in troubled.clips[0].pairings if one.reason or (one.attribution and one.attribution.value == "wrong_shop")]
    assert len(wrong) == 7
    assert path.read_text(encoding="utf-8").count("<figure>") == 7
    for words in ("never seen", "left & right was found already", "<b>cart</b> is street stall", "table: permitted", "boxes is of A-02"):
        assert words in text, words
    assert "nothing of the truth is there" in text
    assert "disk <full>" in text
    assert len(unseen) == 1
    assert "CAM01.mp4" in unseen[0]
    assert text.count("No picture:") == 7


def test_it_needs_nothing_else(troubled: Evaluation, tmp_path: Path) -> None:
    path, _ = write_page(troubled, tmp_path)
    text = path.read_text(encoding="utf-8")
    assert list(tmp_path.iterdir()) == [path]
    assert not re.search(r"<script|<link|<iframe|url\(['\"]?http|@import|https?://", text)
    assert all(address.startswith(("#clip-", "data:")) for address in read(path).addresses)


def test_a_run_without_mistakes_says_so(tmp_path: Path) -> None:
    path, unseen = write_page(evaluated(judged(truth(event("a")), find("f"))), tmp_path)
    assert "every event that was due was found" in " ".join(read(path).words)
    assert unseen == ()


def test_the_same_evaluation_gives_the_same_page(troubled: Evaluation, tmp_path: Path) -> None:
    first, second = write_page(troubled, tmp_path / "a")[0], write_page(troubled, tmp_path / "b")[0]
    assert first.read_bytes() == second.read_bytes()


def test_a_picture_shows_the_middle_of_the_mistake(clip: Path, tmp_path: Path) -> None:
    missed = truth(event("crates", x=0.45, began_s=10, ended_s=80))
    source = replace(judged(missed), source_uri=str(clip))
    path, unseen = write_page(evaluated(source), tmp_path / "page", clip.parent)
    assert unseen == ()
    (data,) = [address for address in read(path).addresses if address.startswith("data:image/jpeg;base64,")]
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(data.split(",")[1]), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert shown.shape[1] == WIDTH_PX
    # From the dwell (20 s) to the end (80 s): the middle is 50 s. The dashed box is blue, the rest of this street is grey.
    assert "at 50.0 s" in " ".join(read(path).words)
    blue = (shown[..., 0].astype(int) - shown[..., 2]) > 100
    assert blue.sum() > 300


def test_the_picture_is_that_of_the_moment(clip: Path, tmp_path: Path) -> None:
    whole = BoundingBox(0.0, 0.4, 1.0, 0.98)
    source = replace(judged(truth(event("wide", box=whole))), source_uri=str(clip))
    path, _ = write_page(evaluated(source), tmp_path / "page")
    (data,) = [address for address in read(path).addresses if address.startswith("data:")]
    shown = cv2.imdecode(np.frombuffer(base64.b64decode(data.split(",")[1]), np.uint8), cv2.IMREAD_COLOR)
    assert shown is not None
    assert frame_number(np.asarray(shown, np.uint8)) == 100


def test_moments_lie_in_the_clip() -> None:
    (clip,) = evaluated(judged(truth(event("a", x=0.1, ended_s=None)), find("late", x=0.5, from_s=95, to_s=99.9))).clips
    for pairing in clip.pairings:
        assert 0 <= moment_of(pairing, 100) <= 99.5


@pytest.mark.parametrize("box", [square(0.0, 0.0), square(0.9, 0.9), square(0.4), BoundingBox(0, 0, 1, 1), BoundingBox(0.1, 0.1, 0.9, 0.2)])
def test_a_view_holds_its_box_and_stays_in_the_picture(box: BoundingBox) -> None:
    view = view_around([box])
    assert box.covered_by(view) == pytest.approx(1)
    assert 0 <= view.x_min < view.x_max <= 1.0000001
    assert view.width == pytest.approx(view.height)
    assert view.width >= 0.499999


def test_a_timeline_shows_every_event_find_gap_and_dwell(troubled: Evaluation) -> None:
    (clip,) = troubled.clips
    drawn = timeline(clip, "gap-0")
    finds = [one for one in clip.pairings if one.outcome is not Outcome.MISS]
    assert drawn.count('class="event ') == 5
    assert drawn.count('class="find ') == len(finds) == 6
    assert drawn.count('class="seen ') == 6
    assert drawn.count('class="due-mark"') == 4
    assert drawn.count('class="gap"') == 1
    assert "<b>" not in drawn
    assert "A-09 · beyond shopfront" in drawn
    assert '<rect class="event missed"' in drawn
    assert '<rect class="find misnamed"' in drawn


@pytest.mark.parametrize("name", ["a" * 90, "样桐路人行道" * 9])
def test_long_names_are_cut_so_that_they_stay_in_the_drawing(name: str) -> None:
    (clip,) = evaluated(judged(truth(event(name)))).clips
    (label,) = re.findall(r'<text class="label[^>]*>([^<]*)</text>', timeline(clip, "gap-0"))
    assert label.endswith("…")
    assert name.startswith(label[:-1])
    assert 15 <= len(label) <= 40
