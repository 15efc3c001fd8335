"""At night a barbecue stall opens on the public strip; tables in the permitted area beside it are allowed."""

import math

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, passers, riders
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Scenario

SCENARIO = Scenario(
    name="night_stall",
    title="A barbecue stall at night",
    street="xing",
    camera_id="CAM29",
    starts_at="2026-05-21T21:15:00+08:00",
    length_s=76.0,
    fps=10,
    seed=29,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=1, conditions=Conditions(light=Light.NIGHT, lamps_on=(0, 1, 2)))
    _permitted_table(stage)
    _barbecue(stage)
    stage.put("e_scooter", (14.4, 3.85), turn=1.5)
    passers(stage, (3.0, 2.2, True), (33.0, 2.4, False))
    riders(stage, ("e_bike_delivery", 24.0, True))
    return stage.play()


def _permitted_table(stage: Stage) -> None:
    table = stage.put("table_low_plastic", (13.6, 1.5), group="table")
    stools = [stage.put("stool_plastic", (x, 1.5), group="table") for x in (12.95, 14.25)]
    for number, stool in enumerate(stools):
        guest = stage.person(f"guest-{number + 1}", looks(stage, 10 + number, age=Age.YOUNG), (stool.placed.x, stool.placed.y))
        guest.sit(stool, 100.0, heading=math.pi * number)
    stage.beyond_shopfront("table permitted", [table, *stools], ["YX-0104"], "within 样杏路外摆位 at 21:15", excused_by="permitted")


def _barbecue(stage: Stage) -> None:
    vendor = stage.person("vendor", looks(stage, 1, age=Age.MIDDLE, female=False), (-4.4, 3.4))
    cart = stage.put("stall_barbecue", (-3.2, 3.4), turn=math.pi)
    vendor.push_to(cart, (9.6, 3.5)).walk_to((8.35, 3.5)).wait(1.0, heading=0.0)
    for number, from_s in enumerate((12.0, 30.0)):
        guest = stage.person(f"customer-{number + 1}", looks(stage, 20 + number), (27.0, 2.4), from_s=from_s)
        guest.walk_to((9.3 + 0.7 * number, 2.85)).wait(20.0, heading=math.pi / 2).walk_to((-6.0, 2.3)).gone()
    stage.street_stall("barbecue stall", [cart], "a stall with its vendor on public ground, beside the permitted area")
