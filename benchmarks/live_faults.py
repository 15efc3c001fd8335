"""Eight live cameras, and everything that happens to cameras, networks, disks, databases and processes, again and again.

``python -m benchmarks live_faults`` runs for half an hour (``DOORLINE_BENCH_FAULT_MINUTES``), then counts what went wrong and writes the
table of docs/faults.md. Cartons are put down before each camera and taken away by a plan: it is known what should be reported.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.clip_maker import FOLDER, PROJECT
from benchmarks.report import Better, Result
from pipeline.records import Records, ViolationFilter, ViolationRow
from pipeline.types import Observation
from tests.live.live_camera import LiveCamera, live_camera
from tests.live.live_office import CANDIDATE_S, LiveOffice, live_office
from tests.live.street_film import Film, make_film
from tests.records.postgres import PostgresServer

MINUTES = float(os.environ.get("DOORLINE_BENCH_FAULT_MINUTES", "30"))
CAMERAS = 8
STANDS_S, AWAY_S = (50.0, 70.0), (26.0, 36.0)
"""A carton stands so long, and then the street is empty for so long."""
QUIET_S = (8.0, 16.0)
"""Between two faults of one camera."""
OVER_ALL_S = 24.0
"""Between two faults that hit all cameras."""
RECOVERS_WITHIN_S = 15.0
ENOUGH_S = CANDIDATE_S + 12.0
"""A carton that was seen for this long must be reported: the dwell, and what the eye needs to be sure of it after each interruption."""
SLACK_S = 4.0
PAGE = PROJECT / "docs" / "faults.md"


@dataclass(slots=True)
class Fault:
    """One that happened: to one camera, or to all (""); wall-clock times."""

    kind: str
    camera_id: str
    began: datetime
    ended: datetime


@dataclass(slots=True)
class Street:
    """One camera, what was put down before it and when, and what is to happen next."""

    camera_id: str
    camera: LiveCamera
    cartons: list[tuple[datetime, datetime]] = field(default_factory=list)
    stands_since: datetime | None = None
    next_s: float = 0.0
    next_fault_s: float = 0.0
    mend_s: float | None = None
    fault: Fault | None = None

    def turn(self, now_s: float, dice: random.Random) -> None:
        """Put a carton down, or take it away, where that is due."""
        if now_s < self.next_s:
            return
        if self.stands_since is None:
            self.camera.put_down()
            self.stands_since = datetime.now(UTC)
            self.next_s = now_s + dice.uniform(*STANDS_S)
        else:
            self.camera.take_away()
            self.cartons.append((self.stands_since, datetime.now(UTC)))
            self.stands_since = None
            self.next_s = now_s + dice.uniform(*AWAY_S)


@dataclass(slots=True)
class Found:
    """What became of the faults of one kind."""

    times: int = 0
    recovered_s: list[float] = field(default_factory=list)


def measure() -> Result:
    """So many things went wrong that should not have: lost, doubled, false or falsely cleared violations, and late recoveries."""
    folder = FOLDER / "live_faults"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    film, large, turned = (make_film(folder / f"{name}.mp4", size, right=right) for name, size, right in _FILMS)
    with ExitStack() as opened:
        streets = [Street(f"CAM{number:02d}", opened.enter_context(live_camera(film))) for number in range(CAMERAS)]
        server = PostgresServer()
        opened.callback(server.remove)
        server.start()
        room = opened.enter_context(_small_disk(folder / "office"))
        url = server.create_database("faults")
        addresses = {street.camera_id: street.camera.address for street in streets}
        # The disk is small so that it can be filled.
        live = {"ring_s": 20, "still_every_s": 2, "memory_every_s": 2, "gap_every_s": 2, "disk_warn_gib": 0.1, "disk_stop_gib": 0.05}
        office = live_office(folder / "office", addresses, reference=True, records={"url": url, "busy_timeout_s": 5}, live=live)
        happened = _run(office, streets, {"large": large, "turned": turned, "film": film}, server, room)
        # The office lies on a disk that is gone afterwards.
        shutil.copy(office.folder / "said.txt", folder)
        shutil.copytree(office.folder / "out" / "observations", folder / "observations")
        return _judge(office, streets, happened, url)


_FILMS = (("street", (320, 240), 0), ("large", (480, 360), 0), ("turned", (320, 240), 60))


# --- what happens -----------------------------------------------------------------------------------------------


def _run(
    office: LiveOffice, streets: list[Street], films: dict[str, Film], server: PostgresServer, room: Callable[[bool], None]
) -> list[Fault]:
    """Half an hour of it."""
    dice = random.Random(7)  # noqa: S311  # the same plan each time
    happened: list[Fault] = []
    program = _start(office)
    began_s = time.monotonic()
    for street in streets:
        street.next_s, street.next_fault_s = began_s + dice.uniform(10, 30), began_s + dice.uniform(25, 45)
    over_all_s, turn = began_s + 40, 0
    while time.monotonic() - began_s < MINUTES * 60:
        now_s = time.monotonic()
        for street in streets:
            street.turn(now_s, dice)
            _trouble(street, now_s, films, dice, happened)
        if now_s >= over_all_s:
            kind = ("killed -9", "database restarted", "disk full")[turn % 3]
            turn += 1
            began = datetime.now(UTC)
            if kind == "killed -9":
                program.kill()
                program.wait()
                program = _start(office)
            elif kind == "database restarted":
                server.stop()
                time.sleep(2)
                server.start()
            else:
                room(False)
                time.sleep(3)
                room(True)
            happened.append(Fault(kind, "", began, datetime.now(UTC)))
            over_all_s = time.monotonic() + OVER_ALL_S
        time.sleep(0.25)
    for street in streets:
        street.camera.mend()
        street.camera.take_away()
        if street.stands_since is not None:
            street.cartons.append((street.stands_since, datetime.now(UTC)))
    time.sleep(40)
    program.send_signal(signal.SIGTERM)
    program.wait(20)
    return happened


def _trouble(street: Street, now_s: float, films: dict[str, Film], dice: random.Random, happened: list[Fault]) -> None:
    """End the trouble of a camera that is due to end, or begin another."""
    camera = street.camera
    if street.fault is not None and street.mend_s is not None and now_s >= street.mend_s:
        if street.fault.kind in {"resolution changed", "camera turned"}:
            camera.resize(films["film"])
        camera.mend()
        if street.fault.kind == "grey picture":
            (camera.put_down if street.stands_since else camera.take_away)()
        street.fault.ended = datetime.now(UTC)
        happened.append(street.fault)
        street.fault, street.next_fault_s = None, now_s + dice.uniform(*QUIET_S)
    elif street.fault is None and now_s >= street.next_fault_s:
        kinds: dict[str, tuple[Callable[[], None], float]] = {
            "server killed": (camera.cut, 5.0),
            "link cut for 30 s": (camera.cut, 30.0),
            "silent": (camera.silence, 12.0),
            "frozen picture": (camera.freeze, 15.0),
            "grey picture": (camera.grey, 10.0),
            "garbage": (camera.garbage, 10.0),
            "resolution changed": (lambda: camera.resize(films["large"]), 15.0),
            "stream clock jumped 8 h": (lambda: camera.jump(8 * 3600), 1.0),
            "camera turned": (lambda: camera.resize(films["turned"]), 12.0),
        }
        seldom = {kind: sum(fault.kind == kind for fault in happened) for kind in kinds}
        kind = min(kinds, key=lambda name: (seldom[name], dice.random()))
        begin, lasts_s = kinds[kind]
        begin()
        street.fault, street.mend_s = Fault(kind, street.camera_id, datetime.now(UTC), datetime.now(UTC)), now_s + lasts_s


def _start(office: LiveOffice) -> subprocess.Popen[bytes]:
    with (office.folder / "said.txt").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, "-m", "pipeline.cli", "run", "--config", "doorline.yaml"],
            cwd=office.folder,
            env={**os.environ, "PYTHONPATH": str(PROJECT)},
            stdout=said,
            stderr=said,
        )


@contextmanager
def _small_disk(folder: Path) -> Iterator[Callable[[bool], None]]:
    """A disk of its own that can be filled; where none may be mounted, the fault is left out and said to be."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=512m", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if not mounted:
        print("no right to mount: a full disk is not tried", flush=True)

    def room(there: bool) -> None:
        ballast = folder / "ballast"
        if there:
            ballast.unlink(missing_ok=True)
        elif mounted:
            with suppress(OSError), ballast.open("wb") as file:
                while True:
                    file.write(bytes(2**20))

    try:
        yield room
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(folder)], check=False)


