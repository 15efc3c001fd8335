"""Photos that squads add to cases: rows, which vouch for files that lie in the evidence folder already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from pipeline.cases import Action, Case, CaseRole, Refusal, StepRefusedError, roles_for
from pipeline.records.account_rows import AuditEntry
from pipeline.records.audit import write_audit
from pipeline.records.case_queue import conditions
from pipeline.records.case_rows import CaseFilter, CasePhoto, NoSuchCaseError, TooManyPhotosError
from pipeline.records.database import Database
from pipeline.records.tables import CasePhotoRecord, CaseRecord

MOST_PHOTOS = 12
"""Of one case, ever."""
_FIELDS = tuple(CasePhoto.__dataclass_fields__)


class CasePhotos:
    """See Records.photos. Every method is one transaction; nothing is ever changed or removed."""

    def __init__(self, database: Database) -> None:
        """See Records.photos."""
        self._database = database

    def add(self, violation_id: str, photos: Sequence[CasePhoto], *, remote: str = "") -> tuple[CasePhoto, ...]:
        """Keep photos of a case that a squad has in hand, and in the audit log that they were added; all of them, or none.

        Their files must lie on disk already. A photo that the case has already (the same id) stays as it is and is no second one.

        Args:
            violation_id: of the case.
            photos: of that case.
            remote: where the request came from.

        Returns:
            All photos of the case, oldest first.

        Raises:
            NoSuchCaseError, TooManyPhotosError: nothing was kept.
            StepRefusedError: the case is not with a squad.
        """
        with self._database.writing() as session:
            query = select(CaseRecord).where(CaseRecord.violation_id == violation_id).with_for_update()
            record = session.scalars(query).one_or_none()
            if record is None:
                raise NoSuchCaseError("no such case", where=violation_id)
            known = {photo.photo_id for photo in photos_of(session, violation_id)}
            new = {photo.photo_id: photo for photo in photos if photo.photo_id not in known}
            if new:
                _refuse(record, len(known) + len(new))
                session.execute(insert(CasePhotoRecord), [_values(photo) for photo in new.values()])
                write_audit(session, [_told(photo, remote) for photo in new.values()])
            return photos_of(session, violation_id)

    def find(self, violation_id: str, photo_id: str, wanted: CaseFilter) -> CasePhoto:
        """A photo of a case that a filter lets through; NoSuchCaseError for all others."""
        this = (CasePhotoRecord.violation_id == violation_id, CasePhotoRecord.photo_id == photo_id)
        query = select(CasePhotoRecord).join(CaseRecord, CaseRecord.violation_id == CasePhotoRecord.violation_id)
        with self._database.reading() as session:
            record = session.scalars(query.where(*this, *conditions(wanted))).one_or_none()
            if record is None:
                raise NoSuchCaseError("no such photo", where=f"case {violation_id}")
            return _photo(record)

    def of_run(self, run_id: str) -> tuple[CasePhoto, ...]:
        """All photos of the cases of a run, by path."""
        query = select(CasePhotoRecord).join(CaseRecord, CaseRecord.violation_id == CasePhotoRecord.violation_id)
        with self._database.reading() as session:
            found = [_photo(record) for record in session.scalars(query.where(CaseRecord.run_id == run_id))]
        return tuple(sorted(found, key=lambda photo: photo.path))


def photos_of(session: Session, violation_id: str) -> tuple[CasePhoto, ...]:
    """The photos of a case, oldest first."""
    order = (CasePhotoRecord.added_at, CasePhotoRecord.photo_id)
    query = select(CasePhotoRecord).where(CasePhotoRecord.violation_id == violation_id).order_by(*order)
    return tuple(_photo(record) for record in session.scalars(query))


def _refuse(record: CaseRecord, number: int) -> None:
    """What can't be. A case is with a squad where a squad may answer it."""
    if CaseRole.SQUAD not in roles_for(Case(record.state), Action.ANSWER):
        raise StepRefusedError(Refusal.STATE, f"photos are added while a squad has the case, not to one that is {record.state.value}")
    if number > MOST_PHOTOS:
        raise TooManyPhotosError(
            "too many photos", where=f"case {record.violation_id}", expected=f"at most {MOST_PHOTOS}", found=str(number)
        )


def _told(photo: CasePhoto, remote: str) -> AuditEntry:
    detail = {"photo": photo.photo_id, "sha256": photo.sha256, "original_sha256": photo.original_sha256}
    return AuditEntry(photo.added_at, photo.added_by, "case/photo_added", f"violation/{photo.violation_id}", detail, remote)


def _values(photo: CasePhoto) -> dict[str, Any]:
    return {name: getattr(photo, name) for name in _FIELDS}


def _photo(record: CasePhotoRecord) -> CasePhoto:
    return CasePhoto(*(getattr(record, name) for name in _FIELDS))
