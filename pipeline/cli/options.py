"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# readable=False: whether it can be read is said in one line by what reads it, not by the parser.
ConfigOption = Annotated[Path, typer.Option("--config", "-c", readable=False, help="Configuration file.")]
