"""Full disks, dead footage, a failing ffmpeg: one clear line, and nothing half-written."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import ffmpeg
import pytest

from pipeline.errors import EvidenceError, SourceError
from pipeline.evidence import find_partials, read_manifest, remove_partials, scan_manifests, verify_run
from pipeline.evidence.ffmpeg_run import run_ffmpeg
from tests.evidence import scene


def left_over(folder: Path) -> list[str]:
    """Everything under an evidence folder but the lock of the chain."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file() and path.name != ".chain.lock")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 400 kB, made by the kernel, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if (
        os.geteuid()
        or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], capture_output=True, check=False).returncode
    ):
        pytest.skip("cannot mount a small file system here (the limit on file size is tested instead)")
    try:
        yield disk
    finally:
        subprocess.run(["umount", disk], check=True)


def test_disk_full_is_one_line_and_leaves_nothing(small_disk: Path, street: Path) -> None:
    folder = small_disk / "evidence"
    with pytest.raises(
        EvidenceError, match=r"run-1/CAM01/v0001: disk full while writing evidence; found No space left on device"
    ) as caught:
        scene.writer(folder).write(scene.violation(), scene.ClipFootage(street), scene.observations(), scene.CLOCK)
    assert "\n" not in str(caught.value)
    assert left_over(folder) == []


