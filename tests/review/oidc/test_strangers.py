"""Whom the provider knows, and the console does not, or as somebody else."""

from __future__ import annotations

import httpx2
import pytest

from pipeline.review.passwords import Verified, verify
from tests.review.asking import Person
from tests.review.oidc.provider import Provider
from tests.review.oidc.signing_in import Traveller, account, last_refusal, text, with_oidc
from tests.review.street import PASSWORD, Street


def no_way_in(street: Street, page: httpx2.Response, why: str, said: str, name: str, subject: str) -> None:
    assert page.status_code == 403
    assert text(street, f"stranger.{said}", name=name) in page.text
    assert f"<code>{subject}</code>" in page.text
    assert 'href="/login/oidc?again=1&amp;next=/"' in page.text
    found = last_refusal(street)
    assert (found["why"], found["name"], found["subject"]) == (why, name, subject)


def test_nobody_has_made_an_account_for_them(street: Street, provider: Provider) -> None:
    provider.person = {"sub": "9c-wang", "preferred_username": "wang"}
    wang = Traveller(street)
    page = wang.sign_in()
    no_way_in(street, page, "unknown", "unknown", "wang", "9c-wang")
    assert text(street, "stranger.ask") in page.text
    assert not wang.is_in
    asked = Traveller(with_oidc(street, contact="信息科 12345")).sign_in()
    assert text(street, "stranger.ask_whom", contact="信息科 12345") in asked.text
    assert street.records.accounts.find("wang") is None


@pytest.mark.parametrize("name", ["", "王", "li na", "../ren", "<b>ren</b>", "REN", 7, None, ["ren"]])
def test_a_name_that_is_none_of_ours_is_nobody_s(street: Street, provider: Provider, name: object) -> None:
    provider.person |= {"preferred_username": name}
    page = Traveller(street).sign_in()
    assert (page.status_code, last_refusal(street)["why"]) == (403, "unknown")
    assert "<b>" not in page.text
    nameless = not isinstance(name, str) or not name
    assert (text(street, "stranger.nameless") in page.text) is nameless


def test_an_account_with_a_password_is_taken_over_by_nobody(street: Street, provider: Provider) -> None:
    provider.person = {"sub": "1-lu", "preferred_username": "lu"}
    before = account(street, "lu")
    lu = Traveller(street)
    no_way_in(street, lu.sign_in(), "not_by_oidc", "password", "lu", "1-lu")
    assert (account(street, "lu"), lu.is_in) == (before, False)
    assert verify(account(street, "lu").password_hash, PASSWORD) is not Verified.WRONG


def test_somebody_else_of_the_same_name_is_refused_and_told(street: Street, provider: Provider) -> None:
    Traveller(street).sign_in()
    provider.person = {"sub": "another-ren", "preferred_username": "ren"}
    other = Traveller(street)
    no_way_in(street, other.sign_in(), "bound", "bound", "ren", "another-ren")
    assert (account(street, "ren").oidc_subject, other.is_in) == ("7f3a-ren", False)


def test_the_same_subject_of_another_provider_is_somebody_else(street: Street, provider: Provider) -> None:
    street.records.sign_ins.use_oidc("ren", street.clock.now, ("https://former.example", "7f3a-ren"))
    page = Traveller(street).sign_in()
    assert (page.status_code, last_refusal(street)["why"]) == (403, "bound")


def test_a_disabled_account_is_refused_and_not_bound(street: Street, provider: Provider) -> None:
    street.records.accounts.disable("ren", street.clock.now)
    no_way_in(street, Traveller(street).sign_in(), "disabled", "disabled", "ren", "7f3a-ren")
    assert account(street, "ren").oidc_subject is None
    street.records.accounts.enable("ren")
    Traveller(street).sign_in()
    street.records.accounts.disable("ren", street.clock.now)
    no_way_in(street, Traveller(street).sign_in(), "disabled", "disabled", "ren", "7f3a-ren")


def test_no_password_opens_an_account_that_signs_in_by_the_provider(street: Street) -> None:
    for password in ("", PASSWORD, "x" * 12):
        ren = Person(street)
        ren.name = "ren"
        assert ren.log_in(password).status_code == 401
    assert account(street, "ren").failures == 0
