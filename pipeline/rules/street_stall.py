"""占道设摊: a stall, cart, tricycle or spread on public ground with a person attending it for most of the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pipeline.config import StallSettings
from pipeline.rules.slots import Slot
from pipeline.types import Role

_SPREAD_OF_A_PERSON = 0.25
"""What nobody could name is a spread only if it is at least this large beside its attendant; a bag at one's feet is not."""


def is_street_stall(slots: Sequence[Slot], at: datetime, settings: StallSettings) -> bool:
    """Whether things that stand together on public ground are a stall.

    One of them was attended for most of the time since it was first seen, and for most of the second half of that
    time: a delivery man who unloads, or a shopkeeper who stacks, leaves before the end.
    """
    total_area = sum(slot.box.area for slot in slots)
    for slot in slots:
        since = slot.occupancy.first_seen_at
        halfway = since + (at - since) / 2
        attended = min(slot.attendance.share(since), slot.attendance.share(halfway)) >= settings.attended_share
        if attended and (slot.role is not Role.UNKNOWN_OBJECT or total_area >= _SPREAD_OF_A_PERSON * slot.attendance.person_area > 0):
            return True
    return False
