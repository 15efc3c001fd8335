"""Shops in the console, as a browser without scripts sees them: registry, one shop, import, cards, draws."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import httpx2
import pytest
from openpyxl import load_workbook

from pipeline.cases import Action, CasePolicy, CaseRole, Step
from pipeline.config import Language
from pipeline.drawing_lots import Domain, draw_lots
from pipeline.records import Records
from pipeline.review.app import create_app
from pipeline.revising.saving_shops import UsedBy
from pipeline.shops import COLUMNS, HEADINGS, ChangeKind, ShopFaultCode, ShopRegistry, csv_of, load_shops, read_shops
from tests.records.samples import NOODLES, TOOLS
from tests.review.asking import Person, form_token
from tests.review.shop_street import BOOKS, LIST, furnish_shop_street
from tests.review.street import Street

CSV = "text/csv"


@pytest.fixture
def street(tmp_path: Path) -> Iterator[Street]:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        yield furnish_shop_street(records, tmp_path)


def path_of(street: Street) -> Path:
    path = street.console.settings.shops
    assert path is not None
    return path


def plain(page: httpx2.Response) -> str:
    """What stands on a page, without its markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def codes(page: httpx2.Response) -> list[str]:
    return re.findall(r'<td class="code">([^<]+)</td>', page.text)


def did(street: Street) -> list[str]:
    return [row.did for row in street.records.accounts.list_audit(limit=100)][::-1]


def confirm(street: Street, name: str, shop_code: str | None = None) -> None:
    step = Step(Action.CONFIRM, "ren", CaseRole.REVIEWER, street.clock.now, shop_code=shop_code)
    street.records.cases.take_step(name, step, 0, street.console.facts_of, CasePolicy())


# --- the registry -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["BS-0001", "BS-0002", "BS-0003", "BS-0004"]),
        ("q=面馆", ["BS-0001"]),
        ("q=bs-0003", ["BS-0003"]),
        ("q=样江路+14", ["BS-0002", "BS-0003", "BS-0004"]),
        ("q=面馆+五金", []),
        ("street=另一条路", ["BS-0003"]),
        ("grade=A", ["BS-0002"]),
        ("grade=-", ["BS-0004"]),
        ("squad=二中队", ["BS-0003"]),
        ("trade=五金&let=1", ["BS-0002"]),
        ("let=0", ["BS-0004"]),
        ("sort=grade", ["BS-0002", "BS-0001", "BS-0003", "BS-0004"]),
        ("sort=items", ["BS-0001", "BS-0002", "BS-0003", "BS-0004"]),
        ("sort=last&q=bs", ["BS-0001", "BS-0002", "BS-0003", "BS-0004"]),
        ("q=%25%5F", []),
    ],
)
def test_shops_are_found_by_what_stands_in_the_address(street: Street, query: str, found: list[str]) -> None:
    assert codes(Person(street, "ren").get(f"/shops?{query}")) == found


def test_the_registry_tells_how_a_shop_goes(street: Street) -> None:
    ren = Person(street, "ren")
    confirm(street, "0000c0ffee")
    ren.step("0001c0ffee", "reject", reason="unclear")
    row = plain(ren.get("/shops?q=面馆"))
    assert "BS-0001 面馆 样江路 12 号 样谊路 餐饮 B 一中队 4 4 50 % 2024-01-31" in row
    assert "共 4 家 · 空置 1 家" in row
    street.clock.move(31 * 86400)
    ren.log_in("门前三包 everybody's")
    assert "一中队 0 4 50 % 2024-01-31" in plain(ren.get("/shops?q=面馆"))


def test_a_squad_sees_the_shops_of_its_own_streets_and_no_others(street: Street) -> None:
    qiu, other = Person(street, "qiu"), Person(street, "other")
    assert codes(qiu.get("/shops")) == ["BS-0001", "BS-0002", "BS-0004"]
    assert codes(other.get("/shops")) == ["BS-0003"]
    assert codes(qiu.get("/shops?street=另一条路")) == []
    assert "属实率" not in plain(qiu.get("/shops")), "it sees nothing but what was confirmed"
    for place in ("/shops/BS-0003", "/shops/BS-0003/card"):
        assert (other.get(place).status_code, qiu.get(place).status_code) == (200, 404)
    assert "BS-0003" not in qiu.get("/shops.csv").text
    assert "BS-0003" not in qiu.get("/shops/cards").text
    confirm(street, "0000c0ffee")
    assert "一中队 1 1" in plain(qiu.get("/shops?q=面馆"))


