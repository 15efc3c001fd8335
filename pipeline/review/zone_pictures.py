"""What zones can be drawn on: pictures of a camera that are kept anyway, by a name of their own, never by path."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image as PillowImage

from pipeline.config import CameraSettings
from pipeline.errors import EvidenceError
from pipeline.records import CaseFilter
from pipeline.review.console import Console
from pipeline.review.media import path_in_evidence
from pipeline.revising.saving_zones import ZoneFile, reference_of
from pipeline.types import EvidenceFile

REFERENCE = "reference"
_FORMATS = {"JPEG": ".jpg", "PNG": ".png"}
STAMP = "%Y%m%dT%H%M%SZ"
UPLOADED = "uploaded"
_WHOLE = frozenset({REFERENCE, "quiet", "probe", "after", "evidence"})
"""Kinds of pictures that are as large as the camera makes them."""
_CASES = 8
"""So many of the newest are asked for a picture of cleared ground."""
_STILLS = ("confirmed_wide", "middle_wide", "first_seen_wide")


@dataclass(frozen=True, slots=True)
class ZonePicture:
    """A picture of a camera. ``clean``: it may show the empty street, and become the reference if a person finds that it does."""

    key: str
    path: Path
    at: datetime | None
    clean: bool
    size_px: tuple[int, int]
    suffix: str
    mark: str
    """Changes with the content."""

    @property
    def kind(self) -> str:
        """What it is, as a word."""
        return self.key.partition("-")[0]


def pictures_of(console: Console, camera: CameraSettings, present: ZoneFile) -> list[ZonePicture]:
    """All that can be read, the one to draw on first."""
    return list(_pictures(console, camera, present))


def quick_picture_of(console: Console, camera: CameraSettings, present: ZoneFile) -> ZonePicture | None:
    """One to know a camera by, found without asking the records."""
    return next(_on_disk(console, camera, present), None)


def picture_by_key(console: Console, camera: CameraSettings, present: ZoneFile, key: str) -> ZonePicture | None:
    """The one of this name; the records are asked only where it is of the evidence."""
    return next((picture for picture in _pictures(console, camera, present) if picture.key == key), None)


def uploads_of(camera: CameraSettings) -> list[Path]:
    """What somebody uploaded, the last first: beside the zone file, since the console may write there anyway."""
    return sorted(upload_folder(camera).glob("*.jpg"), reverse=True)


def upload_folder(camera: CameraSettings) -> Path:
    """Where uploads lie, named by when they came and by the sha256 of what came."""
    return camera.zones.parent / "pictures" / camera.id


def known_shape(pictures: Sequence[ZonePicture], picture_px: Sequence[int] | None) -> tuple[tuple[int, int], bool] | None:
    """What pictures of a camera look like, and whether they are that large or only of that shape; None where nobody knows.

    Args:
        pictures: of the camera. What was uploaded proves nothing.
        picture_px: width and height of the picture that the zones in force were drawn on, if there are any.
    """
    if picture_px:
        return (picture_px[0], picture_px[1]), True
    made = [picture for picture in pictures if picture.kind != UPLOADED]
    whole = [picture.size_px for picture in made if picture.kind in _WHOLE]
    if whole:
        return whole[0], True
    return (made[0].size_px, False) if made else None


def _pictures(console: Console, camera: CameraSettings, present: ZoneFile) -> Iterator[ZonePicture]:
    yield from _on_disk(console, camera, present)
    yield from _in_evidence(console, camera)


def _on_disk(console: Console, camera: CameraSettings, present: ZoneFile) -> Iterator[ZonePicture]:
    name = reference_of(present)
    if name:
        yield from _opened(REFERENCE, present.path.parent / name, None, clean=False)
    live = console.settings.live
    for path in sorted(live.quiet_of(camera.id).glob("*.jpg"), reverse=True):
        with suppress(ValueError):
            at = datetime.strptime(path.stem, STAMP).replace(tzinfo=UTC)
            yield from _opened(f"quiet-{path.stem}", path, at, clean=True)
    for path in uploads_of(camera):
        with suppress(ValueError):
            at = datetime.strptime(path.stem.partition("-")[0], STAMP).replace(tzinfo=UTC)
            yield from _opened(f"{UPLOADED}-{path.stem}", path, at, clean=True)
    # Where "doorline cameras probe --save" puts one, for a camera that has no zones yet.
    for suffix in (".png", ".jpg", ".jpeg"):
        path = present.path.with_name(camera.id + suffix)
        if path.name != name:
            yield from _opened(f"probe-{suffix[1:]}", path, _changed_at(path), clean=True)
    newest = live.picture_of(camera.id)
    yield from _opened("now", newest, _changed_at(newest), clean=False)


def _in_evidence(console: Console, camera: CameraSettings) -> Iterator[ZonePicture]:
    """Ground that was cleared, and else the newest still: things stand there, but it shows how the camera hangs."""
    cases = console.records.cases
    still: ZonePicture | None = None
    for row in cases.list_cases(CaseFilter(camera_id=camera.id), limit=_CASES).cases:
        files = {file.what: file for file in cases.evidence(row.violation_id, CaseFilter())}
        if "after_wide" in files and (cleared := _of_evidence(console, f"after-{row.violation_id}", files["after_wide"], clean=True)):
            yield cleared
            return
        shown = next((files[what] for what in _STILLS if what in files), None)
        if still is None and shown is not None:
            still = _of_evidence(console, f"evidence-{row.violation_id}", shown, clean=False)
    if still is not None:
        yield still


def _of_evidence(console: Console, key: str, file: EvidenceFile, *, clean: bool) -> ZonePicture | None:
    try:
        path = path_in_evidence(console, file.path, file.what)
    except EvidenceError:
        return None
    return next(_opened(key, path, file.captured_at, clean=clean), None)


def _opened(key: str, path: Path, at: datetime | None, *, clean: bool) -> Iterator[ZonePicture]:
    """Nothing where it is no picture: what can't be read is not offered."""
    try:
        found = path.stat()
        with PillowImage.open(path) as picture:
            size, form = picture.size, str(picture.format)
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError):
        return
    if form in _FORMATS:
        yield ZonePicture(key, path, at, clean, size, _FORMATS[form], f"{found.st_mtime_ns:x}-{found.st_size:x}")


def _changed_at(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None
