"""Puts a scene on film: people, things and traffic over the empty street, light, noise, time stamp, H.264."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image as PillowImage
from PIL import ImageDraw

from sample_videos.compose.camera import Camera, Floats, Point
from sample_videos.compose.errands import Errand, Thing
from sample_videos.compose.layer import SHADOW, Sprite, lay
from sample_videos.compose.layout import KERB_Y, LEFT_X, RIGHT_X, SHOPS
from sample_videos.compose.people import Limb, limbs_of, paint_person
from sample_videos.compose.script import Scene
from sample_videos.compose.solids import drop_shadow
from sample_videos.compose.street import Street, build_street
from sample_videos.compose.textures import font
from sample_videos.compose.traffic import Pass, paint_bicycle, paint_van, van_corners

WEEKDAYS = "一二三四五六日"
Picture = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class FilmStyle:
    """How the clip looks and is coded. ``bitrate_kbit`` None: constant quality ``crf``."""

    fps: int = 12
    starts_at: datetime = datetime(2026, 5, 12, 9, 42, 0)  # noqa: DTZ001  the local time that is burnt in
    camera_name: str = "CAM01 宝兴路128号"
    noise: float = 2.4
    gain: float = 1.14
    crf: int = 28
    max_kbit: int = 360
    bitrate_kbit: int | None = None
    preset: str = "slow"
    seed: int = 11


@dataclass
class Film:
    """Renders the pictures of one scene with one camera, in order."""

    camera: Camera
    scene: Scene
    style: FilmStyle = FilmStyle()
    street: Street = field(init=False)

    def __post_init__(self) -> None:
        """Paint what does not change."""
        self.street = build_street(self.camera)
        self._rng = np.random.default_rng(self.style.seed)
        self._solids: dict[tuple[str, Point], Sprite | None] = {}
        self._stamps: dict[str, Sprite] = {}
        self._noise = _noise_fields(self.camera, self._rng)
        self._ground = self._ground_mask()
        self._vignette = _vignette(self.camera)

    def pictures(self) -> Iterator[Picture]:
        """All pictures of the scene in order, HxWx3 uint8 BGR. A second film of the same style gives the same ones."""
        for index in range(round(self.scene.length_s * self.style.fps)):
            t = index / self.style.fps
            yield self._develop(self._stage(t), t, self._rng)

    def still(self, t: float) -> Picture:
        """One picture, out of order; its noise differs from the film's."""
        return self._develop(self._stage(t), t, np.random.default_rng(round(t * 1000)))

    def reference(self) -> Picture:
        """The empty street in the light of the start, with its noise averaged away and no time stamp."""
        picture = self.street.picture.copy()
        for sprite in sorted(self.street.fixtures, key=lambda sprite: -sprite.depth):
            lay(picture, sprite)
        lay(picture, self.street.crown)
        return _to_bytes(self._sharpen(picture * self._light(0.0)))

    def _stage(self, t: float) -> Floats:
        """The street with everybody and everything on it, in even light."""
        limbs: list[tuple[Errand | Pass, list[Limb]]] = []
        sprites: list[tuple[Sprite, Floats | None, float]] = [(sprite, None, 1.0) for sprite in self.street.fixtures]
        standing = [(thing, place) for thing in self.scene.things if (place := thing.place_at(t)) is not None]
        for thing, place in sorted(standing, key=lambda item: item[1][2]):
            self._add(sprites, self._solid(thing, place), place[1], place[0], place[2])
        for errand in self.scene.errands:
            moment = errand.moment(t)
            if moment is None:
                continue
            body = limbs_of(errand.person, moment.pose)
            limbs.append((errand, body))
            x, y, _ = moment.pose.at
            self._add(sprites, paint_person(self.camera, body, self._depth((x, y, 0))), y, x)
            if moment.holds is not None:
                sprite = self._paint_solid(moment.holds, moment.holds_at)
                before = self._depth((x, y, 0)) + (0.02 if np.sin(moment.pose.heading) > 0.25 else -0.02)
                self._add(sprites, None if sprite is None else Sprite(sprite.pixels, sprite.left, sprite.top, before), y, x)
        vehicles = [item for item in self.scene.passes if abs(item.x_at(t) - 1) < 14]
        for item in vehicles:
            for sprite, body in self._vehicle(item, t):
                sprites += [] if sprite is None else [(sprite, None, 1.0)]
                limbs += [(item, body)] if body else []
        picture = self.street.picture.copy()
        self._cast_shadows(picture, t, standing, [body for _, body in limbs], [item for item in vehicles if item.what == "van"])
        for sprite, mask, shade in sorted(sprites, key=lambda item: -item[0].depth):
            lay(picture, sprite, mask, shade)
        lay(picture, self._sway(t))
        return picture

    def _add(self, sprites: list[tuple[Sprite, Floats | None, float]], sprite: Sprite | None, y: float, x: float, up: float = 0.0) -> None:
        """What is behind the door line is seen through the shop's opening only, in less light."""
        if sprite is None:
            return
        shop = next((shop for shop in SHOPS if shop.left_x <= x < shop.right_x), None)
        if y > 0.12 and shop is not None and shop.code in self.street.openings:
            sprites.append((sprite, self.street.openings[shop.code], 0.86 - 0.12 * min(y, 2.0)))
        else:
            sprites.append((sprite, None, 1.0))

    def _vehicle(self, item: Pass, t: float) -> list[tuple[Sprite | None, list[Limb]]]:
        x = item.x_at(t)
        if item.what == "van":
            return [(paint_van(self.camera, x, item), [])]
        bicycle, body = paint_bicycle(self.camera, x, item, self.scene.rider)
        rider = paint_person(self.camera, body, self._depth((x, item.y, 0)) - 0.05)
        return [(bicycle, []), (rider, body)]

    def _depth(self, at: Point) -> float:
        return float(self.camera.project([at])[1][0])

    def _solid(self, thing: Thing, place: Point) -> Sprite | None:
        key = (thing.solid.name, place)
        if key not in self._solids:
            self._solids[key] = self._paint_solid(thing, place)
        return self._solids[key]

    def _paint_solid(self, thing: Thing, at: Point) -> Sprite | None:
        layer = thing.solid.layer(self.camera, at)
        # A stacked thing is laid after the one below it: both have the depth of the ground point, less a little for the height.
        return None if layer.empty else layer.sprite(self._depth((at[0], at[1], 0)) - 0.05 * at[2])

    def _cast_shadows(
        self, picture: Floats, t: float, standing: list[tuple[Thing, Point]], bodies: list[list[Limb]], vans: list[Pass]
    ) -> None:
        """Soft shadows of the sun and dark contact where things touch the ground."""
        shape = picture.shape[:2]
        sun, touch = np.zeros(shape, dtype=np.uint8), np.zeros(shape, dtype=np.uint8)
        for thing, place in standing:
            _fill(sun, self.camera, thing.solid.shadow(place))
            _fill(touch, self.camera, _footprint(thing.solid.corners((place[0], place[1], 0)), 0.05))
        for body in bodies:
            for limb in body:
                _shadow_line(sun, self.camera, limb)
            feet = np.array([limb.start for limb in body if limb.start[2] < 0.2 or limb.end[2] < 0.2], dtype=np.float32)
            if len(feet):
                _fill(touch, self.camera, _footprint(feet, 0.09))
        for item in vans:
            corners = van_corners(item.x_at(t), item.y)
            _fill(sun, self.camera, drop_shadow(corners))
            _fill(touch, self.camera, _footprint(corners, 0.1))
        scale = self.camera.height_px / 720
        dark = 0.40 * self._sunshine(t) * np.asarray(cv2.GaussianBlur(sun, (0, 0), 2.6 * scale), dtype=np.float32)
        dark += 0.42 * np.asarray(cv2.GaussianBlur(touch, (0, 0), 3.2 * scale), dtype=np.float32)
        rows = np.flatnonzero(dark.max(axis=1) > 0.5)
        if len(rows):
            part = slice(int(rows[0]), int(rows[-1]) + 1)
            picture[part] *= (1 - np.minimum(dark[part] / 255, 0.66) * self._ground[part])[..., None]

    def _ground_mask(self) -> Floats:
        """1 on pavement and road, 0 on the facade and inside the shops."""
        mask = np.zeros((self.camera.height_px, self.camera.width_px), dtype=np.uint8)
        corners = np.array([[LEFT_X, 0, 0], [RIGHT_X, 0, 0], [RIGHT_X, KERB_Y - 5, 0], [LEFT_X, KERB_Y - 5, 0]], dtype=np.float32)
        _fill(mask, self.camera, corners)
        return (mask / np.float32(255)).astype(np.float32)

    def _sway(self, t: float) -> Sprite:
        """The tree's crown in a light wind."""
        crown = self.street.crown
        scale = self.camera.height_px / 720
        shift = np.array([[1, 0.006 * np.sin(t * 1.1), scale * np.sin(t * 1.7)], [0, 1, 0.5 * scale * np.sin(t * 2.3)]], dtype=np.float32)
        size = (crown.pixels.shape[1], crown.pixels.shape[0])
        moved = cv2.warpAffine(crown.pixels, shift, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return Sprite(np.asarray(moved, dtype=np.float32), crown.left, crown.top, crown.depth)

    def _sunshine(self, t: float) -> float:
        """1 in the sun, less while a cloud passes (40 s to 62 s)."""
        return 1 - 0.55 * float(np.clip((t - 40) / 5, 0, 1) * np.clip((62 - t) / 5, 0, 1))

    def _light(self, t: float) -> Floats:
        """What all colours are multiplied with: vignette, drifting exposure and the edge of the cloud, HxWx1."""
        across = np.linspace(0, 1, self.camera.width_px, dtype=np.float32)
        arriving = np.clip((t - 40) / 5 * 1.6 - across * 0.6, 0, 1)
        leaving = np.clip((62 - t) / 5 * 1.6 - (1 - across) * 0.6, 0, 1)
        cloud = 1 - 0.17 * arriving * leaving
        drift = 1 + 0.018 * np.sin(2 * np.pi * t / 37) + 0.006 * np.sin(2 * np.pi * t / 5.3)
        return np.asarray(self._vignette * (cloud * drift * self.style.gain)[None, :], dtype=np.float32)[..., None]

    def _sharpen(self, picture: Floats) -> Floats:
        """The slight over-sharpening of such cameras."""
        soft = cv2.GaussianBlur(picture, (0, 0), 1.1 * self.camera.height_px / 720)
        return np.asarray(cv2.addWeighted(picture, 1.45, soft, -0.45, 0), dtype=np.float32)

    def _develop(self, stage: Floats, t: float, rng: np.random.Generator) -> Picture:
        picture = self._sharpen(stage * self._light(t))
        height, width = picture.shape[:2]
        noise = self._noise[int(rng.integers(len(self._noise)))]
        y, x = int(rng.integers(noise.shape[0] - height)), int(rng.integers(noise.shape[1] - width))
        picture += noise[y : y + height, x : x + width] * np.float32(self.style.noise)
        self._stamp(picture, t)
        return _to_bytes(picture)

    def _stamp(self, picture: Floats, t: float) -> None:
        now = self.style.starts_at + timedelta(seconds=t)
        text = f"{now:%Y-%m-%d} 星期{WEEKDAYS[now.weekday()]} {now:%H:%M:%S}"
        width, height = self.camera.width_px, self.camera.height_px
        for key, right in ((text, False), (self.style.camera_name, True)):
            if key not in self._stamps:
                self._stamps[key] = _stamp(key, width, height, right=right)
            lay(picture, self._stamps[key])


def _to_bytes(picture: Floats) -> Picture:
    return np.clip(picture, 0, 255).astype(np.uint8)


def _fill(mask: Picture, camera: Camera, points: Floats) -> None:
    pixels, _ = camera.project(points)
    cv2.fillConvexPoly(mask, np.round(cv2.convexHull(pixels) * 16).astype(np.int32), 255, cv2.LINE_AA, 4)


def _footprint(points: Floats, grow_m: float) -> Floats:
    """The ground around points, grown on all sides."""
    low, high = points.min(axis=0) - grow_m, points.max(axis=0) + grow_m
    return np.array([[low[0], low[1], 0], [high[0], low[1], 0], [high[0], high[1], 0], [low[0], high[1], 0]], dtype=np.float32)


def _shadow_line(mask: Picture, camera: Camera, limb: Limb) -> None:
    ends = np.stack([limb.start, limb.end]).astype(np.float32)
    fallen = np.array([[x + z * SHADOW[0], y + z * SHADOW[1], 0] for x, y, z in ends], dtype=np.float32)
    pixels, depths = camera.project(fallen)
    thickness = max(2, round((limb.start_radius + limb.end_radius) * camera.focal_px / float(depths.mean()) * 0.8))
    first, second = (tuple(int(v) for v in np.round(point)) for point in pixels)
    cv2.line(mask, first, second, 255, thickness, cv2.LINE_AA)


def _noise_fields(camera: Camera, rng: np.random.Generator) -> list[Floats]:
    """Four fields of sensor noise, larger than the picture so that each look can take another part."""
    fields = []
    for _ in range(4):
        grey = rng.standard_normal((camera.height_px + 64, camera.width_px + 64, 1)).astype(np.float32)
        colour = rng.standard_normal((camera.height_px + 64, camera.width_px + 64, 3)).astype(np.float32)
        fields.append(np.asarray(0.85 * grey + cv2.GaussianBlur(colour, (0, 0), 1.0), dtype=np.float32))
    return fields


def _vignette(camera: Camera) -> Floats:
    ys = np.linspace(-1, 1, camera.height_px, dtype=np.float32)[:, None]
    xs = np.linspace(-1, 1, camera.width_px, dtype=np.float32)[None, :]
    return np.asarray(1 - 0.13 * (xs * xs * 0.8 + ys * ys * 0.5), dtype=np.float32)


def _stamp(text: str, width: int, height: int, *, right: bool) -> Sprite:
    """Burnt-in text: time at the top left, camera at the bottom right."""
    size, edge = round(height / 26), round(height / 36)
    face = font(size, heavy=True)
    box = (round(face.getlength(text)) + 8, size + 12)
    ink, halo = PillowImage.new("L", box, 0), PillowImage.new("L", box, 0)
    ImageDraw.Draw(halo).text((4, 4), text, fill=255, font=face, stroke_width=2)
    ImageDraw.Draw(ink).text((4, 4), text, fill=255, font=face)
    alpha = np.asarray(halo, dtype=np.float32) / 255
    colour = np.asarray(ink, dtype=np.float32)[..., None].repeat(3, axis=2) * 0.94
    left, top = (width - box[0] - edge, height - box[1] - edge) if right else (edge, edge)
    return Sprite(np.dstack([colour, alpha]).astype(np.float32), left, top, 0.0)
