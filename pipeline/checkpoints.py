"""How far a series of recordings was judged, kept at the border of two of them: whoever goes on from there comes to the same result."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pipeline.runner import CameraStages
from pipeline.stages import Footage
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_UNREADABLE = (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """All that the looks before it have left behind, but for what the observation log tells: the rules are a fold over that.

    ``judges`` names everything that judged, ``content`` what was judged; both must be the same to go on.
    """

    judges: str
    content: str
    done: int
    """Recordings that were judged to their end, from the first on."""
    log_bytes: int
    """How long the observation log was."""
    last_at: datetime | None
    """Time of the last look."""
    shown: tuple[tuple[int, datetime, Footage], ...] = field(repr=False)
    """Of each recording that gave looks: its number, the time of its first look, and how it is read again."""
    memories: tuple[object, ...] = field(repr=False)
    """What guards and eyes remember."""

    def recall(self, stages: CameraStages) -> None:
        """Let fresh guards and eyes go on. Raises ValueError where they are of another kind."""
        for each, memory in zip(stages.remembering, self.memories, strict=True):
            each.recall(memory)


def memories_of(stages: CameraStages) -> tuple[object, ...]:
    """What guards and eyes remember, whole; to be saved before the next look."""
    return tuple(each.memory(whole=True) for each in stages.remembering)


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Write it in one step; the one before stays where that fails. Raises OSError."""
    write_aside(path, pickle.dumps(checkpoint, protocol=5))


def load_checkpoint(path: Path, *, judges: str, content_of: Callable[[int], str]) -> Checkpoint | None:
    """The one to go on from; None where there is none, or it is of other judges or footage, or can't be read (which is said).

    ``content_of``: so many recordings -> what is looked at in them. What comes behind them may have changed.

    The file is a pickle: its folder must be writable by nobody but the user who runs the program.
    """
    try:
        found = pickle.loads(path.read_bytes())  # noqa: S301  # our own file, see above
    except FileNotFoundError:
        return None
    except (*_UNREADABLE, OSError) as err:
        _LOG.warning("%s can't be read (%s): these recordings are judged from the first on", path, err)
        return None
    if not isinstance(found, Checkpoint) or (found.judges, found.content) != (judges, content_of(found.done)):
        return None
    return found
