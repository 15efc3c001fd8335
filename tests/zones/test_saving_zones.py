"""Zones that were drawn come into force together with their records, or nothing changes."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as PillowImage

from pipeline.config import CameraSettings, DoorlineSettings
from pipeline.errors import RecordError
from pipeline.records import Records
from pipeline.revising.saving_zones import (
    CleanPicture,
    Drawing,
    RefusedZonesError,
    StaleZonesError,
    ZonesNotWrittenError,
    check_drawing,
    proposed_version,
    save_drawing,
    zone_file,
)
from pipeline.zones import CameraZones
from pipeline.zones.zone_faults import FaultCode
from pipeline.zones.zone_files import load_zones
from pipeline.zones.zone_writing import ZoneDraft
from tests.zones.test_zone_files import BOW_TIE
from tests.zones.zone_data import feature, square, write_zones

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


class Office:
    """A camera with a zone file and records."""

    def __init__(self, folder: Path, records: Records) -> None:
        self.folder = folder
        self.records = records
        self.path = folder / "zones" / "cam01.geojson"
        self.path.parent.mkdir()
        write_zones(self.path.parent, [feature(square(0.1, 0.1))], version="2026.1", reference="empty.jpg")
        PillowImage.new("RGB", (192, 108), (90, 90, 90)).save(self.path.parent / "empty.jpg")
        self.camera = CameraSettings(id="cam01", name="路口", zones=self.path)
        self.first = self.path.read_bytes()

    def drawing(self, *features: Any, picture: CleanPicture | None = None, **changes: Any) -> Drawing:
        base = zone_file(self.path).sha256
        draft = ZoneDraft(features or (feature(square(0.3, 0.3)),), [1920, 1080], "Asia/Shanghai", "2026.2", "门口外移", "keep", base)
        settings = DoorlineSettings(cameras=(self.camera,))
        return Drawing(settings, self.camera, None, replace(draft, **changes), "李敏", NOW, date(2026, 7, 1), picture)

    def save(self, drawing: Drawing) -> CameraZones:
        return save_drawing(self.records, drawing, by="li.min", remote="10.0.0.7")

    def load(self) -> CameraZones:
        return load_zones(self.path, camera_id="cam01", shops=None)

    def versions(self) -> list[str]:
        return [row.version.rpartition("-")[0] for row in self.records.zone_versions("cam01")]

    def files(self) -> set[str]:
        return {path.name for path in self.path.parent.iterdir()}

    def audit(self) -> list[tuple[str, str]]:
        return [(row.did, row.subject) for row in self.records.accounts.list_audit()]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=5) as records:
        yield Office(tmp_path, records)


def jpeg(colour: int = 120, size: tuple[int, int] = (192, 108)) -> CleanPicture:
    stream = io.BytesIO()
    PillowImage.new("RGB", size, (colour, colour, colour)).save(stream, "JPEG")
    return CleanPicture(stream.getvalue(), ".jpg")


def test_what_was_drawn_is_in_force_and_on_record(office: Office) -> None:
    before = office.load()
    zones = office.save(office.drawing())
    assert office.load() == zones
    assert (zones.author, zones.reason, zones.drawn_on) == ("李敏", "门口外移", date(2026, 7, 1))
    assert zones.reference == office.path.parent / "empty.jpg"
    new, old = office.records.zone_versions("cam01")
    assert (new.version, new.saved_at, new.saved_by, new.author) == (zones.version, NOW, "li.min", "李敏")
    assert (old.version, old.saved_at, old.saved_by) == (before.version, None, None)
    assert office.records.zone_geojson("cam01", old.version) == office.first
    assert office.records.zone_geojson("cam01", new.version) == office.path.read_bytes()
    (told,) = office.records.accounts.list_audit()
    assert (told.did, told.subject, told.account, told.remote) == ("zones/saved", "camera/cam01", "li.min", "10.0.0.7")
    assert told.detail == {"before": before.version, "after": zones.version, "reason": "门口外移"}
    assert office.files() == {"cam01.geojson", "empty.jpg"}


def test_a_camera_gets_its_first_zones(office: Office) -> None:
    office.path.unlink()
    assert zone_file(office.path).sha256 == ""
    zones = office.save(office.drawing(version="2026-07-01.1"))
    assert office.load() == zones
    assert zones.reference is None
    assert office.versions() == ["2026-07-01.1"]


def test_an_earlier_version_can_be_put_back_byte_for_byte_as_a_new_one(office: Office) -> None:
    office.save(office.drawing())
    old = office.records.zone_versions("cam01")[1]
    features = json.loads(office.records.zone_geojson("cam01", old.version))["features"]
    restored = office.save(office.drawing(*features, version="2026.3", reason="恢复"))
    assert restored.zones == office.load().zones
    assert [zone.polygon.exterior.coords[0] for zone in restored.zones] == [(0.1, 0.1)]
    assert office.versions() == ["2026.3", "2026.2", "2026.1"]


# --- refusals ----------------------------------------------------------------------------------------------


def test_a_draft_of_another_file_is_stale(office: Office) -> None:
    drawing = office.drawing()
    office.save(office.drawing(feature(square(0.6, 0.6)), version="2026.3"))
    in_force = office.path.read_bytes()
    with pytest.raises(StaleZonesError, match=r"version 2026\.3-\w+ by 李敏"):
        office.save(drawing)
    assert office.path.read_bytes() == in_force
    assert len(office.versions()) == 2


def test_a_first_draft_is_stale_where_there_is_a_file_by_now_and_the_other_way_round(office: Office) -> None:
    with pytest.raises(StaleZonesError):
        office.save(office.drawing(base_sha256=""))
    drawing = office.drawing()
    office.path.unlink()
    with pytest.raises(StaleZonesError, match="found no file"):
        office.save(drawing)
    assert not office.path.exists()


def test_faults_are_refused_with_their_feature_and_nothing_changes(office: Office) -> None:
    with pytest.raises(RefusedZonesError) as caught:
        office.save(office.drawing(feature(square(0.3, 0.3)), feature(BOW_TIE, id="bow"), reason=""))
    told = {(fault.code, fault.feature_id, fault.number, fault.member) for fault in caught.value.faults}
    assert told == {(FaultCode.CROSSES_ITSELF, "bow", 2, ""), (FaultCode.WRONG, None, None, "reason")}
    assert office.path.read_bytes() == office.first
    assert (office.versions(), office.audit()) == ([], [])


def test_a_version_is_given_once(office: Office) -> None:
    office.save(office.drawing())
    for version in ("2026.1", "2026.2"):
        with pytest.raises(RefusedZonesError) as caught:
            office.save(office.drawing(feature(square(0.6, 0.6)), version=version))
        assert [(fault.code, fault.member) for fault in caught.value.faults] == [(FaultCode.VERSION_TAKEN, "version")]
    assert proposed_version(zone_file(office.path), [row.version for row in office.records.zone_versions("cam01")], NOW.date()) == "2026.3"


def test_a_folder_that_may_not_be_written_to_is_told_and_nothing_changes(office: Office) -> None:
    # A folder in the way of the file that is written aside: refused to everybody, whatever their rights.
    (office.path.parent / "cam01.geojson.partial").mkdir()
    with pytest.raises(ZonesNotWrittenError, match="cannot write zones"):
        office.save(office.drawing(picture=jpeg()))
    assert office.path.read_bytes() == office.first
    assert (office.versions(), office.audit()) == (["2026.1"], [])
    assert office.files() == {"cam01.geojson", "empty.jpg", "cam01.geojson.partial"}


def test_a_file_that_cannot_be_read_is_not_replaced(office: Office) -> None:
    drawing = office.drawing()
    office.path.unlink()
    office.path.mkdir()
    with pytest.raises(ZonesNotWrittenError, match="cannot read zones"):
        office.save(drawing)


def test_records_that_refuse_leave_the_file_as_it_was(office: Office) -> None:
    with sqlite3.connect(office.folder / "doorline.db") as database:
        database.execute("CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END")
    with pytest.raises(RecordError):
        office.save(office.drawing(picture=jpeg()))
    assert office.path.read_bytes() == office.first
    assert office.versions() == ["2026.1"]
    assert office.files() == {"cam01.geojson", "empty.jpg"}


def test_records_that_fail_at_the_very_end_put_the_old_file_back(office: Office) -> None:
    """The transaction can't be completed after the file was put in its place."""

    class Failing:
        def __init__(self, records: Records) -> None:
            self._records = records

        def __getattr__(self, name: str) -> Any:
            return getattr(self._records, name)

        def save_zones(self, zones: CameraZones, geojson: bytes, **more: Any) -> None:
            put = more.pop("put", None)

            def and_then_fail() -> None:
                put()
                assert office.path.read_bytes() == geojson
                raise RecordError("the disk is full")

            self._records.save_zones(zones, geojson, **more, put=and_then_fail if put else None)

    failing: Any = Failing(office.records)
    with pytest.raises(RecordError, match="the disk is full"):
        save_drawing(failing, office.drawing(picture=jpeg()), by="li.min", remote="")
    assert office.path.read_bytes() == office.first
    assert office.versions() == ["2026.1"]
    assert office.files() == {"cam01.geojson", "empty.jpg"}
    office.path.unlink()
    with pytest.raises(RecordError):
        save_drawing(failing, office.drawing(), by="li.min", remote="")
    assert not office.path.exists()


