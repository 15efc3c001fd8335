"""The wall in a real browser: it keeps itself up to date, rests while nobody looks, and says when it is not up to date any more."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from pipeline.records import Records
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.street import Street, furnish_street
from tests.review.watched import (
    CAMERAS,
    NO_STREAM,
    HealthServer,
    health_server,
    of_program,
    steady,
    told,
    watched_settings,
    write_looks,
    write_picture,
)

pytestmark = pytest.mark.long
SCREENSHOTS = os.environ.get("DOORLINE_SCREENSHOTS", "")
"""Folder for pictures of every page; empty: none are taken."""
_ASKED_S = 25.0
"""The wall asks every five seconds, the console its program every three."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def server() -> Iterator[HealthServer]:
    with health_server() as opened:
        yield opened


@pytest.fixture
def street(tmp_path: Path, server: HealthServer) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        made = furnish_street(records, tmp_path, 12, settings=watched_settings(tmp_path, health=server.address))
        now, midnight = made.clock.now, made.console.live.midnight()
        for number, camera in enumerate(CAMERAS):
            if camera != NO_STREAM:
                write_looks(made, camera, steady(midnight + timedelta(hours=7), now - timedelta(minutes=7 * number), 10))
                write_picture(made, camera, now - timedelta(seconds=12), 20 + 12 * number)
        server.status = of_program(now, *(told(camera, now) for camera in list(CAMERAS)[:5]))
        yield made


@pytest.fixture
def address(street: Street) -> Iterator[str]:
    with serving(street) as served:
        yield served


def say(server: HealthServer, street: Street, **states: dict[str, object]) -> None:
    """From now on the program tells this of these cameras, and of the others that they are well."""
    now = street.clock.now
    server.status = of_program(now, *(told(camera, now, **states.get(camera, {})) for camera in list(CAMERAS)[:5]))


def picture(seat: Seat, name: str) -> None:
    if SCREENSHOTS:
        Path(SCREENSHOTS).mkdir(parents=True, exist_ok=True)
        seat.page.screenshot(path=str(Path(SCREENSHOTS) / f"{name}.png"))


def tile(seat: Seat, camera: str) -> str:
    return f"[data-camera={camera}]"


def test_tiles_follow_what_the_program_tells_without_a_reload(street: Street, server: HealthServer, browser: Browser, address: str) -> None:
    ou = Seat(browser, address, "ou")
    ou.page.goto("/cameras")
    first = ou.page.locator(tile(ou, "cam01"))
    expect(first).to_have_attribute("data-state", "watched")
    ou.page.evaluate("window.same = document.querySelector('[data-camera=cam01]')")
    say(server, street, cam01={"state": "waiting", "gap": "no_frame", "fault": "connection refused", "result_age_s": 65.0})
    write_picture(street, "cam01", street.clock.now, 120)
    expect(first).to_have_attribute("data-state", "gap", timeout=_ASKED_S * 1000)
    expect(first.locator(".cam-note")).to_contain_text("connection refused")
    expect(first.locator("[data-f=age]")).to_contain_text("1 分")
    expect(first.locator("use[data-f=icon]")).to_have_attribute("href", re.compile("#gap$"))
    expect(first.locator("img")).to_have_attribute("src", re.compile(r"v=[0-9a-f]+"))
    expect(ou.page.locator("[data-count=gap]")).to_have_text("1")
    expect(ou.page.locator("#summary")).to_contain_text("1 路")
    ou.until("window.same === document.querySelector('[data-camera=cam01]')")
    ou.until("[...document.querySelectorAll('#tiles > li')].findIndex((tile) => tile.dataset.camera === 'cam01') === 1")
    ou.until("document.querySelector('[data-camera=cam01] img').naturalWidth === 480")
    say(server, street)
    expect(first).to_have_attribute("data-state", "watched", timeout=_ASKED_S * 1000)
    server.answer = b"<html>"
    expect(ou.page.locator("#told")).to_have_class(re.compile("tone-alert"), timeout=_ASKED_S * 1000)
    assert ou.complaints == []


