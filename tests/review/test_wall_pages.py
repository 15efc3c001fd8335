"""The wall of cameras, one camera, coverage and streets, as a browser without scripts sees them."""

from __future__ import annotations

import html
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pipeline.look_runs import LoggedLooks, LookLogs
from pipeline.records import Records
from pipeline.types import GapReason
from tests.review.asking import Person
from tests.review.street import Street, furnish_street
from tests.review.watched import (
    CAMERAS,
    OTHER,
    STREET,
    TOURED,
    HealthServer,
    health_server,
    look_anew,
    of_program,
    steady,
    told,
    until,
    watched_settings,
    write_looks,
    write_picture,
)

STATES = {
    "cam01": "watched",
    "cam02": "gap",
    "cam03": "moved",
    "cam04": "connecting",
    "cam05": "elsewhere",
    "cam06": "off",
    "cam07": "nobody",
}


@pytest.fixture
def server() -> Iterator[HealthServer]:
    with health_server() as serving:
        yield serving


@pytest.fixture
def watched(tmp_path: Path, server: HealthServer) -> Iterator[Street]:
    """A console that asks a program."""
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, settings=watched_settings(tmp_path, health=server.address))
        server.status = of_program(
            street.clock.now,
            told("cam01", street.clock.now),
            told("cam02", street.clock.now, state="waiting", fault="connection refused", gap="no_frame", result_age_s=312.0),
            told("cam03", street.clock.now, gap="camera_moved", result_age_s=95.0),
            told("cam04", street.clock.now, state="connecting", result_age_s=None, last_result_at=None),
            told("cam05", street.clock.now, elsewhere=True, result_age_s=400.0),
        )
        yield street


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Street]:
    """A console whose settings name no program: only logs and leases tell."""
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        yield furnish_street(records, tmp_path, settings=watched_settings(tmp_path))


def text(street: Street, key: str, **values: object) -> str:
    return street.console.wording.of(street.console.settings.review.language)(key, **values)


def state_of(person: Person, query: str = "") -> dict[str, Any]:
    answer = person.get(f"/cameras/state{query}", accept="application/json")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def states(person: Person, query: str = "") -> dict[str, str]:
    return {tile["id"]: tile["state"] for tile in state_of(person, query)["tiles"]}


def tile(person: Person, camera: str) -> dict[str, Any]:
    return next(each for each in state_of(person)["tiles"] if each["id"] == camera)


# --- what the program tells -------------------------------------------------------------------------------------


def test_every_camera_is_a_tile_what_needs_somebody_first(watched: Street) -> None:
    ou = Person(watched, "ou")
    page = ou.get("/cameras").text
    shown = re.findall(r'data-camera="(\w+)" data-state="(\w+)"', page)
    assert dict(shown) == STATES
    order = ["nobody", "unknown", "moved", "gap", "connecting", "watched", "elsewhere", "off"]
    assert [order.index(state) for _, state in shown] == sorted(order.index(state) for _, state in shown)
    for state in set(STATES.values()):
        assert f">{text(watched, f'camera.{state}')}<" in page, "said in words, not by colour alone"
    assert text(watched, "wall.program_well") in page
    assert states(ou) == STATES
    assert "cameras/viewed" in [row.did for row in watched.records.accounts.list_audit(account="ou")]


def test_a_tile_says_why_how_old_and_how_often(watched: Street, server: HealthServer) -> None:
    ou = Person(watched, "ou")
    assert tile(ou, "cam02")["note"] == f"{text(watched, 'gap.no_frame')}{text(watched, 'list.dot')}connection refused"
    assert tile(ou, "cam02")["age"] == text(watched, "wall.ago", span="5 分 12 秒")
    assert tile(ou, "cam04")["age"] == text(watched, "wall.never")
    assert tile(ou, "cam01")["rate"] == "–", "one answer tells no rate"


def test_a_gap_of_a_moment_is_no_gap_yet_and_is_told(watched: Street, server: HealthServer) -> None:
    server.status = of_program(watched.clock.now, told("cam01", watched.clock.now, gap="torn", result_age_s=3.0))
    found = tile(Person(watched, "ou"), "cam01")
    assert (found["state"], found["note"]) == ("watched", text(watched, "wall.last_look", reason=text(watched, "gap.torn")))


