"""``doorline zones``: check polygons and shops, see them on the picture, and bring in those that were drawn elsewhere."""

from __future__ import annotations

import getpass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT, counted, print_faults
from pipeline.errors import ConfigError, FaultsError, SourceError

app = typer.Typer(help="Check zones and shops, draw them on the picture, and bring in what was drawn elsewhere.", no_args_is_help=True)


@app.command()
def check(
    config: ConfigOption,
    on: Annotated[str | None, typer.Option(help="Local day on which tenancies are looked up, such as 2024-01-31.")] = None,
) -> None:
    """List every fault of all zones and of the shop list at once. Exit code 2 if there is any."""
    from pipeline.config_files import load_settings
    from pipeline.zones.zone_files import check_zones

    report = check_zones(load_settings(config), on=_day("--on", on) if on else None)
    for warning in report.warnings:
        ERRORS.print(f"[yellow]warning[/] {escape(warning)}", soft_wrap=True)
    if report.faults:
        ERRORS.print(f"[bold red]{counted(len(report.faults), 'fault')}[/]")
        print_faults(report.faults)
        raise typer.Exit(2)
    for zones in report.cameras:
        OUT.print(f"[green]ok[/] {escape(zones.camera_id)}: {counted(len(zones.zones), 'zone')}, version {zones.version}", soft_wrap=True)


@app.command()
def preview(
    clip: Annotated[str, typer.Argument(help="Footage of the camera.")],
    config: ConfigOption,
    camera: Annotated[str | None, typer.Option(help="Camera of the footage; else told by file name.")] = None,
    at: Annotated[float, typer.Option(min=0, help="Seconds from the start of the footage.")] = 0.0,
    output: Annotated[Path, typer.Option("--output", "-o", help="PNG to write.")] = Path("zones.png"),
) -> None:
    """Draw the zones of a camera on a picture of its footage, as a PNG."""
    from pipeline.archive.finding import plan_sources
    from pipeline.config_files import load_settings
    from pipeline.previewing import picture_of, write_png
    from pipeline.shops import load_shops
    from pipeline.zones.zone_files import load_zones

    settings = load_settings(config)
    (source, *_) = plan_sources(settings.cameras, [clip], camera)
    if source.camera is None:
        raise SourceError(source.fault)
    shops = load_shops(settings.shops) if settings.shops else None
    try:
        zones = load_zones(source.camera.zones, camera_id=source.camera.id, shops=shops)
    except FaultsError as err:
        raise FaultsError("zones refused", err.faults) from err
    write_png(picture_of(source.uri, source.camera.id, at), zones, shops, output)
    OUT.print(
        f"{escape(str(output))}: {counted(len(zones.zones), 'zone')} of {escape(zones.camera_id)}, version {zones.version}", soft_wrap=True
    )


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(readable=False, help="What labelme, CVAT or Label Studio exported, or another zone file.")],
    camera: Annotated[str, typer.Option(help="Camera whose zones these are.")],
    config: ConfigOption,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Zone file to write; else it is printed.")] = None,
    author: Annotated[str | None, typer.Option(help="Who drew it; else the user of this machine.")] = None,
    reason: Annotated[str | None, typer.Option(help="Why it was drawn; else the name of the file.")] = None,
) -> None:
    """Make a zone file of polygons that were drawn in labelme, CVAT or Label Studio. What is in force stays in force."""
    from pipeline.config_files import load_settings
    from pipeline.revising.importing_zones import ImportOrder, import_file
    from pipeline.shops import load_shops
    from pipeline.whole_files import write_whole

    settings = load_settings(config)
    shops = load_shops(settings.shops) if settings.shops else None
    drawn_by, why = author or _user(), reason or file.name
    made = import_file(file, ImportOrder(settings, camera, shops, out, drawn_by, why, datetime.now(UTC)))
    for line in made.notes:
        ERRORS.print(f"[yellow]note[/] {escape(line)}", soft_wrap=True)
    for line in made.faults:
        ERRORS.print(f"[yellow]to put right[/] {escape(line)}", soft_wrap=True)
    if out is None:
        typer.echo(made.raw.decode(), nl=False)
        return
    write_whole(out, made.raw)
    zones = counted(made.zones, "zone")
    OUT.print(f"{escape(str(out))}: {zones} of {escape(camera)}, version {made.version}, from {made.source}", soft_wrap=True)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # one that the machine has no name for
        return "?"


def _day(option: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as err:
        raise ConfigError("not a day", where=option, expected="a day such as 2024-01-31", found=text) from err
