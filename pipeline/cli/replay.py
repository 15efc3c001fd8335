"""``doorline replay``: judge an observation log again, without video or model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS
from pipeline.errors import ConfigError


def replay(
    log: Annotated[Path, typer.Argument(readable=False, help="Observation log (.jsonl) of a run.")],
    config: ConfigOption,
) -> None:
    """Print the violation events of a log, one JSON line each. The same log and rules give the same bytes."""
    from pipeline.config_files import load_settings
    from pipeline.observations import event_to_json, read_log
    from pipeline.rules import RuleEngine
    from pipeline.rules import replay as judge_again
    from pipeline.shops import load_shops
    from pipeline.zones.zone_files import load_zones

    settings = load_settings(config)
    logged = read_log(log)
    if logged.torn:
        ERRORS.print(f"[yellow]torn[/] {log}: the last line is unfinished and left out", soft_wrap=True)
    camera = next((camera for camera in settings.cameras if camera.id == logged.header.camera_id), None)
    if camera is None:
        known = ", ".join(camera.id for camera in settings.cameras)
        raise ConfigError("log of a camera that is not configured", where=str(log), expected=known, found=logged.header.camera_id)
    shops = load_shops(settings.shops) if settings.shops else None
    zones = load_zones(camera.zones, camera_id=camera.id, shops=shops)
    engine = RuleEngine(camera, zones, shops, settings.rules, clock_known=logged.header.clock.known, timeline=logged.header.timeline)
    for event in judge_again(logged.observations(), engine):
        typer.echo(event_to_json(event))
