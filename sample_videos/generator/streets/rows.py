"""How the plans are written down: rows of shops, and rows of things at equal distances."""

from __future__ import annotations

import math
from collections.abc import Iterable

from sample_videos.generator.values import CameraPose, Front, Lamp, Placed, ShopUnit

ShopRow = tuple[str, str, float, Front, str, str]
"""Name, trade, width in metres, front, colours of the sign's ground and of its letters."""

NARROW, MIDDLE, WIDE = math.radians(54), math.radians(64), math.radians(74)
"""Angles of view of the usual lenses."""


def shop_row(prefix: str, road_name: str, shops: Iterable[ShopRow], *, door_y: float = 0.0, depth_m: float = 2.6) -> tuple[ShopUnit, ...]:
    """The shops side by side from x = 0 on; codes count from <prefix>-0101, house numbers are odd."""
    units: list[ShopUnit] = []
    x = 0.0
    for index, (name, trade, width, front, ground, letters) in enumerate(shops):
        units.append(
            ShopUnit(
                code=f"{prefix}-{101 + index:04d}",
                name=name,
                trade=trade,
                x_min=round(x, 3),
                x_max=round(x + width, 3),
                front=front,
                sign=(ground, letters),
                door_y=door_y,
                depth_m=depth_m,
                address=f"{road_name}{101 + 2 * index}号",
            )
        )
        x += width
    return tuple(units)


def along(thing: str, xs: Iterable[float], y: float, *, z: float = 0.0, turn: float = 0.0, scale: float = 1.0) -> tuple[Placed, ...]:
    """The same thing at several places of one line; each looks a little different (its seed)."""
    return tuple(
        Placed(
            object_id=f"{thing}-{round(x * 10)}-{round(y * 10)}-{round(z * 10)}",
            thing=thing,
            x=x,
            y=y,
            z=z,
            turn=turn,
            scale=scale,
            seed=index,
        )
        for index, x in enumerate(xs)
    )


def lamp_row(xs: Iterable[float], kerb_y: float, *, height_m: float = 5.8) -> tuple[Lamp, ...]:
    """Street lamps whose heads hang half a metre over the road."""
    return tuple(Lamp(x, kerb_y + 0.5, height_m) for x in xs)


def camera(place: tuple[float, float, float], target: tuple[float, float, float], fov: float, **more: float) -> CameraPose:
    """A camera at that place; more: roll, k1, width and height in pixels."""
    return CameraPose(
        *place,
        target=target,
        fov=fov,
        width=int(more.get("width", 960)),
        height=int(more.get("height", 540)),
        roll=more.get("roll", 0.0),
        k1=more.get("k1", -0.04),
    )
