"""The eye that names things: a YOLO over the part of the picture that the zones span."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import cv2

from pipeline.config import YoloSettings
from pipeline.detectors.merge import Sighting, merge_sightings
from pipeline.detectors.model_card import ModelCard, verify_model
from pipeline.detectors.network import Network, load_network
from pipeline.detectors.tiles import Window, close_window, plan_windows
from pipeline.errors import ModelError
from pipeline.types import MOVERS, BoundingBox, Detection, DetectionSource, Frame, Image, Picture, Role
from pipeline.zones import CameraZones

_GREY = (114, 114, 114)
"""What YOLO is trained to see as "outside the picture"."""
_CUT_PX = 3.0
"""A box that ends this near to the edge of its window (network pixels) was cut off there."""
_DECIMALS = 6


class YoloModel:
    """Weights, card and settings, loaded once per process and shared by all cameras, from any thread."""

    def __init__(self, card: ModelCard, network: Network, settings: YoloSettings, sha256: str) -> None:
        """Join a loaded network to its card. Raises ModelError where the card names a class that the network lacks."""
        lacking = sorted(set(card.classes) - set(network.class_names.values()))
        if lacking:
            raise ModelError(
                "model card names classes that the model lacks",
                where=card.name,
                expected=", ".join(lacking),
                found=", ".join(network.class_names[number] for number in sorted(network.class_names)),
            )
        self.card = card
        self.sha256 = sha256
        self.settings = settings
        self.network = network
        self._kinds = {number: (name, card.classes[name]) for number, name in network.class_names.items() if name in card.classes}
        self._least = {number: self._least_confidence(name, role) for number, (name, role) in self._kinds.items()}
        if network.fixed_shape:
            self.settings = settings.model_copy(update={"image_size_px": min(network.fixed_shape)})

    @classmethod
    def load(cls, card: ModelCard, settings: YoloSettings) -> YoloModel:
        """Check the weights against the card, then load them. Raises ModelError."""
        sha256 = verify_model(card)
        return cls(card, load_network(card, settings.device), settings, sha256)

    @property
    def version(self) -> str:
        """Name, weights and everything that changes what it answers."""
        told = f"{self.card.model_dump_json(exclude={'weights'})}{self.settings.model_dump_json(exclude={'card', 'device'})}"
        return f"yolo:{self.card.name}:{self.sha256[:12]}:{hashlib.sha256(told.encode()).hexdigest()[:8]}"

    def look(self, picture: Picture, windows: Sequence[Window]) -> tuple[Detection, ...]:
        """Everything in these windows, each thing once; boxes are fractions of the whole picture. Raises ModelError."""
        sightings: list[Sighting] = []
        for number, window in enumerate(windows):
            sightings += self._look_through(picture, window, number)
        return merge_sightings(sightings)

    def closer_look(self, frame: Frame, box: BoundingBox) -> tuple[Detection, ...]:
        """What is in an enlarged cut-out around a box, at full resolution (a CloserLook). Raises ModelError."""
        picture = frame.picture
        window = close_window(box, picture.width_px, picture.height_px)
        try:
            return self.look(picture, (window,))
        except ModelError as err:
            raise _at(err, frame) from err

    def _look_through(self, picture: Picture, window: Window, number: int) -> list[Sighting]:
        part, placed = _cut_out(picture, window)
        height, width = self.network.fixed_shape or (window.input_height, window.input_width)
        scale = min(width / part.shape[1], height / part.shape[0])
        if not self.network.fixed_shape:
            scale = min(scale, window.scale * window.width / part.shape[1])
        inside_width, inside_height = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
        left, top = (width - inside_width) // 2, (height - inside_height) // 2
        shown = _letterbox(part, (inside_width, inside_height), (left, top), (width, height))
        found = self.network.infer(shown, sorted(self._kinds), min(self._least.values()))
        sightings = []
        for x_min, y_min, x_max, y_max, confidence, kind in found.tolist():
            if confidence < self._least[int(kind)]:
                continue
            inside = (
                (x_min - left) / inside_width,
                (y_min - top) / inside_height,
                (x_max - left) / inside_width,
                (y_max - top) / inside_height,
            )
            box = _to_picture(inside, placed)
            if box is None:
                continue
            cut = _cut_edges(inside, placed, (_CUT_PX / inside_width, _CUT_PX / inside_height))
            if number > 0 and cut - {"top"}:
                # Small enough to need tiles, it is whole in the next tile, which overlaps; larger, in the wide window.
                # Here it would be a piece of something, called anything. A head cut off still stands on its feet.
                continue
            label, role = self._kinds[int(kind)]
            detection = Detection(label, role, round(confidence, _DECIMALS), box, DetectionSource.YOLO)
            sightings.append(Sighting(detection, number, bool(cut)))
        return sightings

    def _least_confidence(self, name: str, role: Role) -> float:
        asked = self.settings.min_mover_confidence if role in MOVERS else self.settings.min_confidence
        return max(asked, self.card.min_confidence.get(name, 0.0))


class YoloDetector:
    """A YoloModel over the zones of one camera. Every look is judged alone, so batches change nothing."""

    def __init__(self, model: YoloModel, zones: CameraZones) -> None:
        """Windows are planned at the first look of each picture size."""
        self._model = model
        self._zones = zones
        self._plans: dict[tuple[int, int], tuple[Window, ...]] = {}

    @property
    def version(self) -> str:
        """See Detector."""
        return self._model.version

    def detect(self, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]]) -> list[tuple[Detection, ...]]:
        """See Detector."""
        return [known + self._detect_one(frame) for frame, known in zip(frames, earlier, strict=True)]

    def closer_look(self, frame: Frame, box: BoundingBox) -> tuple[Detection, ...]:
        """See YoloModel.closer_look."""
        return self._model.closer_look(frame, box)

    def _detect_one(self, frame: Frame) -> tuple[Detection, ...]:
        size = frame.picture.width_px, frame.picture.height_px
        if size not in self._plans:
            self._plans[size] = plan_windows(self._zones, *size, self._model.settings)
        try:
            return self._model.look(frame.picture, self._plans[size])
        except ModelError as err:
            raise _at(err, frame) from err


def _at(err: ModelError, frame: Frame) -> ModelError:
    """The same error with the look that it happened at."""
    where = f"{frame.camera_id} at {frame.captured_at.isoformat()} ({frame.media_time_s:.3f} s), {err.where}"
    return ModelError(err.what, where=where, expected=err.expected, found=err.found, hint=err.hint)


def _cut_out(picture: Picture, window: Window) -> tuple[Image, tuple[float, float, float, float]]:
    """The window's pixels, converted no larger than needed, and where they lie: left, top, width, height as fractions."""
    whole = picture.bgr(width_px=max(1, round(picture.width_px * window.scale))) if window.scale < 1 else picture.bgr()
    height, width = whole.shape[:2]
    left, right = _scaled(window.left, window.right, picture.width_px, width)
    top, bottom = _scaled(window.top, window.bottom, picture.height_px, height)
    return whole[top:bottom, left:right], (left / width, top / height, (right - left) / width, (bottom - top) / height)


