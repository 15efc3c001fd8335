"""Judges the looks of one live camera, and takes up where the program left off."""

from __future__ import annotations

import json
import logging
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import ModelError, RecordError
from pipeline.live.current_picture import CurrentPicture
from pipeline.live.evidence_queue import EvidenceQueue
from pipeline.live.eyes import recall_eyes, save_eyes
from pipeline.live.hourly_log import HourlyLog
from pipeline.live.quiet_pictures import QuietPictures
from pipeline.live.telling import CameraTelling
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages, observe
from pipeline.stages import Assumes
from pipeline.types import Certainty, Detection, DetectionSource, GapReason, Look, MissedLook, Observation
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_MEMORY = timedelta(seconds=900)
"""How far back the rules look behind the present (rules/places.py): a replay begins this much before the last quiet moment."""
_QUIET_EVERY = timedelta(seconds=60)
_STILL_STANDS = timedelta(seconds=60)
"""What was hidden for less than this when the program went away may still stand there."""
_REMEMBER_EVERY = 10
"""Times ``live.memory_every_s``."""
_DELAYS = 60


@dataclass(frozen=True, slots=True)
class JudgeTools:
    """What a live judge works with."""

    settings: DoorlineSettings
    camera: CameraSettings
    stages: CameraStages
    rule: RuleEngine
    """That of the stages."""
    log: HourlyLog
    evidence: EvidenceQueue
    start_at: datetime
    """Media time 0."""
    folder: Path
    """Of this camera: what the eyes remember and when it was quiet last."""
    telling: CameraTelling
    picture: CurrentPicture
    quiet: QuietPictures
    now: Callable[[], datetime]
    """The time on the camera's timeline, for delays."""
    monotonic: Callable[[], float]
    """Seconds that run on, for what takes how long."""


