"""Zones, shop list and settings of the samples: the product accepts all of them without a word."""

from datetime import date
from pathlib import Path

import cv2
import numpy as np
import pytest
import shapely

from pipeline.config_files import load_settings
from pipeline.shops import load_shops
from pipeline.zones import CameraZones, ZoneKind
from pipeline.zones.zone_files import check_zones
from sample_videos.generator.camera import Projection
from sample_videos.generator.papers import write_papers
from sample_videos.generator.script import load, names
from sample_videos.generator.streets import STREETS

CLIPS = names()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All papers, with grey pictures in the place of the reference pictures."""
    folder = tmp_path_factory.mktemp("papers")
    write_papers(folder)
    for name in CLIPS:
        play = load(name)
        pose = play.state(0.0).camera
        grey = np.full((pose.height, pose.width, 3), 120, np.uint8)
        cv2.imwrite(str(folder / f"zones/samples/{play.scenario.camera_id}_reference.jpg"), grey)
    return folder


def _zones(root: Path, name: str) -> CameraZones:
    report = check_zones(load_settings(root / f"configs/samples/{name}.yaml"), on=date(2026, 5, 12))
    assert not report.faults, report.faults
    assert not report.warnings, report.warnings
    return report.cameras[0]


@pytest.mark.parametrize("name", CLIPS)
def test_the_product_accepts_the_papers_of_each_clip(root: Path, name: str) -> None:
    zones = _zones(root, name)
    assert zones.of_kind(ZoneKind.SHOPFRONT)
    assert len(zones.of_kind(ZoneKind.FRONTAGE)) >= 2
    assert zones.of_kind(ZoneKind.PUBLIC)


def test_one_configuration_holds_all_clips(root: Path) -> None:
    settings = load_settings(root / "configs/samples.yaml")
    report = check_zones(settings, on=date(2026, 5, 12))
    assert not report.faults, report.faults
    assert len(report.cameras) == len(CLIPS)


def test_every_shop_of_every_street_is_listed_once(root: Path) -> None:
    shops = load_shops(root / "zones/samples/shops.csv")
    codes = [unit.code for plan in STREETS.values() for unit in plan.units]
    assert sorted(shops.tenancies) == sorted(codes)
    tenant = shops.tenant_on("YT-0102", date(2026, 5, 12))
    assert tenant is not None
    assert tenant.name == "惠家水果"


def test_zones_lie_where_the_plan_says(root: Path) -> None:
    zones = _zones(root, "three_kinds")
    play = load("three_kinds")
    projection = Projection(play.state(0.0).camera)
    unit = next(unit for unit in play.plan.units if unit.code == "YT-0102")
    before, within = projection.to_picture([(6.3, unit.door_y + 0.3, 0.0), (6.3, unit.door_y - 0.3, 0.0)])
    frontage = next(zone for zone in zones.of_kind(ZoneKind.FRONTAGE) if zone.shop_code == unit.code)
    shopfront = next(zone for zone in zones.of_kind(ZoneKind.SHOPFRONT) if zone.shop_code == unit.code)
    assert frontage.polygon.contains(shapely.Point(before))
    assert not frontage.polygon.contains(shapely.Point(within))
    assert shopfront.polygon.contains(shapely.Point(within))


def test_the_permitted_area_has_its_hours_and_shops(root: Path) -> None:
    permitted = _zones(root, "permitted_hours").of_kind(ZoneKind.PERMITTED)
    assert [set(zone.shop_codes) for zone in permitted] == [{"YX-0103", "YX-0104"}]


def test_papers_are_the_same_every_time(root: Path, tmp_path: Path) -> None:
    written = write_papers(tmp_path)
    for path in written:
        assert path.read_bytes() == (root / path.relative_to(tmp_path)).read_bytes()
