"""What makes one street look unlike another: measures and surfaces of its architecture, by the style named in its plan."""

from __future__ import annotations

from dataclasses import dataclass

from sample_videos.generator.values import StreetPlan


@dataclass(frozen=True, slots=True)
class Style:
    """Measures in metres, colours as #rrggbb, surfaces by the name of their texture."""

    front_height_m: float
    """From the ground to the top of the shop's opening."""
    sign_height_m: float
    sign_tilt_m: float
    """How far the sign's upper edge leans over the lower one."""
    sign_gap_m: float
    """Free wall between two signs."""
    pillar_m: float
    """Width of the wall between two openings."""
    pillar: str
    frame: str
    """Colour of door and window frames."""
    storey_m: float
    tile_m: tuple[float, float]
    """How much of the pavement one texture covers."""
    kerb_width_m: float
    kerb: str
    asphalt: str = "asphalt_worn"
    step_m: float = 0.0
    """The floor of the shops lies this high above the pavement."""
    arcade_m: float = 0.0
    """Depth of the arcade before the fronts: the storeys above reach that far over the pavement."""
    column_m: float = 0.0
    awning_m: float = 0.0
    """Reach of the fixed awnings; 0 = none."""
    bay: str = ""
    """A stucco band or ledge over the signs: its colour."""
    parking: bool = False
    """White bays along the kerb."""
    middle: str = "dashed"
    """Line in the middle of the road: dashed, solid, yellow or none."""
    opposite: str = "houses"
    """What stands across the road: houses, wall or flats."""
    lamps: str = "post"
    """post: at the kerb; span: the lamps hang on wires across the road, nothing stands on the pavement."""


STYLES: dict[str, Style] = {
    "rendered": Style(2.9, 0.95, 0.10, 0.10, 0.34, "#a59a88", "#9aa0a2", 3.2, (3.6, 3.6), 0.15, "#9a978f", bay="#b9ad98", parking=True),
    "brick": Style(
        2.65, 0.8, 0.0, 0.35, 0.5, "#7c4a3a", "#4f3b2c", 3.0, (2.4, 2.4), 0.12, "#8d8a83", "asphalt_patched", middle="none", lamps="span"
    ),
    "podium": Style(
        3.5,
        1.1,
        0.0,
        0.04,
        0.5,
        "#b7ada0",
        "#3a3d40",
        3.0,
        (4.8, 4.8),
        0.2,
        "#a9a6a1",
        "asphalt_new",
        bay="#6e675f",
        middle="yellow",
        opposite="flats",
    ),
    "arcade": Style(
        3.0,
        0.8,
        0.04,
        0.3,
        0.3,
        "#cdbf9f",
        "#5b4634",
        3.4,
        (2.4, 2.4),
        0.15,
        "#8f8b84",
        arcade_m=2.6,
        column_m=0.42,
        bay="#d8cbb0",
        lamps="span",
    ),
    "market": Style(
        2.8,
        0.75,
        0.12,
        0.06,
        0.24,
        "#8f8a80",
        "#8b8f92",
        2.9,
        (6.0, 6.0),
        0.1,
        "#87847e",
        "concrete_road",
        awning_m=1.3,
        middle="none",
        opposite="wall",
        lamps="span",
    ),
    "setback": Style(
        2.9, 0.85, 0.05, 0.15, 0.4, "#c4b9a4", "#6d5a45", 3.1, (1.6, 1.6), 0.15, "#a39f97", step_m=0.12, bay="#a08a6c", middle="dashed"
    ),
    "tiled": Style(
        2.8, 0.95, 0.14, 0.05, 0.3, "#d3d6d4", "#a9adaf", 3.0, (2.6, 2.6), 0.14, "#94918b", "asphalt_patched", bay="#8fa0a8", parking=True
    ),
    "panels": Style(
        3.3,
        0.7,
        0.0,
        0.5,
        0.45,
        "#42464a",
        "#24272a",
        3.3,
        (2.0, 2.0),
        0.25,
        "#b0aea9",
        "asphalt_new",
        bay="#2c3033",
        middle="solid",
        opposite="flats",
    ),
}


def style_of(plan: StreetPlan) -> Style:
    """The style a plan names."""
    return STYLES[plan.style]


def floor_z(plan: StreetPlan, x: float, y: float) -> float:
    """Height of the ground at a place: a shop's raised floor, the pavement (0) or the road."""
    if y > plan.kerb_y:
        return plan.road_z
    inside = any(unit.x_min <= x <= unit.x_max and y < unit.door_y for unit in plan.units)
    return style_of(plan).step_m if inside else 0.0


def columns(plan: StreetPlan) -> tuple[tuple[float, float, float], ...]:
    """The columns of an arcade: x and y of the middle and the width, metres. Nobody walks through them."""
    style = style_of(plan)
    if not style.arcade_m:
        return ()
    places = [plan.units[0].x_min, *(unit.x_max for unit in plan.units)]
    return tuple((x, style.arcade_m - style.column_m / 2, style.column_m) for x in places)
