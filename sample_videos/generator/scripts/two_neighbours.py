"""Goods stand before the wall between two shops: nobody can tell from the picture whose they are."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="two_neighbours",
    title="Goods between two neighbours",
    street="zhu",
    camera_id="CAM27",
    starts_at="2026-05-19T15:30:00+08:00",
    length_s=66.0,
    fps=10,
    seed=27,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(sun_azimuth=2.2, sun_elevation=0.6))
    own_goods(stage, [("basket_row", (9.4, -1.05)), ("crate_stack", (11.9, -0.98))])
    stage.put("bicycle_basket", (15.3, 3.2), turn=1.5)
    _cartons_between(stage)
    talkers(stage, (8.9, 0.9), 46.0, leave_at=(-6.0, 1.2))
    passers(stage, (1.0, 1.6, False), (24.0, 1.2, True), (38.0, 1.9, False))
    riders(stage, ("e_bike", 8.0, False))
    return stage.play()


def _cartons_between(stage: Stage) -> None:
    line = 12.6
    porter = stage.person("porter", looks(stage, 1, age=Age.YOUNG, female=False), (24.0, 1.3), from_s=0.0)
    truck = stage.put("carton_hand_truck", (23.1, 1.3), group="between")
    porter.push_to(truck, (line + 0.5, 0.62))
    porter.push_to(truck, (line, 0.05))
    porter.walk_to((28.0, 1.6)).gone()
    shops = ["YZ-0103", "YZ-0104"]
    stage.beyond_shopfront("cartons between two shops", [truck], shops, "astride the line between two shops' ground: ambiguous")
