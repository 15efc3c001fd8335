"""Pictures of what went wrong: a frame of the clip with the box of the truth and the box of the find. The only part that sees pixels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

import cv2
import numpy as np

from pipeline.drawing import Canvas, composite, draw_caption
from pipeline.drawing.canvas import WHOLE_PICTURE, Colour, Stroke, line_height, text_width
from pipeline.errors import SourceError
from pipeline.evaluation.figures import EvaluatedClip
from pipeline.evaluation.matching import Outcome, Pairing
from pipeline.readers import open_reader
from pipeline.types import BoundingBox, Image

WIDTH_PX = 720
_QUALITY = 82
_LEAST_SHARE = 0.5
_TRUTH: Colour = (64, 156, 255)
_FOUND: Colour = (255, 149, 0)
_LABEL: Colour = (12, 14, 18)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of one line of the result. ``jpeg`` is empty and ``why_not`` says why where there is none."""

    pairing: Pairing
    at_s: float
    jpeg: bytes
    why_not: str = ""


def shots_of(clip: EvaluatedClip, pairings: Iterable[Pairing], folder: Path | None) -> tuple[Shot, ...]:
    """A picture of each of these lines, from the clip in ``folder``, else beside the truth, else from where the run found it."""
    wanted = [(pairing, moment_of(pairing, clip.judged.truth.length_s)) for pairing in pairings]
    if not wanted:
        return ()
    try:
        uri, media_s = _footage(clip, folder)
        with open_reader(uri, camera_id=clip.judged.truth.camera_id) as reader:
            footage = reader.footage()
            return tuple(Shot(one, at_s, _jpeg(footage.picture_at(media_s + at_s)[1].bgr(), one, at_s)) for one, at_s in wanted)
    except SourceError as err:
        return tuple(Shot(pairing, at_s, b"", str(err)) for pairing, at_s in wanted)


def moment_of(pairing: Pairing, length_s: float) -> float:
    """The moment to show: the middle of the find while it was a candidate, or of the event from when it was due."""
    found, claim = pairing.found, pairing.claim
    if found is not None and pairing.outcome is not Outcome.MISS:
        middle = (found.confirmed_s + max(found.ended_s, found.confirmed_s)) / 2
    elif claim is not None:
        begins = claim.event.began_s if claim.due_at_s is None else claim.due_at_s
        middle = (begins + claim.until_s) / 2
    else:
        middle = length_s / 2
    return min(max(middle, 0.0), max(length_s - 0.5, 0.0))


def _footage(clip: EvaluatedClip, folder: Path | None) -> tuple[str, float]:
    """Address of the footage and the media time at which the clip begins in it."""
    truth = clip.judged.truth
    beside = (folder or truth.file.parent) / truth.clip
    if truth.clip and beside.is_file() and Path(clip.judged.source_uri).name in {truth.clip, ""}:
        return str(beside), clip.judged.media_s
    if folder and (folder / Path(clip.judged.source_uri).name).is_file():
        return str(folder / Path(clip.judged.source_uri).name), clip.judged.media_s
    return clip.judged.source_uri, clip.judged.media_s


def _jpeg(image: Image, pairing: Pairing, at_s: float) -> bytes:
    """The part of the picture around both boxes, with both drawn on it."""
    marks = _marks(pairing, at_s)
    view = view_around([box for box, _, _ in marks])
    left, right = round(view.x_min * image.shape[1]), round(view.x_max * image.shape[1])
    top, bottom = round(view.y_min * image.shape[0]), round(view.y_max * image.shape[0])
    part = image[top:bottom, left:right]
    height = max(1, round(part.shape[0] * WIDTH_PX / part.shape[1]))
    way = cv2.INTER_AREA if part.shape[1] > WIDTH_PX else cv2.INTER_CUBIC
    shown = np.asarray(cv2.resize(part, (WIDTH_PX, height), interpolation=way), dtype=np.uint8)
    canvas = Canvas(WIDTH_PX, height, view)
    for box, _, stroke in marks:
        canvas.outline(canvas.points(_ring(box)), stroke)
    for number, (box, label, stroke) in enumerate(marks):
        _label(canvas, box, label, stroke.colour, below=number == 1)
    draw_caption(canvas, [f"{at_s:.1f} s"])
    _, data = cv2.imencode(".jpg", composite(shown, canvas), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return bytes(data.tobytes())


def view_around(boxes: Sequence[BoundingBox]) -> BoundingBox:
    """The part of the picture to show: all boxes with air around them, in the proportions of the picture, at least half of its width."""
    if not boxes:
        return WHOLE_PICTURE
    around = reduce(BoundingBox.union, boxes)
    share = min(max(around.width * 2.2, around.height * 2.2, _LEAST_SHARE), 1.0)
    left = min(max((around.x_min + around.x_max - share) / 2, 0.0), 1.0 - share)
    top = min(max((around.y_min + around.y_max - share) / 2, 0.0), 1.0 - share)
    return BoundingBox(left, top, left + share, top + share)


def _marks(pairing: Pairing, at_s: float) -> Sequence[tuple[BoundingBox, str, Stroke]]:
    marks = []
    if pairing.claim is not None:
        event = pairing.claim.event
        box = event.box_at(at_s) or event.boxes[-1].box
        marks.append((box, f"truth: {event.name}", Stroke(_TRUTH, 255, 2, (8.0, 5.0))))
    if pairing.found is not None:
        marks.append((pairing.found.box, f"found: {pairing.found.whose}", Stroke(_FOUND, 255, 2)))
    return marks


def _ring(box: BoundingBox) -> list[tuple[float, float]]:
    return [(box.x_min, box.y_min), (box.x_max, box.y_min), (box.x_max, box.y_max), (box.x_min, box.y_max), (box.x_min, box.y_min)]


def _label(canvas: Canvas, box: BoundingBox, text: str, colour: Colour, *, below: bool) -> None:
    """A plate in the colour of the box, above it (or below), inside the picture."""
    size = 20
    width, height = text_width(text, size) + 10, line_height(size) + 2
    low, high = canvas.points([(box.x_min, box.y_min), (box.x_max, box.y_max)])
    left = int(min(max(low[0], 0), max(canvas.width_px - width, 0)))
    top = int(high[1]) + 3 if below else int(low[1]) - height - 3
    top = min(max(top, 0), canvas.height_px - height)
    canvas.plate((left, top, left + width, top + height), colour, 235)
    canvas.write(text, left + 5, top + 1, size, _LABEL)
