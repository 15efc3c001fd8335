"""Configuration files: what loads, what is refused and how it is said."""

from __future__ import annotations

import traceback
from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.config import DoorlineSettings, DwellOverride, DwellSettings, LookSettings, Suspension
from pipeline.config_files import load_settings
from pipeline.errors import ConfigError, FaultsError
from pipeline.types import ViolationKind

CAMERA = "cameras:\n  - id: cam01\n    zones: zones/cam01.geojson\n"


def load(folder: Path, text: str) -> DoorlineSettings:
    """Load a configuration of this text."""
    path = folder / "doorline.yaml"
    path.write_text(text, encoding="utf-8")
    return load_settings(path)


def refusal(folder: Path, text: str) -> tuple[str, ...]:
    """The faults of this text."""
    with pytest.raises(FaultsError) as caught:
        load(folder, text)
    return caught.value.faults


def test_smallest_configuration_gets_the_defaults(tmp_path: Path) -> None:
    loaded = load(tmp_path, CAMERA)
    assert loaded.rules.dwell == DwellSettings()
    assert loaded.looks == LookSettings()
    assert loaded.yolo is None
    assert loaded.static_object.enabled


def test_paths_are_seen_from_the_folder_of_the_file(tmp_path: Path) -> None:
    text = CAMERA + "shops: ../shops.csv\nobservations: /var/log/doorline\nyolo: {card: models/card.yaml}\nevidence: {folder: proof}\n"
    loaded = load(tmp_path, text + "records: {url: 'sqlite:///db/doorline.db'}\n")
    assert loaded.cameras[0].zones == tmp_path / "zones/cam01.geojson"
    assert loaded.shops == tmp_path.parent / "shops.csv"
    assert loaded.observations == Path("/var/log/doorline")
    assert loaded.yolo is not None
    assert loaded.yolo.card == tmp_path / "models/card.yaml"
    assert loaded.evidence.folder == tmp_path / "proof"
    assert loaded.records.url == f"sqlite:///{tmp_path}/db/doorline.db"


@pytest.mark.parametrize("url", ["sqlite:////var/doorline.db", "sqlite:///:memory:", "postgresql+psycopg://u:p@db/doorline"])
def test_addresses_that_are_no_relative_files_stay(tmp_path: Path, url: str) -> None:
    assert load(tmp_path, CAMERA + f"records: {{url: '{url}'}}\n").records.url == url


