"""Numbers in what people write into a contact."""

from __future__ import annotations

import pytest

from pipeline.shops import number_for_texts, phone_of


@pytest.mark.parametrize(
    ("contact", "number"),
    [
        ("13800000001", "13800000001"),
        ("王 138 0013 8000", "13800138000"),
        ("王老板13800138000（微信同号）", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("021-56781234 13800138000", "13800138000"),
        ("021-5678 1234", "02156781234"),
        ("王", ""),
        ("", ""),
        ("2138001380001", "2138001380001"),
    ],
)
def test_a_text_message_goes_to_the_mobile_number_where_there_is_one(contact: str, number: str) -> None:
    assert number_for_texts(contact) == number


def test_who_calls_takes_the_first_number() -> None:
    assert phone_of("021-5678 1234 / 13800138000") == "02156781234"
