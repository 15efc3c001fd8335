"""``*.truth.json`` -> ClipTruth. Every fault of every file is named at once: file, place in it, expected, found, what to do."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC
from itertools import combinations
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, ValidationError

from pipeline.config import DwellSettings
from pipeline.errors import ConfigError, FaultsError, fault_line
from pipeline.evaluation.truth import ClipTruth, Conditions, TruthBox, TruthEvent, TruthGap
from pipeline.evaluation.truth_format import FORMAT, BoxSpan, ConditionsPart, EventPart, GapSpan, TruthFile, out_of_time
from pipeline.types import BoundingBox

SUFFIX = ".truth.json"
_LONGEST_SHOWN = 60
_WHOLE = "(whole file)"
_PARTS: Mapping[str, type[BaseModel]] = {
    "gaps": GapSpan,
    "boxes": BoxSpan,
    "events": EventPart,
    "conditions": ConditionsPart,
    "dwell": DwellSettings,
}


def load_truths(paths: Iterable[Path]) -> tuple[ClipTruth, ...]:
    """Truth files, and all ``*.truth.json`` of folders, by camera and time.

    Raises ConfigError where there is none, FaultsError with one line per fault of all files.
    """
    files = _files(paths)
    truths: list[ClipTruth] = []
    faults: list[str] = []
    for file in files:
        try:
            truths.append(_load(file))
        except FaultsError as err:
            faults += err.faults
    faults += _overlaps(truths)
    if faults:
        raise FaultsError("truth refused", tuple(faults))
    return tuple(sorted(truths, key=lambda truth: (truth.camera_id, truth.starts_at, truth.file.name)))


def _files(paths: Iterable[Path]) -> list[Path]:
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(path.glob("*" + SUFFIX)) if path.is_dir() else [path]
        if not inside:
            hint = "Format: docs/evaluation.md"
            raise ConfigError("no truth", where=str(path), expected=f"files named *{SUFFIX}", found="none in this folder", hint=hint)
        found |= dict.fromkeys(inside)
    return list(found)


def _load(path: Path) -> ClipTruth:
    data = _read(path)
    if not isinstance(data, dict):
        raise _fault(path, _WHOLE, "not a truth file", expected="a JSON object", found=_shown(data))
    if data.get("format") != FORMAT:
        hint = "Format: docs/evaluation.md"
        found = _shown(data["format"]) if "format" in data else "none"
        raise _fault(path, "format", "not a truth file of this version", expected=str(FORMAT), found=found, hint=hint)
    try:
        file = TruthFile.model_validate(data)
    except ValidationError as err:
        raise FaultsError("truth refused", tuple(_fault_of(path, data, item) for item in _own_errors(err))) from None
    outside = out_of_time(file)
    if outside:
        raise FaultsError("truth refused", tuple(fault_line(f"{path}: {_place(at)}", told) for at, told in outside))
    return _clip(path, file)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"), parse_constant=_refuse_constant, object_pairs_hook=_refuse_repeated)
    except OSError as err:
        raise _fault(path, _WHOLE, "cannot read truth", found=err.strerror or str(err)) from err
    except UnicodeDecodeError as err:
        raise _fault(path, _WHOLE, "cannot read truth", expected="UTF-8", found="other bytes", hint="Save it as UTF-8") from err
    except json.JSONDecodeError as err:
        raise _fault(path, f"line {err.lineno}, column {err.colno}", "not valid JSON", found=err.msg) from err
    except (ValueError, RecursionError) as err:
        raise _fault(path, _WHOLE, "not valid JSON", found=str(err)) from err


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Of a key given twice, JSON would quietly keep the last."""
    repeated = [key for number, (key, _) in enumerate(pairs) if key in {earlier for earlier, _ in pairs[:number]}]
    if repeated:
        raise ValueError(f"key given twice: {repeated[0]}")
    return dict(pairs)