def _scaled(start: int, end: int, of: int, to: int) -> tuple[int, int]:
    """A span of pixels in a picture side that was scaled; never empty."""
    first = min(round(start * to / of), to - 1)
    return first, max(first + 1, round(end * to / of))


def _letterbox(part: Image, inside: tuple[int, int], at: tuple[int, int], size: tuple[int, int]) -> Image:
    """Scale to ``inside`` and pad with grey to ``size`` (both width, height)."""
    if (part.shape[1], part.shape[0]) != inside:
        shrinks = inside[0] < part.shape[1]
        part = cv2.resize(part, inside, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)  # type: ignore[assignment]  # cv2 can't say uint8
    if inside == size:
        return part
    right, bottom = size[0] - inside[0] - at[0], size[1] - inside[1] - at[1]
    return cv2.copyMakeBorder(part, at[1], bottom, at[0], right, cv2.BORDER_CONSTANT, value=_GREY)  # type: ignore[return-value]  # as above


def _to_picture(inside: tuple[float, float, float, float], placed: tuple[float, float, float, float]) -> BoundingBox | None:
    """A box in fractions of the window's part -> fractions of the picture, cut at the part's edges; None if nothing is left."""
    left, top, width, height = placed
    x_min, y_min, x_max, y_max = (min(max(value, 0.0), 1.0) for value in inside)
    box = BoundingBox(
        round(left + x_min * width, _DECIMALS),
        round(top + y_min * height, _DECIMALS),
        round(left + x_max * width, _DECIMALS),
        round(top + y_max * height, _DECIMALS),
    )
    return box if box.width > 0 and box.height > 0 else None


def _cut_edges(inside: tuple[float, float, float, float], placed: tuple[float, float, float, float], near: tuple[float, float]) -> set[str]:
    """At which edges of its part, that are no edges of the picture, a box ends."""
    left, top, width, height = placed
    ends = {
        "left": inside[0] <= near[0] and left > 0,
        "top": inside[1] <= near[1] and top > 0,
        "right": inside[2] >= 1 - near[0] and left + width < 1 - 1e-9,
        "bottom": inside[3] >= 1 - near[1] and top + height < 1 - 1e-9,
    }
    return {edge for edge, ended in ends.items() if ended}
