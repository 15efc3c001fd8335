"""A picture from elsewhere to draw zones on: what is taken, who may bring it, where it lies, and how it becomes the reference."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image

from pipeline.records import Records
from pipeline.review.zone_uploads import MOST_UPLOADS, OF_RECORDERS
from pipeline.zones.zone_files import load_zones
from tests.review.asking import Person, form_token
from tests.review.photos import bomb, from_phone, heic
from tests.review.zone_office import BARE, CAMERA, SAMPLES, ZoneOffice, furnish_zone_office

JSON = {"accept": "application/json"}
GROUND = {
    "type": "Feature",
    "properties": {"id": "public-1", "kind": "public", "place": "样桐路人行道"},
    "geometry": {"type": "Polygon", "coordinates": [[[0.1, 0.5], [0.9, 0.5], [0.9, 0.9], [0.1, 0.9], [0.1, 0.5]]]},
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ZoneOffice]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=5) as records:
        yield furnish_zone_office(records, tmp_path)


def still(width: int = 1280, height: int = 720, form: str = "JPEG", shade: int = 90, **more: Any) -> bytes:
    """As a recorder exports it: lighter to the right."""
    made = Image.linear_gradient("L").rotate(90).resize((width, height)).convert("RGB")
    made.paste((shade, 40, 40), (0, 0, width // 4, height // 4))
    stream = io.BytesIO()
    made.save(stream, form, **more)
    return stream.getvalue()


class Uploader:
    """Somebody at the zones of a camera."""

    def __init__(self, office: ZoneOffice, name: str = "ou", camera: str = BARE) -> None:
        self.person = Person(office.street, name)
        self.here = f"/zones/{camera}"
        self.token = form_token(self.person.get("/"))

    def bring(self, raw: bytes, name: str = "export.jpg", token: str | None = None) -> httpx2.Response:
        form = {"form_token": self.token if token is None else token}
        return self.person.client.post(f"{self.here}/pictures", data=form, files={"file": (name, raw)}, headers=JSON)

    def brought(self, raw: bytes, name: str = "export.jpg") -> dict[str, Any]:
        answer = self.bring(raw, name)
        assert answer.status_code == 200, answer.text
        picture: dict[str, Any] = answer.json()["picture"]
        return picture

    def refused(self, raw: bytes, name: str = "export.jpg") -> tuple[int, str, str]:
        """Status, code and words."""
        answer = self.bring(raw, name)
        error = answer.json()["error"]
        return answer.status_code, error["code"], error["text"]

    def remove(self, key: str) -> httpx2.Response:
        return self.person.client.post(f"{self.here}/pictures/{key}/remove", data={"form_token": self.token}, headers=JSON)

    @property
    def current(self) -> dict[str, Any]:
        found: dict[str, Any] = self.person.get(f"{self.here}/current", **JSON).json()
        return found

    def offered(self) -> list[str]:
        return [picture["key"] for picture in self.current["pictures"]]

    def save(self, **changes: Any) -> httpx2.Response:
        current = self.current
        draft = {
            "base_sha256": current["sha256"],
            "picture_px": current["picture_px"],
            "timezone": current["timezone"],
            "version": current["next_version"],
            "reason": "按录像机截图绘制",
            "reference": "keep",
            "features": current["features"],
        }
        form = {"form_token": self.token, "draft": json.dumps(draft | changes)}
        return self.person.client.post(f"{self.here}/save/draft", data=form, headers=JSON)


def kept(office: ZoneOffice, camera: str = BARE) -> list[Path]:
    return sorted((office.folder / "zones" / "pictures" / camera).glob("*"))


def test_a_camera_without_any_picture_gets_one_to_draw_on(office: ZoneOffice) -> None:
    ou = Uploader(office)
    assert ou.offered() == []
    raw = still()
    picture = ou.brought(raw)
    (path,) = kept(office)
    assert picture["key"] == f"uploaded-{path.stem}"
    assert (picture["px"], picture["clean"], picture["name"]) == ([1280, 720], True, "上传的图片")
    assert ou.offered() == [picture["key"]]
    assert ou.current["picture_px"] == [1280, 720]
    shown = ou.person.get(picture["url"])
    assert shown.content == path.read_bytes()
    with Image.open(io.BytesIO(shown.content)) as opened, Image.open(io.BytesIO(raw)) as sent:
        assert (opened.format, opened.size) == ("JPEG", sent.size)
        assert opened.getpixel((20, 20)) == pytest.approx(sent.getpixel((20, 20)), abs=6)
    (told,) = office.records.accounts.list_audit(did="zones/picture_uploaded")
    assert (told.account, told.subject) == ("ou", f"camera/{BARE}")
    assert told.detail == {
        "picture": picture["key"],
        "file": "export.jpg",
        "px": "1280x720",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "original_sha256": hashlib.sha256(raw).hexdigest(),
    }


def test_it_becomes_the_reference_only_by_saving_with_a_reason(office: ZoneOffice) -> None:
    ou = Uploader(office)
    picture = ou.brought(still())
    assert ou.save(features=[GROUND], reason="").json()["error"]["code"] == "zones_refused"
    assert not (office.folder / "zones" / f"{BARE}.geojson").exists()

    assert ou.save(features=[GROUND]).status_code == 200
    file = office.folder / "zones" / f"{BARE}.geojson"
    assert load_zones(file, camera_id=BARE, shops=office.console.shops).reference is None, "nobody said that it is one"
    assert "reference" not in office.records.accounts.list_audit(did="zones/saved")[0].detail

    assert ou.save(reference=picture["key"], reason="净空，当面核对").status_code == 200
    zones = load_zones(file, camera_id=BARE, shops=office.console.shops)
    assert zones.reference is not None
    assert zones.reference.read_bytes() == kept(office)[0].read_bytes()
    told = office.records.accounts.list_audit(did="zones/saved")[0].detail
    assert told["reason"] == "净空，当面核对"
    assert told["reference"] == zones.reference.name
    assert told["reference_sha256"] == hashlib.sha256(zones.reference.read_bytes()).hexdigest()

    assert ou.remove(picture["key"]).status_code == 200
    assert kept(office) == []
    assert load_zones(file, camera_id=BARE, shops=office.console.shops).reference == zones.reference, "the reference is a file of its own"


def test_only_its_pixels_are_kept_upright(office: ZoneOffice) -> None:
    """What a phone took of the recorder's screen knows where and by whom; what a recorder exports may as well."""
    raw = from_phone(6, (1280, 720), upright=Image.open(io.BytesIO(still())))
    for secret in (b"SecretPhone", b"secret words", b"secret profile"):
        assert secret in raw
    assert Uploader(office).brought(raw)["px"] == [1280, 720]
    data = kept(office)[0].read_bytes()
    for secret in (b"SecretPhone", b"2024:01:31", b"secret words", b"secret profile", b"<secret/>", b"Exif"):
        assert secret not in data


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "L"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_pictures_of_every_mode_are_taken(office: ZoneOffice, form: str, mode: str) -> None:
    stream = io.BytesIO()
    Image.new(mode, (640, 360)).save(stream, form)
    assert Uploader(office).brought(stream.getvalue(), f"export.{form.lower()}")["px"] == [640, 360]
    with Image.open(kept(office)[0]) as opened:
        assert (opened.format, opened.mode) == ("JPEG", "RGB")