def test_a_filtered_wall_shows_what_comes_into_that_state(street: Street, server: HealthServer, browser: Browser, address: str) -> None:
    ou = Seat(browser, address, "ou")
    ou.page.goto("/cameras?state=moved")
    expect(ou.page.locator(".tile:visible")).to_have_count(0)
    expect(ou.page.locator("#none")).to_be_visible()
    say(server, street, cam03={"gap": "camera_moved", "result_age_s": 90.0})
    expect(ou.page.locator(".tile:visible")).to_have_count(1, timeout=_ASKED_S * 1000)
    expect(ou.page.locator(tile(ou, "cam03"))).to_be_visible()
    expect(ou.page.locator("#none")).to_be_hidden()
    assert ou.complaints == []


def test_nothing_is_asked_while_nobody_can_see_it_and_at_once_when_somebody_can(
    street: Street, server: HealthServer, browser: Browser, address: str
) -> None:
    ou = Seat(browser, address, "ou")
    asked: list[str] = []
    ou.page.on("request", lambda request: asked.append(request.url) if "/cameras/state" in request.url else None)
    # Headless pages are always seen: the page is told otherwise, before its script runs.
    ou.page.add_init_script("Object.defineProperty(document, 'hidden', {get: () => window.away === true})")
    ou.page.clock.install()
    ou.page.goto("/cameras")
    with ou.page.expect_response("**/cameras/state*"):
        ou.page.clock.run_for(5_000)
    ou.page.evaluate("() => { window.away = true; document.dispatchEvent(new Event('visibilitychange')) }")
    ou.page.clock.run_for(100)
    before = len(asked)
    ou.page.clock.run_for(600_000)
    assert len(asked) == before
    with ou.page.expect_response("**/cameras/state*", timeout=3000):
        ou.page.evaluate("() => { window.away = false; document.dispatchEvent(new Event('visibilitychange')) }")
    for _ in range(4):
        with ou.page.expect_response("**/cameras/state*"):
            ou.page.clock.run_for(5_000)
    assert ou.complaints == []


def test_a_connection_that_is_lost_is_told_and_found_again(street: Street, browser: Browser, address: str) -> None:
    ou = Seat(browser, address, "ou")
    broken = [True]

    def perhaps(route: Route) -> None:
        if broken[0]:
            route.abort()
        else:
            route.continue_()

    ou.page.route("**/cameras/state*", perhaps)
    ou.page.goto("/cameras")
    lost = ou.page.locator("#lost")
    expect(lost).to_be_visible(timeout=_ASKED_S * 1000)
    expect(lost).to_contain_text(street.console.wording.texts(street.console.settings.review.language)["wall.lost"])
    broken[0] = False
    expect(lost).to_be_hidden(timeout=_ASKED_S * 1000)


def test_a_session_that_has_ended_is_told_with_the_way_back(street: Street, browser: Browser, address: str) -> None:
    ou = Seat(browser, address, "ou")
    ou.page.goto("/cameras?street=%E6%A0%B7%E8%B0%8A%E8%B7%AF")
    street.records.accounts.close_sessions("ou")
    link = ou.page.locator("#lost a")
    expect(link).to_be_visible(timeout=_ASKED_S * 1000)
    link.click()
    ou.page.wait_for_url("**/login?next=*")
    assert "cameras" in ou.page.url


def test_a_tile_moves_when_nobody_touches_the_wall_and_takes_the_focus_along(
    street: Street, server: HealthServer, browser: Browser, address: str
) -> None:
    ou = Seat(browser, address, "ou")
    ou.page.goto("/cameras")
    link = ou.page.locator(tile(ou, "cam05")).locator("h2 a")
    link.focus()
    say(server, street, cam05={"gap": "camera_moved", "result_age_s": 90.0})
    expect(ou.page.locator(tile(ou, "cam05"))).to_have_attribute("data-state", "moved", timeout=_ASKED_S * 1000)
    expect(link).to_be_focused()
    ou.until("document.querySelector('#tiles > li:nth-child(2)').dataset.camera === 'cam05'")
    expect(link).to_be_focused()
    ou.page.keyboard.press("Enter")
    ou.page.wait_for_url("**/cameras/cam05")


