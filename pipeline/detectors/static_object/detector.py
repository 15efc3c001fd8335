"""The second eye: a long-memory background that reports what has been put down and stays, whatever it is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import cv2
import numpy as np

from pipeline.config import StaticObjectSettings
from pipeline.detectors.static_object.align import shift_of
from pipeline.detectors.static_object.assumed import Assumed
from pipeline.detectors.static_object.change import REACH_PX, Noise, compare
from pipeline.detectors.static_object.features import Features, Mask, features_of, is_grey
from pipeline.detectors.static_object.foot import foot_rows
from pipeline.detectors.static_object.ground import WatchedGround
from pipeline.detectors.static_object.history import History, PastLook
from pipeline.detectors.static_object.light import LightChange, NoiseMeter, light_change
from pipeline.detectors.static_object.measures import share_of
from pipeline.detectors.static_object.memory import GroundMemory
from pipeline.detectors.static_object.regions import Region, tightened
from pipeline.detectors.static_object.shade import without_shade
from pipeline.detectors.static_object.stillness import Stillness
from pipeline.detectors.static_object.thing import Sight, Thing
from pipeline.detectors.static_object.things import LookedAt, Things
from pipeline.stages import CloserLook
from pipeline.types import (
    MOVERS,
    BoundingBox,
    Certainty,
    Detection,
    DetectionSource,
    Frame,
    Image,
    Role,
)
from pipeline.zones import CameraZones
from pipeline.zones.reference_picture import load_reference, narrowed

_METHOD = "static_object/5"
_GROW = 0.12
_RIM = 0.07
_LEAST_MOVER_CONFIDENCE = 0.3
"""Enlarged, a real one is seen with some confidence."""
_DOUBTED_MOVER_CONFIDENCE = 0.15
"""Enough where nothing else is seen with more."""
_COVERED_BY_PEOPLE = 0.5
_COVERED = 0.4
"""Of a thing's box, by a vehicle that may be what it shows; somebody must cover more, since people stand beside things."""
_EDGE = 0.004
_FOOT_OF_CANOPY = 0.15
_MOST_LIGHT = 0.5
"""What looks more like the same ground in other light than this needs a name."""
_ASK_AGAIN_S = 3.0
_LONGEST_WAIT_S = 15.0
_UPHEAVAL = 0.35
"""Share of the seen picture that changed at once: then it is the light or the camera, and nothing else can be told."""
_UPHEAVAL_LOOKS = 3
_LOWER_PART = 0.5
_LEAST_SEEN = 0.2
_STANDS_OUT = 0.3
"""Share of the seen lower part of a named thing that must differ from the ground."""
_LEAST_PART = 0.02
"""Of the box of a named thing: smaller parts of it do not tell where it stands."""
_NAMED = frozenset({Role.GOODS, Role.FURNITURE, Role.STALL})


class StaticObjectDetector:
    """Sees what was put down on watched ground of one camera. Its state is a function of the looks alone."""

    def __init__(self, settings: StaticObjectSettings, zones: CameraZones, closer_look: CloserLook | None) -> None:
        """Prepare for the first look.

        Args:
            settings: width of comparison and the like.
            zones: watched ground, ignored parts, and the clean reference picture if there is one.
            closer_look: asked once a thing is about to be reported; None where there is no model.

        Raises:
            ConfigError: the reference picture can't be read.
        """
        self._width_px = settings.width_px
        self._zones = zones
        self._closer_look = closer_look
        self._doubt_unchanged_ground = settings.doubt_unchanged_ground
        reference = load_reference(zones)
        self._reference = None if reference is None else narrowed(reference, settings.width_px)
        self._version = _version(settings, zones)
        self._scene: _Scene | None = None
        self._assumed: tuple[Detection, ...] = ()

    @property
    def version(self) -> str:
        """Method, settings and reference picture."""
        return self._version

    def detect(self, frames: Sequence[Frame], earlier: Sequence[tuple[Detection, ...]]) -> list[tuple[Detection, ...]]:
        """What earlier eyes saw, plus what has been put down and stands there now."""
        return [self._look(frame, seen) for frame, seen in zip(frames, earlier, strict=True)]

    def memory(self, *, whole: bool) -> object:
        """See Remembers. It is to be pickled before the next look."""
        if self._scene is not None:
            self._scene.carry_looks(whole)
        return self._scene

    def recall(self, memory: object) -> None:
        """See Remembers. ValueError for what is no memory of such an eye."""
        if not (memory is None or isinstance(memory, _Scene)):
            raise ValueError(f"expected the memory of a street, found {type(memory).__name__}")
        if memory is not None:
            memory.redraw(self._zones)
        self._scene = memory

    def assume(self, standing: Sequence[Detection]) -> None:
        """See Assumes. A clean reference picture tells what stands there: then nothing is assumed."""
        self._assumed = () if self._reference is not None else tuple(standing)

    def _look(self, frame: Frame, earlier: tuple[Detection, ...]) -> tuple[Detection, ...]:
        image = frame.picture.bgr(width_px=self._width_px)
        if self._scene is None:
            self._scene = _Scene(frame, image, self._zones, self._reference, self._assumed)
        scene = self._scene
        found = scene.look(frame, image, earlier, self._closer_look)
        earlier = scene.judged(earlier, doubt=self._doubt_unchanged_ground)
        return (*earlier, *(detection for detection in found if not _doubles(detection, earlier)))


