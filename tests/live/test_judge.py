"""A live camera that is judged, killed and taken up again, look by look: no stream, no other process, a clock that a test moves."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.config import DoorlineSettings
from pipeline.detectors import load_detectors
from pipeline.live.disk import DiskRoom
from pipeline.live.live_camera import LiveBench, assemble
from pipeline.live.live_judge import LiveJudge
from pipeline.notifying import Teller
from pipeline.observations import read_log
from pipeline.records import Records, ViolationFilter, ViolationRow
from pipeline.shops import ShopRegistry
from pipeline.types import UNKNOWN_EPOCH, BoundingBox, Frame, GapReason, Image, Observation, Phase, RunInfo, ViolationEvent
from tests.live.keeping_at_once import AtOnce, unwatched
from tests.static_object import scenery

LENGTH_S, PUT_DOWN_S, TAKEN_AWAY_S = 48, 8, 30


def frames() -> list[Frame]:
    """A look each second; a bag is put down at 8 s and taken away at 30 s."""

    def change(second: float, image: Image) -> Image:
        return scenery.put_bag(image) if PUT_DOWN_S <= second < TAKEN_AWAY_S else image

    return scenery.show([float(second) for second in range(LENGTH_S)], change)


@pytest.fixture(scope="module")
def shown() -> list[Frame]:
    return frames()


class Desk:
    """The folder, the records and the clock of a program that is started again and again."""

    def __init__(self, folder: Path, opened: ExitStack, **changes: Any) -> None:
        self.folder = folder
        self.now = UNKNOWN_EPOCH
        self.events: list[ViolationEvent] = []
        self._settings = DoorlineSettings.model_validate(
            {
                "cameras": [{"id": "street", "zones": "street.geojson", "stream": "rtsp://127.0.0.1:9/live"}],
                "observations": folder / "observations",
                "looks": {"interval_s": 1.0},
                "live": {"folder": folder / "live", "ring_s": 10},
                "evidence": {"folder": folder / "evidence", "before_s": 2, "after_s": 2},
                "rules": {
                    "dwell": {
                        "warn_after_s": 4,
                        "candidate_after_s": 8,
                        "longest_gap_s": 20,
                        "clear_span_s": 4,
                        "reopen_within_s": 5,
                        "loading_grace_s": 0,
                    }
                },
            }
            | changes
        )
        self._records = opened.enter_context(Records.open(f"sqlite:///{folder / 'doorline.db'}"))
        self._zones = scenery.zones()
        self._run = RunInfo("live-1", "0.1.0", "m" * 64, "c" * 64, "z" * 64, "r" * 64, UNKNOWN_EPOCH)
        self._records.start_run(self._run, "doorline run")
        self._records.save_camera(self._settings.cameras[0])
        self._records.save_zones(self._zones, b"{}")
        self._judge: LiveJudge | None = None
        opened.callback(self.leave)

    def start(self) -> LiveJudge:
        """As a program does that was killed before: what it did not write is gone."""
        settings, shops = self._settings, ShopRegistry({})
        bench = LiveBench(
            settings=settings,
            run=self._run,
            records=self._records,
            detectors=load_detectors(settings),
            shops=shops,
            now=lambda: self.now,
            monotonic=self._monotonic,
            keeping=AtOnce(),
            storing=AtOnce(),
            teller=Teller(self._records, (), shops, lambda: self.now),
            on_event=self.events.append,
            room=DiskRoom(lambda: None, warn_gib=1, stop_gib=0.1, monotonic=self._monotonic),
        )
        (camera,) = settings.cameras
        self.leave()
        self._judge = assemble(camera, self._zones, bench, unwatched(camera, settings)).judge
        return self._judge

    def leave(self) -> None:
        """The end of a killed program: the system closes its files, and nothing is saved."""
        if self._judge is not None:
            self._judge._tools.log.close()

    def judge(self, judge: LiveJudge, looks: Sequence[Frame]) -> None:
        """Look by look, each at its own time."""
        for look in looks:
            self.now = look.captured_at
            judge.judge([look])

    def rows(self) -> tuple[ViolationRow, ...]:
        return self._records.list_violations(ViolationFilter(run_id=self._run.run_id))

    def logged(self) -> list[Observation]:
        paths = sorted((self.folder / "observations" / "live" / "street").glob("*.jsonl"))
        return [seen for path in paths for seen in read_log(path).observations()]

    def steps(self) -> list[tuple[Phase, datetime, str]]:
        """What was told, changes left out."""
        return [(event.phase, event.at, event.violation.violation_id) for event in self.events if event.phase is not Phase.CHANGED]

    def _monotonic(self) -> float:
        return (self.now - UNKNOWN_EPOCH).total_seconds()


@pytest.fixture(scope="module")
def undisturbed(shown: list[Frame], tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Phase, datetime, str]]:
    with ExitStack() as opened:
        desk = Desk(tmp_path_factory.mktemp("desk"), opened)
        desk.judge(desk.start(), shown)
        return desk.steps()


def test_the_newest_picture_is_kept_for_the_wall(shown: list[Frame], tmp_path: Path) -> None:
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:2])
        assert (tmp_path / "live" / "pictures" / "street.jpg").stat().st_size > 1000


def test_a_bag_is_warned_of_opened_and_cleared(undisturbed: list[tuple[Phase, datetime, str]]) -> None:
    assert [phase for phase, _, _ in undisturbed] == [Phase.WARNED, Phase.OPENED, Phase.CLEARED]
    assert len({violation_id for _, _, violation_id in undisturbed}) == 1


@pytest.mark.parametrize("killed_at_s", [1, 5, *range(13, LENGTH_S, 2)])
def test_killed_at_any_look_it_judges_as_if_nothing_had_been(
    killed_at_s: int, shown: list[Frame], undisturbed: list[tuple[Phase, datetime, str]], tmp_path: Path
) -> None:
    """A start that takes no longer than a look: what was told before is told no more, and all the rest at the same looks."""
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:killed_at_s])
        desk.judge(desk.start(), shown[killed_at_s:])
        assert desk.steps() == undisturbed
        assert [seen.captured_at for seen in desk.logged()] == [look.captured_at for look in shown]


@pytest.mark.parametrize("killed_at_s", range(9, 13))
def test_killed_while_it_makes_up_its_mind_it_is_one_violation_all_the_same(
    killed_at_s: int, shown: list[Frame], undisturbed: list[tuple[Phase, datetime, str]], tmp_path: Path
) -> None:
    """Looks that were not judged to the end count no more, so it is first seen later."""
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:killed_at_s])
        desk.judge(desk.start(), shown[killed_at_s:])
        steps = desk.steps()
    assert [phase for phase, _, _ in steps] == [Phase.WARNED, Phase.OPENED, Phase.CLEARED]
    assert len({violation_id for _, _, violation_id in steps}) == 1
    assert steps[-1][1] == undisturbed[-1][1]


@pytest.mark.parametrize("killed_at_s", range(13, 29, 5))
def test_time_away_is_a_gap_that_adds_nothing_and_clears_nothing(killed_at_s: int, shown: list[Frame], tmp_path: Path) -> None:
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:killed_at_s])
        before = desk.logged()
        desk.now += timedelta(seconds=2.5)
        desk.judge(desk.start(), shown[killed_at_s + 4 :])
        after = desk.logged()[len(before) :]
        cleared = desk.events[-1]
    assert (after[0].gap, after[0].captured_at) == (GapReason.NO_LOOK, before[-1].captured_at + timedelta(seconds=2.5))
    assert cleared.phase is Phase.CLEARED
    assert cleared.violation.gap_s == 5.0
    assert len({event.violation.violation_id for event in desk.events}) == 1


def test_a_clock_that_was_put_back_is_told(shown: list[Frame], tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:5])
        desk.now -= timedelta(hours=8)
        again = desk.start()
        assert "the clock of this machine was put back" in caplog.text
        desk.judge(again, shown[3:6])
        assert [seen.media_time_s for seen in desk.logged()] == [0, 1, 2, 3, 4, 5]


def test_a_violation_of_which_nothing_was_kept_is_recorded_at_last_and_says_so(shown: list[Frame], tmp_path: Path) -> None:
    """The power went before anything of the stream was on the disk."""
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        judge = desk.start()
        desk.judge(judge, shown)
        later = [replace(look, captured_at=look.captured_at + timedelta(seconds=100)) for look in shown[-3:]]
        desk.judge(judge, later)
        rows = desk.rows()
    assert [row.complete for row in rows] == [False]
    assert judge.waiting == 0


def test_what_came_a_moment_after_something_else_is_remembered_too(tmp_path: Path) -> None:
    """The memory is not saved at every look; that of what is new must be, before the log tells of it."""

    def change(second: float, image: Image) -> Image:
        image = scenery.put_bag(image) if second >= PUT_DOWN_S else image
        return scenery.put_bag(image, BoundingBox(0.2, 0.6, 0.27, 0.72)) if second >= PUT_DOWN_S + 4 else image

    shown = scenery.show([float(second) for second in range(36)], change)
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:20])
        assert len(desk.logged()[-1].detections) == 2
        desk.judge(desk.start(), shown[20:])
        assert {len(seen.detections) for seen in desk.logged()[20:]} == {2}
        assert Phase.CLEARED not in {phase for phase, _, _ in desk.steps()}


def test_an_update_that_forgets_the_street_clears_nothing_that_still_stands(
    shown: list[Frame], undisturbed: list[tuple[Phase, datetime, str]], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The memory is of another version; the bag is taken away some seconds later, and that is seen."""
    (cleared_at,) = [at for phase, at, _ in undisturbed if phase is Phase.CLEARED]
    with ExitStack() as opened:
        desk = Desk(tmp_path, opened)
        desk.judge(desk.start(), shown[:23])
        assert [phase for phase, _, _ in desk.steps()] == [Phase.WARNED, Phase.OPENED]
        (memory,) = tmp_path.rglob("eyes")
        memory.write_bytes(b"of another version")
        desk.judge(desk.start(), shown[23:])
        assert "counts as unseen until something happens there" in caplog.text
        steps = desk.steps()
    assert [phase for phase, _, _ in steps] == [Phase.WARNED, Phase.OPENED, Phase.CLEARED]
    assert len({violation_id for _, _, violation_id in steps}) == 1
    assert timedelta(0) <= steps[-1][1] - cleared_at <= timedelta(seconds=4)