def test_memory_does_not_grow_with_what_is_asked(street: Street, server: HealthServer, browser: Browser, address: str) -> None:
    """A hundred answers, each with other words."""
    ou = Seat(browser, address, "ou")
    ou.page.clock.install()
    told_times = [0]
    base = ou.context.request.get(f"{address}/cameras/state", headers={"accept": "application/json"}).json()

    def answer(route: Route) -> None:
        told_times[0] += 1
        for each in base["tiles"]:
            each["age"] = f"{told_times[0]} 秒前"
        route.fulfill(json=base)

    ou.page.route("**/cameras/state*", answer)
    ou.page.goto("/cameras")
    ou.until("document.querySelectorAll('[data-camera]').length === 7")
    count = "document.getElementsByTagName('*').length"
    before = ou.page.evaluate(count)
    for _ in range(100):
        with ou.page.expect_response("**/cameras/state*"):
            ou.page.clock.run_for(5_000)
        ou.page.locator("[data-camera=cam01] [data-f=age]").get_by_text(f"{told_times[0]} 秒前", exact=True).wait_for()
    assert ou.page.evaluate(count) == before
    assert ou.complaints == []


def pages(street: Street) -> dict[str, str]:
    return {
        "wall": "/cameras",
        "camera": "/cameras/cam01",
        "streets": "/streets",
        "coverage": "/coverage?days=7",
        "overview": "/overview?days=7",
        "me": "/me",
        "accounts": "/accounts",
        "account": "/accounts/qiu",
    }


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_pages_have_no_serious_fault_and_nothing_to_complain_of(
    street: Street, server: HealthServer, browser: Browser, address: str, lang: str, width: int, height: int
) -> None:
    say(
        server,
        street,
        cam02={"state": "waiting", "gap": "no_frame", "result_age_s": 312.0},
        cam03={"gap": "camera_moved", "result_age_s": 95.0},
        cam04={"state": "connecting", "result_age_s": None, "last_result_at": None},
        cam05={"elsewhere": True, "result_age_s": 400.0},
    )
    faults = []
    seat = Seat(browser, address, "ou", lang=lang, width=width, height=height)
    for name, place in pages(street).items():
        seat.page.goto(place)
        seat.page.wait_for_load_state("load")
        if name == "accounts":
            seat.page.locator(".account-add summary").click()
        faults += serious_faults(seat.page, name)
        picture(seat, f"{name}-{lang}-{width}")
        too_wide = seat.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not too_wide, f"{name} scrolls sideways at {width}"
        words = seat.page.locator("body").inner_text()
        assert not re.search(r"\b(camera|wall|coverage|streets|accounts|overview|gap|state|role)\.[a-z_]+", words), (
            f"a key instead of a text: {name}"
        )
    seat.page.goto("/cameras")
    menu = seat.page.locator(".top-more summary")
    menu.focus()
    seat.page.keyboard.press("Enter")
    expect(seat.page.locator(".top-panel")).to_be_visible()
    faults += serious_faults(seat.page, "menu")
    picture(seat, f"menu-{lang}-{width}")
    seat.page.keyboard.press("Escape")
    expect(seat.page.locator(".top-panel")).to_be_hidden()
    expect(menu).to_be_focused()
    assert faults == []
    assert seat.complaints == []


def test_the_head_has_room_for_all_of_it_at_every_width(street: Street, browser: Browser, address: str) -> None:
    for lang in ("zh", "en"):
        seat = Seat(browser, address, "both", lang=lang)
        for width in (1920, 1366, 1280, 1101, 1024, 901, 900, 768, 701, 390, 360):
            seat.page.set_viewport_size({"width": width, "height": 768})
            seat.page.goto("/me")
            boxes = [box for part in ("brand", "top-nav", "top-end") if (box := seat.page.locator(f".{part}").bounding_box())]
            assert boxes[-1]["x"] + boxes[-1]["width"] <= width, f"{lang} at {width}"
            for left, right in pairwise(boxes):
                assert left["x"] + left["width"] <= right["x"] + 0.5, f"{lang} at {width}"
            assert boxes[1]["height"] <= 48, f"{lang} at {width}: words break into two rows"
        seat.context.close()
