"""样槐路: a terrace of old brick houses, a narrow pavement, poles with wires."""

from sample_videos.generator.streets.rows import MIDDLE, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样槐路"
SHOPS = (
    ("东口烟纸店", "便利店", 3.4, Front.HALF, "#22406e", "#f5f2e6"),
    ("阿根修车", "修理", 3.6, Front.OPEN, "#5b5f64", "#f7c531"),
    ("槐下粮油", "粮油", 3.8, Front.OPEN, "#7a1f1b", "#f3dfa0"),
    ("福来馄饨", "餐饮", 3.4, Front.HALF, "#c9b079", "#6d1a12"),
    ("顺手五金", "五金", 3.6, Front.OPEN, "#275a4d", "#f2efe4"),
    ("净白洗衣", "洗衣", 3.2, Front.GLASS, "#e4e3dc", "#1e5a96"),
    ("老街理发", "理发", 3.2, Front.GLASS, "#324a3a", "#f0e2c0"),
    ("旺仓杂货", "便利店", 3.6, Front.SHUTTER, "#8a5a28", "#fff1cf"),
)

PLAN = StreetPlan(
    name="huai",
    seed=12,
    units=shop_row("YH", ROAD, SHOPS, depth_m=2.4),
    kerb_y=2.8,
    road_width_m=5.6,
    road_z=-0.12,
    road_name=ROAD,
    style="brick",
    facade="facade_brick",
    pavement="pave_small_slabs",
    house_height_m=8.6,
    fixtures=(
        *along("utility_pole", (-1.2, 23.6, 44.0), 2.5),
        *along("bin", (22.4,), 2.45),
        *along("ac_unit", (5.4, 12.9, 20.2), 0.22, z=3.9),
        *along("post_box", (25.8,), 2.4),
        *along("manhole", (7.0,), 1.9),
        *along("hydrant", (18.0,), 2.5),
    ),
    lamps=lamp_row((4.0, 14.0, 24.0), 2.8, height_m=5.2),
    cameras=(
        camera((0.6, 5.4, 4.3), (7.8, 0.7, 0.5), MIDDLE),
        camera((19.2, 6.2, 4.6), (11.4, 0.4, 0.6), MIDDLE, k1=-0.08),
        camera((10.2, 8.2, 4.2), (10.4, 0.3, 0.8), WIDE),
        camera((22.4, 5.2, 3.9), (14.4, 0.7, 0.4), WIDE, roll=-0.02, k1=-0.1),
    ),
)
