"""Signatures of messages: HMAC-SHA256 over ``<unix time>.<body>``. How receivers check them: docs/notifications.md."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import datetime

HEADER = "X-Doorline-Signature"
WINDOW_S = 300
"""Age beyond which a receiver should refuse a message: somebody may be replaying it."""

_PARTS = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(secret: str, body: bytes, at: datetime) -> str:
    """The header's value, ``t=<unix time>,v1=<64 hex digits>``, for a body that is sent at this time. ValueError without a secret."""
    if not secret:
        raise ValueError("no secret to sign with")
    seconds = int(at.timestamp())
    return f"t={seconds},v1={_digest(secret, body, seconds)}"


def verify(secret: str, body: bytes, header: str, now: datetime, *, window_s: float = WINDOW_S) -> bool:
    """Whether who sent this body knew the secret, and signed it within ``window_s`` of now (either way: clocks differ)."""
    parts = _PARTS.fullmatch(header)
    if not secret or parts is None:
        return False
    seconds = int(parts[1])
    if abs(now.timestamp() - seconds) > window_s:
        return False
    return hmac.compare_digest(_digest(secret, body, seconds), parts[2])


def _digest(secret: str, body: bytes, seconds: int) -> str:
    return hmac.new(secret.encode("utf-8", "surrogateescape"), str(seconds).encode() + b"." + body, hashlib.sha256).hexdigest()
