"""What must be right before anything runs, and what a run is: zones, shops, versions, the catalogue that rows refer to."""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from pipeline import __version__
from pipeline.addresses import hide_secrets
from pipeline.config import DoorlineSettings
from pipeline.errors import ConfigError, FaultsError
from pipeline.records import Records
from pipeline.rules import rule_version
from pipeline.shops import ShopRegistry, load_shops
from pipeline.types import RunInfo
from pipeline.zones import CameraZones
from pipeline.zones.zone_files import check_zones


@cache
def code_version() -> str:
    """Version of the package and 12 hex digits over its source files: other code, other version.

    Asked once per process: a program that runs while its files are replaced is still the old one.
    """
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:12]}"


def checked_zones(settings: DoorlineSettings) -> Mapping[str, CameraZones]:
    """Zones by camera. Raises FaultsError with all that is wrong with them."""
    report = check_zones(settings)
    if report.faults:
        raise FaultsError("zones or shops refused", report.faults)
    return {zones.camera_id: zones for zones in report.cameras}


def shops_of(settings: DoorlineSettings, zones: Mapping[str, CameraZones]) -> ShopRegistry:
    """The shop list; without one, the codes that the zones name, with nobody known to hold them."""
    if settings.shops:
        return load_shops(settings.shops)
    codes = {code for camera in zones.values() for zone in camera.zones for code in (zone.shop_code, *zone.shop_codes) if code}
    return ShopRegistry({code: () for code in sorted(codes)})


def run_info(
    settings: DoorlineSettings, config_text: str, model_sha256: str, zones: Mapping[str, CameraZones], *, run_id: str, started_at: datetime
) -> RunInfo:
    """Every version and hash that the results of a run depend on. ``config_text``: as written, before ${NAME} is filled in."""
    digest = hashlib.sha256()
    for camera_id in sorted(zones):
        digest.update(f"{camera_id}\0{zones[camera_id].version}\0".encode())
    if settings.shops:
        digest.update(_bytes_of(settings.shops))
    return RunInfo(
        run_id=run_id,
        code_version=code_version(),
        model_sha256=model_sha256,
        config_sha256=hashlib.sha256(config_text.encode()).hexdigest(),
        zones_sha256=digest.hexdigest(),
        rules_sha256=rule_version(settings.rules),
        started_at=started_at,
    )


def save_catalogue(records: Records, settings: DoorlineSettings, zones: Mapping[str, CameraZones], shops: ShopRegistry) -> None:
    """Cameras, shops and zone versions: what violations refer to. ConfigError where a zone file was replaced since it was read."""
    files = {camera.id: _bytes_of(camera.zones) for camera in settings.cameras}
    for camera in settings.cameras:
        if not zones[camera.id].is_of(files[camera.id]):
            raise ConfigError("zones were replaced while they were read", where=str(camera.zones), hint="Try again")
    records.save_shops(shops)
    for camera in settings.cameras:
        records.save_camera(camera)
        records.save_zones(zones[camera.id], files[camera.id])


def without_secrets(command: str) -> str:
    """A command line, quoted for a shell, without passwords."""
    return shlex.join(hide_secrets(word) for word in shlex.split(command))


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as err:
        raise ConfigError("cannot read file", where=str(path), found=err.strerror or str(err)) from err
