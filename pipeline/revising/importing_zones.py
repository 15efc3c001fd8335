"""An export of another program -> a whole zone file of one camera, to be looked at before anybody uses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import ConfigError
from pipeline.revising.saving_zones import proposed_version, reference_of, zone_file
from pipeline.shops import ShopRegistry
from pipeline.zones.import_shapes import ImportRefusedError
from pipeline.zones.zone_files import check_zone_bytes, parse_zone_bytes
from pipeline.zones.zone_imports import import_zones
from pipeline.zones.zone_writing import ZoneDraft, write_zones


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A zone file, what was left out or changed, and what is still to be put right in it: one line each."""

    raw: bytes
    zones: int
    version: str
    source: str
    notes: tuple[str, ...]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to make of an export. ``out`` is where the file will lie; None: in the place of the one in force."""

    settings: DoorlineSettings
    camera_id: str
    shops: ShopRegistry | None
    out: Path | None
    author: str
    reason: str
    now: datetime


def import_file(export: Path, order: ImportOrder) -> ImportedFile:
    """Read an export and make a zone file of it; nothing is written.

    Raises ConfigError: the export can't be read, nothing can be taken from it, no such camera, or nobody knows the size of the picture.
    """
    camera = _camera(order)
    present = zone_file(camera.zones)
    try:
        raw = export.read_bytes()
    except OSError as err:
        raise ConfigError("cannot read the export", where=str(export), found=err.strerror or str(err)) from err
    size = _size_of(present.raw, present.path)
    try:
        found = import_zones(raw, camera_id=camera.id, picture_px=size)
    except ImportRefusedError as err:
        raise ConfigError(err.what, where=str(export), expected=err.expected, found=err.found) from err
    size = found.picture_px or size
    if size is None:
        raise ConfigError("the size of the picture is not known", where=str(export), expected="picture_px of an earlier zone file")
    path = order.out or present.path
    reference = reference_of(present)
    today = order.now.astimezone(ZoneInfo(order.settings.looks.timezone)).date()
    version = proposed_version(present, (), today)
    draft = ZoneDraft(
        features=found.features,
        picture_px=list(size),
        timezone=order.settings.looks.timezone,
        version=version,
        reason=order.reason,
        reference=reference if (path.parent / reference).is_file() else "",
        base_sha256="",
    )
    made = write_zones(draft, camera_id=camera.id, author=order.author, drawn_on=today).raw
    checked = check_zone_bytes(made, path, camera_id=camera.id, shops=order.shops)
    return ImportedFile(
        raw=made,
        zones=len(found.features),
        version=version,
        source=found.source,
        notes=tuple(note.text for note in found.notes),
        faults=tuple(fault.text for fault in checked.faults),
    )


def _camera(order: ImportOrder) -> CameraSettings:
    for camera in order.settings.cameras:
        if camera.id == order.camera_id:
            return camera
    known = ", ".join(camera.id for camera in order.settings.cameras)
    raise ConfigError("no such camera", where="--camera", expected=known, found=order.camera_id)


def _size_of(raw: bytes, path: Path) -> tuple[int, int] | None:
    """Of the picture that the zones in force were drawn on."""
    data = parse_zone_bytes(raw, path) if raw else {}
    metadata = data.get("doorline") if isinstance(data, dict) else None
    size = metadata.get("picture_px") if isinstance(metadata, dict) else None
    is_size = isinstance(size, list) and len(size) == 2 and all(type(each) is int and each > 0 for each in size)
    return (size[0], size[1]) if is_size and isinstance(size, list) else None