def test_pages_of_the_registry(street: Street) -> None:
    many = ShopRegistry({f"S{number:03d}": (replace(TOOLS, code=f"S{number:03d}"),) for number in range(120)})
    path_of(street).write_bytes(csv_of(many))
    ren = Person(street, "ren")
    page = ren.get("/shops?grade=A")
    assert (len(codes(page)), codes(page)[0]) == (50, "S000")
    assert "第 1–50 家，共 120 家" in plain(page)
    following = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert following
    assert codes(ren.get(html.unescape(following[1])))[0] == "S050"
    last = ren.get("/shops?grade=A&page=99")
    assert codes(last) == [f"S{number}" for number in range(100, 120)]
    assert 'rel="next"' not in last.text


@pytest.mark.parametrize(("query", "status"), [("sort=age", 400), ("page=x", 422), ("grade=Z", 200)])
def test_an_address_that_means_nothing(street: Street, query: str, status: int) -> None:
    assert Person(street, "ren").get(f"/shops?{query}").status_code == status


def test_exports_can_be_imported_again_and_keep_contacts_from_analysts(street: Street) -> None:
    ou = Person(street, "ou")
    for form in ("csv", "xlsx"):
        answer = ou.get(f"/shops.{form}?squad=一中队")
        assert f'filename="doorline-shops-20240131-1542.{form}"' in answer.headers["content-disposition"]
        read = read_shops(answer.content, f"list.{form}")
        assert read.faults == ()
        assert dict(read.registry.tenancies) == {code: known for code, known in LIST.tenancies.items() if code != "BS-0003"}
    assert did(street).count("shops/exported") == 2
    account = street.records.accounts.find("lu")
    assert account is not None
    street.records.accounts.change("lu", roles=(CaseRole.ANALYST,))
    lu = Person(street, "lu")
    assert "13800000001" not in lu.get("/shops.csv").text
    assert "13800000001" not in lu.get("/shops/BS-0001").text
    assert "13800000001" in ou.get("/shops/BS-0001").text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_template_is_filled_in_and_handed_in(street: Street, form: str, lang: str) -> None:
    ou = Person(street, "ou")
    ou.client.post("/language", data={"lang": lang})
    raw = ou.get(f"/shops/template.{form}").content
    assert [fault.code for fault in read_shops(raw, form).faults] == [ShopFaultCode.NO_SHOP]
    if form == "xlsx":
        book = load_workbook(io.BytesIO(raw))
        sheet = book.worksheets[0]
        sheet.append(["S1", "店"])
        assert len(book.worksheets) == 2
        stream = io.BytesIO()
        book.save(stream)
        raw = stream.getvalue()
    else:
        raw += "S1,店,,,,,,,,\r\n".encode()
    assert list(read_shops(raw, form).registry.tenancies) == ["S1"]


def test_headings_in_chinese_are_those_of_the_catalogue(street: Street) -> None:
    t = street.console.wording.of(Language.ZH)
    assert {t(f"shops.column.{column}"): column for column in COLUMNS} == dict(HEADINGS)


# --- one shop ---------------------------------------------------------------------------------------------------


def test_the_page_of_a_shop(street: Street) -> None:
    ren = Person(street, "ren")
    confirm(street, "0000c0ffee")
    confirm(street, "0002c0ffee", "BS-0002")
    page = plain(ren.get("/shops/BS-0001"))
    for words in (
        "面馆 B",
        "2024-01-16 至 今 · 餐饮",
        "鲜果行 B 起初 至 2024-01-15",
        "联系方式：13800000001",
        "夜市疏导点 不在时段内 周一至周五 18:00–23:00；周六、周日 17:00–24:00 2024-01-01 至 长期 · 门前区域，不限店铺 · 路口",
        "年货展销 此刻允许",
        "路口 样江路 12 号 · 样谊路 店内区域、门前责任区",
        "案件 共 3 件",
        "认定为他店",
    ):
        assert words in page, words
    assert 'href="/cases/0003c0ffee"' in ren.get("/shops/BS-0001").text
    assert "书摊 已到期" in plain(ren.get("/shops/BS-0003"))
    assert did(street).count("shop/viewed") == 3


