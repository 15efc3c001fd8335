"""The pictures of one clip: plate, movers, sensor, and what can be seen in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from sample_videos.generator import watching
from sample_videos.generator.blender.location import Location
from sample_videos.generator.blender.plates import Plates
from sample_videos.generator.moving import draw
from sample_videos.generator.script import Play
from sample_videos.generator.sensor import Sensor, SensorStyle
from sample_videos.generator.values import SceneState

Array = np.ndarray[Any, Any]


class Film:
    """Makes pictures in order; asked to begin later it catches up on what had been put down before, without drawing it."""

    def __init__(self, play: Play, location: Location, plates: Plates, *, fps: float, name: str) -> None:
        """name is burnt into the pictures."""
        self._play, self._location, self._plates, self._fps = play, location, plates, fps
        self._starts_at = datetime.fromisoformat(play.scenario.starts_at)
        self._style = SensorStyle(seed=play.scenario.seed, name=name)
        self._sensor: Sensor | None = None
        self._reached = 0
        self._frozen: tuple[int, Array] | None = None
        self.records: list[dict[str, Any]] = []
        """What was seen in the pictures made so far: one record a second and one after each change."""
        # The empty street comes first whatever is asked for, so that plates are the same however often work was stopped.
        self._empty = play.reference_state()
        plates.lead_to(self._empty)

    def reference(self) -> Array:
        """The empty street without noise, uint8 BGR; to be asked for before any picture.

        Time and name are burnt in as in every picture of that camera: words that the reference lacked would look put down.
        """
        backdrop = self._plates.backdrop
        sensor = Sensor(replace(self._style, noise=0.0), backdrop.width, backdrop.height)
        return sensor.develop(backdrop.plate, self._empty.conditions, self._plates.exposure, 0, self._starts_at)

    def pictures(self, first: int, last: int) -> Iterator[Array]:
        """Pictures first to last - 1, uint8 BGR."""
        for number in range(self._reached, last):
            state = self._play.state(number / self._fps)
            changed = self._plates.lead_to(state)
            self._reached = number + 1
            if number >= first:
                yield self._picture(number, state, changed)

    def _picture(self, number: int, state: SceneState, changed: bool) -> Array:
        if state.frozen_since_s is None:
            self._frozen = None
            return self._made(number, state, record=watching.is_recorded(number, self._fps, state, changed=changed))
        shown = int(state.frozen_since_s * self._fps)
        if self._frozen is None or self._frozen[0] != shown:
            self._frozen = (shown, self._made(shown, self._play.state(shown / self._fps), record=False))
        return self._frozen[1]

    def _made(self, number: int, state: SceneState, *, record: bool) -> Array:
        backdrop = self._plates.backdrop
        movers = watching.movers_of(self._location, state)
        drawn = draw(backdrop, movers.scene)
        if record:
            self.records.append(watching.record_of(number / self._fps, backdrop, self._location, movers))
        if self._sensor is None:
            self._sensor = Sensor(self._style, backdrop.width, backdrop.height)
        at = self._starts_at + timedelta(seconds=number / self._fps)
        return self._sensor.develop(drawn.picture, state.conditions, self._plates.exposure, number, at)
