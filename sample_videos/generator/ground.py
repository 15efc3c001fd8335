"""Whose ground is where: the lines that zones are drawn along and that events are judged by. Pure, in metres."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sample_videos.generator.footprints import corners_m
from sample_videos.generator.values import Placed, ShopUnit, StreetPlan

FRONTAGE_TO_Y: Mapping[str, float] = MappingProxyType(
    {"tong": 2.2, "huai": 1.5, "liu": 3.2, "feng": 2.2, "xing": 2.8, "zhu": 1.8, "mei": 2.3, "lan": 2.9}
)
"""How far a shop's frontage (门前责任区) reaches on each street, metres. The strip from there to the kerb is public ground."""
ROAD_STRIP_M = 1.4
"""So much of the road beyond the kerb is watched as well."""


def frontage_ring(plan: StreetPlan, unit: ShopUnit) -> list[tuple[float, float]]:
    """The pavement in front of one shop."""
    return rectangle(unit.x_min, unit.x_max, unit.door_y, FRONTAGE_TO_Y[plan.name])


def shopfront_ring(unit: ShopUnit) -> list[tuple[float, float]]:
    """One shop's own ground, up to its door line."""
    return rectangle(unit.x_min, unit.x_max, unit.door_y - unit.depth_m, unit.door_y)


def kerbside_ring(plan: StreetPlan) -> list[tuple[float, float]]:
    """The public strip of the pavement along the kerb, as long as the row of shops and a little more."""
    return rectangle(plan.units[0].x_min - 3.0, plan.units[-1].x_max + 3.0, FRONTAGE_TO_Y[plan.name], plan.kerb_y)


def roadside_ring(plan: StreetPlan) -> list[tuple[float, float]]:
    """The strip of the road along the kerb; it lies at the height of the road."""
    return rectangle(plan.units[0].x_min - 3.0, plan.units[-1].x_max + 3.0, plan.kerb_y, plan.kerb_y + ROAD_STRIP_M)


def kerbside_place(plan: StreetPlan) -> str:
    """What records call the public strip of the pavement."""
    return f"{plan.road_name}人行道"


def roadside_place(plan: StreetPlan) -> str:
    """What records call the edge of the road."""
    return f"{plan.road_name}路边"


def rectangle(x_min: float, x_max: float, y_min: float, y_max: float) -> list[tuple[float, float]]:
    """Its corners, running round."""
    return [(x_min, y_min), (x_max, y_min), (x_max, y_max), (x_min, y_max)]


def unit_before(plan: StreetPlan, x: float) -> ShopUnit | None:
    """The shop in front of which a place lies; None beside the row."""
    return next((unit for unit in plan.units if unit.x_min <= x < unit.x_max), None)


def metres_beyond(plan: StreetPlan, placed: Placed) -> float:
    """How far a thing reaches beyond the door line of the shop before which it stands; 0 where it stays inside."""
    unit = unit_before(plan, placed.x)
    line = unit.door_y if unit else 0.0
    return max(0.0, float(corners_m(placed)[:, 1].max()) - line)
