"""Held out: a juice bar on the public strip at night, and goods taken in before they count."""

import math

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Scenario

SCENARIO = Scenario(
    name="lan_night",
    title="A night in 样兰路",
    street="lan",
    camera_id="CAM44",
    starts_at="2026-06-05T20:30:00+08:00",
    length_s=80.0,
    fps=10,
    seed=44,
    dwell=dwell(),
    held_out=True,
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(light=Light.NIGHT, lamps_on=(0, 1, 2)))
    stage.put("e_bike_long", (16.6, 4.6), turn=1.5)
    _juice_bar(stage)
    _fruit_set_out(stage)
    talkers(stage, (12.6, 1.1), 48.0, leave_at=(36.0, 1.2))
    passers(stage, (2.0, 2.4, False), (36.0, 2.2, True))
    riders(stage, ("scooter_classic", 20.0, False))
    return stage.play()


def _juice_bar(stage: Stage) -> None:
    vendor = stage.person("vendor", looks(stage, 1, age=Age.YOUNG, female=True), (27.2, 3.5))
    cart = stage.put("stall_juice_bar", (26.0, 3.5), turn=math.pi)
    vendor.push_to(cart, (9.8, 3.6)).walk_to((9.8, 4.35)).wait(1.0, heading=-1.5708)
    for number, from_s in enumerate((20.0, 34.0)):
        buyer = stage.person(f"buyer-{number + 1}", looks(stage, 12 + number), (28.0, 1.8), from_s=from_s)
        buyer.walk_to((9.5 + 0.7 * number, 2.7)).wait(14.0, heading=1.5708).walk_to((-6.0, 2.0)).gone()
    stage.street_stall("juice bar", [cart], "a stall with its vendor on public ground")


def _fruit_set_out(stage: Stage) -> None:
    store = stage.inside("YN-0102")
    keeper = stage.person("fruit-seller", looks(stage, 2, age=Age.MIDDLE, female=False), store)
    goods = [stage.prop("tub_row", group="fruit"), stage.prop("net_bags", group="fruit")]
    keeper.wait_until(8.0)
    for thing, x in zip(goods, (6.2, 8.0), strict=True):
        keeper.carry_out(thing, (x, 0.55), inside=store)
    keeper.walk_to(store)
    stage.beyond_shopfront("fruit set out", goods, ["YN-0102"], "tubs and bags before the door line, left there")
