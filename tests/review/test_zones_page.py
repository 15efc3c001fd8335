"""Zones in the console, as a page with scripts asks for them: who may, what is checked, tried, saved, brought in and put back."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image as PillowImage

from pipeline.config import Language
from pipeline.records import Records
from pipeline.review.wording import Wording
from pipeline.review.zone_views import fault_text, note_text
from pipeline.zones.import_shapes import ImportNote, NoteCode
from pipeline.zones.zone_faults import FaultCode, ZoneFault
from tests.records.samples import START
from tests.review.asking import Person, form_token
from tests.review.street import furnish_street, write_evidence
from tests.review.zone_office import BARE, CAMERA, FRUIT, INDOORS, NOW, ON_PAVEMENT, OTHER, ZoneOffice, furnish_zone_office
from tests.zones.exports import cvat, cvat_image, cvat_polygon, labelme, labelme_shape
from tests.zones.test_zone_files import BOW_TIE

JSON = {"accept": "application/json"}
HERE = f"/zones/{CAMERA}"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ZoneOffice]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=5) as records:
        yield furnish_zone_office(records, tmp_path)


class Drawer:
    """Somebody at the page of a camera."""

    def __init__(self, office: ZoneOffice, name: str = "ou", camera: str = CAMERA) -> None:
        self.person = Person(office.street, name)
        self.here = f"/zones/{camera}"
        self.token = form_token(self.person.get("/"))

    def get(self, place: str = "/current") -> httpx2.Response:
        return self.person.get(self.here + place, **JSON)

    @property
    def current(self) -> dict[str, Any]:
        answer = self.get()
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def draft(self, **changes: Any) -> dict[str, Any]:
        """Of what is in force, as the page makes it."""
        current = self.current
        whole = {
            "base_sha256": current["sha256"],
            "picture_px": current["picture_px"],
            "timezone": current["timezone"],
            "version": current["next_version"],
            "reason": "门口外移",
            "reference": "keep",
            "features": current["features"],
        }
        return whole | changes

    def send(self, what: str, draft: Any, token: str | None = None) -> httpx2.Response:
        text = draft if isinstance(draft, str) else json.dumps(draft, ensure_ascii=False)
        form = {"form_token": self.token if token is None else token, "draft": text}
        return self.person.client.post(f"{self.here}/{what}/draft", data=form, headers=JSON)

    def bring(self, raw: bytes, name: str = "export.json") -> httpx2.Response:
        form = {"form_token": self.token}
        return self.person.client.post(f"{self.here}/import", data=form, files={"file": (name, raw)}, headers=JSON)


def of(features: list[dict[str, Any]], feature_id: str) -> dict[str, Any]:
    (found,) = (each for each in features if each["properties"].get("id") == feature_id)
    return found


def move(features: list[dict[str, Any]], feature_id: str, *vertices: tuple[float, float], by: tuple[float, float]) -> None:
    """Move vertices of a feature that lie at these places."""
    (ring,) = of(features, feature_id)["geometry"]["coordinates"]
    places = [[round(number, 5) for number in vertex] for vertex in vertices]
    assert all(place in ring for place in places), ring
    ring[:] = [[vertex[0] + by[0], vertex[1] + by[1]] if vertex in places else vertex for vertex in ring]


DOOR = ((0.54983, 0.54106), (0.8121, 0.86349))
"""The door line of the fruit shop, the edge of its front and its frontage."""


def door_moved(features: list[dict[str, Any]], by: tuple[float, float]) -> list[dict[str, Any]]:
    move(features, f"{FRUIT}-shopfront", *DOOR, by=by)
    move(features, f"{FRUIT}-frontage", *DOOR, by=by)
    return features


# --- who may -------------------------------------------------------------------------------------------------


PLACES = ["/zones", HERE, f"{HERE}/current", f"{HERE}/export.geojson", f"{HERE}/pictures/reference"]


@pytest.mark.parametrize("place", PLACES)
def test_whoever_sees_the_district_may_look_and_squads_find_nothing(office: ZoneOffice, place: str) -> None:
    for name in ("ou", "ren", "an", "na"):
        assert Person(office.street, name).get(place).status_code == 200, name
    assert Person(office.street, "qiu").get(place).status_code == 404
    assert Person(office.street).get(place, **JSON).status_code == 401


def test_only_operators_draw(office: ZoneOffice) -> None:
    draft = Drawer(office).draft()
    for name in ("ren", "an", "na"):
        drawer = Drawer(office, name)
        for what in ("check", "try", "save"):
            answer = drawer.send(what, draft)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "forbidden"), (name, what)
        assert drawer.bring(labelme()).status_code == 403
    squad = Drawer(office, "qiu")
    for what in ("check", "try", "save"):
        assert squad.send(what, draft).status_code == 404
    assert office.records.zone_versions(CAMERA) == ()


def test_a_form_of_another_session_is_refused(office: ZoneOffice) -> None:
    drawer, other = Drawer(office), Drawer(office)
    for token in ("", "x", other.token):
        answer = drawer.send("save", drawer.draft(), token=token)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "form")


@pytest.mark.parametrize(
    "place", ["/zones/CAM77", "/zones/CAM77/current", "/zones/..%2f..%2fetc/current", f"{HERE}/versions/none", f"{HERE}/pictures/none"]
)
def test_what_there_is_not(office: ZoneOffice, place: str) -> None:
    assert Person(office.street, "ou").get(place, **JSON).status_code == 404


# --- what is in force ------------------------------------------------------------------------------------------


def test_a_page_gets_all_that_it_needs(office: ZoneOffice) -> None:
    office.watch([ON_PAVEMENT])
    current = Drawer(office).current
    assert current["sha256"] == hashlib.sha256(office.zone_file.read_bytes()).hexdigest()
    assert (current["version"], current["next_version"]) == (office.zones.version, "2026-05-12.1")
    assert (current["author"], current["drawn_on"], current["timezone"]) == ("示例值守", "2026-05-12", "Asia/Shanghai")
    assert (current["picture_px"], current["faults"], current["problem"], current["notice"]) == ([960, 540], [], "", "")
    assert len(current["features"]) == len(office.zones.zones)
    for feature, zone in zip(current["features"], office.zones.zones, strict=True):
        (ring,) = feature["geometry"]["coordinates"]
        assert ring == [list(vertex) for vertex in zone.polygon.exterior.coords][:-1], "not closed"
    assert [shop["code"] for shop in current["shops"]] == sorted(office.console.shops.tenancies if office.console.shops else ())
    assert {"code": FRUIT, "name": "惠家水果", "street": "样桐路"} in current["shops"]
    assert [camera["id"] for camera in current["cameras"]] == [OTHER]
    assert current["logs"] == {"until": NOW.isoformat(), "seconds": 300}
    (entry,) = current["history"]
    assert (entry["version"], entry["current"], entry["saved_at"], entry["url"]) == (office.zones.version, True, None, f"{HERE}/current")


def test_a_file_that_changes_is_seen_at_once(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    before = drawer.current
    office.zone_file.write_text(office.zone_file.read_text(encoding="utf-8").replace("示例值守", "李敏"), encoding="utf-8")
    after = drawer.current
    assert (before["author"], after["author"]) == ("示例值守", "李敏")
    assert before["sha256"] != after["sha256"]


def test_a_camera_without_zones_can_be_drawn(office: ZoneOffice) -> None:
    drawer = Drawer(office, camera=BARE)
    current = drawer.current
    assert (current["sha256"], current["version"], current["features"], current["history"]) == ("", "", [], [])
    assert (current["pictures"], current["picture_px"], current["logs"]) == ([], [1920, 1080], {"until": None, "seconds": 0})
    assert drawer.person.get(f"/zones/{BARE}").status_code == 200
    assert drawer.get("/export.geojson").status_code == 404
    polygon = {"type": "Polygon", "coordinates": [[[0.1, 0.5], [0.9, 0.5], [0.9, 1.0], [0.1, 1.0]]]}
    feature = {"type": "Feature", "properties": {"id": "p", "kind": "public", "place": "人行道"}, "geometry": polygon}
    answer = drawer.send("save", drawer.draft(features=[feature]))
    assert answer.status_code == 200, answer.text
    assert drawer.current["version"] == answer.json()["version"]
    assert len(drawer.current["features"]) == 1


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"{", "区域文件不是有效的 JSON"),
        (b'{"type": "FeatureCollection", "doorline": {}, "features": [7, {"geometry": {"type": "Point"}}]}', "不是一个区域"),
    ],
)
def test_a_broken_file_is_shown_as_far_as_it_goes(office: ZoneOffice, content: bytes, text: str) -> None:
    office.zone_file.write_bytes(content)
    drawer = Drawer(office)
    current = drawer.current
    assert text in [fault["text"] for fault in current["faults"]]
    assert all(feature["geometry"]["coordinates"] == [[]] for feature in current["features"])
    page = drawer.person.get("/zones")
    assert page.status_code == 200
    assert drawer.send("save", drawer.draft(features=office_features())).status_code == 200
    assert drawer.current["faults"] == []


def office_features() -> list[dict[str, Any]]:
    ring = [[0.1, 0.5], [0.9, 0.5], [0.9, 1.0], [0.1, 1.0]]
    properties = {"id": "p", "kind": "public", "place": "人行道"}
    return [{"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}}]


def test_a_file_that_cannot_be_read_is_told(office: ZoneOffice) -> None:
    office.zone_file.unlink()
    office.zone_file.mkdir()
    drawer = Drawer(office)
    assert "区域文件无法读取" in drawer.current["problem"]
    assert "区域文件无法读取" in drawer.person.get("/zones").text
    answer = drawer.send("save", {"base_sha256": "", "features": []})
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "zones_disk")


def test_the_list_shows_every_camera_with_its_faults(office: ZoneOffice) -> None:
    features = office.features()
    features[0]["properties"]["shop_code"] = "YT-9999"
    data = json.loads(office.zone_file.read_text(encoding="utf-8"))
    office.zone_file.write_text(json.dumps(data | {"features": features}), encoding="utf-8")
    page = Person(office.street, "ren").get("/zones").text
    for camera in (CAMERA, OTHER, BARE):
        assert f'href="/zones/{camera}"' in page
    assert "1 处错误" in page
    assert f"/zones/{CAMERA}/pictures/reference?" in page
    assert page.count("<polygon") >= 10


# --- checking ---------------------------------------------------------------------------------------------------


def test_what_is_in_force_is_in_order_and_a_missing_reason_is_no_fault_yet(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    answer = drawer.send("check", drawer.draft(reason="  "))
    assert answer.status_code == 200
    assert answer.json()["faults"] == []


def test_faults_are_told_at_the_feature_that_they_are_of(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    draft = drawer.draft()
    bow = {"type": "Feature", "properties": {"id": "bow", "kind": "ignore"}, "geometry": {"type": "Polygon", "coordinates": [BOW_TIE]}}
    nameless = {
        "type": "Feature",
        "properties": {"kind": "public"},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [0.1, 0], [0.1, 0.1]]]},
    }
    draft["features"] = [bow, *draft["features"], nameless]
    of(draft["features"], "kerbside")["properties"]["shop_code"] = FRUIT
    move(draft["features"], f"{FRUIT}-shopfront", *DOOR, by=(0.9, 0.0))
    answer = drawer.send("check", draft).json()
    told = [(fault["feature"], fault["number"], fault["field"], fault["text"]) for fault in answer["faults"]]
    names = [feature["properties"].get("id") for feature in draft["features"]]
    assert ("bow", 1, "", "边线自相交：边 1-2, 3-4 在（0.4000，0.4000）处相遇") in told
    assert ("kerbside", names.index("kerbside") + 1, "shop_code", "公共区域不属于某一家店铺，请去掉店铺编码") in told
    assert (None, len(names), "id", "缺少编号") in told
    assert (None, len(names), "place", "公共区域没有填写地点") not in told, "not before what it is is clear"
    assert (f"{FRUIT}-shopfront", names.index(f"{FRUIT}-shopfront") + 1, "") in [each[:3] for each in told]


def test_what_two_zones_have_to_do_with_each_other_names_both(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    draft = drawer.draft()
    copied = json.loads(json.dumps(of(draft["features"], f"{FRUIT}-shopfront")))
    copied["properties"] |= {"id": "copy", "shop_code": "YT-0104"}
    draft["features"].append(copied)
    (fault,) = drawer.send("check", draft).json()["faults"]
    assert (fault["feature"], fault["others"]) == (f"{FRUIT}-shopfront", ["copy"])
    assert fault["text"] == "与另一家店的店面重叠 100%，请移开公共边"


def test_warnings_are_of_today(office: ZoneOffice) -> None:
    assert office.console.settings.shops is not None
    text = office.console.settings.shops.read_text(encoding="utf-8").replace("2015-02-01,\n", "2015-02-01,2026-05-11\n", 1)
    office.console.settings.shops.write_text(text, encoding="utf-8")
    drawer = Drawer(office)
    warnings = drawer.send("check", drawer.draft()).json()["warnings"]
    assert {(each["feature"], each["text"]) for each in warnings} >= {(f"{FRUIT}-shopfront", f"{FRUIT} 在 2026-05-12 没有租户")}
    (shop,) = (shop for shop in drawer.current["shops"] if shop["code"] == FRUIT)
    assert shop["name"] == ""


def test_words_are_in_the_language_of_whoever_asks(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    drawer.person.client.post("/language", data={"lang": "en", "back": "/"})
    draft = drawer.draft(version=office.zones.version.rpartition("-")[0])
    (fault,) = drawer.send("check", draft).json()["faults"]
    assert (fault["field"], fault["text"]) == ("version", "Version 1 was given before: choose another")


@pytest.mark.parametrize("draft", ["", "{", "[]", '{"features": [1e999]}', '{"features": 7}', json.dumps({"features": [1] * 301})])
@pytest.mark.parametrize("what", ["check", "try", "save"])
def test_what_is_no_draft_is_told_in_one_line(office: ZoneOffice, what: str, draft: str) -> None:
    answer = Drawer(office).send(what, draft)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] in {"zones_draft", "fields"}


def test_a_body_larger_than_any_drawing_is_refused_before_it_is_read(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    assert drawer.send("save", '{"features": []}' + " " * 2**20).status_code == 413
    assert drawer.bring(b" " * (9 * 2**20)).status_code == 413


def test_odd_drafts_give_faults_and_no_error(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    odd: list[Any] = [
        {},
        {"features": [None, 7, {"properties": 7}, {"geometry": {"coordinates": [[None, ["a"]]]}}], "version": [], "reason": {}},
    ]
    odd[0] = {"features": [], "picture_px": "x", "timezone": 7, "reference": "../../etc/passwd"}
    for draft in odd:
        answer = drawer.send("check", draft)
        assert answer.status_code == 200, answer.text
        assert answer.json()["faults"]
        refused = drawer.send("save", {**draft, "base_sha256": drawer.current["sha256"]})
        assert (refused.status_code, refused.json()["error"]["code"]) == (422, "zones_refused")


# --- trying -----------------------------------------------------------------------------------------------------


def test_the_same_zones_make_the_same_of_the_last_looks(office: ZoneOffice) -> None:
    office.watch([ON_PAVEMENT])
    drawer = Drawer(office)
    answer = drawer.send("try", drawer.draft(reason="", version="")).json()
    assert (answer["new"], answer["lost"], answer["changed"], answer["looks"]) == ([], [], [], 151)
    assert (answer["since"], answer["until"]) == ((NOW - timedelta(seconds=300)).isoformat(), NOW.isoformat())
    (found,) = answer["same"]
    assert (found["kind"], found["shop_codes"], found["whose"], found["phase"]) == (
        "beyond_shopfront",
        [FRUIT],
        f"{FRUIT} 惠家水果",
        "confirmed",
    )
    assert found["box"] == [ON_PAVEMENT.x_min, ON_PAVEMENT.y_min, ON_PAVEMENT.x_max, ON_PAVEMENT.y_max]
    assert found["first_seen_at"] == answer["since"]
    assert found["dwell_s"] == pytest.approx(300)
    assert "没有划定区域" in answer["note"]


def test_moving_a_door_line_outwards_shows_what_would_be_reported_no_longer(office: ZoneOffice) -> None:
    office.watch([ON_PAVEMENT])
    drawer = Drawer(office)
    answer = drawer.send("try", drawer.draft(features=door_moved(drawer.current["features"], (-0.14, 0.06)))).json()
    assert (answer["new"], answer["same"], answer["changed"]) == ([], [], [])
    assert [found["shop_codes"] for found in answer["lost"]] == [[FRUIT]]
    assert office.records.zone_versions(CAMERA) == (), "nothing is saved"


def test_moving_a_door_line_inwards_shows_what_would_be_reported(office: ZoneOffice) -> None:
    office.watch([INDOORS])
    drawer = Drawer(office)
    features = drawer.current["features"]
    for feature_id in (f"{FRUIT}-shopfront", f"{FRUIT}-frontage"):
        move(features, feature_id, DOOR[0], by=(0.058, -0.025))
    answer = drawer.send("try", drawer.draft(features=features)).json()
    assert (answer["lost"], answer["same"], answer["changed"]) == ([], [], [])
    assert [(found["kind"], found["whose"]) for found in answer["new"]] == [("beyond_shopfront", f"{FRUIT} 惠家水果")]


def test_faults_are_told_before_anything_is_tried(office: ZoneOffice) -> None:
    office.watch([ON_PAVEMENT])
    drawer = Drawer(office)
    draft = drawer.draft(features=[])
    answer = drawer.send("try", draft)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "zones_refused")
    assert answer.json()["faults"][0]["text"].startswith("没有任何需要看管的地面")


def test_a_camera_that_was_never_watched_has_nothing_to_try_on(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    answer = drawer.send("try", drawer.draft())
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "no_looks")


# --- saving -----------------------------------------------------------------------------------------------------


def test_what_is_saved_is_in_force_on_record_and_in_the_audit(office: ZoneOffice) -> None:
    drawer, before = Drawer(office), office.zones
    draft = drawer.draft(features=door_moved(drawer.current["features"], (-0.02, 0.01)))
    answer = drawer.send("save", draft)
    assert answer.status_code == 200, answer.text
    saved = answer.json()
    assert saved["url"] == HERE
    assert "几秒内" in saved["told"]
    assert office.zones.version == saved["version"]
    assert (office.zones.author, office.zones.reason) == ("欧值守", "门口外移")
    assert office.zones.reference == before.reference
    current = drawer.current
    assert [(each["version"], each["current"], each["saved_by"]) for each in current["history"]] == [
        (saved["version"], True, "欧值守"),
        (before.version, False, ""),
    ]
    assert (current["recorded"], current["notice"]) == (True, "")
    (told,) = office.records.accounts.list_audit(did="zones/saved")
    assert (told.account, told.subject) == ("ou", f"camera/{CAMERA}")
    assert told.detail == {"before": before.version, "after": saved["version"], "reason": "门口外移"}
    audit = Person(office.street, "an").get(f"/audit?subject=camera/{CAMERA}").text
    assert "zones/saved" in audit


def test_an_earlier_version_is_shown_and_put_back(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    old = drawer.current
    drawer.send("save", drawer.draft(features=door_moved(drawer.current["features"], (-0.02, 0.01))))
    earlier = next(each for each in drawer.current["history"] if each["version"] == old["version"])
    kept = drawer.person.get(earlier["url"], **JSON).json()
    assert (kept["features"], kept["picture_px"], kept["version"]) == (old["features"], old["picture_px"], old["version"])
    answer = drawer.send("save", drawer.draft(features=kept["features"], reason="恢复"))
    assert answer.status_code == 200
    assert drawer.current["features"] == old["features"]
    assert len(drawer.current["history"]) == 3


def test_who_comes_second_is_told_and_loses_nothing(office: ZoneOffice) -> None:
    first, second = Drawer(office), Drawer(office)
    mine = second.draft()
    taken = first.send("save", first.draft()).json()
    answer = second.send("save", mine)
    assert answer.status_code == 409
    told = answer.json()["error"]
    assert (told["code"], told["text"]) == ("zones_stale", "其间 欧值守 已保存版本 2026-05-12.1，您的草稿仍在")
    assert (told["version"], told["author"]) == (taken["version"], "欧值守")
    assert second.send("check", mine).status_code == 200, "it can still be checked"
    again = second.send("save", mine | {"base_sha256": second.current["sha256"], "version": second.current["next_version"]})
    assert again.status_code == 200


def test_a_reason_is_needed_and_faults_are_told_in_the_same_shape(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    before = office.zone_file.read_bytes()
    draft = drawer.draft(reason=" ")
    of(draft["features"], "kerbside")["geometry"]["coordinates"] = [BOW_TIE]
    answer = drawer.send("save", draft)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "zones_refused")
    told = {(fault["feature"], fault["field"]) for fault in answer.json()["faults"]}
    assert told == {("kerbside", ""), (None, "reason")}
    assert office.zone_file.read_bytes() == before


def test_a_disk_that_refuses_is_told_and_nothing_changes(office: ZoneOffice) -> None:
    drawer, before = Drawer(office), office.zone_file.read_bytes()
    (office.zone_file.parent / f"{CAMERA}.geojson.partial").mkdir()
    answer = drawer.send("save", drawer.draft())
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "zones_disk")
    assert office.zone_file.read_bytes() == before
    assert [row.saved_by for row in office.records.zone_versions(CAMERA)] == [None]


def test_a_file_that_the_records_do_not_know_is_told_of(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    drawer.send("save", drawer.draft())
    old = next(each for each in drawer.current["history"] if not each["current"])
    office.zone_file.write_bytes(office.records.zone_geojson(CAMERA, old["version"]))
    assert drawer.current["notice"].startswith("最后保存的版本 2026-05-12.1 不是现行的版本")
    office.zone_file.write_text(office.zone_file.read_text(encoding="utf-8").replace("示例值守", "别处"), encoding="utf-8")
    current = drawer.current
    assert (current["recorded"], "不在记录中" in current["notice"]) == (False, True)
    assert [each["current"] for each in current["history"]] == [True, False, False]


def test_saved_zones_are_read_by_the_rest_of_the_product(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    drawer.send("save", drawer.draft())
    exported = drawer.get("/export.geojson")
    assert exported.content == office.zone_file.read_bytes()
    assert exported.headers["content-type"] == "application/geo+json"
    assert f"{CAMERA}.geojson" in exported.headers["content-disposition"]
    assert [row.did for row in office.records.accounts.list_audit(did="zones/exported")] == ["zones/exported"]


# --- pictures ---------------------------------------------------------------------------------------------------


def write_picture(path: Path, size: tuple[int, int] = (960, 540)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    PillowImage.new("RGB", size, (120, 130, 140)).save(path)
    return path


def test_pictures_are_handed_out_by_name(office: ZoneOffice) -> None:
    quiet = office.console.settings.live.quiet_of(CAMERA)
    for stamp in ("20260512T020000Z", "20260512T030000Z"):
        write_picture(quiet / f"{stamp}.jpg")
    (quiet / "20260512T040000Z.jpg").write_bytes(b"no picture")
    write_picture(quiet / "notes.jpg")
    write_picture(office.zone_file.with_name(f"{CAMERA}.png"))
    write_picture(office.console.settings.live.picture_of(CAMERA), (480, 270))
    drawer = Drawer(office)
    pictures = drawer.current["pictures"]
    assert [(each["key"], each["clean"]) for each in pictures] == [
        ("reference", False),
        ("quiet-20260512T030000Z", True),
        ("quiet-20260512T020000Z", True),
        ("probe-png", True),
        ("now", False),
    ]
    assert pictures[1]["at"] == "2026-05-12T03:00:00+00:00"
    assert [each["px"] for each in pictures] == [[960, 540], [960, 540], [960, 540], [960, 540], [480, 270]]
    for each in pictures:
        shown = drawer.person.get(each["url"])
        assert (shown.status_code, shown.headers["content-type"].partition("/")[0]) == (200, "image")
        assert "private" in shown.headers["cache-control"]
        assert str(office.folder) not in each["url"]
    small = drawer.get("/pictures/reference?small=1")
    assert len(small.content) < len(drawer.get("/pictures/reference").content)
    for key in ("quiet-20260512T040000Z", "quiet-notes", "..%2fcam24.geojson", "shops.csv"):
        assert drawer.get(f"/pictures/{key}").status_code == 404


def test_a_picture_of_a_quiet_minute_becomes_the_reference(office: ZoneOffice) -> None:
    quiet = write_picture(office.console.settings.live.quiet_of(CAMERA) / "20260512T030000Z.jpg")
    drawer, before = Drawer(office), office.zones.reference
    assert before is not None
    old = before.read_bytes()
    answer = drawer.send("save", drawer.draft(reference="quiet-20260512T030000Z"))
    assert answer.status_code == 200, answer.text
    reference = office.zones.reference
    assert reference is not None
    assert reference.name == f"{CAMERA}_reference_2026-05-12.1.jpg"
    assert reference.read_bytes() == quiet.read_bytes()
    assert before.read_bytes() == old, "earlier versions keep theirs"
    kept = drawer.send("save", drawer.draft())
    assert kept.status_code == 200
    assert office.zones.reference == reference


def test_the_latest_is_the_newest_clean_picture_and_one_that_is_gone_is_told(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    for wanted in ("latest", "quiet-20260512T030000Z", "now"):
        (fault,) = drawer.send("check", drawer.draft(reference=wanted)).json()["faults"]
        assert (fault["field"], fault["text"]) == ("reference", "所选的画面已不再保存，请另选一张")
        assert drawer.send("save", drawer.draft(reference=wanted)).status_code == 422
    quiet = write_picture(office.console.settings.live.quiet_of(CAMERA) / "20260512T030000Z.jpg", (704, 576))
    (fault,) = drawer.send("check", drawer.draft(reference="latest")).json()["faults"]
    assert fault["text"] == "净空参考图（704x576）与绘制时的画面（960x540）形状不同"
    write_picture(quiet)
    assert drawer.send("save", drawer.draft(reference="latest")).status_code == 200
    assert office.zones.reference is not None
    assert office.zones.reference.read_bytes() == quiet.read_bytes()


def test_cleared_ground_of_the_evidence_may_be_drawn_on_and_taken(tmp_path: Path) -> None:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, 1)
        camera = street.console.settings.cameras[0].model_copy(update={"zones": tmp_path / "cam01.geojson"})
        settings = street.console.settings.model_copy(update={"cameras": (camera,)})
        object.__setattr__(street.console, "settings", settings)
        ou = Person(street, "ou")
        (picture,) = ou.get("/zones/cam01/current", **JSON).json()["pictures"]
        assert (picture["key"], picture["clean"]) == ("evidence-0000c0ffee", False)
        assert ou.get(picture["url"]).headers["content-type"] == "image/jpeg"
        folder = street.evidence / "run-1" / "cam01" / "0000c0ffee"
        shutil.rmtree(folder)
        assert ou.get("/zones/cam01/current", **JSON).json()["pictures"] == []
        assert write_evidence(street.evidence, "0000c0ffee", START, 0.0)


# --- from other programs ------------------------------------------------------------------------------------------


def test_polygons_of_other_programs_become_a_draft_and_nothing_is_saved(office: ZoneOffice) -> None:
    drawer, before = Drawer(office), office.zone_file.read_bytes()
    raw = cvat(cvat_image(f"{CAMERA}.jpg", cvat_polygon("门前责任区", shop_code=FRUIT), cvat_polygon("awning")))
    answer = drawer.bring(raw, "annotations.xml")
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [feature["properties"] for feature in found["features"]] == [{"id": f"frontage-{FRUIT}", "kind": "frontage", "shop_code": FRUIT}]
    assert found["notes"] == ["第 2 个形状（awning）：标签不是区域类型，未导入"]
    assert found["picture_px"] == [1280, 720]
    assert office.zone_file.read_bytes() == before
    assert drawer.send("check", drawer.draft(features=found["features"])).status_code == 200
    assert drawer.bring(office.zone_file.read_bytes()).json()["features"] == drawer.current["features"]


@pytest.mark.parametrize("raw", [b"", b"{", b"<!DOCTYPE a><annotations/>", b"\x89PNG", labelme(imageWidth=None), cvat()])
def test_a_file_that_nothing_can_be_taken_from_is_told(office: ZoneOffice, raw: bytes) -> None:
    answer = Drawer(office).bring(raw)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "zones_import"
    assert answer.json()["faults"][0]["text"] == answer.json()["error"]["text"]


def test_a_form_without_a_file_is_told(office: ZoneOffice) -> None:
    drawer = Drawer(office)
    answer = drawer.person.client.post(f"{drawer.here}/import", data={"form_token": drawer.token}, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "fields")


def test_a_drawing_on_a_picture_of_another_shape_is_told(office: ZoneOffice) -> None:
    answer = Drawer(office).bring(labelme(labelme_shape("公共区域"), imageWidth=704, imageHeight=576)).json()
    assert answer["notes"] == ["标注用的图片（704x576）与本点位的画面（960x540）形状不同，请核对位置"]


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", list(Language))
def test_there_are_words_for_everything_that_can_be_wrong(language: Language) -> None:
    t = Wording().of(language)
    values = {
        name: "x"
        for name in (
            *("camera", "wanted", "size", "here", "there", "version", "given", "found_kind", "first", "last", "clock", "vertex", "count"),
            *("points", "edges", "x", "y", "other", "shop", "close", "day", "share", "distance"),
        )
    } | {"kind": "public", "name": "hours.0.opens"}
    for code in FaultCode:
        assert fault_text(ZoneFault(code, "", values=values), t)
        assert fault_text(ZoneFault(code, "", values=values | {"edges": "", "close": "", "name": "smallest_thing"}), t)
    note_values = {
        name: "x" for name in ("found_text", "name", "camera", "names", "most", "number", "label", "shape", "count", "drawn", "ours")
    }
    for note in NoteCode:
        assert note_text(ImportNote(note, "", note_values), t)
