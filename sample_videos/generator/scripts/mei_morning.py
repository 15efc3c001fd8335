"""Held out: vegetables before the door line of one shop and a snack tricycle on the public strip."""

import math

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="mei_morning",
    title="Morning in 样梅路",
    street="mei",
    camera_id="CAM41",
    starts_at="2026-06-02T08:10:00+08:00",
    length_s=80.0,
    fps=10,
    seed=41,
    dwell=dwell(),
    held_out=True,
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(sun_azimuth=0.8, sun_elevation=0.6))
    own_goods(stage, [("tub_row", (14.8, -0.42))])
    stage.put("bicycle_folding", (16.4, 3.7), turn=1.5)
    stage.put("car_saloon", (21.0, 5.4), turn=-1.5708)
    _buckets_set_out(stage)
    _sweet_potatoes(stage)
    talkers(stage, (14.6, 1.0), 52.0, leave_at=(-6.0, 1.3))
    passers(stage, (1.0, 1.8, False), (28.0, 1.9, True), (50.0, 1.6, False))
    riders(stage, ("scooter_classic", 14.0, False))
    return stage.play()


def _buckets_set_out(stage: Stage) -> None:
    store = stage.inside("YM-0103")
    keeper = stage.person("shopkeeper", looks(stage, 1, age=Age.MIDDLE, female=True), store)
    goods = [stage.prop(thing, group="household") for thing in ("oil_cans", "sign_round_foot")]
    keeper.wait_until(9.0)
    for thing, x in zip(goods, (10.1, 11.3), strict=True):
        keeper.carry_out(thing, (x, 0.5), inside=store)
    keeper.walk_to(store)
    stage.beyond_shopfront("groceries set out", goods, ["YM-0103"], "goods and a sign before the door line, left there")


def _sweet_potatoes(stage: Stage) -> None:
    vendor = stage.person("vendor", looks(stage, 2, age=Age.OLD, female=False), (26.2, 2.7))
    cart = stage.put("stall_sweet_potato", (25.1, 2.7), turn=math.pi)
    vendor.push_to(cart, (11.4, 3.0)).walk_to((11.4, 3.78)).wait(1.0, heading=-1.5708)
    buyer = stage.person("buyer", looks(stage, 12), (27.0, 1.5), from_s=22.0)
    buyer.walk_to((11.7, 2.15)).wait(12.0, heading=1.5708).walk_to((-6.0, 2.0)).gone()
    stage.street_stall("sweet potato stall", [cart], "a stall with its vendor on public ground")
