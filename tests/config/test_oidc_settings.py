"""Signing in by an OpenID provider: what the settings may say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from pipeline.config import Language, OidcSettings, ReviewSettings
from pipeline.config_files import load_settings
from pipeline.errors import FaultsError

OIDC = {"issuer": "https://sso.example/realms/bureau", "client_id": "doorline"}


def review(public_url: str = "https://doorline.example", **oidc: Any) -> ReviewSettings:
    return ReviewSettings.model_validate({"public_url": public_url, "oidc": OIDC | oidc})


def test_it_is_off_unless_it_is_set_and_asks_for_little() -> None:
    assert ReviewSettings().oidc is None
    oidc = review().oidc
    assert oidc == OidcSettings.model_validate(OIDC)
    assert oidc is not None
    assert (oidc.client_secret, oidc.scopes, oidc.name_claim, oidc.label, oidc.contact, oidc.only, oidc.timeout_s) == (
        "",
        "openid profile",
        "preferred_username",
        {},
        "",
        False,
        5.0,
    )


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:8080/realms/x", "http://[::1]:8080", "http://localhost", "https://sso.example:8443"])
def test_providers_by_tls_or_of_this_machine(issuer: str) -> None:
    assert review(issuer=issuer).oidc is not None


@pytest.mark.parametrize(
    "issuer",
    [
        "http://sso.example",
        "http://10.0.0.1",
        "http://127.0.0.1.example",
        "ftp://127.0.0.1",
        "sso.example",
        "",
        "https://",
        "https://sso.example/?realm=x",
        "https://sso.example/#x",
        "https://who@sso.example",
        "https://sso.example:99999",
        "https://sso.example/a b",
    ],
)
def test_others_are_refused(issuer: str) -> None:
    with pytest.raises(ValidationError, match="expected https://HOST"):
        review(issuer=issuer)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"scopes": "profile"}, "openid is missing"),
        ({"scopes": ""}, "pattern"),
        ({"scopes": "openid  profile"}, "pattern"),
        ({"client_id": ""}, "at least 1 character"),
        ({"name_claim": ""}, "at least 1 character"),
        ({"timeout_s": 0}, "greater than 0"),
        ({"label": {"fr": "Guichet"}}, "label"),
        ({"secret": "x"}, "Extra inputs"),
    ],
)
def test_what_makes_no_sense_is_refused(change: dict[str, Any], why: str) -> None:
    with pytest.raises(ValidationError, match=why):
        review(**change)


def test_the_provider_must_know_where_to_send_people_back_to() -> None:
    with pytest.raises(ValidationError, match="'oidc' needs 'public_url'"):
        review("")
    with pytest.raises(ValidationError, match=r"'public_url' \(http://10.0.0.1\), with 'oidc': expected https"):
        review("http://10.0.0.1")
    assert review("http://127.0.0.1:8470").oidc is not None
    assert ReviewSettings(public_url="http://10.0.0.1").public_url == "http://10.0.0.1", "for QR codes alone"


def test_the_button_may_have_a_name_of_its_own() -> None:
    oidc = review(label={"zh": "市局统一门户"}).oidc
    assert oidc is not None
    assert oidc.label == {Language.ZH: "市局统一门户"}


def test_the_secret_comes_from_the_environment_and_is_shown_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOORLINE_OIDC_SECRET", "between us")
    values: dict[str, Any] = {
        "cameras": [{"id": "cam01", "zones": "cam01.geojson"}],
        "review": {"public_url": "https://doorline.example", "oidc": OIDC | {"client_secret": "${DOORLINE_OIDC_SECRET}"}},
    }
    path = tmp_path / "doorline.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    settings = load_settings(path)
    assert settings.review.oidc is not None
    assert settings.review.oidc.client_secret == "between us"
    assert "between us" not in repr(settings)
    values["review"]["oidc"]["scopes"] = "profile"
    values["review"]["oidc"]["isuer"] = "x"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        load_settings(path)
    assert "between us" not in str(caught.value)
    assert "Did you mean 'issuer'?" in str(caught.value)
