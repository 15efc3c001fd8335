"""A breakfast stall comes, sells for a while on the public strip, and leaves again."""

import math

from sample_videos.generator.actors import Actor
from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Prop, Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="breakfast_stall",
    title="A breakfast stall comes and goes",
    street="liu",
    camera_id="CAM23",
    starts_at="2026-05-14T06:48:00+08:00",
    length_s=92.0,
    fps=10,
    seed=23,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(sun_azimuth=0.4, sun_elevation=0.35))
    stage.put("bicycle", (5.4, 5.3), turn=1.4)
    stage.put("e_bike", (14.2, 5.3), turn=1.3)
    vendor, cart = _stall_comes(stage)
    _customers(stage)
    vendor.wait_until(59.0, heading=-1.5708).push_to(cart, (41.0, 4.1))
    stage.street_stall("breakfast stall", [cart], "a stall with its vendor on public ground", during=cart.stood(1))
    talkers(stage, (7.4, 1.3), 40.0, leave_at=(-6.0, 1.4))
    passers(stage, (1.0, 1.6, False), (30.0, 2.2, True), (58.0, 1.8, False))
    riders(stage, ("bicycle_basket", 12.0, False))
    return stage.play()


def _stall_comes(stage: Stage) -> tuple[Actor, Prop]:
    vendor = stage.person("vendor", looks(stage, 1, age=Age.MIDDLE, female=True), (21.0, 4.1))
    cart = stage.put("stall_breakfast", (19.8, 4.1), turn=math.pi)
    vendor.push_to(cart, (9.4, 4.2)).walk_to((9.4, 5.0)).wait(1.0, heading=-1.5708)
    return vendor, cart


def _customers(stage: Stage) -> None:
    for number, (from_s, x) in enumerate(((14.0, 9.9), (20.0, 9.0))):
        customer = stage.person(f"customer-{number + 1}", looks(stage, 10 + number), (24.0, 2.4 + 0.5 * number), from_s=from_s)
        customer.walk_to((x, 3.35)).wait(16.0, heading=1.5708).walk_to((-5.0, 2.6)).gone()