# --- what came of it --------------------------------------------------------------------------------------------


def _judge(office: LiveOffice, streets: list[Street], happened: list[Fault], url: str) -> Result:
    with Records.open(url, create=False) as records:
        rows = records.list_violations(ViolationFilter())
    wrong: dict[str, list[str]] = {"lost": [], "doubled": [], "false": [], "falsely cleared": [], "without evidence": []}
    looks = {street.camera_id: office.observations(street.camera_id) for street in streets}
    cartons = 0
    for street in streets:
        seen = [row for row in _newest(rows) if row.camera_id == street.camera_id]
        cartons += len(street.cartons)
        for number, (down, up) in enumerate(street.cartons):
            name = f"{street.camera_id} carton {number + 1}"
            reported = [row for row in seen if _meets(row, down, up)]
            begun = [row for row in reported if row.first_seen_at and row.first_seen_at >= down - timedelta(seconds=SLACK_S)]
            if not reported and _seen_s(looks[street.camera_id], down, up) >= ENOUGH_S:
                wrong["lost"].append(name)
                print(f"lost: {name}, {down:%H:%M:%S} to {up:%H:%M:%S}: {_told(looks[street.camera_id], down, up)}", flush=True)
            if len(begun) > 1:
                wrong["doubled"].append(name)
            for row in reported:
                # One that was last seen before this carton came is that of the carton before: its clearing is right, if late.
                of_this = row.last_seen_at is not None and row.last_seen_at >= down
                if row.cleared_at and of_this and down + timedelta(seconds=SLACK_S) < row.cleared_at < up - timedelta(seconds=SLACK_S):
                    wrong["falsely cleared"].append(f"{name} at {row.cleared_at:%H:%M:%S}")
        wrong["false"] += [row.violation_id for row in seen if not any(_meets(row, down, up) for down, up in street.cartons)]
        wrong["without evidence"] += [row.violation_id for row in seen if row.manifest_sha256 is None]
    found = _recoveries(happened, looks)
    late = {kind: sum(value > RECOVERS_WITHIN_S for value in each.recovered_s) for kind, each in found.items()}
    _write_page(found, late, wrong, cartons)
    for kind, names in wrong.items():
        print(f"{kind}: {len(names)} {', '.join(names[:8])}", flush=True)
    return Result("live_faults", sum(map(len, wrong.values())) + sum(late.values()), "things gone wrong", 0, Better.AT_MOST)


