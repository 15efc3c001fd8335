"""The demonstration: fruit before the door line, cartons on the pavement and a breakfast stall, in one street."""

from sample_videos.generator.script import Play
from sample_videos.generator.scripts.life import talkers
from sample_videos.generator.scripts.settings import dwell
from sample_videos.generator.stage import Stage
from sample_videos.generator.values import Age, Conditions, Looks, Scenario

SCENARIO = Scenario(
    name="three_kinds",
    title="All three kinds in one street",
    street="tong",
    camera_id="CAM24",
    starts_at="2026-05-12T09:42:00+08:00",
    length_s=76.0,
    fps=10,
    seed=24,
    dwell=dwell(),
)


def play() -> Play:
    """The scenario in time."""
    stage = Stage(SCENARIO, camera=0, conditions=Conditions(sun_azimuth=0.7, sun_elevation=0.75))
    _what_belongs_there(stage)
    _fruit_is_set_out(stage)
    _cartons_are_left(stage)
    _stall_arrives(stage)
    _people_pass(stage)
    return stage.play()


def _what_belongs_there(stage: Stage) -> None:
    """Near misses: goods on the shop's own ground, parked wheels, two who talk, a parked car."""
    stage.put("crate_row", (7.35, -0.42))
    stage.put("e_bike", (14.6, 3.6), turn=-1.5)
    stage.put("bicycle_basket", (18.9, 3.65), turn=1.6)
    stage.put("car_hatch", (21.0, 5.0), turn=-1.5708)
    talkers(stage, (11.4, 0.75), 41.0, leave_at=(27.0, 1.2))


def _fruit_is_set_out(stage: Stage) -> None:
    counter = stage.inside("YT-0102")
    keeper = stage.person("fruit-seller", Looks(2403, female=True, age=Age.MIDDLE), counter)
    crates = [stage.prop(thing, group="fruit") for thing in ("crate_plastic_fruit", "crate_wood_fruit", "crate_plastic_fruit")]
    keeper.wait_until(7.5)
    for crate, x in zip(crates, (5.0, 5.72, 6.44), strict=True):
        keeper.carry_out(crate, (x, 0.5), inside=counter)
    keeper.walk_to(counter)
    stage.beyond_shopfront("fruit set out", crates, ["YT-0102"], "crates before the door line, left there")


def _cartons_are_left(stage: Stage) -> None:
    store = stage.inside("YT-0103")
    helper = stage.person("helper", Looks(2404, female=False, age=Age.YOUNG), store)
    cartons = [stage.prop("carton", group="cartons") for _ in range(3)]
    helper.wait_until(10.0)
    helper.carry_out(cartons[0], (7.3, 2.68), inside=store)
    helper.carry_out(cartons[1], (7.8, 2.72), inside=store, turn=0.1)
    helper.carry_out(cartons[2], (7.54, 2.7), inside=store, z=0.32, turn=-0.08)
    helper.walk_to(store)
    stage.pavement_piling("cartons left", cartons, "cartons piled at the kerb, nobody trades from them")


def _stall_arrives(stage: Stage) -> None:
    vendor = stage.person("vendor", Looks(2405, female=False, age=Age.MIDDLE), (28.2, 2.5))
    cart = stage.put("stall_breakfast", (27.0, 2.5), turn=3.1416)
    vendor.push_to(cart, (10.6, 2.8))
    vendor.walk_to((10.6, 3.6)).wait(60.0, heading=-1.5708)
    stage.street_stall("breakfast stall", [cart], "a stall with its vendor on public ground")


def _people_pass(stage: Stage) -> None:
    buyer = stage.person("buyer", Looks(2406, female=True, age=Age.YOUNG), (26.0, 1.5), from_s=16.0)
    buyer.walk_to((10.9, 1.9)).wait(13.0, heading=1.5708).walk_to((-5.0, 1.7)).gone()
    stage.passer_by("passer-by-1", Looks(2407, female=False, age=Age.YOUNG), 1.0, y=1.9)
    stage.passer_by("passer-by-2", Looks(2408, female=True, age=Age.MIDDLE), 33.0, y=1.3, to_left=True)
    stage.drive_past("car_sedan", 24.0, near=False)
