"""Drawing zones: a draft is checked while it is drawn, tried on the last looks, read from other programs, and saved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, UploadFile
from fastapi.responses import JSONResponse

from pipeline.config import CameraSettings
from pipeline.review.asking import Asking, ByForm, The
from pipeline.review.console import Console
from pipeline.review.wording import Translate
from pipeline.review.zone_access import DrawnCamera
from pipeline.review.zone_pictures import REFERENCE, pictures_of
from pipeline.review.zone_views import fault_view, metadata_view, note_text, violation_view
from pipeline.review.zones_page import checked_file, today_of
from pipeline.revising.saving_zones import (
    KEEP,
    LATEST,
    CleanPicture,
    Drawing,
    RefusedZonesError,
    StaleZonesError,
    ZoneFile,
    check_drawing,
    save_drawing,
    zone_file,
)
from pipeline.revising.trying_zones import LastLooks, NoClockError, NothingToTryError, TriedZones, last_looks, try_zones
from pipeline.types import Violation
from pipeline.zones.import_shapes import ImportRefusedError
from pipeline.zones.zone_faults import FaultCode, Spot, ZoneFault
from pipeline.zones.zone_imports import import_zones
from pipeline.zones.zone_writing import ZoneDraft, author_version, read_draft

router = APIRouter(include_in_schema=False)
_NONE = "none"
_STAND_IN, _STAND_IN_VERSION = "-", "0"
"""For what a drawing may still lack while it is drawn."""


def draft_of(draft: Annotated[str, Form(max_length=2**20)]) -> ZoneDraft:
    """What the page sends. Raises DraftError."""
    given = read_draft(draft)
    return replace(given, reason=given.reason.strip() if isinstance(given.reason, str) else given.reason)


TheDraft = Annotated[ZoneDraft, Depends(draft_of)]


@router.post("/zones/{camera_id}/check/draft")
def check(console: The, by: ByForm, camera: DrawnCamera, draft: TheDraft) -> JSONResponse:
    """What is wrong with it now. That it says no reason yet is no fault before it is saved."""
    t, present = console.wording.of(by.language), zone_file(camera.zones)
    drawing, gone = _drawing(console, by, camera, replace(draft, reason=draft.reason or _STAND_IN), present)
    checked = check_drawing(drawing, present, [row.version for row in console.records.zone_versions(camera.id)])
    return JSONResponse(
        {"faults": _views((*gone, *checked.faults), t), "warnings": _views(checked.warnings, t)},
    )


@router.post("/zones/{camera_id}/try/draft")
def try_draft(console: The, by: ByForm, camera: DrawnCamera, draft: TheDraft) -> JSONResponse:
    """What the draft would have made of the last looks, beside what the zones in force make of them."""
    t, present = console.wording.of(by.language), zone_file(camera.zones)
    plain = replace(draft, reason=_STAND_IN, version=_STAND_IN_VERSION, reference=_NONE)
    checked = check_drawing(_drawing(console, by, camera, plain, present)[0], present, ())
    if checked.zones is None:
        return _refused(409, "zones_refused", t("error.zones_refused"), checked.faults, t)
    try:
        last = last_looks(console.settings, camera)
        zones = (checked_file(console, camera, present).zones, checked.zones)
        tried = try_zones(last, camera, console.shops, console.settings, zones)
    except NothingToTryError as err:
        code = "no_clock" if isinstance(err, NoClockError) else "no_looks"
        return JSONResponse({"error": {"code": code, "text": t(f"error.{code}")}}, 409)
    return JSONResponse(_tried(last, tried, console, t))


@router.post("/zones/{camera_id}/save/draft")
def save(console: The, by: ByForm, camera: DrawnCamera, draft: TheDraft) -> JSONResponse:
    """Put it into force. Nothing of it is lost where it is refused: the page keeps it."""
    t, present = console.wording.of(by.language), zone_file(camera.zones)
    drawing, gone = _drawing(console, by, camera, draft, present)
    try:
        if gone:
            raise RefusedZonesError(gone)
        zones = save_drawing(console.records, drawing, by=by.account.name, remote=by.remote)
    except StaleZonesError:
        now = metadata_view(zone_file(camera.zones))
        told = t("error.zones_stale", version=author_version(now["version"]) or "–", author=now["author"] or "–")
        return JSONResponse({"error": {"code": "zones_stale", "text": told, "version": now["version"], "author": now["author"]}}, 409)
    except RefusedZonesError as err:
        return _refused(422, "zones_refused", t("error.zones_refused"), err.faults, t)
    follows = console.settings.live.watch_files_s > 0
    told = t("zone_told.saved" if follows else "zone_told.saved_asked", version=author_version(zones.version))
    return JSONResponse({"version": zones.version, "told": told, "url": f"/zones/{quote(camera.id)}"})


@router.post("/zones/{camera_id}/import")
def import_file(console: The, by: ByForm, camera: DrawnCamera, file: Annotated[UploadFile, File()]) -> JSONResponse:
    """Polygons from another program, for the draft. Nothing is saved."""
    t = console.wording.of(by.language)
    size = metadata_view(zone_file(camera.zones))["picture_px"]
    try:
        found = import_zones(file.file.read(), camera_id=camera.id, picture_px=(size[0], size[1]) if size else None)
    except ImportRefusedError as err:
        text = note_text(err.note, t)
        return JSONResponse({"error": {"code": "zones_import", "text": text}, "faults": [{"text": text}]}, 422)
    notes = [note_text(note, t) for note in found.notes]
    return JSONResponse({"features": list(found.features), "notes": notes, "picture_px": found.picture_px, "source": found.source})


def _drawing(
    console: Console, by: Asking, camera: CameraSettings, draft: ZoneDraft, present: ZoneFile
) -> tuple[Drawing, tuple[ZoneFault, ...]]:
    """A draft with whose it is; and a fault where the picture that it asks for is not there any more."""
    picture, faults = _picture(console, camera, draft.reference, present)
    account, now = by.account, console.now()
    drawing = Drawing(
        settings=console.settings,
        camera=camera,
        shops=console.shops,
        draft=replace(draft, reference=KEEP) if draft.reference == REFERENCE else draft,
        author=account.shown_as or account.name,
        at=now,
        today=today_of(console),
        picture=picture,
    )
    return drawing, faults


def _picture(console: Console, camera: CameraSettings, wanted: str, present: ZoneFile) -> tuple[CleanPicture | None, tuple[ZoneFault, ...]]:
    if wanted in {KEEP, REFERENCE, _NONE}:
        return None, ()
    clean = [picture for picture in pictures_of(console, camera, present) if picture.clean]
    found = next((picture for picture in clean if wanted in {LATEST, picture.key}), None)
    if found is not None:
        try:
            return CleanPicture(found.path.read_bytes(), found.suffix), ()
        except OSError:
            pass  # replaced by a newer one just now
    spot = Spot(f"{present.path}: doorline").of("reference")
    return None, (spot.fault(FaultCode.PICTURE_GONE, "the picture is not kept any more", hint="Choose another"),)


def _views(faults: Iterable[ZoneFault], t: Translate) -> list[dict[str, Any]]:
    return [fault_view(fault, t) for fault in faults]


def _refused(status: int, code: str, text: str, faults: Iterable[ZoneFault], t: Translate) -> JSONResponse:
    return JSONResponse({"error": {"code": code, "text": text}, "faults": _views(faults, t)}, status)


def _tried(last: LastLooks, tried: TriedZones, console: Console, t: Translate) -> dict[str, Any]:
    def views(found: Iterable[Violation]) -> list[dict[str, Any]]:
        return [violation_view(each, console, t) for each in found]

    return {
        "since": last.since.isoformat(),
        "until": last.until.isoformat(),
        "looks": last.told,
        "same": views(tried.same),
        "new": views(tried.new),
        "lost": views(tried.lost),
        "changed": [
            {"before": violation_view(before, console, t), "after": violation_view(after, console, t)} for before, after in tried.changed
        ],
        "note": t("zone_told.try_limits"),
    }
