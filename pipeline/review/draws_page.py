"""Shops and inspectors drawn at random (双随机): how a draw is asked for, what came of it, and how anybody can check it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from pipeline.cases import CaseRole
from pipeline.drawing_lots import MOST_TICKETS, Domain, check_command, draw_lots, is_seed, ticket_lines
from pipeline.records import Account, AuditEntry, Cell, Draw, DrawRow, Json, NoSuchDrawError, csv_lines
from pipeline.review.asking import Asking, By, ByForm, ForbiddenError, The
from pipeline.review.console import Console, streets_of
from pipeline.review.export import TableForm
from pipeline.review.frame import may_draw_lots
from pipeline.review.shop_list import ShopEntry
from pipeline.review.shop_search import choices_of, local_day, shop_url, shops_frame, visible_shops
from pipeline.shops import GRADES, Tenancy

router = APIRouter(include_in_schema=False)
METHOD = "doorline-lots-1"
"""How lots are drawn, as pipeline/drawing_lots.py says it."""
_PAGE = 50
_MOST_SHOPS = 2000
_MOST_NAMES = 500
_NO_GRADE = "none"
_FILES = {Domain.SHOP: "shops.txt", Domain.INSPECTOR: "inspectors.txt"}


@dataclass
class DrawForm:
    """What somebody asks for, as it stands in the form."""

    draw_id: Annotated[str, Form(pattern=r"^[0-9a-f]{16}$")]
    shops: Annotated[int, Form(ge=0, le=_MOST_SHOPS)]
    street: Annotated[list[str], Form(default_factory=list)]
    trade: Annotated[list[str], Form(default_factory=list)]
    account: Annotated[list[str], Form(default_factory=list)]
    tickets_a: Annotated[int, Form(ge=0, le=MOST_TICKETS)] = 1
    tickets_b: Annotated[int, Form(ge=0, le=MOST_TICKETS)] = 1
    tickets_c: Annotated[int, Form(ge=0, le=MOST_TICKETS)] = 1
    tickets_none: Annotated[int, Form(ge=0, le=MOST_TICKETS)] = 1
    inspectors: Annotated[int, Form(ge=0, le=_MOST_NAMES)] = 0
    names: Annotated[str, Form(max_length=8000)] = ""
    seed: Annotated[str, Form(max_length=200)] = ""

    @property
    def tickets(self) -> dict[str, int]:
        """Grade ("" for none) -> tickets of each shop."""
        return {"A": self.tickets_a, "B": self.tickets_b, "C": self.tickets_c, "": self.tickets_none}

    @property
    def pool(self) -> list[str]:
        """Who may be drawn to inspect: accounts and typed names, each once."""
        typed = (" ".join(line.split()) for line in self.names.splitlines())
        return list(dict.fromkeys(name for name in (*self.account, *typed) if name))


@router.get("/draws")
def show_draws(console: The, by: By, before: str = "") -> HTMLResponse:
    """All draws that somebody may see, and the form for another one."""
    return _draws_page(console, by, before=before)


@router.post("/draws")
def make_draw(request: Request, console: The, by: ByForm, form: Annotated[DrawForm, Depends()]) -> Response:
    """Draw, keep it for good, and show what came of it. The same form sent twice draws once."""
    if not may_draw_lots(by.account):
        raise ForbiddenError
    tickets = _tickets(console, by.account, form)
    problem = _problem(form, tickets)
    if problem:
        return _draws_page(console, by, form=form, problem=problem, eligible=len(tickets), status=422)
    draw = _draw(console, by, form, tickets)
    detail: dict[str, Json] = {
        "candidates": len(draw.candidates),
        "shops": len(draw.drawn),
        "inspectors": len(draw.inspectors),
        "streets": list(form.street),
        "seed": draw.seed,
    }
    told = AuditEntry(draw.drawn_at, by.account.name, "draw/made", f"draw/{draw.draw_id}", detail, by.remote)
    console.records.draws.add(draw, (told,))
    return RedirectResponse(f"/draws/{draw.draw_id}", 303)


@router.get("/draws/{draw_id}.csv")
def export_draw(draw_id: str, console: The, by: By) -> Response:
    """What was drawn, as a table."""
    draw = _draw_for(console, by.account, draw_id)
    t = console.wording.of(by.language)
    told = AuditEntry(console.now(), by.account.name, "draw/exported", f"draw/{draw_id}", {}, by.remote)
    console.records.accounts.note((told,))
    columns = ("code", "name", "address", "street", "squad", "trade", "grade")
    header = [t("draws.place"), *(t(f"shops.column.{column}") for column in columns)]
    tenants = _tenants(console, draw)
    rows: list[list[Cell]] = [
        [place, code, *(getattr(tenants.get(code), column, "") for column in columns[1:])] for place, code in enumerate(draw.drawn, 1)
    ]
    lines = (("\ufeff" if number == 0 else "") + line for number, line in enumerate(csv_lines(header, rows)))
    headers = {"content-disposition": f'attachment; filename="doorline-draw-{draw_id}.{TableForm.CSV.value}"'}
    return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/draws/{draw_id}/{file}.txt")
def give_tickets(draw_id: str, file: str, console: The, by: By) -> Response:
    """The tickets of a draw, a line each, as the command for checking reads them."""
    draw = _draw_for(console, by.account, draw_id)
    domain = next((domain for domain, name in _FILES.items() if name == f"{file}.txt"), None)
    if domain is None:
        raise NoSuchDrawError("no such part of a draw", where=draw_id)
    headers = {"content-disposition": f'attachment; filename="{_FILES[domain]}"'}
    return Response(ticket_lines(_kept_tickets(draw)[domain]), media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/draws/{draw_id}")
def show_draw(draw_id: str, console: The, by: By) -> HTMLResponse:
    """One draw, and whether drawing again gives the same."""
    draw = _draw_for(console, by.account, draw_id)
    tickets = _kept_tickets(draw)
    drawn = {Domain.SHOP: draw.drawn, Domain.INSPECTOR: draw.inspectors}
    tenants, shown_name = _tenants(console, draw), console.shown_name()
    shown = console.render(
        "draw.html",
        by.language,
        **shops_frame(by, f"/draws/{draw_id}"),
        draw=draw,
        by_name=shown_name(draw.drawn_by),
        rows=[{"code": code, "url": shop_url(code), "tenancy": tenants.get(code)} for code in draw.drawn],
        inspectors=[{"name": shown_name(name), "account": name} for name in draw.inspectors],
        tickets=_tickets_of_grade(draw),
        holds=all(draw_lots(draw.seed, domain, tickets[domain], len(names)) == names for domain, names in drawn.items()),
        checks=[
            {
                "domain": domain.value,
                "file": _FILES[domain],
                "url": f"/draws/{draw_id}/{_FILES[domain]}",
                "command": check_command(draw.seed, domain, len(names), _FILES[domain]),
            }
            for domain, names in drawn.items()
            if names
        ],
        export_url=f"/draws/{draw_id}.csv",
    )
    return HTMLResponse(shown)


def _draws_page(
    console: Console, by: Asking, *, before: str = "", form: DrawForm | None = None, status: int = 200, **found: Any
) -> HTMLResponse:
    rows = console.records.draws.list(before=before, limit=_PAGE)
    shown_name = console.shown_name()
    entries = [entry for entry in visible_shops(console, by.account) if entry.is_let]
    t = console.wording.of(by.language)
    counts: dict[str, int] = {}
    for entry in entries:
        counts[entry.tenancy.street] = counts.get(entry.tenancy.street, 0) + 1
    choices = choices_of(entries, t)
    shown = console.render(
        "draws.html",
        by.language,
        **shops_frame(by, "/draws"),
        draws=[{"row": row, "by": shown_name(row.drawn_by), "url": f"/draws/{row.draw_id}"} for row in rows if _may_see(by.account, row)],
        next_url=f"/draws?before={rows[-1].draw_id}" if len(rows) == _PAGE else "",
        draw_id=form.draw_id if form else secrets.token_hex(8),
        form=form,
        pool=form.account if form else [],
        problem=found.get("problem", ""),
        eligible=found.get("eligible", 0),
        streets=[(street, counts[street]) for street, _ in choices["street"]],
        trades=[trade for trade, _ in choices["trade"]],
        grades=[*GRADES, ""],
        inspectors=_inspectors(console),
        most_tickets=MOST_TICKETS,
    )
    return HTMLResponse(shown, status)


def _inspectors(console: Console) -> list[Account]:
    """Accounts that may be drawn: squads that can log in."""
    return [account for account in console.records.accounts.list() if CaseRole.SQUAD in account.roles and account.disabled_at is None]


def _tickets(console: Console, account: Account, form: DrawForm) -> dict[str, int]:
    """Code -> tickets, of every shop that is let today and that the form asks for."""
    given = form.tickets
    found = {}
    for entry in visible_shops(console, account):
        if entry.is_let and _is_wanted(entry, form) and given[entry.tenancy.grade]:
            found[entry.code] = given[entry.tenancy.grade]
    return found


def _is_wanted(entry: ShopEntry, form: DrawForm) -> bool:
    tenancy = entry.tenancy
    return (not form.street or tenancy.street in form.street) and (not form.trade or tenancy.trade in form.trade)


def _problem(form: DrawForm, tickets: Mapping[str, int]) -> str:
    """Why nothing can be drawn, as a key of the catalogue; "" where it can."""
    if form.seed.strip() and not is_seed(form.seed.strip()):
        return "draws.problem_seed"
    if not form.shops:
        return "draws.problem_none"
    if form.shops > len(tickets):
        return "draws.problem_few"
    if form.inspectors > len(form.pool):
        return "draws.problem_inspectors"
    return "draws.problem_names" if len(form.pool) > _MOST_NAMES or any(len(name) > 128 for name in form.pool) else ""


def _draw(console: Console, by: Asking, form: DrawForm, tickets: Mapping[str, int]) -> Draw:
    given = form.seed.strip()
    # Nobody can know it before, and nobody can choose it: 128 bits of the system's own chance.
    seed = given or secrets.token_hex(16)
    current = console.shop_list.current()
    wanted: dict[str, Json] = {
        "method": METHOD,
        "streets": list(form.street),
        "trades": list(form.trade),
        "tickets_of_grade": {grade or _NO_GRADE: number for grade, number in form.tickets.items()},
        "tickets": {code: number for code, number in tickets.items() if number != 1},
        "shops": form.shops,
        "inspectors": form.inspectors,
        "pool": form.pool,
        "seed_given": bool(given),
        "day": local_day(console).isoformat(),
        "list_sha256": current.sha256 if current else "",
    }
    drawn = draw_lots(seed, Domain.SHOP, tickets, form.shops)
    inspectors = draw_lots(seed, Domain.INSPECTOR, dict.fromkeys(form.pool, 1), form.inspectors)
    return Draw(form.draw_id, console.now(), by.account.name, seed, wanted, drawn, inspectors, tuple(sorted(tickets)))


def _kept_tickets(draw: Draw) -> dict[Domain, dict[str, int]]:
    """Name -> tickets, as the record has them."""
    several, pool = draw.wanted.get("tickets"), draw.wanted.get("pool")
    numbers = {code: number for code, number in several.items() if isinstance(number, int)} if isinstance(several, Mapping) else {}
    names = [name for name in pool if isinstance(name, str)] if isinstance(pool, Sequence) else []
    return {
        Domain.SHOP: {code: numbers.get(code, 1) for code in draw.candidates},
        Domain.INSPECTOR: dict.fromkeys(names, 1),
    }


def _tickets_of_grade(draw: Draw) -> dict[str, int]:
    """Grade ("" for none) -> tickets of each shop, as the record has them."""
    told = draw.wanted.get("tickets_of_grade")
    kept = {grade: number for grade, number in told.items() if isinstance(number, int)} if isinstance(told, Mapping) else {}
    return {"" if grade == _NO_GRADE else grade: number for grade, number in kept.items()}


def _draw_for(console: Console, account: Account, draw_id: str) -> Draw:
    """A draw that this person may see. NoSuchDrawError for all others."""
    draw = console.records.draws.draw(draw_id)
    if not _may_see(account, draw):
        raise NoSuchDrawError("no such draw", where=draw_id)
    return draw


def _may_see(account: Account, row: DrawRow) -> bool:
    """A squad sees draws of its own streets and of no others."""
    streets = streets_of(account)
    if streets is None:
        return True
    wanted = row.wanted.get("streets")
    return isinstance(wanted, Sequence) and bool(wanted) and all(street in streets for street in wanted)


def _tenants(console: Console, draw: Draw) -> dict[str, Tenancy]:
    """Code -> who had it on the day of the draw, as the list in force says."""
    shops, day = console.shops, draw.drawn_at.astimezone(console.zone).date()
    found = {code: shops.tenant_on(code, day) or shops.last_tenant(code, day) for code in draw.drawn} if shops is not None else {}
    return {code: tenancy for code, tenancy in found.items() if tenancy is not None}