def _newest(rows: tuple[ViolationRow, ...]) -> list[ViolationRow]:
    """Each violation once: a later run's row of it replaces an earlier one's."""
    return list({row.violation_id: row for row in rows}.values())


def _meets(row: ViolationRow, down: datetime, up: datetime) -> bool:
    begins, ends = row.first_seen_at, row.cleared_at or row.last_seen_at
    return begins is not None and ends is not None and begins <= up and ends >= down


def _seen_s(looks: list[Observation], down: datetime, up: datetime) -> float:
    """Seconds of looks in this time that count."""
    return float(sum(look.gap is None and down <= look.captured_at <= up for look in looks))


def _told(looks: list[Observation], down: datetime, up: datetime) -> str:
    """A letter per look: what it saw of the carton (sure, uncertain, nothing), or why it does not count; | where nobody looked."""
    letters, before = [], down
    for look in looks:
        if down <= look.captured_at <= up:
            sure = {each.certainty.value for each in look.detections}
            seen = "S" if "sure" in sure else "u" if sure else "."
            letters += ["|"] * ((look.captured_at - before).total_seconds() > RECOVERS_WITHIN_S / 3)
            letters.append(seen if look.gap is None else look.gap.value[0])
            before = look.captured_at
    return "".join(letters)


def _recoveries(happened: list[Fault], looks: dict[str, list[Observation]]) -> dict[str, Found]:
    """Of a fault of one camera: until that is seen again. Of one that hits all: until any is, since others have faults of their own."""
    found: dict[str, Found] = {}
    for fault in happened:
        each = found.setdefault(fault.kind, Found())
        each.times += 1
        cameras = [fault.camera_id] if fault.camera_id else list(looks)
        seen = (look.captured_at for camera in cameras for look in looks[camera] if look.gap is None and look.captured_at > fault.ended)
        after = min(seen, default=None)
        again = any(not other.camera_id and fault.ended < other.ended and (after is None or other.began < after) for other in happened)
        if after is not None and not again:
            each.recovered_s.append((after - fault.ended).total_seconds())
    return found


def _write_page(found: dict[str, Found], late: dict[str, int], wrong: dict[str, list[str]], cartons: int) -> None:
    lines = [
        "# Faults",
        "",
        "What `doorline run` makes of everything that happens to cameras, networks, disks, databases and processes. Made by",
        "`make bench NAME=live_faults`, which runs for half an hour. Faults of a camera hit one of eight; a killed process, a restarted",
        "database and a full disk hit all. Cartons are put down before each camera and taken away meanwhile, so it is known what",
        "should be reported.",
        "",
        "| fault | times | seen again after, median | longest | later than 15 s |",
        "|---|---|---|---|---|",
    ]
    for kind, each in sorted(found.items()):
        values = sorted(each.recovered_s)
        middle = f"{values[len(values) // 2]:.1f} s" if values else "-"
        lines.append(f"| {kind} | {each.times} | {middle} | {f'{values[-1]:.1f} s' if values else '-'} | {late[kind]} |")
    lines += ["", f"| of {cartons} cartons | |", "|---|---|"]
    lines += [f"| {kind} | {len(names)} |" for kind, names in wrong.items()]
    lines += ["", f"{MINUTES:g} minutes, {CAMERAS} cameras, a look per second, dwell 8 s."]
    PAGE.write_text("\n".join(lines) + "\n", encoding="utf-8")
