"""The console as a browser without scripts sees it."""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipeline.cases import Action, CasePolicy, CaseRole, CaseState, Step
from pipeline.records import AuditEntry
from pipeline.review.app import create_app
from pipeline.review.entering import safe_place
from tests.records.samples import FRUIT, entry, violation
from tests.review.asking import Person, form_token
from tests.review.street import PASSWORD, Street


def confirm(street: Street, name: str, shop_code: str | None = None) -> None:
    step = Step(Action.CONFIRM, "ren", CaseRole.REVIEWER, street.clock.now, shop_code=shop_code)
    street.records.cases.take_step(name, step, 0, street.console.facts_of, CasePolicy())


def state_of(street: Street, name: str) -> CaseState:
    return street.records.cases.case(name).row.state


def did(street: Street) -> list[str]:
    return [row.did for row in street.records.accounts.list_audit(limit=50)][::-1]


# --- entering ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/", "/cases/0000c0ffee", "/media/0000c0ffee/first_seen_wide", "/media/0000c0ffee/thumbnail"])
def test_who_is_not_logged_in_is_asked_to_and_comes_back_to_what_was_asked_for(street: Street, place: str) -> None:
    answer = Person(street).client.get(place, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=%2F")


def test_who_logs_in_comes_to_what_was_asked_for(street: Street) -> None:
    ren = Person(street)
    ren.name = "ren"
    page = ren.log_in(PASSWORD, "/cases/0001c0ffee")
    assert page.url.path == "/cases/0001c0ffee"
    assert "任初审" in page.text
    assert did(street)[:1] == ["session/begun"]


def test_a_wrong_password_and_an_unknown_name_are_told_alike(street: Street) -> None:
    for name in ("ren", "nobody"):
        somebody = Person(street)
        somebody.name = name
        page = somebody.log_in("wrong password!")
        assert page.status_code == 401
        assert street.console.wording.texts(street.console.settings.review.language)["login.wrong"] in page.text
        assert somebody.get("/").url.path == "/login"
    assert did(street) == ["session/refused", "session/refused"]


def test_after_too_many_wrong_passwords_an_account_is_barred_for_a_while(street: Street) -> None:
    ren = Person(street)
    ren.name = "ren"
    for _ in range(5):
        ren.log_in("wrong password!")
    barred = street.console.wording.texts(street.console.settings.review.language)["login.barred"]
    assert barred in ren.log_in(PASSWORD).text
    street.clock.move(61)
    assert ren.log_in(PASSWORD).url.path == "/"


def test_who_tries_too_often_from_one_place_is_told_to_wait(street: Street) -> None:
    ren = Person(street)
    statuses = []
    for number in range(22):
        ren.name = f"guess{number}"
        statuses.append(ren.log_in("wrong password!").status_code)
    assert statuses == [401] * 20 + [429] * 2


def test_a_session_ends_by_itself_and_when_it_is_ended(street: Street) -> None:
    ren = Person(street, "ren")
    assert ren.get("/").url.path == "/"
    street.clock.move(59 * 60)
    assert ren.get("/").url.path == "/"
    street.clock.move(61 * 60)
    assert ren.get("/").url.path == "/login"
    ren.log_in(PASSWORD)
    for _ in range(13):
        street.clock.move(58 * 60)
        ren.get("/")
    assert ren.get("/").url.path == "/login", "after twelve hours, however busy"
    ren.log_in(PASSWORD)
    ren.client.post("/logout", data={"form_token": form_token(ren.get("/"))})
    assert ren.get("/").url.path == "/login"


def test_who_is_disabled_is_out_at_once(street: Street) -> None:
    ren = Person(street, "ren")
    street.records.accounts.disable("ren", street.clock.now)
    assert ren.get("/").url.path == "/login"
    assert ren.log_in(PASSWORD).status_code == 401


@pytest.mark.parametrize(
    ("place", "safe"),
    [
        ("/cases/a?state=all", "/cases/a?state=all"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nSet-Cookie: x=1", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_elsewhere(place: str, safe: str) -> None:
    assert safe_place(place) == safe


@pytest.mark.parametrize("place", ["/", "/login", "/cases/0000c0ffee", "/media/0000c0ffee/thumbnail", "/no/such/page"])
def test_every_answer_keeps_what_is_not_ours_out(street: Street, place: str) -> None:
    answer = Person(street, "ren").get(place)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert "no-store" in answer.headers["cache-control"] or "private" in answer.headers["cache-control"]
    assert "server" not in answer.headers


def test_pages_have_no_script_and_no_style_of_their_own(street: Street) -> None:
    ren = Person(street, "ren")
    for place in ("/", "/login", "/cases/0000c0ffee"):
        page = ren.get(place).text
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert all('src="' in tag or "application/json" in tag for tag in page.split("<script")[1:])


def test_pages_are_chinese_and_english_when_asked(street: Street) -> None:
    ren = Person(street, "ren")
    assert '<html lang="zh' in ren.get("/").text
    page = ren.client.post("/language", data={"lang": "en", "back": "/?state=all"})
    assert page.url.path == "/"
    assert '<html lang="en' in page.text
    assert "Goods beyond" in page.text or "beyond the" in page.text.lower()


def test_records_that_cannot_be_asked_are_told_and_no_error_of_ours(street: Street, tmp_path: Path) -> None:
    ren = Person(street, "ren")
    with sqlite3.connect(tmp_path / "doorline.db") as database:
        database.execute("DROP TABLE sessions")
    for headers in ({}, {"accept": "application/json"}):
        answer = ren.get("/", **headers)
        assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "records"


def test_what_is_larger_than_any_form_is_refused(street: Street) -> None:
    ren = Person(street, "ren")
    answer = ren.client.post("/cases/0000c0ffee/steps", data={"note": "x" * 100_000})
    assert answer.status_code == 413


# --- the queue --------------------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_newest_first(street: Street) -> None:
    page = Person(street, "ren").get("/").text
    places = [page.index(f"/cases/{name}") for name in street.ids[::-1]]
    assert places == sorted(places)
    assert "鲜果行" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ambiguous=1", ["0002c0ffee"]),
        ("standing=1", ["0003c0ffee"]),
        ("shop=BS-0002", ["0002c0ffee"]),
        ("complete=0", ["0003c0ffee"]),
        ("since=2024-02-01", []),
        ("since=2024-01-31&until=2024-01-31&order=oldest", ["0000c0ffee", "0001c0ffee", "0002c0ffee", "0003c0ffee"]),
        ("street=%E5%8F%A6%E4%B8%80%E6%9D%A1%E8%B7%AF", []),
        ("state=rejected", []),
        ("kind=street_stall", []),
    ],
)
def test_a_filter_lies_in_the_address(street: Street, query: str, found: list[str]) -> None:
    page = Person(street, "ren").get(f"/?{query}").text
    assert [name for name in street.ids if f"/cases/{name}" in page] == found


@pytest.mark.parametrize("query", ["kind=murder", "order=random", "state=gone", "since=yesterday", "after=x"])
def test_an_address_that_means_nothing_is_told_and_is_no_fault_of_ours(street: Street, query: str) -> None:
    answer = Person(street, "ren").get(f"/?{query}")
    assert answer.status_code == 400


def test_a_squad_sees_what_was_confirmed_in_its_own_streets(street: Street) -> None:
    confirm(street, "0001c0ffee")
    qiu, other = Person(street, "qiu"), Person(street, "other")
    found = {"": [], "?state=all": ["0001c0ffee"], "?state=candidate": [], "?state=all&street=样谊路": ["0001c0ffee"], "?mine=1": []}
    for query, names in found.items():
        page = qiu.get(f"/{query}").text
        assert [name for name in street.ids if name in page] == names, query
        assert not any(name in other.get(f"/{query}").text for name in street.ids)
    assert qiu.get("/cases/0001c0ffee").status_code == 200
    assert qiu.get("/cases/0000c0ffee").status_code == 404
    for place in ("/cases/0001c0ffee", "/media/0001c0ffee/thumbnail", "/media/0001c0ffee/clip_first_seen_confirmed"):
        assert other.get(place).status_code == 404
    assert other.step("0001c0ffee", "answer", 1, reason="rectified").status_code == 404


def test_a_queue_is_exported_as_its_address_describes_it(street: Street) -> None:
    ren = Person(street, "ren")
    answer = ren.get("/cases.csv?order=oldest&ambiguous=1")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="doorline-' in answer.headers["content-disposition"]
    header, row = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    cells = dict(zip(header, row, strict=True))
    assert (cells["违规编号"], cells["状态"], cells["店铺"]) == ("0002c0ffee", "待初审", "鲜果行; =五金")
    assert cells["首次发现"].startswith("2024-01-31T09:43:50")
    book = load_workbook(io.BytesIO(ren.get("/cases.xlsx?order=oldest").content))
    assert [line[0].value for line in book.worksheets[0].iter_rows(min_row=2)] == street.ids
    assert did(street)[-2:] == ["cases/exported"] * 2
    assert [line for line in Person(street, "other").get("/cases.csv?state=all").text.splitlines()[1:] if line] == []
    assert ren.get("/cases.pdf").status_code == 422


# --- an item ----------------------------------------------------------------------------------------------------


def test_an_item_shows_what_is_needed_to_decide(street: Street) -> None:
    page = Person(street, "ren").get("/cases/0002c0ffee").text
    for text in ("鲜果行", "五金", "BS-0002", "2024-01-31", "first_seen_wide", "clip_first_seen_confirmed", "m" * 64, "样江路"):
        assert text in page, text
    assert street.records.cases.case("0002c0ffee").row.claimed_by == "ren"
    assert did(street) == ["session/begun", "case/viewed"]


@pytest.mark.parametrize("header", [{"x-doorline-prefetch": "1"}, {"sec-purpose": "prefetch;anonymous-client-ip"}])
def test_an_item_that_is_fetched_ahead_is_in_nobodys_hand(street: Street, header: dict[str, str]) -> None:
    ren = Person(street, "ren")
    ren.get("/cases/0001c0ffee")
    assert ren.get("/cases/0000c0ffee", **header).status_code == 200
    assert street.records.cases.case("0000c0ffee").row.claimed_by is None
    assert street.records.cases.case("0001c0ffee").row.claimed_by == "ren"
    assert did(street).count("case/viewed") == 1


def test_who_comes_second_is_told_who_has_it_and_cannot_decide(street: Street) -> None:
    Person(street, "ren").get("/cases/0000c0ffee")
    lu = Person(street, "lu")
    assert "任初审" in lu.get("/cases/0000c0ffee").text
    answer = lu.step("0000c0ffee", "confirm")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "claimed")
    street.clock.move(11 * 60)
    assert lu.step("0000c0ffee", "confirm").status_code == 200


def test_a_verdict_is_taken_and_the_next_item_is_at_hand(street: Street) -> None:
    ren = Person(street, "ren")
    answer = ren.step("0001c0ffee", "confirm")
    assert answer.status_code == 200
    assert answer.json()["next"] == "/cases/0000c0ffee"
    assert state_of(street, "0001c0ffee") is CaseState.FACT_CONFIRMED
    assert "case/confirm" in did(street)
    undone = ren.step("0001c0ffee", "undo", 1)
    assert undone.json()["next"] == "/cases/0001c0ffee"
    assert state_of(street, "0001c0ffee") is CaseState.CANDIDATE


def test_a_form_works_without_scripts(street: Street) -> None:
    ren = Person(street, "ren")
    form = {"form_token": form_token(ren.get("/cases/0001c0ffee")), "version": "0", "action": "reject", "reason": "unclear"}
    page = ren.client.post("/cases/0001c0ffee/steps", data=form)
    assert (page.status_code, page.url.path) == (200, "/cases/0000c0ffee")
    assert state_of(street, "0001c0ffee") is CaseState.REJECTED


@pytest.mark.parametrize(
    ("action", "said", "status", "code"),
    [
        ("confirm", {}, 409, "shop"),
        ("confirm", {"shop_code": "BS-9999"}, 409, "shop"),
        ("reject", {}, 409, "reason"),
        ("reject", {"reason": "other"}, 409, "note"),
        ("notify", {}, 409, "state"),
        ("file", {}, 409, "state"),
        ("confirm", {"version": "7", "shop_code": "BS-0001"}, 409, "stale"),
        ("steal", {}, 422, "fields"),
        ("confirm", {"version": "-1"}, 422, "fields"),
        ("confirm", {"form_token": "made elsewhere"}, 403, "form"),
        ("confirm", {"form_token": ""}, 403, "form"),
        ("reject", {"reason": "unclear", "note": "x" * 3000}, 422, "fields"),
    ],
)
def test_what_is_refused_is_told_and_changes_nothing(street: Street, action: str, said: dict[str, str], status: int, code: str) -> None:
    version = int(said.pop("version", "0"))
    answer = Person(street, "ren").step("0002c0ffee", action, version, **said)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["text"]
    assert state_of(street, "0002c0ffee") is CaseState.CANDIDATE


def test_two_people_on_one_page_one_verdict_stands_and_the_other_is_told(street: Street) -> None:
    app = create_app(street.console)
    ren, lu = Person(street, "ren", app=app), Person(street, "lu", app=app)
    assert ren.step("0001c0ffee", "confirm").status_code == 200
    answer = lu.step("0001c0ffee", "reject", reason="unclear")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "stale")
    assert state_of(street, "0001c0ffee") is CaseState.FACT_CONFIRMED


