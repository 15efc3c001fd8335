"""A shop sets out crates, and takes them in again after a while: the wanted end."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="taken_in_again",
    title="Set out and taken in again",
    street="huai",
    camera_id="CAM28",
    starts_at="2026-05-20T10:12:00+08:00",
    length_s=110.0,
    fps=10,
    seed=28,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=1, conditions=Conditions(sun_azimuth=1.2, sun_elevation=0.8))
    own_goods(stage, [("rice_sacks", (10.0, -0.45)), ("water_packs", (16.8, -0.4))])
    stage.put("bicycle", (12.2, 2.35), turn=1.5)
    _set_out_and_taken_in(stage)
    talkers(stage, (6.4, 0.8), 52.0, leave_at=(-6.0, 0.9))
    passers(stage, (1.0, 1.3, True), (40.0, 1.5, False), (58.0, 1.4, True))
    riders(stage, ("bicycle_basket", 20.0, False), ("e_bike", 66.0, True))
    return stage.play()


def _set_out_and_taken_in(stage: Stage) -> None:
    store = stage.inside("YH-0103")
    keeper = stage.person("grocer", looks(stage, 1, age=Age.OLD, female=True), store)
    crates = [stage.prop(thing, group="groceries") for thing in ("crate_wood_fruit", "basket_round")]
    keeper.wait_until(8.0)
    for crate, x in zip(crates, (8.1, 8.9), strict=True):
        keeper.carry_out(crate, (x, 0.5), inside=store)
    keeper.walk_to(store).wait_until(58.0)
    for crate in crates:
        keeper.take_in(crate, inside=store)
    stage.beyond_shopfront("set out, taken in again", crates, ["YH-0103"], "stood before the door line until the shop took them in")
