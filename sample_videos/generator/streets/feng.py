"""样枫路: an arcade (骑楼): the upper storeys stand on columns over the pavement."""

from sample_videos.generator.streets.rows import MIDDLE, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样枫路"
SHOPS = (
    ("枫桥米行", "粮油", 4.2, Front.OPEN, "#7b2a1c", "#f4dc9a"),
    ("同心百货", "便利店", 4.4, Front.HALF, "#1f4c86", "#ffffff"),
    ("阿婆鲜果", "水果", 4.2, Front.OPEN, "#1d6b3c", "#fdf2a8"),
    ("枫林茶庄", "茶叶", 4.4, Front.GLASS, "#3b2f23", "#e9cf8f"),
    ("巧手裁缝", "服装", 4.0, Front.HALF, "#d6c7a6", "#5c2a1d"),
    ("金源五金", "五金", 4.2, Front.OPEN, "#b5271f", "#ffffff"),
    ("仁和药房", "药店", 4.4, Front.GLASS, "#e9ebe6", "#14703f"),
)

PLAN = StreetPlan(
    name="feng",
    seed=14,
    units=shop_row("YF", ROAD, SHOPS, depth_m=2.8),
    kerb_y=3.9,
    road_width_m=7.0,
    road_name=ROAD,
    style="arcade",
    facade="facade_stucco",
    pavement="pave_terrazzo",
    house_height_m=10.2,
    fixtures=(
        *along("planter_round", (6.4, 23.4), 3.4),
        *along("bin", (15.0,), 3.45),
        *along("manhole", (10.0,), 3.3),
        *along("manhole", (18.0,), 7.0, z=-0.14),
    ),
    lamps=lamp_row((2.0, 17.0, 31.0), 3.9),
    cameras=(
        camera((3.4, 9.4, 4.2), (9.6, 1.2, 1.0), MIDDLE),
        camera((21.0, 9.8, 4.4), (14.6, 1.0, 1.0), MIDDLE, k1=-0.06),
        camera((14.6, 10.6, 4.6), (14.8, 1.2, 1.0), WIDE),
        camera((7.0, 7.4, 3.8), (13.6, 1.6, 0.8), WIDE, k1=-0.08),
    ),
)
