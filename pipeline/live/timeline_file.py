"""When cameras were first watched here: media time 0 of all that is kept of them, over restarts and runs."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from pipeline.errors import RecordError
from pipeline.whole_files import write_aside

_NAME = "timeline.json"


def timeline_start(folder: Path, now: datetime) -> datetime:
    """The start as it was written down, or ``now``, written down. Raises RecordError for a damaged file, OSError (disk)."""
    path = folder / _NAME
    if path.exists():
        try:
            start = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["start_at"])
            if start.tzinfo is not None:
                return start
            found = "a time without zone"
        except (ValueError, KeyError, TypeError) as err:
            found = str(err) or type(err).__name__
        hint = "Move the folder away: what is kept there of the streams can't be placed in time any more"
        raise RecordError("cannot read when cameras were first watched here", where=str(path), found=found, hint=hint)
    folder.mkdir(parents=True, exist_ok=True)
    write_aside(path, json.dumps({"start_at": now.isoformat()}).encode())
    return now