def test_everything_in_a_real_file(tmp_path: Path) -> None:
    text = CAMERA + (
        "looks: {interval_s: 5, timezone: Asia/Urumqi}\n"
        "rules:\n"
        "  enforcement_hours: [[07:30, 11:00], [22:00, 06:00]]\n"
        "  overrides:\n"
        "    - {kind: street_stall, grade: A, hours: [18:00, 02:00], candidate_after_s: 1e3}\n"
        "  suspensions:\n"
        "    - {since: 2026-07-01T08:00:00+08:00, until: '2026-07-02T08:00:00+08:00', reason: 台风, kinds: [pavement_piling]}\n"
    )
    rules = load(tmp_path, text).rules
    assert rules.enforcement_hours == ((time(7, 30), time(11)), (time(22), time(6))), "22:00 is no number of base 60"
    assert rules.overrides == (
        DwellOverride(kind=ViolationKind.STREET_STALL, grade="A", hours=(time(18), time(2)), candidate_after_s=1000),
    )
    begins, ends = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC)
    assert rules.suspensions == (Suspension(since=begins, until=ends, reason="台风", kinds=(ViolationKind.PAVEMENT_PILING,)),)
    assert load(tmp_path, text.replace("cam01\n", "007\n")).cameras[0].id == "007", "007 is no number of base 8"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("looks:\n  intervall_s: 2\n", "5: looks.intervall_s: unknown key. Did you mean 'interval_s'?"),
        ("rules:\n  dwell:\n    warn_after: 2\n", "6: rules.dwell.warn_after: unknown key. Did you mean 'warn_after_s'?"),
        ("xyz: 1\n", "4: xyz: unknown key"),
        (
            "looks:\n  interval_s: often\n",
            "5: looks.interval_s: Input should be a valid number, unable to parse string as a number; found 'often'",
        ),
        ("looks:\n  interval_s: 0\n", "5: looks.interval_s: Input should be greater than 0; found 0"),
        ("looks:\n  interval_s: .inf\n", "5: looks.interval_s: Input should be a finite number; found inf"),
        ("looks:\n  interval_s: yes\n", "5: looks.interval_s: expected no yes or no; found True"),
        ("rules:\n  overrides:\n    - clear_looks: yes\n", "6: rules.overrides.0.clear_looks: expected no yes or no; found True"),
        ("looks:\n  timezone: Asia/Shanghia\n", "5: looks.timezone: no such time zone: 'Asia/Shanghia'; use a name"),
        ("looks: 3\n", "4: looks: "),
        ("looks: [1, 2]\n", "4: looks: Input should be a valid dictionary or instance of LookSettings; found a list"),
        (
            "rules:\n  dwell:\n    warn_after_s: 30\n    candidate_after_s: 20\n",
            "5: rules.dwell: warn_after_s (30.0) is later than candidate_after_s (20.0)",
        ),
        ("rules:\n  enforcement_hours: [[8, 12]]\n", "5: rules.enforcement_hours.0.0: expected a local time of day; write 22:00; found 8"),
        (
            "rules:\n  enforcement_hours: [[25:00, 26:00]]\n",
            "5: rules.enforcement_hours.0.0: expected a local time of day; write 22:00; found '25:00'",
        ),
        (
            "rules:\n  suspensions:\n    - {since: 20260701, until: 2026-07-02T00:00:00, reason: x}\n",
            "6: rules.suspensions.0.since: expected a date and time; write 2024-01-31T09:42:17+08:00; found 20260701",
        ),
        (
            "rules:\n  suspensions:\n    - {since: 20260701, until: 2026-07-02T00:00:00, reason: x}\n",
            "6: rules.suspensions.0.until: a time zone is missing",
        ),
        (
            "rules:\n  suspensions:\n    - {since: 2026-07-02T00:00:00+08:00, until: 2026-07-01T00:00:00+08:00, reason: x}\n",
            "6: rules.suspensions.0: until (2026-07-01T00:00:00+08:00) is not later than since",
        ),
        ("rules:\n  suspensions:\n    - reason: x\n", "6: rules.suspensions.0.since: is missing"),
        ("static_object: {enabled: false}\n", "1: (whole file): no detector: give a 'yolo' section or enable 'static_object'"),
        ("looks: {batch: 1}\nlooks: {batch: 2}\n", "5: looks: key given twice. Keep one"),
    ],
)
def test_fault_names_file_line_and_key(tmp_path: Path, text: str, wanted: str) -> None:
    faults = refusal(tmp_path, CAMERA + text)
    assert [fault for fault in faults if fault.startswith(f"{tmp_path}/doorline.yaml:{wanted}")], faults


def test_all_faults_at_once(tmp_path: Path) -> None:
    faults = refusal(tmp_path, "cameras:\n  - id: a b\n    zone: x\nlooks: {interval_s: -1, batch: 0}\nzones: x\n")
    starts = [fault.removeprefix(f"{tmp_path}/doorline.yaml:").split(": ")[:2] for fault in faults]
    wanted = [
        ["2", "cameras.0.id"],
        ["2", "cameras.0.zones"],
        ["3", "cameras.0.zone"],
        ["4", "looks.interval_s"],
        ["4", "looks.batch"],
        ["5", "zones"],
    ]
    assert sorted(starts) == sorted(wanted)


def test_camera_given_twice(tmp_path: Path) -> None:
    (fault,) = refusal(tmp_path, CAMERA + "  - id: cam01\n    zones: other.geojson\n")
    assert "camera id used more than once: cam01" in fault


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "expected keys and values; found NoneType"),
        (b"- a\n- b\n", "expected keys and values; found list"),
        (b"looks: {interval_s: 2\nrules: [", "doorline.yaml:2: not valid YAML"),
        (b"looks: !!python/object/apply:os.system ['true']\n", "not valid YAML"),
        (b"looks: &a [*a]\n", "configuration too large"),
        (
            b"a: &a [x]\n" + b"".join(b"%c: &%c [%s]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)),
            "too large",
        ),
        ("名称: 区".encode("gb18030"), "expected UTF-8"),
        (b"looks: \x00\n", "not valid YAML"),
    ],
)
def test_files_that_are_no_configuration(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "doorline.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_settings(path)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none.yaml: cannot read configuration; found No such file or directory. Give --config FILE"):
        load_settings(tmp_path / "none.yaml")