def test_a_reason_that_this_console_does_not_know_is_shown_as_it_is_told(watched: Street, server: HealthServer) -> None:
    server.status = of_program(watched.clock.now, told("cam01", watched.clock.now, gap="fogged", result_age_s=90.0))
    assert tile(Person(watched, "ou"), "cam01")["note"] == "fogged"


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"stretch": 1.5}, ("wall.stretched", {"times": "1.5"})),
        ({"disk": "low"}, ("wall.disk_low", {})),
        ({"disk": "full"}, ("wall.disk_full", {})),
    ],
)
def test_what_the_program_says_of_itself_is_said_on_the_wall(
    watched: Street, server: HealthServer, more: dict[str, Any], said: tuple[str, dict[str, str]]
) -> None:
    assert server.status is not None
    server.status = replace(server.status, **more)
    assert state_of(Person(watched, "ou"))["told"]["text"] == text(watched, said[0], **said[1])


def test_many_who_look_ask_the_program_once(watched: Street, server: HealthServer) -> None:
    people = [Person(watched, name, app=None) for name in ("ou", "ren", "an")]
    app = people[0].client.app
    others = [Person(watched, name, app=app) for name in ("ren", "an", "qiu")]
    server.asked = 0
    for person in [people[0], *others]:
        for _ in range(5):
            state_of(person)
    assert server.asked <= 2


def test_answers_are_small(watched: Street) -> None:
    answer = Person(watched, "ou").get("/cameras/state", accept="application/json")
    assert len(answer.content) < 900 * len(CAMERAS)


# --- a program that does not tell -------------------------------------------------------------------------------


def all_alone(street: Street) -> None:
    """What the logs tell: the first is watched, the second is dark, the third was turned, the fourth stopped an hour ago."""
    now = street.clock.now
    write_looks(street, "cam01", steady(now - timedelta(minutes=10), now))
    write_looks(street, "cam02", [*steady(now - timedelta(minutes=10), now, gap=GapReason.DARK)])
    write_looks(street, "cam03", [*steady(now - timedelta(minutes=10), now, gap=GapReason.CAMERA_MOVED)])
    write_looks(street, "cam04", steady(now - timedelta(hours=2), now - timedelta(hours=1)))


def test_without_a_health_page_the_logs_tell(alone: Street) -> None:
    all_alone(alone)
    ou = Person(alone, "ou")
    found = states(ou)
    assert {name: found[name] for name in ("cam01", "cam02", "cam03", "cam04", "cam06")} == {
        "cam01": "watched",
        "cam02": "gap",
        "cam03": "moved",
        "cam04": "nobody",
        "cam06": "off",
    }
    assert tile(ou, "cam04")["age"] == text(alone, "wall.ago", span="1 小时 0 分")
    assert tile(ou, "cam01")["rate"] == text(alone, "wall.per_s", n="0.5")
    assert text(alone, "wall.no_health") in state_of(ou)["told"]["text"]


def test_a_lease_tells_that_a_program_has_a_camera_and_never_that_it_is_well(alone: Street) -> None:
    alone.records.claim_cameras(["cam01", TOURED], "somebody", "process 1 on elsewhere", timedelta(minutes=1))
    found = states(Person(alone, "ou"))
    assert (found["cam01"], found[TOURED], found["cam02"]) == ("unknown", "elsewhere", "nobody")


def test_a_toured_camera_whose_turn_it_is_not_waits(alone: Street) -> None:
    now = alone.clock.now
    write_looks(alone, TOURED, steady(now - timedelta(minutes=5), now, gap=GapReason.NO_LOOK))
    assert states(Person(alone, "ou"))[TOURED] == "nobody", "nobody holds it"
    alone.records.claim_cameras([TOURED], "somebody", "process 1 on elsewhere", timedelta(minutes=1))
    look_anew(alone)
    assert states(Person(alone, "ou"))[TOURED] == "elsewhere"


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (b"<html>a router</html>", "foreign"),
        (b"[]", "foreign"),
        (b'{"cameras": 3}', "foreign"),
        (b'{"cameras": [{"camera_id": "cam01"}]}', "foreign"),
        (b'{"cameras": [' + b"[" * 5000, "foreign"),
        (b'{"cameras": [], "stretch": 1e999}', "foreign"),
        (b"\x00\xff" * 1000, "foreign"),
    ],
)
def test_what_is_no_answer_of_a_program_is_never_taken_for_well(watched: Street, server: HealthServer, answer: bytes, trouble: str) -> None:
    server.answer = answer
    all_alone(watched)
    ou = Person(watched, "ou")
    found = state_of(ou)
    assert found["told"]["tone"] == "alert"
    assert text(watched, f"wall.program_{trouble}") in found["told"]["text"]
    assert {each["id"]: each["state"] for each in found["tiles"]}["cam01"] == "watched", "the logs tell meanwhile"
    assert "127.0.0.1" in found["told"]["text"]
    assert "127.0.0.1" not in state_of(Person(watched, "qiu"))["told"]["text"], "addresses are not for squads"


