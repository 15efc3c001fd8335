"""From a step in the console to the receiver: told once, signed, and not at all where it is taken back or refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pipeline.config import ReceiverSettings
from pipeline.notifying import AFTER_UNDO, Contacts, Delivery, case_telling, verify
from pipeline.records import Records
from tests.notifying.case_samples import EVERY_STEP
from tests.notifying.test_contacts import write_list
from tests.notifying.webhook import Webhook, webhook
from tests.records.samples import FRUIT
from tests.review.asking import Person
from tests.review.street import Street, furnish_street

LATER_S = AFTER_UNDO.total_seconds()


class Office:
    """A console, somebody who sends, and the receiver."""

    def __init__(self, street: Street, receivers: list[ReceiverSettings], hook: Webhook, shops: Path) -> None:
        self.street, self.hook, self._shops = street, hook, shops
        settings = street.console.settings
        self._notify = settings.notify.model_copy(update={"receivers": tuple(receivers)})
        told = settings.model_copy(update={"notify": self._notify})
        street.records.tell_of_cases(case_telling(told, lambda: street.console.shops, street.clock))

    def send(self, after_s: float = LATER_S) -> list[dict[str, object]]:
        """What has come to the receiver when everything that is due then was sent."""
        self.street.clock.move(after_s)
        clock, contacts = self.street.clock, Contacts(lambda: self._shops, self.street.console.zone)
        Delivery(self.street.records, self._notify, now=clock, chance=lambda: 0.0, contacts=contacts).deliver_due()
        return [json.loads(got.body) for got in self.hook.got]


@contextmanager
def office(folder: Path, **changes: object) -> Iterator[Office]:
    settings: dict[str, object] = {"review": {"public_url": "https://doorline.example"}}
    with Records.open(f"sqlite:///{folder}/doorline.db") as records, webhook() as hook:
        street = furnish_street(records, folder, settings=settings)
        yield Office(street, [hook.settings(**{"events": EVERY_STEP, **changes})], hook, folder / "shops.csv")


def test_a_notice_from_the_console_reaches_the_receiver_once_and_signed(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        ren, name = Person(here.street, "ren"), here.street.ids[0]
        assert ren.step(name, "confirm").status_code == 200
        assert ren.step(name, "notify", 1, deadline_hours="24").status_code == 200
        assert here.send(LATER_S - 1) == []
        (body,) = here.send(1)
        assert here.send() == [body]
        (got,) = here.hook.got
        at = here.street.clock.now
        signature = got.headers["X-Doorline-Signature"]
        assert verify("s3cret", got.body, signature, at, window_s=LATER_S + 1)
        assert got.headers["X-Doorline-Event"] == body["event"] == "case_notified"
        case = body["case"]
        assert isinstance(case, dict)
        assert (case["id"], case["url"], case["shops"]) == (
            name,
            f"https://doorline.example/cases/{name}",
            [{"code": "BS-0001", "name": "鲜果行"}],
        )
        for person in ("ren", "任初审"):
            assert person not in got.body.decode()


def test_what_is_undone_in_the_console_is_never_sent(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        ren, name = Person(here.street, "ren"), here.street.ids[0]
        ren.step(name, "confirm")
        ren.step(name, "dispatch", 1, squad="一中队")
        here.street.clock.move(59)
        assert ren.step(name, "undo", 2).status_code == 200
        assert here.send() == []
        ren.step(name, "dispatch", 3, squad="一中队")
        (body,) = here.send()
        assert body["event"] == "case_dispatched"


@pytest.mark.parametrize(("who", "action", "version"), [("ren", "notify", 0), ("ou", "notify", 1), ("ren", "file", 1)])
def test_a_step_that_the_console_refuses_tells_nobody(tmp_path: Path, who: str, action: str, version: int) -> None:
    with office(tmp_path) as here:
        name = here.street.ids[0]
        Person(here.street, "ren").step(name, "confirm")
        assert Person(here.street, who).step(name, action, version, deadline_hours="24").status_code == 409
        assert here.street.records.list_outbox() == ()
        assert here.send() == []


def test_of_two_who_send_at_the_same_version_one_is_told_of(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        name = here.street.ids[0]
        ren, lu = Person(here.street, "ren"), Person(here.street, "lu")
        ren.step(name, "confirm")
        answers = {person.step(name, "dispatch", 1, squad=squad).status_code for person, squad in ((ren, "一中队"), (lu, "二中队"))}
        assert answers == {200, 409}
        (body,) = here.send()
        assert isinstance(body["case"], dict)
        assert body["case"]["squad"] == "一中队"


def test_a_squad_gets_its_own_on_its_phone_with_the_address_of_the_page(tmp_path: Path) -> None:
    phone = {"template": "sms", "phones": ("13900000000",), "events": ("case_dispatched", "case_overdue"), "squads": ("一中队",)}
    with office(tmp_path, **phone) as here:
        ren = Person(here.street, "ren")
        for name, squad in ((here.street.ids[0], "一中队"), (here.street.ids[1], "二中队")):
            ren.step(name, "confirm")
            ren.step(name, "dispatch", 1, squad=squad)
        (body,) = here.send()
    assert body["phones"] == ["13900000000"]
    assert str(body["text"]).endswith(f"编号{here.street.ids[0][:8]}，https://doorline.example/cases/{here.street.ids[0]}")
    assert "请一中队于" in str(body["text"])


def test_the_page_of_a_case_says_what_became_of_each_message(tmp_path: Path) -> None:
    with office(tmp_path) as here:
        ren, name = Person(here.street, "ren"), here.street.ids[0]
        t = here.street.console.wording.of(here.street.console.settings.review.language)

        def told() -> str:
            (line,) = re.findall(r'<p class="history-message [^"]*">(.*?)</p>', ren.get(f"/cases/{name}").text, re.DOTALL)
            return " ".join(re.sub(r"<[^>]+>", " ", line).split())

        ren.step(name, "confirm")
        ren.step(name, "notify", 1, deadline_hours="24")
        for word in (t("message.case_notified"), "district", t("message.state.waiting"), "15:43"):
            assert word in told()
        here.street.clock.move(LATER_S + 601)
        assert t("message.state.late") in told()
        here.send(0)
        assert t("message.state.sent") in told()


def test_who_is_never_told_of_cases_sees_nothing_of_it(tmp_path: Path) -> None:
    with office(tmp_path, events=("opened",)) as here:
        ren, name = Person(here.street, "ren"), here.street.ids[0]
        ren.step(name, "confirm")
        ren.step(name, "notify", 1, deadline_hours="24")
        assert "history-message" not in ren.get(f"/cases/{name}").text


def test_a_notice_that_could_not_be_sent_says_why_on_the_page(tmp_path: Path) -> None:
    events = ("case_notified",)
    with office(tmp_path, name="shops", template="sms", to_contact=True, events=events) as here:
        write_list(tmp_path / "shops.csv", FRUIT)
        ren, name = Person(here.street, "ren"), here.street.ids[0]
        ren.step(name, "confirm")
        ren.step(name, "notify", 1, deadline_hours="24")
        assert here.send() == []
        page = ren.get(f"/cases/{name}").text
        assert "history-message-failed" in page
        assert "nobody holds shop BS-0001 today, as far as the shop list knows" in page
