"""``doorline status``: how a running ``doorline run`` is doing."""

from __future__ import annotations

import time
from typing import Annotated, Any

import typer
from rich.live import Live
from rich.markup import escape
from rich.table import Table

from pipeline.asking_health import ask_status
from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import OUT, print_json, table
from pipeline.errors import ConfigError

_MIB = 2**20


def status(
    config: ConfigOption,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Stay, and show it anew every two seconds.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Show what a running "doorline run" watches. Exit code 1 if it does not answer, or any camera is not watched."""
    from pipeline.config_files import load_settings

    address = load_settings(config).live.health
    if not address:
        raise ConfigError("the configuration names no health page", where=str(config), expected="live.health, such as 127.0.0.1:9108")
    values = ask_status(address)
    if as_json:
        print_json(values)
    elif watch:
        _stay(address, values)
    else:
        OUT.print(_table(values))
    raise typer.Exit(0 if values["cameras"] and all(_is_well(camera) for camera in values["cameras"]) else 1)


def _is_well(camera: dict[str, Any]) -> bool:
    """Watched, or not its turn on a patrol."""
    return bool(camera["watched"] or camera["elsewhere"])


def _stay(address: str, values: dict[str, Any]) -> None:
    with Live(_table(values), console=OUT, auto_refresh=False) as shown:
        try:
            while True:
                time.sleep(2)
                shown.update(_table(ask_status(address)), refresh=True)
        except KeyboardInterrupt:
            return


def _table(values: dict[str, Any]) -> Table:
    cameras = sorted(values["cameras"], key=lambda camera: (_is_well(camera), not camera["fault"], camera["camera_id"]))
    delay = values.get("delay_s", {}).get("p95")
    heads = [
        f"{values.get('watched', 0)} of {len(cameras)} cameras watched",
        f"delay p95 {delay:.1f} s" if delay is not None else "",
        f"looks {values['stretch']:.1f} times as far apart" if values.get("stretch", 1) > 1 else "",
        "the machine's clock was set" if values.get("clock_parted") else "",
        f"changed files are not in force: {escape(values['refused'])}" if values.get("refused") else "",
        f"{values['disk_free_bytes'] / 2**30:.0f} GiB free" if values.get("disk_free_bytes") is not None else "",
        f"disk {values['disk']}" if values.get("disk", "ok") != "ok" else "",
    ]
    title = ", ".join(head for head in heads if head)
    shown = table(title, "camera", "", "last result", "looks", "gaps", "dropped", "kept back", "open", "zones", "trouble")
    for camera in cameras:
        age = camera["result_age_s"]
        gaps = ", ".join(f"{reason} {count}" for reason, count in camera["gaps"].items())
        trouble = camera["fault"] or (f"looks don't count: {camera['gap']}" if camera["gap"] else "")
        shown.add_row(
            escape(camera["camera_id"]),
            "[green]watched[/]" if camera["watched"] else "elsewhere" if camera["elsewhere"] else f"[red]{camera['state']}[/]",
            "never" if age is None else f"{age:.0f} s ago",
            str(camera["looks"]),
            gaps,
            str(camera["dropped"]),
            f"{camera['ring_s']:.0f} s, {camera['ring_bytes'] / _MIB:.1f} MiB",
            str(camera["open_violations"]),
            escape(camera.get("zone_version", "").rpartition("-")[0]),
            escape(trouble),
        )
    return shown
