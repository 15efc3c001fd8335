"""``doorline compare``: what is new, lost and changed between two runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape

from pipeline.cli.options import ConfigOption
from pipeline.cli.printing import OUT, clock, counted, duration, print_json, table, whose

if TYPE_CHECKING:
    from pipeline.comparing import Compared
    from pipeline.records import RunRow, ViolationRow

_JUDGES = {
    "code_version": "code",
    "model_sha256": "model",
    "config_sha256": "configuration",
    "zones_sha256": "zones or shops",
    "rules_sha256": "rules",
}


def compare(
    before: Annotated[str, typer.Argument(help='Run: "latest", an id or its beginning.', metavar="RUN_A")],
    after: Annotated[str, typer.Argument(help="The run to compare it with.", metavar="RUN_B")],
    config: ConfigOption,
    tolerance: Annotated[float, typer.Option(min=0.0, help="Seconds later or earlier, longer or shorter, that are no change.")] = 15.0,
    all_of_them: Annotated[bool, typer.Option("--all", help="List also what is the same.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object instead of tables.")] = False,
) -> None:
    """Compare the violations of two runs: new, lost, changed, same, by camera, kind, place and time."""
    from pipeline.comparing import CompareSettings, Difference, compare_runs, counts_of
    from pipeline.config_files import load_settings
    from pipeline.records import Records, ViolationFilter

    settings = load_settings(config)
    with Records.open(settings.records.url, busy_timeout_s=settings.records.busy_timeout_s) as records:
        runs = [records.find_run(text) for text in (before, after)]
        found = [records.list_violations(ViolationFilter(run_id=run.run_id)) for run in runs]
    compared = compare_runs(found[0], found[1], CompareSettings(tolerance))
    counts = counts_of(compared)
    if json:
        print_json(
            {
                "before": runs[0].run_id,
                "after": runs[1].run_id,
                "judged_by_other": _other_judges(*runs),
                "counts": {difference.value: count for difference, count in counts.items()},
                "violations": [_as_json(each) for each in compared if all_of_them or each.difference is not Difference.SAME],
            }
        )
        return
    zone = ZoneInfo(settings.looks.timezone)
    shown = table("", "difference", "camera", "kind", "whose", "first seen", "dwell", "what", "before", "after")
    for each in compared:
        if all_of_them or each.difference is not Difference.SAME:
            shown.add_row(*_cells(each, zone))
    if shown.row_count:
        OUT.print(shown)
    said = ", ".join(f"{counts[difference]} {difference.value}" for difference in Difference)
    other = ", ".join(_other_judges(*runs)) or "nothing"
    OUT.print(f"{counted(len(compared), 'violation')}: {said}", soft_wrap=True)
    OUT.print(f"judged otherwise in {runs[1].run_id} than in {runs[0].run_id}: {other}", soft_wrap=True)


def _other_judges(before: RunRow, after: RunRow) -> list[str]:
    """What judged in another version: why results may differ."""
    return [word for name, word in _JUDGES.items() if getattr(before, name) != getattr(after, name)]


def _cells(each: Compared, zone: ZoneInfo) -> tuple[str, ...]:
    row = each.shown
    return (
        each.difference.value,
        escape(row.camera_id),
        row.kind.value,
        escape(whose(row.shop_codes, row.shop_names, row.place)),
        clock(row.first_seen_at, row.first_seen_media_s, zone),
        duration(row.dwell_s),
        escape("; ".join(each.changes)),
        each.before.violation_id if each.before else "",
        each.after.violation_id if each.after else "",
    )


def _as_json(each: Compared) -> dict[str, Any]:
    def one(row: ViolationRow | None) -> dict[str, Any] | None:
        if row is None:
            return None
        return {
            "id": row.violation_id,
            "first_seen_at": row.first_seen_at.isoformat() if row.first_seen_at else None,
            "first_seen_media_s": row.first_seen_media_s,
            "dwell_s": row.dwell_s,
            "cleared": not row.open,
            "shops": list(row.shop_codes),
            "place": row.place,
            "zone_version": row.zone_version,
            "rule_version": row.rule_version,
        }

    row = each.shown
    return {
        "difference": each.difference.value,
        "camera": row.camera_id,
        "kind": row.kind.value,
        "changes": list(each.changes),
        "before": one(each.before),
        "after": one(each.after),
    }
