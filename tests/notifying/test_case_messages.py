"""What is told of cases, to whom, and in which words."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.cases import Action, CaseRole, CaseState
from pipeline.config import CASE_EVENTS, MessageTemplate, NotifyEvent, ReceiverSettings
from pipeline.notifying import CaseEvent, case_messages
from pipeline.notifying.trial_messages import TrialWish, trial_messages
from pipeline.records import OutgoingMessage, Records
from tests.notifying.case_samples import (
    DEADLINE,
    DISPATCHED,
    EVERY_STEP,
    NOTIFIED,
    NOW,
    dispatch,
    notify,
    open_case,
    receiver,
    sent,
    settings,
    take,
    tell,
    to_shops,
)
from tests.notifying.samples import SCENE
from tests.records.samples import entry, furnish, violation


def told(event: CaseEvent, *receivers: ReceiverSettings, **more: Any) -> list[str]:
    """Names of those who are told."""
    return [message.receiver for message in case_messages(receivers, SCENE, event, NOW, **more)]


def message(event: CaseEvent, **changes: Any) -> OutgoingMessage:
    (made,) = case_messages([receiver(**changes)], SCENE, event, NOW)
    return made


def said(event: CaseEvent, **changes: Any) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(message(event, **changes).body)
    return value


def test_a_notice_says_whose_ground_where_and_until_when() -> None:
    body = said(NOTIFIED)
    assert (body["event"], body["event_text"], body["at"]) == ("case_notified", "已告知", "2024-02-01T16:00:00+08:00")
    assert body["camera"]["street"] == "样谊路"
    assert body["case"] == {
        "id": "v-0a1b2c",
        "step": 2,
        "state": "notified",
        "kind": "beyond_shopfront",
        "kind_text": "跨门经营",
        "target": "shop",
        "shops": [{"code": "BS-0001", "name": "面馆"}],
        "place": "鲜果行门前",
        "street": "样谊路",
        "first_seen_at": "2024-01-31T09:42:17+08:00",
        "deadline": "2024-02-02T16:00:00+08:00",
        "squad": "",
        "url": "https://doorline.example/cases/v-0a1b2c",
    }
    assert "violation" not in body


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (NOTIFIED, "疑似跨门经营，提醒清理：面馆(BS-0001)，样谊路 样江路 12 号，请于2月2日16:00前清理，编号v-0a1b2c"),
        (
            DISPATCHED,
            "疑似跨门经营，已派单：面馆(BS-0001)，样谊路 样江路 12 号，请一中队于2月2日16:00前到场处理并反馈，编号v-0a1b2c，"
            "https://doorline.example/cases/v-0a1b2c",
        ),
        (
            replace(NOTIFIED, event=NotifyEvent.CASE_OVERDUE),
            "疑似跨门经营，已逾期：面馆(BS-0001)，样谊路 样江路 12 号，2月2日16:00期限已过，尚未见清理，编号v-0a1b2c",
        ),
        (
            replace(DISPATCHED, event=NotifyEvent.CASE_OVERDUE, url=""),
            "疑似跨门经营，已逾期：面馆(BS-0001)，样谊路 样江路 12 号，2月2日16:00期限已过，一中队尚未反馈，编号v-0a1b2c",
        ),
        (
            replace(DISPATCHED, event=NotifyEvent.CASE_OVERDUE, state=CaseState.RECHECK, url=""),
            "疑似跨门经营，已逾期：面馆(BS-0001)，样谊路 样江路 12 号，2月2日16:00期限已过，尚未回头看，编号v-0a1b2c",
        ),
        (
            replace(NOTIFIED, event=NotifyEvent.CASE_RECTIFIED, deadline=None),
            "疑似跨门经营，自行整改：面馆(BS-0001)，样谊路 样江路 12 号，已见清理，无需再处理，编号v-0a1b2c",
        ),
        (
            replace(NOTIFIED, event=NotifyEvent.CASE_WITHDRAWN, shops=(), deadline=None),
            "疑似跨门经营，已撤回：鲜果行门前，样谊路 样江路 12 号，此前的提醒或派单不再有效，无需处理，编号v-0a1b2c",
        ),
    ],
)
def test_every_step_in_one_sentence(event: CaseEvent, text: str) -> None:
    assert said(event)["text"] == text
    short = said(event, template="sms", phones=("13800000000",))
    assert (short["text"], short["phones"]) == (text, ["13800000000"])


def test_an_sms_names_the_shop_so_that_a_gateway_can_find_its_number() -> None:
    assert said(NOTIFIED, template="sms", phones=("13800000000",))["shop"] == {"code": "BS-0001", "name": "面馆"}
    assert said(replace(NOTIFIED, shops=()), template="sms", phones=("13800000000",))["shop"] is None


def test_a_platform_gets_the_case_as_it_knows_events() -> None:
    body = said(DISPATCHED, template="ywtg", type_codes={"beyond_shopfront": "XY-7"})
    assert (body["eventId"], body["eventTypeCode"], body["eventState"], body["eventStateName"]) == (
        "v-0a1b2c",
        "XY-7",
        "case_dispatched",
        "已派单",
    )
    assert (body["deadline"], body["squad"], body["stepNumber"]) == ("2024-02-02T16:00:00+08:00", "一中队", 3)
    assert body["detailUrl"] == NOTIFIED.url
    assert said(replace(DISPATCHED, url=""), template="ywtg")["detailUrl"] is None


def test_nobody_is_told_of_cases_who_does_not_ask_for_it() -> None:
    usual = ReceiverSettings(name="usual", url="https://host.example/")
    for event in CASE_EVENTS:
        assert told(replace(NOTIFIED, event=event), usual) == []
        assert told(replace(NOTIFIED, event=event), receiver(events=("opened", "changed"))) == []
    assert told(NOTIFIED, receiver(events=("case_notified",)), receiver("other", events=("case_dispatched",))) == ["district"]


def test_kinds_streets_and_squads_choose() -> None:
    assert told(NOTIFIED, receiver(kinds=("street_stall",)), receiver("yes", kinds=("beyond_shopfront",))) == ["yes"]
    assert told(NOTIFIED, receiver(streets=("别的路",)), receiver("yes", streets=("样谊路",))) == ["yes"]
    one, two = receiver("one", squads=("一中队",)), receiver("two", squads=("二中队",))
    assert told(DISPATCHED, one, two) == ["one"]
    assert told(NOTIFIED, one, two) == [], "nobody was sent yet"
    overdue = replace(DISPATCHED, event=NotifyEvent.CASE_OVERDUE)
    assert told(overdue, one, two) == ["one"]


def test_a_shop_is_told_of_what_it_is_asked_for_and_of_nothing_else() -> None:
    assert told(NOTIFIED, to_shops()) == ["shops"]
    assert told(replace(NOTIFIED, event=NotifyEvent.CASE_OVERDUE), to_shops()) == ["shops"]
    assert told(replace(DISPATCHED, event=NotifyEvent.CASE_OVERDUE), to_shops()) == [], "that a squad is late is not its business"
    assert told(replace(NOTIFIED, shops=()), to_shops()) == [], "nobody's ground"
    assert json.loads(case_messages([to_shops()], SCENE, NOTIFIED, NOW)[0].body)["phones"] == []


def test_whoever_was_told_is_told_that_it_is_withdrawn_and_nobody_else() -> None:
    withdrawn = replace(DISPATCHED, event=NotifyEvent.CASE_WITHDRAWN)
    all_of_them = (receiver(events=("case_notified",), streets=("别的路",)), receiver("second"), to_shops())
    assert told(withdrawn, *all_of_them, told={"district", "shops"}) == ["district", "shops"]
    assert told(DISPATCHED, *all_of_them, told={"second", "shops"}) == ["second"], "a shop never hears of a squad"


def test_the_key_is_the_case_the_step_and_the_event() -> None:
    made = message(NOTIFIED)
    assert (made.subject, made.event_key) == ("case/v-0a1b2c", "case/v-0a1b2c/2/case_notified")
    assert message(replace(NOTIFIED, deadline=None)).message_id == made.message_id
    assert message(replace(NOTIFIED, number=4)).message_id != made.message_id
    with pytest.raises(ValueError, match="no event of a case: opened"):
        replace(NOTIFIED, event=NotifyEvent.OPENED)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"template": "doorline"}, "to_contact needs the template sms"),
        ({"events": ()}, "to_contact needs events, among case_notified, case_overdue, case_rectified, case_withdrawn"),
        ({"events": ("opened",)}, "to_contact needs events, among case_notified"),
        ({"events": ("case_notified", "case_dispatched")}, "to_contact needs events, among case_notified"),
        ({"squads": ("",)}, "squads"),
    ],
)
def test_a_receiver_that_would_tell_shops_what_is_not_for_them_is_refused(changes: dict[str, Any], fault: str) -> None:
    values = {"name": "shops", "url": "https://host/", "template": "sms", "to_contact": True, "events": ("case_notified",)}
    with pytest.raises(ValidationError, match=fault):
        ReceiverSettings.model_validate(values | changes)


def test_who_writes_to_shops_needs_their_list() -> None:
    with pytest.raises(ValidationError, match="receiver shops writes to shops"):
        settings(to_shops(), shops=None)


@pytest.mark.parametrize("template", list(MessageTemplate))
def test_every_event_can_be_tried_and_says_that_it_is_a_test(template: MessageTemplate) -> None:
    told_all = receiver(template=template, events=tuple(NotifyEvent), phones=("13800000000",))
    made = trial_messages(told_all, SCENE.timezone, NOW, TrialWish(every_event=True))
    assert [each.event for each in made] == list(NotifyEvent)
    assert len({each.message_id for each in made}) == len(NotifyEvent)
    for each in made:
        body = json.loads(each.body)
        assert body["test"] is True
        assert "【测试】" in each.body


def test_what_is_tried_where_nobody_says() -> None:
    def tried(wanted: ReceiverSettings, wish: TrialWish | None = None) -> list[str]:
        return [each.event.value for each in trial_messages(wanted, SCENE.timezone, NOW, wish or TrialWish())]

    assert tried(ReceiverSettings(name="usual", url="https://host/")) == ["opened"]
    assert tried(receiver(events=("case_dispatched", "case_overdue"))) == ["case_dispatched"]
    assert tried(receiver(), TrialWish(every_event=True)) == [*EVERY_STEP, "case_withdrawn"]
    assert tried(receiver(), TrialWish((NotifyEvent.OPENED,))) == ["opened"]


def test_nothing_of_who_decided_and_why_goes_out(records: Records) -> None:
    open_case(records)
    tell(records, *(receiver(each.value, template=each, phones=("13800000000",)) for each in MessageTemplate))
    take(records, Action.CONFIRM, by="renming", note="举报人王女士")
    take(records, Action.NOTIFY, by="renming", note="举报人王女士", deadline=DEADLINE)
    take(records, Action.DISPATCH, by="luming", after_s=200, note="举报人王女士", squad="一中队", deadline=DEADLINE)
    take(records, Action.RETURN, by="qiuming", role=CaseRole.SQUAD, after_s=300, note="王女士说不是")
    found = {template: sent(records, template.value, after_s=300) for template in MessageTemplate}
    take(records, Action.EXEMPT, by="anming", role=CaseRole.APPROVER, after_s=400, note="王女士有许可")
    for template in MessageTemplate:
        told_all = found[template] + sent(records, template.value, after_s=1000)
        assert [event for event, _ in told_all] == ["case_notified", "case_dispatched", "case_withdrawn"]
        for _, body in told_all:
            for name in ("renming", "luming", "qiuming", "anming", "王女士"):
                assert name not in body


def test_the_page_is_named_where_the_configuration_knows_the_console(records: Records) -> None:
    open_case(records)
    tell(records, receiver(), review={"public_url": "https://doorline.example/"})
    notify(records)
    dispatch(records, after_s=1)
    bodies = [json.loads(body)["case"] for _, body in sent(records, after_s=1000)]
    assert [(body["url"], body["squad"]) for body in bodies] == [
        ("https://doorline.example/cases/v-1", ""),
        ("https://doorline.example/cases/v-1", "一中队"),
    ]
    assert {body["deadline"] for body in bodies} == {"2024-02-02T16:00:00+08:00"}


def test_the_name_is_that_of_the_tenant_at_first_sight_also_where_the_records_do_not_know_it(records: Records) -> None:
    records.save_violation("run-1", furnish(records), entry(violation("v-1")))
    tell(records, receiver())
    notify(records)
    ((_, body),) = sent(records, after_s=1000)
    assert json.loads(body)["case"]["shops"] == [{"code": "BS-0001", "name": "面馆"}]
