"""What can be seen in a clip, object by object: the frames of its objects.json.gz. Needs no plate and no rendering."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sample_videos.generator import objects
from sample_videos.generator.blender.location import Location
from sample_videos.generator.blender.stills import Stills
from sample_videos.generator.pieces import Piece
from sample_videos.generator.script import Play
from sample_videos.generator.seeing import Seeing
from sample_videos.generator.tracing import TracedScene
from sample_videos.generator.values import SceneState
from sample_videos.generator.view import View


@dataclass(frozen=True, eq=False)
class Movers:
    """People, what they carry and what rolls, in one picture."""

    pieces: tuple[Piece, ...]
    scene: TracedScene


def movers_of(location: Location, state: SceneState) -> Movers:
    """What moves in that state, put where it is."""
    pieces = location.moving(state.figures, [placed for placed in state.things if placed.moving])
    return Movers(pieces, TracedScene([piece.surface for piece in pieces]))


def is_recorded(number: int, fps: float, state: SceneState, *, changed: bool) -> bool:
    """Once a second and after every change of what stands there; while the picture is frozen there is nothing to see."""
    return state.frozen_since_s is None and (changed or number % round(fps) == 0)


def record_of(at_s: float, view: View, location: Location, movers: Movers) -> dict[str, Any]:
    """One frame of objects.json.gz. view: of the location as it stands now."""
    seeing = Seeing(view, len(location.street), location.standing, movers.pieces, movers.scene)
    return objects.record(at_s, seeing.objects(location.plan))


def watch(play: Play, location: Location) -> list[dict[str, Any]]:
    """All frames of a whole clip, as `Film` records them."""
    stills, fps, records = Stills(location), play.scenario.fps, []
    stills.lead_to(play.reference_state())
    for number in range(round(play.scenario.length_s * fps)):
        state = play.state(number / fps)
        changed = stills.lead_to(state) is not None
        if is_recorded(number, fps, state, changed=changed):
            records.append(record_of(number / fps, stills.view, location, movers_of(location, state)))
    return records
