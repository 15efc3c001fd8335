"""The commands together, and how an error is shown."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipeline import __version__
from pipeline.cli import (
    accounts,
    batch,
    cameras,
    cases,
    compare,
    coverage,
    evaluate,
    models,
    notify,
    records,
    replay,
    review,
    run,
    status,
    tokens,
    zones,
)
from pipeline.cli.logs import set_up_logs
from pipeline.cli.printing import print_error
from pipeline.errors import ConfigError, ModelError, PipelineError

app = typer.Typer(
    name="doorline",
    help="Street-front enforcement by camera: footage in, violation records with evidence out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("batch")(batch.batch)
app.command("run")(run.run)
app.command("status")(status.status)
app.command("coverage")(coverage.coverage)
app.command("review")(review.review)
app.command("replay")(replay.replay)
app.command("compare")(compare.compare)
app.command("evaluate")(evaluate.evaluate)
app.add_typer(cameras.app, name="cameras")
app.add_typer(zones.app, name="zones")
app.add_typer(models.app, name="models")
app.add_typer(records.app, name="records")
app.add_typer(notify.app, name="notify")
app.add_typer(cases.app, name="cases")
app.add_typer(accounts.app, name="accounts")
app.add_typer(tokens.app, name="tokens")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"doorline {__version__}")
        raise typer.Exit


@app.callback()
def _start(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more of what is going on.")] = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log lines on standard error as JSON.")] = False,
    version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    set_up_logs(verbose=verbose, as_json=log_json)


def main() -> None:
    """Run the command line; never returns."""
    try:
        app(prog_name="doorline")
    except PipelineError as err:
        print_error(err)
        sys.exit(2 if isinstance(err, ConfigError | ModelError) else 1)
    except OSError as err:
        print_error(PipelineError("the system refuses", where=str(err.filename or ""), found=err.strerror or str(err)))
        sys.exit(1)
