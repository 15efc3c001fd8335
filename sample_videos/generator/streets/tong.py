"""样桐路: two-storey rendered houses, pavement of slabs with a tactile strip, plane trees at the kerb."""

from sample_videos.generator.streets.rows import MIDDLE, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样桐路"
SHOPS = (
    ("全顺便利店", "便利店", 4.0, Front.HALF, "#e9e7e0", "#b3201c"),
    ("惠家水果", "水果", 4.6, Front.OPEN, "#14663a", "#f4e879"),
    ("老丁五金", "五金", 4.4, Front.OPEN, "#1d3f86", "#ffffff"),
    ("鲜香面馆", "餐饮", 4.2, Front.HALF, "#a11d1d", "#ffe27a"),
    ("新意理发", "理发", 3.8, Front.GLASS, "#2a2a30", "#f0efe9"),
    ("暖衣坊", "服装", 4.4, Front.GLASS, "#8c3a6b", "#ffffff"),
    ("百纳杂货", "便利店", 4.0, Front.SHUTTER, "#d8842a", "#fff6d5"),
)

PLAN = StreetPlan(
    name="tong",
    seed=11,
    units=shop_row("YT", ROAD, SHOPS),
    kerb_y=4.0,
    road_width_m=7.6,
    road_name=ROAD,
    style="rendered",
    facade="facade_render",
    pavement="pave_slabs",
    tactile_y=2.85,
    house_height_m=9.4,
    fixtures=(
        *along("tree_plane", (-10.0, -3.5, 33.0, 39.5, 46.0), 3.2),
        *along("bin", (6.2, 21.5), 3.65),
        *along("cabinet", (28.6,), 3.6),
        *along("ac_unit", (2.9, 11.6, 19.4, 27.5), 0.22, z=4.15),
        *along("manhole", (9.4,), 2.1),
        *along("manhole", (13.0,), 6.4, z=-0.14),
    ),
    lamps=lamp_row((-0.5, 12.0, 29.5), 4.0),
    cameras=(
        camera((0.2, 5.4, 4.6), (8.2, 1.0, 0.7), MIDDLE),
        camera((20.6, 6.6, 4.9), (12.4, 0.6, 0.6), MIDDLE, k1=-0.07),
        camera((14.4, 11.0, 5.4), (13.0, 0.8, 0.6), WIDE, k1=-0.05),
        camera((27.8, 5.2, 4.2), (19.6, 0.8, 0.5), WIDE, roll=0.015, k1=-0.09),
    ),
)
