"""Cards with a QR code that lead to the page of a shop, for printing: one, or sheets of many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import segno
from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from pipeline.review.asking import Asking, By, The
from pipeline.review.console import Console
from pipeline.review.shop_list import ShopEntry
from pipeline.review.shop_page import entry_of
from pipeline.review.shop_search import TheSearch, choices_of, shop_url, shops_frame

router = APIRouter(include_in_schema=False)
_SHEET = 100
"""Cards that a browser prints at a time without taking long."""


@dataclass(frozen=True, slots=True)
class Card:
    """A shop with the drawing of its QR code, and the text that this holds."""

    shop: ShopEntry
    text: str
    drawing: str


@router.get("/shops/cards")
def show_cards(console: The, by: By, search: TheSearch, page: int = 1) -> HTMLResponse:
    """Sheets with the cards of all shops that an address asks for; without one for those that are vacant, unless they are asked for."""
    entries = [entry for entry in search.entries if entry.is_let or search.told["let"] == "0"]
    pages = max(1, -(-len(entries) // _SHEET))
    number = min(max(page, 1), pages)
    here = f"/shops/cards?{search.query}" if search.query else "/shops/cards"
    sheet = {
        "filters": search.told,
        "choices": choices_of(search.visible, console.wording.of(by.language)),
        "number": number,
        "total": len(entries),
        "page_urls": [f"{here}{'&' if search.query else '?'}page={other}" for other in range(1, pages + 1)],
    }
    return _cards_page(console, by, entries[(number - 1) * _SHEET : number * _SHEET], here, sheet)


@router.get("/shops/{code:path}/card")
def show_card(code: str, console: The, by: By) -> HTMLResponse:
    """The card of one shop."""
    return _cards_page(console, by, [entry_of(console, by, code)], f"{shop_url(code)}/card", None)


def card_text(console: Console, code: str) -> str:
    """What the QR code of a shop holds: its page, where the console has an address that people can reach; else its code."""
    public = console.settings.review.public_url.rstrip("/")
    return f"{public}{shop_url(code)}" if public else f"doorline:shop/{quote(code, safe='')}"


def qr_drawing(text: str) -> str:
    """A QR code with its quiet zone, as SVG that takes the size of its place. It is made of nothing but the modules of the code."""
    code = segno.make(text, error="m", micro=False)
    return str(code.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None))


def _cards_page(console: Console, by: Asking, entries: list[ShopEntry], here: str, sheet: Mapping[str, Any] | None) -> HTMLResponse:
    texts = [card_text(console, entry.code) for entry in entries]
    cards = [Card(entry, text, qr_drawing(text)) for entry, text in zip(entries, texts, strict=True)]
    shown = console.render(
        "shop_cards.html",
        by.language,
        **shops_frame(by, here),
        cards=cards,
        sheet=sheet,
        leads_to_page=bool(console.settings.review.public_url),
        back_url="/shops" if sheet is not None else shop_url(entries[0].code),
    )
    return HTMLResponse(shown)