class LiveJudge:
    """One camera's guards, eyes, rules and evidence. For one thread at a time."""

    def __init__(self, tools: JudgeTools) -> None:
        """Nothing is judged yet."""
        self._tools = tools
        self._stages = tools.stages
        self._quiet_at: datetime | None = None
        self._saved_at: datetime | None = None
        self._remembered: set[datetime] = set()
        self._last_at: datetime | None = None
        self.gaps: Counter[GapReason] = Counter()
        self.last_gap: GapReason | None = None
        """Of the last look; None where it counted."""
        self.looks = 0
        self.delays_s: deque[float] = deque(maxlen=_DELAYS)
        """From the arrival of each of the last pictures to its verdict."""
        self.detect_s = 0.0
        self.rule_s = 0.0
        self.judged_at: datetime | None = None
        """When the last look that counts was made."""

    @property
    def waiting(self) -> int:
        """Violations whose evidence or row is still to be written."""
        return self._tools.evidence.waiting

    @property
    def running(self) -> int:
        """Violations that are open."""
        return self._tools.evidence.running

    # --- starting and stopping --------------------------------------------------------------------------------

    def take_up(self) -> int:
        """Rebuild what was going on from the log and the eyes' memory; how many looks were judged again. Raises RecordError."""
        recalled = recall_eyes(self._tools.folder / "eyes", self._stages)
        self._stages = recalled or self._stages
        quiet_at = self._read_quiet()
        again = 0
        stood: dict[datetime | None, tuple[datetime, Detection]] = {}
        for observation in self._tools.log.since(quiet_at - _MEMORY if quiet_at else None):
            events = self._tools.rule.update(observation)
            again += 1
            self._last_at = observation.captured_at
            _note_standing(stood, observation)
            if quiet_at is None or observation.captured_at > quiet_at:
                self._tools.evidence.take_in(events, self._tools.rule.unsettled)
                for event in events:
                    self._tools.telling.event_again(event)
        if recalled is None:
            self._assume(stood)
        self._note_absence()
        return again

    def _assume(self, stood: Mapping[datetime | None, tuple[datetime, Detection]]) -> None:
        """The eyes remember nothing: what stood there would be ground to them."""
        standing = [thing for at, thing in stood.values() if self._last_at is not None and self._last_at - at <= _STILL_STANDS]
        if not standing:
            return
        _LOG.warning(
            "camera %s: the eyes' memory is lost or of another version; what stood there counts as unseen until something happens there",
            self._tools.camera.id,
        )
        for eye in self._stages.detectors:
            if isinstance(eye, Assumes):
                eye.assume(standing)

    def close(self) -> None:
        """Save what a restart needs. Raises nothing: what can't be saved is said, and the log is complete anyway."""
        self._tools.evidence.flush(self._tools.rule.standing_since)
        try:
            save_eyes(self._tools.folder / "eyes", self._stages)
        except OSError as err:
            _LOG.warning("camera %s: the eyes' memory could not be saved: %s", self._tools.camera.id, err)
        try:
            self._tools.log.close()
        except RecordError as err:
            _LOG.warning("%s", err)

    def _note_absence(self) -> None:
        """While the program was away nobody looked: that time is a gap if a look was due in it."""
        tools, now = self._tools, self._tools.now()
        away_s = 0.0 if self._last_at is None else (now - self._last_at).total_seconds()
        if away_s > (tools.camera.interval_s or tools.settings.looks.interval_s):
            self.judge([MissedLook(tools.camera.id, now, self._media(now), GapReason.NO_LOOK)])
        elif away_s < 0:
            _LOG.warning(
                "camera %s: the log goes on to %s, and the clock of this machine was put back: looks before that time do not count",
                tools.camera.id,
                self._last_at,
            )

    # --- judging ----------------------------------------------------------------------------------------------

    def judge(self, looks: Sequence[Look]) -> None:
        """Fold in looks of this camera, in rising time. Raises ModelError once they were logged as gaps."""
        looks = [look for look in looks if self._last_at is None or look.captured_at > self._last_at]
        if not looks:
            return
        failed: ModelError | None = None
        self._tools.picture.show(looks)
        began_s = self._tools.monotonic()
        try:
            observations = list(observe(looks, self._stages))
        except ModelError as err:
            failed = err
            observations = list(observe([_unseen(look) for look in looks], self._stages))
        seen_s = self._tools.monotonic()
        self._remember(observations)
        for observation in observations:
            self._fold(observation)
        self._tools.evidence.tend(self._last_at, self._tools.rule.standing_since)
        self._tools.quiet.look(looks[-1], observations[-1], idle=self._tools.rule.idle)
        self.detect_s += seen_s - began_s
        self.rule_s += self._tools.monotonic() - seen_s
        if failed:
            raise failed

    def _fold(self, observation: Observation) -> None:
        """Logged first: what is not in the log was never judged."""
        try:
            self._tools.log.append(observation)
        except RecordError as err:
            _LOG.error("camera %s: a look was lost, it counts as not made: %s", self._tools.camera.id, err)
            return
        self._last_at = observation.captured_at
        self.looks += 1
        self.last_gap = observation.gap
        if observation.gap is None:
            self.judged_at = observation.captured_at
            self.delays_s.append((self._tools.now() - observation.captured_at).total_seconds())
        else:
            self.gaps[observation.gap] += 1
        events = self._tools.rule.update(observation)
        self._tools.evidence.take_in(events, self._tools.rule.unsettled)
        for event in events:
            self._tools.telling.event(event)
        self._tools.telling.observation(observation)
        self._note_quiet(observation.captured_at)

    # --- what a restart needs -----------------------------------------------------------------------------------

    def _remember(self, observations: Sequence[Observation]) -> None:
        """Save the eyes' memory before the log tells of something new: what the log says stands there must never be ground after a crash.

        Now and then in any case, as the street goes on: what is put down while the program is away is seen against it.
        """
        things = (thing for seen in observations for thing in seen.detections if thing.certainty is Certainty.SURE)
        standing = {thing.standing_since for thing in things if thing.standing_since}
        if all(seen.gap for seen in observations):
            return
        at, every = observations[-1].captured_at, _REMEMBER_EVERY * timedelta(seconds=self._tools.settings.live.memory_every_s)
        if standing <= self._remembered and self._saved_at is not None and at - self._saved_at < every:
            return
        # Things come and go from look to look; once remembered, they are no news.
        self._saved_at, self._remembered = at, {since for since in self._remembered if at - since < _MEMORY} | standing
        try:
            save_eyes(self._tools.folder / "eyes", self._stages)
        except OSError as err:
            _LOG.warning("camera %s: the eyes' memory could not be saved: %s", self._tools.camera.id, err)

    def _note_quiet(self, at: datetime) -> None:
        told = self._quiet_at is not None and at - self._quiet_at < _QUIET_EVERY
        if told or not self._tools.rule.idle or not self._tools.evidence.idle:
            return
        self._quiet_at = at
        path = self._tools.folder / "quiet.json"
        try:
            write_aside(path, json.dumps({"at": at.isoformat()}).encode())
        except OSError as err:
            _LOG.warning("camera %s: cannot note a quiet moment: %s", self._tools.camera.id, err)

    def _read_quiet(self) -> datetime | None:
        """When nothing was going on last; None where nobody knows: then the whole log is judged again."""
        try:
            return datetime.fromisoformat(json.loads((self._tools.folder / "quiet.json").read_text(encoding="utf-8"))["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _media(self, at: datetime) -> float:
        return (at - self._tools.start_at).total_seconds()


def _note_standing(stood: dict[datetime | None, tuple[datetime, Detection]], seen: Observation) -> None:
    """Take down what was put down and is seen standing, each thing as it was seen last, by when it came."""
    for thing in () if seen.gap else seen.detections:
        if thing.source is DetectionSource.STATIC and thing.certainty is Certainty.SURE:
            stood[thing.standing_since] = (seen.captured_at, thing)


def _unseen(look: Look) -> MissedLook:
    """A look that no eye could judge."""
    reason = look.reason if isinstance(look, MissedLook) else GapReason.NO_LOOK
    return MissedLook(look.camera_id, look.captured_at, look.media_time_s, reason)
