"""Evidence by what it is: pictures and clips of cases that somebody may see, never by path."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated

import cv2
import numpy as np
from fastapi import APIRouter, Query
from fastapi.responses import FileResponse, Response

from pipeline.errors import EvidenceError
from pipeline.records import Account, AuditEntry, NoSuchCaseError
from pipeline.review.asking import By, The
from pipeline.review.console import Console
from pipeline.review.seeing import seen_by
from pipeline.review.views import thumbnail_of
from pipeline.types import EvidenceFile

router = APIRouter(include_in_schema=False)
_THUMBNAIL_PX = 480
KEEP = "private, max-age=86400, immutable"
"""The address holds a mark of the content."""


@router.get("/media/{violation_id}/thumbnail")
def show_thumbnail(violation_id: str, console: The, by: By) -> Response:
    """The picture that stands for a violation, small."""
    file = thumbnail_of(console.records.cases.evidence(violation_id, seen_by(by.account)))
    if file is None:
        raise NoSuchCaseError("no picture", where=violation_id)
    small = small_picture(path_in_evidence(console, file.path, file.what), file.sha256)
    return Response(small, media_type="image/jpeg", headers={"cache-control": "private, max-age=60"})


@router.get("/media/{violation_id}/photos/{photo_id}")
def show_photo(violation_id: str, photo_id: str, console: The, by: By, size: Annotated[str, Query(max_length=10)] = "") -> Response:
    """A photo of a squad as it lies on disk; ``size=small`` for lists."""
    if size != "small":
        return photo_of(console, by.account, violation_id, photo_id)
    small = small_picture(*photo_path_of(console, by.account, violation_id, photo_id))
    return Response(small, media_type="image/jpeg", headers={"cache-control": KEEP})


@router.get("/media/{violation_id}/{what}")
def show_part(violation_id: str, what: str, console: The, by: By) -> Response:
    """A part of the evidence as it lies on disk; a part of it where the browser asks for a range."""
    answer = part_of(console, by.account, violation_id, what)
    if what.startswith("clip_"):
        told = AuditEntry(console.now(), by.account.name, "evidence/opened", f"violation/{violation_id}", {"what": what[:100]}, by.remote)
        console.records.accounts.note((told,))
    return answer


def part_of(console: Console, account: Account, violation_id: str, what: str) -> FileResponse:
    """A part of the evidence of a case that this account may see. NoSuchCaseError, EvidenceError."""
    file = _file_of(console, account, violation_id, what)
    return FileResponse(path_in_evidence(console, file.path, file.what), headers={"cache-control": KEEP, "etag": f'"{file.sha256}"'})


def photo_of(console: Console, account: Account, violation_id: str, photo_id: str) -> FileResponse:
    """A photo of a squad, of a case that this account may see. NoSuchCaseError, EvidenceError."""
    path, sha256 = photo_path_of(console, account, violation_id, photo_id)
    return FileResponse(path, headers={"cache-control": KEEP, "etag": f'"{sha256}"'})


def photo_path_of(console: Console, account: Account, violation_id: str, photo_id: str) -> tuple[Path, str]:
    """Where it lies, and its hash; raises as ``photo_of``."""
    photo = console.records.photos.find(violation_id, photo_id, seen_by(account))
    return path_in_evidence(console, photo.path, f"photo {photo.photo_id}"), photo.sha256


def _file_of(console: Console, account: Account, violation_id: str, what: str) -> EvidenceFile:
    evidence = console.records.cases.evidence(violation_id, seen_by(account))
    file = next((file for file in evidence if file.what == what), None)
    if file is None:
        raise NoSuchCaseError("no such part of the evidence", where=violation_id)
    return file


def path_in_evidence(console: Console, relative: str, what: str) -> Path:
    """Where something lies in the evidence folder. EvidenceError, which tells ``what``, where it lies there no more."""
    folder = console.settings.evidence.folder.resolve()
    path = (folder / relative).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise EvidenceError("a part of the evidence is missing on the disk", where=what, hint="doorline records verify says what else is")
    return path


@lru_cache(maxsize=512)
def small_picture(path: Path, _sha256: str) -> bytes:
    """A picture for lists, as JPEG. EvidenceError where it is none."""
    picture = cv2.imdecode(np.frombuffer(path.read_bytes(), np.uint8), cv2.IMREAD_REDUCED_COLOR_2)
    if picture is None:
        raise EvidenceError("a picture of the evidence can't be read", where=path.name)
    height, width = picture.shape[:2]
    if width > _THUMBNAIL_PX:
        picture = cv2.resize(picture, (_THUMBNAIL_PX, round(height * _THUMBNAIL_PX / width)), interpolation=cv2.INTER_AREA)
    done, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 80])
    if not done:
        raise EvidenceError("a picture of the evidence can't be made small", where=path.name)
    return coded.tobytes()
