"""Which pixels show which object: exact masks by the tracer, without another rendering."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sample_videos.generator.ground import metres_beyond
from sample_videos.generator.objects import Identity, Seen, box_of, identities, run_lengths
from sample_videos.generator.pieces import Piece
from sample_videos.generator.surfaces import corners_of
from sample_videos.generator.tracing import TracedScene
from sample_videos.generator.values import StreetPlan
from sample_videos.generator.view import View

Array = np.ndarray[Any, Any]

GRID = 72
"""So many rays at most across an object when its visible share is counted."""
LEAST_PIXELS = 12
"""What shows fewer pixels is not seen."""
SURFACE_M = 0.02
"""Rays this close to where they should end have reached it."""


class Seeing:
    """One picture's objects. view.scene: `street` surfaces, then those of the standing pieces; movers: those of the moving ones."""

    def __init__(self, view: View, street: int, standing: Sequence[Piece], moving: Sequence[Piece], movers: TracedScene) -> None:
        self._view, self._movers, self._street, self._standing = view, movers, street, len(standing)
        self._pieces = [*standing, *moving]

    def objects(self, plan: StreetPlan) -> list[Seen]:
        """All labelled objects of which something can be seen, those that stand first."""
        known = identities([(piece.object_id, piece.group, piece.label) for piece in self._pieces])
        owner = self._owners()
        found = []
        for identity in dict.fromkeys(one for one in known if one is not None):
            members = [index for index, one in enumerate(known) if one == identity]
            mask = np.isin(owner, members)
            box = box_of(mask)
            if box is not None and mask.sum() >= LEAST_PIXELS:
                found.append(self._describe(identity, [self._pieces[index] for index in members], mask, box, plan))
        return found

    def _owners(self) -> Array:
        """(height, width): number of the piece that each pixel shows; less than 0: none."""
        view = self._view
        owner = view.hits.surface - self._street
        near = self._movers.first(view.eye, view.rays.reshape(-1, 3))
        owner = np.where(near.distance < view.hits.distance, near.surface + self._standing, owner)
        return np.asarray(owner.reshape(view.height, view.width))

    def _describe(
        self, identity: Identity, members: Sequence[Piece], mask: Array, box: tuple[float, float, float, float], plan: StreetPlan
    ) -> Seen:
        placed = [piece.placed for piece in members if piece.placed is not None]
        reaches = [metres_beyond(plan, one) for one in placed]
        bounds = np.array([piece.surface.bounds() for piece in members])
        low, high = bounds[:, 0].min(0), bounds[:, 1].max(0)
        contact = self._view.projection.to_picture([((low[0] + high[0]) / 2, (low[1] + high[1]) / 2, low[2])])[0]
        inside = bool(np.all((contact >= 0) & (contact <= 1)))
        return Seen(
            identity,
            box,
            self._visible_share(members),
            (float(contact[0]), float(contact[1])) if inside else None,
            max(reaches) if reaches else None,
            stands=bool(placed) and not any(one.moving for one in placed),
            mask=run_lengths(mask[::2, ::2]),
        )

    def _visible_share(self, members: Sequence[Piece]) -> float:
        """Share of an object's outline, as seen from the camera, that neither anything before it nor the frame hides."""
        view = self._view
        alone = TracedScene([piece.surface for piece in members])
        rays, inside = _rays_at(view, np.concatenate([corners_of(piece.surface.bounds()) for piece in members]))
        hits = alone.first(view.eye, rays)
        whole = np.flatnonzero(hits.found)
        if not len(whole):
            return 0.0
        reach = hits.distance[whole] - SURFACE_M
        hidden = view.scene.blocked(view.eye, rays[whole], reach)
        hidden |= self._movers.blocked(view.eye, rays[whole], reach)
        return float((inside[whole] & ~hidden).mean())


def _rays_at(view: View, corners: Array) -> tuple[Array, Array]:
    """A grid of rays over the box that holds the corners, also where it leaves the picture, and which are in the picture."""
    projection = view.projection
    ideal = projection.to_ideal(corners)
    ideal = ideal[~np.isnan(ideal[:, 0])]
    if not len(ideal):
        return np.zeros((0, 3), np.float32), np.zeros(0, bool)
    low, high = np.maximum(ideal.min(0), -6), np.minimum(ideal.max(0), 6)
    counts = np.clip(np.ceil((high - low) * view.width / 2), 2, GRID).astype(int)
    across, down = np.meshgrid(np.linspace(low[0], high[0], counts[0]), np.linspace(low[1], high[1], counts[1]))
    grid = np.column_stack([across.ravel(), down.ravel()])
    rays = projection.ideal_rays(grid)
    at = projection.to_picture(rays + view.eye)
    return rays.astype(np.float32), np.asarray(np.all((at >= 0) & (at <= 1), axis=1))
