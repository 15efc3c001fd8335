"""样梅路 (held out): a white-tiled front of the 1990s, hexagonal paving, bicycle racks."""

from sample_videos.generator.streets.rows import MIDDLE, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样梅路"
SHOPS = (
    ("梅园早市菜店", "蔬菜", 4.2, Front.OPEN, "#3f8f2f", "#fffbe0"),
    ("梅香包子", "餐饮", 3.8, Front.HALF, "#f3d04a", "#a3170f"),
    ("好邻居便民店", "便利店", 4.4, Front.HALF, "#c61f2b", "#ffffff"),
    ("建华五金", "五金", 4.2, Front.OPEN, "#f0f0ea", "#1b3f92"),
    ("秀丽服饰", "服装", 4.4, Front.GLASS, "#d86f9a", "#ffffff"),
    ("百草药店", "药店", 4.0, Front.GLASS, "#1f8a5a", "#ffffff"),
    ("双喜水果行", "水果", 4.4, Front.OPEN, "#1c4f8f", "#ffe14a"),
)

PLAN = StreetPlan(
    name="mei",
    seed=17,
    units=shop_row("YM", ROAD, SHOPS, depth_m=2.6),
    kerb_y=4.2,
    road_width_m=7.2,
    road_name=ROAD,
    style="tiled",
    facade="facade_white_tiles",
    pavement="pave_hexagons",
    house_height_m=13.0,
    fixtures=(
        *along("bicycle_rack", (5.4, 21.8), 3.55),
        *along("tree_small", (-8.5, -2.8, 34.0, 40.0), 3.4),
        *along("bin", (13.6,), 3.8),
        *along("ac_unit", (2.2, 10.4, 18.6, 26.4), 0.22, z=4.2),
        *along("post_box", (0.2,), 3.75),
        *along("manhole", (9.8,), 2.4),
    ),
    lamps=lamp_row((-1.0, 14.2, 28.6), 4.2),
    cameras=(
        camera((1.2, 6.0, 4.7), (9.4, 1.1, 0.6), MIDDLE, k1=-0.05),
        camera((22.4, 7.2, 5.0), (14.2, 0.8, 0.6), MIDDLE),
        camera((13.0, 11.2, 5.2), (12.8, 1.0, 0.6), MIDDLE, k1=-0.03),
        camera((28.6, 5.8, 4.4), (20.4, 1.0, 0.5), WIDE, roll=-0.015, k1=-0.08),
    ),
    held_out=True,
)
