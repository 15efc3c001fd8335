"""The zones editor in a real browser: by mouse, by keyboard alone, by fingers; with the real routes, file and records behind it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Dialog, Locator, ViewportSize, expect

from pipeline.records import Records
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.street import Street
from tests.review.test_browser import picture
from tests.review.zone_street import CAMERA, CRATE, EDGE, FAR_EDGE, OTHER, UNDRAWN, furnish_zone_street, zone_data, zone_of, zone_path

pytestmark = pytest.mark.long
WIDTH, HEIGHT = 960, 540
"""Of the picture, in pixels."""
READY = "'ready' in document.getElementById('editor').dataset"
Point = tuple[float, float]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        yield furnish_zone_street(records, tmp_path)


@pytest.fixture
def address(street: Street) -> Iterator[str]:
    with serving(street) as served:
        yield served


class Bench:
    """Somebody at the zones of a camera."""

    def __init__(self, browser: Browser, address: str, name: str = "ou", *, camera: str = CAMERA, **screen: Any) -> None:
        self.seat = Seat(browser, address, name, **screen)
        self.page = self.seat.page
        self.open(camera)

    def open(self, camera: str = CAMERA) -> None:
        self.page.goto(f"/zones/{camera}")
        self.seat.until(READY)

    def reload(self) -> None:
        self.page.reload()
        self.seat.until(READY)

    def client(self, point: Point) -> Point:
        """Where a point of the picture, in fractions, is on the screen."""
        left, top, width, _ = (float(each) for each in (self.page.locator("#plan").get_attribute("viewBox") or "").split())
        box = self.page.locator("#plan").bounding_box()
        assert box is not None
        scale = box["width"] / width
        return box["x"] + (point[0] * WIDTH - left) * scale, box["y"] + (point[1] * HEIGHT - top) * scale

    def click(self, point: Point, off: int = 0) -> None:
        """``off``: so many pixels beside it."""
        x, y = self.client(point)
        self.page.mouse.move(x + off, y - off)
        self.page.mouse.down()
        self.page.mouse.up()

    def drag(self, start: Point, end: Point, off: int = 0) -> None:
        x, y = self.client(start)
        to_x, to_y = self.client(end)
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move((x + to_x) / 2, (y + to_y) / 2)
        self.page.mouse.move(to_x + off, to_y - off)
        self.page.mouse.up()

    def zone(self, title: str) -> Locator:
        return self.page.locator("#zone-list [role=option]").filter(has_text=title)

    def vertices(self) -> list[str]:
        """What is said of the vertices of the selected zone."""
        # The picture is drawn anew with the next frame of the screen.
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        return [each.get_attribute("aria-label") or "" for each in self.page.locator("[data-vertex]").all()]

    def said(self, words: str) -> None:
        expect(self.page.locator("#said")).to_contain_text(words)

    def saved(self, reason: str) -> None:
        """Save with a reason, by keys."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator("#save-reason")).to_be_focused()
        self.page.keyboard.type(reason)
        self.page.keyboard.press("Control+Enter")
        expect(self.page.locator("#dialog-save")).not_to_be_visible()
        expect(self.page.locator("#notice")).not_to_be_empty()
        expect(self.page.locator("#unsaved")).to_be_hidden()


