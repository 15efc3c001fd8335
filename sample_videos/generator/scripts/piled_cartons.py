"""A shop piles its empty cartons on the public strip at the kerb and leaves them."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import looks, own_goods, passers, riders, talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Light, Scenario

SCENARIO = Scenario(
    name="piled_cartons",
    title="Cartons piled on the pavement",
    street="huai",
    camera_id="CAM22",
    starts_at="2026-05-13T14:05:00+08:00",
    length_s=72.0,
    fps=10,
    seed=22,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(light=Light.OVERCAST, sun_elevation=0.9))
    own_goods(stage, [("rice_sacks", (10.0, -0.45)), ("tyre_stack", (4.6, -0.4))])
    stage.put("motorcycle", (12.6, 2.3), turn=1.5)
    _cartons_are_piled(stage)
    talkers(stage, (4.4, 0.8), 38.0, leave_at=(26.0, 1.0))
    passers(stage, (0.5, 1.1, False), (22.0, 0.8, True), (44.0, 1.0, False))
    riders(stage, ("tricycle_loaded", 14.0, True), ("e_bike_delivery", 47.0, False))
    return stage.play()


def _cartons_are_piled(stage: Stage) -> None:
    store = stage.inside("YH-0105")
    helper = stage.person("helper", looks(stage, 1, age=Age.YOUNG, female=False), store)
    cartons = [stage.prop("carton", group="cartons") for _ in range(2)]
    helper.wait_until(3.0)
    helper.carry_out(cartons[0], (7.2, 2.18), inside=store)
    helper.carry_out(cartons[1], (7.72, 2.15), inside=store, turn=0.08)
    helper.walk_to(store)
    stage.pavement_piling("cartons piled", cartons, "cartons piled at the kerb, nobody trades from them")
