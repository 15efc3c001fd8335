"""样兰路 (held out): a new-town front in dark grey panels, herringbone paving, bollards at the kerb."""

from sample_videos.generator.streets.rows import MIDDLE, NARROW, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样兰路"
SHOPS = (
    ("兰亭便利", "便利店", 4.8, Front.GLASS, "#0f8a86", "#ffffff"),
    ("果然新鲜", "水果", 4.6, Front.OPEN, "#f4f4ef", "#d2461e"),
    ("一碗汤面", "餐饮", 4.6, Front.HALF, "#23201e", "#f3b64a"),
    ("兰芷花艺", "鲜花", 4.2, Front.HALF, "#f2e9ec", "#6d2f55"),
    ("谷雨粮油", "粮油", 4.6, Front.OPEN, "#8a6b2f", "#fff6dc"),
    ("清川洗衣", "洗衣", 4.2, Front.GLASS, "#e8eef3", "#14589b"),
    ("木几家电", "家电", 4.8, Front.GLASS, "#3b3f45", "#ffffff"),
)

PLAN = StreetPlan(
    name="lan",
    seed=18,
    units=shop_row("YN", ROAD, SHOPS, depth_m=3.0),
    kerb_y=5.0,
    road_width_m=9.0,
    road_name=ROAD,
    style="panels",
    facade="facade_panels",
    pavement="pave_herringbone",
    tactile_y=3.7,
    house_height_m=16.0,
    fixtures=(
        *along("bollard", (0.4, 2.2, 4.0, 5.8, 18.4, 20.2, 22.0), 4.65),
        *along("planter_round", (14.6, 33.4), 4.4),
        *along("recycling_bin", (12.2,), 4.55),
        *along("bench", (28.0,), 4.2, turn=3.1416),
        *along("cabinet", (30.6,), 4.5),
        *along("manhole", (9.0,), 2.6),
    ),
    lamps=lamp_row((-2.0, 11.0, 22.8), 5.0, height_m=6.2),
    cameras=(
        camera((1.6, 7.2, 5.2), (9.8, 1.3, 0.6), MIDDLE),
        camera((21.4, 7.8, 5.4), (12.8, 1.2, 0.6), MIDDLE, k1=-0.06),
        camera((12.6, 12.0, 5.6), (12.8, 1.3, 0.6), MIDDLE),
        camera((28.6, 6.8, 4.8), (20.2, 1.2, 0.5), WIDE, k1=-0.08),
        camera((4.6, 9.6, 5.8), (10.8, 1.2, 0.5), NARROW, width=1920, height=1080),
    ),
    held_out=True,
)
