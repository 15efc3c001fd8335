"""跨门经营: a shop's goods, racks, tables or signs stand beyond the line of its doors, windows and outer wall."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.config import ContactSettings
from pipeline.rules.contact import contact_band
from pipeline.rules.ground import Ground
from pipeline.rules.slots import Slot
from pipeline.types import Role, Target

_NEAR_OWN_HEIGHTS = 0.5


def is_beyond_shopfront(slots: Iterable[Slot], target: Target, ground: Ground, contact: ContactSettings) -> bool:
    """Whether things in this target's frontage are trade beyond the door line rather than a pile.

    One thing that is known to be goods, furniture or a stall is enough. What nobody could name is the shop's
    display where it stands at the door line (within half its own height of the shopfront), and a pile farther out.
    A stall in a frontage is the shop's, whoever attends it.
    """
    return any(slot.role is not Role.UNKNOWN_OBJECT or _at_door_line(slot, target, ground, contact) for slot in slots)


def _at_door_line(slot: Slot, target: Target, ground: Ground, contact: ContactSettings) -> bool:
    band = contact_band(slot.label, slot.role, slot.box, contact.bands)
    return bool(band) and ground.near_shopfront(band, target.shop_codes, _NEAR_OWN_HEIGHTS * slot.box.height)
