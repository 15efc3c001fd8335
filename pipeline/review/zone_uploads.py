"""A picture from elsewhere, such as the recorder, for a camera that has none to draw on yet.

It is made anew from its pixels, as photos of squads are, and offered as one picture among others: it is no reference before somebody saves
zones that take it for one, with a reason.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, UploadFile
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from pipeline.config import CameraSettings
from pipeline.errors import PipelineError
from pipeline.records import AuditEntry, Json
from pipeline.review.asking import Asking, ByForm, The
from pipeline.review.console import Console
from pipeline.review.photo_files import MOST_PIXELS, MadePhoto, PhotoLimits, PhotoRefusedError, make_photo
from pipeline.review.zone_access import DrawnCamera
from pipeline.review.zone_pictures import STAMP, UPLOADED, known_shape, picture_by_key, pictures_of, upload_folder, uploads_of
from pipeline.review.zone_views import metadata_view, picture_view
from pipeline.revising.saving_zones import ZoneFile, ZonesNotWrittenError, zone_file
from pipeline.whole_files import write_for_good
from pipeline.zones.zone_checks import MAX_ASPECT_CHANGE

router = APIRouter(include_in_schema=False)
OF_RECORDERS = PhotoLimits(20 * 2**20, MOST_PIXELS, ("JPEG", "PNG"), None, 95)
MOST_UPLOADS = 6
"""Of one camera; older ones are removed."""
_LEAST_PX = (320, 180)
"""In less nobody can draw a door line."""
_LEAST_SHARE = 0.5
"""Of the width of the camera's own pictures."""


class _OtherPictureError(PipelineError):
    """A picture, but not one of this camera as it makes them; the values are for the words."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__("another picture than the camera makes", found=code)
        self.code = code
        self.values = values


@router.post("/zones/{camera_id}/pictures")
def add_picture(console: The, by: ByForm, camera: DrawnCamera, file: Annotated[UploadFile, File()]) -> JSONResponse:
    """Keep a picture to draw on. One that is refused leaves nothing behind."""
    t, present, name = console.wording.of(by.language), zone_file(camera.zones), file.filename or ""
    try:
        made = make_photo(file.file.read(OF_RECORDERS.most_bytes + 1), name, OF_RECORDERS)
        _refuse_others(console, camera, present, made)
    except PhotoRefusedError as err:
        return _refused(f"zone_picture_{err.fault.value}", t(f"error.zone_picture_{err.fault.value}"))
    except _OtherPictureError as err:
        return _refused(err.code, t(f"error.{err.code}", **err.values))
    path = _keep(console, by, camera, made, name)
    picture = picture_by_key(console, camera, present, f"{UPLOADED}-{path.stem}")
    if picture is None:  # removed by somebody else just now
        raise HTTPException(404)
    return JSONResponse({"picture": picture_view(camera, picture, t), "told": t("zone_told.picture_kept")})


@router.post("/zones/{camera_id}/pictures/{key}/remove")
def remove_picture(console: The, by: ByForm, camera: DrawnCamera, key: str) -> JSONResponse:
    """Remove an upload; a reference picture that was made of it stays."""
    path = next((path for path in uploads_of(camera) if f"{UPLOADED}-{path.stem}" == key), None)
    if path is None:
        raise HTTPException(404)
    try:
        path.unlink(missing_ok=True)
    except OSError as err:
        raise ZonesNotWrittenError("cannot remove a picture", where=str(path), found=err.strerror or str(err)) from err
    console.records.accounts.note((_told(console, by, camera, "zones/picture_removed", {"picture": key}),))
    return JSONResponse({"told": console.wording.of(by.language)("zone_told.picture_removed")})


def _refuse_others(console: Console, camera: CameraSettings, present: ZoneFile, made: MadePhoto) -> None:
    size = f"{made.width_px}×{made.height_px}"
    known = known_shape(pictures_of(console, camera, present), metadata_view(present)["picture_px"])
    if known is not None:
        (width, height), is_whole = known
        wanted = f"{width}×{height}"
        if abs(made.width_px / made.height_px / (width / height) - 1) > MAX_ASPECT_CHANGE:
            raise _OtherPictureError("zone_picture_shape", size=size, wanted=wanted)
        if is_whole and made.width_px < width * _LEAST_SHARE:
            raise _OtherPictureError("zone_picture_small", size=size, wanted=wanted)
    elif made.width_px < _LEAST_PX[0] or made.height_px < _LEAST_PX[1]:
        raise _OtherPictureError("zone_picture_tiny", size=size, wanted=f"{_LEAST_PX[0]}×{_LEAST_PX[1]}")


def _keep(console: Console, by: Asking, camera: CameraSettings, made: MadePhoto, name: str) -> Path:
    """The file first, then the row that says who brought it; the same picture again is the same."""
    mark = made.original_sha256[:12]
    kept = next((path for path in uploads_of(camera) if path.stem.endswith(f"-{mark}")), None)
    if kept is not None:
        return kept
    path = upload_folder(camera) / f"{console.now().astimezone(UTC):{STAMP}}-{mark}.jpg"
    detail: dict[str, Json] = {"picture": f"{UPLOADED}-{path.stem}", "file": name[:100], "px": f"{made.width_px}x{made.height_px}"}
    detail |= {"sha256": made.sha256, "original_sha256": made.original_sha256}
    try:
        write_for_good(path, made.data)
    except OSError as err:
        raise ZonesNotWrittenError("cannot keep a picture", where=str(path), found=err.strerror or str(err)) from err
    try:
        console.records.accounts.note((_told(console, by, camera, "zones/picture_uploaded", detail),))
    except PipelineError:
        path.unlink(missing_ok=True)
        raise
    for older in uploads_of(camera)[MOST_UPLOADS:]:
        with suppress(OSError):
            older.unlink()
    return path


def _told(console: Console, by: Asking, camera: CameraSettings, did: str, detail: dict[str, Json]) -> AuditEntry:
    return AuditEntry(console.now(), by.account.name, did, f"camera/{camera.id}", detail, by.remote)


def _refused(code: str, text: str) -> JSONResponse:
    answer: dict[str, Any] = {"error": {"code": code, "text": text}}
    return JSONResponse(answer, 422)
