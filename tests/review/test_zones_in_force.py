"""Whether the zones and shops that lie there are those that a running program judges by, as the console tells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.records import Records
from pipeline.zones.zone_files import load_zones
from tests.review.asking import Person
from tests.review.street import Street, furnish_street
from tests.review.watched import HealthServer, health_server, of_program, told, watched_settings

WHY = "/srv/zones/cam01.geojson: not valid JSON"


@pytest.fixture
def server() -> Iterator[HealthServer]:
    with health_server() as serving:
        yield serving


@pytest.fixture
def watched(tmp_path: Path, server: HealthServer) -> Iterator[Street]:
    """A console that asks a program, which judges one camera by its zones."""
    with Records.open(f"sqlite:///{tmp_path}/doorline.db") as records:
        street = furnish_street(records, tmp_path, settings=watched_settings(tmp_path, health=server.address))
        server.status = of_program(street.clock.now, told("cam01", street.clock.now, zone_version=version(street)))
        yield street


def version(street: Street) -> str:
    camera = street.console.settings.cameras[0]
    return load_zones(camera.zones, camera_id=camera.id, shops=None).version


def text(street: Street, key: str, **values: object) -> str:
    return street.console.wording.of(street.console.settings.review.language)(key, **values)


def test_a_refused_change_is_told_on_the_wall_and_why_to_those_who_look_after_it(watched: Street, server: HealthServer) -> None:
    assert server.status is not None
    server.status = replace(server.status, refused=WHY, stretch=1.5)
    said = Person(watched, "ou").get("/cameras/state", accept="application/json").json()["told"]
    assert said["tone"] == "alert"
    assert said["text"] == text(watched, "wall.files_refused") + text(watched, "wall.found", found=WHY)
    to_a_squad = Person(watched, "qiu").get("/cameras/state", accept="application/json").json()["told"]
    assert to_a_squad["text"] == text(watched, "wall.files_refused"), "paths are for those who look after the program"


def test_the_page_of_a_camera_tells_other_zones_than_those_in_the_file(watched: Street, server: HealthServer) -> None:
    ou, now = Person(watched, "ou"), watched.clock.now
    said = text(watched, "camera_page.judged_by", version="6-0123456789ab")
    assert text(watched, "camera_page.judged_by", version=version(watched)) not in ou.get("/cameras/cam01").text
    server.status = of_program(now, told("cam01", now, zone_version="6-0123456789ab"))
    watched.console.__dict__.pop("live")  # asked anew, and not in some seconds
    assert said in ou.get("/cameras/cam01").text
    path = watched.console.settings.cameras[0].zones
    path.write_text("{", encoding="utf-8")
    shown = ou.get("/cameras/cam01").text
    assert said in shown
    assert text(watched, "camera_page.zones_bad") in shown


def test_a_program_of_an_earlier_version_tells_nothing_of_it_and_nothing_is_said(watched: Street, server: HealthServer) -> None:
    now = watched.clock.now
    server.status = of_program(now, told("cam01", now))
    assert text(watched, "camera_page.judged_by", version="") not in Person(watched, "ou").get("/cameras/cam01").text