def test_the_trend_counts_by_week(street: Street) -> None:
    confirm(street, "0000c0ffee")
    page = plain(Person(street, "ren").get("/shops/BS-0001"))
    assert "2024-01-29 当周：4" in page
    assert "周（首日） 案件 属实 未判定 2024-01-29 4 1 3" in page


@pytest.mark.parametrize("code", ["BS-9999", "BS-0001/none", "import/none", "BS-0001%20"])
def test_there_is_no_such_shop(street: Street, code: str) -> None:
    assert Person(street, "ren").get(f"/shops/{code}").status_code == 404


def test_a_code_may_be_any_text_without_spaces(street: Street) -> None:
    odd = "沪/BS?1#2%"
    path_of(street).write_bytes(csv_of(ShopRegistry({odd: (replace(TOOLS, code=odd),)})))
    ren = Person(street, "ren")
    found = re.search(r'href="(/shops/[^"]+)">=五金', ren.get("/shops").text)
    assert found
    page = ren.get(html.unescape(found[1]))
    assert page.status_code == 200
    assert odd in html.unescape(page.text)
    assert ren.get(html.unescape(found[1]) + "/card").status_code == 200


# --- the list in force ------------------------------------------------------------------------------------------


def test_the_console_follows_the_file_and_a_broken_one_changes_nothing(street: Street) -> None:
    ren = Person(street, "ren")
    assert codes(ren.get("/shops")) == list(LIST.tenancies)
    path_of(street).write_bytes(csv_of(ShopRegistry({"BS-0003": (BOOKS,)})))
    assert codes(ren.get("/shops")) == ["BS-0003"]
    path_of(street).write_text("broken", encoding="utf-8")
    page = ren.get("/shops")
    assert codes(page) == ["BS-0003"]
    assert "磁盘上的名录文件不可用" in plain(page)


def test_without_a_list_the_pages_say_so(tmp_path: Path) -> None:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_shop_street(records, tmp_path, 1, settings={"shops": None})
        street.console.__dict__["shop_list"] = type(street.console.shop_list)(None, None)
        ou = Person(street, "ou")
        for place in ("/shops", "/shops/import"):
            assert "尚未配置店铺名录" in plain(ou.get(place))
        answer = hand_in(ou, csv_of(LIST))
        assert answer.status_code == 409
        assert ou.get("/draws").status_code == 200


# --- import -----------------------------------------------------------------------------------------------------


def hand_in(person: Person, raw: bytes, name: str = "new.csv", mode: str = "whole") -> httpx2.Response:
    form = {"form_token": form_token(person.get("/shops/import")), "mode": mode}
    return person.client.post("/shops/import", data=form, files={"file": (name, raw, CSV)})


def apply(person: Person, page: httpx2.Response, **changed: str) -> httpx2.Response:
    form = {name: value for name, value in re.findall(r'name="(form_token|sha256|base_sha256)" value="([^"]+)"', page.text)}
    return person.client.post("/shops/apply", data=form | changed)


BETTER = ShopRegistry(
    {
        **LIST.tenancies,
        "BS-0002": (replace(TOOLS, grade="C"),),
        "BS-0003": (replace(BOOKS, until=date(2024, 1, 31)), replace(BOOKS, name="新书店", since=date(2024, 2, 1))),
        "BS-0009": (replace(TOOLS, code="BS-0009", name="新开店"),),
    }
)


def test_an_import_is_shown_first_and_changes_nothing(street: Street) -> None:
    before = path_of(street).read_bytes()
    page = hand_in(Person(street, "ou"), csv_of(BETTER))
    assert page.status_code == 200
    words = plain(page)
    assert "新增店铺 1 新增租期 1 租期结束 1 内容变更 1 移除租期 0 移除店铺 0" in words
    assert "4 内容变更 BS-0002 =五金 分级：A → C" in words
    assert "5 租期结束 BS-0003 旧书店 截止日期：– → 2024-01-31" in words
    assert "8 新增店铺 BS-0009 新开店" in words
    assert path_of(street).read_bytes() == before
    assert street.console.shops == LIST
    assert "shops/imported" not in did(street)


