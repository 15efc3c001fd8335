"""The shop list in force: read once, and again when another file lies there."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from pipeline.shops import ShopRegistry, Tenancy, csv_of
from pipeline.shops.csv_files import read_csv

_LOG = logging.getLogger(__name__)
_NONE = ShopRegistry({})
_Identity: TypeAlias = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ShopEntry:
    """A shop as a list of shops shows it: with today's tenant, else with the last one (``is_let`` False). ``text`` is for searching."""

    code: str
    tenancy: Tenancy
    is_let: bool
    text: str


@dataclass(frozen=True, slots=True)
class ListInForce:
    """A list with the sha256 of its file. ``fault`` says why the file that lies there now is not used, "" where it is."""

    registry: ShopRegistry
    sha256: str
    fault: str = ""
    _of_day: dict[date, tuple[ShopEntry, ...]] = field(default_factory=dict)

    def entries(self, today: date) -> tuple[ShopEntry, ...]:
        """All shops by code, as they are on a local day."""
        if today not in self._of_day:
            made = tuple(_entry(self.registry, code, today) for code in sorted(self.registry.tenancies) if self.registry.tenancies[code])
            self._of_day.clear()
            self._of_day[today] = made
        return self._of_day[today]


class ShopList:
    """Gives the list in force to whoever asks. A file that is broken or gone never takes the place of a list that was good."""

    def __init__(self, path: Path | None, given: ShopRegistry | None) -> None:
        """``given`` is used as long as no good list lies at ``path``; None for both: there is no list."""
        self._path = path
        self._lock = Lock()
        self._seen: _Identity | None = (0, 0, 0)
        self._list = None if given is None else ListInForce(given, hashlib.sha256(csv_of(given)).hexdigest())

    @property
    def path(self) -> Path | None:
        """Where it lies; None where the configuration names none."""
        return self._path

    def current(self) -> ListInForce | None:
        """The list in force; None where there is none at all. Costs no more than a look at the folder where nothing has changed."""
        if self._path is None:
            return self._list
        seen = _identity(self._path)
        if seen != self._seen:
            with self._lock:
                if seen != self._seen:
                    self._list = self._reread(self._path, self._list)
                    self._seen = seen
        return self._list

    def _reread(self, path: Path, known: ListInForce | None) -> ListInForce:
        try:
            raw = path.read_bytes()
        except OSError as err:
            return _still(known, f"{path}: {err.strerror or err}")
        read = read_csv(raw, str(path))
        if read.faults:
            return _still(known, read.faults[0].text)
        return ListInForce(read.registry, hashlib.sha256(raw).hexdigest())


def _still(known: ListInForce | None, fault: str) -> ListInForce:
    _LOG.error("the shop list is not taken: %s", fault)
    return replace(known or ListInForce(_NONE, ""), fault=fault)


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns)


def _entry(registry: ShopRegistry, code: str, today: date) -> ShopEntry:
    tenant = registry.tenant_on(code, today)
    shown = tenant or registry.last_tenant(code, today) or registry.tenancies[code][0]
    return ShopEntry(code, shown, tenant is not None, f"{code}\n{shown.name}\n{shown.address}".casefold())
