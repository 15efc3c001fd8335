"""``doorline run``: live streams in, violations with evidence and records out, until told to stop."""

from __future__ import annotations

import os
import secrets
import shlex
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import ERRORS, OUT
from pipeline.cli.signals import reload_signal, stop_signals
from pipeline.errors import ConfigError, PipelineError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.live.request import LiveRequest
    from pipeline.types import ViolationEvent


def run(config: ConfigOption) -> None:
    """Watch the live streams of all cameras until told to stop (Ctrl-C, SIGTERM), and go on where the last run left off.

    Exit code 0: stopped as asked; 1: it could not go on; 2: usage or configuration.
    """
    request = _request(config)
    from pipeline.live.program import run_live
    from pipeline.live.request import LiveHooks

    with stop_signals() as stop, reload_signal() as asked:
        hooks = LiveHooks(
            wall=_now,
            monotonic=time.monotonic,
            new_run_id=_new_run_id,
            should_stop=stop,
            reload=lambda: _reread(config) if asked.take() else None,
            on_event=_teller(ZoneInfo(request.settings.looks.timezone)),
            on_line=_warn,
        )
        done = run_live(request, hooks)
    OUT.print(f"stopped. Run {done.run_id}; the same command goes on with it", soft_wrap=True)
    OUT.file.flush()
    # A camera that sends nothing holds its thread until its timeout: nobody waits for that.
    os._exit(0)


def _request(config: Path) -> LiveRequest:
    from pipeline.config_files import load_settings
    from pipeline.live.request import LiveRequest

    settings = load_settings(config)
    try:
        config_text = config.read_text(encoding="utf-8")
    except OSError as err:
        raise ConfigError("cannot read configuration", where=str(config), found=err.strerror or str(err)) from err
    return LiveRequest(settings, config_text, shlex.join(["doorline", *sys.argv[1:]]))


def _reread(config: Path) -> LiveRequest | None:
    """The configuration as it is now; None, and a word why, where it is refused."""
    try:
        return _request(config)
    except PipelineError as err:
        _warn(f"not reloaded, all goes on as before: {err}")
        return None


def _teller(zone: ZoneInfo) -> Callable[[ViolationEvent], None]:
    def tell(event: ViolationEvent) -> None:
        violation = event.violation
        target = ", ".join(violation.target.shop_codes) or violation.target.place
        at = f"{event.at.astimezone(zone):%m-%d %H:%M:%S}"
        told = f"{at} {violation.camera_id} {event.phase.value} {violation.kind.value} {target} {violation.violation_id}"
        OUT.print(escape(told), soft_wrap=True)

    return tell


def _warn(line: str) -> None:
    ERRORS.print(f"[yellow]{escape(line)}[/]", soft_wrap=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _new_run_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