def test_the_law_is_decided_by_another_person_and_without_penalty(street: Street) -> None:
    both, an = Person(street, "both"), Person(street, "an")
    assert both.step("0000c0ffee", "confirm").status_code == 200
    assert both.step("0000c0ffee", "submit", 1).status_code == 200
    assert both.step("0000c0ffee", "warn", 2).json()["error"]["code"] == "same_person"
    assert an.step("0000c0ffee", "file", 2).json()["error"]["code"] == "penalty_off"
    assert an.step("0000c0ffee", "warn", 2).status_code == 200
    assert state_of(street, "0000c0ffee") is CaseState.WARNED


def test_incomplete_evidence_cannot_be_submitted(street: Street) -> None:
    ren = Person(street, "ren")
    assert ren.step("0003c0ffee", "confirm").status_code == 200
    assert ren.step("0003c0ffee", "submit", 1).json()["error"]["code"] == "evidence_incomplete"


def test_a_squad_is_sent_and_answers(street: Street) -> None:
    ren, qiu = Person(street, "ren"), Person(street, "qiu")
    ren.step("0000c0ffee", "confirm")
    assert ren.step("0000c0ffee", "dispatch", 1).status_code == 200
    detail = street.records.cases.case("0000c0ffee")
    assert detail.row.squad == "一中队"
    assert detail.row.deadline == street.clock.now + timedelta(hours=48)
    assert qiu.step("0000c0ffee", "answer", 2, reason="rectified", note="已收进店内").status_code == 200
    assert state_of(street, "0000c0ffee") is CaseState.ANSWERED


