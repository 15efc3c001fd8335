"""What each pixel showed for long (the ground) and what new thing it has been showing since (the fresh layer)."""

from __future__ import annotations

import cv2
import numpy as np

from pipeline.detectors.static_object.features import Features, Mask, Plane

_LONGEST_STEP_S = 5.0  # time between two looks beyond which nobody knows what happened in between
_LOSS = 1.5  # looks of support that one look of something else takes away
_SLOWEST = 0.02


class GroundMemory:
    """Two layers per pixel, each HxW. Looks under people (``seen`` False) change nothing."""

    def __init__(self, look: Features) -> None:
        """Begin with nothing known; the first look only gives the size."""
        shape = look.brightness.shape
        self.ground = look.copy()
        self.known: Mask = np.zeros(shape, np.bool_)
        self.fresh = look.copy()
        self.support: Plane = np.zeros(shape, np.float32)
        """Looks that showed the fresh thing, less what speaks against it."""
        self.standing_s: Plane = np.zeros(shape, np.float32)
        """Seconds for which the fresh thing was seen unchanged."""
        self.since_s: Plane = np.zeros(shape, np.float32)
        """When the fresh thing was first seen here, on the detector's timeline."""
        self.quiet_looks: Plane = np.zeros(shape, np.float32)
        self.unrest: Plane = np.zeros(shape, np.float32)
        """0..1: how often the pixel switches between ground and something else."""
        self._was_changed: Mask = np.zeros(shape, np.bool_)

    def know(self, ground: Features) -> None:
        """Take a clean picture as the ground of every pixel."""
        self.ground = ground.copy()
        self.known[:] = True
        self.quiet_looks[:] = 5

    def take_in(self, look: Features, changed: Mask, same: Mask, seen: Mask, now_s: float, step_s: float) -> None:
        """Count a look: ``same`` where it shows what the fresh layer holds, ``changed`` where it is not the ground."""
        self._be_born(look, seen & ~self.known)
        step_s = min(step_s, _LONGEST_STEP_S)
        watched = seen & self.known
        changed = changed & watched
        keep = changed & same & (self.support > 0)
        other = changed & ~keep
        self.support += keep
        self.support -= np.float32(_LOSS) * (watched & ~keep)
        np.maximum(self.support, 0, out=self.support)
        spent = self.support == 0
        self.standing_s += np.float32(step_s) * keep
        self.standing_s *= ~spent
        _blend(self.fresh, look, keep, 0.3)
        taken = other & spent
        self.support += taken
        cv2.copyTo(np.full_like(self.since_s, now_s), taken.view(np.uint8), self.since_s)
        _blend(self.fresh, look, taken, 1.0)
        flip = (changed != (self._was_changed & seen)).astype(np.float32)
        flip -= self.unrest
        flip *= np.float32(0.08)
        cv2.accumulate(flip, self.unrest, mask=seen.view(np.uint8))
        self._was_changed = (self._was_changed & ~seen) | changed
        self.fresh.stale()

    def learn(self, look: Features, quiet: Mask, *, colour: bool) -> None:
        """Let the ground follow slow changes where nothing stands; the younger it is, the faster."""
        self.quiet_looks += quiet
        rate = self.quiet_looks + np.float32(1)
        np.divide(np.float32(1), rate, out=rate)
        np.maximum(rate, np.float32(_SLOWEST), out=rate)
        rate *= quiet
        step = np.empty_like(rate)
        for name in ("brightness", "blue", "red") if colour else ("brightness",):
            plane: Plane = getattr(self.ground, name)
            np.subtract(getattr(look, name), plane, out=step)
            step *= rate
            plane += step
        self.ground.stale()

    def absorb(self, rows: slice, columns: slice, mask: Mask) -> None:
        """Take the fresh layer as ground in this part: what stood there before is gone for good."""
        for name in ("brightness", "blue", "red"):
            getattr(self.ground, name)[rows, columns][mask] = getattr(self.fresh, name)[rows, columns][mask]
        self.quiet_looks[rows, columns][mask] = 1
        self.known[rows, columns][mask] = True
        self.forget(rows, columns, mask)
        self.ground.stale()

    def forget(self, rows: slice, columns: slice, mask: Mask) -> None:
        """Drop the fresh layer in this part."""
        self.support[rows, columns][mask] = 0
        self.standing_s[rows, columns][mask] = 0

    def start_over(self, where: Mask) -> None:
        """Unlearn the ground there, so that it is born again from the next looks."""
        self.known[where] = False
        self.support[where] = 0
        self.standing_s[where] = 0
        self.quiet_looks[where] = 0

    def _be_born(self, look: Features, first_seen: Mask) -> None:
        """Take the first sight of a pixel as its ground: if that was a passer-by, what follows is judged to be a gap, and absorbed."""
        if not first_seen.any():
            return
        _blend(self.ground, look, first_seen, 1.0)
        self.known |= first_seen
        self.quiet_looks[first_seen] = 0
        self.ground.stale()


def _blend(into: Features, look: Features, where: Mask, rate: float) -> None:
    for name in ("brightness", "blue", "red"):
        plane: Plane = getattr(into, name)
        if rate == 1.0:
            cv2.copyTo(getattr(look, name), where.view(np.uint8), plane)
        else:
            cv2.accumulateWeighted(getattr(look, name), plane, rate, mask=where.view(np.uint8))