def test_a_program_that_says_500_or_that_it_is_stuck(watched: Street, server: HealthServer) -> None:
    server.health = 503
    found = state_of(Person(watched, "ou"))["told"]
    assert (found["tone"], text(watched, "wall.program_stuck") in found["text"]) == ("alert", True)


def test_an_answer_without_end_is_given_up(tmp_path: Path, server: HealthServer) -> None:
    server.answer = b'{"cameras": [' + b" " * (17 * 2**20)
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, settings=watched_settings(tmp_path, health=server.address))
        assert text(street, "wall.program_foreign") in state_of(Person(street, "ou"))["told"]["text"]


def test_nobody_answers_and_the_page_comes_all_the_same(tmp_path: Path) -> None:
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, settings=watched_settings(tmp_path, health="127.0.0.1:9"))
        page = Person(street, "ou").get("/cameras")
        assert page.status_code == 200
        assert text(street, "wall.program_silent") in page.text
        assert 'data-state="watched"' not in page.text


def test_a_program_that_is_slow_to_answer_holds_up_nobody_for_long(watched: Street, server: HealthServer) -> None:
    server.hold.clear()
    ou = Person(watched, "ou")
    found = state_of(ou)
    assert text(watched, "wall.program_silent") in found["told"]["text"]
    assert {each["state"] for each in found["tiles"]} <= {"nobody", "off"}
    server.hold.set()
    until(lambda: watched.console.live._asker is not None and watched.console.live._asker.heard().program is not None)


# --- logs -------------------------------------------------------------------------------------------------------


def test_a_torn_log_tells_up_to_where_it_was_torn_and_goes_on_when_it_is_mended(alone: Street) -> None:
    now = alone.clock.now
    (path,) = write_looks(alone, "cam01", steady(now - timedelta(minutes=10), now - timedelta(minutes=1))).iterdir()
    whole = path.read_bytes()
    path.write_bytes(whole[:-20])
    day = alone.console.live.looks
    seen = day.of("cam01", now - timedelta(hours=1), now)
    assert sum(run.looks for run in seen.runs) == whole.count(b"\n") - 2
    path.write_bytes(whole)
    assert sum(run.looks for run in day.of("cam01", now - timedelta(hours=1), now).runs) == whole.count(b"\n") - 1


def test_a_damaged_log_is_no_error_of_the_wall(alone: Street) -> None:
    now = alone.clock.now
    folder = write_looks(alone, "cam01", steady(now - timedelta(minutes=10), now))
    for path in folder.iterdir():
        path.write_bytes(b"garbage\n" + path.read_bytes())
    (folder / f"{now:%Y%m%dT%H}-live-9.jsonl").mkdir()
    assert states(Person(alone, "ou"))["cam01"] == "nobody"
    assert Person(alone, "ou").get("/cameras/cam01").status_code == 200


# --- pictures ---------------------------------------------------------------------------------------------------


def test_the_newest_picture_is_shown_with_its_time(alone: Street) -> None:
    write_picture(alone, "cam01", alone.clock.now - timedelta(seconds=20))
    write_picture(alone, "cam02", alone.clock.now - timedelta(minutes=50))
    ou = Person(alone, "ou")
    fresh, old, none = (tile(ou, camera) for camera in ("cam01", "cam02", "cam03"))
    assert (fresh["picture_at"], fresh["is_old"]) == ("15:41:57", False)
    assert (old["picture_at"], old["is_old"]) == ("14:52:17", True)
    assert (none["picture"], none["picture_at"]) == ("", "")
    answer = ou.get(fresh["picture"])
    assert answer.content == alone.console.settings.live.picture_of("cam01").read_bytes()
    assert answer.headers["content-type"] == "image/jpeg"
    assert "private" in answer.headers["cache-control"]
    write_picture(alone, "cam01", alone.clock.now, 200)
    look_anew(alone)
    assert tile(ou, "cam01")["picture"] != fresh["picture"], "another picture has another address"
    assert ou.get("/cameras/cam03/picture").status_code == 404


