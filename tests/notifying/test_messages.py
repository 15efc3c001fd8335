"""What messages say, who gets them, and that the same event is the same message."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.config import MessageTemplate, NotifyEvent, ReceiverSettings
from pipeline.notifying import CameraEvent, Scene, camera_messages, violation_messages
from pipeline.notifying.trial_messages import trial_message
from pipeline.records import OutgoingMessage
from pipeline.types import UNKNOWN_EPOCH, Phase, Target, TargetKind, ViolationEvent, ViolationKind
from tests.notifying.samples import FROZEN, NOW, OPENED, SCENE, camera
from tests.records.samples import NOODLES, START, TOOLS, ambiguous, on_public_ground, violation

TENANTS = {"BS-0001": NOODLES, "BS-0002": TOOLS}


def receiver(**changes: Any) -> ReceiverSettings:
    phones = ("13800000000",) if changes.get("template") == "sms" else ()
    return ReceiverSettings(
        **{"name": "district", "url": "https://u:pw@host/hook?key=k3y", "secret": "s3cret", "phones": phones, **changes}
    )


def told(event: ViolationEvent, *, scene: Scene = SCENE, **changes: Any) -> OutgoingMessage:
    (message,) = violation_messages([receiver(**changes)], scene, event, TENANTS, NOW)
    return message


def body(message: OutgoingMessage) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(message.body)
    return value


def test_a_message_says_what_where_whose_and_since_when() -> None:
    message = told(OPENED)
    said = body(message)
    assert (said["event"], said["run_id"], said["test"]) == ("opened", "run-1", False)
    assert said["message_id"] == message.message_id
    assert said["camera"] == {"id": "cam01", "name": "路口", "place": "样江路 12 号", "street": "样谊路"}
    found = said["violation"]
    assert (found["id"], found["kind"], found["kind_text"]) == ("v-0a1b2c", "beyond_shopfront", "跨门经营")
    assert found["shops"] == [{"code": "BS-0001", "name": "面馆"}]
    assert (found["first_seen_at"], found["cleared_at"]) == ("2024-01-31T09:42:30+08:00", None)
    assert found["dwell_minutes"] == 1.0
    assert said["at"] == "2024-01-31T09:52:17+08:00"


def test_candidates_places_and_unknown_tenants() -> None:
    both = body(told(replace(OPENED, violation=ambiguous(violation()))))
    assert [shop["name"] for shop in both["violation"]["shops"]] == ["面馆", "=五金"]
    assert "面馆(BS-0001)或=五金(BS-0002)（商户待定）" in both["text"]
    place = body(told(replace(OPENED, violation=on_public_ground(violation()))))
    assert (place["violation"]["shops"], place["violation"]["place"]) == ([], "=样江路口")
    assert "占道设摊，待初审：=样江路口" in place["text"]
    (unknown,) = violation_messages([receiver()], SCENE, OPENED, {}, NOW)
    assert body(unknown)["violation"]["shops"] == [{"code": "BS-0001", "name": ""}]


def test_a_text_message_goes_to_the_phones() -> None:
    said = body(told(OPENED, template="sms"))
    assert said["phones"] == ["13800000000"]
    assert said["text"] == "疑似跨门经营，待初审：面馆(BS-0001)，样谊路 样江路 12 号，09:42首次发现，停留1分钟，编号v-0a1b2c"


def test_a_platform_gets_its_own_code_of_the_kind() -> None:
    said = body(told(OPENED, template="ywtg", type_codes={"beyond_shopfront": "XY-7"}))
    assert (said["eventTypeCode"], said["eventTypeName"], said["eventId"]) == ("XY-7", "跨门经营", "v-0a1b2c")
    assert body(told(OPENED, template="ywtg"))["eventTypeCode"] == ""


@pytest.mark.parametrize("template", list(MessageTemplate))
def test_without_a_known_clock_no_time_is_made_up(template: MessageTemplate) -> None:
    event = ViolationEvent(Phase.OPENED, UNKNOWN_EPOCH, violation(start=UNKNOWN_EPOCH))
    scene = replace(SCENE, clock_known=False)
    assert "1970" not in told(event, scene=scene, template=template).body
    (trouble,) = camera_messages([receiver(template=template)], scene, replace(FROZEN, since=START), NOW)
    assert "09:4" not in trouble.body


@pytest.mark.parametrize("template", list(MessageTemplate))
def test_no_secret_gets_into_a_message(template: MessageTemplate) -> None:
    detail = "rtsp://admin:pa/ss@10.0.0.1/1 gave nothing,\nand http://host/live?token=t0ken neither"
    messages = (
        told(OPENED, template=template, authorization="Bearer b34rer"),
        *camera_messages([receiver(template=template)], SCENE, replace(FROZEN, detail=detail), NOW),
        trial_message(receiver(template=template), SCENE.timezone, NOW),
    )
    for message in messages:
        for secret in ("s3cret", "pw", "k3y", "b34rer", "pa/ss", "admin", "t0ken"):
            assert secret not in message.body
            assert secret not in repr(message)


def test_settings_do_not_show_their_secrets() -> None:
    shown = repr(receiver(authorization="Bearer b34rer"))
    for secret in ("s3cret", "pw", "k3y", "b34rer", "host"):
        assert secret not in shown


def test_camera_trouble_and_its_end() -> None:
    (message,) = camera_messages([receiver()], SCENE, FROZEN, NOW)
    said = body(message)
    assert said["trouble"] == {
        "reason": "frozen",
        "reason_text": "画面冻结",
        "since": "2024-01-31T09:42:17+08:00",
        "detail": "no new picture for 60 s",
    }
    assert said["text"] == "摄像机异常：路口(cam01)，样谊路 样江路 12 号，自09:42起画面冻结"
    well = replace(FROZEN, event=NotifyEvent.CAMERA_WELL, at=NOW + timedelta(minutes=5))
    (later,) = camera_messages([receiver(template="ywtg")], SCENE, well, NOW)
    (first,) = camera_messages([receiver(template="ywtg")], SCENE, FROZEN, NOW)
    assert body(later)["eventId"] == body(first)["eventId"], "one trouble is one event of the platform"
    assert later.subject == first.subject
    assert later.message_id != first.message_id
    with pytest.raises(ValueError, match="no event of a camera"):
        CameraEvent(NotifyEvent.OPENED, NOW, NOW, "frozen")


def test_who_gets_what() -> None:
    changed = replace(OPENED, phase=Phase.CHANGED)
    stall = replace(OPENED, violation=on_public_ground(violation()))
    only = {"events": ("cleared",)}, {"kinds": ("pavement_piling",)}, {"streets": ("别的路",)}
    for unwanted in only:
        assert violation_messages([receiver(**unwanted)], SCENE, OPENED, TENANTS, NOW) == ()
    assert violation_messages([receiver()], SCENE, changed, TENANTS, NOW) == ()
    assert violation_messages([receiver(events=("changed",))], SCENE, changed, TENANTS, NOW)
    assert violation_messages([receiver(kinds=("street_stall",), streets=("样谊路",))], SCENE, stall, {}, NOW)
    assert camera_messages([receiver(kinds=("street_stall",))], SCENE, FROZEN, NOW), "kinds say nothing about cameras"
    assert camera_messages([receiver(streets=("别的路",))], SCENE, FROZEN, NOW) == ()
    assert camera_messages([receiver(events=("opened",))], SCENE, FROZEN, NOW) == ()


def test_the_street_is_that_of_the_shop_if_it_has_one() -> None:
    elsewhere = Scene(camera("别的路"), SCENE.timezone, "run-1")
    wanted = [receiver(streets=("样谊路",))]
    assert violation_messages(wanted, elsewhere, OPENED, TENANTS, NOW)
    assert violation_messages(wanted, elsewhere, OPENED, {}, NOW) == ()


def test_the_same_event_is_the_same_message_in_any_run_and_no_other_is() -> None:
    known = told(OPENED)
    again = told(OPENED, scene=replace(SCENE, run_id="run-2"))
    assert (again.message_id, again.event_key) == (known.message_id, known.event_key)
    others = [
        told(replace(OPENED, phase=Phase.CLEARED)),
        told(replace(OPENED, at=OPENED.at + timedelta(seconds=2))),
        told(replace(OPENED, violation=violation("v-other"))),
        told(OPENED, name="other"),
    ]
    assert len({known.message_id, *(other.message_id for other in others)}) == 5


@pytest.mark.parametrize("template", list(MessageTemplate))
def test_a_test_message_says_so(template: MessageTemplate) -> None:
    message = trial_message(receiver(template=template), SCENE.timezone, NOW)
    assert body(message)["test"] is True
    assert "【测试】" in message.body


@given(st.text(), st.text(), st.sampled_from(MessageTemplate), st.sampled_from(ViolationKind))
def test_any_name_makes_a_body_that_can_be_sent_and_read(name: str, place: str, template: MessageTemplate, kind: ViolationKind) -> None:
    tenants = {"BS-0001": replace(NOODLES, name=name + "\udc80")}
    found = replace(violation(), kind=kind, target=Target(TargetKind.SHOP, ("BS-0001",), place))
    (message,) = violation_messages([receiver(template=template)], SCENE, replace(OPENED, violation=found), tenants, NOW)
    assert json.loads(message.body.encode("utf-8"))
    assert "\n" not in message.body
