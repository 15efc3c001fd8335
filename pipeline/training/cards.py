"""Figures for people and for machines, and the cards of a model that was exported."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from pipeline.detectors.model_card import hash_weights
from pipeline.training.check import CheckReport, StreetFigures
from pipeline.training.classes import CLASSES, ROLES
from pipeline.training.export import Export
from pipeline.training.recipe import Recipe
from pipeline.training.scoring import Scores
from pipeline.whole_files import write_aside

FIGURES = "figures.json"
_DIGITS = 3


def figures_of(report: CheckReport) -> dict[str, Any]:
    """A check as plain values, rounded: share of 1, or what the key says."""
    streets, real = report.streets, report.real
    return {
        "streets": {
            "large": _scores(streets.large),
            "everything": _scores(streets.everything),
            "ms_per_picture": round(streets.ms_per_picture, 1),
        }
        if streets
        else None,
        "real": {"model": _scores(real.model), "base": _scores(real.base), "person_ap50_lost": _rounded(real.loss_of("person"))}
        if real
        else None,
        "negatives": [
            {"source": each.source, "pictures": each.pictures, "false_things": each.false_things, "per_ten": _rounded(each.per_ten)}
            for each in report.negatives
        ],
    }


def export_figures(made: Export) -> dict[str, Any]:
    """What INT8 costs and saves, as plain values."""
    return {
        "calibration_pictures": made.calibrated_on,
        "map50_95": {
            each.pictures: {
                "float": _rounded(each.float_model.map50_95),
                "int8": _rounded(each.int8_model.map50_95),
                "lost": _rounded(each.loss),
            }
            for each in made.comparisons
        },
        "ms_per_picture": {"float": round(made.float_ms, 1), "int8": round(made.int8_ms, 1), "ratio": _rounded(made.time_ratio)},
    }


def write_cards(folder: Path, recipe: Recipe, weights: Path, made: Export, report: CheckReport) -> tuple[Path, Path]:
    """Put the checkpoint, ``card.yaml`` (INT8, for CPUs), ``card-float.yaml`` (the checkpoint) and the figures into a model's folder.

    ``report`` is that of the INT8 model. Returns the two cards.
    """
    folder.mkdir(parents=True, exist_ok=True)
    checkpoint = folder / f"{recipe.name}.pt"
    if weights.resolve() != checkpoint.resolve():
        shutil.copyfile(weights, checkpoint)
    figures = {"int8": figures_of(report), "export": export_figures(made)}
    _write(folder / FIGURES, json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    told = "".join(f"# {line}".rstrip() + "\n" for line in _lines(report, made))
    int8, full = folder / "card.yaml", folder / "card-float.yaml"
    _write(int8, _card(recipe, "INT8, for CPUs", "openvino", made.int8_model, folder, told))
    _write(full, _card(recipe, "float, for GPUs", "pt", checkpoint, folder, "# Figures: see card.yaml, which is the same model in INT8.\n"))
    return int8, full


def _card(recipe: Recipe, kind: str, form: str, weights: Path, folder: Path, told: str) -> str:
    card: dict[str, Any] = {
        "name": recipe.name if form == "openvino" else f"{recipe.name}-float",
        "title": f"{recipe.title} ({kind})",
        "format": form,
        "weights": weights.resolve().relative_to(folder.resolve()).as_posix(),
        "sha256": hash_weights(weights),
    }
    if weights.is_file():
        card["bytes"] = weights.stat().st_size
    card |= {"image_size": recipe.image_size, "licence": "AGPL-3.0", "classes": {name: ROLES[name].value for name in CLASSES}}
    if recipe.min_confidence:
        card["min_confidence"] = dict(recipe.min_confidence)
    head = "# Written by: doorline models export (docs/training.md); trained as recipe.yaml says.\n"
    return head + told + yaml.safe_dump(card, sort_keys=False, allow_unicode=True, width=140)


def _lines(report: CheckReport, made: Export) -> Iterator[str]:
    """The figures in words. Only what was measured."""
    if report.streets:
        yield from _street_lines(report.streets)
    if report.real:
        yield f"On {report.real.model.pictures} real pictures never trained on, AP50 (in brackets: the COCO model it began from):"
        for name, after in report.real.model.classes.items():
            before = report.real.base.classes[name]
            yield f"  {name:12} {after.ap50:.3f} ({before.ap50:.3f})  {after.things} things"
    if report.negatives:
        pictures, wrong = (sum(values) for values in zip(*((each.pictures, each.false_things) for each in report.negatives), strict=True))
        yield f"Footage of streets where nothing was put down: {wrong} false goods, tables and stalls in {pictures} pictures."
    for each in made.comparisons:
        yield f"INT8 against float on {each.pictures}: mAP50-95 {each.int8_model.map50_95:.3f} against {each.float_model.map50_95:.3f}."
    yield (
        f"Time of a picture, one thread, taking turns: INT8 {made.int8_ms:.1f} ms, float {made.float_ms:.1f} ms, "
        f"ratio {made.time_ratio:.2f}; calibrated on {made.calibrated_on} pictures."
    )


def _street_lines(streets: StreetFigures) -> Iterator[str]:
    yield f"On {streets.large.pictures} rendered pictures of streets and things never trained on:"
    for scores, what in (
        (streets.large, "things at least 30 % visible and 32 px large at a width of 640"),
        (streets.everything, "everything, slivers and all"),
    ):
        yield f"  mAP50 {scores.map50:.3f}, mAP50-95 {scores.map50_95:.3f} over {what}"
    for name, each in streets.large.classes.items():
        yield f"  {name:12} AP50 {each.ap50:.3f}, AP50-95 {each.ap50_95:.3f}  {each.things} things"


def _scores(scores: Scores) -> Mapping[str, Any]:
    return {
        "pictures": scores.pictures,
        "map50": _rounded(scores.map50),
        "map50_95": _rounded(scores.map50_95),
        "classes": {
            name: {"things": each.things, "ap50": _rounded(each.ap50), "ap50_95": _rounded(each.ap50_95)}
            for name, each in scores.classes.items()
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _write(path: Path, text: str) -> None:
    write_aside(path, text.encode())
