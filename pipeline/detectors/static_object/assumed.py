"""What stood there when the memory was lost: nobody may say that it is gone before the ground there has changed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pipeline.detectors.static_object.features import Mask
from pipeline.types import Certainty, Detection

_CHANGED = 0.3
"""Share of what is seen of its place that must differ from how it looked first."""
_LEAST_SEEN = 0.4
_LOOKS = 2


@dataclass(slots=True)
class Assumed:
    """One thing that an eye before this one saw standing, and that lies hidden in what this one takes for ground."""

    detection: Detection
    changed_looks: int = 0

    @property
    def is_gone(self) -> bool:
        """Whether something has happened there: from then on the eye sees for itself."""
        return self.changed_looks >= _LOOKS

    @property
    def unseen(self) -> Detection:
        """The thing, neither present nor absent."""
        return replace(self.detection, certainty=Certainty.UNCERTAIN)

    def look(self, changed: Mask, hidden: Mask) -> None:
        """Take in a look.

        Args:
            changed: HxW, where the look differs from the ground.
            hidden: HxW, where nothing of the ground is seen.
        """
        height, width = changed.shape
        box = self.detection.box
        rows = slice(int(box.y_min * height), max(int(box.y_min * height) + 1, int(np.ceil(box.y_max * height))))
        columns = slice(int(box.x_min * width), max(int(box.x_min * width) + 1, int(np.ceil(box.x_max * width))))
        seen = ~hidden[rows, columns]
        told = changed[rows, columns][seen]
        if told.size and told.size >= _LEAST_SEEN * seen.size:
            self.changed_looks = self.changed_looks + 1 if float(told.mean()) >= _CHANGED else 0
