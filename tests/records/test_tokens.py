"""Tokens of programs: kept as hashes, until they expire or are revoked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from pipeline.cases import CaseRole
from pipeline.errors import RecordError
from pipeline.records import Account, ApiToken, AuditEntry, Records, Scope

NOW = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)


def token(digest: str, account: str = "li.na") -> ApiToken:
    return ApiToken(digest[:12], account, "看板", (Scope.READ_CASES, Scope.READ_AUDIT), NOW, NOW + timedelta(days=1), None)


@pytest.fixture
def known(records: Records) -> Records:
    records.accounts.add(Account("li.na", "李娜", (CaseRole.REVIEWER,), "", (), "", NOW))
    records.tokens.add("a" * 64, token("a" * 64), [AuditEntry(NOW, "", "token/added", "account/li.na")])
    return records


def test_a_token_is_found_by_its_hash_with_whose_it_is(known: Records) -> None:
    found = known.tokens.find("a" * 64, NOW)
    assert found is not None
    assert (found[0].name, found[1]) == ("li.na", token("a" * 64))
    assert known.tokens.find("b" * 64, NOW) is None
    assert known.tokens.list() == (token("a" * 64),)
    assert [row.did for row in known.accounts.list_audit()] == ["token/added"]


def test_it_holds_until_it_expires_is_revoked_or_its_account_is_disabled(known: Records) -> None:
    assert known.tokens.find("a" * 64, NOW + timedelta(days=1)) is None
    known.accounts.disable("li.na", NOW)
    assert known.tokens.find("a" * 64, NOW) is None
    known.accounts.enable("li.na")
    assert known.tokens.find("a" * 64, NOW) is not None
    assert known.tokens.revoke("aaaa", NOW).revoked_at == NOW
    assert known.tokens.revoke("aaaa", NOW + timedelta(hours=1)).revoked_at == NOW, "the first time counts"
    assert known.tokens.find("a" * 64, NOW) is None


def test_what_cannot_be_meant_is_refused(known: Records) -> None:
    known.tokens.add("ab" * 32, token("ab" * 32))
    for text, why in (("c", "no such token"), ("a", "several tokens begin so"), ("", "several tokens begin so"), ("%", "no such token")):
        with pytest.raises(RecordError, match=why):
            known.tokens.revoke(text, NOW)
    with pytest.raises(RecordError, match="no account that could have a token"):
        known.tokens.add("d" * 64, token("d" * 64, "nobody"))
