"""Zones that somebody drew come into force: the file and the records, with who did it and why, together or not at all.

The order: the version in force is kept in the records (it may never have run); the new reference picture is written under a name
of its own; then one transaction takes in the new version and the audit row, and puts the file in its place as its last deed. So
whatever fails leaves all as it was. Only a machine that dies between the file's renaming and the transaction's end leaves a file in
force that the records do not know: the console says so, and the next save takes it in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import PipelineError
from pipeline.records import AuditEntry, Records
from pipeline.shops import ShopRegistry
from pipeline.whole_files import write_for_good
from pipeline.zones import CameraZones
from pipeline.zones.zone_faults import FaultCode, Spot, ZoneFault
from pipeline.zones.zone_files import check_zone_bytes, described_zones, parse_zone_bytes, setting_warnings
from pipeline.zones.zone_writing import ZoneDraft, author_version, next_version, write_zones

KEEP, LATEST = "keep", "latest"
"""What a draft may ask for as its reference picture, beside the name of one that was shown."""


class StaleZonesError(PipelineError):
    """Somebody has saved other zones of this camera since the draft was begun."""


class ZonesNotWrittenError(PipelineError):
    """The disk refuses. What was in force still is."""


class RefusedZonesError(PipelineError):
    """Zones with faults."""

    def __init__(self, faults: tuple[ZoneFault, ...]) -> None:
        """Keep them, by their places in the draft."""
        self.faults = faults
        super().__init__("zones refused", hint=" | ".join(fault.text for fault in faults))


@dataclass(frozen=True, slots=True)
class ZoneFile:
    """A camera's zone file as it lies there. Where there is none yet: no bytes, and "" for their hash."""

    path: Path
    raw: bytes
    sha256: str

    @property
    def described(self) -> CameraZones | None:
        """What it says of itself, without its zones; None where there is none, or it does not say it."""
        return described_zones(self.raw, self.path) if self.raw else None


def zone_file(path: Path) -> ZoneFile:
    """Read it. ZonesNotWrittenError where something lies there that can't be read: then nothing can take its place either."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return ZoneFile(path, b"", "")
    except OSError as err:
        raise ZonesNotWrittenError("cannot read zones", where=str(path), found=err.strerror or str(err)) from err
    return ZoneFile(path, raw, hashlib.sha256(raw).hexdigest())


def reference_of(present: ZoneFile) -> str:
    """The reference picture as the file in force names it, "" for none."""
    data = parse_zone_bytes(present.raw, present.path) if present.raw else {}
    metadata = data.get("doorline") if isinstance(data, dict) else None
    name = metadata.get("reference") if isinstance(metadata, dict) else None
    return name if isinstance(name, str) else ""


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that shall be the new reference, in full."""

    data: bytes
    suffix: str
    """``.jpg`` or ``.png``."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A draft, whose it is and what it is checked against."""

    settings: DoorlineSettings
    camera: CameraSettings
    shops: ShopRegistry | None
    draft: ZoneDraft
    author: str
    """As people read it."""
    at: datetime
    today: date
    """Local day."""
    picture: CleanPicture | None = None
    """None: as the draft says."""


@dataclass(frozen=True, slots=True)
class CheckedDrawing:
    """The file that a drawing becomes, and what is wrong with it, by places in the draft.

    ``zones`` is None where a fault is of the file itself, and not only of what it is to replace.
    """

    raw: bytes
    faults: tuple[ZoneFault, ...]
    warnings: tuple[ZoneFault, ...]
    zones: CameraZones | None
    pictures: dict[str, bytes] = field(default_factory=dict)
    """Reference pictures to be written with it, by name."""


def proposed_version(present: ZoneFile, known: Sequence[str], today: date) -> str:
    """A version for the next drawing. ``known``: all versions of the camera in the records, as records carry them."""
    described = present.described
    ours = author_version(described.version) if described else ""
    return next_version(ours, {ours, *map(author_version, known)}, today)


def check_drawing(drawing: Drawing, present: ZoneFile, known: Sequence[str]) -> CheckedDrawing:
    """The same checks as of a file. ``known`` as of ``proposed_version``."""
    camera, draft, path = drawing.camera, drawing.draft, present.path
    described = present.described
    taken = {author_version(version) for version in known} | ({author_version(described.version)} if described else set())
    pictures = _pictures(drawing, path)
    warnings: list[ZoneFault] = []
    reference = next(iter(pictures), "")
    if not reference and draft.reference == KEEP:
        reference = reference_of(present)
        if reference and not (path.parent / reference).is_file():
            # Without it the camera is watched, only less well; and nobody could put it right here.
            what, hint = f"the reference picture {reference} is missing", "The new version will name none"
            spot = Spot(f"{path}: doorline").of("reference")
            warnings.append(spot.fault(FaultCode.REFERENCE_MISSING, what, hint=hint, name=reference))
            reference = ""
    written = write_zones(replace(draft, reference=reference), camera_id=camera.id, author=drawing.author, drawn_on=drawing.today)
    checked = check_zone_bytes(written.raw, path, camera_id=camera.id, shops=drawing.shops, on=drawing.today, pictures=pictures)
    faults = [written.of_draft(fault) for fault in checked.faults]
    if isinstance(draft.version, str) and draft.version in taken:
        what, hint = f"version {draft.version!r} was given before", "Choose another"
        faults.append(Spot(f"{path}: doorline").of("version").fault(FaultCode.VERSION_TAKEN, what, hint=hint, version=str(draft.version)))
    warnings += [written.of_draft(warning) for warning in checked.warnings]
    if checked.zones:
        warnings += setting_warnings(checked.zones, drawing.settings, path)
    return CheckedDrawing(written.raw, tuple(faults), tuple(warnings), checked.zones, pictures)