def test_environment_is_filled_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", "geheim")
    monkeypatch.setenv("INTERVAL", "3.5")
    loaded = load(tmp_path, CAMERA + "looks: {interval_s: '${INTERVAL}'}\nrecords: {url: 'postgresql+psycopg://u:${DB_PASSWORD}@db/x'}\n")
    assert loaded.records.url == "postgresql+psycopg://u:geheim@db/x"
    assert loaded.looks.interval_s == 3.5


def test_every_unset_variable_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_SUCH", raising=False)
    monkeypatch.delenv("NOR_THIS", raising=False)
    faults = refusal(tmp_path, CAMERA + "looks:\n  timezone: ${NO_SUCH}\nrecords:\n  url: x${NOR_THIS}\n")
    assert (
        "doorline.yaml:5: looks.timezone: environment variable is not set; expected ${NO_SUCH} to have a value. export NO_SUCH=..."
        in faults[0]
    )
    assert "doorline.yaml:7: records.url: " in faults[1]
    assert len(faults) == 2


@pytest.mark.parametrize(
    "text",
    [
        "looks: {timezone: '${SECRET}'}",
        "looks: {interval_s: '${SECRET}'}",
        "looks: {interval_s: 'x${SECRET}y'}",
        "looks: '${SECRET}'",
        "looks: ['${SECRET}']",
        "records: {url: ['${SECRET}']}",
        "rules: {overrides: [{kind: '${SECRET}'}]}",
        "rules: {contact: {bands: {bin: '${SECRET}'}}}",
        "rules: {suspensions: [{since: '${SECRET}', until: '${SECRET}', reason: x}]}",
        "looks: {interval_s: 'rtsp://admin:geh/ei@m-7@10.0.0.1/x'}",
        "looks: {timezone: 'rtsp://admin:geh/ei@m-7@10.0.0.1/x'}",
        "looks: {interval_s: 'https://host/?user=a&password=geh/ei@m-7'}",
        "looks: {interval_s: 'geh/ei@m-7",
        "url: 'rtsp://admin:geh/ei@m-7@10.0.0.1/x'",
    ],
)
def test_no_message_holds_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("SECRET", "geh/ei@m-7")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, CAMERA + text + "\n")
    assert "geh/ei@m-7" not in str(caught.value)
    shown = "".join(traceback.format_exception(caught.value, chain=True))
    assert "geh/ei@m-7" not in shown, "nor a traceback"


def test_looks_so_far_apart_that_nothing_could_ever_be_reported(tmp_path: Path) -> None:
    assert load(tmp_path, CAMERA + "looks: {interval_s: 15}\n").looks.interval_s == 15
    with pytest.raises(ConfigError, match=r"looks.interval_s \(16\) is longer than rules.longest_look_interval_s \(15\)"):
        load(tmp_path, CAMERA + "looks: {interval_s: 16}\n")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
@given(text=st.text(st.sampled_from("ab:{}[]&*!|>-\n '\"#$,0.1~"), max_size=60))
def test_any_text_gives_settings_or_one_clear_error(tmp_path: Path, text: str) -> None:
    try:
        found = str(load(tmp_path, text))
    except ConfigError as err:
        found = str(err)
    assert found
    assert "\n" not in found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(
    warn=st.floats(0, 1e5),
    later=st.floats(0, 1e5),
    share=st.floats(0, 1),
    looks=st.integers(1, 50),
    hours=st.tuples(st.times(), st.times()).map(lambda pair: tuple(moment.replace(microsecond=0) for moment in pair)),
)
def test_settings_round_trip_through_a_file(
    tmp_path: Path, warn: float, later: float, share: float, looks: int, hours: tuple[time, time]
) -> None:
    dwell = DwellSettings(warn_after_s=warn, candidate_after_s=warn + later, min_present_share=share, clear_looks=looks)
    override = DwellOverride(street="样谊路", hours=hours, min_present_share=share)
    first = load(tmp_path, CAMERA)
    changed = first.model_copy(update={"rules": first.rules.model_copy(update={"dwell": dwell, "overrides": (override,)})})
    assert load(tmp_path, changed.model_dump_json()) == changed, "JSON is YAML, and nothing is lost on the way"
