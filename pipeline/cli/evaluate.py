"""``doorline evaluate``: how good a run is, per event, against what really happened."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, counted, print_faults
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.config import DoorlineSettings
    from pipeline.evaluation.judged import JudgedSource


def evaluate(
    truth: Annotated[list[Path], typer.Argument(readable=False, help="Truth files (*.truth.json), or folders of them.")],
    config: ConfigOption,
    run: Annotated[str, typer.Option(help='Recorded run: "latest", or a run id or its beginning.')] = "latest",
    log: Annotated[
        list[Path] | None, typer.Option(readable=False, help="Judge these observation logs again instead of a recorded run.")
    ] = None,
    dwell: Annotated[
        Literal["truth", "config"], typer.Option(help="Whose dwell says what is due: that of the truth files, or the configuration's.")
    ] = "truth",
    json_file: Annotated[Path | None, typer.Option("--json", help="Write all figures and results to this file.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write a page with timelines and pictures into this folder.")] = None,
    clips: Annotated[Path | None, typer.Option(help="Folder of the footage; else beside the truth, or where the run found it.")] = None,
    require: Annotated[list[str] | None, typer.Option(help="Such as recall=0.95 or wrong-shop=0. Exit code 1 if not reached.")] = None,
    tolerance: Annotated[float, typer.Option(min=0.0, help="Seconds that event and find may lie apart.")] = 3.0,
    min_cover: Annotated[float, typer.Option(min=0.0, max=1.0, help="Share of the smaller box that must lie in the other.")] = 0.5,
    min_iou: Annotated[float, typer.Option(min=0.0, max=1.0, help="Intersection over union that both boxes must have.")] = 0.1,
    margin: Annotated[float, typer.Option(min=0.0, help="Seconds around the dwell in which an event counts neither way.")] = 6.0,
) -> None:
    """Compare what a run found with what really happened, event by event. Exit code 1 if a figure of --require is not reached."""
    from pipeline.cli.evaluation_tables import print_evaluation
    from pipeline.config_files import load_settings
    from pipeline.evaluation.demands import parse_demands, unmet_demands
    from pipeline.evaluation.evaluate import dwells_of_configuration, dwells_of_truth
    from pipeline.evaluation.evaluate import evaluate as compare
    from pipeline.evaluation.judged import judged_clips, outside_of_truth
    from pipeline.evaluation.matching import MatchSettings
    from pipeline.evaluation.page import write_page
    from pipeline.evaluation.result_json import write_json
    from pipeline.evaluation.truth_files import load_truths

    demands = parse_demands(require or ())
    settings = load_settings(config)
    truths = load_truths(truth)
    judged_by, sources = _sources(settings, run, log)
    judged = judged_clips(truths, sources)
    result = compare(
        judged,
        dwells_of_truth(settings) if dwell == "truth" else dwells_of_configuration(settings),
        MatchSettings(tolerance, min_cover, min_iou, margin),
        judged_by=judged_by,
        outside=outside_of_truth(judged, sources),
    )
    print_evaluation(result)
    if json_file:
        write_json(result, json_file)
        OUT.print(f"[dim]figures[/] {escape(str(json_file))}", soft_wrap=True)
    if page:
        written, unseen = write_page(result, page, clips)
        OUT.print(f"[dim]page[/] {escape(str(written))}", soft_wrap=True)
        for line in unseen:
            ERRORS.print(f"[yellow]no picture[/] {escape(line)}", soft_wrap=True)
    if not result.clips:
        hint = "Run doorline batch on these clips first, or give --run or --log"
        raise ConfigError("no clip of the truth was judged", where=judged_by, expected=f"one of {counted(len(truths), 'clip')}", hint=hint)
    unmet = unmet_demands(demands, result)
    if unmet:
        ERRORS.print(f"[bold red]not reached[/] {counted(len(unmet), 'demand')}")
        print_faults(unmet)
        raise typer.Exit(1)


def _sources(settings: DoorlineSettings, run: str, logs: list[Path] | None) -> tuple[str, tuple[JudgedSource, ...]]:
    """What judged, in words, and what it found."""
    from pipeline.evaluation.recorded import recorded_sources, replayed_sources
    from pipeline.records import Records

    if logs:
        sources = replayed_sources(logs, settings)
        return f"{counted(len(sources), 'log')} judged again", sources
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s, create=False) as records:
        run_id = records.find_run(run).run_id
        return f"run {run_id}", recorded_sources(records, run_id, settings.observations)