def test_an_operator_draws_a_shop_front_mends_its_fault_tries_it_and_saves(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    wrong = (0.66, 0.56)
    page.locator(".tool-kind[data-kind=shopfront]").click()
    for point in (*EDGE["front"], FAR_EDGE["front"][1]):
        bench.click(point, off=4)
    bench.click(wrong)
    expect(page.locator(".edge-wrong")).not_to_have_count(0)
    page.keyboard.press("Enter")
    page.locator("#p-shop").press("Escape")
    fault = page.locator("#fault-list .fault-alert").filter(has_text="相交")
    expect(page.locator("#count-faults")).to_have_text(re.compile("[12]"))
    page.locator("#tab-faults").click()
    expect(fault).to_have_count(1)
    page.keyboard.press("Escape")
    bench.click((0.2, 0.1))
    expect(page.locator("#properties")).to_be_hidden()
    fault.click()
    expect(page.locator("#properties-title")).to_have_text("店面 1")

    bench.drag(wrong, FAR_EDGE["front"][0], off=5)
    expect(page.locator(".edge-wrong")).to_have_count(0)
    expect(fault).to_have_count(0)
    page.locator("#p-shop").click()
    page.keyboard.type("五金")
    page.keyboard.press("Enter")
    bench.said("老丁五金")
    page.locator("#more-fields summary").click()
    expect(page.locator("#p-id")).to_have_value("YT-0103-shopfront")

    page.keyboard.press("Escape")
    page.locator(".tool-kind[data-kind=frontage]").click()
    for point in (*EDGE["kerb"], FAR_EDGE["kerb"][1], FAR_EDGE["kerb"][0], EDGE["kerb"][0]):
        bench.click(point, off=3)
    # The shop whose front it touches is offered first.
    expect(page.locator("#p-shop-list [data-code]").first).to_contain_text(UNDRAWN)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#count-faults")).to_be_hidden()

    page.locator("#try-now").click()
    told = page.locator(".tried-new")
    expect(told).to_have_count(1)
    expect(told).to_contain_text("老丁五金")
    expect(told).to_contain_text("跨门经营")
    expect(page.locator(".try-summary")).to_have_text("将上报 1 件")
    told.focus()
    box = page.locator(".box-new .box-line")
    expect(box).to_have_attribute("x", f"{CRATE.x_min * WIDTH:g}")
    picture(bench.seat, "zones-try")
    page.locator("#side-try").press("Shift+Tab")
    expect(box).to_have_count(0)

    page.locator("#save").click()
    expect(page.locator("#save-changes")).to_contain_text("新增 2")
    expect(page.locator("#save-tried")).to_contain_text("将上报 1 件")
    page.locator("#save-send").click()
    expect(page.locator("#save-error")).to_contain_text("原因")
    page.locator("#save-reason").fill("103 号店面补划")
    page.locator("#save-send").click()
    expect(page.locator("#dialog-save")).not_to_be_visible()
    expect(page.locator("#notice")).not_to_be_empty()

    drawn = zone_of(street, kind="shopfront", shop_code=UNDRAWN)
    assert drawn["geometry"]["coordinates"][0][:4] == [list(point) for point in (*EDGE["front"], *FAR_EDGE["front"][::-1])]
    frontage = zone_of(street, kind="frontage", shop_code=UNDRAWN)["geometry"]["coordinates"][0]
    assert frontage[:4] == [list(point) for point in (*EDGE["kerb"], *FAR_EDGE["kerb"][::-1])]
    assert zone_data(street)["doorline"]["reason"] == "103 号店面补划"
    assert zone_data(street)["doorline"]["author"] == "欧值守"
    newest = street.records.zone_versions(CAMERA)[0]
    assert newest.saved_by == "ou"
    assert page.locator("#version").inner_text() == zone_data(street)["doorline"]["version"]
    assert newest.version.startswith(page.locator("#version").inner_text())
    assert "zones/saved" in {row.did for row in street.records.accounts.list_audit(limit=20)}
    assert bench.seat.complaints == []


def walk(bench: Bench, to: Point) -> None:
    """Move the cursor there by arrows alone."""
    for _ in range(120):
        place = bench.page.locator("[data-layer=cursor] circle").get_attribute("transform") or ""
        x, y = (float(each) for each in re.findall(r"translate\(([\d.]+) ([\d.]+)\)", place)[0])
        left = (to[0] - x / WIDTH, to[1] - y / HEIGHT)
        axis = 0 if abs(left[0]) >= abs(left[1]) else 1
        if abs(left[axis]) < 0.003:
            return
        arrow = (("ArrowLeft", "ArrowRight"), ("ArrowUp", "ArrowDown"))[axis][left[axis] > 0]
        bench.page.keyboard.press(f"Shift+{arrow}" if abs(left[axis]) > 0.052 else arrow)
        bench.vertices()
    pytest.fail(f"the cursor never comes to {to}")


def test_the_same_by_keyboard_alone(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    page.keyboard.press("1")
    expect(page.locator("[data-layer=cursor]")).to_be_visible()
    corners = (*EDGE["front"], FAR_EDGE["front"][1], FAR_EDGE["front"][0])
    for number, point in enumerate(corners, 1):
        walk(bench, point)
        page.keyboard.press("Space")
        bench.said(f"第 {number} 个顶点")
    page.keyboard.press("Enter")
    expect(page.locator("#p-shop")).to_be_focused()
    page.keyboard.type("老丁")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#plan")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-vertex='0']")).to_be_focused()
    before = bench.vertices()
    assert "与相邻区域重合" in before[0]
    page.keyboard.press("Tab")
    expect(page.locator("[data-vertex='1']")).to_be_focused()
    page.keyboard.press("ArrowRight")
    bench.said("顶点 2 移到 69.5 %，48.0 %，相邻的 1 个顶点一起移动")
    page.keyboard.press("Control+z")
    assert bench.vertices() == before
    page.keyboard.press("i")
    expect(page.locator("[data-vertex='2']")).to_be_focused()
    assert len(bench.vertices()) == 5
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Delete")
    assert bench.vertices() == before
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.locator(".try-summary")).to_be_visible()
    bench.saved("补划店面")
    drawn = zone_of(street, kind="shopfront", shop_code=UNDRAWN)
    assert drawn["geometry"]["coordinates"][0][:4] == [list(point) for point in corners]
    assert bench.seat.complaints == []


def test_what_is_drawn_can_be_taken_back_given_up_and_done_again(browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    bench.zone("惠家水果 门前").click()
    before = bench.vertices()
    inner = (0.50398, 0.79771)
    bench.drag(inner, (0.45, 0.75))
    after = bench.vertices()
    assert after != before
    expect(page.locator("#unsaved")).to_contain_text("1")
    page.keyboard.press("Delete")
    assert len(bench.vertices()) == len(before) - 1
    page.keyboard.press("Control+z")
    assert bench.vertices() == after
    page.keyboard.press("Control+z")
    assert bench.vertices() == before
    expect(page.locator("#unsaved")).to_be_hidden()
    expect(page.locator("#undo")).to_be_disabled()
    page.keyboard.press("Control+Shift+Z")
    assert bench.vertices() == after
    page.locator("#undo").click()

    page.keyboard.press("Escape")
    page.locator("#plan").focus()
    page.keyboard.press("5")
    for point in ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2)):
        bench.click(point)
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    bench.said("现有 2 个")
    page.keyboard.press("Escape")
    bench.said("已放弃")
    assert page.locator("#zone-list [role=option]").count() == 9
    expect(page.locator("#unsaved")).to_be_hidden()

    page.locator(".tool-kind[data-kind=fixture]").click()
    for point in ((0.1, 0.1), (0.2, 0.1), (0.2, 0.2)):
        bench.click(point)
    page.keyboard.press("Enter")
    assert page.locator("#zone-list [role=option]").count() == 10
    bench.drag((0.18, 0.12), (0.38, 0.12))
    assert "固定设施 1" in page.locator("#properties-title").inner_text()
    assert any("30.0 %，10.0 %" in each for each in bench.vertices())
    page.mouse.click(*bench.client((0.38, 0.12)), button="right")
    page.locator("#menu [role=menuitem]").filter(has_text="删除区域").click()
    assert page.locator("#zone-list [role=option]").count() == 9
    assert bench.seat.complaints == []


