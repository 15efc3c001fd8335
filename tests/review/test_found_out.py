"""What is found out once for everybody who looks."""

from __future__ import annotations

import logging
import threading

import pytest

from pipeline.errors import PipelineError
from pipeline.review.found_out import FoundOut
from tests.review.watched import until


class Finding:
    """Counts how often it is asked; waits while it is held; fails when it is told to."""

    def __init__(self) -> None:
        self.times = 0
        self.fails = False
        self.hold = threading.Event()
        self.hold.set()
        self.now_s = 0.0
        self.found = FoundOut(self._find, every_s=10.0, monotonic=lambda: self.now_s)

    def _find(self) -> int:
        self.times += 1
        self.hold.wait(20)
        if self.fails:
            raise PipelineError("it can't be found out")
        return self.times


def test_it_is_found_out_once_in_a_while_however_many_look() -> None:
    finding = Finding()
    assert [finding.found.look(5.0) for _ in range(10)] == [1] * 10
    finding.now_s = 10.0
    finding.found.look(5.0)
    until(lambda: finding.found.look(0.0) == 2)
    assert finding.times == 2


def test_who_looks_first_waits_a_little_and_goes_on_without_it() -> None:
    finding = Finding()
    finding.hold.clear()
    assert finding.found.look(0.01) is None
    finding.hold.set()
    assert finding.found.look(5.0) == 1


def test_what_was_found_before_stays_where_it_can_not_be_found_out_again(caplog: pytest.LogCaptureFixture) -> None:
    finding = Finding()
    assert finding.found.look(5.0) == 1
    finding.fails, finding.now_s = True, 10.0
    with caplog.at_level(logging.WARNING):
        assert finding.found.look(0.0) == 1
        until(lambda: bool(caplog.records))
    assert finding.found.look(0.0) == 1
    finding.fails, finding.now_s = False, 20.0
    finding.found.look(0.0)
    until(lambda: finding.found.look(0.0) == 3)


def test_a_first_time_that_fails_holds_up_nobody() -> None:
    finding = Finding()
    finding.fails = True
    assert finding.found.look(5.0) is None
    finding.fails, finding.now_s = False, 10.0
    assert finding.found.look(5.0) == 2
