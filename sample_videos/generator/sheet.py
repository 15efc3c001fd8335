"""Contact sheets: many pictures, or the middles of many clips, as one picture to look at. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from sample_videos.generator.values import LABELS

Array = np.ndarray[Any, Any]


def make_sheet(files: Sequence[Path], out: Path, *, width: int, columns: int, labels: bool = False) -> None:
    """Lay them out in rows, each `width` pixels wide. labels: draw the boxes of training pictures."""
    cells = []
    for path in files:
        picture = _middle(path)
        if labels:
            _draw_labels(picture, path)
        height = round(picture.shape[0] * width / picture.shape[1])
        cells.append(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA))
    tallest = max(cell.shape[0] for cell in cells)
    cells = [cv2.copyMakeBorder(cell, 0, tallest - cell.shape[0], 0, 0, cv2.BORDER_CONSTANT) for cell in cells]
    blank = np.zeros_like(cells[0])
    cells += [blank] * (-len(cells) % min(columns, len(cells)))
    rows = [np.hstack(cells[start : start + columns]) for start in range(0, len(cells), columns)]
    out.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(out), np.vstack(rows), [cv2.IMWRITE_JPEG_QUALITY, 88])


def make_still(clip: Path, out: Path, *, width: int = 480) -> None:
    """The picture at two thirds of a clip, when most has happened, as a small JPEG."""
    picture = _picture_at(clip, 0.66)
    out.parent.mkdir(parents=True, exist_ok=True)
    small = cv2.resize(picture, (width, round(picture.shape[0] * width / picture.shape[1])), interpolation=cv2.INTER_AREA)
    cv2.imwrite(str(out), small, [cv2.IMWRITE_JPEG_QUALITY, 82])


def _middle(path: Path) -> Array:
    return _picture_at(path, 0.5)


def _picture_at(path: Path, share: float) -> Array:
    if path.suffix != ".mp4":
        picture = cv2.imread(str(path))
    else:
        clip = cv2.VideoCapture(str(path))
        clip.set(cv2.CAP_PROP_POS_FRAMES, int(clip.get(cv2.CAP_PROP_FRAME_COUNT) * share))
        _, picture = clip.read()
    if picture is None:
        raise ValueError(f"cannot read a picture from {path}")
    return np.asarray(picture)


def _draw_labels(picture: Array, path: Path) -> None:
    listed = path.parent.parent / "labels" / f"{path.stem}.txt"
    height, width = picture.shape[:2]
    for line in listed.read_text().splitlines():
        label, *box = line.split()
        x, y, w, h = (float(value) for value in box)
        corner, end = (round((x - w / 2) * width), round((y - h / 2) * height)), (round((x + w / 2) * width), round((y + h / 2) * height))
        hue = cv2.cvtColor(np.array([[[int(label) * 18, 220, 255]]], np.uint8), cv2.COLOR_HSV2BGR)[0, 0]
        colour = tuple(int(value) for value in hue)
        cv2.rectangle(picture, corner, end, colour, 1)
        cv2.putText(picture, LABELS[int(label)][:5], (corner[0] + 1, corner[1] + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.32, colour, 1, cv2.LINE_AA)
