"""Scenarios in time: what stands and who walks at each moment of a clip. Pure.

`load("three_kinds").state(12.3)` is the whole scene 12.3 s after the first picture; any order of moments gives the same
scenes. Each scenario is one readable file in scripts/, written in the words of stage.py.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from sample_videos.generator.values import CameraPose, Conditions, Event, Figure, Placed, Scenario, SceneState, StreetPlan

_NAMES = (
    "goods_set_out",
    "piled_cartons",
    "breakfast_stall",
    "three_kinds",
    "permitted_hours",
    "loading",
    "two_neighbours",
    "taken_in_again",
    "night_stall",
    "rain_racks",
    "busy_morning",
    "school_out",
    "trouble",
    "mei_morning",
    "mei_rain",
    "lan_day",
    "lan_night",
)


@dataclass(frozen=True, slots=True)
class Stay:
    """One thing for a stretch of time, [from_s, until_s)."""

    from_s: float
    until_s: float
    placed: Callable[[float], Placed]
    fixed: Placed | None = None
    """Where it stands, if it stands still."""


@dataclass(frozen=True, slots=True)
class Spell:
    """What one person does for a stretch of time, [from_s, until_s)."""

    from_s: float
    until_s: float
    figure: Callable[[float], Figure]
    still: bool = False
    """They stay where they are."""


@dataclass(frozen=True)
class Play:
    """One scenario, ready to be asked for any moment."""

    scenario: Scenario
    plan: StreetPlan
    stays: tuple[Stay, ...]
    spells: tuple[Spell, ...]
    events: tuple[Event, ...]
    conditions: Callable[[float], Conditions]
    camera: Callable[[float], CameraPose]
    frozen_since: Callable[[float], float | None]
    gaps: tuple[tuple[float, float, str], ...] = ()
    """From, to, and why nothing can be known in between: frozen, turned or dark."""

    def state(self, at_s: float) -> SceneState:
        """All that can be seen at that moment, 0 <= at_s < length_s. A frozen camera shows what `frozen_since_s` says."""
        return SceneState(
            at_s=at_s,
            camera=self.camera(at_s),
            conditions=self.conditions(at_s),
            things=tuple(stay.placed(at_s) for stay in self.stays if stay.from_s <= at_s < stay.until_s),
            figures=tuple(spell.figure(at_s) for spell in self.spells if spell.from_s <= at_s < spell.until_s),
            frozen_since_s=self.frozen_since(at_s),
        )

    def reference_state(self) -> SceneState:
        """The empty street as it belongs there, in the light of the first picture, dry of drops: what zones are drawn on."""
        conditions = replace(self.conditions(0.0), rain=False)
        return SceneState(at_s=0.0, camera=self.camera(0.0), conditions=conditions)


@cache
def load(name: str) -> Play:
    """The scenario of that name; KeyError lists the names that exist."""
    if name not in _NAMES:
        raise KeyError(f"no scenario named {name!r}; there are {', '.join(_NAMES)}")
    module = importlib.import_module(f"sample_videos.generator.scripts.{name}")
    play: Play = module.play()
    return play


def names() -> tuple[str, ...]:
    """All scenarios, in the order of their cameras."""
    return _NAMES


def clip_name(scenario: Scenario) -> str:
    """The clip's file name without its ending: camera and start, as recorders name theirs."""
    day, clock = scenario.starts_at[:19].split("T")
    return f"{scenario.camera_id}_{day.replace('-', '')}_{clock.replace(':', '')}"
