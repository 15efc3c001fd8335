"""Random draws of shops and inspectors (双随机). Added, never changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, insert, or_, select

from pipeline.errors import RecordError
from pipeline.records.account_rows import AuditEntry, Json
from pipeline.records.audit import write_audit
from pipeline.records.database import Database
from pipeline.records.tables import DrawRecord


class NoSuchDrawError(RecordError):
    """There is none, or none that this person may see."""


@dataclass(frozen=True, slots=True)
class DrawRow:
    """A draw in a list. ``wanted`` says what could be drawn and how many; ``drawn`` and ``inspectors`` are in the order of the draw."""

    draw_id: str
    drawn_at: datetime
    drawn_by: str
    seed: str
    wanted: Mapping[str, Json]
    drawn: tuple[str, ...]
    inspectors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draw(DrawRow):
    """A draw with all that is needed to draw it again: ``candidates`` are the codes that could be drawn, sorted."""

    candidates: tuple[str, ...]


class DrawBook:
    """Draws of one database. Every method is one transaction: it holds as a whole, or it raises RecordError and nothing of it holds."""

    def __init__(self, database: Database) -> None:
        """See Records.draws."""
        self._database = database

    def add(self, draw: Draw, audit: Sequence[AuditEntry] = ()) -> bool:
        """Keep a draw. False, with nothing written, where there is one of this id: a form that was sent twice draws once."""
        values = {
            "draw_id": draw.draw_id,
            "drawn_at": draw.drawn_at,
            "drawn_by": draw.drawn_by,
            "seed": draw.seed,
            "wanted": dict(draw.wanted),
            "candidates": list(draw.candidates),
            "drawn": list(draw.drawn),
            "inspectors": list(draw.inspectors),
        }
        with self._database.writing() as session:
            if session.get(DrawRecord, draw.draw_id) is not None:
                return False
            session.execute(insert(DrawRecord).values(values))
            write_audit(session, audit)
            return True

    def draw(self, draw_id: str) -> Draw:
        """One draw with its candidates. NoSuchDrawError."""
        with self._database.reading() as session:
            record = session.get(DrawRecord, draw_id)
            if record is None:
                raise NoSuchDrawError("no such draw", where=draw_id[:80])
            return Draw(
                record.draw_id,
                record.drawn_at,
                record.drawn_by,
                record.seed,
                record.wanted,
                tuple(record.drawn),
                tuple(record.inspectors),
                tuple(record.candidates),
            )

    def list(self, *, before: str = "", limit: int = 50) -> tuple[DrawRow, ...]:
        """Draws, newest first.

        Args:
            before: only older ones than that of this id. NoSuchDrawError.
            limit: how many at most.
        """
        row = (DrawRecord.draw_id, DrawRecord.drawn_at, DrawRecord.drawn_by, DrawRecord.seed, DrawRecord.wanted)
        query = (
            select(*row, DrawRecord.drawn, DrawRecord.inspectors)
            .order_by(DrawRecord.drawn_at.desc(), DrawRecord.draw_id.desc())
            .limit(limit)
        )
        with self._database.reading() as session:
            if before:
                last = session.get(DrawRecord, before)
                if last is None:
                    raise NoSuchDrawError("no such draw", where=before[:80])
                same = and_(DrawRecord.drawn_at == last.drawn_at, DrawRecord.draw_id < last.draw_id)
                query = query.where(or_(DrawRecord.drawn_at < last.drawn_at, same))
            return tuple(
                DrawRow(draw_id, at, by, seed, wanted, tuple(drawn), tuple(inspectors))
                for draw_id, at, by, seed, wanted, drawn, inspectors in session.execute(query)
            )