def test_an_import_comes_into_force(street: Street) -> None:
    ou = Person(street, "ou")
    page = hand_in(ou, csv_of(BETTER))
    done = apply(ou, page)
    assert done.url.path == "/shops/import"
    assert "新名录已生效" in plain(done)
    assert load_shops(path_of(street)) == BETTER
    assert street.console.shops == BETTER
    assert "欧值守 5 新增店铺 1、新增租期 1、租期结束 1、内容变更 1" in plain(done)
    assert [name for name in did(street) if name.startswith("shop")] == ["shops/imported", "shop/changed", "shop/changed", "shop/changed"]
    assert len(list(path_of(street).parent.glob("shops.*.csv"))) == 1
    shop = plain(ou.get("/shops/BS-0002"))
    assert "内容变更 分级： A → C 欧值守" in shop
    assert "早前登记（1 条）" in shop
    assert "欧值守" not in plain(Person(street, "ren").get("/shops/BS-0002")), "who did it is for those who may see the audit"
    assert "新开店" in plain(Person(street, "qiu").get("/shops"))


def test_a_part_of_the_list_leaves_the_rest_alone(street: Street) -> None:
    ou = Person(street, "ou")
    page = hand_in(ou, csv_of(ShopRegistry({"BS-0002": (replace(TOOLS, grade="C"),)})), mode="part")
    assert "内容变更 1 移除租期 0 移除店铺 0" in plain(page)
    apply(ou, page)
    assert load_shops(path_of(street)) == ShopRegistry({**LIST.tenancies, "BS-0002": (replace(TOOLS, grade="C"),)})


def test_a_workbook_is_imported_as_well(street: Street) -> None:
    ou = Person(street, "ou")
    raw = ou.get("/shops.xlsx").content
    page = hand_in(ou, raw, "导出.xlsx")
    assert "与现行名录一致，没有变更" in plain(page)
    assert "/shops/apply" not in page.text


def test_codes_that_are_still_used_cannot_be_removed(street: Street) -> None:
    ou = Person(street, "ou")
    page = hand_in(ou, csv_of(ShopRegistry({"BS-0004": LIST.tenancies["BS-0004"]})))
    words = plain(page)
    assert "BS-0001 点位 cam01 的区域" in words
    assert "BS-0001 已有案件" in words
    assert "BS-0002 已有案件" in words
    assert "BS-0003 点位 cam01 的区域" in words
    assert "/shops/apply" not in page.text
    found = re.search(r"/shops/import/([0-9a-f]{64})\.csv", page.text)
    assert found
    base = re.search(r"[0-9a-f]{64}", street.console.shop_list.current().sha256)  # type: ignore[union-attr]  # there is a list
    assert base
    forced = ou.client.post("/shops/apply", data={"form_token": form_token(ou.get("/shops")), "sha256": found[1], "base_sha256": base[0]})
    assert forced.status_code == 409
    assert "未导入" in plain(forced)
    assert load_shops(path_of(street)) == LIST


def test_who_was_shown_an_older_list_is_told_and_loses_nothing(street: Street) -> None:
    app = create_app(street.console)
    ou = Person(street, "ou", app=app)
    mine = hand_in(ou, csv_of(BETTER))
    theirs = hand_in(ou, csv_of(ShopRegistry({**LIST.tenancies, "BS-0010": (replace(TOOLS, code="BS-0010"),)})))
    assert apply(ou, theirs).status_code == 200
    late = apply(ou, mine)
    assert late.status_code == 409
    assert "名录在此期间已有更新" in plain(late)
    assert "BS-0010" in load_shops(path_of(street))
    assert "BS-0009" not in load_shops(path_of(street))
    again = hand_in(ou, csv_of(BETTER), mode="part")
    assert apply(ou, again).status_code == 200
    assert {"BS-0009", "BS-0010"} <= set(load_shops(path_of(street)).tenancies)


