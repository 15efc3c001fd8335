"""Tables in an area where trading is permitted until 22:30. One shop takes its table in in time, the other does not."""

import math

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, passers, riders
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Scenario

SCENARIO = Scenario(
    name="permitted_hours",
    title="A permission ends",
    street="xing",
    camera_id="CAM25",
    starts_at="2026-05-15T22:29:20+08:00",
    length_s=80.0,
    fps=10,
    seed=25,
    dwell=dwell(),
)


CLOSES_S = 40.0
"""22:30, when the permission ends."""
_AREA = "within 样杏路外摆位 before 22:30"


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(light=Light.NIGHT, lamps_on=(0, 1, 2)))
    stage.put("e_bike", (5.4, 3.8), turn=1.4)
    _tables_that_stay(stage)
    _table_taken_in(stage)
    passers(stage, (4.0, 3.3, False), (50.0, 3.3, True))
    riders(stage, ("e_scooter", 16.0, False))
    return stage.play()


def _tables_that_stay(stage: Stage) -> None:
    tables = [stage.put("table_low_plastic", (x, 1.6), group="tables") for x in (8.5, 10.4)]
    stools = [stage.put("stool_plastic", (x, y), group="tables") for x in (8.5, 10.4) for y in (1.02, 2.18)]
    for number, stool in enumerate(stools[:2]):
        guest = stage.person(f"guest-{number + 1}", looks(stage, 10 + number, age=Age.YOUNG), (stool.placed.x, stool.placed.y))
        guest.sit(stool, 34.0 + 3.0 * number, heading=math.pi / 2 if number == 0 else -math.pi / 2)
        guest.rise(stool).walk_to((26.0, 3.1)).gone()
    both = [*tables, *stools]
    stage.beyond_shopfront("tables permitted", both, ["YX-0103"], _AREA, excused_by="permitted", during=(0.0, CLOSES_S))
    why = "tables still out after the permission has ended at 22:30"
    stage.beyond_shopfront("tables after hours", both, ["YX-0103"], why, during=(CLOSES_S, SCENARIO.length_s))


def _table_taken_in(stage: Stage) -> None:
    inside = stage.inside("YX-0104")
    table = stage.put("table_low_plastic", (13.0, 1.5), group="folded")
    stools = [stage.put("stool_plastic", (x, 1.5), group="folded") for x in (12.3, 13.7)]
    waiter = stage.person("waiter", looks(stage, 1, age=Age.YOUNG, female=True), inside)
    waiter.wait_until(6.0)
    for thing in (stools[0], stools[1], table):
        waiter.take_in(thing, inside=inside)
    stage.beyond_shopfront("table taken in in time", [table, *stools], ["YX-0104"], _AREA, excused_by="permitted")
