"""What the catalogue says of one thing, and how its rows are written. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ThingSpec:
    """One design. Its front looks at +y, its origin is the middle of the footprint on the ground."""

    name: str
    label: str | None
    """One of values.LABELS, or None for what belongs on a street."""
    width_m: float
    """Along the thing's own x."""
    depth_m: float
    """Along the thing's own y, in which its front looks. Of a stall: without its canopy."""
    height_m: float
    """From the ground; of a hanging thing from its lowest edge. Of a stall: without its canopy."""
    held_out: bool
    kind: str
    """Finer than the label: "cartons", "fruit", "bicycle" ... Of "tree" and "canopy" only a trunk or pole stands in the way."""
    hangs: bool = False
    """Fixed to a wall: z of its place is its lowest edge, its back (-y side of the footprint) touches the wall."""
    seat_m: float | None = None
    """Height of the seat for whoever sits on it or rides it."""
    source: str = ""
    """<catalogue>/<model> of the imported mesh; empty for what the generator builds itself."""


Row = tuple[str, float, float, float] | tuple[str, float, float, float, str] | tuple[str, float, float, float, str, float]
"""Name, width, depth, height, then source of the mesh, then height of the seat."""


def rows(label: str | None, kind: str, *rows: Row, held: Iterable[Row] = (), hangs: bool = False) -> Iterator[ThingSpec]:
    """The designs of one kind; `held` are the held-out ones."""
    for held_out, some in ((False, rows), (True, held)):
        for name, width, depth, height, *more in some:
            source = str(more[0]) if more else ""
            seat = float(str(more[1])) if len(more) > 1 else None
            yield ThingSpec(name, label, width, depth, height, held_out, kind, hangs, seat, source)
