"""Zones as they are: the cameras, one camera's page and what it needs. Files are read when asked for, so that nothing is stale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException

from pipeline.config import CameraSettings
from pipeline.records import AuditEntry, ZoneVersionRow
from pipeline.review.asking import By, The
from pipeline.review.console import Console
from pipeline.review.frame import frame, sees_all
from pipeline.review.media import KEEP, small_picture
from pipeline.review.wording import Translate
from pipeline.review.zone_access import SeenCamera, may_draw_zones
from pipeline.review.zone_pictures import picture_by_key, pictures_of, quick_picture_of
from pipeline.review.zone_uploads import OF_RECORDERS
from pipeline.review.zone_views import (
    fault_view,
    features_of,
    metadata_view,
    outlines_of,
    picture_url,
    picture_view,
    shop_views,
    unrecorded_view,
    version_view,
)
from pipeline.revising.saving_zones import ZoneFile, ZonesNotWrittenError, proposed_version, zone_file
from pipeline.revising.trying_zones import span_of_looks
from pipeline.zones.zone_files import CheckedZones, check_zone_bytes, setting_warnings
from pipeline.zones.zone_writing import author_version

router = APIRouter(include_in_schema=False)
_NO_PICTURE_PX = [1920, 1080]
"""The shape of a drawing that nothing lies under."""


@router.get("/zones")
def show_cameras(console: The, by: By) -> HTMLResponse:
    """All cameras with what is drawn for them."""
    if not sees_all(by.account):
        raise HTTPException(404)
    t = console.wording.of(by.language)
    cameras = [_card(console, camera, t) for camera in console.settings.cameras]
    page = frame(by.login, "/zones")
    return HTMLResponse(console.render("zones.html", by.language, **page, cameras=cameras, may_draw=may_draw_zones(by.account)))


@router.get("/zones/{camera_id}")
def show_camera(console: The, by: By, camera: SeenCamera) -> HTMLResponse:
    """The page on which the zones of one camera are looked at and drawn."""
    here = f"/zones/{quote(camera.id)}"
    shown = console.render(
        "zone_editor.html",
        by.language,
        **frame(by.login, here),
        camera={"id": camera.id, "name": camera.name, "place": camera.place, "street": camera.street},
        may_draw=may_draw_zones(by.account),
        current_url=f"{here}/current",
        check_url=f"{here}/check/draft",
        try_url=f"{here}/try/draft",
        save_url=f"{here}/save/draft",
        import_url=f"{here}/import",
        export_url=f"{here}/export.geojson",
        upload_url=f"{here}/pictures",
        upload_most=OF_RECORDERS.most_bytes,
        zones_url="/zones",
    )
    return HTMLResponse(shown)


@router.get("/zones/{camera_id}/current")
def give_current(console: The, by: By, camera: SeenCamera) -> JSONResponse:
    """The zones in force, what is wrong with them, what to draw them on, and how they came to be."""
    t, here = console.wording.of(by.language), f"/zones/{quote(camera.id)}"
    try:
        present, problem = zone_file(camera.zones), ""
    except ZonesNotWrittenError as err:
        present, problem = ZoneFile(camera.zones, b"", ""), t("zone_told.unreadable", found=err.found)
    checked = checked_file(console, camera, present)
    rows = console.records.zone_versions(camera.id)
    pictures = pictures_of(console, camera, present)
    described = metadata_view(present)
    answer = described | {
        "url": f"{here}/current",
        "sha256": present.sha256,
        "next_version": proposed_version(present, [row.version for row in rows], today_of(console)),
        "picture_px": described["picture_px"] or (list(pictures[0].size_px) if pictures else _NO_PICTURE_PX),
        "timezone": described["timezone"] or console.settings.looks.timezone,
        "features": features_of(present),
        "faults": [fault_view(fault, t) for fault in checked.faults],
        "warnings": [fault_view(warning, t) for warning in checked.warnings],
        "problem": problem,
        "notice": _notice(present, rows, t),
        "recorded": not present.raw or any(row.sha256 == present.sha256 for row in rows),
        "pictures": [picture_view(camera, picture, t) for picture in pictures],
        "shops": shop_views(console.shops, today_of(console)),
        "cameras": _others(console, camera),
        "history": _history(console, present, rows, here),
        "logs": _logs(console, camera),
    }
    return JSONResponse(answer)


@router.get("/zones/{camera_id}/versions/{version}")
def give_version(console: The, camera: SeenCamera, version: str) -> JSONResponse:
    """A version of the records, to look at and to begin a draft from."""
    row = next((row for row in console.records.zone_versions(camera.id) if row.version == version), None)
    if row is None:
        raise HTTPException(404)
    kept = ZoneFile(camera.zones, console.records.zone_geojson(camera.id, version), row.sha256)
    shown = version_view(row, "", current=False, shown_name=console.shown_name())
    described = metadata_view(kept)
    return JSONResponse(
        {
            **{name: shown[name] for name in ("version", "author", "drawn_on", "reason", "saved_at", "saved_by", "sha256")},
            "picture_px": described["picture_px"] or _NO_PICTURE_PX,
            "timezone": described["timezone"] or console.settings.looks.timezone,
            "features": features_of(kept),
        }
    )


@router.get("/zones/{camera_id}/export.geojson")
def export(console: The, by: By, camera: SeenCamera) -> Response:
    """The file in force, byte for byte."""
    present = zone_file(camera.zones)
    if not present.raw:
        raise HTTPException(404)
    described = present.described
    detail = {"version": described.version if described else present.sha256[:12]}
    told = AuditEntry(console.now(), by.account.name, "zones/exported", f"camera/{camera.id}", detail, by.remote)
    console.records.accounts.note((told,))
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(camera.id)}.geojson"}
    return Response(present.raw, media_type="application/geo+json", headers=headers)


@router.get("/zones/{camera_id}/pictures/{key}")
def show_picture(console: The, camera: SeenCamera, key: str, small: Annotated[bool, Query()] = False) -> Response:
    """A picture to draw on; or small, for a list."""
    picture = picture_by_key(console, camera, zone_file(camera.zones), key)
    if picture is None:
        raise HTTPException(404)
    if small:
        return Response(small_picture(picture.path, picture.mark), media_type="image/jpeg", headers={"cache-control": KEEP})
    kind = "image/png" if picture.suffix == ".png" else "image/jpeg"
    return FileResponse(picture.path, media_type=kind, headers={"cache-control": KEEP})


def checked_file(console: Console, camera: CameraSettings, present: ZoneFile) -> CheckedZones:
    """What is wrong with a file, beside the shops and settings of today. Nothing is wrong where there is none."""
    if not present.raw:
        return CheckedZones((), (), None)
    checked = check_zone_bytes(present.raw, present.path, camera_id=camera.id, shops=console.shops, on=today_of(console))
    more = setting_warnings(checked.zones, console.settings, present.path) if checked.zones else []
    return CheckedZones(checked.faults, (*checked.warnings, *more), checked.zones)


def today_of(console: Console) -> date:
    """The local day."""
    return console.now().astimezone(console.zone).date()


def _card(console: Console, camera: CameraSettings, t: Translate) -> dict[str, Any]:
    """A camera in the list."""
    try:
        present, problem = zone_file(camera.zones), ""
    except ZonesNotWrittenError as err:
        present, problem = ZoneFile(camera.zones, b"", ""), t("zone_told.unreadable", found=err.found)
    checked, features, described = checked_file(console, camera, present), features_of(present), present.described
    picture = quick_picture_of(console, camera, present)
    told = metadata_view(present)
    return {
        "id": camera.id,
        "name": camera.name,
        "place": camera.place,
        "street": camera.street,
        "url": f"/zones/{quote(camera.id)}",
        "picture_url": picture_url(camera, picture, small=True) if picture else "",
        "picture_px": told["picture_px"] or _NO_PICTURE_PX,
        "outlines": outlines_of(features),
        "version": told["version"],
        "author": told["author"],
        "drawn_on": described.drawn_on if described else "",
        "reason": told["reason"],
        "shopfronts": sum(feature["properties"].get("kind") == "shopfront" for feature in features),
        "zones": len(features),
        "faults": len(checked.faults),
        "warnings": len(checked.warnings),
        "problem": problem,
    }


def _notice(present: ZoneFile, rows: Sequence[ZoneVersionRow], t: Translate) -> str:
    """Where the file in force and the records do not say the same: drawn elsewhere, or a machine that died while saving."""
    if present.raw and all(row.sha256 != present.sha256 for row in rows):
        return t("zone_told.unrecorded") if rows else ""
    newest = max((row for row in rows if row.saved_at), key=lambda row: row.saved_at.timestamp() if row.saved_at else 0.0, default=None)
    return t("zone_told.not_in_force", version=author_version(newest.version)) if newest and newest.sha256 != present.sha256 else ""


def _history(console: Console, present: ZoneFile, rows: Sequence[ZoneVersionRow], here: str) -> list[dict[str, Any]]:
    """Newest first; what is in force stands in it even if the records don't know it."""
    shown_name = console.shown_name()
    views = [
        version_view(row, f"{here}/versions/{quote(row.version)}", current=row.sha256 == present.sha256, shown_name=shown_name)
        for row in rows
    ]
    described = present.described
    if described and not any(view["current"] for view in views):
        views.insert(0, unrecorded_view(described, present.sha256, f"{here}/current"))
    return views


def _others(console: Console, camera: CameraSettings) -> list[dict[str, str]]:
    """Cameras that zones may be copied from."""
    return [
        {"id": other.id, "name": other.name or other.id}
        for other in console.settings.cameras
        if other.id != camera.id and other.zones.is_file()
    ]


def _logs(console: Console, camera: CameraSettings) -> dict[str, Any]:
    span = span_of_looks(console.settings, camera)
    if span is None:
        return {"until": None, "seconds": 0}
    return {"until": span[1].isoformat(), "seconds": round((span[1] - span[0]).total_seconds())}
