"""Two programs on one database never watch the same camera."""

from __future__ import annotations

from datetime import timedelta

from pipeline.records import Records
from tests.records.conftest import Place

MINUTE = timedelta(minutes=1)
GONE = timedelta(seconds=-5)


def claim(records: Records, watcher: str, *cameras: str, lease: timedelta = MINUTE) -> list[tuple[str, str]]:
    others = records.claim_cameras(cameras, watcher, f"host {watcher}", lease)
    return [(each.camera_id, each.told) for each in others]


def test_a_camera_that_is_watched_is_told_and_others_are_claimed(records: Records) -> None:
    assert claim(records, "a", "CAM01", "CAM02") == []
    assert claim(records, "b", "CAM02", "CAM03") == [("CAM02", "host a")]
    assert claim(records, "a", "CAM03") == [("CAM03", "host b")]


def test_the_same_watcher_renews_and_may_be_started_anew(records: Records) -> None:
    for _ in range(3):
        assert claim(records, "a", "CAM01") == []


def test_a_lease_that_was_not_renewed_is_free(records: Records) -> None:
    assert claim(records, "a", "CAM01", lease=GONE) == []
    assert claim(records, "b", "CAM01") == []
    assert claim(records, "a", "CAM01") == [("CAM01", "host b")], "and whoever was away too long learns of it"


def test_who_watches_what_is_told_as_long_as_the_lease_holds(records: Records) -> None:
    claim(records, "a", "CAM02", "CAM01")
    claim(records, "b", "CAM03", lease=GONE)
    assert [(each.camera_id, each.told) for each in records.watching()] == [("CAM01", "host a"), ("CAM02", "host a")]
    records.release_cameras(["CAM01"], "a")
    assert [each.camera_id for each in records.watching()] == ["CAM02"]


def test_what_is_given_back_is_free_and_nobody_gives_back_for_others(records: Records) -> None:
    claim(records, "a", "CAM01", "CAM02")
    records.release_cameras(["CAM01", "CAM02"], "b")
    assert claim(records, "b", "CAM01") == [("CAM01", "host a")]
    records.release_cameras(["CAM01"], "a")
    assert claim(records, "b", "CAM01", "CAM02") == [("CAM02", "host a")]


def test_two_connections_never_both_get_it(place: Place) -> None:
    with Records.open(place.url) as one, Records.open(place.url) as other:
        for number in range(10):
            camera = f"CAM{number:02}"
            assert claim(one, "a", camera) == []
            assert claim(other, "b", camera) == [(camera, "host a")]
