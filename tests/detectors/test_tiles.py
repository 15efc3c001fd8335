"""Windows: all watched ground is shown, nothing is blown up for nothing, and their number stays bounded."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box, unary_union

from pipeline.config import YoloSettings
from pipeline.detectors.network import STRIDE_PX
from pipeline.detectors.tiles import MOST_ENLARGED, MOST_TILES, Window, plan_windows
from pipeline.zones import Zone, ZoneKind
from tests.detectors.looks import zone, zones_of

SETTINGS = YoloSettings(card=Path("card.yaml"))


@st.composite
def polygons(draw: st.DrawFn) -> Polygon:
    """A triangle or a quadrangle inside the picture."""
    left, right = sorted((draw(st.floats(0, 0.98)), draw(st.floats(0, 0.98))))
    top, bottom = sorted((draw(st.floats(0, 0.98)), draw(st.floats(0, 0.98))))
    corners = [(left, top), (right + 0.02, top), (right + 0.02, bottom + 0.02), (left, bottom + 0.02)]
    return Polygon(corners[: draw(st.sampled_from([3, 4]))])


@st.composite
def zone_sets(draw: st.DrawFn) -> tuple[Zone, ...]:
    count = draw(st.integers(1, 6))
    zones = []
    for number in range(count):
        polygon = draw(polygons())
        kind = draw(st.sampled_from([ZoneKind.PUBLIC, ZoneKind.FRONTAGE, ZoneKind.PERMITTED, ZoneKind.SHOPFRONT]))
        zones.append(zone(polygon, kind, f"z{number}", draw(st.none() | st.floats(0.001, 0.3))))
    return tuple(zones)


def ground(window: Window, width: int, height: int) -> Polygon:
    return box(window.left / width, window.top / height, window.right / width, window.bottom / height)


@settings(deadline=None, max_examples=100)
@given(zone_sets(), st.integers(16, 4096), st.integers(16, 2400), st.sampled_from([320, 640, 1280]), st.integers(8, 64))
def test_windows_cover_the_watched_ground_and_keep_their_bounds(
    zones: tuple[Zone, ...], width: int, height: int, image_size: int, smallest_px: int
) -> None:
    chosen = YoloSettings(card=Path("card.yaml"), image_size_px=image_size, smallest_thing_px=smallest_px)
    windows = plan_windows(zones_of(*zones), width, height, chosen)
    shown = unary_union([ground(window, width, height) for window in windows])
    for watched in zones_of(*zones).of_kind(ZoneKind.PUBLIC, ZoneKind.FRONTAGE, ZoneKind.PERMITTED):
        assert watched.polygon.difference(shown).area < 1e-9
    assert 1 <= len(windows) <= 1 + MOST_TILES
    for window in windows:
        assert 0 <= window.left < window.right <= width
        assert 0 <= window.top < window.bottom <= height
        assert 0 < window.scale <= MOST_ENLARGED
        assert window.input_width % STRIDE_PX == 0 == window.input_height % STRIDE_PX
        assert window.width * window.scale - 1e-6 <= window.input_width <= max(image_size, STRIDE_PX)
        assert window.height * window.scale - 1e-6 <= window.input_height <= max(image_size, STRIDE_PX)
    assert windows == plan_windows(zones_of(*zones), width, height, chosen)


@settings(deadline=None, max_examples=100)
@given(st.floats(0.1, 0.4), st.floats(0.005, 0.03))
def test_small_things_far_away_get_their_pixels_or_all_that_the_picture_has(top: float, thing: float) -> None:
    far = zone(box(0.3, top, 0.6, top + 0.08), smallest_thing=thing)
    near = zone(box(0.0, 0.6, 1.0, 1.0), zone_id="near", smallest_thing=0.2)
    windows = plan_windows(zones_of(far, near), 3840, 2160, SETTINGS)
    wanted = min(SETTINGS.smallest_thing_px, thing * 2160 * MOST_ENLARGED)
    seen = unary_union([ground(w, 3840, 2160) for w in windows if thing * 2160 * w.scale >= wanted / 1.16])
    assert far.polygon.difference(seen).area < 1e-9


def test_one_window_is_enough_for_near_ground() -> None:
    (window,) = plan_windows(zones_of(zone(box(0, 0.5, 1, 1), smallest_thing=0.1)), 1920, 1080, SETTINGS)
    assert (window.input_width, window.input_height) == (640, 288)
    assert window.top == 270, "room for the people who stand at its far edge"


def test_zones_over_nearly_all_show_the_whole_picture() -> None:
    (window,) = plan_windows(zones_of(zone(box(0.02, 0.3, 1, 1))), 1920, 1080, SETTINGS)
    assert (window.left, window.top, window.right, window.bottom) == (0, 0, 1920, 1080)
    assert (window.input_width, window.input_height) == (640, 384)


def test_only_what_is_watched_is_shown() -> None:
    kept = zone(box(0.6, 0.6, 0.9, 0.9))
    ignored = zone(box(0, 0, 0.2, 0.2), ZoneKind.IGNORE, "z2", 0.001)
    (window,) = plan_windows(zones_of(kept, ignored), 1920, 1080, SETTINGS)
    assert window.left > 0.5 * 1920


def test_native_pixels_are_not_blown_up_for_nothing() -> None:
    """A thing of 3 pixels stays a thing of 6: more would be invention."""
    windows = plan_windows(zones_of(zone(box(0, 0.2, 1, 0.4), smallest_thing=0.005)), 1280, 720, SETTINGS)
    assert max(window.scale for window in windows) == MOST_ENLARGED


def test_too_many_tiles_are_enlarged_less_instead() -> None:
    whole = zone(box(0, 0, 1, 1), smallest_thing=0.003)
    windows = plan_windows(zones_of(whole), 3840, 2160, SETTINGS)
    assert len(windows) <= 1 + MOST_TILES
    assert max(window.scale for window in windows) > windows[0].scale


def test_without_watched_ground_the_picture_is_shown_whole() -> None:
    (window,) = plan_windows(zones_of(zone(box(0, 0, 0.1, 0.1), ZoneKind.FIXTURE)), 640, 360, SETTINGS)
    assert (window.width, window.height) == (640, 360)
