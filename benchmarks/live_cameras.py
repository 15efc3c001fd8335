"""Many live cameras on this machine: what each costs, and whether looks come in time.

The RTSP server runs on the same cores; what it takes is told beside. ``DOORLINE_BENCH_CAMERAS``, ``DOORLINE_BENCH_LOOK_S`` and
``DOORLINE_BENCH_MINUTES`` measure something else than the targets ask for (48 cameras, a look per 2 s, ten minutes).
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

import psutil
import yaml

from benchmarks.clip_maker import CAMERA, FOLDER, PROJECT, street_clip
from benchmarks.report import Better, NotMeasuredError, Result

CAMERAS = int(os.environ.get("DOORLINE_BENCH_CAMERAS", "48"))
LOOK_S = float(os.environ.get("DOORLINE_BENCH_LOOK_S", "2"))
MINUTES = float(os.environ.get("DOORLINE_BENCH_MINUTES", "10"))
SETTLE_S = 60.0
"""Streams open one after another, windows are planned and the model is warmed up before anything is measured."""
PYTHON = "/usr/bin/python3"


@dataclass(frozen=True, slots=True)
class Spent:
    """At one moment: CPU seconds so far, resident MiB, and the program's own figures."""

    at_s: float
    cpu_s: float
    server_cpu_s: float
    resident_mib: float
    status: dict[str, object]


def measure() -> Result:
    """CPU milliseconds that a camera costs per second, everything included but the server."""
    film = street_clip(round((MINUTES * 60 + SETTLE_S) / 20 + 4) * 20)
    folder = FOLDER / "live_cameras"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    one = _run(film, folder, 1, 20.0)
    many = _run(film, folder, CAMERAS, MINUTES * 60)
    seconds = many[1].at_s - many[0].at_s
    spent = {name: float(str(many[1].status[name])) - float(str(many[0].status[name])) for name in ("detect_s", "rule_s")}
    cpu_ms = (many[1].cpu_s - many[0].cpu_s) / seconds / CAMERAS * 1000
    server = (many[1].server_cpu_s - many[0].server_cpu_s) / seconds
    memory = (many[1].resident_mib - one[1].resident_mib) / max(1, CAMERAS - 1)
    cameras = many[1].status["cameras"]
    assert isinstance(cameras, list)
    delay = many[1].status["delay_s"]
    assert isinstance(delay, dict)
    counted = sum(camera["looks"] for camera in cameras) - sum(sum(camera["gaps"].values()) for camera in cameras)
    dropped = sum(camera["dropped"] for camera in cameras)
    watched, stretch = many[1].status["watched"], many[1].status["stretch"]
    print(
        f"{CAMERAS} cameras 1080p25 H.264 4 Mbit/s, a look per {LOOK_S:g} s, {seconds / 60:.1f} min: {watched} watched, "
        f"{counted} looks counted, {dropped} dropped, looks {stretch:.2f} times as far apart, "
        f"delay p50 {delay['p50']:.2f} s p95 {delay['p95']:.2f} s; "
        f"looking took {spent['detect_s'] / seconds:.2f} of the judging thread, rules and logs {spent['rule_s'] / seconds:.2f}; "
        f"{cpu_ms * CAMERAS / 1000:.2f} cores used, the RTSP server {server:.2f}; {memory:.1f} MiB more per camera",
        flush=True,
    )
    if watched != CAMERAS or float(delay["p95"]) > 2 or dropped > 0.01 * counted:
        print("short: not every camera was watched in time", flush=True)
    return Result("live_cameras", cpu_ms, "CPU-ms per camera-second", 24, Better.AT_MOST)


def _run(film: Path, folder: Path, cameras: int, seconds: float) -> tuple[Spent, Spent]:
    """Watch so many cameras for so long, after they have settled."""
    with _server(film, cameras) as (port, server), _program(folder, cameras, port) as (health, program):
        time.sleep(SETTLE_S)
        before = _spent(health, program, server)
        time.sleep(seconds)
        return before, _spent(health, program, server)


@contextmanager
def _server(film: Path, cameras: int) -> Iterator[tuple[int, psutil.Process]]:
    port = _free_port()
    script = str(PROJECT / "benchmarks" / "rtsp_server.py")
    try:
        process = subprocess.Popen(
            [PYTHON, script, str(film), str(cameras), str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
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
def _program(folder: Path, cameras: int, port: int) -> Iterator[tuple[str, psutil.Process]]:
    health = f"127.0.0.1:{_free_port()}"
    config = _config(folder / str(cameras), cameras, port, health)
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


def _config(folder: Path, cameras: int, port: int, health: str) -> Path:
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
        "looks": {"interval_s": LOOK_S, "batch": 16},
        "live": {"folder": "live", "health": health},
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
    cpu = sum(sum(process.cpu_times()[:2]) for process in processes)
    resident = sum(process.memory_info().rss for process in processes)
    served = server.cpu_times()
    return Spent(time.monotonic(), cpu, served.user + served.system, resident / 2**20, status)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])
