"""Numbers in what is known of a contact, such as "王 138 0013 8000"."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"(?<![\d+])(?:\+?86[ -]?)?(1[3-9](?:[ -]?\d){9})(?!\d)")


def phone_of(contact: str) -> str:
    """The number to call; "" where there is none."""
    found = re.search(r"\+?\d[\d -]{5,16}\d", contact)
    return re.sub(r"[ -]", "", found[0]) if found else ""


def number_for_texts(contact: str) -> str:
    """The number to send a text message to: the first mobile number, else the one to call; "" where there is none."""
    found = _MOBILE.search(contact)
    return re.sub(r"[ -]", "", found[1]) if found else phone_of(contact)