def test_an_edge_of_neighbours_moves_for_both_and_with_alt_for_one(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    bench.zone("惠家水果 门前").click()
    shared = EDGE["kerb"][1]
    bench.drag(shared, (0.53, 0.55))
    bench.said("一起移动")
    bench.saved("挪动公共边")
    here = zone_at(street, "YT-0102", "frontage", near=(0.53, 0.55))
    assert here in [tuple(point) for point in zone_of(street, kind="shopfront", shop_code="YT-0102")["geometry"]["coordinates"][0]]
    bench.page.keyboard.down("Alt")
    bench.drag(here, (0.5, 0.56))
    bench.page.keyboard.up("Alt")
    bench.saved("只挪一家")
    assert here in [tuple(point) for point in zone_of(street, kind="shopfront", shop_code="YT-0102")["geometry"]["coordinates"][0]]
    assert here not in [tuple(point) for point in zone_of(street, kind="frontage", shop_code="YT-0102")["geometry"]["coordinates"][0]]
    assert bench.seat.complaints == []


def zone_at(street: Street, code: str, kind: str, near: Point) -> Point:
    """The vertex that lies nearest."""
    ring = zone_of(street, kind=kind, shop_code=code)["geometry"]["coordinates"][0]
    x, y = min(ring, key=lambda point: abs(point[0] - near[0]) + abs(point[1] - near[1]))
    return x, y


def test_a_permitted_zone_says_when_and_for_whom_and_another_kind_says_less(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    page.locator(".tool-kind[data-kind=permitted]").click()
    for point in ((0.42, 0.7), (0.47, 0.7), (0.47, 0.8), (0.42, 0.8)):
        bench.click(point)
    page.keyboard.press("Enter")
    page.locator("#p-name").fill("夜市疏导点")
    page.locator("#hours-add").click()
    row = page.locator(".hours-row")
    for day in ("sat", "sun"):
        row.locator(f"[value={day}]").uncheck(force=True)
    row.locator("[data-hours=opens]").fill("1730")
    row.locator("[data-hours=closes]").fill("2")
    page.locator("#p-from").fill("2026-05-01")
    page.locator("#p-shops").click()
    page.keyboard.type("面馆")
    page.keyboard.press("Enter")
    expect(row.locator("[data-hours=closes]")).to_have_value("02:00")
    expect(row.locator("[data-over]")).to_be_visible()
    expect(page.locator("#shop-chips li")).to_have_count(1)
    page.locator("#more-fields summary").click()
    page.locator("#p-smallest").fill("5")
    expect(page.locator("#smallest-px")).to_contain_text("27")
    expect(page.locator("[data-of=shop_code]")).to_be_hidden()
    bench.saved("增设夜市")
    assert zone_of(street, kind="permitted")["properties"] == {
        "id": "permitted-1",
        "kind": "permitted",
        "name": "夜市疏导点",
        "hours": [{"days": "mon-fri", "opens": "17:30", "closes": "02:00"}],
        "valid_from": "2026-05-01",
        "shop_codes": ["YT-0104"],
        "smallest_thing": 0.05,
    }
    bench.zone("夜市").click()
    page.locator("#p-kind").select_option("public")
    bench.said("已去掉")
    expect(page.locator(".hours")).to_be_hidden()
    page.locator("#p-place").fill("样桐路人行道")
    bench.saved("改为公共区域")
    assert set(zone_of(street, id="permitted-1")["properties"]) == {"id", "kind", "name", "place", "smallest_thing"}
    assert bench.seat.complaints == []


def test_an_earlier_version_is_shown_over_the_present_one_and_restored(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    first = zone_data(street)
    bench.zone("全顺便利店 门前").click()
    page.locator("#plan").focus()
    page.keyboard.press("Delete")
    bench.saved("误删")
    assert len(zone_data(street)["features"]) == 8
    page.keyboard.press("h")
    older = page.locator("#version-list .version").last
    expect(older).to_contain_text(first["doorline"]["reason"])
    older.get_by_role("button", name="对照").click()
    expect(page.locator(".outline")).to_have_count(9)
    expect(page.locator("#beside")).to_be_visible()
    older.get_by_role("button", name="载入为草稿").click()
    expect(page.locator(".outline")).to_have_count(0)
    assert len(zone_data(street)["features"]) == 8, "nothing is in force before it is saved"
    bench.saved("恢复误删")
    assert ids(zone_data(street)) == ids(first)
    assert len(street.records.zone_versions(CAMERA)) == 3
    assert bench.seat.complaints == []


def ids(data: dict[str, Any]) -> set[str]:
    return {each["properties"]["id"] for each in data["features"]}


def rename(bench: Bench, title: str, name: str) -> None:
    bench.zone(title).click()
    bench.page.locator("#p-name").fill(name)


def test_who_saves_later_is_told_and_both_changes_come_together(street: Street, browser: Browser, address: str) -> None:
    one, other = Bench(browser, address), Bench(browser, address)
    rename(one, "样桐路路边", "路边停车")
    rename(other, "bin-62-36-0", "垃圾桶")
    one.saved("命名路边")
    page = other.page
    page.keyboard.press("Control+s")
    page.locator("#save-reason").fill("命名垃圾桶")
    page.keyboard.press("Control+Enter")
    told = page.locator("#save-error")
    expect(told).to_contain_text("欧值守")
    expect(told).to_contain_text("命名路边")
    expect(page.locator("#save-reason")).to_have_value("命名垃圾桶")
    assert "垃圾桶" not in json.dumps(zone_data(street), ensure_ascii=False)
    told.get_by_role("button", name="对照查看").click()
    expect(page.locator(".outline")).to_have_count(9)
    expect(page.locator("#zone-list")).to_contain_text("垃圾桶")
    page.locator("#beside-ways").get_by_role("button", name="合并双方改动").click()
    expect(page.locator("#zone-list")).to_contain_text("路边停车")
    page.keyboard.press("Control+s")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog-save")).not_to_be_visible()
    names = {each["properties"].get("name") for each in zone_data(street)["features"]}
    assert {"路边停车", "垃圾桶"} <= names
    assert one.seat.complaints == []
    assert all("409" in each for each in other.seat.complaints)


def test_a_draft_outlives_a_reload_and_is_offered_never_taken_by_itself(browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    rename(bench, "样桐路路边", "路边停车")
    bench.reload()
    assert asked == ["beforeunload"]
    expect(page.locator("#kept")).to_contain_text("1")
    expect(page.locator("#zone-list")).not_to_contain_text("路边停车")
    expect(page.locator("#unsaved")).to_be_hidden()
    bench.reload()
    assert asked == ["beforeunload"], "nothing is lost by leaving a page that was only looked at"
    rename(bench, "bin-62-36-0", "垃圾桶")
    bench.reload()
    page.locator("#kept").get_by_role("button", name="丢弃").click()
    # Whoever had drawn on without an answer lost neither of the two.
    page.locator("#kept").get_by_role("button", name="继续编辑").click()
    expect(page.locator("#zone-list")).to_contain_text("路边停车")
    expect(page.locator("#zone-list")).not_to_contain_text("垃圾桶")
    page.keyboard.press("Control+z")
    expect(page.locator("#unsaved")).to_be_hidden()
    bench.reload()
    expect(page.locator("#kept")).to_have_count(0)
    assert bench.seat.complaints == []


def test_a_session_that_ended_loses_nothing(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    rename(bench, "样桐路路边", "路边停车")
    street.clock.move(3 * 3600)
    page.keyboard.press("Control+s")
    page.locator("#save-reason").fill("命名")
    page.keyboard.press("Control+Enter")
    told = page.locator("#save-error")
    expect(told.get_by_role("link")).to_be_visible()
    with page.expect_popup() as opened:
        told.get_by_role("link").click()
    login = opened.value
    login.fill("input[name=name]", "ou")
    login.fill("input[name=password]", "门前三包 everybody's")
    login.keyboard.press("Enter")
    login.wait_for_url("**/")
    page.locator("#save-send").click()
    expect(page.locator("#dialog-save")).not_to_be_visible()
    assert zone_of(street, name="路边停车")


def test_zones_come_from_another_camera_and_from_a_file_as_a_draft(street: Street, browser: Browser, address: str, tmp_path: Path) -> None:
    bench = Bench(browser, address)
    page = bench.page
    page.locator("#more").click()
    page.locator("#menu [role=menuitem]").first.click()
    boxes = page.locator("#copy-zones input")
    expect(boxes).not_to_have_count(0)
    for number in range(1, boxes.count()):
        boxes.nth(number).uncheck()
    page.locator("#copy-send").click()
    expect(page.locator("#zone-list [role=option]")).to_have_count(10)
    page.keyboard.press("Control+z")

    page.locator("#more").click()
    page.locator("#menu [role=menuitem]").nth(1).click()
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    page.locator("#import-file").set_input_files(tmp_path / "broken.json")
    expect(page.locator("#import-error")).to_be_visible()
    expect(page.locator("#import-send")).to_be_disabled()
    page.locator("#import-file").set_input_files(zone_path(street, OTHER))
    expect(page.locator("#import-count")).to_contain_text("11")
    page.locator("[name=how][value=replace]").check()
    page.locator("#import-send").click()
    expect(page.locator("#zone-list [role=option]")).to_have_count(11)
    expect(page.locator("#unsaved")).to_be_visible()
    assert len(zone_data(street)["features"]) == 9
    assert all("422" in each for each in bench.seat.complaints)


def test_the_reference_picture_can_become_one_of_a_quiet_minute(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page = bench.page
    page.keyboard.press("x")
    expect(page.locator("#picture-under")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#slide-cut")).to_have_value("50.5")
    rename(bench, "样桐路路边", "路边停车")
    page.keyboard.press("Control+s")
    page.locator("#save-reference").get_by_role("radio").nth(1).check()
    page.locator("#save-reason").fill("换参考图")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog-save")).not_to_be_visible()
    expect(page.locator("#notice")).not_to_be_empty()
    name = zone_data(street)["doorline"]["reference"]
    assert name != "CAM24_reference.jpg"
    assert (zone_path(street).parent / name).is_file()
    assert bench.seat.complaints == []


def test_a_camera_without_zones_gets_its_first_ones_on_a_quiet_picture(street: Street, browser: Browser, address: str) -> None:
    zone_path(street).unlink()
    bench = Bench(browser, address)
    page = bench.page
    expect(page.locator("#list-nothing")).to_be_visible()
    expect(page.locator("#picture-main option").first).to_contain_text("2024-01-31 12:42")
    page.locator(".tool-kind[data-kind=public]").click()
    for point in ((0.1, 0.4), (0.5, 0.4), (0.5, 0.9), (0.1, 0.9), (0.1, 0.4)):
        bench.click(point, off=2)
    expect(page.locator("#p-place")).to_have_value("样桐路101号门前")
    page.keyboard.press("Control+s")
    page.locator("#save-reference").get_by_role("radio").nth(1).check()
    page.locator("#save-reason").fill("首次划定")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#dialog-save")).not_to_be_visible()
    expect(page.locator("#notice")).not_to_be_empty()
    described = zone_data(street)["doorline"]
    assert described["picture_px"] == [WIDTH, HEIGHT]
    assert (zone_path(street).parent / described["reference"]).is_file()
    assert [row.reason for row in street.records.zone_versions(CAMERA)] == ["首次划定"]
    assert bench.seat.complaints == []


def test_a_file_that_cannot_be_read_is_told_and_a_page_without_scripts_says_what_it_needs(
    street: Street, browser: Browser, address: str
) -> None:
    zone_path(street).write_text("{", encoding="utf-8")
    bench = Bench(browser, address)
    expect(bench.page.locator("#count-faults")).to_have_text("1")
    expect(bench.page.locator("#fault-list")).to_contain_text("JSON")
    kept = bench.seat.context.storage_state()
    plain = browser.new_context(base_url=address, java_script_enabled=False, storage_state=kept)
    page = plain.new_page()
    page.goto(f"/zones/{CAMERA}")
    expect(page.locator(".no-script")).to_be_visible()
    expect(page.locator("#plan")).not_to_be_visible()
    page.goto("/zones")
    expect(page.locator(".zone-card")).to_have_count(2)
    expect(page.locator(".zone-filter")).not_to_be_visible()
    plain.close()
    assert bench.seat.complaints == []


def test_who_may_not_draw_looks(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address, "ren")
    page = bench.page
    for place in ("#save", "#try-now", ".tool-kind", "#tab-try"):
        expect(page.locator(place)).to_have_count(0)
    bench.zone("惠家水果 门前").click()
    expect(page.locator("#p-name")).to_have_value("惠家水果 门前")
    expect(page.locator("#p-name")).to_be_disabled()
    assert bench.vertices() == []
    page.keyboard.press("Delete")
    page.keyboard.press("n")
    bench.drag((0.5, 0.7), (0.4, 0.6))
    assert page.locator("#zone-list [role=option]").count() == 9
    page.keyboard.press("h")
    page.locator("#version-list").get_by_role("button", name="对照").first.click()
    expect(page.locator(".outline")).to_have_count(9)
    assert bench.seat.complaints == []


def test_the_picture_is_zoomed_and_moved_by_wheel_keys_and_hand(browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    page, zoom = bench.page, bench.page.locator("#zoom")
    point = (0.6, 0.4)
    x, y = bench.client(point)
    page.mouse.move(x, y)
    page.mouse.wheel(0, -600)
    expect(zoom).not_to_have_text("100 %")
    # The browser tells where its wheel was turned in whole pixels.
    assert bench.client(point) == pytest.approx((x, y), abs=3), "what lies under the pointer stays there"
    x, y = bench.client(point)
    page.mouse.move(x, y)
    page.keyboard.down("Space")
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=3)
    page.mouse.up()
    page.keyboard.up("Space")
    assert bench.client(point) == pytest.approx((x + 60, y + 30), abs=1)
    page.locator("#plan").focus()
    page.keyboard.press("ArrowRight")
    assert bench.client(point)[0] < x + 60
    page.keyboard.press("0")
    expect(zoom).to_have_text("100 %")
    page.keyboard.press("+")
    expect(zoom).to_have_text("125 %")
    assert bench.seat.complaints == []


def test_fingers_draw_move_a_vertex_and_pinch(browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    kept = bench.seat.context.storage_state()
    screen = ViewportSize(width=1024, height=768)
    context = browser.new_context(viewport=screen, base_url=address, has_touch=True, locale="zh-CN", storage_state=kept)
    bench.page = bench.seat.page = context.new_page()
    bench.open()
    page = bench.page
    page.locator(".tool-kind[data-kind=fixture]").tap()
    for point in ((0.1, 0.1), (0.2, 0.1), (0.2, 0.25)):
        page.touchscreen.tap(*bench.client(point))
    page.locator("#acts button").first.tap()
    expect(page.locator("#properties-title")).to_have_text("固定设施 1")
    touches = context.new_cdp_session(page)

    def touch(kind: str, *points: Point) -> None:
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        touches.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    x, y = bench.client((0.1, 0.1))
    touch("touchStart", (x + 8, y + 6))
    touch("touchMove", (x + 40, y + 30))
    touch("touchMove", (x + 60, y + 40))
    expect(page.locator("#loupe")).to_be_visible()
    touch("touchEnd")
    expect(page.locator("#loupe")).to_be_hidden()
    bench.said("顶点 1 移到")
    touch("touchStart", (300, 400), (400, 400))
    touch("touchMove", (260, 400), (440, 400))
    touch("touchEnd")
    expect(page.locator("#zoom")).not_to_have_text("100 %")
    context.close()


GEOMETRY = """
async (sources) => {
  const [geometry, zones, hours] = await Promise.all(sources.map((one) => import(one)));
  const square = [[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]];
  const bow = [[0, 0], [0.5, 0.5], [0.5, 0], [0, 0.5]];
  const size = [1000, 500];
  const angle = [[0, 0], [1, 0], [1, 0.1], [0.1, 0.1], [0.1, 1], [0, 1]];
  const of = (ring) => ({ type: "Polygon", coordinates: [ring] });
  const as = (id, ring, more = {}) => ({ type: "Feature", properties: { id, kind: "fixture", ...more }, geometry: of(ring) });
  const base = zones.zonesOf([as("a", square), as("b", square), as("c", square)]);
  const mine = zones.withProperty(zones.withProperty(base, base[0].uid, "name", "mine"), base[1].uid, "name", "mine");
  const theirs = zones.zonesOf([as("a", square), as("b", square, { name: "theirs" }), as("d", bow)], base);
  const merged = zones.merged(base, mine, theirs);
  return {
    square: geometry.crossings(square),
    bow: geometry.crossings(bow),
    spike: geometry.crossings([[0, 0], [0.4, 0], [0.2, 0], [0.2, 0.3]]).length > 0,
    touching: geometry.crossings([[0, 0], [0.4, 0], [0.4, 0.4], [0.2, 0], [0, 0.4]]).length > 0,
    open: geometry.crossings([[0, 0], [0.5, 0], [0.5, 0.5]], false),
    vertex: geometry.snap([0.504, 0.49], [square], size, 9),
    edge: geometry.snap([0.507, 0.25], [square], size, 9),
    border: geometry.snap([0.7, 0.99], [square], size, 9),
    corner: geometry.snap([0.502, 0.006], [[[0.5, 0.1], [0.5, -0.1], [0.6, 0]]], size, 9),
    free: geometry.snap([0.7, 0.7], [square], size, 9),
    kept: geometry.moved(square, -1, 1),
    inside: geometry.contains(square, geometry.inside(square, size)),
    hollow: geometry.contains(angle, geometry.inside(angle, size)),
    merged: merged.zones.map((zone) => [zone.properties.id, zone.properties.name ?? ""]),
    clashes: merged.clashes.map((zone) => zone.properties.id),
    days: ["daily", "mon-fri", ["fri-mon", "wed"]].map((one) => hours.daysText(hours.daysOf(one))),
    clocks: ["9", "0930", "9:05", "24:00", "x"].map(hours.clockText),
  };
}
"""


def test_the_arithmetic_of_polygons(street: Street, browser: Browser, address: str) -> None:
    bench = Bench(browser, address)
    sources = [street.console.static(f"js/zones/{name}.js") for name in ("geometry", "zones", "hours")]
    found = bench.page.evaluate(GEOMETRY, sources)
    assert found == {
        "square": [],
        "bow": [[0, 2]],
        "spike": True,
        "touching": True,
        "open": [],
        "vertex": {"point": [0.5, 0.5], "to": "vertex"},
        "edge": {"point": [0.5, 0.25], "to": "edge"},
        "border": {"point": [0.7, 1], "to": "border"},
        "corner": {"point": [0.5, 0], "to": "edge"},
        "free": {"point": [0.7, 0.7], "to": ""},
        "kept": [[0, 0.5], [0.5, 0.5], [0.5, 1], [0, 1]],
        "inside": True,
        "hollow": True,
        "merged": [["a", "mine"], ["b", "mine"], ["d", ""]],
        "clashes": ["b"],
        "days": ["daily", "mon-fri", ["mon", "wed", "fri", "sat", "sun"]],
        "clocks": ["09:00", "09:30", "09:05", "24:00", "x"],
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (1024, 768), (1920, 1080), (390, 844)])
def test_pages_have_no_serious_fault_for_those_who_see_little_and_nothing_to_complain_of(
    browser: Browser, address: str, lang: str, width: int, height: int
) -> None:
    seat = Seat(browser, address, "ou", lang=lang, width=width, height=height)
    faults: list[str] = []

    def look(name: str) -> None:
        seat.page.wait_for_load_state("networkidle")
        faults.extend(serious_faults(seat.page, name))
        picture(seat, f"{name}-{lang}-{width}")
        is_too_wide = seat.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not is_too_wide, f"{name} scrolls sideways"
        words = seat.page.locator("body").inner_text()
        assert not re.search(r"\b(zones|zone_\w+|kind|field)\.\w+", words), "a key instead of a text"

    seat.page.goto("/zones")
    look("zones")
    seat.page.goto(f"/zones/{CAMERA}")
    seat.until(READY)
    look("zone-editor")
    seat.page.locator("#zone-list [role=option]").nth(4).click()
    seat.page.locator("#more-fields summary").click()
    look("zone-editor-selected")
    seat.page.locator("#p-name").fill("")
    seat.page.locator("#p-kind").select_option("permitted")
    seat.page.locator("#hours-add").click()
    expect(seat.page.locator("#check-told")).to_be_attached()
    seat.page.locator("#tab-faults").click()
    look("zone-editor-permitted")
    seat.page.keyboard.press("Control+s") if width > 1000 else seat.page.locator("#save").click()
    expect(seat.page.locator("#dialog-save")).to_be_visible()
    look("zone-editor-save")
    assert faults == []
    assert seat.complaints == []


def test_the_list_of_cameras_is_narrowed_by_words(browser: Browser, address: str) -> None:
    seat = Seat(browser, address, "ren")
    seat.page.goto("/zones")
    expect(seat.page.locator(".zone-card")).to_have_count(2)
    seat.page.locator("#zone-find").fill("东段")
    expect(seat.page.locator(".zone-card:visible")).to_have_count(1)
    expect(seat.page.locator("#zone-found")).to_contain_text("1")
    seat.page.locator("#zone-find").fill("")
    seat.page.locator("#zone-troubled").check()
    expect(seat.page.locator(".zone-card:visible")).to_have_count(0)
    assert seat.complaints == []