# --- who sees what ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["/cameras/{}", "/cameras/{}/picture", "/cameras/state?camera={}"])
def test_a_squad_sees_the_cameras_of_its_own_streets_and_nothing_of_others(alone: Street, place: str) -> None:
    for camera in CAMERAS:
        write_picture(alone, camera, alone.clock.now)
    qiu, other = Person(alone, "qiu"), Person(alone, "other")
    for camera, (_, of_street) in CAMERAS.items():
        allowed, refused = (qiu, other) if of_street == STREET else (other, qiu)
        assert allowed.get(place.format(camera)).status_code == 200
        assert refused.get(place.format(camera)).status_code == 404
    assert qiu.get(place.format("cam99")).status_code == 404
    assert set(states(qiu)) == {camera for camera, (_, of_street) in CAMERAS.items() if of_street == STREET}
    assert set(states(qiu, f"?street={OTHER}")) == set()
    assert OTHER not in qiu.get("/cameras").text
    assert OTHER not in qiu.get("/coverage").text
    assert OTHER not in qiu.get("/streets").text


@pytest.mark.parametrize("place", ["/cameras", "/cameras/cam01", "/cameras/cam01/picture", "/coverage", "/streets"])
def test_nobody_sees_any_of_it_without_logging_in(alone: Street, place: str) -> None:
    answer = Person(alone).client.get(place, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"][:10]) == (303, "/login?nex")
    assert Person(alone).get("/cameras/state", accept="application/json").status_code == 401


def test_a_wall_that_refreshes_itself_keeps_no_session_alive(alone: Street) -> None:
    ou = Person(alone, "ou")
    for _ in range(13):
        alone.clock.move(5 * 60)
        status = ou.get("/cameras/state", accept="application/json").status_code
    assert status == 401, "an hour without anybody doing anything"
    ou.log_in("门前三包 everybody's")
    for _ in range(13):
        alone.clock.move(5 * 60)
        assert ou.get("/cameras").url.path == "/cameras", "who does something stays"


# --- filters ----------------------------------------------------------------------------------------------------


def test_filters_lie_in_the_address(watched: Street) -> None:
    ou = Person(watched, "ou")
    page = ou.get(f"/cameras?street={OTHER}&state=elsewhere").text
    tiles = re.findall(r'<li class="tile" data-camera="(\w+)" data-state="\w+"( hidden)?>', page)
    assert {name for name, _ in tiles} == {"cam04", "cam05", "cam06"}
    assert {name for name, hidden in tiles if not hidden} == {"cam05"}
    assert set(states(ou, f"?street={OTHER}")) == {"cam04", "cam05", "cam06"}
    assert ou.get("/cameras?state=nonsense").status_code == 200
    assert text(watched, "wall.none_in_state") in ou.get("/cameras?state=unknown").text


# --- one camera -------------------------------------------------------------------------------------------------


def test_one_camera_tells_its_day_its_week_and_what_it_rests_on(alone: Street) -> None:
    midnight, now = alone.console.live.midnight(), alone.clock.now
    dark = steady(midnight + timedelta(hours=9), midnight + timedelta(hours=10), gap=GapReason.DARK)
    write_looks(
        alone,
        "cam01",
        [
            *steady(midnight + timedelta(hours=7), midnight + timedelta(hours=9), 4)[:-1],
            *dark,
            *steady(midnight + timedelta(hours=10), now, 4)[1:],
        ],
    )
    write_looks(alone, "cam01", steady(midnight - timedelta(hours=17), midnight - timedelta(hours=2), 5), "live-0")
    page = Person(alone, "ren").get("/cameras/cam01").text
    assert 'class="strip-seen"' in page
    assert page.count('fill="url(#hatch)"') == 2, "the gap, and the legend"
    assert f"08:59:56–10:00:04 {text(alone, 'gap.dark')}" in re.sub(r"\s+", " ", page)
    assert "7-" in page
    assert '"/zones/cam01"' in page
    assert "沪宝城管监 2024-017" in page
    assert text(alone, "camera_page.device_holds") in page
    for name in alone.ids:
        assert f"/cases/{name}" in page
    days = re.findall(r'<th scope="row">(\d\d-\d\d)</th>\s*<td class="meter-cell"><span>(\d+) %', page)
    assert len(days) == 7
    assert days[0] == ("01-31", "88"), "7:00 to 15:42 are the enforcement hours so far, one of them was dark"
    assert days[1] == ("01-30", "100")
    assert days[2][1] == "0"
    assert text(alone, "coverage.reached") in page
    assert text(alone, "coverage.missed") in page


def test_a_squad_is_led_to_no_zones_and_sees_no_candidates(alone: Street) -> None:
    page = Person(alone, "qiu").get("/cameras/cam01").text
    assert "/zones/" not in page
    assert "/cases/" not in page
    assert text(alone, "camera_page.no_items") in page


@pytest.mark.parametrize(
    ("since", "until_day", "said"),
    [
        ("2023-01-01", "2023-12-31", "over"),
        ("2024-03-01", "2024-12-31", "not_yet"),
        ("2023-01-01", "2024-02-15", "ends_soon"),
        ("2023-01-01", "2024-12-31", "holds"),
    ],
)
def test_a_device_file_that_does_not_hold_is_told(tmp_path: Path, since: str, until_day: str, said: str) -> None:
    settings = watched_settings(tmp_path, cameras=("cam01",))
    settings["cameras"][0]["device_file"] = {"number": "17", "since": since, "until": until_day}  # type: ignore[index]  # a list of dicts
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, settings=settings)
        assert text(street, f"camera_page.device_{said}") in Person(street, "ou").get("/cameras/cam01").text


