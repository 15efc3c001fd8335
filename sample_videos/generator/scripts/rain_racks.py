"""Rain: a shop pushes a rack and a sign out before its door line under umbrellas of passers-by."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, passers, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Scenario

SCENARIO = Scenario(
    name="rain_racks",
    title="Racks set out in the rain",
    street="liu",
    camera_id="CAM30",
    starts_at="2026-05-22T11:20:00+08:00",
    length_s=66.0,
    fps=10,
    seed=30,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    conditions = Conditions(light=Light.OVERCAST, sun_elevation=0.9, wet=True, rain=True, brightness=0.9)
    stage = Stage(SCENARIO, camera=2, conditions=conditions)
    stage.put("e_bike", (8.4, 5.3), turn=1.4)
    _set_out(stage)
    talkers(stage, (17.2, 1.2), 42.0, leave_at=(36.0, 1.6))
    passers(stage, (2.0, 2.3, False), (20.0, 3.2, True), (34.0, 2.6, False))
    stage.drive_past("car_hatch", 14.0, near=False)
    return stage.play()


def _set_out(stage: Stage) -> None:
    store = stage.inside("YL-0103")
    keeper = stage.person("shopkeeper", looks(stage, 1, age=Age.MIDDLE, female=True), store)
    rack = stage.put("rack_magazines", (11.38, -0.5), group="racks")
    sign = stage.prop("sign_chalk", group="racks")
    keeper.wait_until(8.0)
    keeper.push_to(rack, (11.38, 0.6))
    keeper.carry_out(sign, (12.7, 0.65), inside=store)
    keeper.walk_to(store)
    why = "a rack and a sign before the door line, left there"
    stage.beyond_shopfront("rack and sign set out", [rack, sign], ["YL-0103"], why)
