"""Passwords never reach a record; addresses without any stay as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.addresses import hide_secrets


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("rtsp://admin:12345@10.0.0.1:554/h264/ch1", "rtsp://***@10.0.0.1:554/h264/ch1"),
        ("rtsp://admin@10.0.0.1/ch1", "rtsp://***@10.0.0.1/ch1"),
        ("rtsp://admin:p@ss@10.0.0.1/ch1", "rtsp://***@10.0.0.1/ch1"),
        ("rtsp://admin:p/a?s#s@10.0.0.1/ch1", "rtsp://***@10.0.0.1/ch1"),
        ("rtsp://10.0.0.1:554/user=admin@x/ch1", "rtsp://10.0.0.1:554/user=admin@x/ch1"),
        ("rtsp://[fe80::1]:554/a@b", "rtsp://[fe80::1]:554/a@b"),
        ("http://cam/video?channel=1&password=12345&x=2", "http://cam/video?channel=1&password=***&x=2"),
        ("http://cam/video?Access_Token=abc", "http://cam/video?Access_Token=***"),
        ("/data/admin:12345@home/CAM01.mp4", "/data/admin:12345@home/CAM01.mp4"),
        ("C:\\clips\\a.mp4", "C:\\clips\\a.mp4"),
        ("路口.mp4", "路口.mp4"),
    ],
)
def test_hide_secrets(uri: str, shown: str) -> None:
    assert hide_secrets(uri) == shown
    assert hide_secrets(shown) == shown


@given(password=st.text(st.characters(codec="ascii", exclude_categories=["Cc"], exclude_characters="/?#")))
def test_no_password_that_a_player_accepts_gets_through(password: str) -> None:
    assert hide_secrets(f"rtsp://operator:{password}@cam-host:554/stream/7") == "rtsp://***@cam-host:554/stream/7"
