"""占道堆物: things piled on pavement or road, nobody trading from them. What stands there and is neither of the other two.

On public ground a violation belongs to the place where it stands: things that touch or nearly touch are one pile
(or one stall with its boxes and stools), things farther apart are several.
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.rules.contact import next_to
from pipeline.types import BoundingBox


def joins_pile(box: BoundingBox, pile: Iterable[BoundingBox], aspect: float) -> bool:
    """Whether a thing stands in or next to a pile."""
    return any(next_to(box, part, aspect) for part in pile)
