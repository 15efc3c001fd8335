"""What whoever makes messages is asked for when a case moves; no text is made here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.cases import Step
from pipeline.records.case_rows import CaseDetail, CaseRow
from pipeline.records.rows import OutgoingMessage


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that was just taken.

    ``number`` counts from 1, over all steps ever taken of the case; ``case`` is as the step has left it. ``undone`` is the step that an
    UNDO took back. ``told`` are the receivers that were told, or may have been, of what this step makes void.
    """

    number: int
    step: Step
    case: CaseDetail
    undone: Step | None = None
    told: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PassedDeadline:
    """A case whose deadline has passed and that still waits; ``number`` is that of the step that set it."""

    number: int
    case: CaseRow


@dataclass(frozen=True, slots=True)
class CaseTelling:
    """Who is told of cases, and what. Both functions are called within a transaction or between two: they touch no database.

    Messages of a case have ``subject_of`` it, and keys that begin with ``keys_of`` the step.
    """

    receivers: tuple[str, ...]
    of_step: Callable[[TakenStep], Sequence[OutgoingMessage]]
    of_deadline: Callable[[PassedDeadline], Sequence[OutgoingMessage]]


def subject_of(violation_id: str) -> str:
    """What the messages of a case are about."""
    return f"case/{violation_id}"


def keys_of(violation_id: str, number: int) -> str:
    """How the keys of all messages about a step, or about the deadline that it set, begin."""
    return f"{subject_of(violation_id)}/{number}/"
