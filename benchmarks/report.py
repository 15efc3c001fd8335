"""The one line that a benchmark ends with."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which side of the target is good."""

    AT_LEAST = ">="
    AT_MOST = "<="


class NotMeasuredError(Exception):
    """A benchmark can't be run here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Result:
    """A figure and what it should be."""

    name: str
    value: float
    unit: str
    target: float
    better: Better
    holds: bool = True
    """Whether all else that belongs to the target, and is no figure, is met too."""

    @property
    def ok(self) -> bool:
        """Whether the target is met."""
        return self.holds and (self.value >= self.target if self.better is Better.AT_LEAST else self.value <= self.target)

    def line(self) -> str:
        """``NAME VALUE UNIT target TARGET ok|short``."""
        return f"{self.name} {self.value:.2f} {self.unit} target {self.better}{self.target:g} {'ok' if self.ok else 'short'}"
