"""``doorline run`` as a user runs it, before a camera that goes on by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from pipeline.types import GapReason
from tests.live.live_camera import live_camera
from tests.live.live_office import BEFORE_S, CANDIDATE_S, LiveOffice, Program, at, live_office, running
from tests.live.street_film import Film, Scene
from tests.streams.servers import free_port, rtsp_server

SECRET = "geheim7"
CARTON_BGR = (60, 110, 170)
"""Where nothing is printed on it."""


@pytest.mark.long
def test_one_carton_is_one_violation_with_whole_evidence(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as camera:
        office = live_office(tmp_path, {"CAM01": camera.address}, reference=True)
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 4)
            camera.put_down()
            program.until(lambda: len(office.violations()) == 1)
            camera.take_away()
            program.until(lambda: office.violations()[0]["cleared_at"] is not None)
            assert program.stop() == 0
            assert "Traceback" not in program.err
            (run,) = office.runs()
            again = runner.start()
            looks = len(office.observations())
            again.until(lambda: len(office.observations()) > looks)
            assert again.stop() == 0
        assert "goes on with it" in again.out
        assert [row["run_id"] for row in office.runs()] == [run["run_id"]], "the same run goes on"
    (row,) = office.violations()
    assert (row["kind"], row["place"], row["complete"]) == ("pavement_piling", "corner", 1)
    assert program.told("warned") == program.told("opened") == program.told("cleared") == [row["violation_id"]]
    assert (at(row, "confirmed_at") - at(row, "first_seen_at")).total_seconds() >= CANDIDATE_S - 1
    assert office.partials() == []
    office.verified()
    shown = {name: carton_is_shown(office, name) for name in ("first_seen", "middle", "confirmed", "after")}
    assert shown == {"first_seen": True, "middle": True, "confirmed": True, "after": False}
    check_clip(office, street, row["first_seen_media_s"])


def carton_is_shown(office: LiveOffice, moment: str) -> bool:
    """Whether the wide still of this moment shows the carton where it was put down."""
    still = cv2.imread(str(office.manifest()["folder"] / f"{moment}_wide.jpg"))
    assert still is not None
    return bool(np.abs(still[188:192, 214:240].reshape(-1, 3).mean(axis=0) - CARTON_BGR).max() < 25)


def check_clip(office: LiveOffice, film: Film, first_seen_s: float) -> None:
    """The packets of the camera themselves, from before the carton was first seen on."""
    manifest = office.manifest()
    (clip,) = (file for file in manifest["files"] if file["name"] == "clip_first_seen_confirmed.mp4")
    assert clip["method"] == "stream copy"
    assert clip["media_time_s"] <= first_seen_s - BEFORE_S + 0.002, "names and Matroska hold whole milliseconds"
    sent = {packet for seconds in film.seconds.values() for second in seconds for packet in second}
    with av.open(str(manifest["folder"] / clip["name"])) as container:
        copied = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    assert set(copied) <= sent
    assert copied[0] in {second[0] for second in film.seconds[Scene.EMPTY]}
    assert set(copied) & {second[0] for second in film.seconds[Scene.CARTON]}


@pytest.mark.long
def test_killed_again_and_again_it_is_still_the_one_violation(street: Film, tmp_path: Path) -> None:
    """In the middle of the dwell, before its evidence, and while that is written."""
    with live_camera(street) as camera:
        office = live_office(tmp_path, {"CAM01": camera.address})
        with running(office) as runner:
            first = runner.start()
            first.until(lambda: office.counting() >= 4)
            camera.put_down()
            first.until(lambda: bool(first.told("warned")) and bool(office.kept()))
            first.kill()
            before = office.observations()
            (warned,) = first.told("warned")
            assert office.violations() == []

            second = runner.start()
            second.until(lambda: bool(second.told("opened")))
            second.kill()
            assert second.told("opened") == [warned]
            assert office.violations() == []

            third = runner.start()
            third.until(lambda: any(office.evidence.rglob("*.partial")))
            third.kill()
            assert office.violations() == []
            assert office.partials()

            fourth = runner.start()
            fourth.until(lambda: len(office.violations()) == 1)
            camera.take_away()
            fourth.until(lambda: office.violations()[0]["cleared_at"] is not None)
            assert fourth.stop() == 0
    (row,) = office.violations()
    after = office.observations()
    away = (after[len(before) + 1].captured_at - before[-1].captured_at).total_seconds()
    assert after[: len(before)] == before
    assert row["violation_id"] == warned
    assert at(row, "first_seen_at") in {seen.captured_at for seen in before}
    assert after[len(before)].gap is GapReason.NO_LOOK
    assert row["gap_s"] >= away
    assert row["dwell_s"] <= (at(row, "cleared_at") - at(row, "first_seen_at")).total_seconds() - row["gap_s"]
    assert len(office.runs()) == 1
    assert "unfinished evidence removed" in fourth.err
    assert office.partials() == []
    assert "Traceback" not in runner.said
    names = {file["name"] for file in office.manifest()["files"]}
    assert "first_seen_wide.jpg" in names
    assert any(name.startswith("clip_first_seen") for name in names)
    office.verified()


@pytest.mark.long
@pytest.mark.parametrize("troubles", [("cut", "silence"), ("garbage", "one_packet_a_minute")])
def test_whatever_the_line_does_is_a_gap_and_clears_nothing(troubles: tuple[str, ...], street: Film, tmp_path: Path) -> None:
    """It connects again by itself, and the violation is the one that it was."""
    with live_camera(street) as camera:
        office = live_office(tmp_path, {"CAM01": camera.address})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 4)
            camera.put_down()
            program.until(lambda: bool(program.told("warned")))
            for trouble in troubles:
                gaps_before = gaps(office, GapReason.NO_FRAME)
                getattr(camera, trouble)()
                program.until(lambda before=gaps_before: gaps(office, GapReason.NO_FRAME) >= before + 2)  # type: ignore[misc]  # bound now
                goes_on(program, office, camera.mend)
            program.until(lambda: len(office.violations()) == 1)
            assert program.told("cleared") == []
            camera.take_away()
            program.until(lambda: office.violations()[0]["cleared_at"] is not None)
            assert program.stop() == 0
    (row,) = office.violations()
    assert program.told("warned") == program.told("opened") == program.told("cleared") == [row["violation_id"]]
    assert row["gap_s"] > 0
    assert program.err.count("pictures again") == len(troubles)
    assert "Traceback" not in program.err
    office.verified()


@pytest.mark.long
def test_whatever_the_picture_does_is_a_gap_and_clears_nothing(street: Film, large_street: Film, tmp_path: Path) -> None:
    """Frozen, grey, a clock that jumps by eight hours, another size: the violation goes on, and is neither cleared nor doubled."""
    with live_camera(street) as camera:
        office = live_office(tmp_path, {"CAM01": camera.address})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 4)
            camera.put_down()
            program.until(lambda: bool(program.told("opened")))

            camera.freeze()
            program.until(lambda: gaps(office, GapReason.FROZEN) >= 2)
            goes_on(program, office, camera.mend)

            camera.grey()
            program.until(lambda: gaps(office, GapReason.GREY) >= 2)
            goes_on(program, office, camera.put_down)

            goes_on(program, office, lambda: camera.jump(8 * 3600))
            goes_on(program, office, lambda: camera.jump(-8 * 3600))
            goes_on(program, office, lambda: camera.resize(large_street))

            assert program.told("cleared") == []
            camera.take_away()
            program.until(lambda: bool(office.violations()) and office.violations()[0]["cleared_at"] is not None)
            assert program.stop() == 0
    (row,) = office.violations()
    assert program.told("opened") == program.told("cleared") == [row["violation_id"]]
    looks = office.observations()
    assert looks[-1].captured_at - looks[0].captured_at < timedelta(minutes=5), "times go on through the jumps"
    assert "Traceback" not in program.err
    office.verified()


def goes_on(program: Program, office: LiveOffice, after: Callable[[], None]) -> None:
    """Looks count again after this."""
    after()
    counting = office.counting()
    program.until(lambda: office.counting() >= counting + 3)


def gaps(office: LiveOffice, reason: GapReason) -> int:
    """Looks that did not count for this reason."""
    return sum(seen.gap is reason for seen in office.observations())


@pytest.mark.long
def test_a_dead_and_a_mad_camera_take_nothing_from_a_good_one(street: Film, tmp_path: Path) -> None:
    with live_camera(street) as good, live_camera(street) as mad:
        mad.garbage()
        streams = {
            "GOOD": good.address,
            "DEAD": f"rtsp://user:${{STREAM_PASSWORD}}@127.0.0.1:{free_port()}/live",
            "MAD": mad.address.replace("//", "//user:${STREAM_PASSWORD}@"),
        }
        office = live_office(tmp_path, streams)
        with running(office) as runner:
            program = runner.start(STREAM_PASSWORD=SECRET)
            program.until(lambda: office.counting("GOOD") >= 4)
            other = runner.start(STREAM_PASSWORD=SECRET)
            assert other.process.wait(60) == 2, other.err
            (line,) = other.err.strip().splitlines()
            assert line.startswith("error camera GOOD: another program watches this camera"), line
            program.until(lambda: office.counting("GOOD") >= 12 and len(office.observations("DEAD")) >= 4)
            assert program.stop() == 0
            assert "Traceback" not in runner.said
            assert SECRET not in runner.said
    looks = office.observations("GOOD")
    assert all(seen.gap is None for seen in looks)
    steps = [later.media_time_s - earlier.media_time_s for earlier, later in pairwise(looks[2:])]
    assert steps == pytest.approx([1.0] * len(steps), abs=0.15), "it has all its looks"
    for camera in ("DEAD", "MAD"):
        assert {seen.gap for seen in office.observations(camera)} == {GapReason.NO_FRAME}
    (told,) = (line for line in program.err.splitlines() if "camera DEAD" in line)
    assert "connection refused" in told
    assert SECRET.encode() not in office.everything_written()


@pytest.mark.long
def test_it_watches_an_rtsp_server(street: Film, tmp_path: Path) -> None:
    with rtsp_server(street.path.parent) as address:
        office = live_office(tmp_path, {"CAM01": f"{address}/{street.path.name}"})
        with running(office) as runner:
            program = runner.start()
            program.until(lambda: office.counting() >= 4)
            assert program.stop() == 0
    steps = [later.media_time_s - earlier.media_time_s for earlier, later in pairwise(office.observations()[:4])]
    assert steps[1:] == pytest.approx([1.0] * 2, abs=0.3)


def test_wrong_zones_end_it_before_anything_has_begun(tmp_path: Path) -> None:
    office = live_office(tmp_path, {"CAM01": "http://127.0.0.1:9/live.flv"})
    (tmp_path / "CAM01.geojson").write_text('{"type": "FeatureCollection"}', encoding="utf-8")
    with running(office) as runner:
        program = runner.start()
        assert program.process.wait(60) == 2
    assert program.err.startswith("error zones or shops refused")
    assert not (tmp_path / "out").exists()