def test_a_camera_whose_zones_are_broken_or_whose_logs_are_elsewhere_has_a_page(alone: Street, tmp_path: Path) -> None:
    (tmp_path / "cam02.geojson").write_text("{")
    page = Person(alone, "ou").get("/cameras/cam02").text
    assert text(alone, "camera_page.zones_bad") in page
    assert text(alone, "camera_page.no_logs") in page
    assert text(alone, "camera_page.device_none") in page


def test_a_day_of_flapping_is_drawn_by_the_minute(alone: Street) -> None:
    midnight = alone.console.live.midnight()
    looks = [(at, GapReason.DARK if number % 2 else None) for number, (at, _) in enumerate(steady(midnight, midnight + timedelta(hours=3)))]
    write_looks(alone, "cam01", looks)
    page = Person(alone, "ou").get("/cameras/cam01").text
    assert page.count("<title>") < 400


# --- coverage ---------------------------------------------------------------------------------------------------


def furnish_coverage(street: Street) -> None:
    midnight = street.console.live.midnight()
    write_looks(street, "cam01", steady(midnight + timedelta(hours=7), street.clock.now, 5))
    write_looks(street, "cam02", steady(midnight + timedelta(hours=7), midnight + timedelta(hours=9), 5))
    write_looks(street, "cam01", steady(midnight - timedelta(hours=17), midnight - timedelta(hours=9.5), 5), "live-0")


def shares(page: str) -> dict[str, str]:
    rows = re.findall(r'<th scope="row"><a href="/cameras/(\w+)">.*?<td class="cover-share"><span>(\d+) %', page, re.DOTALL)
    return dict(rows)


def test_coverage_is_of_the_enforcement_hours(alone: Street) -> None:
    furnish_coverage(alone)
    ou = Person(alone, "ou")
    today = ou.get("/coverage?days=1").text
    assert shares(today) == {"cam01": "100", "cam02": "23", "cam03": "0", "cam04": "0", "cam05": "0", "cam07": "0"}
    assert "07:00–22:00" in today
    assert text(alone, "coverage.counted", at="2024-01-31 15:42:17") in today
    yesterday = ou.get("/coverage?days=1&until=2024-01-30").text
    assert shares(yesterday)["cam01"] == "50"
    both = ou.get("/coverage?days=2").text
    assert shares(both)["cam01"] == "68", "7.5 of 15 hours, and 8.7 of 8.7"
    assert "面馆" in both
    assert f"{STREET}人行道" in both
    assert shares(ou.get(f"/coverage?days=1&street={OTHER}").text) == {"cam04": "0", "cam05": "0"}
    assert "coverage/viewed" in [row.did for row in alone.records.accounts.list_audit(account="ou")]


