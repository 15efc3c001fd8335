"""How long the console takes at the server's side: 100,000 violations, 1,000,000 audit rows, SQLite and PostgreSQL.

The console itself runs in a process of its own, as ``doorline review`` runs it; one client asks, page after page, over the loopback.
Then twenty people work with it at once for five minutes (console_users.py): nobody may meet an error. ``DOORLINE_BENCH_VIOLATIONS``,
``DOORLINE_BENCH_AUDIT`` and ``DOORLINE_BENCH_USER_MINUTES`` measure another size. The database of SQLite is made once, under build/bench/.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import yaml

from benchmarks.clip_maker import FOLDER, PROJECT
from benchmarks.console_next import next_item_ms
from benchmarks.console_users import PEOPLE, add_people, work_at_once
from benchmarks.live_cameras import free_port
from benchmarks.report import Better, Result
from pipeline.cases import CaseRole
from pipeline.records import Account, AuditEntry, Records
from pipeline.review.passwords import hash_password
from tests.records.postgres import PostgresServer
from tests.records.samples import CAMERA, FRUIT, TOOLS, ambiguous, entry, furnish, on_public_ground, violation
from tests.review.street import write_evidence

VIOLATIONS = int(os.environ.get("DOORLINE_BENCH_VIOLATIONS", "100000"))
AUDIT = int(os.environ.get("DOORLINE_BENCH_AUDIT", "1000000"))
USER_MINUTES = float(os.environ.get("DOORLINE_BENCH_USER_MINUTES", "5"))
PAGE_MS, VERDICT_MS, NEXT_MS = 150, 100, 300
_CHUNK = 2000
_WITH_PICTURES = 60
"""Of the newest violations the evidence is there; that of all would fill the disk."""
_ROUNDS = 40
_PASSWORD = "correct horse battery"
_START = datetime.now(UTC) - timedelta(days=300)
_QUEUES = ("/", "/?order=urgent", "/?state=all&kind=beyond_shopfront&order=oldest", "/?shop=BS-0002&standing=1", "/?state=all&ambiguous=1")


def measure() -> Result:
    """The slowest median, as a share of what it may take: queue and item page 150 ms, verdict 100 ms, the next item in a browser 300 ms."""
    sqlite = FOLDER / f"console_{VIOLATIONS}_{AUDIT}.db"
    FOLDER.mkdir(parents=True, exist_ok=True)
    measured = [_measure_on(f"sqlite:///{sqlite}", "SQLite", is_full=sqlite.exists())]
    server = PostgresServer()
    server.start()
    try:
        measured.append(_measure_on(server.create_database("console"), "PostgreSQL", is_full=False))
    finally:
        server.remove()
    worst, faultless = max(share for share, _ in measured), all(fine for _, fine in measured)
    return Result("console_pages", worst, "of the time allowed, slowest median", 1.0, Better.AT_MOST, holds=faultless)


def _measure_on(url: str, name: str, *, is_full: bool) -> tuple[float, bool]:
    """The slowest median as a share of what it may take, and whether twenty people met no error."""
    if not is_full:
        began_s = time.monotonic()
        fill(url, _folder(name))
        print(f"{name}: {VIOLATIONS} violations and {AUDIT} audit rows made in {time.monotonic() - began_s:.0f} s", flush=True)
    with _console(url, name) as address:
        nexts = next_item_ms(address, "ren", _PASSWORD)
    with _console(url, name) as address, httpx2.Client(base_url=address, follow_redirects=True, timeout=60) as client:
        _log_in(client)
        queues = {place: _times_ms(client, place) for place in _QUEUES}
        items, verdicts = _work_through(client)
    worst = 0.0
    for what, times_ms, allowed_ms in (
        *((f"queue {place}", times_ms, PAGE_MS) for place, times_ms in queues.items()),
        ("item", items, PAGE_MS),
        ("verdict", verdicts, VERDICT_MS),
        ("next item drawn in the browser", nexts, NEXT_MS),
    ):
        median_ms = statistics.median(times_ms)
        worst = max(worst, median_ms / allowed_ms)
        p95 = sorted(times_ms)[int(len(times_ms) * 0.95)]
        print(f"{name}: {what}: median {median_ms:.1f} ms, p95 {p95:.1f} ms, {len(times_ms)} times, allowed {allowed_ms} ms", flush=True)
    return worst, _with_a_crowd(url, name)


def _with_a_crowd(url: str, name: str) -> bool:
    add_people(url, "ren")
    with _console(url, name) as address:
        crowd = work_at_once(address, _PASSWORD, USER_MINUTES * 60)
    print(
        f"{name}: {PEOPLE} people for {USER_MINUTES:g} min: {crowd.requests} requests, {crowd.verdicts} verdicts, "
        f"{crowd.conflicts} times somebody else was first and that was told, median {statistics.median(crowd.times_ms):.0f} ms, "
        f"p95 {crowd.p95_ms():.0f} ms, {crowd.errors.total()} errors",
        flush=True,
    )
    for what, times in crowd.errors.most_common(5):
        print(f"{name}: {times} x {what}", flush=True)
    return not crowd.errors and crowd.verdicts > 0


def _folder(name: str) -> Path:
    """What the console of a database works in."""
    return FOLDER / f"console_{name}_{VIOLATIONS}"


def fill(url: str, folder: Path) -> None:
    """All the violations, accounts and audit rows, through the records themselves; evidence of the newest below this folder."""
    shutil.rmtree(folder, ignore_errors=True)
    with Records.open(url) as records:
        source = furnish(records)
        for first in range(0, VIOLATIONS, _CHUNK):
            entries = []
            for number in range(first, min(first + _CHUNK, VIOLATIONS)):
                found = violation(f"{number:016x}", first_s=number * 250.0, cleared=number % 9 != 0)
                found = ambiguous(found) if number % 11 == 0 else on_public_ground(found) if number % 5 == 0 else found
                made = entry(found, tenants=(FRUIT, TOOLS) if number % 11 == 0 else (FRUIT,) if number % 5 else ())
                made = replace(made, complete=number % 13 != 0, missing=() if number % 13 else ("after: not cleared yet",))
                if number >= VIOLATIONS - _WITH_PICTURES:
                    files, digest = write_evidence(folder / "evidence", found.violation_id, found.first_seen_at, number * 250.0)
                    made = replace(made, evidence=files, manifest_sha256=digest)
                entries.append(made)
            records.save_violations("run-1", source, entries)
        records.accounts.add(Account("ren", "任初审", (CaseRole.REVIEWER,), "", (), hash_password(_PASSWORD), _START, None, 0, None))
        for first in range(0, AUDIT, 10 * _CHUNK):
            records.accounts.note(
                [
                    AuditEntry(
                        _START + timedelta(seconds=number),
                        "ren",
                        "case/viewed",
                        f"violation/{number % VIOLATIONS:016x}",
                        {"version": number % 3},
                        "10.0.0.7",
                    )
                    for number in range(first, min(first + 10 * _CHUNK, AUDIT))
                ]
            )


@contextmanager
def _console(url: str, name: str) -> Iterator[str]:
    folder = _folder(name)
    folder.mkdir(parents=True, exist_ok=True)
    address = f"127.0.0.1:{free_port()}"
    (folder / "cam01.geojson").touch()
    camera = {"id": CAMERA.id, "name": CAMERA.name, "place": CAMERA.place, "street": CAMERA.street, "zones": "cam01.geojson"}
    settings = {"cameras": [camera], "evidence": {"folder": "evidence"}, "records": {"url": url}, "review": {"listen": address}}
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    command = [sys.executable, "-m", "pipeline.cli", "review", "--config", str(config)]
    with (folder / "console.log").open("w") as log, subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log) as process:
        try:
            _wait_for(address, Path(log.name), process)
            yield f"http://{address}"
        finally:
            process.terminate()


def _wait_for(address: str, log: Path, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            httpx2.get(f"http://{address}/login")
        except httpx2.ConnectError:
            if process.poll() is not None:
                raise RuntimeError(log.read_text()) from None
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the console does not answer")


def _log_in(client: httpx2.Client) -> None:
    form = {"form_token": _token(client.get("/login").text), "name": "ren", "password": _PASSWORD, "next": "/"}
    page = client.post("/login", data=form)
    assert page.status_code == 200
    assert page.url.path == "/"


def _work_through(client: httpx2.Client) -> tuple[list[float], list[float]]:
    """Open one item after the other and reject it."""
    items, verdicts = [], []
    found = re.search(r"/cases/([0-9a-f]{16})", client.get("/").text)
    assert found
    place = found[0]
    for _ in range(_ROUNDS):
        began_s = time.monotonic()
        page = client.get(place)
        items.append((time.monotonic() - began_s) * 1000)
        assert page.status_code == 200
        form = {"form_token": _token(page.text), "version": "0", "action": "reject", "reason": "unclear"}
        began_s = time.monotonic()
        answer = client.post(f"{place}/steps", data=form, headers={"accept": "application/json"})
        verdicts.append((time.monotonic() - began_s) * 1000)
        assert answer.status_code == 200, answer.text
        place = answer.json()["next"]
    return items, verdicts


def _times_ms(client: httpx2.Client, place: str) -> list[float]:
    times = []
    for _ in range(_ROUNDS):
        began_s = time.monotonic()
        answer = client.get(place)
        times.append((time.monotonic() - began_s) * 1000)
        assert answer.status_code == 200
    return times


def _token(page: str) -> str:
    found = re.search(r'name="form_token" value="([^"]+)"', page)
    assert found
    return found[1]
