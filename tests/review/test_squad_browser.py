"""A squad at work with a phone: finds what is due first, takes photos, answers; and nothing typed or chosen is lost without a word."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from pipeline.cases import CaseState
from pipeline.records import Records
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.photos import dispatch, from_phone, heic
from tests.review.street import PASSWORD, Street, furnish_street
from tests.review.street import scene as street_scene
from tests.review.test_browser import picture

pytestmark = pytest.mark.long
WIDTH, HEIGHT = 390, 844
THUMB_PX = 40
"""What a finger hits."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Street]:
    """Three cases with the squad: due in two hours, in 26 hours and in three days; one that is only confirmed."""
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        street = furnish_street(records, tmp_path, 6)
        for number, hours in ((1, 72.0), (3, 2.0), (4, 26.0)):
            dispatch(street, street.ids[number], hours=hours, note="门口货架请一并查看")
        yield street


@pytest.fixture
def address(busy: Street) -> Iterator[str]:
    with serving(busy) as served:
        yield served


@pytest.fixture
def album(tmp_path: Path) -> dict[str, Path]:
    """What is on the phone."""
    upright = Image.fromarray(street_scene(22.0)[:, :, ::-1]).resize((1200, 1600))
    files = {"before.jpg": from_phone(6, upright=upright), "after.jpg": from_phone(1, upright=upright.rotate(90, expand=True))}
    files |= {"phone.heic": heic(), "text.jpg": "改了名字的文本".encode()}
    folder = tmp_path / "album"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return {name: folder / name for name in files}