def test_a_camera_below_its_target_comes_first_and_is_told(alone: Street) -> None:
    furnish_coverage(alone)
    page = Person(alone, "ou").get("/coverage?days=7").text
    assert next(iter(shares(page))) == "cam01"
    assert text(alone, "coverage.missed") in page
    assert text(alone, "coverage.of_targets", n=1) in page


@pytest.mark.parametrize("query", ["days=0", "days=32", "days=x", "days=7&until=2024-02-01", "days=7&until=31.1.2024", "until=0001-01-01"])
def test_a_span_that_there_is_not_is_refused(alone: Street, query: str) -> None:
    assert Person(alone, "ou").get(f"/coverage?{query}").status_code in {400, 422}


def test_where_no_logs_are_it_is_said(alone: Street) -> None:
    assert text(alone, "coverage.no_logs") in Person(alone, "ou").get("/coverage").text


class SlowLogs(LookLogs):
    """On a disk that gives nothing until it is let."""

    def __init__(self, folder: Path, longest_step_s: float, go_on: threading.Event) -> None:
        super().__init__(folder, longest_step_s)
        self._go_on = go_on

    def of(self, camera_id: str, since: datetime, until: datetime) -> LoggedLooks:
        self._go_on.wait(20)
        return super().of(camera_id, since, until)


def test_a_count_that_takes_long_is_waited_for_by_the_page(alone: Street) -> None:
    furnish_coverage(alone)
    settings, go_on = alone.console.settings, threading.Event()
    alone.console.live.looks = SlowLogs(settings.observations / "live", settings.rules.longest_look_interval_s, go_on)
    ou = Person(alone, "ou")
    page = ou.get("/coverage?days=1").text
    assert 'http-equiv="refresh"' in page
    assert text(alone, "coverage.counting", done=0, of=6) in page
    assert text(alone, "coverage.queued") in ou.get("/coverage?days=2").text, "one at a time"
    go_on.set()
    until(lambda: "http-equiv" not in ou.get("/coverage?days=1").text)


# --- streets ----------------------------------------------------------------------------------------------------


def test_every_street_tells_what_is_on_it_and_what_is_to_be_done(watched: Street) -> None:
    ren = Person(watched, "ren")
    ren.step("0000c0ffee", "confirm")
    ren.step("0001c0ffee", "confirm")
    ren.step("0001c0ffee", "dispatch", version=1, squad="一中队", deadline_hours="1")
    watched.clock.move(2 * 3600)
    ren.log_in("门前三包 everybody's")
    page = html.unescape(ren.get("/streets").text)
    row = re.sub(r"\s+", " ", page[page.index(f'<th scope="row">{STREET}') :].partition("</tr>")[0])
    numbers = dict(re.findall(r'data-label="([^"]+)">(?:<a[^>]*>)?(?:<svg.*?</svg>)?(?:<span[^>]*>)?(\d+)', row))
    wanted = {"shops": "2", "open": "4", "candidates": "2", "law_review": "0", "squad": "1", "late": "1", "standing": "1"}
    assert {key: numbers[text(watched, f"streets.{key}")] for key in wanted} == wanted
    assert "due=overdue" in row
    for state in ("nobody", "moved", "gap", "watched"):
        assert f"state={state}" in row


def test_a_squad_sees_its_own_street_without_candidates(alone: Street) -> None:
    Person(alone, "ren").step("0001c0ffee", "confirm")
    page = Person(alone, "qiu").get("/streets").text
    assert STREET in page
    assert text(alone, "streets.candidates") not in page
    assert re.search(rf'data-label="{text(alone, "streets.open")}"><a[^>]*>1</a>', page)


def test_what_has_no_street_is_not_lost(tmp_path: Path) -> None:
    settings = watched_settings(tmp_path, cameras=("cam01", "cam02"))
    settings["cameras"][1]["street"] = ""  # type: ignore[index]  # a list of dicts
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, settings=settings)
        assert text(street, "streets.lost", cameras=1, items=0) in Person(street, "ou").get("/streets").text
        assert text(street, "streets.none_told") not in Person(street, "qiu").get("/streets").text


def test_records_that_cannot_be_asked_are_told(alone: Street, tmp_path: Path) -> None:
    ou = Person(alone, "ou")
    with sqlite3.connect(tmp_path / "doorline.db") as database:
        database.execute("DROP TABLE camera_watches")
    answer = ou.get("/cameras/state", accept="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "records")
    assert json.loads(answer.text)["error"]["text"]
