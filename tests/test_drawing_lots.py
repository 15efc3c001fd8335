"""Lots: the same seed draws the same, anybody can draw again, and nobody is likelier than their tickets say."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.drawing_lots import Domain, check_command, draw_lots, is_seed, mark_of, ticket_lines

names = st.lists(st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=6), min_size=1, max_size=12, unique=True)
seeds = st.text(st.characters(categories=["L", "N", "P"]), min_size=1, max_size=20)


def ones(*of: str) -> dict[str, int]:
    return dict.fromkeys(of, 1)


def test_a_draw_that_is_written_down() -> None:
    """By sha256sum: the method may never change, or draws on record could not be checked any more."""
    assert mark_of("20260512", Domain.SHOP, 1, "BS-0101") == "80c4bfab49be13b5e244778f36c0ef3f5361a38303ccfb92da653323e9ff1809"
    drawn = draw_lots("20260512", Domain.SHOP, ones("BS-0101", "BS-0103", "BS-0105"), 3)
    assert drawn == ("BS-0105", "BS-0101", "BS-0103")


@given(seeds, names, st.integers(0, 14))
def test_the_same_seed_draws_the_same_whatever_the_order_of_the_list(seed: str, given_names: list[str], count: int) -> None:
    drawn = draw_lots(seed, Domain.SHOP, ones(*given_names), count)
    assert drawn == draw_lots(seed, Domain.SHOP, ones(*reversed(given_names)), count)
    assert len(drawn) == min(count, len(given_names))
    assert len(set(drawn)) == len(drawn)
    assert set(drawn) <= set(given_names)


@given(seeds, names, st.data())
def test_who_is_left_out_changes_nothing_about_the_others(seed: str, given_names: list[str], data: st.DataObject) -> None:
    tickets = {name: data.draw(st.integers(1, 9)) for name in given_names}
    whole = draw_lots(seed, Domain.SHOP, tickets, len(tickets))
    gone = data.draw(st.sampled_from(given_names))
    rest = {name: number for name, number in tickets.items() if name != gone}
    assert draw_lots(seed, Domain.SHOP, rest, len(rest)) == tuple(name for name in whole if name != gone)
    assert draw_lots(seed, Domain.SHOP, tickets, 3) == whole[:3]


def test_shops_and_inspectors_have_nothing_to_do_with_each_other() -> None:
    some = ones(*"abcdefgh")
    orders = [draw_lots(f"s{number}", domain, some, 8) for number in range(20) for domain in Domain]
    assert len(set(orders)) == 40


def test_every_candidate_is_drawn_as_often_as_every_other() -> None:
    """Chi-square of 20 candidates, 5 of them drawn 4,000 times: beyond 43.8 once in a thousand. The seeds are fixed: so is the result."""
    candidates = ones(*(f"BS-{number:04d}" for number in range(20)))
    drawn = Counter(name for seed in range(4000) for name in draw_lots(f"seed-{seed}", Domain.SHOP, candidates, 5))
    expected = 4000 * 5 / 20
    # Within one draw nobody is drawn twice, which makes counts even more alike: 15/19 of what independent ones would give.
    chi_square = sum((drawn[name] - expected) ** 2 / expected for name in candidates) * 19 / 15
    assert 5 < chi_square < 43.8


def test_every_order_is_as_likely_as_every_other() -> None:
    orders = Counter(draw_lots(f"seed-{seed}", Domain.SHOP, ones("a", "b", "c"), 3) for seed in range(6000))
    assert len(orders) == 6
    assert sum((number - 1000) ** 2 / 1000 for number in orders.values()) < 20.5


def test_more_tickets_are_likelier_by_their_share() -> None:
    first = Counter(draw_lots(f"seed-{seed}", Domain.SHOP, {"a": 1, "b": 2, "c": 3}, 1)[0] for seed in range(6000))
    expected = {"a": 1000, "b": 2000, "c": 3000}
    assert sum((first[name] - number) ** 2 / number for name, number in expected.items()) < 13.8


def test_after_the_first_the_rest_is_drawn_by_its_share() -> None:
    second: Counter[str] = Counter()
    for seed in range(8000):
        one, other = draw_lots(f"seed-{seed}", Domain.SHOP, {"a": 1, "b": 2, "c": 3}, 2)
        if one == "c":
            second[other] += 1
    assert second["b"] / second.total() == pytest.approx(2 / 3, abs=0.03)


@settings(max_examples=15)
@given(
    seed=seeds,
    tickets=st.dictionaries(
        st.from_regex(r"[A-Z]{2}-[0-9]{4}", fullmatch=True) | st.sampled_from(["张 三", "李四", "O'Neil", "a\\b", "%s", "-n"]),
        st.integers(1, 9),
        min_size=1,
        max_size=8,
    ),
    count=st.integers(0, 9),
)
def test_a_shell_draws_the_same(tmp_path_factory: pytest.TempPathFactory, seed: str, tickets: dict[str, int], count: int) -> None:
    folder: Path = tmp_path_factory.mktemp("lots")
    (folder / "shops.txt").write_text(ticket_lines(tickets), encoding="utf-8")
    command = check_command(seed, Domain.SHOP, count, "shops.txt")
    said = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, check=True).stdout.decode()
    assert tuple(said.splitlines()) == draw_lots(seed, Domain.SHOP, tickets, count)


@pytest.mark.parametrize(
    ("seed", "tickets", "count"),
    [
        ("", {"a": 1}, 1),
        ("a b", {"a": 1}, 1),
        ("a\n", {"a": 1}, 1),
        ("s" * 129, {"a": 1}, 1),
        ("s", {"a": 0}, 1),
        ("s", {"a": 10}, 1),
        ("s", {"": 1}, 1),
        ("s", {"a\nb": 1}, 1),
        ("s", {"a": 1}, -1),
    ],
)
def test_what_no_draw_can_be_made_of(seed: str, tickets: dict[str, int], count: int) -> None:
    with pytest.raises(ValueError, match="expected"):
        draw_lots(seed, Domain.SHOP, tickets, count)


def test_seeds() -> None:
    assert is_seed("双色球2026055期-03-11-19")
    assert not is_seed("03 11 19")
