"""Whether files that were made before are what the seeds give today: byte for byte. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

MOST_NAMED = 10
"""So many files that differ are named."""
MOST_SHOWN = 100
"""So many characters of a line that differs are shown."""


@dataclass
class Comparison:
    """Files of one folder against the same files made afresh in another."""

    kept: Path
    fresh: Path
    same: int = 0
    differing: list[str] = field(default_factory=list)
    """Names, `/` between folders; also of files that one side lacks."""
    first: str = ""
    """What is wrong with the first of them."""

    @property
    def passed(self) -> bool:
        """Something was compared and nothing differs."""
        return self.same > 0 and not self.differing

    def add(self, names: Iterable[str]) -> None:
        """Compare these files, given by their names in both folders."""
        for name in names:
            wrong = difference(self.kept / name, self.fresh / name)
            if wrong is None:
                self.same += 1
                continue
            self.first = self.first or f"{name}: {wrong}"
            self.differing.append(name)

    def summary(self) -> str:
        """One line: how many are the same, which are not, and what is wrong with the first of those."""
        total = self.same + len(self.differing)
        if not self.differing:
            return f"all {total} files are the same"
        more = f" and {len(self.differing) - MOST_NAMED} more" if len(self.differing) > MOST_NAMED else ""
        return f"{self.same} of {total} files are the same, not {', '.join(self.differing[:MOST_NAMED])}{more}; {self.first}"


def difference(kept: Path, fresh: Path) -> str | None:
    """What is wrong with a file made before, in words; None: it is the same."""
    if not kept.is_file():
        return "is missing"
    if not fresh.is_file():
        return "was not made again"
    old, new = kept.read_bytes(), fresh.read_bytes()
    if old == new:
        return None
    place = next((index for index, (one, other) in enumerate(zip(old, new, strict=False)) if one != other), min(len(old), len(new)))
    line = new.count(b"\n", 0, place)
    return f"from byte {place} (line {line + 1}) it says {_shown(old, place)} in place of {_shown(new, place)}"


def _shown(data: bytes, place: int) -> str:
    """The rest of the line from there."""
    rest = data[place : place + MOST_SHOWN].split(b"\n")[0]
    return repr(rest.decode("utf-8", "backslashreplace")) if place < len(data) else "nothing"
