"""A hardware shop sets out its goods before the door line, one after the other, and leaves them there."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="goods_set_out",
    title="A shop sets out its goods",
    street="tong",
    camera_id="CAM21",
    starts_at="2026-05-12T09:42:00+08:00",
    length_s=72.0,
    fps=10,
    seed=21,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=1, conditions=Conditions(sun_azimuth=1.9, sun_elevation=0.7))
    own_goods(stage, [("crate_row", (7.2, -0.4)), ("basket_row", (5.1, -0.4))])
    stage.put("bicycle_shared", (14.9, 3.5), turn=1.5)
    stage.put("e_bike", (10.2, 3.5), turn=-1.3)
    stage.put("car_suv", (7.0, 5.1), turn=-1.5708)
    _goods_are_set_out(stage)
    talkers(stage, (7.0, 1.5), 50.0)
    passers(stage, (2.0, 1.9, True), (26.0, 2.4, False), (46.0, 1.8, True))
    riders(stage, ("bicycle_basket", 9.0, False), ("e_scooter", 40.0, True))
    return stage.play()


def _goods_are_set_out(stage: Stage) -> None:
    store = stage.inside("YT-0103")
    keeper = stage.person("shopkeeper", looks(stage, 1, age=Age.MIDDLE, female=False), store)
    goods = [stage.prop(thing, group="hardware") for thing in ("carton_open", "basket_round", "sign_a_board")]
    keeper.wait_until(8.0)
    for thing, x in zip(goods, (9.5, 10.3, 12.3), strict=True):
        keeper.carry_out(thing, (x, 0.42), inside=store)
    keeper.walk_to(store)
    stage.beyond_shopfront("hardware set out", goods, ["YT-0103"], "goods and a sign before the door line, left there")
