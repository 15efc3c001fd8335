"""Photos that a squad adds to what it has in hand, from a phone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse, Response

from pipeline.cases import Action, CaseRole, Refusal, StepRefusedError
from pipeline.records import MOST_PHOTOS, CaseDetail, CasePhoto, TooManyPhotosError
from pipeline.review.asking import Asking, ByForm, The
from pipeline.review.console import Console
from pipeline.review.item_page import actions_for
from pipeline.review.photo_files import MOST_BYTES, MadePhoto, PhotoFault, PhotoRefusedError, make_photo, photo_id, photo_path, write_photo
from pipeline.review.queue_page import TheQueue
from pipeline.review.seeing import case_for
from pipeline.review.views import photo_url

router = APIRouter(include_in_schema=False)


@dataclass
class PhotoForm:
    """What a form sends: photos, and what all of them show."""

    photos: Annotated[list[UploadFile] | None, File()] = None
    note: Annotated[str, Form(max_length=200)] = ""


@router.post("/cases/{violation_id}/photos")
def add_photos(
    request: Request, violation_id: str, console: The, by: ByForm, queue: TheQueue, form: Annotated[PhotoForm, Depends()]
) -> Response:
    """Add photos to a case that a squad has in hand: all that were sent, or none."""
    detail = case_for(console, by.account, violation_id)
    _refuse_others(console, by, detail)
    sent = [upload for upload in form.photos or () if upload.filename or upload.size]
    if not sent:
        raise PhotoRefusedError(PhotoFault.NONE, "")
    if len(sent) > MOST_PHOTOS:
        raise _too_many(detail, len(sent))
    made = [make_photo(upload.file.read(MOST_BYTES + 1), upload.filename or "") for upload in sent]
    kept = _keep(console, by, detail, made, " ".join(form.note.split()))
    added = len(kept) - len(detail.photos)
    if "application/json" in request.headers.get("accept", ""):
        t = console.wording.of(by.language)
        told = [{"id": photo.photo_id, "url": photo_url(photo), "note": photo.note} for photo in kept]
        return JSONResponse({"photos": told, "told": t("told.photos", n=added)})
    place = f"/cases/{quote(violation_id)}" + (f"?{queue.query}" if queue.query else "")
    return RedirectResponse(f"{place}#answer", 303)


def _refuse_others(console: Console, by: Asking, detail: CaseDetail) -> None:
    """Who may answer now may show what was found; nobody else may."""
    if Action.ANSWER in actions_for(console, by.account, detail):
        return
    refusal = Refusal.STATE if CaseRole.SQUAD in by.account.roles else Refusal.ROLE
    raise StepRefusedError(refusal, "photos are added by a squad that has the case")


def _keep(console: Console, by: Asking, detail: CaseDetail, made: Sequence[MadePhoto], note: str) -> tuple[CasePhoto, ...]:
    """Files first, then the rows that vouch for them: a file without a row is nothing that anybody is shown."""
    violation_id, now = detail.row.violation_id, console.now()
    known = {photo.photo_id for photo in detail.photos}
    new = {name: photo for photo in made if (name := photo_id(violation_id, photo)) not in known}
    if len(known) + len(new) > MOST_PHOTOS:
        raise _too_many(detail, len(known) + len(new))
    rows = []
    for number, (name, photo) in enumerate(new.items()):
        path = photo_path(violation_id, name)
        write_photo(console.settings.evidence.folder, path, photo)
        size = (photo.width_px, photo.height_px)
        digests = (photo.sha256, len(photo.data), photo.original_sha256)
        # One after the other, so that they stay in the order in which they were sent.
        at = now + timedelta(microseconds=number)
        rows.append(CasePhoto(name, violation_id, at, by.account.name, path, *digests, *size, note))
    return console.records.photos.add(violation_id, rows, remote=by.remote)


def _too_many(detail: CaseDetail, number: int) -> TooManyPhotosError:
    return TooManyPhotosError("too many photos", where=detail.row.violation_id, expected=f"at most {MOST_PHOTOS}", found=str(number))