def large() -> bytes:
    return still() + bytes(OF_RECORDERS.most_bytes)


def webp() -> bytes:
    return still(form="WEBP")


def bmp() -> bytes:
    return still(form="BMP")


def cut_off() -> bytes:
    return still()[:9000]


def nothing() -> bytes:
    return b""


def a_program() -> bytes:
    return b"\x7fELF" + bytes(4000)


def a_page() -> bytes:
    return b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (bomb, "pixels"),
        (large, "bytes"),
        (webp, "kind"),
        (bmp, "kind"),
        (heic, "heic"),
        (a_program, "kind"),
        (a_page, "kind"),
        (cut_off, "broken"),
        (nothing, "broken"),
    ],
)
def test_what_is_no_picture_to_draw_on_is_refused_in_words_and_leaves_nothing(office: ZoneOffice, make: Any, fault: str) -> None:
    ou = Uploader(office)
    # Called a picture, whatever it is.
    status, code, words = ou.refused(make(), "export.jpg")
    assert (status, code) == (422, f"zone_picture_{fault}")
    assert words == office.console.wording.of(office.console.settings.review.language)(f"error.zone_picture_{fault}")
    assert kept(office) == []
    assert office.records.accounts.list_audit(did="zones/picture_uploaded") == ()


def test_a_picture_of_another_shape_than_the_zones_is_refused(office: ZoneOffice) -> None:
    ou = Uploader(office, camera=CAMERA)
    width, height = ou.current["picture_px"]
    status, code, words = ou.refused(still(704, 576))
    assert (status, code) == (422, "zone_picture_shape")
    assert "704×576" in words
    assert f"{width}×{height}" in words
    status, code, words = ou.refused(still(width // 4, height // 4))
    assert (status, code) == (422, "zone_picture_small")
    assert f"{width}×{height}" in words
    assert ou.brought(still(width, height))["px"] == [width, height]
    # Within a hundredth: recorders round to whole blocks.
    assert ou.brought(still(width, height + height // 100, shade=50))["px"] == [width, height + height // 100]


def test_without_zones_the_pictures_that_the_camera_made_tell_its_shape(office: ZoneOffice) -> None:
    ou, now = Uploader(office), office.clock.now
    newest = office.console.settings.live.picture_of(BARE)
    newest.parent.mkdir(parents=True)
    newest.write_bytes(still(480, 270))
    assert ou.refused(still(704, 576))[1] == "zone_picture_shape"
    assert ou.brought(still(320, 180))["px"] == [320, 180], "the small picture for the wall tells the shape alone"

    quiet = office.console.settings.live.quiet_of(BARE)
    quiet.mkdir(parents=True)
    (quiet / f"{now - timedelta(hours=1):%Y%m%dT%H%M%SZ}.jpg").write_bytes(still(1920, 1080))
    status, code, words = ou.refused(still(640, 360))
    assert (status, code) == (422, "zone_picture_small")
    assert "1920×1080" in words
    assert ou.brought(still(1280, 720))["px"] == [1280, 720]


def test_what_was_uploaded_wrongly_does_not_say_what_the_camera_makes(office: ZoneOffice) -> None:
    ou = Uploader(office)
    ou.brought(still(704, 576))
    assert ou.brought(still(1920, 1080))["px"] == [1920, 1080]
    assert ou.refused(still(200, 100))[1] == "zone_picture_tiny"


def test_the_same_picture_again_is_the_same_and_the_oldest_make_room(office: ZoneOffice) -> None:
    ou = Uploader(office)
    first = ou.brought(still(shade=0))
    office.clock.now += timedelta(minutes=1)
    assert ou.brought(still(shade=0)) == first
    assert len(office.records.accounts.list_audit(did="zones/picture_uploaded")) == 1
    for number in range(MOST_UPLOADS):
        office.clock.now += timedelta(minutes=1)
        ou.brought(still(shade=30 + 30 * number))
    assert len(kept(office)) == MOST_UPLOADS
    assert first["key"] not in ou.offered()
    assert ou.person.get(first["url"]).status_code == 404


def test_only_operators_bring_and_remove_pictures(office: ZoneOffice) -> None:
    key = Uploader(office).brought(still())["key"]
    for name in ("ren", "an", "na"):
        other = Uploader(office, name)
        assert other.refused(still(shade=1))[:2] == (403, "forbidden"), name
        assert other.remove(key).status_code == 403
        assert other.offered() == [key], "they look"
    squad = Uploader(office, "qiu")
    assert squad.bring(still(shade=1)).status_code == 404
    assert squad.remove(key).status_code == 404
    assert len(kept(office)) == 1
    operator = Uploader(office)
    for token in ("", "x", squad.token):
        answer = operator.bring(still(shade=1), token=token)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "form")


@pytest.mark.parametrize(
    "key", ["reference", "uploaded-", "uploaded-..", "uploaded-20260512T040000Z-000000000000", "quiet-20260512T030000Z"]
)
def test_only_uploads_can_be_removed(office: ZoneOffice, key: str) -> None:
    ou = Uploader(office, camera=CAMERA)
    assert ou.remove(key).status_code == 404
    assert (office.folder / "zones" / f"{CAMERA}_reference.jpg").exists()


def test_a_form_without_a_file_is_told(office: ZoneOffice) -> None:
    ou = Uploader(office)
    answer = ou.person.client.post(f"{ou.here}/pictures", data={"form_token": ou.token}, headers=JSON)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "fields")


def test_a_name_is_only_told(office: ZoneOffice) -> None:
    Uploader(office).brought(still(), "../../../etc/passwd" + "x" * 300)
    (path,) = kept(office)
    assert path.parent == office.folder / "zones" / "pictures" / BARE
    (told,) = office.records.accounts.list_audit(did="zones/picture_uploaded")
    assert len(str(told.detail["file"])) <= 100


def test_a_disk_that_refuses_is_told_and_nothing_is_recorded(office: ZoneOffice) -> None:
    (office.folder / "zones" / "pictures").write_bytes(b"in the way")
    assert Uploader(office).refused(still())[:2] == (507, "zones_disk")
    assert office.records.accounts.list_audit(did="zones/picture_uploaded") == ()


def test_what_no_row_vouches_for_is_not_kept(office: ZoneOffice) -> None:
    ou = Uploader(office)
    with office.records._database.writing() as session:
        session.connection().exec_driver_sql("CREATE TRIGGER deaf BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'full'); END")
    assert ou.refused(still())[:2] == (503, "records")
    assert kept(office) == []


def test_strangers_in_the_folder_are_not_offered(office: ZoneOffice) -> None:
    ou = Uploader(office)
    key = ou.brought(still())["key"]
    folder = kept(office)[0].parent
    (folder / "holiday.jpg").write_bytes(still())
    (folder / "20260512T040000Z-aaaaaaaaaaaa.jpg").write_bytes(b"none")
    assert ou.offered() == [key]


def test_samples_can_be_uploaded_as_they_are(office: ZoneOffice) -> None:
    raw = (SAMPLES / f"{CAMERA}_reference.jpg").read_bytes()
    ou = Uploader(office, camera=CAMERA)
    picture = ou.brought(raw)
    assert [picture["key"], "reference"] == sorted(ou.offered(), reverse=True)
