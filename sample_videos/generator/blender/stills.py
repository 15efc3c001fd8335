"""What stands still in a clip: the street is led from change to change, and with it the view of its camera. Renders nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sample_videos.generator.blender.location import Location
from sample_videos.generator.camera import Projection
from sample_videos.generator.pieces import Piece
from sample_videos.generator.tracing import TracedScene
from sample_videos.generator.values import CameraPose, Conditions, Placed, SceneState
from sample_videos.generator.view import View


@dataclass(frozen=True, slots=True)
class Still:
    """All that stays as it is from picture to picture, until it changes."""

    camera: CameraPose
    conditions: Conditions
    things: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """From one still to the next."""

    still: Still
    before: Still | None
    came: Sequence[Piece]
    went: Sequence[Piece]

    @property
    def anew(self) -> bool:
        """The camera looks elsewhere or the light is another one: every pixel changes."""
        return self.before is None or self.before.camera != self.still.camera or self.before.conditions != self.still.conditions


class Stills:
    """A street led through the states of one clip, in order."""

    def __init__(self, location: Location) -> None:
        self._location = location
        self._still: Still | None = None
        self._view: View | None = None

    def lead_to(self, state: SceneState) -> Change | None:
        """Let the street stand as in this state; None: nothing that stands still, light or camera changed."""
        still = Still(
            state.camera,
            replace(state.conditions, brightness=1.0, rain=False),
            tuple(placed for placed in state.things if not placed.moving),
        )
        before = self._still
        if still == before:
            return None
        came, went = self._location.stand(still.things)
        self._still, self._view = still, None
        return Change(still, before, came, went)

    @property
    def view(self) -> View:
        """What stands now: the street's surfaces first, then the standing pieces'. lead_to comes first."""
        if self._view is None:
            if self._still is None:
                raise RuntimeError("lead_to comes before view")
            scene = TracedScene([*self._location.street, *(piece.surface for piece in self._location.standing)])
            self._view = View(scene, Projection(self._still.camera))
        return self._view
