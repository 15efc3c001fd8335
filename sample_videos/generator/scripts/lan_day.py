"""Held out: a rack before one shop, a pile on the public strip, a delivery and a bench."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="lan_day",
    title="A day in 样兰路",
    street="lan",
    camera_id="CAM43",
    starts_at="2026-06-04T13:40:00+08:00",
    length_s=84.0,
    fps=10,
    seed=43,
    dwell=dwell(),
    held_out=True,
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=1, conditions=Conditions(sun_azimuth=1.7, sun_elevation=1.0))
    own_goods(stage, [("tub_row", (7.4, -0.42))])
    stage.put("scooter_classic", (8.6, 4.5), turn=1.5)
    stage.put("microvan", (5.0, 6.3), turn=-1.5708)
    _snacks_set_out(stage)
    _boxes_piled(stage)
    talkers(stage, (6.6, 1.4), 56.0, leave_at=(-6.0, 1.4))
    passers(stage, (1.0, 1.9, True), (30.0, 2.2, False), (54.0, 1.8, True))
    riders(stage, ("bicycle_folding", 18.0, False))
    return stage.play()


def _snacks_set_out(stage: Stage) -> None:
    kitchen = stage.inside("YN-0103")
    cook = stage.person("cook", looks(stage, 1, age=Age.MIDDLE, female=False), kitchen)
    things = [stage.prop(thing, group="furniture") for thing in ("table_bistro", "chair_cafe", "sign_easel")]
    cook.wait_until(8.0)
    for thing, at in zip(things, ((10.7, 0.75), (11.5, 0.75), (12.4, 0.6)), strict=True):
        cook.carry_out(thing, at, inside=kitchen)
    cook.walk_to(kitchen)
    stage.beyond_shopfront("table set out", things, ["YN-0103"], "a table, a chair and a sign before the door line, left there")


def _boxes_piled(stage: Stage) -> None:
    porter = stage.person("porter", looks(stage, 2, age=Age.YOUNG, female=False), (-6.0, 3.2), from_s=0.0)
    bags = stage.prop("net_bags", group="bags")
    porter.hold(bags).put_down(bags, (16.2, 3.5)).walk_to((-6.0, 3.2)).gone()
    stage.pavement_piling("bags left", [bags], "bags left on the pavement, nobody trades from them")
