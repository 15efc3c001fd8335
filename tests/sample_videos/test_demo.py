"""The demo end to end: its clip, judged with its configuration, gives what its truth says, no more and no less."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from pipeline.config_files import load_settings
from pipeline.evaluation.due import Verdict
from pipeline.evaluation.evaluate import dwells_of_truth, evaluate
from pipeline.evaluation.judged import judged_clips
from pipeline.evaluation.matching import MatchSettings, Outcome, Pairing
from pipeline.evaluation.recorded import recorded_sources
from pipeline.evaluation.truth_files import load_truths
from pipeline.records import Records

PROJECT = Path(__file__).parents[2]
CLIP = PROJECT / "sample_videos" / "CAM01_20260512_094200.mp4"
TRUTH = CLIP.with_suffix(".truth.json")
SEEN_WITHIN_S = 6.0
CONFIRMED_WITHIN_S = 12.0
"""How much later than the dwell a candidate may come: the eye has to be sure first, people walk in front."""


@pytest.mark.long
def test_the_demo_finds_what_its_truth_says(tmp_path: Path) -> None:
    settings = yaml.safe_load((PROJECT / "configs" / "demo.yaml").read_text(encoding="utf-8"))
    settings["cameras"][0]["zones"] = str(PROJECT / "zones" / "CAM01.geojson")
    settings |= {"shops": str(PROJECT / "zones" / "shops.csv"), "observations": str(tmp_path / "observations")}
    settings["evidence"]["folder"] = str(tmp_path / "evidence")
    settings["records"]["url"] = f"sqlite:///{tmp_path / 'doorline.db'}"
    config = tmp_path / "demo.yaml"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    doorline = [sys.executable, "-c", "from pipeline.cli import main; main()"]
    subprocess.run([*doorline, "batch", str(CLIP), "--config", str(config), "--json"], check=True, capture_output=True, timeout=280)
    (truth,) = load_truths([TRUTH])
    with Records.open(settings["records"]["url"], create=False) as records:
        sources = recorded_sources(records, records.find_run("latest").run_id, tmp_path / "observations")
        (first, *_) = records.list_violations()
    result = evaluate(judged_clips([truth], sources), dwells_of_truth(load_settings(config)), MatchSettings(), judged_by="demo")
    (clip,) = result.clips
    due = [claim.event.name for claim in clip.claims if claim.verdict is Verdict.DUE]
    assert due == ["crates carried out", "paint and cartons", "pile of cartons"]
    assert [(one.outcome, one.reason) for one in clip.pairings] == [(Outcome.HIT, "")] * len(due)
    assert (result.whole.due, result.whole.unwanted, result.whole.attribution.value) == (len(due), 0, 1.0)
    for pairing in clip.pairings:
        _check_times(pairing, truth.dwell.clear_span_s if truth.dwell else 0.0)
    assert first.first_seen_at == truth.starts_at + timedelta(seconds=first.first_seen_media_s)


def test_the_truth_names_the_dwell_of_the_configuration() -> None:
    (truth,) = load_truths([TRUTH])
    dwell = load_settings(PROJECT / "configs" / "demo.yaml").rules.dwell
    assert truth.dwell is not None
    assert truth.dwell.model_dump(exclude={"min_present_share"}) == dwell.model_dump(exclude={"min_present_share"})


def _check_times(pairing: Pairing, clear_span_s: float) -> None:
    claim, found = pairing.claim, pairing.found
    assert claim is not None
    assert found is not None
    assert claim.due_at_s is not None
    event = claim.event
    assert event.began_s <= found.first_seen_s <= event.began_s + SEEN_WITHIN_S, event.name
    assert claim.due_at_s <= found.confirmed_s <= claim.due_at_s + CONFIRMED_WITHIN_S, event.name
    # The static eye takes the shadow at a thing's foot with it, so boxes are somewhat larger than the thing.
    assert max(found.box.iou(span.box) for span in event.boxes) >= 0.3, event.name
    if event.ended_s is None:
        assert found.cleared_s is None, event.name
    else:
        earliest = event.ended_s + clear_span_s
        assert found.cleared_s is not None
        assert earliest <= found.cleared_s <= earliest + CONFIRMED_WITHIN_S, event.name
