"""样杏路: the side street of a market: open fronts, ground of cast concrete, fixed awnings."""

from sample_videos.generator.streets.rows import MIDDLE, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, PermittedArea, StreetPlan

ROAD = "样杏路"
SHOPS = (
    ("绿叶蔬菜", "蔬菜", 3.6, Front.OPEN, "#2b7a34", "#ffffff"),
    ("杏林水果", "水果", 3.8, Front.OPEN, "#e0641b", "#fff5c2"),
    ("百味炒饭", "餐饮", 4.2, Front.OPEN, "#9c1616", "#ffd95e"),
    ("夜来香烧烤", "餐饮", 4.2, Front.OPEN, "#1f1f24", "#ff8a3c"),
    ("小马粮油", "粮油", 3.6, Front.OPEN, "#d7b23a", "#7a1a12"),
    ("大众日杂", "便利店", 3.8, Front.HALF, "#1b5d97", "#ffffff"),
    ("杏园鲜花", "鲜花", 3.4, Front.OPEN, "#b84b7d", "#ffffff"),
    ("老吴修理", "修理", 3.6, Front.SHUTTER, "#656a6f", "#ffffff"),
)

PLAN = StreetPlan(
    name="xing",
    seed=15,
    units=shop_row("YX", ROAD, SHOPS),
    kerb_y=4.4,
    road_width_m=6.0,
    road_z=-0.08,
    road_name=ROAD,
    style="market",
    facade="facade_concrete",
    pavement="pave_concrete",
    house_height_m=7.2,
    fixtures=(
        *along("utility_pole", (-0.8, 28.4), 4.0),
        *along("bin", (19.0,), 3.95),
        *along("recycling_bin", (20.2,), 3.95),
        *along("ac_unit", (5.6, 17.4, 24.6), 0.22, z=4.6),
        *along("manhole", (11.0,), 3.6),
        *along("notice_board", (30.6,), 4.0),
    ),
    lamps=lamp_row((1.8, 12.4, 24.0), 4.4, height_m=5.2),
    permitted=(PermittedArea(7.6, 15.6, 0.7, 2.7, "样杏路外摆位", ("17:30", "22:30"), ("YX-0103", "YX-0104")),),
    cameras=(
        camera((2.0, 6.4, 4.8), (10.4, 1.2, 0.6), MIDDLE),
        camera((21.0, 7.0, 5.0), (12.8, 1.0, 0.6), MIDDLE, k1=-0.07),
        camera((11.6, 9.8, 4.8), (11.8, 1.2, 0.5), MIDDLE),
        camera((27.0, 6.0, 4.2), (18.8, 1.0, 0.4), WIDE, roll=0.02, k1=-0.09),
    ),
)