@pytest.mark.parametrize(("kilobytes", "jpeg_quality"), [(1, 92), (20, 92), (100, 50), (170, 50)])
def test_files_that_may_not_grow_are_a_full_disk_wherever_it_hits(kilobytes: int, jpeg_quality: int, street: Path, tmp_path: Path) -> None:
    """The kernel refuses at different steps: a still, the cut, ffmpeg's output, ... In a process of its own: the limit is."""
    program = (
        "import sys; from pathlib import Path; from tests.evidence import scene; from pipeline.errors import EvidenceError\n"
        "try:\n"
        "    writer = scene.writer(Path(sys.argv[2]), jpeg_quality=int(sys.argv[3]))\n"
        "    writer.write(scene.violation(), scene.ClipFootage(Path(sys.argv[1])), scene.observations(), scene.CLOCK)\n"
        "except EvidenceError as err:\n"
        "    sys.exit(str(err))\n"
    )
    folder = tmp_path / "evidence"

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1000, kilobytes * 1000))

    done = subprocess.run(
        [sys.executable, "-c", program, str(street), str(folder), str(jpeg_quality)],
        capture_output=True,
        text=True,
        preexec_fn=limit,  # the limit must hold in the child alone
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 1, done.stderr
    assert "disk full while writing evidence" in done.stderr
    assert done.stderr.strip().count("\n") == 0
    assert left_over(folder) == []


def test_ffmpeg_that_takes_too_long_is_stopped(street: Path, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="ffmpeg took too long; expected at most 0 s"):
        scene.writer(tmp_path, ffmpeg_timeout_s=0.01).write(scene.violation(), scene.ClipFootage(street), scene.observations(), scene.CLOCK)
    assert left_over(tmp_path) == []


def test_what_ffmpeg_says_is_in_the_one_line(tmp_path: Path) -> None:
    missing = ffmpeg.input(str(tmp_path / "none.mp4")).output(str(tmp_path / "out.mp4"))
    with pytest.raises(EvidenceError, match=r"out.mp4: ffmpeg failed; found .*No such file or directory") as caught:
        run_ffmpeg(missing, threads=1, timeout_s=60, where=tmp_path / "out.mp4")
    assert "\n" not in str(caught.value)


class FaultyFootage(scene.ClipFootage):
    """Footage that can't be read between two media times (the whole of it, or only a stretch)."""

    dead = (0.0, 1e9)

    def holds(self, media_time_s: float) -> bool:
        return True

    def picture_at(self, media_time_s: float) -> tuple[float, scene.StillPicture]:
        """Refuses inside the dead stretch."""
        if self.dead[0] <= media_time_s <= self.dead[1]:
            raise SourceError("cannot read pictures", where="clip.mp4")
        return super().picture_at(media_time_s)

    def pictures_between(self, start_s: float, end_s: float) -> Iterator[tuple[float, scene.StillPicture]]:
        """Refuses where the span touches the dead stretch."""
        if self.dead[0] <= end_s and start_s <= self.dead[1] and end_s < 1e9:
            raise SourceError("cannot read pictures", where="clip.mp4")
        return super().pictures_between(start_s, end_s)

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Refuses where the span touches the dead stretch."""
        if self.dead[0] <= end_s and start_s <= self.dead[1]:
            raise SourceError("cannot read packets", where="clip.mp4")
        return super().cut(start_s, end_s, path)


def test_footage_that_gives_nothing_is_an_error(street: Path, reference: Path, tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match=r"street.mp4: footage gives no picture for evidence; found .*cannot read pictures"):
        scene.writer(tmp_path, reference=reference).write(
            scene.violation(), FaultyFootage(street), scene.observations(), scene.CLOCK, source="street.mp4"
        )
    assert left_over(tmp_path) == []


def test_a_stretch_that_cannot_be_read_is_a_missing_part(street: Path, reference: Path, tmp_path: Path) -> None:
    footage = FaultyFootage(street)
    footage.dead = (37.0, 44.0)
    evidence = scene.writer(tmp_path, reference=reference, before_s=1, after_s=1).write(
        scene.violation(), footage, scene.observations(), scene.CLOCK
    )
    assert evidence.missing == ("after stills: cannot read pictures",)
    footage.dead = (16.5, 16.6)
    evidence = scene.writer(tmp_path, reference=reference, before_s=1, after_s=1).write(
        scene.violation(), footage, scene.observations(), scene.CLOCK
    )
    assert evidence.missing == ("clip_first_seen: cannot read pictures",)
    assert read_manifest(tmp_path / evidence.manifest_path)["complete"] is False
    assert verify_run(tmp_path / "run-1") == ()


def test_a_look_that_cannot_be_read_gives_way_to_its_neighbour(street: Path, reference: Path, tmp_path: Path) -> None:
    footage = FaultyFootage(street)
    footage.dead = (37.5, 38.5)
    evidence = scene.writer(tmp_path, reference=reference, before_s=1, after_s=1).write(
        scene.violation(), footage, scene.observations(), scene.CLOCK
    )
    assert evidence.complete
    (after,) = [file for file in evidence.files if file.what == "after_wide"]
    assert after.media_time_s == 39.0
    assert (
        "after: look 1.0 s after the moment; a better one can't be read" in read_manifest(tmp_path / evidence.manifest_path)["statements"]
    )


class InterruptedFootage(scene.ClipFootage):
    """The user presses Ctrl-C while the clip is cut."""

    def cut(self, start_s: float, end_s: float, path: Path) -> float:
        """Half a file, then the signal."""
        path.write_bytes(b"half")
        raise KeyboardInterrupt


def test_ctrl_c_leaves_nothing_half_written(street: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        scene.writer(tmp_path).write(scene.violation(), InterruptedFootage(street), scene.observations(), scene.CLOCK)
    assert left_over(tmp_path) == []
    assert [path.name for path in (tmp_path / "run-1" / "CAM01").iterdir()] == []


def test_kill_9_leaves_only_what_the_next_start_removes(street: Path, tmp_path: Path) -> None:
    program = (
        "import os, signal, sys; from pathlib import Path; from tests.evidence import scene\n"
        "class Killed(scene.ClipFootage):\n"
        "    def cut(self, start_s, end_s, path):\n"
        "        path.write_bytes(b'half')\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "scene.writer(Path(sys.argv[2])).write(scene.violation(), Killed(Path(sys.argv[1])), scene.observations(), scene.CLOCK)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(street), str(tmp_path)], capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert list(scan_manifests(tmp_path)) == []
    assert [path.name for path in find_partials(tmp_path)] == ["v0001.partial", "v0001.work.partial"]
    remove_partials(tmp_path)
    assert left_over(tmp_path) == []
    evidence = scene.writer(tmp_path, before_s=1, after_s=1).write(
        scene.violation(), scene.ClipFootage(street), scene.observations(), scene.CLOCK
    )
    assert evidence.previous_manifest_sha256 is None
    assert verify_run(tmp_path / "run-1") == ()


@pytest.mark.parametrize("content", [b"", b"not a picture"])
def test_a_reference_that_is_no_picture_is_a_missing_part(content: bytes, tmp_path: Path) -> None:
    reference = tmp_path / "reference.png"
    reference.write_bytes(content)
    footage = scene.FolderFootage(size=(160, 120))
    evidence = scene.writer(tmp_path / "e", reference=reference, before_s=1, after_s=1).write(
        scene.violation(confirmed_at=scene.at(18)), footage, scene.observations(), scene.CLOCK
    )
    assert evidence.missing == ("reference stills: reference.png is not a picture",)
