"""A van brings fruit; the crates stand beside it for less than the loading grace and are carried in."""

from sample_videos.generator.ground import roadside_place
from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Prop, Stage
from sample_videos.generator.values import Age, Conditions, Scenario

SCENARIO = Scenario(
    name="loading",
    title="A delivery within the loading grace",
    street="feng",
    camera_id="CAM26",
    starts_at="2026-05-18T10:20:00+08:00",
    length_s=98.0,
    fps=10,
    seed=26,
    dwell=dwell(loading_grace_s=90.0),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=3, conditions=Conditions(sun_azimuth=1.4, sun_elevation=0.9))
    own_goods(stage, [("basket_row", (9.6, -0.4))])
    stage.put("bicycle_shared", (20.3, 3.4), turn=1.4)
    van = stage.drive("van", [(-18.0, 5.6), (8.0, 5.6), (13.0, 5.05), (17.3, 5.05)], 2.0, 5.5)
    crates = _unloaded(stage, van)
    _carried_in(stage, crates, van)
    talkers(stage, (15.2, 0.9), 60.0, leave_at=(32.0, 1.2))
    passers(stage, (1.0, 1.3, False), (30.0, 1.0, True), (62.0, 1.4, False))
    return stage.play()


def _unloaded(stage: Stage, van: Prop) -> list[Prop]:
    driver = stage.person("driver", looks(stage, 1, age=Age.MIDDLE, female=False), (19.2, 3.55), from_s=van.arrived_s + 2.0)
    crates = [stage.prop("crate_plastic_fruit", group="delivery") for _ in range(3)]
    for crate, at, z in zip(crates, ((13.5, 4.45),) * 3, (0.0, 0.32, 0.64), strict=True):
        driver.walk_to((14.1, 5.1), road=True).take(crate).put_down(crate, at, z=z, road=True)
    driver.walk_to((19.2, 3.55), road=True).gone()
    return crates


def _carried_in(stage: Stage, crates: list[Prop], van: Prop) -> None:
    inside = stage.inside("YF-0103")
    keeper = stage.person("fruit-seller", looks(stage, 2, age=Age.MIDDLE, female=True), inside)
    keeper.wait_until(max(crate.arrived_s for crate in crates) + 2.0)
    for crate in reversed(crates):
        keeper.take_in(crate, inside=inside, road=True)
    why = "unloaded beside the van and carried in within the loading grace"
    stage.pavement_piling("fruit delivered", crates, why, place=roadside_place(stage.plan), excused_by="loading")
    gone_s = max(crate.left_s for crate in crates) + 6.0
    stage.drive(van, [(van.placed.x, van.placed.y), (22.0, 5.4), (50.0, 5.6)], gone_s, 5.5)