def test_a_machine_that_died_between_file_and_records_loses_nothing(office: Office) -> None:
    office.save(office.drawing())
    # What is left where the file was renamed and the transaction never ended: a file that the records do not know.
    left = office.path.read_text(encoding="utf-8").replace("2026.2", "2026.5")
    office.path.write_text(left, encoding="utf-8")
    zones = office.save(office.drawing(feature(square(0.6, 0.6)), version="2026.6"))
    assert set(office.versions()) == {"2026.1", "2026.2", "2026.5", "2026.6"}
    kept = next(row for row in office.records.zone_versions("cam01") if row.version.startswith("2026.5"))
    assert office.records.zone_geojson("cam01", kept.version) == left.encode()
    assert office.load() == zones


def test_a_file_that_the_records_can_not_describe_is_kept_beside(office: Office) -> None:
    broken = b'{"type": "FeatureCollection", "features": ['
    office.path.write_bytes(broken)
    office.save(office.drawing(base_sha256=hashlib.sha256(broken).hexdigest()))
    aside = office.path.with_name(f"cam01.geojson.{hashlib.sha256(broken).hexdigest()[:12]}.replaced")
    assert aside.read_bytes() == broken
    assert office.versions() == ["2026.2"]


def test_of_two_at_once_one_comes_into_force_and_the_other_is_told(office: Office) -> None:
    drawings = [office.drawing(feature(square(0.1 * number, 0.3)), version=f"2026.{number}") for number in range(2, 8)]
    results: list[str] = []
    start = threading.Barrier(len(drawings))

    def save(drawing: Drawing) -> None:
        start.wait()
        try:
            results.append(office.save(drawing).version)
        except StaleZonesError:
            results.append("stale")

    threads = [threading.Thread(target=save, args=(drawing,)) for drawing in drawings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("stale") == len(drawings) - 1
    (winner,) = [each for each in results if each != "stale"]
    assert office.load().version == winner
    assert {row.version for row in office.records.zone_versions("cam01") if row.saved_at} == {winner}
    assert len(office.audit()) == 1


# --- reference pictures --------------------------------------------------------------------------------------


def test_a_new_reference_picture_is_written_under_a_name_of_its_own(office: Office) -> None:
    zones = office.save(office.drawing(picture=jpeg(120)))
    assert zones.reference == office.path.parent / "cam01_reference_2026.2.jpg"
    assert zones.reference.read_bytes() == jpeg(120).data
    again = office.save(office.drawing(version="2026.3"))
    assert again.reference == zones.reference, "kept"
    (office.path.parent / "cam01_reference_2026.4.jpg").write_bytes(b"somebody else's")
    third = office.save(office.drawing(version="2026.4", picture=jpeg(130)))
    assert third.reference == office.path.parent / "cam01_reference_2026.4_2.jpg"
    assert office.files() >= {"empty.jpg", "cam01_reference_2026.2.jpg", "cam01_reference_2026.4.jpg"}


def test_a_reference_picture_of_another_shape_is_refused_before_it_is_written(office: Office) -> None:
    with pytest.raises(RefusedZonesError) as caught:
        office.save(office.drawing(picture=jpeg(size=(176, 144))))
    assert [fault.code for fault in caught.value.faults] == [FaultCode.REFERENCE_SHAPE]
    assert office.files() == {"cam01.geojson", "empty.jpg"}


def test_a_reference_picture_that_is_gone_is_told_and_not_named_any_more(office: Office) -> None:
    (office.path.parent / "empty.jpg").unlink()
    present = zone_file(office.path)
    found = check_drawing(office.drawing(), present, ())
    assert (found.faults, [warning.code for warning in found.warnings]) == ((), [FaultCode.REFERENCE_MISSING])
    assert office.save(office.drawing()).reference is None


def test_a_draft_may_do_without_a_reference_picture(office: Office) -> None:
    assert office.save(office.drawing(reference="none")).reference is None
