"""``doorline models label, train, check, export``: from pictures to a street model with its card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from pipeline.cli.printing import ERRORS, OUT, counted, print_json, table

if TYPE_CHECKING:
    from pipeline.training.check import CheckReport
    from pipeline.training.recipe import Roots
    from pipeline.training.scoring import Scores
    from pipeline.training.trainer import EpochReport

RecipeOption = Annotated[Path, typer.Option("--recipe", help="What is trained from what, and how.")]
PicturesOption = Annotated[
    Path | None, typer.Option("--pictures", help="Folder of pictures that were made here: rendered ones, labelled frames.")
]
RealOption = Annotated[Path | None, typer.Option("--real", help="Folder of real pictures, footage and the weights to begin from.")]
WeightsArgument = Annotated[
    Path,
    typer.Argument(help="A card.yaml, or weights of your own: a .pt file (loading it runs what is in it) or a ..._openvino_model folder."),
]
_STREET_N = Path("models/street-n/recipe.yaml")


def label(
    source: Annotated[Path, typer.Argument(help="A video, or a folder of pictures.")],
    out: Annotated[Path, typer.Option("--out", help="Gets images/, labels/ and ignored/.")],
    card: Annotated[Path, typer.Option("--card", help="A COCO model, the stronger the better.")] = Path("models/coco-yolo11n/card.yaml"),
    every: Annotated[float, typer.Option("--every", help="Seconds from one picture of a video to the next.")] = 1.0,
    sure: Annotated[float, typer.Option("--sure", help="Confidence from which on a detection is a label.")] = 0.5,
    unsure: Annotated[float, typer.Option("--unsure", help="Confidence from which on a detection is ignored in training.")] = 0.12,
    size: Annotated[int, typer.Option("--size", help="Longest side that the model sees, pixels.")] = 960,
    standing: Annotated[
        Path | None, typer.Option("--standing", help="Folder with labels.txt and ignored.txt: furniture of a fixed camera, drawn by hand.")
    ] = None,
) -> None:
    """Label real pictures with a COCO model: people, vehicles, chairs, tables, umbrellas. What it is unsure of is ignored in training."""
    from pipeline.detectors import load_card
    from pipeline.training.label import LabelSettings
    from pipeline.training.label import label as label_pictures

    done = label_pictures(load_card(card), source, out, LabelSettings(every, sure, unsure, size, standing))
    OUT.print(
        f"[green]labelled[/] {counted(done.pictures, 'picture')}: {counted(done.things, 'thing')}, {done.ignored} ignored", soft_wrap=True
    )


def train(
    recipe: RecipeOption = _STREET_N,
    pictures: PicturesOption = None,
    real: RealOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for checkpoints; default build/training/NAME.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a training that was stopped.")] = False,
    device: Annotated[str, typer.Option("--device", help="auto (a GPU where there is one), cpu, cuda:0.")] = "auto",
) -> None:
    """Train a model as a recipe says. Stopped at any moment, it goes on with --resume. Pictures that are held out are refused."""
    from pipeline.training.recipe import load_recipe
    from pipeline.training.train import train as train_model

    read = load_recipe(recipe)
    folder = out or Path("build/training") / read.name
    done = train_model(read, _roots(recipe, pictures, real), folder, resume=resume, device=device, progress=_print_epoch)
    OUT.print(
        f"[green]trained[/] {escape(str(done.weights))} on {done.device}: "
        f"{counted(done.pictures, 'picture')}, {done.real_pictures} of them real",
        soft_wrap=True,
    )


def check(
    weights: WeightsArgument,
    recipe: RecipeOption = _STREET_N,
    pictures: PicturesOption = None,
    real: RealOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Measure a model on what its recipe holds out: unseen streets, real people, footage where nothing should be found."""
    from pipeline.training.cards import figures_of
    from pipeline.training.check import check as check_model
    from pipeline.training.recipe import load_recipe
    from pipeline.training.seeing import street_eye

    read = load_recipe(recipe)
    report = check_model(street_eye(weights, read.image_size), read, _roots(recipe, pictures, real))
    if as_json:
        print_json(figures_of(report))
    else:
        _print_report(report)


