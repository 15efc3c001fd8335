"""What goes on, on standard error: coloured on a terminal, one plain line each in a file, or JSON for whoever collects logs."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime

from pipeline.cli.printing import ERRORS


def set_up_logs(*, verbose: bool, as_json: bool) -> None:
    """Log to standard error from now on."""
    handler: logging.Handler = logging.StreamHandler()
    if as_json:
        handler.setFormatter(_JsonLine())
    elif ERRORS.is_terminal:
        from rich.logging import RichHandler

        handler = RichHandler(console=ERRORS, show_path=False)
        handler.setFormatter(logging.Formatter("%(name)s: %(message)s"))
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])


class _JsonLine(logging.Formatter):
    """One JSON object a line: at, level, logger, message, and the traceback of a bug."""

    def format(self, record: logging.LogRecord) -> str:
        """A record as one line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        values = {"at": at, "level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        if record.exc_info:
            values["traceback"] = self.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=False)
