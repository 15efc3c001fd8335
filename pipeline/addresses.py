"""Passwords in addresses never reach a record or a message."""

from __future__ import annotations

import re

_SECRET_WORD = re.compile(r"(?i)([?&;][^=&;#]*(?:pass|pwd|token|secret|key|auth|sign|credential)[^=&;#]*=)[^&;#]*")


def hide_secrets(uri: str) -> str:
    """The address with user, password and secret-looking parameters written as ``***``; a path comes back unchanged."""
    scheme, mark, rest = uri.partition("://")
    if not mark or not re.fullmatch(r"[A-Za-z][\w+.\-]*", scheme):
        return uri
    return f"{scheme}://" + _SECRET_WORD.sub(r"\1***", _hide_user(rest))


def _hide_user(rest: str) -> str:
    """Mask what stands before the host, even where the password holds an unescaped ``/``, ``?`` or ``#``."""
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        return f"***@{rest[authority.rindex('@') + 1 :]}"
    port_or_password = re.search(r"(?<!\]):([^:]*)$", authority)
    if port_or_password and not port_or_password.group(1).isdigit() and "@" in rest:
        return f"***@{rest[rest.rindex('@') + 1 :]}"
    return rest
