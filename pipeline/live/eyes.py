"""What the eyes of one camera remember, carried over a restart: what stood there must not look like ground afterwards."""

from __future__ import annotations

import hashlib
import logging
import pickle
import zlib
from functools import cache
from pathlib import Path

from pipeline import guards
from pipeline.detectors import static_object
from pipeline.runner import CameraStages
from pipeline.whole_files import write_aside

_LOG = logging.getLogger(__name__)
_UNREADABLE = (pickle.UnpicklingError, zlib.error, EOFError, AttributeError, ImportError, IndexError, KeyError, TypeError, ValueError)


@cache
def _layout() -> str:
    """Of the code whose values are remembered: after a change there, an older memory may fit no more."""
    digest = hashlib.sha256()
    for package in (static_object, guards):
        for folder in package.__path__:
            for source in sorted(Path(folder).glob("*.py")):
                digest.update(source.read_bytes())
    return digest.hexdigest()


def save_eyes(path: Path, stages: CameraStages) -> None:
    """Write the memory of all eyes and guards in one step. OSError where the disk refuses: the one before stays."""
    memories = [each.memory(whole=False) for each in stages.remembering]
    write_aside(path, zlib.compress(pickle.dumps((_layout(), stages.model_version, memories), protocol=5), 1))


def recall_eyes(path: Path, stages: CameraStages) -> CameraStages | None:
    """The same stages with what was remembered; None where there is nothing, or it is of another version of code or model.

    The file is a pickle: it must be writable by nobody but the user who runs the program.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        layout, model, memories = pickle.loads(zlib.decompress(data))  # noqa: S301  # our own file, see above
        if (layout, model) != (_layout(), stages.model_version):
            return None
        for each, memory in zip(stages.remembering, memories, strict=True):
            each.recall(memory)
        return stages
    except _UNREADABLE as err:
        _LOG.warning("%s can't be read (%s): the eyes begin anew", path, err)
        return None
