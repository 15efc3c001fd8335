"""Many violations cost a fixed number of statements a call, however many there are."""

from __future__ import annotations

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipeline.records import Records, ViolationFilter
from tests.records.conftest import Place
from tests.records.samples import NOODLES, entry, furnish, violation


@pytest.mark.long
def test_ten_thousand_violations(place: Place) -> None:
    statements: list[str] = []

    def count(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", count)
    try:
        with Records.open(place.url) as records:
            source_id = furnish(records)
            statements.clear()
            saved = [entry(violation(f"v-{number:05}", first_s=number), tenants=(NOODLES,)) for number in range(10_000)]
            for one in saved[:200]:
                records.save_violation("run-1", source_id, one)
            assert len(statements) <= 200 * 13
            statements.clear()
            for start in range(0, len(saved), 1000):
                records.save_violations("run-1", source_id, saved[start : start + 1000])
            assert len(statements) <= 10 * 13
            statements.clear()
            listed = records.list_violations()
            assert [row.violation_id for row in listed] == [f"v-{number:05}" for number in range(10_000)]
            assert {row.shop_names for row in listed} == {("面馆",)}
            assert len(records.list_violations(ViolationFilter(shop_code="BS-0001", limit=10))) == 10
            assert records.list_runs()[0].violations == 10_000
            assert len(records.evidence_files("run-1")) == 20_000
            assert len(statements) <= 12
    finally:
        event.remove(Engine, "before_cursor_execute", count)
