"""A notice goes to the number that the shop list holds when it is sent; no row of the outbox holds one."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pipeline.config import NotifySettings, ReceiverSettings
from pipeline.notifying import AFTER_UNDO, Attempt, Contacts, Delivery, Outcome, verify
from pipeline.records import Records
from pipeline.shops import ShopRegistry, Tenancy, csv_of
from tests.notifying.case_samples import NOW, notify, open_case, outbox, tell, to_shops
from tests.notifying.conftest import Clock
from tests.notifying.samples import message
from tests.notifying.webhook import Webhook, webhook
from tests.records.conftest import Place
from tests.records.samples import NOODLES, TOOLS

ZONE = ZoneInfo("Asia/Shanghai")
NUMBER = "13800138000"
PUT_DOWN = replace(NOODLES, contact=f"王 {NUMBER}")


def write_list(path: Path, *tenancies: Tenancy) -> None:
    codes = {tenancy.code for tenancy in tenancies}
    registry = ShopRegistry({code: tuple(each for each in tenancies if each.code == code) for code in sorted(codes)})
    path.write_bytes(csv_of(registry))


class Post:
    """A receiver that writes to shops, and whoever sends to it."""

    def __init__(self, records: Records, hook: Webhook, clock: Clock, shops: Path) -> None:
        clock.now = NOW + AFTER_UNDO
        self.receiver = hook.settings(**to_shops().model_dump(exclude={"url", "secret"}))
        self.settings = NotifySettings(receivers=(self.receiver,))
        contacts = Contacts(lambda: shops, ZONE)
        self.delivery = Delivery(records, self.settings, now=clock, chance=lambda: 0.0, contacts=contacts)

    def send(self) -> Attempt:
        (attempt,) = self.delivery.deliver_due()
        return attempt


def test_the_number_is_filled_in_when_it_is_sent_and_never_kept(records: Records, place: Place, clock: Clock, tmp_path: Path) -> None:
    shops = tmp_path / "shops.csv"
    write_list(shops, PUT_DOWN, TOOLS)
    with webhook() as hook:
        post = Post(records, hook, clock, shops)
        open_case(records)
        tell(records, post.receiver)
        notify(records)
        assert post.send() == Attempt(Outcome.DELIVERED, 200)
        (got,) = hook.got
    body = json.loads(got.body)
    assert (body["phones"], body["shop"]) == ([NUMBER], {"code": "BS-0001", "name": "面馆"})
    assert verify("s3cret", got.body, got.headers["X-Doorline-Signature"], clock.now), "signed as it was sent"
    if place.server is None:
        with closing(sqlite3.connect(tmp_path / "doorline.db")) as connection:
            assert NUMBER not in "\n".join(connection.iterdump())
    else:
        with place.server.connect(place.name) as rows:
            assert rows.execute("SELECT count(*) FROM outbox WHERE body LIKE %s", [f"%{NUMBER}%"]).fetchone() == (0,)


def test_numbers_of_the_bureau_get_it_too(records: Records, clock: Clock, tmp_path: Path) -> None:
    write_list(tmp_path / "shops.csv", PUT_DOWN)
    with webhook() as hook:
        post = Post(records, hook, clock, tmp_path / "shops.csv")
        open_case(records)
        tell(records, post.receiver.model_copy(update={"phones": ("13900000000",)}))
        notify(records)
        post.send()
        assert json.loads(hook.got[0].body)["phones"] == ["13900000000", NUMBER]


@pytest.mark.parametrize(
    ("listed", "why"),
    [
        (NOODLES, "shop BS-0001 has no number in the shop list"),
        (replace(PUT_DOWN, contact="王老板"), "shop BS-0001 has no number in the shop list"),
        (replace(PUT_DOWN, name="花店"), "shop BS-0001 has another tenant by now"),
        (replace(PUT_DOWN, until=NOW.date() - timedelta(days=1)), "nobody holds shop BS-0001 today, as far as the shop list knows"),
        (TOOLS, "nobody holds shop BS-0001 today, as far as the shop list knows"),
    ],
)
def test_what_reaches_nobody_has_failed_and_is_seen(records: Records, clock: Clock, tmp_path: Path, listed: Tenancy, why: str) -> None:
    shops = tmp_path / "shops.csv"
    write_list(shops, listed)
    with webhook() as hook:
        post = Post(records, hook, clock, shops)
        open_case(records)
        tell(records, post.receiver)
        notify(records)
        assert post.send() == Attempt(Outcome.REFUSED, None, why)
        assert hook.got == ()
        assert (outbox(records, "shops").failed, outbox(records, "shops").last_error) == (1, why)
        write_list(shops, PUT_DOWN)
        assert records.retry_failed(clock.now) == 1
        assert post.send().outcome is Outcome.DELIVERED, "the list as it is now, without a restart"


def test_who_held_the_shop_at_that_time_must_be_known(records: Records, clock: Clock, tmp_path: Path) -> None:
    write_list(tmp_path / "shops.csv", PUT_DOWN)
    with webhook() as hook:
        post = Post(records, hook, clock, tmp_path / "shops.csv")
        open_case(records)
        tell(records, post.receiver)
        notify(records)
        claimed = records.claim_message("shops", clock.now, clock.now)
        assert claimed is not None
        nameless = replace(claimed, body=claimed.body.replace("面馆", ""))
        sending = Contacts(lambda: tmp_path / "shops.csv", ZONE).sending(lambda *_: Attempt(Outcome.DELIVERED, 200))
        assert sending(post.receiver, nameless, clock.now).error == "who held shop BS-0001 at that time is not known"


def test_a_broken_list_is_waited_for(records: Records, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    shops = tmp_path / "shops.csv"
    with webhook() as hook:
        post = Post(records, hook, clock, shops)
        open_case(records)
        tell(records, post.receiver)
        notify(records)
        assert post.send() == Attempt(Outcome.TRY_AGAIN, None, "the shop list can't be read")
        assert "numbers of shops" in caplog.text
        write_list(shops, PUT_DOWN)
        clock.turn(10)
        assert post.send().outcome is Outcome.DELIVERED
        shops.write_text("code,name\nBS-0001")
        notify_again(records)
        clock.turn(200)
        assert post.send().outcome is Outcome.DELIVERED, "the list that was good is still there"
        assert len(hook.got) == 2


def notify_again(records: Records) -> None:
    open_case(records, "v-2", source=records.list_sources("run-1")[0].source_id)
    notify(records, "v-2", after_s=100)


def test_other_receivers_are_none_of_its_business(clock: Clock, tmp_path: Path) -> None:
    seen: list[str] = []

    def send(receiver: ReceiverSettings, sent: object, at: object) -> Attempt:
        seen.append(receiver.name)
        return Attempt(Outcome.DELIVERED, 200)

    sending = Contacts(lambda: None, ZONE).sending(send)
    usual = ReceiverSettings(name="usual", url="https://host/")
    assert sending(usual, message(1), clock.now).outcome is Outcome.DELIVERED
    assert seen == ["usual"]


def test_numbers_can_not_be_forgotten(records: Records, clock: Clock) -> None:
    with pytest.raises(ValueError, match="nobody knows their numbers"):
        Delivery(records, NotifySettings(receivers=(to_shops(),)), now=clock, chance=lambda: 0.0)
