"""Many live cameras on this machine: what each costs, and whether looks come in time.

The RTSP server runs on the same cores; what it takes is told beside. ``DOORLINE_BENCH_CAMERAS``, ``DOORLINE_BENCH_LOOK_S``,
``DOORLINE_BENCH_MINUTES`` and ``DOORLINE_BENCH_JUDGES`` measure something else than the targets ask for: ten minutes of 48
cameras at a look per 2 s, and of 96 at one per 5 s, judged by two threads.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from benchmarks.clip_maker import CAMERA, FOLDER, PROJECT, street_clip
from benchmarks.report import Better, NotMeasuredError, Result

CAMERAS = os.environ.get("DOORLINE_BENCH_CAMERAS")
LOOK_S = os.environ.get("DOORLINE_BENCH_LOOK_S")
MINUTES = float(os.environ.get("DOORLINE_BENCH_MINUTES", "10"))
JUDGES = int(os.environ.get("DOORLINE_BENCH_JUDGES", "2"))
IN_TIME = 0.95
"""Share of the looks that should come which must come and count."""
SETTLE_S = 60.0
"""Streams open one after another, windows are planned and the model is warmed up before anything is measured."""
BEGIN_S = (0, 4, 8, 12, 16)
"""Streets are not busy all at the same moment: the cameras begin at other seconds of the loop, by turns."""
_IN_TIME_S = 2.0
PYTHON = "/usr/bin/python3"


@dataclass(frozen=True, slots=True)
class Spent:
    """At one moment: CPU seconds so far, resident MiB, and the program's own figures."""

    at_s: float
    cpu_s: float
    server_cpu_s: float
    resident_mib: float
    status: dict[str, Any]

    def figure(self, name: str) -> float:
        """One of the program's figures."""
        return float(self.status[name])

    def delay_s(self, which: str) -> float:
        """From the arrival of a picture to its verdict."""
        return float(self.status["delay_s"][which])

    def of_cameras(self, what: str) -> int:
        """Looks of all cameras together: ``counted`` or ``dropped``."""
        cameras = self.status["cameras"]
        if what == "dropped":
            return int(sum(camera["dropped"] for camera in cameras))
        return int(sum(camera["looks"] - sum(camera["gaps"].values()) for camera in cameras))


def measure() -> Result:
    """48 cameras at one look per 2 s: how late verdicts are, and whether every camera is looked at as often as asked for."""
    return _measure("live_cameras", int(CAMERAS or 48), float(LOOK_S or 2))


def measure_many() -> Result:
    """The same for 96 cameras at one look per 5 s."""
    return _measure("live_many_cameras", int(CAMERAS or 96), float(LOOK_S or 5))


def _measure(name: str, cameras: int, look_s: float) -> Result:
    film_s = round((MINUTES * 60 + SETTLE_S) / 20 + 4) * 20
    films = [street_clip(film_s, begin_s=begin_s) for begin_s in BEGIN_S]
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    one = _run(films, folder, 1, look_s, 20.0)
    many = _run(films, folder, cameras, look_s, MINUTES * 60)
    seconds = many[1].at_s - many[0].at_s
    cpu_ms = (many[1].cpu_s - many[0].cpu_s) / seconds / cameras * 1000
    server = (many[1].server_cpu_s - many[0].server_cpu_s) / seconds
    memory = (many[1].resident_mib - one[1].resident_mib) / max(1, cameras - 1)
    counted, dropped = (many[1].of_cameras(what) - many[0].of_cameras(what) for what in ("counted", "dropped"))
    detect, rules = ((many[1].figure(what) - many[0].figure(what)) / seconds for what in ("detect_s", "rule_s"))
    watched, stretch, p95 = many[1].figure("watched"), many[1].figure("stretch"), many[1].delay_s("p95")
    print(
        f"{cameras} cameras 1080p25 H.264 4 Mbit/s, a look per {look_s:g} s, {seconds / 60:.1f} min: {watched:g} watched, "
        f"{counted} looks counted ({counted / (cameras * seconds / look_s):.0%} of what was asked for), {dropped} dropped, "
        f"looks {stretch:.2f} times as far apart, delay p50 {many[1].delay_s('p50'):.2f} s p95 {p95:.2f} s; "
        f"looking took {detect:.2f} of {JUDGES} judging thread(s), rules and logs {rules:.2f}; "
        f"{cpu_ms:.1f} CPU-ms per camera-second, "
        f"{cpu_ms * cameras / 1000:.2f} cores used, the RTSP server {server:.2f}; {memory:.1f} MiB more per camera",
        flush=True,
    )
    in_time = watched == cameras and p95 <= _IN_TIME_S and counted >= IN_TIME * cameras * seconds / look_s
    if not in_time:
        print("short: not every camera was looked at in time", flush=True)
    return Result(name, p95, "s from a picture's arrival to its verdict (p95)", _IN_TIME_S, Better.AT_MOST, holds=in_time)