@pytest.mark.parametrize(
    ("raw", "name", "words"),
    [
        (b"", "a.csv", "请选择一个文件"),
        ("code,name\nS1,店".encode(), "a.csv", "缺少列：地址、路段、中队、行业、分级、联系方式、起始日期、截止日期"),
        (csv_of(LIST).replace(b",A,", b",Z,"), "a.csv", "4 BS-0002 分级“Z”无效"),
        (csv_of(LIST) + "BS-0002,别家,,,,,,,,\r\n".encode(), "a.csv", "与第 4 行的“=五金”在 起初 至 今 同时承租同一编码"),
        (csv_of(LIST).replace(b"2023-12-31", b"2023/12/31"), "a.csv", "截止日期“2023/12/31”应写作 2023-12-31"),
        (csv_of(LIST).replace(b"BS-0003", b"3.1E+11"), "a.csv", "编码“3.1E+11”已被表格软件舍入"),
        (csv_of(LIST) + b'S1,"shop,,,,,,,,', "a.csv", "未闭合的引号"),
        (csv_of(LIST).decode("utf-8-sig").encode("utf-16"), "a.csv", "文字编码无法识别"),
        (b"PK\x03\x04nothing", "a.xlsx", "不是可读取的 .xlsx 工作簿"),
        (b"\xd0\xcf\x11\xe0" * 200, "a.xls", "旧版 .xls 或带密码"),
    ],
)
def test_a_bad_file_is_told_line_by_line_and_changes_nothing(street: Street, raw: bytes, name: str, words: str) -> None:
    before = path_of(street).read_bytes()
    answer = hand_in(Person(street, "ou"), raw, name)
    assert answer.status_code == 422
    assert words in plain(answer)
    assert "/shops/apply" not in answer.text
    assert path_of(street).read_bytes() == before
    assert list(path_of(street).parent.glob("*.draft")) == []


def test_more_faults_than_anybody_reads_are_counted(street: Street) -> None:
    rows = b"".join(b"S%d,,,,,,,,,\r\n" % number for number in range(3000))
    page = plain(hand_in(Person(street, "ou"), ",".join(COLUMNS).encode() + b"\r\n" + rows))
    assert "3000 处问题" in page
    assert "另有 2000 处问题未列出" in page


def test_all_changes_as_a_table(street: Street) -> None:
    ou = Person(street, "ou")
    page = hand_in(ou, csv_of(BETTER))
    found = re.search(r'href="(/shops/import/[0-9a-f]{64}\.csv)"', page.text)
    assert found
    lines = ou.get(found[1]).text.splitlines()
    assert lines[0] == "\ufeff变更,编码,店名,内容"
    assert "内容变更,BS-0002,'=五金,分级：A → C" in lines
    assert ou.get(f"/shops/import/{'0' * 64}.csv").status_code == 409


def test_only_operators_put_lists_in_force(street: Street) -> None:
    ou = Person(street, "ou")
    page = hand_in(ou, csv_of(BETTER))
    for name in ("ren", "an", "qiu"):
        somebody = Person(street, name)
        assert somebody.get("/shops/import").status_code == 403
        assert "/shops/import" not in somebody.get("/shops").text
        token = form_token(somebody.get("/shops"))
        assert somebody.client.post("/shops/import", data={"form_token": token}, files={"file": ("a", b"b")}).status_code == 403
        assert apply(somebody, page, form_token=token).status_code == 403
    assert apply(ou, page, form_token="made elsewhere").status_code == 403
    assert apply(ou, page, sha256="0" * 64).status_code == 409
    assert apply(ou, page, sha256="short").status_code == 422
    assert load_shops(path_of(street)) == LIST


def test_a_file_that_is_too_large_is_refused_before_it_is_read(street: Street) -> None:
    ou = Person(street, "ou")
    assert hand_in(ou, b"x" * (8 * 2**20 + 1)).status_code == 413


# --- cards ------------------------------------------------------------------------------------------------------


def test_a_card_leads_to_the_page_of_the_shop(tmp_path: Path) -> None:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_shop_street(records, tmp_path, 1, settings={"review": {"public_url": "https://doorline.example/"}})
        page = Person(street, "ou").get("/shops/BS-0001/card").text
        assert "二维码：https://doorline.example/shops/BS-0001" in page
        assert re.search(r'<svg viewBox="0 0 \d+ \d+" class="qr"><path', page)
        assert "13800000001" not in page


