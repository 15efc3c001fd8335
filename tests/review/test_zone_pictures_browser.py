"""Pictures that are uploaded, and drafts that are exported, in a real browser before the real zones editor."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, expect

from pipeline.records import Records
from pipeline.review.zone_uploads import OF_RECORDERS
from pipeline.zones.zone_files import check_zone_bytes, load_zones
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.test_browser import picture
from tests.review.zone_office import BARE, CAMERA, SAMPLES, ZoneOffice, furnish_zone_office

pytestmark = pytest.mark.long
READY = "'ready' in document.getElementById('editor').dataset"
STILL = SAMPLES / f"{CAMERA}_reference.jpg"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def office(tmp_path: Path) -> Iterator[ZoneOffice]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        yield furnish_zone_office(records, tmp_path)


@pytest.fixture
def address(office: ZoneOffice) -> Iterator[str]:
    with serving(office.street) as served:
        yield served


def at_zones(browser: Browser, address: str, camera: str, name: str = "ou") -> Seat:
    seat = Seat(browser, address, name)
    seat.page.goto(f"/zones/{camera}")
    seat.until(READY)
    return seat


def of_menu(seat: Seat, words: str) -> None:
    """Choose an entry of the menu behind "more"."""
    seat.page.locator("#more").click()
    seat.page.locator("#menu").get_by_role("menuitem", name=words).click()


def click(seat: Seat, x: float, y: float) -> None:
    """A point of the picture, in fractions of it."""
    box = seat.page.locator("#picture-ground").bounding_box()
    assert box is not None
    seat.page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])


def ratio(seat: Seat) -> float:
    """Width / height of the picture as it lies there."""
    box = seat.page.locator("#picture-ground").bounding_box()
    assert box is not None
    return box["width"] / box["height"]


def test_a_camera_without_a_picture_gets_one_is_drawn_and_the_picture_becomes_the_reference(
    office: ZoneOffice, browser: Browser, address: str, tmp_path: Path
) -> None:
    seat = at_zones(browser, address, BARE)
    page = seat.page
    expect(page.locator("#bench-told")).to_have_text("还没有画面")
    picture(seat, "zone-no-picture-zh-1366")
    page.locator("#picture-upload-first").click()
    expect(page.locator("#upload-file")).to_be_focused()
    picture(seat, "zone-upload-zh-1366")
    assert serious_faults(page, "upload") == []
    square = tmp_path / "square.jpg"
    Image.open(STILL).resize((800, 600)).save(square)

    page.locator("#upload-file").set_input_files(square)
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog-upload")).not_to_be_visible()
    expect(page.locator("#bench-told")).to_be_hidden()
    expect(page.locator("#bench-none")).to_be_hidden()
    expect(page.locator("#notice")).to_contain_text("图片已上传")
    assert ratio(seat) == pytest.approx(800 / 600, abs=0.01)

    # It was of another camera: away with it, and the right one in its place.
    of_menu(seat, "移除此上传图片")
    expect(page.locator("#bench-told")).to_have_text("还没有画面")
    of_menu(seat, "上传画面")
    page.locator("#upload-file").set_input_files(STILL)
    page.locator("#upload-send").click()
    expect(page.locator("#picture-main option")).to_have_count(1)
    expect(page.locator("#picture-main option")).to_contain_text("上传的图片")
    assert ratio(seat) == pytest.approx(16 / 9, abs=0.01)

    page.locator(".tool-kind[data-kind=public]").click()
    for point in ((0.1, 0.4), (0.5, 0.4), (0.5, 0.9), (0.1, 0.9), (0.1, 0.4)):
        click(seat, *point)
    expect(page.locator("#p-place")).to_have_value("样桐路101-113号")
    picture(seat, "zone-uploaded-zh-1366")
    page.keyboard.press("Control+s")
    expect(page.locator("#save-reference").get_by_role("radio").nth(0)).to_be_checked()
    page.locator("#save-reference").get_by_role("radio").nth(1).check()
    page.locator("#save-reason").fill("首次划定，净空已核对")
    picture(seat, "zone-upload-save-zh-1366")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog-save")).not_to_be_visible()
    expect(page.locator("#picture-main option")).to_have_count(2)
    zones = load_zones(office.folder / "zones" / f"{BARE}.geojson", camera_id=BARE, shops=office.console.shops)
    assert zones.reference is not None
    assert zones.reason == "首次划定，净空已核对"
    with Image.open(zones.reference) as made, Image.open(STILL) as sent:
        assert made.size == sent.size
    assert seat.complaints == []


def test_a_picture_becomes_the_reference_without_anything_being_drawn(office: ZoneOffice, browser: Browser, address: str) -> None:
    seat = at_zones(browser, address, CAMERA)
    page = seat.page
    before = office.features()
    page.keyboard.press("Control+s")
    expect(page.locator("#said")).to_have_text("没有改动，无需保存")
    page.locator("#picture-upload").click()
    page.locator("#upload-file").set_input_files(STILL)
    page.locator("#upload-send").click()
    expect(page.locator("#dialog-upload")).not_to_be_visible()
    of_menu(seat, "设为净空参考图")
    expect(page.locator("#save-changes")).to_be_hidden()
    wanted = page.locator("#save-reference").get_by_role("radio").nth(1)
    expect(wanted).to_be_checked()
    page.locator("#save-reference").get_by_role("radio").nth(0).check()
    page.locator("#save-reason").fill("换了镜头")
    page.locator("#save-send").click()
    expect(page.locator("#save-error")).to_contain_text("没有改动")
    wanted.check()
    page.locator("#save-send").click()
    expect(page.locator("#dialog-save")).not_to_be_visible()
    assert office.features() == before
    (upload,) = (office.folder / "zones" / "pictures" / CAMERA).glob("*.jpg")
    assert office.zones.reference is not None
    assert office.zones.reference.read_bytes() == upload.read_bytes()
    told = office.records.accounts.list_audit(did="zones/saved")[0].detail
    assert (told["reason"], told["reference"]) == ("换了镜头", office.zones.reference.name)
    assert seat.complaints == []


def test_what_is_refused_is_told_in_the_dialog_and_another_file_can_be_chosen(office: ZoneOffice, browser: Browser, address: str) -> None:
    seat = at_zones(browser, address, CAMERA)
    page = seat.page
    page.locator("#picture-upload").click()
    stream = io.BytesIO()
    Image.new("RGB", (704, 576)).save(stream, "JPEG")
    other: FilePayload = {"name": "other.jpg", "mimeType": "image/jpeg", "buffer": stream.getvalue()}
    page.locator("#upload-file").set_input_files(other)
    page.locator("#upload-send").click()
    expect(page.locator("#upload-error")).to_contain_text("704×576")
    picture(seat, "zone-upload-refused-zh-1366")
    large: FilePayload = {"name": "large.jpg", "mimeType": "image/jpeg", "buffer": bytes(OF_RECORDERS.most_bytes + 1)}
    page.locator("#upload-file").set_input_files(large)
    expect(page.locator("#upload-error")).to_contain_text("20.0 MB")
    expect(page.locator("#upload-send")).to_be_disabled()
    page.locator("#upload-file").set_input_files(STILL)
    expect(page.locator("#upload-error")).to_be_hidden()
    page.locator("#upload-send").click()
    expect(page.locator("#dialog-upload")).not_to_be_visible()
    assert len(list((office.folder / "zones" / "pictures" / CAMERA).glob("*.jpg"))) == 1
    assert all("422" in each for each in seat.complaints)


def test_the_saved_version_and_the_draft_are_exported_each_by_its_name(
    office: ZoneOffice, browser: Browser, address: str, tmp_path: Path
) -> None:
    seat = at_zones(browser, address, CAMERA)
    page = seat.page
    page.locator(".tool-kind[data-kind=public]").click()
    for point in ((0.02, 0.9), (0.06, 0.9), (0.06, 0.97), (0.02, 0.97)):
        click(seat, *point)
    of_menu(seat, "导出草稿")
    expect(page.locator("#said")).to_contain_text("请先")
    page.locator("#plan").press("Enter")
    expect(page.locator("#unsaved")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#more").click()
    picture(seat, "zone-more-zh-1366")
    page.keyboard.press("Escape")

    with page.expect_download() as saved:
        of_menu(seat, "导出已保存的版本")
    assert saved.value.suggested_filename == f"{CAMERA}.geojson"
    saved.value.save_as(tmp_path / "saved")
    assert (tmp_path / "saved").read_bytes() == office.zone_file.read_bytes()

    # A session that ended takes nothing of it away.
    seat.context.clear_cookies()
    with page.expect_download() as drawn:
        of_menu(seat, "导出草稿")
    name = drawn.value.suggested_filename
    assert name.startswith(f"{CAMERA}-draft-")
    assert name.endswith(".geojson")
    expect(page.locator("#said")).to_contain_text(name)
    drawn.value.save_as(tmp_path / "draft")
    raw = (tmp_path / "draft").read_bytes()
    data = json.loads(raw)
    assert len(data["features"]) == len(office.features()) + 1
    assert data["doorline"]["version"].endswith("-draft")
    assert data["doorline"]["reference"] == f"{CAMERA}_reference.jpg"
    for feature in data["features"]:
        (ring,) = feature["geometry"]["coordinates"]
        assert ring[0] == ring[-1]
    checked = check_zone_bytes(raw, office.zone_file, camera_id=CAMERA, shops=office.console.shops)
    assert [fault.text for fault in checked.faults if fault.member != "place"] == []
    assert [each for each in seat.complaints if "401" not in each] == []


def test_an_exported_draft_can_be_brought_in_again(office: ZoneOffice, browser: Browser, address: str, tmp_path: Path) -> None:
    seat = at_zones(browser, address, CAMERA)
    page = seat.page
    count = len(office.features())
    with page.expect_download() as drawn:
        of_menu(seat, "导出草稿")
    drawn.value.save_as(tmp_path / "draft.geojson")
    of_menu(seat, "导入文件")
    page.locator("#import-file").set_input_files(tmp_path / "draft.geojson")
    expect(page.locator("#import-count")).to_contain_text(str(count))
    page.locator("#dialog-import input[value=replace]").check()
    page.locator("#import-send").click()
    expect(page.locator("#dialog-import")).not_to_be_visible()
    expect(page.locator("#unsaved")).to_be_hidden()
    assert seat.complaints == []


def test_who_may_not_draw_uploads_nothing_and_exports_what_is_saved(office: ZoneOffice, browser: Browser, address: str) -> None:
    seat = at_zones(browser, address, CAMERA, "ren")
    page = seat.page
    expect(page.locator("#picture-upload")).to_have_count(0)
    with page.expect_download() as saved:
        page.get_by_role("link", name="导出已保存的版本").click()
    assert saved.value.suggested_filename == f"{CAMERA}.geojson"
    bare = at_zones(browser, address, BARE, "ren")
    expect(bare.page.locator("#bench-told")).to_have_text("还没有画面")
    assert seat.complaints == bare.complaints == []
