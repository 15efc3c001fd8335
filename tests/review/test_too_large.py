"""What is larger than any form: refused before anything of it is kept, told in words, and seen by whoever sent it."""

from __future__ import annotations

import json
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from pipeline.records import Records
from pipeline.review.wording import size_text
from tests.review.asking import Person, form_token
from tests.review.browser import Seat, chromium, serious_faults, serving
from tests.review.shop_street import furnish_shop_street
from tests.review.street import Street
from tests.review.test_browser import picture

JSON = {"accept": "application/json"}
MIB = 2**20


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def shops(tmp_path: Path) -> Iterator[Street]:
    """With a shop list, so that one can be imported."""
    with Records.open(f"sqlite:///{tmp_path}/doorline.db", busy_timeout_s=10) as records:
        yield furnish_shop_street(records, tmp_path, 1)


@pytest.fixture
def address(shops: Street) -> Iterator[str]:
    with serving(shops) as served:
        yield served


def text(street: Street, key: str, **values: str) -> str:
    return street.console.wording.of(street.console.settings.review.language)(key, **values)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "0 KB"),
        (1, "1 KB"),
        (64 * 2**10, "64 KB"),
        (64 * 2**10 + 1, "65 KB"),
        (MIB, "1 MB"),
        (16 * MIB, "16 MB"),
        (16 * MIB + 1, "16.1 MB"),
    ],
)
def test_a_size_is_never_said_to_be_less_than_it_is(size: int, said: str) -> None:
    assert size_text(size) == said


def test_a_form_that_is_too_large_is_answered_with_a_page_in_the_persons_language(street: Street) -> None:
    ren = Person(street, "ren")
    answer = ren.client.post("/cases/0000c0ffee/steps", data={"note": "x" * 100_000})
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["connection"] == "close"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert text(street, "error.too_large", most="64 KB", came="98 KB") in answer.text
    assert text(street, "heading.too_large") in answer.text
    assert text(street, "message.typed") in answer.text
    assert text(street, "message.to_queue") in answer.text, "who is logged in stays so"
    ren.client.cookies.set("doorline_language", "en")
    english = ren.client.post("/cases/0000c0ffee/steps", data={"note": "x" * 100_000}).text
    assert "At most 64 KB is taken here at once, and 98 KB came." in english


def test_strangers_are_told_too_and_learn_nothing(street: Street) -> None:
    answer = Person(street).client.post("/login", data={"name": "x" * 100_000})
    assert answer.status_code == 413
    assert 'href="/login"' in answer.text


@pytest.mark.parametrize("place", ["/cases/0000c0ffee/photos", "/zones/cam01/import", "/api/v1/cases"])
def test_scripts_and_programs_get_the_shape_of_every_error(street: Street, place: str) -> None:
    limit = {"photos": 16, "import": 8}.get(place.rpartition("/")[2])
    most = limit * MIB if limit else 64 * 2**10
    headers = {} if place.startswith("/api/") else JSON
    answer = Person(street, "ren").client.post(place, content=bytes(most + 1), headers=headers)
    assert answer.status_code == 413
    said = text(street, "error.too_large", most=size_text(most), came=size_text(most + 1))
    assert answer.json() == {"error": {"code": "too_large", "text": said}}


def test_what_is_not_announced_is_refused_as_soon_as_more_has_come(street: Street) -> None:
    ren = Person(street, "ren")
    token = form_token(ren.get("/"))

    def parts() -> Iterator[bytes]:
        yield b"form_token=" + token.encode() + b"&note="
        for _ in range(64):
            yield b"x" * 2**14

    headers = JSON | {"content-type": "application/x-www-form-urlencoded"}
    answer = ren.client.post("/cases/0000c0ffee/steps", content=parts(), headers=headers)
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "too_large"
    assert "64 KB" in answer.json()["error"]["text"]


def test_records_that_cannot_be_asked_do_not_stand_in_the_way_of_the_answer(street: Street, tmp_path: Path) -> None:
    ren = Person(street, "ren")
    with sqlite3.connect(tmp_path / "doorline.db") as database:
        database.execute("DROP TABLE sessions")
    answer = ren.client.post("/cases/0000c0ffee/steps", data={"note": "x" * 100_000})
    assert answer.status_code == 413
    assert text(street, "heading.too_large") in answer.text


# --- on the wire --------------------------------------------------------------------------------------------------