def export(
    weights: Annotated[Path, typer.Argument(help="The .pt file that a training gave.")],
    recipe: RecipeOption = _STREET_N,
    pictures: PicturesOption = None,
    real: RealOption = None,
    out: Annotated[Path | None, typer.Option("--out", help="The model's folder; default: that of the recipe.")] = None,
    calibration: Annotated[int, typer.Option("--calibration", min=1, help="Pictures that the ranges of INT8 are read from.")] = 300,
) -> None:
    """Write OpenVINO exports in float and INT8, measure what INT8 costs and saves, and write the cards with all figures."""
    from pipeline.training.cards import write_cards
    from pipeline.training.check import check as check_model
    from pipeline.training.export import export as export_model
    from pipeline.training.recipe import load_recipe
    from pipeline.training.seeing import street_eye

    read, roots, folder = load_recipe(recipe), _roots(recipe, pictures, real), out or recipe.parent
    made = export_model(weights, read, roots, folder, calibration=calibration)
    report = check_model(street_eye(made.int8_model, read.image_size), read, roots)
    for card in write_cards(folder, read, weights, made, report):
        OUT.print(f"[green]written[/] {escape(str(card))}", soft_wrap=True)
    for each in made.comparisons:
        OUT.print(f"{each.pictures}: mAP50-95 {each.float_model.map50_95:.3f} in float, {each.int8_model.map50_95:.3f} in INT8")
    OUT.print(f"one picture: {made.float_ms:.1f} ms in float, {made.int8_ms:.1f} ms in INT8, ratio {made.time_ratio:.2f}")
    _print_report(report)


def _roots(recipe: Path, pictures: Path | None, real: Path | None) -> Roots:
    from pipeline.training.recipe import Root

    given = {Root.RECIPE: recipe.parent, Root.PICTURES: pictures, Root.REAL: real}
    return {root: path for root, path in given.items() if path is not None}


def _print_epoch(report: EpochReport) -> None:
    losses = ", ".join(f"{name.removesuffix('_loss')} {value:.3f}" for name, value in report.losses.items())
    ERRORS.print(
        f"phase {report.phase}, epoch {report.epoch}/{report.epochs}: {report.pictures_per_s:.1f} pictures/s, losses {losses}, "
        f"mAP50 {report.watching_map50:.3f} on pictures not trained on",
        soft_wrap=True,
    )


def _print_report(report: CheckReport) -> None:
    if report.streets:
        _print_scores("Unseen streets, large things", report.streets.large)
        _print_scores("Unseen streets, everything", report.streets.everything)
        OUT.print(f"{report.streets.ms_per_picture:.1f} ms per picture\n")
    if report.real:
        shown = table("Real pictures, AP50", "class", "things", "model", "base")
        for name, each in report.real.model.classes.items():
            shown.add_row(name, str(each.things), f"{each.ap50:.3f}", f"{report.real.base.classes[name].ap50:.3f}")
        OUT.print(shown)
    if report.negatives:
        shown = table("False goods, tables and stalls", "source", "pictures", "false", "per 10")
        for negative in report.negatives:
            shown.add_row(escape(negative.source), str(negative.pictures), str(negative.false_things), f"{negative.per_ten:.2f}")
        OUT.print(shown)
    if not (report.streets or report.real or report.negatives):
        OUT.print("nothing to measure on: give --pictures, --real or both")


def _print_scores(title: str, scores: Scores) -> None:
    shown = table(f"{title} ({counted(scores.pictures, 'picture')})", "class", "things", "AP50", "AP50-95")
    for name, each in scores.classes.items():
        shown.add_row(name, str(each.things), f"{each.ap50:.3f}", f"{each.ap50_95:.3f}")
    shown.add_row("mean", "", f"{scores.map50:.3f}", f"{scores.map50_95:.3f}")
    OUT.print(shown)
