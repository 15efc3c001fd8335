"""configs/*.yaml -> DoorlineSettings. Faults name file, line and what to do.

``${NAME}`` in a value is replaced by the environment variable NAME. Paths are relative to the file that names them.
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from pipeline.config import DoorlineSettings, Settings
from pipeline.errors import FaultsError, fault_line
from pipeline.yaml_files import KeyPath, YamlFile, read_yaml


def load_settings(path: Path) -> DoorlineSettings:
    """Read, check and resolve one configuration file.

    Paths come back absolute. Raises ConfigError (missing file, no YAML) or FaultsError with one line per fault:
    file, line, key, what was expected and found. No message holds a value from ${NAME} or a password of an address.
    """
    file = read_yaml(path)
    try:
        settings = DoorlineSettings.model_validate(file.data)
    except ValidationError as err:
        # "from None": the text of a ValidationError quotes values, and a traceback would print it.
        raise FaultsError("configuration refused", tuple(_fault(file, item) for item in _own_errors(err))) from None
    return _resolve_paths(settings, path.resolve().parent)


def _own_errors(err: ValidationError) -> list[Any]:
    """Without "too short" for lists whose items were refused one by one."""
    items = err.errors()
    places = [item["loc"] for item in items]
    return [
        item
        for item in items
        if item["type"] != "too_short"
        or not any(len(place) > len(item["loc"]) and place[: len(item["loc"])] == item["loc"] for place in places)
    ]


def _fault(file: YamlFile, item: Any) -> str:
    """One pydantic error as one line: file:line: key: message; found value."""
    key: KeyPath = tuple(item["loc"])
    if item["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(key[-1]), _known_keys(key[:-1]), n=1)
        return fault_line(file.where(key), "unknown key", hint=f"Did you mean {close[0]!r}?" if close else "")
    if item["type"] == "missing":
        return fault_line(file.where(key), "is missing")
    message = file.masked(key, str(item["msg"]).removeprefix("Value error, "))
    # A message about a whole section says itself what it found.
    return fault_line(file.where(key), message, found="" if isinstance(item["input"], dict) else file.found(key, item["input"]))


def _known_keys(section: KeyPath) -> list[str]:
    """The keys of the section at this place; none where it can't be told."""
    at: Any = DoorlineSettings
    for part in section:
        if isinstance(part, int):
            continue
        field = at.model_fields.get(part)
        kinds = [field.annotation, *get_args(field.annotation)] if field else []
        at = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Settings)), None)
        if at is None:
            return []
    return list(at.model_fields)


def _resolve_paths(settings: DoorlineSettings, folder: Path) -> DoorlineSettings:
    """Make every path absolute, seen from the folder of the configuration file."""
    cameras = tuple(camera.model_copy(update={"zones": _absolute(folder, camera.zones)}) for camera in settings.cameras)
    update: dict[str, Any] = {
        "cameras": cameras,
        "shops": _absolute(folder, settings.shops) if settings.shops else None,
        "observations": _absolute(folder, settings.observations),
        "evidence": settings.evidence.model_copy(update={"folder": _absolute(folder, settings.evidence.folder)}),
        "live": settings.live.model_copy(update={"folder": _absolute(folder, settings.live.folder)}),
    }
    if settings.yolo:
        update["yolo"] = settings.yolo.model_copy(update={"card": _absolute(folder, settings.yolo.card)})
    match = re.fullmatch(r"(sqlite(?:\+\w+)?:///)(?!/)(?!:memory:)(.+)", settings.records.url)
    if match:
        update["records"] = settings.records.model_copy(update={"url": f"{match.group(1)}{_absolute(folder, Path(match.group(2)))}"})
    return settings.model_copy(update=update)


def _absolute(folder: Path, path: Path) -> Path:
    """Without ``..`` inside, so that messages show where things really are."""
    return Path(os.path.normpath(folder / path))
