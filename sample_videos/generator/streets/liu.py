"""样柳路: the podium of blocks of flats, glass fronts, a wide pavement of granite with planters."""

from sample_videos.generator.streets.rows import MIDDLE, NARROW, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样柳路"
SHOPS = (
    ("康泽大药房", "药店", 5.0, Front.GLASS, "#0f7a4a", "#ffffff"),
    ("麦田烘焙", "糕点", 4.6, Front.GLASS, "#f1e3c8", "#6b3a1a"),
    ("早点时光", "餐饮", 4.6, Front.HALF, "#c2461f", "#fff2cc"),
    ("衣品轩", "服装", 5.0, Front.GLASS, "#26262b", "#e8d7a6"),
    ("花间集", "鲜花", 4.2, Front.HALF, "#e7d3dc", "#8a2453"),
    ("每日鲜果", "水果", 4.6, Front.OPEN, "#f08a1d", "#ffffff"),
    ("云上茶铺", "茶叶", 4.4, Front.GLASS, "#2f5b3c", "#f0e8cf"),
)

PLAN = StreetPlan(
    name="liu",
    seed=13,
    units=shop_row("YL", ROAD, SHOPS, depth_m=3.0),
    kerb_y=6.0,
    road_width_m=10.5,
    road_name=ROAD,
    style="podium",
    facade="facade_flats",
    pavement="pave_granite",
    tactile_y=4.4,
    house_height_m=22.0,
    fixtures=(
        *along("planter_box", (3.0, 19.6, 26.2), 5.35),
        *along("tree_small", (-8.0, -3.2, 35.5, 41.0), 5.0),
        *along("bench", (22.8,), 4.95, turn=3.1416),
        *along("recycling_bin", (11.8,), 5.55),
        *along("manhole", (16.0,), 3.3),
        *along("bollard", (-1.6, -0.4), 5.6),
    ),
    lamps=lamp_row((1.0, 15.6, 30.0), 6.0, height_m=6.6),
    cameras=(
        camera((0.8, 7.8, 5.2), (9.4, 1.6, 0.6), MIDDLE, width=1280, height=720),
        camera((22.6, 8.6, 5.6), (13.6, 1.4, 0.6), MIDDLE, k1=-0.06),
        camera((13.6, 12.4, 5.8), (13.8, 1.6, 0.6), MIDDLE),
        camera((29.0, 7.4, 4.8), (20.4, 1.2, 0.5), WIDE, width=1920, height=1080, k1=-0.08),
        camera((4.2, 9.4, 5.6), (10.6, 1.4, 0.5), NARROW, k1=-0.02),
    ),
)
