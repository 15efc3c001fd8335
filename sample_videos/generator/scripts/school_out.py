"""School is out: children, parents and bicycles crowd the pavement; nothing is set out beyond a door line."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Pose, Scenario

SCENARIO = Scenario(
    name="school_out",
    title="School is out, nothing to report",
    street="zhu",
    camera_id="CAM32",
    starts_at="2026-05-25T15:45:00+08:00",
    length_s=66.0,
    fps=10,
    seed=32,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=2, conditions=Conditions(light=Light.OVERCAST, sun_elevation=0.7))
    own_goods(stage, [("basket_row", (9.4, -1.05)), ("crate_stack", (11.9, -0.98))])
    for thing, x in (("bicycle", 9.6), ("e_bike", 11.6), ("bicycle_shared", 14.4), ("scooter", 22.2)):
        stage.put(thing, (x, 3.1), turn=1.5)
    _parents_wait(stage)
    walks = ((0.0, 0.6, False), (3.0, 1.5, False), (7.0, 1.6, False), (12.0, 0.9, True), (18.0, 1.2, True), (26.0, 0.8, False))
    passers(stage, *walks)
    _children(stage)
    riders(stage, ("bicycle_basket", 9.0, False), ("e_bike", 30.0, False))
    return stage.play()


def _parents_wait(stage: Stage) -> None:
    for number, (x, until_s) in enumerate(((10.6, 30.0), (13.0, 42.0), (18.2, 36.0))):
        parent = stage.person(f"parent-{number + 1}", looks(stage, 10 + number, age=Age.MIDDLE), (x, 2.25))
        parent.wait_until(until_s).walk_to((34.0 if number % 2 else -6.0, 1.3)).gone()


def _children(stage: Stage) -> None:
    for number, from_s in enumerate((14.0, 16.5, 24.0)):
        child = stage.person(f"child-{number + 1}", looks(stage, 20 + number, age=Age.CHILD), (-6.0, 1.2), from_s=from_s)
        child.walk_to((17.4 - number, -0.1)).wait(4.0, pose=Pose.TALK).walk_to((35.0, 1.1)).gone()
