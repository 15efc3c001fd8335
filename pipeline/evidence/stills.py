"""Stills of one violation: each moment wide and close, as untouched original and as marked copy.

Files: ``<moment>_wide.jpg``, ``<moment>_wide_marked.jpg``, ``<moment>_close.jpg``, ``<moment>_close_marked.jpg``;
moments are first_seen, middle, confirmed, after and reference. All close stills of a violation show the same part
of the picture, so that they can be laid side by side.
"""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np

from pipeline.config import EvidenceSettings
from pipeline.drawing.canvas import WHOLE_PICTURE
from pipeline.errors import EvidenceError, SourceError
from pipeline.evidence.draft import Details, Draft, reason_of
from pipeline.evidence.material import ChosenLook, Material, rank_looks, still_moments
from pipeline.evidence.overlay import Marks, enlarge
from pipeline.types import BoundingBox, Image, Observation

TITLES = {
    "first_seen": "首次发现",
    "middle": "停留中段",
    "confirmed": "达到时限",
    "after": "清除之后",
    "reference": "洁净参考图",
}
_SMALLEST_CLOSE_PX = 480
_SMALLEST_MARKED_PX = 960
_WIDEST_MARKED_PX = 1920
_LARGEST_FACTOR = 6


def add_stills(draft: Draft, material: Material, settings: EvidenceSettings, marks: Marks) -> None:
    """Write the stills of every moment that the violation came to.

    A moment whose picture can't be read is recorded as missing. Raises OSError (disk) and EvidenceError
    (a picture that can't be encoded).
    """
    for moment in still_moments(material.violation, settings.best_look_within_s):
        reasons = []
        for look in rank_looks(material, moment):
            try:
                media_time_s, picture = material.footage.picture_at(look.media_time_s)
                image = picture.bgr()
            except SourceError as err:
                reasons.append(reason_of(err))
                continue
            _add_pair(draft, settings, marks, _Shot(moment.name, image, media_time_s, look.observation, material.violation.box))
            draft.state(_said(look, media_time_s, moment.name))
            break
        else:
            draft.missing.append(f"{moment.name} stills: {reasons[0]}")
    if material.violation.confirmed_at is None:
        draft.missing.append("confirmed stills: the dwell was never reached")
    if material.violation.cleared_at is None:
        draft.state("after: not cleared when the observations ended, so there is no picture of the cleared ground")


def add_reference(draft: Draft, reference: Path | None, box: BoundingBox, settings: EvidenceSettings, marks: Marks) -> None:
    """Copy the clean reference picture byte for byte and mark it; recorded as missing where there is none."""
    if reference is None:
        draft.missing.append("reference stills: the zones name no clean reference picture")
        return
    try:
        data = reference.read_bytes()
    except OSError as err:
        draft.missing.append(f"reference stills: cannot read {reference.name}: {err.strerror or err}")
        return
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR) if data else None
    if image is None:
        draft.missing.append(f"reference stills: {reference.name} is not a picture")
        return
    pixels: Image = np.asarray(image, dtype=np.uint8)
    suffix = reference.suffix.lower() or ".jpg"
    draft.add_bytes(f"reference_wide{suffix}", data, None, _size(pixels))
    _add_pair(draft, settings, marks, _Shot("reference", pixels, None, None, box), with_wide=False)


class _Shot:
    """One picture of one moment and the part of it that is shown close."""

    def __init__(self, name: str, image: Image, media_time_s: float | None, observation: Observation | None, box: BoundingBox) -> None:
        self.name = name
        self.image = image
        self.media_time_s = media_time_s
        self.observation = observation
        self.box = box


def _add_pair(draft: Draft, settings: EvidenceSettings, marks: Marks, shot: _Shot, *, with_wide: bool = True) -> None:
    """Wide and close, original and marked."""

    def save(part: str, image: Image, details: Details) -> None:
        draft.add_bytes(f"{shot.name}_{part}.jpg", _as_jpeg(image, settings.jpeg_quality), shot.media_time_s, _size(image) | details)

    height, width = shot.image.shape[:2]
    title = TITLES[shot.name]
    if with_wide:
        save("wide", shot.image, {})
    wide = _no_wider(enlarge(shot.image, _factor(width, height, _SMALLEST_MARKED_PX)), _WIDEST_MARKED_PX)
    save("wide_marked", marks.on_picture(wide, shot.observation, shot.media_time_s, title, WHOLE_PICTURE), {})
    left, top, right, bottom = crop_around(shot.box, width, height, settings.close_margin)
    factor = _factor(right - left, bottom - top, _SMALLEST_CLOSE_PX)
    close = enlarge(np.ascontiguousarray(shot.image[top:bottom, left:right]), factor)
    details: Details = {"crop_px": [left, top, right, bottom], "enlarged": factor}
    save("close", close, details)
    view = BoundingBox(left / width, top / height, right / width, bottom / height)
    save("close_marked", marks.on_picture(close, shot.observation, shot.media_time_s, f"{title} 近景", view), details)


def crop_around(box: BoundingBox, width_px: int, height_px: int, margin: float) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in pixels round a box with ``margin`` box sizes of room, kept inside the picture.

    Never narrower than an eighth of the picture or flatter than 1:2, so that the surroundings are recognised.
    """
    wide = max(box.width * width_px * (1 + 2 * margin), width_px / 8, 16)
    high = max(box.height * height_px * (1 + 2 * margin), height_px / 8, 16)
    wide, high = min(max(wide, high / 2), width_px), min(max(high, wide / 2), height_px)
    centre_x, centre_y = (box.x_min + box.x_max) / 2 * width_px, (box.y_min + box.y_max) / 2 * height_px
    left = round(min(max(centre_x - wide / 2, 0), width_px - wide))
    top = round(min(max(centre_y - high / 2, 0), height_px - high))
    return left, top, min(width_px, left + math.ceil(wide)), min(height_px, top + math.ceil(high))


def _factor(width_px: int, height_px: int, smallest_px: int) -> int:
    return min(_LARGEST_FACTOR, max(1, math.ceil(smallest_px / max(width_px, height_px))))


def _no_wider(image: Image, width_px: int) -> Image:
    """A picture of at most this width: a marked copy is for the eye, the original beside it has every pixel."""
    height, width = image.shape[:2]
    if width <= width_px:
        return image
    return np.asarray(cv2.resize(image, (width_px, max(1, round(height * width_px / width))), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _as_jpeg(image: Image, quality: int) -> bytes:
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    done, data = cv2.imencode(".jpg", image, options)
    if not done:
        raise EvidenceError("cannot encode a still", found=f"{image.shape[1]}x{image.shape[0]} px")
    return data.tobytes()


def _size(image: Image) -> Details:
    return {"width_px": image.shape[1], "height_px": image.shape[0]}


def _said(look: ChosenLook, media_time_s: float, name: str) -> str:
    if look.observation is None and abs(media_time_s - look.media_time_s) > 1:
        return f"{look.statement}; the picture is {abs(media_time_s - look.media_time_s):.1f} s away from it"
    return look.statement
