"""A violation and its row, also where there is no picture of it any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from pipeline.config import DoorlineSettings
from pipeline.records import Records, SourceStart
from pipeline.settling import SettledViolation
from pipeline.shops import ShopRegistry
from pipeline.storing import JudgedSource, ViolationStore
from pipeline.types import Target, TargetKind
from tests.evidence import scene

CORNER = Target(TargetKind.PLACE, (), "corner")
OPENED = SettledViolation(scene.violation(target=CORNER, cleared_at=None), ())
CLEARED = SettledViolation(scene.violation(target=CORNER), ())


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path / 'doorline.db'}") as records:
        records.start_run(scene.run_info(), "doorline run")
        records.save_camera(scene.CAMERA)
        records.save_zones(scene.zones(None), b"{}")
        records.save_shops(ShopRegistry({}))
        yield records


@pytest.fixture
def store(records: Records, tmp_path: Path) -> ViolationStore:
    settings = DoorlineSettings.model_validate(
        {"cameras": [{"id": "CAM01", "zones": "zones.geojson"}], "evidence": {"folder": str(tmp_path / "evidence")}}
    )
    return ViolationStore(settings, scene.run_info(), records, ShopRegistry({}), scene.CAMERA, scene.zones(None))


@pytest.fixture
def source(records: Records) -> JudgedSource:
    number = records.start_source("run-1", SourceStart("street.mp4", "CAM01", scene.CLOCK, None))
    looks = scene.observations()
    return JudgedSource(
        number, "street.mp4", scene.CLOCK, lambda start, end: tuple(seen for seen in looks if start <= seen.captured_at <= end)
    )


def test_a_violation_of_which_there_is_no_picture_has_a_row_that_says_so(
    store: ViolationStore, source: JudgedSource, records: Records
) -> None:
    store.store_bare(CLEARED, source, "nothing was kept")
    detail = records.violation("v0001")
    assert (detail.violation.manifest_sha256, detail.violation.complete) == (None, False)
    assert detail.violation.missing == ("all: nothing was kept",)


def test_what_was_proven_stays_where_nothing_is_left_of_what_came_after(
    store: ViolationStore, source: JudgedSource, records: Records, tmp_path: Path
) -> None:
    store.store(OPENED, source, scene.ClipFootage(scene.street_clip(tmp_path / "street.mp4")))
    before = records.violation("v0001")
    assert before.violation.manifest_sha256
    store.store_bare(CLEARED, source, "nothing was kept")
    after = records.violation("v0001")
    assert after.violation.cleared_at == scene.at(scene.CLEARED_S)
    assert (after.evidence, after.violation.manifest_sha256) == (before.evidence, before.violation.manifest_sha256)
    assert after.violation.complete is False
    assert after.violation.missing == ("what came after: nothing was kept",)


def test_media_times_count_from_the_beginning_of_the_source(source: JudgedSource) -> None:
    assert source.media(scene.START + timedelta(seconds=7.5)) == 7.5
