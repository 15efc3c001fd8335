"""A lively morning in which nothing is wrong: shoppers, talkers, riders, a van that stops, goods on own ground."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="busy_morning",
    title="A busy morning, nothing to report",
    street="feng",
    camera_id="CAM31",
    starts_at="2026-05-23T08:30:00+08:00",
    length_s=70.0,
    fps=10,
    seed=31,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=2, conditions=Conditions(sun_azimuth=0.9, sun_elevation=0.6))
    own_goods(stage, [("rice_sacks", (2.0, -0.4)), ("crate_row", (9.8, -0.4)), ("basket_row", (11.7, -0.4)), ("gas_bottles", (22.4, -0.3))])
    for thing, x in (("bicycle", 12.0), ("bicycle_shared", 18.2), ("e_scooter", 20.2)):
        stage.put(thing, (x, 3.42), turn=1.5)
    talkers(stage, (9.9, 1.2), 44.0, leave_at=(-6.0, 1.2))
    talkers(stage, (16.0, 1.5), 58.0, number=32, leave_at=(36.0, 1.5))
    _shopper_rests_bag(stage)
    passers(stage, (0.0, 1.0, False), (6.0, 3.0, True), (12.0, 0.8, True), (24.0, 1.0, False), (32.0, 3.1, True), (42.0, 0.9, False))
    riders(stage, ("bicycle_basket", 4.0, False), ("e_bike", 22.0, True), ("tricycle_box", 36.0, False))
    return stage.play()


def _shopper_rests_bag(stage: Stage) -> None:
    """Somebody waits with a suitcase for a few seconds and takes it along: shorter than any dwell."""
    traveller = stage.person("traveller", looks(stage, 1, age=Age.YOUNG, female=True), (32.0, 1.6), from_s=8.0)
    suitcase = stage.prop("suitcase")
    traveller.hold(suitcase).put_down(suitcase, (14.0, 1.9)).wait(3.0).pick_up(suitcase).walk_to((-6.0, 1.9)).gone()
