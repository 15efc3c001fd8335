"""From the key that decides to the picture of the next item, in a real browser."""

from __future__ import annotations

import time

from playwright.sync_api import Page

from tests.review.browser import chromium

DECISIONS = 12
_IS_SHOWN = """() => new Promise((shown) => {
  const still = document.getElementById("still");
  const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => shown(Date.now())));
  if (still.complete && still.naturalWidth) drawn(); else still.addEventListener("load", drawn);
})"""


def next_item_ms(address: str, name: str, password: str) -> list[float]:
    """Milliseconds from the key that ends a decision until the picture of the next item is drawn, decision after decision."""
    with chromium() as browser:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, base_url=address)
        page = context.new_page()
        page.goto("/login")
        page.fill("input[name=name]", name)
        page.fill("input[name=password]", password)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
        page.goto("/?order=newest")
        page.locator(".row-link").first.click()
        page.wait_for_url("**/cases/**")
        return [_decide(page) for _ in range(DECISIONS)]


def _decide(page: Page) -> float:
    page.evaluate(_IS_SHOWN)
    before = page.url
    page.keyboard.press("r")
    page.locator("#dialog-reject").wait_for()
    page.keyboard.press("2")
    page.wait_for_timeout(500)  # as long as somebody looks, and the next item is fetched ahead
    began_ms = time.time() * 1000
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before, wait_until="commit")
    return float(page.evaluate(_IS_SHOWN)) - began_ms
