"""The console's settings: nobody opens it to others by mistake."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from pipeline.config import CameraSettings, DeviceFileSettings, Language, ReviewSettings


def test_it_is_for_this_machine_alone_chinese_and_without_penalties() -> None:
    settings = ReviewSettings()
    assert settings.listen == "127.0.0.1:8470"
    assert settings.language is Language.ZH
    assert not settings.penalties
    assert not settings.behind_proxy


@pytest.mark.parametrize("listen", ["127.0.0.1:80", "localhost:8470", "[::1]:8470"])
def test_addresses_of_this_machine_need_no_proxy(listen: str) -> None:
    assert ReviewSettings(listen=listen).listen == listen


@pytest.mark.parametrize("listen", ["0.0.0.0:8470", "10.1.2.3:80", "[::]:8470", "console.example:443"])
def test_other_addresses_need_one(listen: str) -> None:
    with pytest.raises(ValidationError, match="can be reached from other machines: put a proxy with TLS before it"):
        ReviewSettings(listen=listen)
    assert ReviewSettings(listen=listen, behind_proxy=True).listen == listen


@pytest.mark.parametrize("listen", ["8470", "127.0.0.1", "127.0.0.1:", ":8470x"])
def test_what_is_no_address_is_refused(listen: str) -> None:
    with pytest.raises(ValidationError):
        ReviewSettings(listen=listen, behind_proxy=True)


def test_a_device_file_ends_after_it_begins() -> None:
    told = {"number": "沪宝执设 2026-017", "since": "2026-01-01", "until": "2026-12-31"}
    camera = CameraSettings.model_validate({"id": "CAM01", "zones": "a.geojson", "device_file": told})
    assert camera.device_file == DeviceFileSettings(number="沪宝执设 2026-017", since=date(2026, 1, 1), until=date(2026, 12, 31))
    with pytest.raises(ValidationError, match="is before 'since'"):
        DeviceFileSettings.model_validate(told | {"until": "2025-12-31"})
