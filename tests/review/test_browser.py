"""The console in a real browser: by keyboard alone, in both languages, with what a screen reader needs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pipeline.cases import CaseState
from pipeline.records import Records
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.street import Street, furnish_street

pytestmark = pytest.mark.long
SCREENSHOTS = os.environ.get("DOORLINE_SCREENSHOTS", "")
"""Folder for pictures of every page; empty: none are taken."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def busy(tmp_path: Path) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        yield furnish_street(records, tmp_path, 12)


@pytest.fixture
def address(busy: Street) -> Iterator[str]:
    with serving(busy) as served:
        yield served


def picture(seat: Seat, name: str) -> None:
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        seat.page.wait_for_load_state("networkidle")
        seat.page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def states(street: Street) -> list[CaseState]:
    return [street.records.cases.case(name).row.state for name in street.ids]


def decide(seat: Seat, *keys: str) -> None:
    """Press keys on an item and wait until the next page stands there."""
    before = seat.page.url
    for key in keys:
        seat.page.keyboard.press(key)
    seat.page.wait_for_url(lambda url: url != before)
    seat.page.wait_for_load_state("load")


def test_a_reviewer_works_through_ten_candidates_by_keyboard_alone_and_the_approver_after(
    busy: Street, browser: Browser, address: str
) -> None:
    ren = Seat(browser, address, "ren")
    ren.page.goto("/?order=oldest")
    ren.page.keyboard.press("j")
    ren.page.keyboard.press("Enter")
    ren.page.wait_for_url("**/cases/**")
    for number in range(10):
        expect(ren.page.locator("#case")).to_have_attribute("data-id", busy.ids[number])
        if number % 3 == 2:
            ren.page.keyboard.press("a")
            expect(ren.page.locator("#dialog-shop")).to_be_visible()
            decide(ren, "2", "Enter")
        elif number % 3 == 1:
            ren.page.keyboard.press("r")
            expect(ren.page.locator("#dialog-reject")).to_be_visible()
            decide(ren, "2", "Enter")
        else:
            decide(ren, "a")
    assert states(busy)[:10] == [CaseState.REJECTED if number % 3 == 1 else CaseState.FACT_CONFIRMED for number in range(10)]
    assert busy.records.cases.case(busy.ids[2]).row.shop_code == "BS-0002"
    assert busy.records.cases.case(busy.ids[1]).history[0].reason == "passer_by"

    ren.page.goto(f"/cases/{busy.ids[0]}?state=fact_confirmed&order=oldest")
    ren.page.keyboard.press("l")
    expect(ren.page.locator("#dialog-submit")).to_be_visible()
    decide(ren, "Control+Enter")
    assert states(busy)[0] is CaseState.LAW_REVIEW

    an = Seat(browser, address, "an")
    an.page.goto("/?state=law_review")
    an.page.keyboard.press("j")
    an.page.keyboard.press("Enter")
    an.page.wait_for_url("**/cases/**")
    an.page.keyboard.press("w")
    expect(an.page.locator("#dialog-warn")).to_be_visible()
    an.page.keyboard.press("Control+Enter")
    expect(an.page.locator("#case")).to_have_count(0)
    assert states(busy)[0] is CaseState.WARNED
    assert busy.records.cases.case(busy.ids[0]).history[-1].by == "an"
    assert ren.complaints == an.complaints == []


def test_a_verdict_is_taken_back_within_a_minute(busy: Street, browser: Browser, address: str) -> None:
    ren = Seat(browser, address, "ren")
    ren.page.goto(f"/cases/{busy.ids[0]}?order=oldest")
    decide(ren, "a")
    assert states(busy)[0] is CaseState.FACT_CONFIRMED
    expect(ren.page.locator("#notice button")).to_be_visible()
    ren.page.keyboard.press("u")
    ren.page.wait_for_url(f"**/cases/{busy.ids[0]}*")
    assert states(busy)[0] is CaseState.CANDIDATE
    assert ren.complaints == []