def test_sheets_of_cards(street: Street) -> None:
    page = Person(street, "ren").get("/shops/cards?street=样谊路").text
    assert re.findall(r'<p class="qr-card-number">([^<]+)</p>', page) == ["BS-0001", "BS-0002"]
    assert "二维码：doorline:shop/BS-0002" in page
    assert 'qr-card-number">BS-0003' in Person(street, "ren").get("/shops/cards").text


# --- draws ------------------------------------------------------------------------------------------------------


def draw(person: Person, **asked: object) -> httpx2.Response:
    page = person.get("/draws")
    found = re.search(r'name="draw_id" value="([0-9a-f]{16})"', page.text)
    assert found
    form = {"form_token": form_token(page), "draw_id": found[1], "shops": 2} | asked
    return person.client.post("/draws", data=form)


def test_a_draw_can_be_drawn_again_by_anybody(street: Street) -> None:
    ou = Person(street, "ou")
    page = draw(ou, seed="20260512", account=["qiu"], names="张三\n李四\n\n张三", inspectors=2, tickets_c=5)
    assert page.status_code == 200
    kept = street.records.draws.draw(page.url.path.rpartition("/")[2])
    assert kept.candidates == ("BS-0001", "BS-0002", "BS-0003"), "who is vacant is not drawn"
    assert kept.drawn == draw_lots("20260512", Domain.SHOP, {"BS-0001": 1, "BS-0002": 1, "BS-0003": 5}, 2)
    assert kept.inspectors == draw_lots("20260512", Domain.INSPECTOR, {"qiu": 1, "张三": 1, "李四": 1}, 2)
    assert kept.wanted["pool"] == ["qiu", "张三", "李四"]
    words = plain(page)
    assert "从 3 家中抽取 2 家" in words
    assert "已复算" in words
    assert "20260512" in words
    assert ou.get(f"{page.url.path}/shops.txt").text.splitlines()[:3] == ["1 BS-0001", "1 BS-0002", "1 BS-0003"]
    assert len(ou.get(f"{page.url.path}/shops.txt").text.splitlines()) == 7
    assert ou.get(f"{page.url.path}/inspectors.txt").text.splitlines() == ["1 qiu", "1 张三", "1 李四"]
    assert ou.get(f"{page.url.path}/others.txt").status_code == 404
    table = ou.get(f"{page.url.path}.csv").text.splitlines()
    assert [line.split(",")[1] for line in table[1:]] == list(kept.drawn)
    assert did(street)[-2:] == ["draw/made", "draw/exported"]
    told = street.records.accounts.list_audit(did="draw/made")[0]
    assert (told.account, told.subject, told.detail["seed"]) == ("ou", f"draw/{kept.draw_id}", "20260512")


def test_a_seed_is_made_by_chance(street: Street) -> None:
    an = Person(street, "an")
    seeds = {street.records.draws.draw(draw(an).url.path.rpartition("/")[2]).seed for _ in range(3)}
    assert len(seeds) == 3
    assert all(re.fullmatch(r"[0-9a-f]{32}", seed) for seed in seeds)
    assert plain(an.get("/draws")).count("店铺 2 家") == 3


