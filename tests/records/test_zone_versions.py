"""Versions of zones: kept for good, with who drew them, and in force only where the records hold."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from threading import Event

import pytest

from pipeline.errors import RecordError
from pipeline.records import AuditEntry, Records
from pipeline.zones import CameraZones
from tests.records.conftest import Place
from tests.records.samples import CAMERA, GEOJSON, START, ZONES


def drawn(number: int, day: date = date(2024, 1, 31)) -> tuple[CameraZones, bytes]:
    """A version with its file."""
    geojson = GEOJSON + b" " * number
    return replace(ZONES, version=f"{number}-{sha256(geojson).hexdigest()[:12]}", drawn_on=day, reason=f"改 {number}"), geojson


def told(number: int) -> AuditEntry:
    return AuditEntry(START, "li.min", "zones/saved", f"camera/{CAMERA.id}", {"after": str(number)}, "10.0.0.7")


def test_versions_come_newest_first_with_who_saved_them(records: Records) -> None:
    records.save_camera(CAMERA)
    records.save_zones(ZONES, GEOJSON)
    for number in (4, 5):
        zones, geojson = drawn(number)
        records.save_zones(zones, geojson, saved_at=START + timedelta(minutes=number), saved_by="li.min", audit=(told(number),))
    rows = records.zone_versions(CAMERA.id)
    assert [(row.version.partition("-")[0], row.saved_by) for row in rows] == [("5", "li.min"), ("4", "li.min"), ("3", None)]
    assert [row.saved_at for row in rows] == [START + timedelta(minutes=5), START + timedelta(minutes=4), None]
    newest = rows[0]
    assert (newest.sha256, newest.author, newest.drawn_on, newest.reason) == (
        sha256(drawn(5)[1]).hexdigest(),
        "王",
        date(2024, 1, 31),
        "改 5",
    )
    assert [row.detail for row in records.accounts.list_audit()] == [{"after": "5"}, {"after": "4"}]
    assert records.zone_versions("cam99") == ()


def test_files_that_were_drawn_elsewhere_are_sorted_by_the_day_that_they_name(records: Records) -> None:
    records.save_camera(CAMERA)
    for number, day in ((4, date(2024, 3, 1)), (5, date(2023, 1, 1)), (6, date(2024, 2, 1))):
        records.save_zones(*drawn(number, day))
    assert [row.version.partition("-")[0] for row in records.zone_versions(CAMERA.id)] == ["4", "6", "5"]


def test_the_same_version_again_keeps_who_saved_it_first(records: Records) -> None:
    records.save_camera(CAMERA)
    zones, geojson = drawn(4)
    records.save_zones(zones, geojson, saved_at=START, saved_by="li.min")
    records.save_zones(zones, geojson)
    (row,) = records.zone_versions(CAMERA.id)
    assert (row.saved_at, row.saved_by) == (START, "li.min")


def failing(error: Exception) -> Callable[[], None]:
    def put() -> None:
        raise error

    return put


@pytest.mark.parametrize("error", [OSError("no room"), RecordError("the database is gone"), ValueError("stale")])
def test_where_the_file_is_not_put_in_its_place_nothing_is_on_record(records: Records, error: Exception) -> None:
    records.save_camera(CAMERA)
    zones, geojson = drawn(4)
    with pytest.raises(type(error), match=str(error)):
        records.save_zones(zones, geojson, saved_at=START, saved_by="li.min", audit=(told(4),), put=failing(error))
    assert records.zone_versions(CAMERA.id) == ()
    assert records.accounts.list_audit() == ()


def test_a_camera_that_is_not_known_has_no_zones(records: Records) -> None:
    put: list[str] = []
    with pytest.raises(RecordError, match="no such camera"):
        records.save_zones(ZONES, GEOJSON, put=lambda: put.append("put"))
    assert put == []


def test_while_a_file_is_put_in_its_place_nobody_else_saves_zones_of_that_camera(place: Place) -> None:
    with Records.open(place.url, busy_timeout_s=30) as records, Records.open(place.url, busy_timeout_s=30) as other:
        records.save_camera(CAMERA)
        order: list[str] = []
        holding, go_on = Event(), Event()

        def slowly() -> None:
            holding.set()
            assert go_on.wait(20)
            order.append("first")

        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(records.save_zones, *drawn(4), put=slowly)
            assert holding.wait(20)
            second = pool.submit(other.save_zones, *drawn(5), put=lambda: order.append("second"))
            assert not second.done()
            go_on.set()
            first.result(30)
            second.result(30)
        assert order == ["first", "second"]
        assert len(records.zone_versions(CAMERA.id)) == 2
