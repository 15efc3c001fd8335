"""A real Chromium before a real console."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from pipeline.review.app import create_app
from tests.review.street import PASSWORD, Street
from tests.streams.servers import free_port

_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@contextmanager
def serving(street: Street, port: int = 0) -> Iterator[str]:
    """The console on a port of this machine, by default on any that is free; gives its address."""
    port = port or free_port()
    server = uvicorn.Server(uvicorn.Config(create_app(street.console), host="127.0.0.1", port=port, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until_s = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < until_s, "the console does not start"
            time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of the system."""
    path = shutil.which("chromium")
    if path is None:
        pytest.fail("no chromium: make browser (or apt-get install chromium) installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=list(_FLAGS))
        try:
            yield browser
        finally:
            browser.close()


class Seat:
    """Somebody before a screen of their own; whatever the browser complains of is kept."""

    def __init__(self, browser: Browser, address: str, name: str = "", *, width: int = 1366, height: int = 768, lang: str = "") -> None:
        # Without motion: a contrast measured while a dialog fades in is not the one that people see.
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=address, locale="zh-CN", reduced_motion="reduce"
        )
        self.context.set_default_timeout(15_000)
        if lang:
            self.context.add_cookies([{"name": "doorline_language", "value": lang, "url": address}])
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        if name:
            self.page.goto("/login")
            self.page.fill("input[name=name]", name)
            self.page.fill("input[name=password]", PASSWORD)
            self.page.keyboard.press("Enter")
            self.page.wait_for_url("**/")

    def until(self, wanted: str) -> None:
        """Wait until an expression is true: asked again and again, since the console lets nobody evaluate text in its pages."""
        until_s = time.monotonic() + 15
        while not self.page.evaluate(wanted):
            assert time.monotonic() < until_s, f"never: {wanted}"
            self.page.wait_for_timeout(30)

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} ({message.location})")


def serious_faults(page: Page, name: str) -> list[str]:
    """What somebody who sees little or uses no mouse would stumble over on a page, as axe-core finds it."""
    return [
        f"{name}: {each['id']}: {node['html'][:160]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in {"serious", "critical"}
        for node in each["nodes"]
    ]
