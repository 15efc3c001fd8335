"""An evaluation as plain JSON values, for machines and for comparing two runs. Pure."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.evaluation.due import Claim
from pipeline.evaluation.evaluate import Evaluation
from pipeline.evaluation.figures import EvaluatedClip, Figures
from pipeline.evaluation.judged import Found, JudgedClip
from pipeline.evaluation.matching import Pairing
from pipeline.whole_files import write_whole

FORMAT = "doorline-evaluation-1"


def as_json_text(evaluation: Evaluation) -> str:
    """Canonical text: the same evaluation gives the same bytes. Numbers to six digits after the point."""
    return json.dumps(_rounded(as_json(evaluation)), ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False) + "\n"


def write_json(evaluation: Evaluation, path: Path) -> None:
    """Write ``as_json_text`` in one step. PipelineError if the disk refuses."""
    write_whole(path, as_json_text(evaluation).encode())


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """All figures, and what became of each event and find."""
    return {
        "format": FORMAT,
        "judged_by": evaluation.judged_by,
        "matching": asdict(evaluation.settings),
        "figures": _figures(evaluation.whole),
        "by": {breakdown.by: [_figures(one) for one in breakdown.groups] for breakdown in evaluation.breakdowns},
        "clips": [_clip(clip) for clip in evaluation.clips],
        "not_judged": [_not_judged(one) for one in evaluation.not_judged],
        "found_outside_of_truth": evaluation.outside,
    }


def _figures(figures: Figures) -> dict[str, Any]:
    return asdict(figures)


def _clip(clip: EvaluatedClip) -> dict[str, Any]:
    truth = clip.judged.truth
    return {
        "clip": truth.name,
        "truth": truth.file.name,
        "camera_id": truth.camera_id,
        "starts_at": truth.starts_at.isoformat(),
        "length_s": truth.length_s,
        "conditions": asdict(truth.conditions),
        "held_out": truth.held_out,
        "events": [_event(claim) for claim in clip.claims],
        "results": [_pairing(pairing) for pairing in clip.pairings],
    }


def _not_judged(judged: JudgedClip) -> dict[str, Any]:
    return {"clip": judged.truth.name, "truth": judged.truth.file.name, "camera_id": judged.truth.camera_id, "why": judged.problem}


def _pairing(pairing: Pairing) -> dict[str, Any]:
    claim = pairing.claim
    return {
        "outcome": pairing.outcome.value,
        "reason": pairing.reason,
        "attribution": pairing.attribution.value if pairing.attribution else None,
        "event": claim and claim.event.name,
        "found": pairing.found and _found(pairing.found),
    }


def _event(claim: Claim) -> dict[str, Any]:
    return {
        "name": claim.event.name,
        "kind": claim.event.kind.value,
        "verdict": claim.verdict.value,
        "reason": claim.reason,
        "shop_codes": list(claim.event.shop_codes),
        "place": claim.event.place,
        "began_s": claim.event.began_s,
        "ended_s": claim.event.ended_s,
        "due_at_s": claim.due_at_s,
        "seen_s": claim.seen_s,
    }


def _found(found: Found) -> dict[str, Any]:
    box = found.box
    return {
        "violation_id": found.violation_id,
        "kind": found.kind.value,
        "shop_codes": list(found.shop_codes),
        "place": found.place,
        "labels": list(found.labels),
        "box": [box.x_min, box.y_min, box.x_max, box.y_max],
        "first_seen_s": found.first_seen_s,
        "confirmed_s": found.confirmed_s,
        "last_seen_s": found.last_seen_s,
        "cleared_s": found.cleared_s,
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(item) for item in value]
    return value
