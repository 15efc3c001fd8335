"""``doorline cameras``: are the cameras there, and what do they send?"""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, counted, print_json, table
from pipeline.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.probing import ProbedCamera

app = typer.Typer(help="See whether the cameras' live streams are there, and what they are like.", no_args_is_help=True)


@app.command()
def probe(
    config: ConfigOption,
    camera: Annotated[list[str] | None, typer.Option(help="This camera alone; may be given several times.")] = None,
    seconds: Annotated[float, typer.Option(min=0.5, max=600, help="How long each stream is watched.")] = 8.0,
    save: Annotated[Path | None, typer.Option(help="Folder that gets a picture of each camera, to draw zones on.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Connect to the live stream of each camera and measure it: picture, rate, key frames, bits. Exit code 1 if any can't be watched."""
    from pipeline.config_files import load_settings
    from pipeline.probing import probe_cameras

    settings = load_settings(config)
    unknown = sorted(set(camera or ()) - {each.id for each in settings.cameras})
    if unknown:
        known = ", ".join(each.id for each in settings.cameras)
        raise ConfigError("no such camera", where="--camera", expected=known, found=", ".join(unknown))
    wanted = [each for each in settings.cameras if camera is None or each.id in camera]
    probed = list(probe_cameras(wanted, settings, seconds=seconds, save=save, monotonic=time.monotonic))
    if as_json:
        print_json({"cameras": [_values(each) for each in probed]})
    else:
        _print(probed)
    faults = [(each.camera_id, fault) for each in probed if (fault := _fault(each, seconds))]
    for name, fault in faults:
        ERRORS.print(f"[bold red]error[/] camera {escape(name)}: {escape(fault)}", soft_wrap=True)
    if faults:
        raise typer.Exit(1)


def _fault(each: ProbedCamera, seconds: float) -> str | None:
    if each.report is not None and each.report.picture is None:
        return f"no picture could be decoded in {seconds:g} s. Where key frames are rare, give more --seconds"
    return each.error


def _print(probed: list[ProbedCamera]) -> None:
    shown = table("Live streams", "camera", "codec", "picture", "pictures/s", "key frames", "kbit/s", "first picture", "")
    for each in probed:
        report = each.report
        if report is None:
            shown.add_row(escape(each.camera_id), *[""] * 6, "[red]not there[/]")
            continue
        remarks = [
            "has B-frames" if report.reorders else "",
            f"{counted(report.unstamped, 'packet')} without time" if report.unstamped else "",
            "ended" if report.ended else "",
            "" if report.picture is not None else "[red]no picture[/]",
        ]
        shown.add_row(
            escape(each.camera_id),
            report.codec,
            f"{report.width_px}x{report.height_px}",
            _number(report.pictures_per_s, ".1f"),
            _number(report.longest_key_interval_s, ".1f", "every ", " s"),
            _number(report.kbit_per_s, ".0f"),
            _number(report.picture_after_s, ".1f", "after ", " s"),
            ", ".join(remark for remark in remarks if remark) or "[green]ok[/]",
        )
    OUT.print(shown)
    for each in probed:
        if each.saved is not None:
            OUT.print(f"picture {escape(str(each.saved))}", soft_wrap=True)


def _number(value: float | None, form: str, before: str = "", after: str = "") -> str:
    return "?" if value is None else f"{before}{value:{form}}{after}"


def _values(each: ProbedCamera) -> dict[str, Any]:
    report = each.report
    values: dict[str, Any] = {"camera": each.camera_id, "error": each.error, "saved": str(each.saved) if each.saved else None}
    if report is not None:
        fields = (field.name for field in dataclasses.fields(report) if field.name != "picture")
        values |= {name: getattr(report, name) for name in fields} | {"has_picture": report.picture is not None}
    return values