def _fault(path: Path, place: str, what: str, *, expected: str = "", found: str = "", hint: str = "") -> FaultsError:
    return FaultsError("truth refused", (fault_line(f"{path}: {place}", what, expected=expected, found=found, hint=hint),))


def _own_errors(err: ValidationError) -> list[Any]:
    """Without "too short" for lists whose items were refused one by one."""
    items = err.errors()
    places = [item["loc"] for item in items]
    return [item for item in items if item["type"] != "too_short" or not any(_lies_below(place, item["loc"]) for place in places)]


def _lies_below(place: Sequence[str | int], above: Sequence[str | int]) -> bool:
    return len(place) > len(above) and tuple(place[: len(above)]) == tuple(above)


def _fault_of(path: Path, data: Any, item: Any) -> str:
    """One pydantic error as one line."""
    at = tuple(item["loc"])
    where = f"{path}: {_place(at)}"
    if item["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(at[-1]), _known_keys(at[:-1]), n=1)
        return fault_line(where, "unknown key", hint=f"Did you mean {close[0]!r}?" if close else "Format: docs/evaluation.md")
    if item["type"] == "missing":
        return fault_line(where, "is missing", hint="Format: docs/evaluation.md")
    message = str(item["msg"]).removeprefix("Value error, ")
    return fault_line(where, message, found="" if "; found" in message else _shown(_value_at(data, at)))


def _value_at(data: Any, at: Sequence[str | int]) -> Any:
    for key in at:
        try:
            data = data[key]
        except (KeyError, IndexError, TypeError):
            break
    return data


def _known_keys(at: Sequence[str | int]) -> list[str]:
    names = [part for part in at if isinstance(part, str)]
    return list((_PARTS.get(names[-1], TruthFile) if names else TruthFile).model_fields)


def _place(at: Sequence[str | int]) -> str:
    """``events[2].boxes[0].box``; counted from 0, as in JSON."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in at)
    return text.removeprefix(".") or _WHOLE


def _shown(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict) or (isinstance(value, list) and len(shown) > _LONGEST_SHOWN):
        return "an object" if isinstance(value, dict) else f"a list of {len(value)}"
    return shown if len(shown) <= _LONGEST_SHOWN else shown[:_LONGEST_SHOWN] + "…"


def _overlaps(truths: Sequence[ClipTruth]) -> list[str]:
    """Two files may not tell of the same camera at the same time: each found violation must have one truth."""
    return [
        fault_line(
            f"{second.file}: starts_at",
            "same camera and time as another truth file",
            expected=f"a time outside {first.starts_at.isoformat()} + {first.length_s:g} s ({first.file.name})",
            found=second.starts_at.isoformat(),
        )
        for first, second in combinations(truths, 2)
        if first.camera_id == second.camera_id and first.starts_at < second.ends_at and second.starts_at < first.ends_at
    ]


def _clip(path: Path, file: TruthFile) -> ClipTruth:
    return ClipTruth(
        file=path,
        clip=file.clip,
        title=file.title,
        camera_id=file.camera_id,
        starts_at=file.starts_at.astimezone(UTC),
        length_s=file.length_s,
        conditions=Conditions(file.conditions.light, file.conditions.weather),
        held_out=file.held_out,
        dwell=file.dwell,
        gaps=tuple(TruthGap(gap.from_s, gap.to_s, gap.reason) for gap in file.gaps),
        events=tuple(_event(number, event) for number, event in enumerate(file.events, start=1)),
    )


def _event(number: int, event: EventPart) -> TruthEvent:
    return TruthEvent(
        name=event.name or f"event {number}",
        kind=event.kind,
        shop_codes=tuple(sorted(event.shop_codes)),
        place=event.place,
        began_s=event.began_s,
        ended_s=event.ended_s,
        excused_by=event.excused_by,
        why=event.why,
        boxes=tuple(TruthBox(span.from_s, span.to_s, BoundingBox(*span.box), span.things) for span in event.boxes),
        metres_beyond=event.metres_beyond,
    )