def head(place: str, address: str, *more: str) -> bytes:
    lines = [f"POST {place} HTTP/1.1", f"Host: {address.removeprefix('http://')}", "Accept: application/json", *more, "", ""]
    return "\r\n".join(lines).encode()


def connected(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), timeout=20)


def rest_of(line: socket.socket) -> bytes:
    received = b""
    while part := line.recv(65536):
        received += part
    return received


def test_whoever_sends_all_before_reading_reads_the_whole_answer(address: str) -> None:
    """As browsers do. A line that is closed in the face of who still sends is reset, and what was answered is lost."""
    with connected(address) as line:
        line.sendall(head("/shops/import", address, f"Content-Length: {40 * MIB}"))
        for _ in range(40):
            line.sendall(bytes(MIB))
        received = rest_of(line)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_large"


def test_whoever_announces_nothing_reads_it_as_well(address: str) -> None:
    with connected(address) as line:
        line.sendall(head("/login", address, "Content-Type: application/x-www-form-urlencoded", "Transfer-Encoding: chunked"))
        for _ in range(64):
            line.sendall(b"10000\r\n" + b"x" * 2**16 + b"\r\n")
        line.sendall(b"0\r\n\r\n")
        received = rest_of(line)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert json.loads(received.partition(b"\r\n\r\n")[2])["error"]["code"] == "too_large"


def test_whoever_asks_before_sending_is_told_at_once(address: str) -> None:
    with connected(address) as line:
        line.sendall(head("/shops/import", address, f"Content-Length: {40 * MIB}", "Expect: 100-continue"))
        received = rest_of(line)
    assert received.startswith(b"HTTP/1.1 413 "), "and not 100 Continue"


def test_whoever_goes_away_meanwhile_leaves_nothing_behind(address: str) -> None:
    with connected(address) as line:
        line.sendall(head("/shops/import", address, f"Content-Length: {40 * MIB}") + bytes(MIB))
    with connected(address) as line:
        line.sendall(head("/login", address, "Content-Length: 0", "Connection: close"))
        assert rest_of(line).startswith(b"HTTP/1.1 4")


# --- in a real browser --------------------------------------------------------------------------------------------


LARGE: FilePayload = {"name": "list.csv", "mimeType": "text/csv", "buffer": b"x" * (40 * MIB)}


@pytest.mark.long
@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_says_it_and_the_form_is_there_as_it_was_after_going_back(browser: Browser, address: str, scripts: bool) -> None:
    seat = Seat(browser, address, "ou")
    page = seat.page
    if not scripts:
        kept = seat.context.storage_state()
        page = browser.new_context(base_url=address, java_script_enabled=False, storage_state=kept, locale="zh-CN").new_page()
    page.goto("/shops/import")
    page.locator("input[value=part]").check()
    page.locator("#f-file").set_input_files(LARGE)
    if scripts:
        page.locator(".import-send button").click()
        assert page.url.endswith("/shops/import"), "told before it is sent in vain"
        assert page.locator("#f-file").evaluate("field => field.validationMessage") == "文件超过 8 MB，请分成几次导入"
        expect(page.locator("h1")).to_have_text("导入名录")
        page.locator("form.stack").evaluate("form => form.setAttribute('novalidate', '')")
    page.locator(".import-send button").click()
    expect(page.locator("h1")).to_have_text("内容太大")
    expect(page.locator(".message")).to_contain_text("这里一次最多收 8 MB")
    expect(page.locator(".message")).to_contain_text("40.1 MB")
    if scripts:
        picture(seat, "too-large-zh-1366")
        assert serious_faults(page, "too large") == []
    page.go_back()
    expect(page.locator("input[value=part]")).to_be_checked()
    assert all("413" in each for each in seat.complaints)


@pytest.mark.long
def test_a_script_gets_its_answer_too(browser: Browser, address: str) -> None:
    seat = Seat(browser, address, "ou")
    answer = seat.page.evaluate(
        """async () => {
          const body = new FormData();
          body.append("file", new Blob([new Uint8Array(40 * 2 ** 20)]), "list.csv");
          const response = await fetch("/shops/import", { method: "POST", body, headers: { Accept: "application/json" } });
          return { status: response.status, ...(await response.json()) };
        }"""
    )
    assert (answer["status"], answer["error"]["code"]) == (413, "too_large")
    assert "40.1 MB" in answer["error"]["text"]