def test_who_only_watches_cameras_decides_nothing(street: Street) -> None:
    ou = Person(street, "ou")
    assert ou.get("/cases/0000c0ffee").status_code == 200
    assert ou.step("0000c0ffee", "confirm").json()["error"]["code"] == "role"
    assert street.records.cases.case("0000c0ffee").row.claimed_by is None


def test_an_expired_session_loses_nothing_and_is_told(street: Street) -> None:
    ren = Person(street, "ren")
    token = form_token(ren.get("/"))
    street.clock.move(13 * 3600)
    form = {"form_token": token, "version": "0", "action": "confirm"}
    answer = ren.client.post("/cases/0000c0ffee/steps", data=form, headers={"accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "expired_session")
    assert state_of(street, "0000c0ffee") is CaseState.CANDIDATE


def test_there_is_no_such_item(street: Street) -> None:
    ren = Person(street, "ren")
    assert ren.get("/cases/nothing").status_code == 404
    assert ren.step("nothing", "confirm").json()["error"]["code"] == "not_found"


# --- evidence ---------------------------------------------------------------------------------------------------


def test_a_clip_comes_in_ranges(street: Street) -> None:
    ren = Person(street, "ren")
    whole = ren.get("/media/0000c0ffee/clip_first_seen_confirmed")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "video/mp4")
    part = ren.get("/media/0000c0ffee/clip_first_seen_confirmed", range="bytes=100-199")
    assert part.status_code == 206
    assert part.content == whole.content[100:200]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert did(street).count("evidence/opened") == 2


def test_a_thumbnail_is_small(street: Street) -> None:
    answer = Person(street, "ren").get("/media/0000c0ffee/thumbnail")
    assert answer.headers["content-type"] == "image/jpeg"
    assert 1_000 < len(answer.content) < 40_000


@pytest.mark.parametrize("what", ["nothing", "..%2f..%2fmanifest.json", "manifest", "%2fetc%2fpasswd"])
def test_only_parts_of_the_evidence_are_handed_out(street: Street, what: str) -> None:
    assert Person(street, "ren").get(f"/media/0000c0ffee/{what}").status_code == 404


@pytest.mark.parametrize("content", [None, "{", "[]"])
def test_a_manifest_that_cannot_be_read_is_told_and_the_item_is_shown(street: Street, content: str | None) -> None:
    path = street.evidence / "run-1/cam01/0000c0ffee/manifest.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    answer = Person(street, "ren").get("/cases/0000c0ffee")
    assert answer.status_code == 200
    assert "manifest: the manifest" in answer.text
    assert "manifest: the manifest" not in Person(street, "ren").get("/cases/0001c0ffee").text


def test_a_clip_that_is_missing_on_the_disk_is_told(street: Street) -> None:
    (street.evidence / "run-1/cam01/0000c0ffee/clip_first_seen_confirmed.mp4").unlink()
    ren = Person(street, "ren")
    assert ren.get("/media/0000c0ffee/clip_first_seen_confirmed").status_code == 410
    assert ren.get("/cases/0000c0ffee").status_code == 200


@pytest.mark.parametrize("path", ["../app.py", "..%2fapp.py", "%2e%2e/app.py", "nothing.css"])
def test_static_files_are_those_of_the_console(street: Street, path: str) -> None:
    assert Person(street).get(f"/static/x/{path}").status_code == 404


# --- the audit --------------------------------------------------------------------------------------------------


def test_the_audit_shows_who_did_what_to_those_who_may_see_it(street: Street) -> None:
    ren, an = Person(street, "ren"), Person(street, "an")
    ren.step("0001c0ffee", "confirm")
    page = an.get("/audit?subject=violation/0001c0ffee").text
    assert "case/confirm" in page
    assert 'href="/cases/0001c0ffee"' in page
    assert "session/begun" not in page
    assert 'href="/audit"' in an.get("/").text
    assert did(street)[-1] == "audit/read"
    for name in ("ren", "qiu"):
        somebody = Person(street, name)
        assert somebody.get("/audit").status_code == 403
        assert 'href="/audit"' not in somebody.get("/").text


def test_the_audit_comes_in_pages(street: Street) -> None:
    an = Person(street, "an")
    street.records.accounts.note([AuditEntry(street.clock.now, "lu", "case/viewed", f"violation/{number}") for number in range(130)])
    first = an.get("/audit?account=lu").text
    assert first.count("<code>case/viewed</code>") == 100
    found = re.search(r'rel="next" href="(/audit[^"]+)"', first)
    assert found
    rest = an.get(html.unescape(found[1])).text
    assert rest.count("<code>case/viewed</code>") == 30
    assert 'rel="next"' not in rest


# --- the overview -----------------------------------------------------------------------------------------------


def test_the_overview_tells_how_it_goes(street: Street) -> None:
    ren = Person(street, "ren")
    ren.step("0001c0ffee", "confirm")
    ren.step("0000c0ffee", "reject", reason="passer_by")
    page = re.sub(r"\s+", " ", ren.get("/overview?days=7").text)
    assert "50 %" in page
    assert "2 件已判定，1 件属实" in page
    assert 'href="/?state=all&amp;shop=BS-0001"' in page
    assert "01-31" in page
    street.clock.move(30 * 86400)
    ren.log_in(PASSWORD)
    assert "这一时段没有案件" in ren.get("/overview?days=7").text


def test_the_overview_of_a_squad_is_of_its_own_streets(street: Street) -> None:
    Person(street, "ren").step("0001c0ffee", "confirm")
    assert "<dd>1</dd>" in Person(street, "qiu").get("/overview").text
    assert "这一时段没有案件" in Person(street, "other").get("/overview").text


@pytest.mark.parametrize("days", ["0", "-1", "99999", "many"])
def test_a_period_that_there_is_not_is_refused(street: Street, days: str) -> None:
    assert Person(street, "ren").get(f"/overview?days={days}").status_code == 422


def test_an_item_keeps_contacts_from_analysts_and_leads_to_the_page_of_the_shop(street: Street) -> None:
    tenant = replace(FRUIT, contact="王 13800000001")
    street.records.save_violations("run-1", 1, [entry(violation("feedc0ffee", first_s=400.0), tenants=(tenant,))])
    page = Person(street, "ren").get("/cases/feedc0ffee").text
    assert "13800000001" in page
    assert 'href="/shops/BS-0001"' in page
    street.records.accounts.change("lu", roles=(CaseRole.ANALYST,))
    page = Person(street, "lu").get("/cases/feedc0ffee").text
    assert "BS-0001" in page
    assert "13800000001" not in page
