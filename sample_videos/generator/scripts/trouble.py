"""The camera is knocked, the lamp goes out, the picture freezes: times at which nothing can be known."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, passers, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Scenario

SCENARIO = Scenario(
    name="trouble",
    title="Knocked, dark and frozen",
    street="tong",
    camera_id="CAM33",
    starts_at="2026-05-26T20:40:00+08:00",
    length_s=110.0,
    fps=10,
    seed=33,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(light=Light.NIGHT, lamps_on=(0, 1, 2)))
    stage.put("e_bike", (12.8, 3.6), turn=1.5)
    _fruit_is_set_out(stage)
    talkers(stage, (10.6, 1.0), 70.0, leave_at=(32.0, 1.2))
    passers(stage, (1.0, 1.9, False), (34.0, 2.4, True), (72.0, 1.8, False))
    stage.turn_camera(42.0, 50.0, by=0.32)
    stage.dim(60.0, 67.0, 0.03, "dark")
    stage.freeze(76.0, 92.0)
    return stage.play()


def _fruit_is_set_out(stage: Stage) -> None:
    counter = stage.inside("YT-0102")
    keeper = stage.person("fruit-seller", looks(stage, 1, age=Age.MIDDLE, female=True), counter)
    crates = [stage.prop(thing, group="fruit") for thing in ("crate_wood_fruit", "crate_plastic_fruit")]
    keeper.wait_until(8.0)
    for crate, x in zip(crates, (5.2, 6.0), strict=True):
        keeper.carry_out(crate, (x, 0.5), inside=counter)
    keeper.walk_to(counter)
    stage.beyond_shopfront("fruit set out", crates, ["YT-0102"], "crates before the door line through all the trouble")
