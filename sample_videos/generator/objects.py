"""What can be seen of each thing in a picture, for the truth: boxes, masks, visible shares, metres beyond the door line. Pure."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

FORMAT = 1
SWALLOWED_BY_A_STALL = frozenset({"goods", "table", "rack_or_sign", "tricycle", "stall"})
"""Labels of things that are part of the stall in whose group they are."""


@dataclass(frozen=True, slots=True)
class Identity:
    """What an officer would count as one: a thing by itself, or a whole stack, display or stall."""

    name: str
    label: str


@dataclass(frozen=True, eq=False)
class Seen:
    """One object in one picture. Places are fractions of the picture, y down."""

    identity: Identity
    box: tuple[float, float, float, float]
    """x_min, y_min, x_max, y_max of what can be seen."""
    visible: float
    """Share of the whole object (also outside the picture) that can be seen, 0..1."""
    contact: tuple[float, float] | None
    """Where the middle of its footprint touches the ground; None: out of the picture."""
    metres_beyond: float | None
    """How far it reaches beyond the door line of the shop before which it is; 0: not at all. None: a person."""
    stands: bool
    mask: tuple[int, ...]
    """See `run_lengths`; of the picture at half its size."""


def identities(pieces: Sequence[tuple[str, str | None, str | None]]) -> list[Identity | None]:
    """Who is one with whom, from (object id, group, label) of each piece. None: nothing that has a label.

    A group with a stall is that stall; any other group has the label that most of its things have. A canopy stays by itself.
    """
    by_group: dict[str, list[str]] = {}
    for _, group, label in pieces:
        if group and label and label != "canopy":
            by_group.setdefault(group, []).append(label)
    found: list[Identity | None] = []
    for object_id, group, label in pieces:
        if label is None:
            found.append(None)
        elif group is None or label == "canopy":
            suffix = "/canopy" if label == "canopy" else ""
            found.append(Identity((group or object_id) + suffix, label))
        else:
            found.append(_in_group(group, label, by_group[group]))
    return found


def _in_group(group: str, label: str, labels: Sequence[str]) -> Identity:
    if "stall" in labels:
        return Identity(group, "stall") if label in SWALLOWED_BY_A_STALL else Identity(f"{group}/{label}", label)
    return Identity(group, Counter(sorted(labels)).most_common(1)[0][0])


def box_of(mask: Array) -> tuple[float, float, float, float] | None:
    """The box around a (height, width) mask in fractions; None when it is empty."""
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    if not len(rows):
        return None
    height, width = mask.shape
    return float(columns[0] / width), float(rows[0] / height), float((columns[-1] + 1) / width), float((rows[-1] + 1) / height)


def run_lengths(mask: Array) -> tuple[int, ...]:
    """A (height, width) mask as lengths of runs, row after row, first of what is not in it."""
    flat = np.concatenate([[False], np.asarray(mask, bool).ravel(), [False]])
    edges = np.flatnonzero(flat[1:] != flat[:-1])
    ends = np.concatenate([[0], edges, [mask.size]])
    runs = np.diff(ends)
    return tuple(int(run) for run in (runs if runs[-1] else runs[:-1]))


def from_run_lengths(runs: Sequence[int], height: int, width: int) -> Array:
    """The mask again."""
    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return np.concatenate([flat, np.zeros(height * width - len(flat), bool)]).reshape(height, width)


def record(at_s: float, seen: Iterable[Seen]) -> dict[str, Any]:
    """One picture's objects as they are written."""
    return {"at_s": round(at_s, 3), "objects": [_written(one) for one in seen]}


def _written(one: Seen) -> dict[str, Any]:
    return {
        "id": one.identity.name,
        "label": one.identity.label,
        "box": [round(value, 4) for value in one.box],
        "visible": round(one.visible, 3),
        "contact": None if one.contact is None else [round(value, 4) for value in one.contact],
        "metres_beyond": None if one.metres_beyond is None else round(one.metres_beyond, 2),
        "stands": one.stands,
        "mask": list(one.mask),
    }


def write(path: Path, clip: str, picture_px: tuple[int, int], frames: Sequence[Mapping[str, Any]]) -> None:
    """Write a clip's objects, compressed; the same objects give the same bytes."""
    whole = {
        "format": FORMAT,
        "clip": clip,
        "picture_px": list(picture_px),
        "mask_px": [picture_px[0] // 2, picture_px[1] // 2],
        "frames": list(frames),
    }
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))
    partial.replace(path)


def read(path: Path) -> dict[str, Any]:
    """What `write` wrote."""
    return dict(json.loads(gzip.decompress(path.read_bytes())))
