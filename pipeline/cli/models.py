"""``doorline models``: what is there, whether it is what its card says, fetching it when asked, and making one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.cli import training
from pipeline.cli.printing import ERRORS, OUT, print_error, table
from pipeline.errors import PipelineError

app = typer.Typer(help="List, verify and fetch models; label pictures, train, check and export models of your own.", no_args_is_help=True)
for _command in (training.label, training.train, training.check, training.export):
    app.command()(_command)
CardArgument = Annotated[Path, typer.Argument(readable=False, help="Model card, such as models/coco-yolo11n/card.yaml.")]


@app.command("list")
def list_models(folder: Annotated[Path, typer.Argument(help="Folder of models.")] = Path("models")) -> None:
    """List models, whether their weights are there and unchanged, and recipes not trained yet. Exit code 2 if a card is refused."""
    from pipeline.detectors import load_card, verify_model

    shown = table("", "card", "title", "format", "classes", "weights")
    refused: list[PipelineError] = []
    for path in sorted(folder.glob("*/card*.yaml")):
        try:
            card = load_card(path)
        except PipelineError as err:
            refused.append(err)
            continue
        try:
            verify_model(card)
            state = "[green]ok[/]"
        except PipelineError as err:
            state = f"[yellow]{escape(err.what)}[/]"
        shown.add_row(escape(str(path)), escape(card.title), card.format, str(len(card.classes)), state)
    for path in sorted(folder.glob("*/recipe.yaml")):
        if not path.with_name("card.yaml").exists():
            shown.add_row(escape(str(path)), "a recipe", "", "", "[yellow]not trained yet: doorline models train[/]")
    OUT.print(shown if shown.row_count else f"{escape(str(folder))}: no model cards (NAME/card.yaml)")
    for refusal in refused:
        print_error(refusal)
    if refused:
        raise typer.Exit(2)


@app.command()
def verify(card: CardArgument) -> None:
    """Check the weights against the hash in the card. Exit code 2 if they differ."""
    from pipeline.detectors import load_card, verify_model

    digest = verify_model(load_card(card))
    OUT.print(f"[green]ok[/] {escape(str(card))}: sha256 {digest}", soft_wrap=True)


@app.command()
def fetch(card: CardArgument) -> None:
    """Download the weights that the card names, and check them. Nothing else ever downloads anything."""
    from pipeline.detectors import fetch_model

    def tell(done: int, total: int | None) -> None:
        if ERRORS.is_terminal:
            ERRORS.print(f"\r{done / 1e6:.1f} of {total / 1e6:.1f} MB" if total else f"\r{done / 1e6:.1f} MB", end="")

    path = fetch_model(card, progress=tell)
    if ERRORS.is_terminal:
        ERRORS.print()
    OUT.print(f"[green]fetched[/] {escape(str(path))}", soft_wrap=True)
