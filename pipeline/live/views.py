"""The views of one camera that turns (PTZ presets): each look goes to the view that it shows, and is a gap for all others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.guards import CameraPoseGuard
from pipeline.types import GapReason, Look, MissedLook


@dataclass(slots=True)
class View:
    """One view: the camera of the configuration that stands for it, and what tells it from others."""

    camera_id: str
    guard: CameraPoseGuard
    """Of its own: it learns what the view looks like in other lights."""
    told_s: float = field(default=float("-inf"))
    """When the last look or gap was handed on, media time."""


class ViewRouter:
    """Stands between a stream and the judges of its views. Belongs to the thread that judges.

    A look that shows none of the known views is one of an unknown pose: a gap for every view (``camera_moved``), never somebody's ground.
    While one view is looked at, nobody looks at the others (``no_look``).
    """

    def __init__(self, views: Sequence[View], *, gap_every_s: float) -> None:
        """``gap_every_s``: a view that nobody looks at is told so this often, seconds."""
        self._views = list(views)
        self._gap_every_s = gap_every_s

    def route(self, look: Look) -> list[Look]:
        """What the look is to the views, each under its own name: the one that it shows first."""
        if isinstance(look, MissedLook):
            return [self._miss(view, look, look.reason) for view in self._views]
        shown = next((view for view in self._views if view.guard.recognises(look)), None)
        if shown is None:
            return [self._miss(view, look, GapReason.CAMERA_MOVED) for view in self._views]
        # The next look most likely shows the same view: it is asked first.
        self._views.remove(shown)
        self._views.insert(0, shown)
        shown.told_s = look.media_time_s
        untold = (view for view in self._views[1:] if look.media_time_s - view.told_s >= self._gap_every_s)
        return [replace(look, camera_id=shown.camera_id), *(self._miss(view, look, GapReason.NO_LOOK) for view in untold)]

    def _miss(self, view: View, look: Look, reason: GapReason) -> MissedLook:
        view.told_s = look.media_time_s
        return MissedLook(view.camera_id, look.captured_at, look.media_time_s, reason)
