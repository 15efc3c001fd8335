"""Before the first connection: which cameras, nobody else at them, and which run this is."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.config import CameraSettings, DoorlineSettings, PatrolMode
from pipeline.errors import ConfigError, RecordError
from pipeline.live.request import LiveHooks, LiveRequest
from pipeline.preparing import checked_zones, run_info, without_secrets
from pipeline.records import Records
from pipeline.types import RunInfo
from pipeline.zones import CameraZones

RUN_PREFIX = "live-"


def cameras_to_watch(settings: DoorlineSettings) -> tuple[list[CameraSettings], Mapping[str, CameraZones]]:
    """Those with a stream that are not switched off, and the zones of all. ConfigError where there are none, or zones are refused."""
    cameras = [camera for camera in settings.cameras if camera.stream and settings.patrol_of(camera) is not PatrolMode.OFF]
    if not cameras:
        raise ConfigError("no camera to watch", expected='"stream: rtsp://..." beside its id, and no "patrol: off"')
    return cameras, checked_zones(settings)


def by_stream(cameras: Sequence[CameraSettings]) -> dict[str, list[CameraSettings]]:
    """Cameras that share a stream are views of one that turns."""
    groups: dict[str, list[CameraSettings]] = {}
    for camera in cameras:
        groups.setdefault(camera.stream, []).append(camera)
    return groups


@contextmanager
def alone(folder: Path, camera_id: str) -> Iterator[str]:
    """Nobody else on this machine watches this camera meanwhile: two would write one log. ConfigError otherwise."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            hint = "Stop the other program, or give this one another live.folder"
            raise ConfigError("another program watches this camera", where=f"camera {camera_id}", found=str(folder), hint=hint) from None
        yield camera_id


def start_run(request: LiveRequest, records: Records, model_sha256: str, zones: Mapping[str, CameraZones], hooks: LiveHooks) -> RunInfo:
    """Go on with the last live run where everything that judges is the same, else begin a new one."""
    command = without_secrets(request.command)
    # Another program may write to the same records: its runs are those of another command.
    mine = (row for row in reversed(records.list_runs()) if row.run_id.startswith(RUN_PREFIX) and row.command == command)
    last = next(mine, None)
    if last is not None:
        same = run_info(request.settings, request.config_text, model_sha256, zones, run_id=last.run_id, started_at=last.started_at)
        with suppress(RecordError):
            records.start_run(same, command)
            return same
    run_id, started_at = RUN_PREFIX + hooks.new_run_id(), hooks.wall()
    run = run_info(request.settings, request.config_text, model_sha256, zones, run_id=run_id, started_at=started_at)
    records.start_run(run, command)
    return run