class Phone(Seat):
    """Somebody of the squad with a phone in the hand."""

    def __init__(self, browser: Browser, address: str, name: str = "qiu", *, lang: str = "zh", scripts: bool = True) -> None:
        self.context: BrowserContext = browser.new_context(
            viewport={"width": WIDTH, "height": HEIGHT},
            base_url=address,
            locale="zh-CN",
            has_touch=True,
            is_mobile=True,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(15_000)
        self.context.add_cookies([{"name": "doorline_language", "value": lang, "url": address}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto("/login")
        self.page.fill("input[name=name]", name)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.locator("main button").tap()
        self.page.wait_for_url("**/")

    def choose(self, *photos: Path) -> None:
        self.page.locator("[data-pick][multiple]").set_input_files([str(photo) for photo in photos])

    def tile(self, number: int) -> Locator:
        return self.page.locator(".photo-tile").nth(number)

    @property
    def answer(self) -> Locator:
        return self.page.locator("button[form=step-answer]")


def test_a_squad_adds_two_photos_and_answers_and_the_reviewer_sees_them(
    busy: Street, browser: Browser, address: str, album: dict[str, Path]
) -> None:
    qiu = Phone(browser, address)
    expect(qiu.page.locator(".row-link")).to_have_count(3)
    expect(qiu.page.locator(".deadline").first).to_contain_text("还剩 2 小时 0 分")
    qiu.page.locator(".row-link").first.tap()
    qiu.page.wait_for_url("**/cases/**")
    case = busy.ids[3]
    expect(qiu.page.locator("#case")).to_have_attribute("data-id", case)
    expect(qiu.page.locator("#stage")).to_be_in_viewport()
    expect(qiu.page.locator(".panel .deadline")).to_be_in_viewport()
    expect(qiu.page.locator(".shop-name").first).to_be_in_viewport()
    expect(qiu.answer).to_be_in_viewport()
    expect(qiu.page.locator("kbd").first).to_be_hidden()

    qiu.choose(album["before.jpg"], album["after.jpg"])
    expect(qiu.page.locator(".photo-tile")).to_have_count(2)
    expect(qiu.tile(0).locator("canvas")).to_have_attribute("aria-label", "照片预览 before.jpg")
    assert busy.records.cases.case(case).photos == (), "nothing is sent before it was looked at"
    qiu.tile(0).locator("[data-word]").nth(0).tap()
    qiu.tile(1).locator(".photo-note").fill("整改后，货架已收回")
    picture(qiu, "squad-photos-zh-390")
    qiu.page.locator(".outcome", has_text="已整改").tap()
    qiu.page.fill("#note-answer", "已当场收进店内")
    qiu.answer.tap()
    qiu.page.wait_for_url(f"**/cases/{busy.ids[4]}*")
    expect(qiu.page.locator("#notice")).to_contain_text("已反馈")

    detail = busy.records.cases.case(case)
    assert detail.row.state is CaseState.ANSWERED
    assert (detail.history[-1].by, detail.history[-1].reason, detail.history[-1].note) == ("qiu", "rectified", "已当场收进店内")
    kept = [(photo.note, photo.width_px, photo.height_px) for photo in detail.photos]
    assert kept == [
        ("整改前", 1200, 1600),
        ("整改后，货架已收回", 1600, 1200),
    ]

    ren = Seat(browser, address, "ren")
    ren.page.goto(f"/cases/{case}")
    expect(ren.page.locator(".photos > li")).to_have_count(2)
    expect(ren.page.locator(".photos > li").first).to_contain_text("整改前")
    expect(ren.page.locator(".photos > li").first).to_contain_text("邱队员")
    ren.page.locator("[data-shows=photo-2]").click()
    expect(ren.page.locator("#still")).to_have_attribute("src", f"/media/{case}/photos/{detail.photos[1].photo_id}")
    ren.until("document.getElementById('still').naturalWidth === 1600")
    expect(ren.page.locator("#shown")).to_contain_text("整改后，货架已收回")
    expect(ren.page.locator(".thumb[aria-current]")).to_have_attribute("data-name", "photo-2")
    picture(ren, "squad-photos-seen-zh-1366")
    assert qiu.complaints == ren.complaints == []


def test_what_a_broken_line_holds_up_is_told_and_sent_again(busy: Street, browser: Browser, address: str, album: dict[str, Path]) -> None:
    qiu = Phone(browser, address)
    case = busy.ids[3]
    qiu.page.goto(f"/cases/{case}")
    refused: list[str] = []

    def break_once(route: Route) -> None:
        if refused:
            route.continue_()
        else:
            refused.append(route.request.url)
            route.abort("connectionreset")

    qiu.page.route("**/photos?*", break_once)
    qiu.choose(album["before.jpg"], album["after.jpg"])
    qiu.page.locator(".outcome", has_text="已劝导教育").tap()
    qiu.page.fill("#note-answer", "已劝导")
    qiu.answer.tap()
    told = qiu.page.locator("#step-answer .form-error")
    expect(told).to_contain_text("有 1 张照片没有传上去")
    expect(qiu.tile(0)).to_have_attribute("data-state", "failed")
    expect(qiu.tile(1)).to_have_attribute("data-state", "sent")
    assert busy.records.cases.case(case).row.state is CaseState.DISPATCHED
    qiu.tile(0).locator("[data-retry]").tap()
    expect(qiu.tile(0)).to_have_attribute("data-state", "sent")
    expect(qiu.page.locator("#note-answer")).to_have_value("已劝导")
    # The answer itself is held up: what was said stays.
    qiu.page.route("**/steps?*", lambda route: route.abort("internetdisconnected"))
    qiu.answer.tap()
    expect(told).to_contain_text("未能送达")
    qiu.page.reload()
    expect(qiu.page.locator("#note-answer")).to_have_value("已劝导")
    expect(qiu.page.locator(".outcome input[value=talked_to]")).to_be_checked()
    expect(qiu.page.locator(".photos > li")).to_have_count(2)
    qiu.page.unroute("**/steps?*")
    qiu.answer.tap()
    qiu.page.wait_for_url(f"**/cases/{busy.ids[4]}*")
    assert len(busy.records.cases.case(case).photos) == 2
    assert busy.records.cases.case(case).row.state is CaseState.ANSWERED


def test_photos_that_were_not_sent_are_missed_after_a_reload(busy: Street, browser: Browser, address: str, album: dict[str, Path]) -> None:
    qiu = Phone(browser, address)
    qiu.page.on("dialog", lambda dialog: dialog.accept())
    qiu.page.goto(f"/cases/{busy.ids[3]}")
    qiu.choose(album["before.jpg"])
    qiu.page.fill("#note-answer", "写了一半")
    qiu.page.reload()
    expect(qiu.page.locator("#photo-told")).to_contain_text("上次选的 1 张照片没有上传")
    expect(qiu.page.locator("#note-answer")).to_have_value("写了一半")
    qiu.page.reload()
    expect(qiu.page.locator("#photo-told")).to_be_hidden()


def test_what_is_no_photo_is_told_and_can_be_left_out(busy: Street, browser: Browser, address: str, album: dict[str, Path]) -> None:
    qiu = Phone(browser, address)
    case = busy.ids[3]
    qiu.page.goto(f"/cases/{case}")
    qiu.choose(album["phone.heic"], album["text.jpg"], album["before.jpg"])
    expect(qiu.tile(0).locator("canvas")).to_have_attribute("aria-label", "无法预览的照片 phone.heic")
    qiu.page.locator("#photo-send").tap()
    expect(qiu.tile(0)).to_contain_text("不支持 HEIC")
    expect(qiu.tile(1)).to_contain_text("不是 JPEG、PNG 或 WebP")
    expect(qiu.tile(2)).to_contain_text("已上传")
    expect(qiu.tile(1).locator("[data-retry]")).to_be_hidden()
    expect(qiu.page.locator(".photo-count")).to_have_text("3/12 张")
    qiu.tile(1).locator("[data-remove]").tap()
    qiu.tile(0).locator("[data-remove]").tap()
    expect(qiu.page.locator(".photo-count")).to_have_text("1/12 张")
    qiu.page.locator(".outcome", has_text="现场未发现").tap()
    qiu.answer.tap()
    qiu.page.wait_for_url(f"**/cases/{busy.ids[4]}*")
    assert len(busy.records.cases.case(case).photos) == 1
    # The browser itself notes the two answers that were no success.
    assert all("422" in complaint for complaint in qiu.complaints)


def test_a_session_that_ended_is_told_and_after_a_new_login_it_goes_on(
    busy: Street, browser: Browser, address: str, album: dict[str, Path]
) -> None:
    qiu = Phone(browser, address)
    case = busy.ids[1]
    qiu.page.goto(f"/cases/{case}")
    qiu.choose(album["before.jpg"])
    busy.clock.move(13 * 3600)
    qiu.page.locator("#photo-send").tap()
    expect(qiu.tile(0)).to_contain_text("登录已过期")
    with qiu.context.expect_page() as opened:
        qiu.tile(0).locator("a").tap()
    other = opened.value
    other.fill("input[name=name]", "qiu")
    other.fill("input[name=password]", PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url("**/")
    other.close()
    qiu.tile(0).locator("[data-retry]").tap()
    expect(qiu.tile(0)).to_contain_text("已上传")
    assert len(busy.records.cases.case(case).photos) == 1


def test_an_answer_without_what_it_needs_is_asked_for(busy: Street, browser: Browser, address: str) -> None:
    qiu = Phone(browser, address)
    case = busy.ids[3]
    qiu.page.goto(f"/cases/{case}")
    qiu.answer.tap()
    qiu.until("document.activeElement.name === 'reason'")
    qiu.page.locator(".outcome", has_text="其他").tap()
    qiu.answer.tap()
    qiu.until("document.activeElement.id === 'note-answer'")
    assert busy.records.cases.case(case).row.state is CaseState.DISPATCHED
    assert qiu.complaints == []


def test_without_scripts_the_plain_form_does_the_same(busy: Street, browser: Browser, address: str, album: dict[str, Path]) -> None:
    qiu = Phone(browser, address, scripts=False)
    case = busy.ids[3]
    qiu.page.goto(f"/cases/{case}")
    qiu.page.locator("#photos").set_input_files([str(album["before.jpg"]), str(album["after.jpg"])])
    qiu.page.fill("#photos-note", "现场")
    qiu.page.locator("#photos-form button:not(.needs-script):visible").tap()
    qiu.page.wait_for_url(f"**/cases/{case}*#answer")
    expect(qiu.page.locator(".photos > li")).to_have_count(2)
    qiu.page.locator(".outcome input").first.check()
    qiu.answer.tap()
    qiu.page.wait_for_url(f"**/cases/{busy.ids[4]}*")
    assert busy.records.cases.case(case).row.state is CaseState.ANSWERED


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_in_the_hand_nothing_is_too_small_too_wide_or_unreadable(
    busy: Street, browser: Browser, address: str, album: dict[str, Path], lang: str
) -> None:
    qiu = Phone(browser, address, lang=lang)
    places = {"queue": "/", "all": "/?state=all", "item": f"/cases/{busy.ids[3]}", "watched": f"/cases/{busy.ids[1]}?state=all"}
    faults: list[str] = []
    for name, place in places.items():
        qiu.page.goto(place)
        if name == "item":
            qiu.choose(album["before.jpg"], album["after.jpg"])
            qiu.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        qiu.page.wait_for_load_state("networkidle")
        faults += serious_faults(qiu.page, name)
        assert not qiu.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"), (
            f"{name} scrolls sideways"
        )
        for part in qiu.page.locator("main button:visible, .answer label:visible, .due a:visible, .verdict button:visible").all():
            box = part.bounding_box()
            assert box is not None
            is_large_enough = box["height"] >= THUMB_PX or "photo-retry" in (part.get_attribute("class") or "")
            assert is_large_enough or part.evaluate("one => one.closest('.timeline, .field') !== null"), (name, part.inner_text(), box)
        picture(qiu, f"squad-{name}-{lang}-390")
    assert faults == []
    assert qiu.complaints == []
