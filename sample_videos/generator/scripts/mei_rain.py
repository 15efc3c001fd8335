"""Held out: a rainy day in which nothing is wrong."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Conditions, Light, Scenario

SCENARIO = Scenario(
    name="mei_rain",
    title="Rain in 样梅路, nothing to report",
    street="mei",
    camera_id="CAM42",
    starts_at="2026-06-03T16:20:00+08:00",
    length_s=60.0,
    fps=10,
    seed=42,
    dwell=dwell(),
    held_out=True,
)


def play() -> Play:
    """The scenario in time."""
    conditions = Conditions(light=Light.OVERCAST, sun_elevation=0.8, wet=True, rain=True, brightness=0.88)
    stage = Stage(SCENARIO, camera=1, conditions=conditions)
    own_goods(stage, [("tub_row", (14.8, -0.42)), ("washing_machine", (13.6, -0.42))])
    for thing, x in (("bicycle_road", 14.9), ("e_bike_long", 10.2)):
        stage.put(thing, (x, 3.7), turn=1.5)
    stage.put("mop_bucket", (10.6, -0.3))
    talkers(stage, (9.6, 1.2), 40.0, leave_at=(-6.0, 1.3))
    passers(stage, (0.0, 1.8, True), (8.0, 2.4, False), (22.0, 1.4, True), (34.0, 2.2, False))
    riders(stage, ("bicycle_folding", 6.0, False), ("tricycle_courier", 26.0, True))
    stage.drive_past("pickup", 16.0, near=False)
    return stage.play()