def _run(films: list[Path], folder: Path, cameras: int, look_s: float, seconds: float) -> tuple[Spent, Spent]:
    """Watch so many cameras for so long, after they have settled."""
    with _server(films, cameras) as (port, server), _program(folder, cameras, look_s, port) as (health, program):
        time.sleep(SETTLE_S)
        before = _spent(health, program, server)
        time.sleep(seconds)
        return before, _spent(health, program, server)


@contextmanager
def _server(films: list[Path], cameras: int) -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    script = str(PROJECT / "benchmarks" / "rtsp_server.py")
    try:
        process = subprocess.Popen(
            [PYTHON, script, str(cameras), str(port), *map(str, films)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    except FileNotFoundError as err:
        raise NotMeasuredError(f"no {PYTHON}") from err
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        if process.stdout.readline().strip() != "ready":
            hint = "apt install gstreamer1.0-rtsp gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad python3-gi"
            raise NotMeasuredError(f"{process.stderr.read().strip().splitlines()[-1]} ({hint})")
        yield port, psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


@contextmanager
def _program(folder: Path, cameras: int, look_s: float, port: int) -> Iterator[tuple[str, psutil.Process]]:
    health = f"127.0.0.1:{free_port()}"
    config = _config(folder / str(cameras), cameras, look_s, port, health)
    command = [sys.executable, "-m", "pipeline.cli", "run", "--config", str(config)]
    with (folder / f"{cameras}.log").open("w") as log, subprocess.Popen(command, cwd=PROJECT, stdout=log, stderr=log) as process:
        try:
            yield health, psutil.Process(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _config(folder: Path, cameras: int, look_s: float, port: int, health: str) -> Path:
    """All cameras look at the same street, each with a zone file of its own."""
    zones = PROJECT / "zones" / "samples"
    (folder / "zones").mkdir(parents=True)
    reference = zones / f"{CAMERA}_reference.jpg"
    shutil.copy(reference, folder / "zones" / reference.name)
    content = json.loads((zones / f"{CAMERA}.geojson").read_text(encoding="utf-8"))
    listed = []
    for number in range(cameras):
        content["doorline"]["camera_id"] = f"C{number:03d}"
        path = folder / "zones" / f"C{number:03d}.geojson"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        listed.append({"id": f"C{number:03d}", "zones": str(path), "stream": f"rtsp://127.0.0.1:{port}/cam{number}"})
    settings = {
        "cameras": listed,
        "shops": str(zones / "shops.csv"),
        "looks": {"interval_s": look_s},
        "live": {"folder": "live", "health": health, "judges": JUDGES},
        "yolo": {"card": str(PROJECT / "models" / "street-n" / "card.yaml")},
        "observations": "observations",
        "evidence": {"folder": "evidence"},
        "records": {"url": "sqlite:///doorline.db"},
    }
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return config


def _spent(health: str, program: psutil.Process, server: psutil.Process) -> Spent:
    with urllib.request.urlopen(f"http://{health}/status", timeout=10) as answer:
        status = json.load(answer)
    # The program and what watches its streams.
    processes = [program, *program.children(recursive=True)]
    # Of the program also what its children took that have ended: the coding of evidence.
    cpu = sum(sum(process.cpu_times()[: 4 if process is program else 2]) for process in processes)
    # Shared pages once: pixels pass through memory that several of them have.
    resident = sum(process.memory_full_info().pss for process in processes)
    served = server.cpu_times()
    return Spent(time.monotonic(), cpu, served.user + served.system, resident / 2**20, status)


def free_port() -> int:
    """A port of this machine that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