class _Scene:
    """All that is remembered of one camera."""

    def __init__(self, frame: Frame, image: Image, zones: CameraZones, reference: Image | None, assumed: Sequence[Detection]) -> None:
        """Take the size from the first look, and the ground from the reference picture if there is one."""
        first = features_of(image)
        height, width = image.shape[:2]
        self._epoch = frame.captured_at
        self._last_s = 0.0
        self._ground = WatchedGround.drawn(zones, height, width)
        self._memory = GroundMemory(first)
        if reference is not None:
            scaled = cv2.resize(reference, (width, height), interpolation=cv2.INTER_AREA)
            self._memory.know(features_of(np.asarray(scaled, np.uint8)))
        self._history = History()
        self._noise_meter = NoiseMeter()
        self._things = Things(self._memory, self._ground, self._history)
        self._stillness = Stillness(first.brightness)
        self._upheaval_looks = 0
        self._colour = not is_grey(first)
        self._hidden_before: Mask = np.zeros((height, width), np.bool_)
        self._stands_out: Mask = np.zeros((height, width), np.bool_)
        self._shift = (0.0, 0.0)
        self._looked: LookedAt | None = None
        self._assumed = [Assumed(detection) for detection in assumed]

    def carry_looks(self, carried: bool) -> None:
        """Whether the last looks go with it when it is pickled."""
        self._history.carried = carried

    def redraw(self, zones: CameraZones) -> None:
        """Watch other ground from now on."""
        height, width = self._memory.support.shape
        self._ground = WatchedGround.drawn(zones, height, width)
        self._things.watch(self._ground)

    def look(self, frame: Frame, image: Image, earlier: tuple[Detection, ...], closer_look: CloserLook | None) -> list[Detection]:
        """Take in one look and give what may have been put down."""
        height, width = self._memory.support.shape
        if image.shape[:2] != (height, width):
            image = np.asarray(cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
        now_s = (frame.captured_at - self._epoch).total_seconds()
        step_s, self._last_s = now_s - self._last_s, now_s
        look, hidden, past = self._settled(image, earlier, now_s)
        if past.colour != self._colour:
            self._colour = past.colour
            self._things.note_switch(now_s, hidden | self._hidden_before)
        self._hidden_before = hidden
        self._history.add(past)
        noise = self._noise_meter.noise(self._memory.ground)
        self._stillness.take_in(look.brightness, noise, step_s, hidden)
        change = compare(look, self._memory.ground, noise, colour=past.colour)
        seen = ~hidden & ~self._ground.ignored
        upheaval = self._is_upheaval(change.mask, seen)
        if not upheaval:
            same = self._same_as_fresh(look, noise, change.mask & seen, colour=past.colour)
            self._memory.take_in(look, change.mask, same, seen, now_s, step_s)
        looked = LookedAt(look, hidden, change, noise, self._stillness.stirred(), now_s, past.colour, upheaval)
        things = self._things.update(looked, lambda thing: self._confirmed(thing, frame, past.shift, closer_look, now_s))
        if not upheaval:
            quiet = seen & self._memory.known & ~change.mask & ~self._things.protected()
            self._memory.learn(look, quiet, colour=past.colour)
        self._stands_out = self._things.protected() if upheaval else (change.mask | self._things.protected())
        self._shift = past.shift
        self._looked = None if upheaval else looked
        for each in [] if upheaval else self._assumed:
            each.look(change.mask, hidden)
        self._assumed = [each for each in self._assumed if not each.is_gone]
        assumed = (each.unseen for each in self._assumed)
        return [*(self._detection(thing, past.shift) for thing in things if thing.sight in (Sight.PRESENT, Sight.OTHER)), *assumed]

    def judged(self, named: tuple[Detection, ...], *, doubt: bool) -> tuple[Detection, ...]:
        """What another eye named at the last look, with the foot of what stands aslant, and UNCERTAIN where nothing was put down."""
        judged = tuple(
            self._judged(each, doubt) if each.role in _NAMED and each.source is not DetectionSource.STATIC else each for each in named
        )
        self._looked = None
        return judged

    def _judged(self, detection: Detection, doubt: bool) -> Detection:
        detection = self._doubted(detection) if doubt else detection
        return detection if detection.certainty is Certainty.UNCERTAIN else replace(detection, foot=self._foot(detection.box))

    def _doubted(self, detection: Detection) -> Detection:
        """As UNCERTAIN where its lower part is but the ground that is remembered.

        Such a thing is in the clean reference picture, or stood there when looking began: either way nobody has
        seen it put down. What movers hide of it tells nothing.
        """
        box = detection.box
        rows, columns = self._pixels(replace(box, y_min=box.y_max - _LOWER_PART * box.height))
        seen = ~self._hidden_before[rows, columns]
        told = self._stands_out[rows, columns][seen]
        if told.size and told.size >= _LEAST_SEEN * seen.size and float(told.mean()) >= _STANDS_OUT:
            return detection
        return replace(detection, certainty=Certainty.UNCERTAIN)

    def _foot(self, box: BoundingBox) -> tuple[float, ...]:
        """See Detection, of what another eye named."""
        looked, rows, columns = self._looked, *self._pixels(box)
        if looked is None:
            return ()
        hidden = looked.hidden[rows, columns]
        changed = Region(rows, columns, looked.change.mask[rows, columns] & ~hidden, ripe=1.0)
        if not changed.mask.any():
            return ()
        least = max(1, round(_LEAST_PART * changed.mask.size))
        parts = without_shade(changed, looked.features, self._memory.ground, looked.noise, looked.hidden, least)
        if not parts:
            return ()
        thing = replace(changed, mask=np.logical_or.reduce([part.mask for part in parts]))
        # Comparing in windows adds a rim, which would set every foot too low.
        tight = tightened(thing, looked.features, self._memory.ground) or thing
        return self._in_picture(foot_rows(tight.mask, hidden), rows.start)

    def _pixels(self, box: BoundingBox) -> tuple[slice, slice]:
        """Rows and columns of the background under a box of the last look."""
        height, width = self._stands_out.shape
        shift_x, shift_y = self._shift
        rows = slice(max(0, int(box.y_min * height - shift_y)), max(0, int(np.ceil(box.y_max * height - shift_y))))
        columns = slice(max(0, int(box.x_min * width - shift_x)), max(0, int(np.ceil(box.x_max * width - shift_x))))
        return rows, columns

    def _in_picture(self, rows: tuple[float, ...], first: int, rim_px: float = 0.0) -> tuple[float, ...]:
        """Rows below the first one of a part of the background as heights (0..1) in the last look, and ``rim_px`` farther down."""
        height = self._stands_out.shape[0]
        return tuple(min(1.0, max(0.0, (first + row + self._shift[1] + rim_px) / height)) for row in rows)

    def _same_as_fresh(self, look: Features, noise: Noise, changed: Mask, *, colour: bool) -> Mask:
        """Where the look shows what the fresh layer holds; reckoned only around where it changed and that layer holds anything."""
        same = np.zeros(self._memory.support.shape, np.bool_)
        x, y, width, height = cv2.boundingRect((changed & (self._memory.support > 0)).view(np.uint8))
        if width and height:
            rows, columns = slice(max(0, y - REACH_PX), y + height + REACH_PX), slice(max(0, x - REACH_PX), x + width + REACH_PX)
            again = compare(look.cut(rows, columns), self._memory.fresh.cut(rows, columns), noise.cut(rows, columns), colour=colour)
            same[rows, columns] = ~again.mask
        return same

    def _settled(self, image: Image, earlier: tuple[Detection, ...], now_s: float) -> tuple[Features, Mask, PastLook]:
        """The look as it lies on the background and in its light, and what movers hide of it."""
        memory = self._memory
        look = features_of(image)
        colour = not is_grey(look)
        hidden, boxes = self._hidden(earlier, (0.0, 0.0))
        shift, light = (0.0, 0.0), LightChange()
        usable = memory.known & ~hidden & ~self._ground.ignored
        if share_of(usable) > 0.2:
            shift = shift_of(look, memory.ground, usable)
            if shift != (0.0, 0.0):
                look = look.moved(shift)
                hidden, boxes = self._hidden(earlier, shift)
            quiet = usable & ~hidden & (memory.support == 0)
            light = light_change(look, memory.ground, quiet if share_of(quiet) > 0.1 else usable)
            look = light.apply(look)
            self._noise_meter.measure(look, memory.ground, quiet)
        if not colour:
            look.blue, look.red = memory.ground.blue.copy(), memory.ground.red.copy()
        return look, hidden, PastLook(now_s, image, shift, light, boxes, colour)

    def _hidden(self, earlier: tuple[Detection, ...], shift: tuple[float, float]) -> tuple[Mask, tuple[tuple[int, int, int, int], ...]]:
        """Pixels of the background that movers hide, or that the shifted look does not reach; and the movers' boxes."""
        height, width = self._memory.support.shape
        hidden = np.zeros((height, width), np.bool_)
        boxes = []
        for detection in earlier:
            if detection.role not in MOVERS:
                continue
            box = detection.box
            grow = _GROW * min(box.width * width, box.height * height) + 1
            x_min, y_min = max(0, int(box.x_min * width - shift[0] - grow)), max(0, int(box.y_min * height - shift[1] - grow))
            x_max, y_max = int(box.x_max * width - shift[0] + grow) + 1, int(box.y_max * height - shift[1] + grow) + 1
            if x_max > x_min and y_max > y_min and not self._stillness.is_statue(detection, (x_min, y_min, x_max, y_max)):
                boxes.append((x_min, y_min, x_max, y_max))
                hidden[y_min:y_max, x_min:x_max] = True
        edge_x, edge_y = int(np.ceil(abs(shift[0]))), int(np.ceil(abs(shift[1])))
        if edge_x or edge_y:
            inner = np.zeros_like(hidden)
            inner[edge_y + 1 : height - edge_y - 1, edge_x + 1 : width - edge_x - 1] = True
            hidden |= ~inner
        return hidden, tuple(boxes)

    def _is_upheaval(self, change: Mask, seen: Mask) -> bool:
        """Whether so much changed that it must be the light or the camera; after a while the new state is learnt."""
        judged = seen & self._memory.known
        changed = change & judged
        if int(np.count_nonzero(changed)) <= _UPHEAVAL * max(1, int(np.count_nonzero(judged))):
            self._upheaval_looks = 0
            return False
        self._upheaval_looks += 1
        if self._upheaval_looks > _UPHEAVAL_LOOKS:
            self._things.keep_sure()
            self._memory.start_over(~self._things.protected())
            self._upheaval_looks = 0
        return True

    def _confirmed(self, thing: Thing, frame: Frame, shift: tuple[float, float], closer_look: CloserLook | None, now_s: float) -> bool:
        """Whether a closer look leaves it a thing: no person, vehicle or animal fills its place, and it is not but a piece of something."""
        if closer_look is None:
            return True
        box = self._box(thing, shift)
        named = closer_look(frame, box)
        best = max((d for d in named if _names(d, box)), key=lambda d: d.confidence, default=None)
        mover = max((d for d in named if _fills(d, box)), key=lambda d: d.confidence, default=None)
        if (mover is not None and _counts(mover, best)) or (best is None and (_is_cut(box) or thing.light > _MOST_LIGHT)):
            thing.mover_looks += 1
            thing.ask_again_s = now_s + min(_ASK_AGAIN_S * thing.mover_looks, _LONGEST_WAIT_S)
            return False
        if best is not None:
            thing.label, thing.role, thing.confidence = best.label, best.role, best.confidence
        return True

    def _detection(self, thing: Thing, shift: tuple[float, float]) -> Detection:
        sure = thing.sure and thing.at_rest and thing.sight is Sight.PRESENT
        return Detection(
            label=thing.label,
            role=thing.role,
            confidence=thing.confidence if thing.sure else 0.25,
            box=self._box(thing, shift),
            source=DetectionSource.STATIC,
            certainty=Certainty.SURE if sure else Certainty.UNCERTAIN,
            standing_since=self._epoch + timedelta(seconds=thing.since_s),
            foot=self._foot_of(thing),
        )

    def _foot_of(self, thing: Thing) -> tuple[float, ...]:
        """See Detection."""
        x_min, y_min, x_max, y_max = thing.box
        region = thing.region
        inside = (
            slice(y_min - region.rows.start, y_max - region.rows.start),
            slice(x_min - region.columns.start, x_max - region.columns.start),
        )
        mask = region.mask[inside]
        return self._in_picture(foot_rows(mask, np.zeros_like(mask)), y_min, _rim_px(y_max - y_min))

    def _box(self, thing: Thing, shift: tuple[float, float]) -> BoundingBox:
        """Where the thing is in the look itself, as fractions of its picture."""
        height, width = self._memory.support.shape
        x_min, y_min, x_max, y_max = thing.box
        # What is faint at this width (straps, rims, the shadow at its foot) lies just outside.
        rim_x, rim_y = _rim_px(x_max - x_min), _rim_px(y_max - y_min)
        return BoundingBox(
            min(1.0, max(0.0, (x_min + shift[0] - rim_x) / width)),
            min(1.0, max(0.0, (y_min + shift[1] - rim_y) / height)),
            min(1.0, max(0.0, (x_max + shift[0] + rim_x) / width)),
            min(1.0, max(0.0, (y_max + shift[1] + rim_y) / height)),
        )


def _rim_px(side_px: float) -> float:
    return 0.5 + _RIM * side_px


def _fills(mover: Detection, box: BoundingBox) -> bool:
    """Whether a person, vehicle or animal may be what this box shows."""
    covered = _COVERED_BY_PEOPLE if mover.role is Role.PERSON else _COVERED
    return mover.role in MOVERS and box.covered_by(mover.box) > covered and mover.box.area < 8 * box.area


def _counts(mover: Detection, best: Detection | None) -> bool:
    """Whether a mover is seen with enough confidence; less is enough for what stands there, where nothing else is seen with more."""
    if mover.confidence >= _LEAST_MOVER_CONFIDENCE:
        return True
    outdone = best is not None and best.confidence >= mover.confidence
    return mover.role is not Role.PERSON and mover.confidence >= _DOUBTED_MOVER_CONFIDENCE and not outdone


def _names(other: Detection, box: BoundingBox) -> bool:
    """Whether this says what the box shows: the same thing, or a canopy of which it is a part that hangs in the air."""
    if other.role is not Role.CANOPY:
        return other.role not in MOVERS and other.box.iou(box) > 0.4
    # What stands under a parasol reaches as far down as its pole.
    hangs = box.y_max < other.box.y_max - _FOOT_OF_CANOPY * other.box.height
    return other.box.iou(box) > 0.6 or (hangs and box.covered_by(other.box) > 0.8)


def _is_cut(box: BoundingBox) -> bool:
    """Whether the picture ends in the middle of it: what nobody can name may then be a piece of anything."""
    return box.x_min <= _EDGE or box.y_min <= _EDGE or box.x_max >= 1 - _EDGE or box.y_max >= 1 - _EDGE


def _doubles(detection: Detection, earlier: tuple[Detection, ...]) -> bool:
    """Whether an earlier eye reports the same thing already."""
    return any(other.role in _NAMED and other.certainty is Certainty.SURE and other.box.iou(detection.box) > 0.5 for other in earlier)


def _version(settings: StaticObjectSettings, zones: CameraZones) -> str:
    content = hashlib.sha256(settings.model_dump_json().encode())
    if zones.reference is not None:
        content.update(zones.reference.read_bytes())
    return f"{_METHOD}-{content.hexdigest()[:12]}"
