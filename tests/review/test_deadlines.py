"""Deadlines in the queue: by day, counted, told in words, and for squads before everything else; and whose turn it is."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from pipeline.cases import Action, CaseRole
from pipeline.config import Language
from pipeline.review.wording import Wording, left_text
from tests.review.asking import Person
from tests.review.photos import dispatch
from tests.review.street import Street

# 15:42 on a Wednesday.
LATE, TODAY, TOMORROW, NEXT_WEEK = "0000c0ffee", "0001c0ffee", "0002c0ffee", "0003c0ffee"


@pytest.fixture
def busy(street: Street) -> Street:
    """With a squad: overdue by one hour, due in two, due tomorrow; and one to look at again in six days."""
    now = street.clock.now
    street.clock.now = now - timedelta(hours=3)
    dispatch(street, LATE, hours=2)
    street.clock.now = now
    dispatch(street, TODAY, hours=2)
    dispatch(street, TOMORROW, hours=30)
    street.take(NEXT_WEEK, Action.CONFIRM)
    street.take(NEXT_WEEK, Action.DISPATCH, hours=1, squad="一中队")
    street.take(NEXT_WEEK, Action.ANSWER, CaseRole.SQUAD, reason="rectified")
    street.take(NEXT_WEEK, Action.SCHEDULE_RECHECK, hours=6 * 24)
    return street


def listed(page: str) -> list[str]:
    return re.findall(r'class="row-link" href="/cases/(\w+)', page)


def counts(page: str) -> dict[str, int]:
    part = page.partition('<nav class="due"')[2].partition("</nav>")[0]
    return {words.strip(): int(number) for words, number in re.findall(r'>([^<>]+)<span class="count">(\d+)</span>', part)}


def days(page: str) -> list[str]:
    return [words.strip() for words in re.findall(r'<h2 class="day[^>]*>([^<]+)<', page)]


def test_a_squad_finds_what_is_due_first_by_day(busy: Street) -> None:
    page = Person(busy, "qiu").get("/").text
    assert listed(page) == [LATE, TODAY, TOMORROW, NEXT_WEEK]
    assert days(page) == ["已超期", "今天 · 1 月 31 日 周三", "明天 · 2 月 1 日 周四", "2 月 6 日 周二"]
    assert counts(page) == {"已超期": 1, "今天到期": 1, "本周到期": 2}
    assert "已超期 1 小时 0 分" in page
    assert "还剩 2 小时 0 分" in page
    assert "还剩 1 天 6 小时" in page


@pytest.mark.parametrize("who", ["qiu", "ren"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("due=overdue", [LATE]),
        ("due=today", [TODAY]),
        ("due=week", [TODAY, TOMORROW]),
        ("state=recheck", [NEXT_WEEK]),
        ("state=recheck&due=week", []),
        ("state=dispatched", [LATE, TODAY, TOMORROW]),
        ("state=dispatched&due=overdue", [LATE]),
        ("due=week&order=newest", [TOMORROW, TODAY]),
    ],
)
def test_deadlines_are_asked_for_in_the_address(busy: Street, who: str, query: str, found: list[str]) -> None:
    assert listed(Person(busy, who).get(f"/?{query}").text) == found


def test_what_is_looked_at_again_is_counted_in_its_own_tab(busy: Street) -> None:
    page = Person(busy, "ren").get("/?state=recheck").text
    assert days(page) == ["2 月 6 日 周二"]
    assert counts(page) == {}, "nothing before next week"
    busy.clock.move(6 * 86400 + 60)
    page = Person(busy, "ren").get("/?state=recheck").text
    assert days(page) == ["已超期"]
    assert counts(page)["已超期"] == 1


def test_who_decides_on_candidates_is_told_of_what_is_overdue_and_led_there(busy: Street) -> None:
    page = Person(busy, "ren").get("/").text
    assert days(page) == [], "candidates have no deadline"
    assert counts(page) == {"已超期": 1, "今天到期": 1, "本周到期": 2}
    assert 'href="/?due=overdue"' in page
    other = Person(busy, "other").get("/").text
    assert counts(other) == {}, "of streets of one's own alone"


def test_the_filter_stays_with_all_others(busy: Street) -> None:
    page = Person(busy, "ren").get("/?street=样谊路&state=dispatched").text
    assert "/?street=%E6%A0%B7%E8%B0%8A%E8%B7%AF&amp;state=dispatched&amp;due=overdue" in page
    assert listed(Person(busy, "ren").get("/?street=另一条路&due=overdue").text) == []
    assert Person(busy, "ren").get("/?due=someday").status_code == 400
    table = Person(busy, "ren").get("/cases.csv?due=overdue").text
    assert [name for name in busy.ids if name in table] == [LATE]


def test_the_next_one_is_the_next_that_is_due(busy: Street) -> None:
    qiu = Person(busy, "qiu")
    page = qiu.get(f"/cases/{LATE}").text
    assert f'rel="next" href="/cases/{TODAY}"' in page
    reply = qiu.step(LATE, "answer", busy.records.cases.case(LATE).row.version, reason="rectified")
    assert reply.json()["next"] == f"/cases/{TODAY}"
    assert reply.json()["told"] == "已反馈"


def test_an_item_says_until_when_what_and_what_for(street: Street) -> None:
    dispatch(street, TODAY, hours=5, note="门口货架请一并查看")
    page = Person(street, "qiu").get(f"/cases/{TODAY}").text
    assert "还剩 5 小时 0 分" in page
    assert "派单说明" in page
    assert "门口货架请一并查看" in page
    assert 'id="step-answer"' in page
    assert 'id="photos-form"' in page
    watched = Person(street, "ren").get(f"/cases/{TODAY}").text
    assert "还剩 5 小时 0 分" in watched
    assert 'id="step-answer"' not in watched


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [
        (59.0, "还剩 0 分钟", "0 min left"),
        (3599.0, "还剩 59 分钟", "59 min left"),
        (3600.0, "还剩 1 小时 0 分", "1 h 0 min left"),
        (86400.0 * 2 + 3600 * 5, "还剩 2 天 5 小时", "2 d 5 h left"),
        (-61.0, "已超期 1 分钟", "1 min overdue"),
        (-86400.0 * 3, "已超期 3 天 0 小时", "3 d 0 h overdue"),
        (None, "–", "–"),
    ],
)
def test_how_long_there_is_is_said_in_words(seconds: float | None, zh: str, en: str) -> None:
    words = Wording()
    assert left_text(seconds, words.of(Language.ZH)) == zh
    assert left_text(seconds, words.of(Language.EN)) == en


# --- whose turn it is -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "steps", "holds"),
    [
        ("ren", [], True),
        ("an", [], False),
        ("both", [], True),
        ("ren", [Action.CONFIRM], True),
        ("an", [Action.CONFIRM], False),
        ("ren", [Action.CONFIRM, Action.SUBMIT], False),
        ("an", [Action.CONFIRM, Action.SUBMIT], True),
        ("ren", [Action.CONFIRM, Action.DISPATCH], False),
        ("qiu", [Action.CONFIRM, Action.DISPATCH], False),
        ("an", [Action.REJECT], False),
    ],
)
def test_only_whose_turn_it_is_has_an_item_in_hand_by_opening_it(street: Street, who: str, steps: list[Action], holds: bool) -> None:
    for action in steps:
        said = {"reason": "unclear"} if action is Action.REJECT else {"squad": "一中队"} if action is Action.DISPATCH else {}
        street.take(TODAY, action, CaseRole.REVIEWER, hours=1 if action is Action.DISPATCH else None, **said)
    assert Person(street, who).get(f"/cases/{TODAY}").status_code == 200
    assert street.records.cases.case(TODAY).row.claimed_by == (who if holds else None)


def test_a_reviewer_who_looks_at_what_a_squad_has_is_not_in_its_way(street: Street) -> None:
    dispatch(street, TODAY)
    Person(street, "ren").get(f"/cases/{TODAY}")
    assert Person(street, "qiu").step(TODAY, "answer", 2, reason="rectified").status_code == 200
