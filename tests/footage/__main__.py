"""``make footage``: real clips and made-up trouble through the whole product, as a table; exit code 1 on any difference."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from pipeline.types import UNKNOWN_EPOCH, Violation
from tests.footage.judged import COCO_CARD, Outcome, judge_clips, judge_looks
from tests.footage.movers import KnownMovers
from tests.footage.scenes import DATA, SCENES, looks_of
from tests.footage.score_static import pasted_scenes, score
from tests.footage.trouble import TROUBLES

INTERVALS_S = (1.0, 2.0)
PASTED_AIM = 33


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both tables; 0 if everything is as expected."""
    parser = argparse.ArgumentParser(prog="python -m tests.footage", description=__doc__)
    parser.add_argument("--card", type=Path, default=COCO_CARD, help="of the model (default: the COCO model beside the footage)")
    card = parser.parse_args(arguments).card.resolve()
    console = Console(width=150)
    if not DATA.exists():
        console.print(f"no footage: expected at {DATA}")
        return 1
    wrong = 0
    for interval_s in INTERVALS_S:
        with tempfile.TemporaryDirectory() as folder:
            clips = judge_clips(SCENES, interval_s, Path(folder), card)
        console.print(_clip_table(f"Clips, a look every {interval_s:g} s", clips))
        wrong += sum(not outcome.right for outcome in clips.values())
    for interval_s in INTERVALS_S:
        table = Table(
            "trouble", "found", "false", "where", title=f"Made-up trouble, a look every {interval_s:g} s", box=SIMPLE, title_justify="left"
        )
        for name, outcomes in _troubled(interval_s, card):
            wrong += sum(not outcome.right for outcome in outcomes)
            table.add_row(name, _ratio(outcomes), str(sum(len(outcome.false) for outcome in outcomes)), _where(outcomes))
        found, things, false = _pasted(interval_s)
        wrong += found < PASTED_AIM or false > 0
        table.add_row(
            "pasted objects, static eye",
            f"{found} of {things}",
            str(false),
            f"aim {PASTED_AIM}: many of these clips end before a dwell does",
        )
        console.print(table)
    console.print("[green]as expected[/]" if not wrong else f"[red]{wrong} scenes differ from what was expected[/]")
    return 1 if wrong else 0


def _clip_table(title: str, outcomes: dict[str, Outcome]) -> Table:
    table = Table("clip", "expected", "found", "opened at", "cleared", "overlap", "", title=title, box=SIMPLE, title_justify="left")
    for scene in SCENES:
        outcome = outcomes[scene.name]
        expected = [f"first seen {truth.since_from_s:g}-{truth.since_to_s:g} s" for truth in scene.truths] or ["none"]
        on_things = [(truth, found) for truth, found in outcome.pairs if found]
        everything = [found for _, found in on_things] + list(outcome.false)
        table.add_row(
            scene.name,
            ", ".join(expected),
            ", ".join(found.kind.value for found in everything) or "none",
            ", ".join(_after(found.confirmed_at) for found in everything),
            ", ".join(_after(found.cleared_at) if found.cleared_at else "still there" for found in everything),
            ", ".join(f"{found.box.iou(truth.box):.2f}" for truth, found in on_things),
            "ok" if outcome.right else "[red]different[/]",
        )
    return table


def _troubled(interval_s: float, card: Path) -> Iterator[tuple[str, list[Outcome]]]:
    for name, trouble in TROUBLES.items():
        yield name, [judge_looks(scene, trouble(looks_of(scene, interval_s), scene.truths), interval_s, card) for scene in SCENES]


def _pasted(interval_s: float) -> tuple[int, int, int]:
    """Objects that the static eye was sure of, objects pasted in, and false ones."""
    movers = KnownMovers()
    scores = [score(scene, staged, movers) for scene, staged in pasted_scenes(interval_s)]
    return sum(one.hits for one in scores), sum(len(one.found) for one in scores), sum(len(one.false) for one in scores)


def _ratio(outcomes: list[Outcome]) -> str:
    return f"{sum(outcome.hits for outcome in outcomes)} of {sum(len(outcome.pairs) for outcome in outcomes)}"


def _where(outcomes: list[Outcome]) -> str:
    notes = [f"{outcome.name}: missed" for outcome in outcomes if outcome.hits < len(outcome.pairs)]
    return ", ".join([*notes, *(f"{outcome.name}: {_short(found)}" for outcome in outcomes for found in outcome.false)])


def _short(found: Violation) -> str:
    box = found.box
    return f"{found.kind.value} {_after(found.first_seen_at)} [{box.x_min:.2f} {box.y_min:.2f} {box.x_max:.2f} {box.y_max:.2f}]"


def _after(moment: datetime | None) -> str:
    seconds = (moment - UNKNOWN_EPOCH) / timedelta(seconds=1) if moment else 0.0
    return f"{seconds:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
