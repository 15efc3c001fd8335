"""The views of one camera that turns (PTZ presets): each look goes to the view that it shows, and is a gap for all others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.guards import CameraPoseGuard
from pipeline.types import Frame, GapReason, Look, MissedLook


@dataclass(slots=True)
class View:
    """One view: the camera of the configuration that stands for it, and what tells it from others."""

    camera_id: str
    guard: CameraPoseGuard
    """Of its own: it learns what the view looks like in other lights."""
    told_s: float = field(default=float("-inf"))
    """When the last look or gap was handed on, media time."""


class ViewRouter:
    """Stands between the thread of a stream and the queue of looks. Belongs to that thread.

    A look that shows none of the known views is one of an unknown pose: a gap for every view (``camera_moved``), never somebody's ground.
    While one view is looked at, nobody looks at the others (``no_look``).
    """

    def __init__(self, views: Sequence[View], put: Callable[[Look], None], *, gap_every_s: float) -> None:
        """``gap_every_s``: a view that nobody looks at is told so this often, seconds."""
        self._views = list(views)
        self._put = put
        self._gap_every_s = gap_every_s

    def put(self, look: Look) -> None:
        """Hand a look on, under the name of the view that it shows."""
        if isinstance(look, MissedLook):
            for view in self._views:
                self._miss(view, look, look.reason)
            return
        shown = next((view for view in self._views if view.guard.recognises(look)), None)
        if shown is None:
            for view in self._views:
                self._miss(view, look, GapReason.CAMERA_MOVED)
            return
        # The next look most likely shows the same view: it is asked first.
        self._views.remove(shown)
        self._views.insert(0, shown)
        shown.told_s = look.media_time_s
        self._put(replace(look, camera_id=shown.camera_id))
        for view in self._views[1:]:
            if look.media_time_s - view.told_s >= self._gap_every_s:
                self._miss(view, look, GapReason.NO_LOOK)

    def _miss(self, view: View, look: Frame | MissedLook, reason: GapReason) -> None:
        view.told_s = look.media_time_s
        self._put(MissedLook(view.camera_id, look.captured_at, look.media_time_s, reason))
