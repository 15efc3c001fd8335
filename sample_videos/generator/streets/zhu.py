"""样竹路: shops set back behind one step, red brick paving, seen from the far side of the road."""

from sample_videos.generator.streets.rows import MIDDLE, NARROW, WIDE, along, camera, lamp_row, shop_row
from sample_videos.generator.values import Front, StreetPlan

ROAD = "样竹路"
SHOPS = (
    ("竹里文具", "文具", 4.2, Front.GLASS, "#2d6fb0", "#ffffff"),
    ("小满零食", "便利店", 4.0, Front.HALF, "#e8b21f", "#7a1c14"),
    ("邻里水果", "水果", 4.4, Front.OPEN, "#2c7d3f", "#ffffff"),
    ("同学面馆", "餐饮", 4.2, Front.HALF, "#f0ece0", "#b0241c"),
    ("竹风家电", "家电", 4.4, Front.GLASS, "#b01f24", "#ffffff"),
    ("一剪美发", "理发", 3.8, Front.GLASS, "#5a3a78", "#f7ecff"),
    ("知味糕点", "糕点", 4.0, Front.GLASS, "#6b4426", "#f7e4b8"),
)

PLAN = StreetPlan(
    name="zhu",
    seed=16,
    units=shop_row("YZ", ROAD, SHOPS, door_y=-0.6, depth_m=2.6),
    kerb_y=3.6,
    road_width_m=6.6,
    road_name=ROAD,
    style="setback",
    facade="facade_cream",
    pavement="pave_red_brick",
    tactile_y=2.6,
    house_height_m=12.6,
    fixtures=(
        *along("tree_small", (-2.0, 31.0), 3.1),
        *along("planter_box", (0.8, 27.4), 3.05),
        *along("bin", (17.0,), 3.2),
        *along("bicycle_rack", (24.2,), 2.95),
        *along("ac_unit", (6.2, 14.6, 22.8), 0.22, z=4.3),
        *along("manhole", (12.6,), 1.8),
        *along("cabinet", (20.8,), 3.2),
    ),
    lamps=lamp_row((2.4, 19.0, 33.0), 3.6),
    cameras=(
        camera((8.0, 10.4, 5.0), (12.2, 0.9, 0.6), MIDDLE),
        camera((19.4, 10.2, 5.4), (13.4, 0.8, 0.6), MIDDLE, k1=-0.06),
        camera((14.6, 9.6, 4.6), (14.8, 0.6, 0.8), WIDE),
        camera((3.0, 9.0, 5.8), (9.6, 1.0, 0.5), NARROW, k1=-0.03),
    ),
)
