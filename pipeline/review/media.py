"""Evidence by what it is: pictures and clips of cases that somebody may see, never by path."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from fastapi import APIRouter
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
_KEEP = "private, max-age=86400, immutable"
"""The address holds a mark of the content."""


@router.get("/media/{violation_id}/thumbnail")
def show_thumbnail(violation_id: str, console: The, by: By) -> Response:
    """The picture that stands for a violation, small."""
    file = thumbnail_of(console.records.cases.evidence(violation_id, seen_by(by.account)))
    if file is None:
        raise NoSuchCaseError("no picture", where=violation_id)
    path = _path_of(console, file)
    small = _thumbnail(path, file.sha256)
    return Response(small, media_type="image/jpeg", headers={"cache-control": "private, max-age=60"})


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
    return FileResponse(_path_of(console, file), headers={"cache-control": _KEEP, "etag": f'"{file.sha256}"'})


def _file_of(console: Console, account: Account, violation_id: str, what: str) -> EvidenceFile:
    evidence = console.records.cases.evidence(violation_id, seen_by(account))
    file = next((file for file in evidence if file.what == what), None)
    if file is None:
        raise NoSuchCaseError("no such part of the evidence", where=violation_id)
    return file


def _path_of(console: Console, file: EvidenceFile) -> Path:
    """Where it lies. EvidenceError where it lies there no more."""
    folder = console.settings.evidence.folder.resolve()
    path = (folder / file.path).resolve()
    if not path.is_relative_to(folder) or not path.is_file():
        raise EvidenceError(
            "a part of the evidence is missing on the disk", where=file.what, hint="doorline records verify says what else is"
        )
    return path


@lru_cache(maxsize=512)
def _thumbnail(path: Path, _sha256: str) -> bytes:
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
