"""What stands, as one camera sees it: a ray for each pixel and what it meets. It takes no light, and so no rendering."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from sample_videos.generator.camera import Projection
from sample_videos.generator.tracing import Hits, TracedScene

Array = np.ndarray[Any, Any]


class View:
    """A camera before things that stand. All pictures are (height, width, ...) of the recorded picture, lens included."""

    def __init__(self, scene: TracedScene, projection: Projection) -> None:
        self.scene, self.projection = scene, projection
        self.height, self.width = projection.pose.height, projection.pose.width
        self.eye = np.array([projection.pose.x, projection.pose.y, projection.pose.z], np.float32)

    @cached_property
    def rays(self) -> Array:
        """(height, width, 3): through the middle of each pixel."""
        columns, rows = np.meshgrid((np.arange(self.width) + 0.5) / self.width, (np.arange(self.height) + 0.5) / self.height)
        flat = self.projection.rays(np.stack([columns.ravel(), rows.ravel()], -1))
        return flat.reshape(self.height, self.width, 3).astype(np.float32)

    @cached_property
    def hits(self) -> Hits:
        """What each pixel sees, row by row."""
        return self.scene.first(self.eye, self.rays.reshape(-1, 3))
