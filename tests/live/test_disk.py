"""Room on the disk: said once for each change, and evidence waits while there is none."""

from __future__ import annotations

import logging

import pytest

from pipeline.live.disk import DiskRoom

GIB = 2**30


class Disk:
    """A disk that fills, and a clock."""

    def __init__(self, free_gib: float | None) -> None:
        self.free_gib = free_gib
        self.now_s = 0.0
        self.asked = 0
        self.room = DiskRoom(self._free, warn_gib=10, stop_gib=1, monotonic=lambda: self.now_s)

    def _free(self) -> int | None:
        self.asked += 1
        return None if self.free_gib is None else round(self.free_gib * GIB)

    def state_at(self, second: float, free_gib: float | None) -> str:
        self.now_s, self.free_gib = second, free_gib
        return self.room.state


def test_it_warns_early_and_stops_last(caplog: pytest.LogCaptureFixture) -> None:
    disk = Disk(50)
    with caplog.at_level(logging.WARNING):
        states = [disk.state_at(at * 10, free) for at, free in enumerate([50, 9, 8, 0.5, 0.4, 2, 50])]
    assert states == ["ok", "low", "low", "full", "full", "low", "ok"]
    said = [(record.levelname, record.message) for record in caplog.records]
    assert [level for level, _ in said] == ["WARNING", "ERROR", "WARNING", "WARNING"]
    assert "9.0 GiB left" in said[0][1]
    assert "No evidence is written" in said[1][1]
    assert said[3][1] == "there is room for evidence again"


@pytest.mark.parametrize(("free", "enough"), [(0.99, False), (1.0, True), (9.0, True), (None, True)])
def test_only_a_full_disk_stops_evidence(free: float | None, enough: bool) -> None:
    assert Disk(free).room.is_enough is enough


def test_the_disk_is_not_asked_at_every_look() -> None:
    disk = Disk(50)
    for second in range(20):
        assert disk.state_at(second * 0.5, 50) == "ok"
    assert disk.asked == 2
