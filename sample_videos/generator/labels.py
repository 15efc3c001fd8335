"""The files that belong to a training picture: boxes to learn, boxes to ignore, everything about each box. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sample_videos.generator.chances import HEIGHT, WIDTH
from sample_videos.generator.objects import Seen
from sample_videos.generator.values import LABELS

LEAST_VISIBLE = 0.30
LEAST_LONG_PX, LEAST_SHORT_PX = 16, 6
"""What is smaller than this in a picture 640 wide is ignored."""
LABEL_FILES = ("labels/{}.txt", "ignored/{}.txt", "seen/{}.json")
"""What `write_labels` writes for the picture of that name."""


def is_counted(one: Seen) -> bool:
    """Whether a model should find it: enough of it shows, and not too small."""
    width, height = (one.box[2] - one.box[0]) * 640, (one.box[3] - one.box[1]) * 640 * HEIGHT / WIDTH
    return one.visible >= LEAST_VISIBLE and max(width, height) >= LEAST_LONG_PX and min(width, height) >= LEAST_SHORT_PX


def label_line(one: Seen) -> str:
    """As ultralytics reads it: class, middle and size in fractions."""
    x0, y0, x1, y1 = one.box
    return f"{LABELS.index(one.identity.label)} {(x0 + x1) / 2:.5f} {(y0 + y1) / 2:.5f} {x1 - x0:.5f} {y1 - y0:.5f}\n"


def write_labels(seen: Sequence[Seen], folder: Path, stem: str) -> None:
    """Write LABEL_FILES of one picture; the same objects give the same bytes."""
    learnt = "".join(label_line(one) for one in seen if is_counted(one))
    ignored = "".join(label_line(one) for one in seen if not is_counted(one))
    about = json.dumps([_about(one) for one in seen], ensure_ascii=False)
    for name, text in zip(LABEL_FILES, (learnt, ignored, about), strict=True):
        path = folder / name.format(stem)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")


def _about(one: Seen) -> dict[str, Any]:
    return {
        "id": one.identity.name,
        "label": one.identity.label,
        "box": [round(value, 4) for value in one.box],
        "visible": round(one.visible, 3),
        "counted": is_counted(one),
    }
