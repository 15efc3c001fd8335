"""Addresses: passwords in them never reach a record or a message; ``gb28181://`` names a camera at a gateway; who can listen on the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

CHANNEL_SCHEME = "gb28181"
CHANNEL_FORM = "gb28181://DEVICE/CHANNEL, or gb28181://GATEWAY/DEVICE/CHANNEL where there are several gateways"
_PART = re.compile(r"[\w.\-]{1,64}", re.ASCII)

_SECRET_WORD = re.compile(r"(?i)([?&;][^=&;#]*(?:pass|pwd|token|secret|key|auth|sign|credential)[^=&;#]*=)[^&;#]*")


@dataclass(frozen=True, slots=True)
class ChannelAddress:
    """A camera as GB/T 28181 names it: the device that has registered at a gateway, and the channel of that device."""

    gateway: str
    """Its name in the settings; empty: the only one."""
    device: str
    """Usually 20 digits."""
    channel: str
    """Usually 20 digits; of a camera that is no recorder often those of the device."""

    def __str__(self) -> str:
        return f"{CHANNEL_SCHEME}://" + "/".join(part for part in (self.gateway, self.device, self.channel) if part)


def is_channel(uri: str) -> bool:
    """Whether the address names a camera at a gateway."""
    return uri.partition("://")[0].lower() == CHANNEL_SCHEME and "://" in uri


def parse_channel(uri: str) -> ChannelAddress:
    """The parts of an address for which is_channel holds. Raises ValueError, whose text doesn't quote the address."""
    parts = uri.partition("://")[2].split("/")
    if len(parts) not in (2, 3) or not all(_PART.fullmatch(part) for part in parts):
        raise ValueError(f"expected {CHANNEL_FORM}, of letters, digits, '_', '-', '.'")
    gateway = parts[0] if len(parts) == 3 else ""
    return ChannelAddress(gateway, parts[-2], parts[-1])


def is_safe_on_the_way(url: str) -> bool:
    """Whether nobody between here and there can read or change what is said: TLS, or this machine itself."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:  # brackets that don't close, a port that is none
        return False
    return bool(host) and port != 0 and (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host)))


def hide_secrets(uri: str) -> str:
    """The address with user, password and secret-looking parameters written as ``***``; a path comes back unchanged."""
    scheme, mark, rest = uri.partition("://")
    if not mark or not re.fullmatch(r"[A-Za-z][\w+.\-]*", scheme):
        return uri
    return f"{scheme}://" + _SECRET_WORD.sub(r"\1***", _hide_user(rest))


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _hide_user(rest: str) -> str:
    """Mask what stands before the host, even where the password holds an unescaped ``/``, ``?`` or ``#``."""
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        return f"***@{rest[authority.rindex('@') + 1 :]}"
    port_or_password = re.search(r"(?<!\]):([^:]*)$", authority)
    if port_or_password and not port_or_password.group(1).isdigit() and "@" in rest:
        return f"***@{rest[rest.rindex('@') + 1 :]}"
    return rest