def save_drawing(records: Records, drawing: Drawing, *, by: str, remote: str) -> CameraZones:
    """Put a drawing into force, and return it as it is now.

    Args:
        records: where every version is kept.
        drawing: what was drawn.
        by: account of who did.
        remote: where the request came from.

    Raises:
        StaleZonesError: the file in force is not the one that the draft began from.
        RefusedZonesError: the zones have faults.
        ZonesNotWrittenError: the disk refuses.
        RecordError: the records do.
    """
    camera, present = drawing.camera, zone_file(drawing.camera.zones)
    if present.sha256 != drawing.draft.base_sha256:
        raise _stale(present)
    checked = check_drawing(drawing, present, [row.version for row in records.zone_versions(camera.id)])
    if checked.faults or checked.zones is None:
        raise RefusedZonesError(checked.faults)
    records.save_camera(camera)
    _keep(records, camera, present)
    before = present.described
    detail = {"before": before.version if before else "", "after": checked.zones.version, "reason": checked.zones.reason}
    for name, data in checked.pictures.items():
        detail |= {"reference": name, "reference_sha256": hashlib.sha256(data).hexdigest()}
    told = AuditEntry(drawing.at, by, "zones/saved", f"camera/{camera.id}", detail, remote)
    change = _Change(present, checked)
    try:
        change.write_pictures()
        records.save_zones(checked.zones, checked.raw, saved_at=drawing.at, saved_by=by, audit=(told,), put=change.put_in_force)
        change.holds = True
    finally:
        change.undo_unless_it_holds()
    return checked.zones


class _Change:
    """What lies on the disk, changed so that it can be changed back."""

    def __init__(self, present: ZoneFile, checked: CheckedDrawing) -> None:
        self._present = present
        self._checked = checked
        self._made: list[Path] = []
        self._in_force = False
        self.holds = False

    def write_pictures(self) -> None:
        """Under new names: those of earlier versions stay."""
        for name, data in self._checked.pictures.items():
            path = self._present.path.parent / name
            if not path.exists():
                self._write(path, data)
                self._made.append(path)

    def put_in_force(self) -> None:
        """The last deed of the transaction. Somebody may have saved, or changed the file by hand, since it was looked at."""
        now = zone_file(self._present.path)
        if now.sha256 != self._present.sha256:
            raise _stale(now)
        self._write(self._present.path, self._checked.raw)
        self._in_force = True

    def undo_unless_it_holds(self) -> None:
        """As it was before, as far as the disk lets it; what it does not let is told by the page of the camera."""
        if self.holds:
            return
        with suppress(OSError):
            if self._in_force and self._present.raw:
                write_for_good(self._present.path, self._present.raw)
            elif self._in_force:
                self._present.path.unlink()
        for path in self._made:
            with suppress(OSError):
                path.unlink()

    def _write(self, path: Path, data: bytes) -> None:
        try:
            write_for_good(path, data)
        except OSError as err:
            hint = "The zones that were in force still are"
            raise ZonesNotWrittenError("cannot write zones", where=str(path), found=err.strerror or str(err), hint=hint) from err


def _stale(present: ZoneFile) -> StaleZonesError:
    described = present.described
    found = f"version {described.version} by {described.author}" if described else "another file" if present.raw else "no file"
    return StaleZonesError("other zones have come into force since", where=str(present.path), found=found)


def _keep(records: Records, camera: CameraSettings, present: ZoneFile) -> None:
    """What is in force, in the records; what they can't hold is kept beside: whatever it was, it can be put back."""
    described = present.described
    if described is not None and described.camera_id == camera.id:
        records.save_zones(described, present.raw)
    elif present.raw:
        aside = present.path.with_name(f"{present.path.name}.{present.sha256[:12]}.replaced")
        try:
            write_for_good(aside, present.raw)
        except OSError as err:
            raise ZonesNotWrittenError("cannot write zones", where=str(aside), found=err.strerror or str(err)) from err


def _pictures(drawing: Drawing, path: Path) -> dict[str, bytes]:
    """The new reference picture under a name that no other picture has."""
    if drawing.picture is None:
        return {}
    version = re.sub(r"[^\w.\-]", "_", str(drawing.draft.version))[:64]
    name, data = f"{drawing.camera.id}_reference_{version}", drawing.picture.data
    for number in range(1, 1000):
        candidate = path.with_name(f"{name}{'' if number == 1 else f'_{number}'}{drawing.picture.suffix}")
        if not candidate.exists() or _holds(candidate, data):
            return {candidate.name: data}
    raise ZonesNotWrittenError("no name is free for the reference picture", where=str(path.with_name(name)))


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False
