"""Score of the static eye alone on the development scenes and on made-up trouble.

``python -m tests.footage.score_static [--interval 1.0 ...] [--trouble NAME ...] [--no-pasted]`` prints what was found, what was
false, since when things are said to stand, and the median CPU time of a look.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

import cv2
import numpy as np
from rich.console import Console

from pipeline.config import StaticObjectSettings
from pipeline.detectors.static_object import StaticObjectDetector
from pipeline.types import UNKNOWN_EPOCH, BoundingBox, Certainty, Detection, DetectionSource
from tests.footage.movers import KnownMovers
from tests.footage.scenes import SCENES, Scene, Truth, looks_of, zones_of
from tests.footage.trouble import TROUBLES, Floats, Staged, cut_out, pasted

FALSE_AFTER_S = 8.0
"""What is sure and stands for this long where nothing was put down would open a violation in the short profile."""
_END_S = 8.0  # at the end somebody may just be passing in front
_SEEDS = range(4)
_CUTOUTS = {
    "aboda_video4": (26, 5, BoundingBox(0.636, 0.763, 0.699, 0.868)),
    "video01": (60, 1, BoundingBox(0.205, 0.670, 0.297, 0.790)),
    "video09": (60, 26, BoundingBox(0.577, 0.280, 0.657, 0.435)),
}
"""Scene -> a second with its bag, one without, and a close box around the bag."""


@dataclass(slots=True)
class Episode:
    """One place at which the eye was sure, from its first to its last look there (media times, seconds)."""

    box: BoundingBox
    since_s: float
    first_s: float
    last_s: float


@dataclass(frozen=True, slots=True)
class Score:
    """What came of one scene: per truth the episode that found it or None, false episodes, CPU milliseconds per look."""

    scene: str
    found: tuple[tuple[Truth, Episode | None], ...]
    false: tuple[Episode, ...]
    ms_per_look: float

    @property
    def hits(self) -> int:
        """Truths that were found, still stood at the end, and were dated right."""
        return sum(e is not None and truth.since_from_s <= e.since_s <= truth.since_to_s for truth, e in self.found)


def score(scene: Scene, staged: Staged, movers: KnownMovers, settings: StaticObjectSettings | None = None) -> Score:
    """Show the looks of a scene to a fresh static eye and compare what it is sure of with the truth."""
    settings = settings or StaticObjectSettings()
    eye = StaticObjectDetector(settings, zones_of(scene), movers.closer_look)
    episodes: list[Episode] = []
    spent_ms = []
    for look in staged.looks:
        earlier = movers.in_picture(look)
        look.picture.bgr(width_px=settings.width_px)
        began = time.thread_time()
        seen = eye.detect([look], [earlier])[0]
        spent_ms.append(1000 * (time.thread_time() - began))
        for detection in seen:
            if detection.source is DetectionSource.STATIC and detection.certainty is Certainty.SURE:
                _note(episodes, detection, look.media_time_s)
    end_s = staged.looks[-1].media_time_s - _END_S
    found = tuple((t, next((e for e in episodes if e.box.iou(t.box) >= 0.3 and e.last_s >= end_s), None)) for t in staged.truths)
    stray = [e for e in episodes if not any(e.box.intersection_area(t.box) for t in staged.truths)]
    return Score(scene.name, found, tuple(e for e in stray if e.last_s - e.since_s >= FALSE_AFTER_S), median(spent_ms))


def pasted_scenes(interval_s: float) -> Iterator[tuple[Scene, Staged]]:
    """The negatives, four times each, with three objects in them."""
    cutouts = tuple(_cutouts())
    for scene in SCENES:
        if scene.truths:
            continue
        every_second = looks_of(scene, 1.0)
        wanted = {look.media_time_s for look in looks_of(scene, interval_s)}
        for seed in _SEEDS:
            staged = pasted(zones_of(scene), cutouts, seed)(every_second, scene.truths)
            yield scene, Staged(tuple(look for look in staged.looks if look.media_time_s in wanted), staged.truths)


def _cutouts() -> Iterator[Floats]:
    for scene in SCENES:
        if scene.name in _CUTOUTS:
            with_s, without_s, box = _CUTOUTS[scene.name]
            at = {round(look.media_time_s): look.picture.bgr() for look in looks_of(scene, 1.0)}
            yield cut_out(at[with_s], at[without_s], box)


def _note(episodes: list[Episode], detection: Detection, now_s: float) -> None:
    assert detection.standing_since is not None
    since_s = (detection.standing_since - UNKNOWN_EPOCH).total_seconds()
    for episode in episodes:
        if max(episode.box.covered_by(detection.box), detection.box.covered_by(episode.box)) > 0.5:
            episode.box, episode.last_s, episode.since_s = detection.box, now_s, min(episode.since_s, since_s)
            return
    episodes.append(Episode(detection.box, since_s, now_s, now_s))


def _report(console: Console, name: str, scores: Sequence[Score]) -> None:
    hits, wanted = sum(s.hits for s in scores), sum(len(s.found) for s in scores)
    false = sum(len(s.false) for s in scores)
    console.print(f"{name:<28} found {hits} of {wanted}, false {false}, {median(s.ms_per_look for s in scores):.1f} ms per look")
    for one in scores:
        for truth, episode in one.found:
            if episode is None:
                console.print(f"    {one.scene}: missed {_where(truth.box)}")
            elif name in TROUBLES:
                overlap = episode.box.iou(truth.box)
                console.print(f"    {one.scene}: sure at {episode.first_s:g} s, standing since {episode.since_s:g} s, IoU {overlap:.2f}")
        for episode in one.false:
            console.print(f"    {one.scene}: FALSE {episode.since_s:g}-{episode.last_s:g} s {_where(episode.box)}")


def _where(box: BoundingBox) -> str:
    return f"({box.x_min:.2f}, {box.y_min:.2f})-({box.x_max:.2f}, {box.y_max:.2f})"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--interval", type=float, nargs="*", default=[1.0, 2.0])
    parser.add_argument("--trouble", nargs="*", default=list(TROUBLES), choices=list(TROUBLES))
    parser.add_argument("--no-pasted", action="store_true")
    given = parser.parse_args()
    cv2.setNumThreads(1)
    np.seterr(all="raise", under="ignore")
    console, movers = Console(width=150), KnownMovers()
    for interval_s in given.interval:
        console.rule(f"a look every {interval_s:g} s")
        for name in given.trouble:
            scores = [score(scene, TROUBLES[name](looks_of(scene, interval_s), scene.truths), movers) for scene in SCENES]
            _report(console, name, scores)
        if not given.no_pasted:
            _report(console, "pasted objects", [score(scene, staged, movers) for scene, staged in pasted_scenes(interval_s)])


if __name__ == "__main__":
    main()