def test_two_browsers_on_one_item_one_verdict_stands_and_the_other_is_told(busy: Street, browser: Browser, address: str) -> None:
    ren, lu = Seat(browser, address, "ren"), Seat(browser, address, "lu")
    lu.page.goto(f"/cases/{busy.ids[1]}")
    busy.clock.move(11 * 60)
    ren.page.goto(f"/cases/{busy.ids[1]}")
    decide(ren, "a")
    lu.page.keyboard.press("r")
    lu.page.keyboard.press("1")
    lu.page.locator("#dialog-reject textarea").fill("是门前的绿化箱")
    lu.page.keyboard.press("Control+Enter")
    told = lu.page.locator("#dialog-reject [role=alert]")
    expect(told).to_be_visible()
    expect(told).not_to_be_empty()
    expect(lu.page.locator("#dialog-reject textarea")).to_have_value("是门前的绿化箱")
    assert states(busy)[1] is CaseState.FACT_CONFIRMED


def test_a_squad_cannot_open_another_ones_clip_by_its_address(busy: Street, browser: Browser, address: str) -> None:
    other = Seat(browser, address, "other")
    for place in (f"/cases/{busy.ids[0]}", f"/media/{busy.ids[0]}/clip_first_seen_confirmed"):
        answer = other.page.goto(place)
        assert answer is not None
        assert answer.status == 404


def test_clips_play_step_by_step_and_jump(busy: Street, browser: Browser, address: str) -> None:
    ren = Seat(browser, address, "ren")
    ren.page.goto(f"/cases/{busy.ids[0]}")
    ren.page.locator("[data-view=clip]").click()
    ren.until("[...document.querySelectorAll('video')].some((video) => video.readyState >= 2)")
    now = "Math.max(...[...document.querySelectorAll('video')].map((video) => video.currentTime))"
    ren.page.keyboard.press("c")
    ren.until(f"{now} > 5")
    ren.page.wait_for_timeout(300)
    at_s = ren.page.evaluate(now)
    ren.page.keyboard.press(".")
    ren.until(f"{now} > {at_s} + 0.02")
    ren.page.keyboard.press(" ")
    ren.until("[...document.querySelectorAll('video')].some((video) => !video.paused)")
    ren.page.keyboard.press(" ")
    ren.page.keyboard.press("m")
    ren.until("[...document.querySelectorAll('video')].every((video) => video.paused)")
    assert ren.complaints == []


def pages(street: Street) -> dict[str, str]:
    return {
        "overview": "/overview?days=7",
        "audit": "/audit",
        "queue": "/",
        "all": "/?state=all&order=urgent",
        "item": f"/cases/{street.ids[2]}",
        "incomplete": f"/cases/{street.ids[-1]}",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_pages_have_no_serious_fault_for_those_who_see_little_and_nothing_to_complain_of(
    busy: Street, browser: Browser, address: str, lang: str, width: int, height: int
) -> None:
    seat = Seat(browser, address, lang=lang, width=width, height=height)
    seat.page.goto("/login")
    seat.page.wait_for_load_state("load")
    faults = serious_faults(seat.page, "login")
    picture(seat, f"login-{lang}-{width}")
    seat = Seat(browser, address, "both", lang=lang, width=width, height=height)
    for name, place in pages(busy).items():
        seat.page.goto(place)
        seat.page.wait_for_load_state("load")
        faults += serious_faults(seat.page, name)
        picture(seat, f"{name}-{lang}-{width}")
        is_too_wide = seat.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not is_too_wide, f"{name} scrolls sideways"
        words = seat.page.locator("body").inner_text()
        assert not re.search(r"\b(state|kind|action|reason|badge|fact)\.\w+", words), "a key instead of a text"
        if lang == "en":
            own = re.sub(r"[\u4e00-\u9fff].*", "", words)
            assert "Confirm" in own or name != "item"
    assert faults == []
    assert seat.complaints == []


def test_the_whole_verdict_is_seen_without_scrolling(busy: Street, browser: Browser, address: str) -> None:
    for width, height in ((1366, 768), (1920, 1080)):
        seat = Seat(browser, address, "ren", width=width, height=height)
        seat.page.goto(f"/cases/{busy.ids[2]}")
        for place in ("[form=step-confirm].act", "[data-open=dialog-reject]", "#stage"):
            box = seat.page.locator(place).first.bounding_box()
            assert box is not None
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= height, f"{place} at {width}x{height}"
        picture(seat, f"item-{width}")
        seat.context.close()
