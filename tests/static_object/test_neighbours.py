"""Things side by side: what is put down next to something is a thing of its own."""

from __future__ import annotations

from dataclasses import replace

from shapely.geometry import box as rectangle

from pipeline.types import BoundingBox, Image
from pipeline.zones import CameraZones, Zone, ZoneKind
from tests.static_object.scenery import detector, put_bag, show, sure_of, watch, zones

SECONDS = [float(s) for s in range(40)]
FIRST = BoundingBox(0.40, 0.60, 0.48, 0.74)
SECOND = BoundingBox(0.48, 0.60, 0.56, 0.74)
BEHIND = BoundingBox(0.40, 0.46, 0.48, 0.60)


def _both(second: float, image: Image) -> Image:
    if second >= 6:
        put_bag(image, FIRST)
    if second >= 18:
        put_bag(image, SECOND, (60, 120, 190))
    return image


def _own_crate_behind(second: float, image: Image) -> Image:
    if second >= 4:
        put_bag(image, BEHIND, (60, 120, 190))
    if second >= 9:
        put_bag(image, FIRST)
    return image


def _pavement_below(y: float) -> CameraZones:
    drawn = zones()
    return replace(drawn, zones=(Zone("pavement", ZoneKind.PUBLIC, rectangle(0, y, 1, 1), name="Pavement", place="Pavement"),))


def test_what_is_put_down_beside_a_known_thing_is_another_thing() -> None:
    sure = sure_of(watch(detector(), show(SECONDS, _both)))
    assert [len(look) for look in (sure[16], sure[-1])] == [1, 2]
    left, right = sorted(sure[-1], key=lambda found: found.box.x_min)
    assert left.box.iou(FIRST) > 0.5
    assert right.box.iou(SECOND) > 0.5
    assert left.standing_since is not None
    assert right.standing_since is not None
    assert (right.standing_since - left.standing_since).total_seconds() == 12


def test_a_crate_on_the_shops_own_ground_is_no_part_of_what_is_put_before_it() -> None:
    frames = show(SECONDS[:30], _own_crate_behind)
    (found,) = sure_of(watch(detector(_pavement_below(0.62)), frames))[-1]
    assert found.box.iou(FIRST) > 0.5
    assert found.standing_since is not None
    assert 8 <= (found.standing_since - frames[0].captured_at).total_seconds() <= 10
