"""Shops in a real browser: a list is imported and drawn from, cards are printed; in both languages, with what a screen reader needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from pipeline.drawing_lots import Domain, draw_lots
from pipeline.records import Records
from pipeline.shops import ShopRegistry, csv_of, load_shops
from tests.records.samples import TOOLS
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.shop_street import LIST, furnish_shop_street
from tests.review.street import Street
from tests.review.test_browser import picture

pytestmark = pytest.mark.long
BETTER = ShopRegistry(
    {**LIST.tenancies, "BS-0002": (replace(TOOLS, grade="C"),), "BS-0009": (replace(TOOLS, code="BS-0009", name="新开店"),)}
)
FAULTY = csv_of(BETTER).replace(b",C,", b",D,") + "BS-0001,别家,,,,,,,2026/1/1,\r\n".encode()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        yield furnish_shop_street(records, tmp_path, 6, settings={"review": {"public_url": "https://doorline.example"}})


@pytest.fixture
def address(street: Street) -> Iterator[str]:
    with serving(street) as served:
        yield served


def hand_in(seat: Seat, name: str, raw: bytes) -> None:
    file: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": raw}
    seat.page.set_input_files("input[type=file]", file)
    seat.page.locator("form[enctype] button").focus()
    with seat.page.expect_navigation():
        seat.page.keyboard.press("Enter")


def no_fault(seat: Seat, name: str) -> list[str]:
    """What somebody who sees little would stumble over; wide pages; keys that nobody wrote words for."""
    seat.page.wait_for_load_state("load")
    picture(seat, name)
    found = serious_faults(seat.page, name)
    if seat.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        found.append(f"{name} scrolls sideways")
    words = seat.page.locator("body").inner_text()
    return found + re.findall(r"\b(?:shops|draws|state|kind|error|filter)\.(?!txt\b)[a-z_]\w*", words)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_operator_imports_a_list_with_faults_then_a_good_one_and_draws_from_it(
    street: Street, browser: Browser, address: str, lang: str
) -> None:
    seat = Seat(browser, address, "ou", lang=lang)
    path = street.console.settings.shops
    assert path is not None
    seat.page.goto("/shops")
    seat.page.locator(".shops-ways a", has_text="Import" if lang == "en" else "导入").click()
    hand_in(seat, "名录.csv", FAULTY)
    rows = seat.page.locator("section", has=seat.page.locator("#faults-title")).locator("tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("BS-0002")
    expect(rows.nth(2)).to_contain_text("2026-01-01")
    faults = no_fault(seat, f"shops-faults-{lang}-1366")
    assert load_shops(path) == LIST
    hand_in(seat, "名录.csv", csv_of(BETTER))
    expect(seat.page.locator(".change")).to_have_count(2)
    faults += no_fault(seat, f"shops-dry-run-{lang}-1366")
    assert load_shops(path) == LIST
    with seat.page.expect_navigation():
        seat.page.locator("form[action='/shops/apply'] button").click()
    expect(seat.page.locator("[role=status].told")).to_be_visible()
    assert load_shops(path) == BETTER
    faults += no_fault(seat, f"shops-import-{lang}-1366")

    seat.page.goto("/draws")
    seat.page.check("input[name=street][value=样谊路]")
    seat.page.select_option("#f-tickets_c", "5")
    seat.page.fill("#f-shops", "2")
    seat.page.check("input[name=account][value=qiu]")
    seat.page.fill("#f-names", "张三\n李四")
    seat.page.fill("#f-inspectors", "2")
    faults += no_fault(seat, f"draws-{lang}-1366")
    with seat.page.expect_navigation():
        seat.page.locator("form[action='/draws'] button").click()
    faults += no_fault(seat, f"draw-{lang}-1366")
    kept = street.records.draws.draw(seat.page.url.rpartition("/")[2])
    assert kept.drawn == draw_lots(kept.seed, Domain.SHOP, {"BS-0001": 1, "BS-0002": 5, "BS-0009": 1}, 2)
    assert seat.page.locator("td.code").all_inner_texts() == list(kept.drawn)
    assert faults == []
    # The browser itself notes that a form was refused: once, for the list with faults.
    assert [complaint for complaint in seat.complaints if "422" not in complaint] == []
    assert len(seat.complaints) == 1


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("name", "width", "height"), [("both", 1366, 768), ("qiu", 390, 844)])
def test_pages_of_shops_have_nothing_to_complain_of(
    street: Street, browser: Browser, address: str, lang: str, name: str, width: int, height: int
) -> None:
    seat = Seat(browser, address, name, lang=lang, width=width, height=height)
    faults: list[str] = []
    for page, place in (
        ("shops", "/shops?sort=items"),
        ("shop", "/shops/BS-0001"),
        ("shop-cards", "/shops/cards"),
        ("shop-card", "/shops/BS-0001/card"),
        ("draws", "/draws"),
        ("shops-nothing", "/shops?q=nothing"),
    ):
        seat.page.goto(place)
        faults += no_fault(seat, f"{page}-{lang}-{width}")
    assert faults == []
    assert seat.complaints == []


def test_shops_are_found_and_opened_by_keyboard_alone(street: Street, browser: Browser, address: str) -> None:
    seat = Seat(browser, address, "ren")
    seat.page.goto("/shops")
    seat.page.locator("#f-q").focus()
    seat.page.keyboard.type("书店")
    seat.page.keyboard.press("Enter")
    seat.page.wait_for_url("**/shops?q=*")
    assert "street=" not in seat.page.url, "what was not asked for stays out of the address"
    seat.page.get_by_role("link", name="旧书店").focus()
    seat.page.keyboard.press("Enter")
    seat.page.wait_for_url("**/shops/BS-0003")
    expect(seat.page.locator("h1")).to_contain_text("旧书店")
    assert seat.complaints == []


def test_cards_are_printed_in_their_size(street: Street, browser: Browser, address: str) -> None:
    seat = Seat(browser, address, "ren")
    for place, sizes in (("/shops/BS-0001/card", [(105, 148)]), ("/shops/cards", [(210, 297)])):
        seat.page.goto(place)
        made = seat.page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", made)
        assert [(round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) for width, height in boxes] == sizes
    seat.page.emulate_media(media="print")
    for place in (".top", ".cards-tools"):
        expect(seat.page.locator(place)).to_be_hidden()
    box = seat.page.locator(".qr-card").first.bounding_box()
    assert box is not None
    assert (round(box["width"] / 96 * 25.4), round(box["height"] / 96 * 25.4)) == (105, 148)


def test_a_tenant_who_leaves_is_seen_on_the_page(street: Street, browser: Browser, address: str) -> None:
    """The list changes on the disk while the console runs."""
    path = street.console.settings.shops
    assert path is not None
    ended = replace(LIST.tenancies["BS-0001"][1], until=date(2024, 1, 20))
    path.write_bytes(csv_of(ShopRegistry({**LIST.tenancies, "BS-0001": (LIST.tenancies["BS-0001"][0], ended)})))
    seat = Seat(browser, address, "ren")
    seat.page.goto("/shops/BS-0001")
    expect(seat.page.locator("h1 .badge")).to_be_visible()
    seat.page.goto("/shops?let=0")
    expect(seat.page.locator("tbody tr")).to_have_count(2)
