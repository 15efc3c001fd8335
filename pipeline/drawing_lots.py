"""Lots that anybody can draw again (双随机): who is inspected, and by whom, follows from a seed and a list of names, and from nothing else.

Every name has one ticket or several. The mark of a ticket is the SHA-256 of the text

    SEED DOMAIN NUMBER NAME

in UTF-8, with single spaces, in lower-case hexadecimal digits; NUMBER counts the tickets of a name from 1. Tickets are sorted by their
marks, and names come in the order of their first tickets. The first so many names are drawn. A shell can do the same (``check_command``).

With one ticket each, every order of names is equally likely. With several, each next name is drawn from those that are left with a chance
that is its share of their tickets: the smallest of n random marks is as often the smallest of all as n marks are. Whoever is left out of
the list changes nothing about the order of the others.
"""

from __future__ import annotations

import hashlib
import shlex
from collections.abc import Mapping
from enum import StrEnum

MOST_TICKETS = 9
"""Of one name."""
_LONGEST_SEED = 128


class Domain(StrEnum):
    """What lots are drawn for. Draws of two kinds with one seed have nothing to do with each other."""

    SHOP = "shop"
    INSPECTOR = "inspector"


def draw_lots(seed: str, domain: Domain, tickets: Mapping[str, int], count: int) -> tuple[str, ...]:
    """The first ``count`` names, in the order in which they are drawn; all of them where there are fewer.

    Args:
        seed: 1 to 128 printable characters without spaces.
        domain: what is drawn.
        tickets: name -> how many tickets it has, 1 to MOST_TICKETS. No line breaks in a name. The order says nothing.
        count: 0 or more.

    Raises:
        ValueError: what no draw can be made of.
    """
    _check(seed, tickets, count)
    first = {name: min(mark_of(seed, domain, number, name) for number in range(1, n + 1)) for name, n in tickets.items()}
    return tuple(sorted(first, key=lambda name: (first[name], name))[:count])


def mark_of(seed: str, domain: Domain, number: int, name: str) -> str:
    """The mark of one ticket: 64 hexadecimal digits."""
    return hashlib.sha256(f"{seed} {domain} {number} {name}".encode()).hexdigest()


def ticket_lines(tickets: Mapping[str, int]) -> str:
    """A line per ticket, ``NUMBER NAME``, by name: what ``check_command`` reads."""
    return "".join(f"{number} {name}\n" for name in sorted(tickets) for number in range(1, tickets[name] + 1))


def check_command(seed: str, domain: Domain, count: int, file: str) -> str:
    """A command for a POSIX shell that draws the same again from a file of ``ticket_lines``, and prints the names in their order."""
    given = shlex.quote(f"{seed} {domain}")
    marks = (
        f'while IFS= read -r ticket; do printf "%s %s\\n" "$(printf "%s %s" {given} "$ticket" | sha256sum | cut -c1-64)" "$ticket"; '
        f"done < {shlex.quote(file)}"
    )
    return f"{marks} | LC_ALL=C sort | cut -d' ' -f3- | awk '!seen[$0]++' | head -n {count}"


def is_seed(text: str) -> bool:
    """Whether a draw can be made of it."""
    return 0 < len(text) <= _LONGEST_SEED and text.isprintable() and not any(character.isspace() for character in text)


def _check(seed: str, tickets: Mapping[str, int], count: int) -> None:
    if not is_seed(seed):
        raise ValueError(f"expected a seed of 1 to {_LONGEST_SEED} printable characters without spaces; found {seed!r}")
    if count < 0:
        raise ValueError(f"expected a count of 0 or more; found {count}")
    for name, number in tickets.items():
        if not name or "\n" in name or "\r" in name or not 1 <= number <= MOST_TICKETS:
            raise ValueError(f"expected a name in one line with 1 to {MOST_TICKETS} tickets; found {name!r} with {number}")