def test_streets_trades_and_grades_say_who_can_be_drawn(street: Street) -> None:
    ou = Person(street, "ou")
    for asked, candidates in (
        ({"street": ["样谊路"]}, ("BS-0001", "BS-0002")),
        ({"street": ["样谊路", "另一条路"], "tickets_b": 0}, ("BS-0002", "BS-0003")),
        ({"trade": ["五金", "书"]}, ("BS-0002", "BS-0003")),
    ):
        kept = street.records.draws.draw(draw(ou, **asked).url.path.rpartition("/")[2])
        assert kept.candidates == candidates


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"shops": 4}, "符合条件的店铺只有 3 家"),
        ({"shops": 1, "street": ["没有这条路"]}, "符合条件的店铺只有 0 家"),
        ({"shops": 0}, "至少为 1"),
        ({"seed": "03 11 19"}, "种子须为"),
        ({"inspectors": 2, "names": "张三"}, "候选人员少于抽取人数"),
        ({"names": "张" * 200}, "姓名过长"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_what_was_typed_stays(street: Street, asked: dict[str, object], words: str) -> None:
    answer = draw(Person(street, "ou"), **{"names": "王五", **asked})
    assert answer.status_code == 422
    assert words in plain(answer)
    assert str(asked.get("names", "王五")) in answer.text
    assert street.records.draws.list() == ()


@pytest.mark.parametrize("asked", [{"shops": -1}, {"shops": "many"}, {"tickets_a": 10}, {"draw_id": "../x"}, {"draw_id": ""}])
def test_forms_that_nobody_was_given(street: Street, asked: dict[str, object]) -> None:
    assert draw(Person(street, "ou"), **asked).status_code == 422
    assert street.records.draws.list() == ()


def test_a_form_sent_twice_draws_once(street: Street) -> None:
    ou = Person(street, "ou")
    first = draw(ou, draw_id="a" * 16, seed="one")
    again = draw(ou, draw_id="a" * 16, seed="two")
    assert first.url == again.url
    assert street.records.draws.draw("a" * 16).seed == "one"
    assert did(street).count("draw/made") == 1


def test_who_may_draw_and_who_may_look(street: Street) -> None:
    ours = draw(Person(street, "ou"), street=["样谊路"], shops=1).url.path
    whole = draw(Person(street, "an")).url.path
    for name in ("ren", "qiu"):
        somebody = Person(street, name)
        token = form_token(somebody.get("/shops"))
        assert somebody.client.post("/draws", data={"form_token": token, "draw_id": "a" * 16, "shops": 1}).status_code == 403
        assert 'name="draw_id"' not in somebody.get("/draws").text
    qiu, other, ren = Person(street, "qiu"), Person(street, "other"), Person(street, "ren")
    for place in (ours, f"{ours}.csv", f"{ours}/shops.txt"):
        assert (qiu.get(place).status_code, other.get(place).status_code, ren.get(place).status_code) == (200, 404, 200)
    for place in (whole, f"{whole}.csv", f"{whole}/shops.txt"):
        assert (qiu.get(place).status_code, other.get(place).status_code, ren.get(place).status_code) == (404, 404, 200)
    assert (ours in qiu.get("/draws").text, whole in qiu.get("/draws").text) == (True, False)
    assert Person(street, "ren").get("/draws/nothing").status_code == 404


def test_a_draw_whose_record_was_tampered_with_is_told(street: Street) -> None:
    page = draw(Person(street, "ou"), draw_id="a" * 16, seed="one", shops=1)
    kept = street.records.draws.draw("a" * 16)
    others = tuple(code for code in kept.candidates if code not in kept.drawn)
    street.records.draws.add(replace(kept, draw_id="b" * 16, drawn=others[:1]))
    assert "已复算" in plain(page)
    assert "复算结果与记录不一致" in plain(Person(street, "ou").get(f"/draws/{'b' * 16}"))


# --- words ------------------------------------------------------------------------------------------------------


def test_every_fault_and_change_has_words(street: Street) -> None:
    wanted = {
        *(f"shops.fault.{code}" for code in ShopFaultCode),
        *(f"shops.change.{kind}" for kind in ChangeKind),
        *(f"shops.used_by_{by}" for by in UsedBy),
        *(f"shops.column.{column}" for column in COLUMNS),
        *(f"shops.meaning.{column}" for column in COLUMNS),
    }
    for language in Language:
        assert wanted - set(street.console.wording.texts(language)) == set()


def test_pages_speak_english_when_asked(street: Street) -> None:
    ou = Person(street, "ou")
    made = draw(ou, draw_id="a" * 16).url.path
    ou.client.post("/language", data={"lang": "en"})
    for place in ("/shops", "/shops/BS-0001", "/shops/import", "/shops/cards", "/shops/BS-0001/card", "/draws", made):
        words = plain(ou.get(place))
        for known in ("门线", "中文", *(value for tenancies in LIST.tenancies.values() for each in tenancies for value in texts_of(each))):
            words = words.replace(known, "")
        for known in (NOODLES.name, "路口", "夜市疏导点", "年货展销", "书摊", "欧值守", "邱队员", "别队员"):
            words = words.replace(known, "")
        assert not re.findall(r"[\u4e00-\u9fff]+", words), place
    assert "What would change" not in plain(hand_in(ou, b"x"))


def texts_of(tenancy: object) -> list[str]:
    return sorted((str(getattr(tenancy, column)) for column in COLUMNS if getattr(tenancy, column)), key=len, reverse=True)
