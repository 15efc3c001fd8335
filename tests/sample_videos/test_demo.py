"""The demo end to end: its clip, judged with its configuration, gives what its truth says, no more and no less."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.config import DoorlineSettings
from pipeline.config_files import load_settings
from pipeline.evaluation.due import Verdict
from pipeline.evaluation.evaluate import dwells_of_truth, evaluate
from pipeline.evaluation.judged import judged_clips
from pipeline.evaluation.matching import MatchSettings, Outcome, Pairing
from pipeline.evaluation.recorded import recorded_sources
from pipeline.evaluation.truth_files import load_truths
from pipeline.records import Records

PROJECT = Path(__file__).parents[2]
DEMO = PROJECT / "configs" / "demo.yaml"
CLIP = PROJECT / "sample_videos" / "CAM24_20260512_094200.mp4"
TRUTH = CLIP.with_suffix(".truth.json")
MATCH = MatchSettings()


@pytest.mark.long
def test_the_demo_finds_what_its_truth_says(tmp_path: Path) -> None:
    config = _demo_in(tmp_path)
    doorline = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    done = subprocess.run([*doorline, "batch", str(CLIP), "--config", str(config), "--json"], capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stderr
    settings = load_settings(config)
    (truth,) = load_truths([TRUTH])
    with Records.open(settings.records.url, create=False) as records:
        sources = recorded_sources(records, records.find_run("latest").run_id, settings.observations)
        violations = list(records.list_violations())
    result = evaluate(judged_clips([truth], sources), dwells_of_truth(settings), MATCH, judged_by="demo")
    (clip,) = result.clips
    due = [claim.event for claim in clip.claims if claim.verdict is Verdict.DUE]
    assert [event.name for event in due] == ["fruit set out", "cartons left", "breakfast stall"]
    found = [(pairing.outcome, pairing.claim and pairing.claim.event.name, pairing.reason) for pairing in clip.pairings]
    assert found == [(Outcome.HIT, event.name, "") for event in due]
    for pairing in clip.pairings:
        _check(pairing)
    assert result.whole.attribution.value == 1.0
    assert [violation.first_seen_at for violation in violations] == [
        truth.starts_at + timedelta(seconds=violation.first_seen_media_s) for violation in violations
    ]


def test_the_demo_is_judged_as_the_sample_is() -> None:
    """configs/demo.yaml is written by hand, for people to read; it says what the made configs/samples/three_kinds.yaml says."""
    assert _what_judges(DEMO) == _what_judges(PROJECT / "configs" / "samples" / "three_kinds.yaml")


def test_make_demo_runs_this_clip_with_this_configuration() -> None:
    recipe = (PROJECT / "Makefile").read_text(encoding="utf-8").split("\ndemo:")[1].splitlines()[1]
    clip, config = CLIP.relative_to(PROJECT), DEMO.relative_to(PROJECT)
    assert recipe.strip().endswith(f"/doorline batch {clip} --config {config}")


def _demo_in(folder: Path) -> Path:
    """The demo's configuration, word for word but for its paths: results go into ``folder``, all else stays where it is."""
    text = DEMO.read_text(encoding="utf-8").replace("../out/demo", str(folder / "out")).replace("../", f"{PROJECT}/")
    path = folder / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _what_judges(config: Path) -> dict[str, object]:
    """Everything that decides what is found and recorded, without the places that it is written to."""
    settings: DoorlineSettings = load_settings(config)
    values = settings.model_dump(exclude={"observations", "records"})
    values["evidence"].pop("folder")
    values["live"].pop("folder")
    return values


def _check(pairing: Pairing) -> None:
    """Kind, shop and times of a hit: within what ``doorline evaluate`` calls the same time and a candidate in time."""
    claim, found = pairing.claim, pairing.found
    assert claim is not None
    assert found is not None
    assert claim.due_at_s is not None
    event = claim.event
    assert (found.kind, tuple(sorted(found.shop_codes))) == (event.kind, event.shop_codes), event.name
    assert abs(found.first_seen_s - event.began_s) <= MATCH.tolerance_s, event.name
    assert claim.due_at_s - MATCH.tolerance_s <= found.confirmed_s <= claim.due_at_s + MATCH.margin_s, event.name
    assert event.ended_s is None, "everything in this clip stands to its end"
    assert found.cleared_s is None, event.name
