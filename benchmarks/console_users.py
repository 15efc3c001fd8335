"""Twenty people at the console at once: each works through the queue, opens items, decides, looks at the overview."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx2
import numpy as np

from pipeline.cases import CaseRole
from pipeline.records import Account, Records

PEOPLE = 20
_THINK_S = (0.2, 1.8)
"""Between two things that somebody does. People take longer."""
_QUEUES = ("/", "/?order=urgent", "/?state=all&order=oldest", "/?ambiguous=1", "/?state=all&kind=beyond_shopfront")
_TOLD_AND_FINE = 409
"""Somebody else has the item, or decided first: told, and nothing is lost."""


@dataclass
class Crowd:
    """What all of them saw."""

    requests: int = 0
    verdicts: int = 0
    conflicts: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    times_ms: list[float] = field(default_factory=list)

    def p95_ms(self) -> float:
        """Of all requests, at the client."""
        return sorted(self.times_ms)[int(len(self.times_ms) * 0.95)] if self.times_ms else 0.0


def add_people(url: str, like: str) -> None:
    """Accounts with the password of ``like``, who may decide; those that there are stay."""
    with Records.open(url) as records:
        known = {account.name: account for account in records.accounts.list()}
        pattern = known[like]
        for number in range(PEOPLE):
            name = f"person{number:02d}"
            if name not in known:
                made = Account(name, "", (CaseRole.REVIEWER,), "", (), pattern.password_hash, pattern.created_at, None, 0, None)
                records.accounts.add(made)


def work_at_once(address: str, password: str, seconds: float) -> Crowd:
    """All of them, each in a thread with a browser's cookies, for so long."""
    crowd, lock = Crowd(), threading.Lock()
    until_s = time.monotonic() + seconds
    with ThreadPoolExecutor(PEOPLE) as pool:
        for each in [pool.submit(_Person(address, number, crowd, lock).work, password, until_s) for number in range(PEOPLE)]:
            each.result()
    return crowd


class _Person:
    def __init__(self, address: str, number: int, crowd: Crowd, lock: threading.Lock) -> None:
        self._client = httpx2.Client(base_url=address, follow_redirects=True, timeout=60)
        self._name = f"person{number:02d}"
        self._dice = np.random.default_rng(number)
        self._crowd = crowd
        self._lock = lock

    def work(self, password: str, until_s: float) -> None:
        with self._client:
            page = self._ask("GET", "/login")
            self._ask("POST", "/login", {"form_token": _token(page), "name": self._name, "password": password, "next": "/"})
            while time.monotonic() < until_s:
                self._look_at_a_queue()
                if self._dice.random() < 0.05:
                    self._ask("GET", "/overview?days=30")

    def _look_at_a_queue(self) -> None:
        page = self._ask("GET", _QUEUES[int(self._dice.integers(len(_QUEUES)))])
        places = re.findall(r'href="(/cases/[0-9a-f]{16}[^"]*)"', page)
        for chosen in self._dice.permutation(len(places))[:3]:
            place = places[int(chosen)]
            self._think()
            item = self._ask("GET", place.replace("&amp;", "&"))
            self._think()
            if 'data-action="reject"' in item or "dialog-reject" in item:
                self._reject(place, item)

    def _reject(self, place: str, item: str) -> None:
        version = re.search(r'name="version" value="(\d+)"', item)
        form = {"form_token": _token(item), "version": version[1] if version else "0", "action": "reject", "reason": "unclear"}
        if self._ask("POST", f"{place.partition('?')[0]}/steps", form):
            with self._lock:
                self._crowd.verdicts += 1

    def _ask(self, method: str, place: str, form: dict[str, str] | None = None) -> str:
        """The page; "" where somebody else was first. What is none is an error of the crowd, and the person goes on."""
        began_s = time.monotonic()
        try:
            answer = self._client.request(method, place, data=form)
            status = answer.status_code
        except httpx2.HTTPError as err:
            status, answer = 0, None
            told = type(err).__name__
        else:
            told = str(status)
        with self._lock:
            self._crowd.requests += 1
            self._crowd.times_ms.append((time.monotonic() - began_s) * 1000)
            if status == _TOLD_AND_FINE:
                self._crowd.conflicts += 1
            elif status != 200:
                self._crowd.errors[f"{method} {place.partition('?')[0]}: {told}"] += 1
        return answer.text if answer is not None and status == 200 else ""

    def _think(self) -> None:
        time.sleep(self._dice.uniform(*_THINK_S))


def _token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    return found[1] if found else ""
