"""Marks on pictures: legible, inside the picture, off each other, the same pixels each time."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from pipeline.drawing import (
    ZONE_STYLES,
    Corner,
    MarkedBox,
    composite,
    describe_hours,
    draw_boxes,
    draw_caption,
    draw_preview,
    draw_zones,
    overlay,
)
from pipeline.drawing.canvas import shared_area
from pipeline.shops import load_shops
from pipeline.types import BoundingBox, Image
from pipeline.zones import OpenHours, Zone, ZoneKind
from pipeline.zones.zone_files import load_zones
from tests.zones.zone_data import write_documented_example

WHOLE = Polygon([(0.1, 0.1), (0.9, 0.1), (0.9, 0.9), (0.1, 0.9)])
CLIP = Path(__file__).parents[3] / "shared/data/footage/towncentre_a_10s.mp4"


def picture(level: int, width: int = 640, height: int = 360) -> Image:
    """A flat picture."""
    return np.full((height, width, 3), level, dtype=np.uint8)


def public(polygon: Polygon = WHOLE, zone_id: str = "p", place: str = "样台路人行道") -> Zone:
    """A public zone."""
    return Zone(zone_id, ZoneKind.PUBLIC, polygon, place=place)


def contrast(rgb: list[int], other: list[int]) -> float:
    """Contrast ratio 1..21 of two colours as WCAG defines it."""

    def luminance(colour: list[int]) -> float:
        parts = [value / 255 / 12.92 if value / 255 <= 0.03928 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    lighter, darker = sorted((luminance(rgb), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_nothing_drawn_changes_nothing() -> None:
    image = np.arange(48 * 64 * 3, dtype=np.uint32).astype(np.uint8).reshape(48, 64, 3)
    assert np.array_equal(composite(image, overlay(64, 48)), image)


def test_the_same_calls_give_the_same_pixels_also_in_another_process() -> None:
    program = (
        "import hashlib, sys\nfrom tests.drawing.test_drawing import marked\n"
        "print(hashlib.sha256(marked().tobytes()).hexdigest(), 'matplotlib' in sys.modules, 'mplfonts' in sys.modules)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2])
    here = np.ascontiguousarray(marked())
    assert result.stdout.split() == [hashlib.sha256(here.tobytes()).hexdigest(), "False", "False"], (
        "the font is found without importing matplotlib"
    )


def marked() -> Image:
    """A picture with one of everything."""
    canvas = overlay(640, 360)
    draw_caption(canvas, ["CAM01 样台路218号", "2024-01-31 09:42:17 +08:00"])
    draw_boxes(canvas, [MarkedBox(BoundingBox(0.4, 0.4, 0.5, 0.6), "纸箱", True), MarkedBox(BoundingBox(0.6, 0.4, 0.7, 0.8), "行人")])
    draw_zones(canvas, [public(), Zone("f", ZoneKind.FRONTAGE, box(0.1, 0.1, 0.4, 0.5), shop_code="BS-0101")], highlight=["f"])
    return composite(picture(120), canvas)


@pytest.mark.parametrize("level", [0, 60, 128, 200, 255])
@pytest.mark.parametrize("size", [(352, 288), (640, 360), (1920, 1080)])
def test_caption_reads_on_any_background(level: int, size: tuple[int, int]) -> None:
    canvas = overlay(*size)
    draw_caption(canvas, ["跨门经营"], Corner.TOP_LEFT)
    shown = composite(picture(level, *size), canvas)
    plate = canvas.rgba()[..., 3] > 0
    pixels = shown[plate].astype(int).sum(axis=1)
    text, ground = shown[plate][pixels.argmax()], shown[plate][pixels.argmin()]
    assert contrast(text.tolist(), ground.tolist()) >= 4.5


def test_chinese_glyphs_are_drawn_not_boxes() -> None:
    def glyph(text: str) -> bytes:
        canvas = overlay(200, 200)
        draw_caption(canvas, [text])
        return canvas.rgba().tobytes()

    missing = glyph("\U0010fffd")
    shapes = {glyph(character) for character in "跨门经营占道堆物设摊责任区"}
    assert len(shapes) == 13
    assert missing not in shapes


@pytest.mark.parametrize("corner", list(Corner))
def test_captions_stand_in_their_corner_inside_the_picture(corner: Corner) -> None:
    canvas = overlay(640, 360)
    draw_caption(canvas, ["一二三四", "五" * 200], corner)
    rows, columns = np.nonzero(canvas.rgba()[..., 3])
    assert rows.min() > 0
    assert columns.min() > 0
    assert rows.max() < 359
    assert columns.max() < 639
    short = overlay(640, 360)
    draw_caption(short, ["一"], corner)
    rows, columns = np.nonzero(short.rgba()[..., 3])
    assert (rows.mean() < 180) == corner.value.startswith("top")
    assert (columns.mean() < 320) == corner.value.endswith("left")


def test_kinds_differ_in_colour_and_in_line() -> None:
    assert set(ZONE_STYLES) == set(ZoneKind)
    assert len({style.dashes for style in ZONE_STYLES.values()}) == len({style.colour for style in ZONE_STYLES.values()}) == len(ZoneKind)


def test_fill_is_thin_and_outline_shows_on_black_and_white() -> None:
    for level in (0, 255):
        canvas = overlay(640, 360)
        draw_zones(canvas, [public()], labels={"p": ""})
        change = np.abs(composite(picture(level), canvas).astype(int) - level).sum(axis=2)
        assert 0 < change[180, 320] < 100, "inside: tinted, still seen"
        assert change[30:42, 320].max() > 150 or change[30:42, 300:340].max() > 150, "the edge stands out"
        assert change[5, 5] == 0, "outside: untouched"


def test_highlight_makes_one_stronger_and_the_others_fainter() -> None:
    left, right = public(box(0.05, 0.1, 0.45, 0.9), "l"), public(box(0.55, 0.1, 0.95, 0.9), "r")

    def alphas(highlight: tuple[str, ...]) -> tuple[int, int]:
        canvas = overlay(640, 360)
        draw_zones(canvas, [left, right], highlight=highlight, labels={"l": "", "r": ""})
        return int(canvas.rgba()[180, 160, 3]), int(canvas.rgba()[180, 480, 3])

    plain, chosen = alphas(()), alphas(("l",))
    assert chosen[0] > plain[0] == plain[1] > chosen[1] > 0


def test_part_of_a_picture_carries_the_same_marks() -> None:
    wide, close = overlay(800, 800), overlay(400, 400, BoundingBox(0.5, 0.5, 1.0, 1.0))
    for canvas in (wide, close):
        draw_zones(canvas, [Zone("s", ZoneKind.SHOPFRONT, box(0.25, 0.25, 0.75, 0.75), shop_code="S")], labels={"s": ""})
    inside = close.rgba()[..., 3] > 0
    assert np.array_equal(inside[:190, :190], np.ones((190, 190), dtype=bool))
    assert not inside[210:, :].any()
    assert np.mean((wide.rgba()[400:, 400:, 3] > 0) != inside) < 0.01


def test_labels_of_many_boxes_and_zones_do_not_cover_each_other() -> None:
    canvas = overlay(1280, 720)
    draw_caption(canvas, ["CAM01 样台路218号", "跨门经营"])
    draw_boxes(canvas, [MarkedBox(BoundingBox(0.1 * n, 0.4, 0.1 * n + 0.05, 0.6), f"纸箱 {n}", n % 2 == 0) for n in range(10)])
    draw_zones(canvas, [public(box(0.2 * n, 0.1, 0.2 * n + 0.19, 0.3), f"z{n}", f"第{n}段人行道") for n in range(5)])
    texts = [one for one in canvas.reserved if one[3] - one[1] < 60 or one[2] - one[0] > 100]
    assert len(texts) >= 16
    shared = [shared_area(one, other) for index, one in enumerate(texts) for other in texts[:index]]
    assert max(shared) == 0


def test_labels_of_zones_that_lie_on_each_other_stand_apart() -> None:
    canvas = overlay(640, 360)
    draw_caption(canvas, ["门前责任区"], Corner.TOP_LEFT)
    draw_zones(canvas, [public(box(0.3, 0.3, 0.7, 0.7), f"z{n}", f"第{n}段") for n in range(4)])
    draw_zones(canvas, [public(box(0.0, 0.0, 0.05, 0.05), "corner", "角落里的人行道")])
    texts = canvas.reserved
    assert len(texts) == 6
    assert all(not shared_area(one, other) for index, one in enumerate(texts) for other in texts[:index])
    assert all(0 <= left < right <= 640 and 0 <= top < bottom <= 360 for left, top, right, bottom in texts)


@settings(deadline=None, max_examples=40)
@given(
    corners=st.lists(
        st.tuples(st.floats(-0.5, 1.5), st.floats(-0.5, 1.5)), min_size=2, max_size=2, unique_by=(lambda v: v[0], lambda v: v[1])
    ),
    label=st.text(max_size=60) | st.text("一\n\r ", max_size=9),
    size=st.tuples(st.integers(16, 700), st.integers(16, 500)),
)
def test_any_box_any_label_any_size(corners: list[tuple[float, float]], label: str, size: tuple[int, int]) -> None:
    (x1, y1), (x2, y2) = corners
    canvas = overlay(*size)
    draw_boxes(canvas, [MarkedBox(BoundingBox(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2)), label, True)])
    draw_caption(canvas, [label, "第二行\n第三行"])
    assert canvas.rgba().shape == (size[1], size[0], 4)
    assert canvas.rgba()[..., 3].any()


def test_sizes_must_agree() -> None:
    with pytest.raises(ValueError, match="canvas of 64x48 px on a picture of 640x360 px"):
        composite(picture(0), overlay(64, 48))


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (OpenHours(frozenset(range(7)), time(18), time(2)), "每天 18:00–02:00"),
        (OpenHours(frozenset(range(5)), time(9), time(0)), "周一至周五 09:00–24:00"),
        (OpenHours(frozenset({5, 6}), time(0), time(0)), "周六、周日 00:00–24:00"),
        (OpenHours(frozenset({0, 2, 3}), time(9), time(10, 30)), "周一、周三、周四 09:00–10:30"),
    ],
)
def test_hours_in_words(hours: OpenHours, words: str) -> None:
    assert describe_hours(hours) == words


def test_preview_of_the_documented_example(tmp_path: Path) -> None:
    zones_path, shops_path = write_documented_example(tmp_path)
    shops = load_shops(shops_path)
    zones = load_zones(zones_path, camera_id="towncentre", shops=shops)
    image = picture(70, 1280, 720)
    named = draw_preview(image, zones, shops, on=date(2026, 3, 2))
    assert named.shape == image.shape
    assert np.array_equal(image, picture(70, 1280, 720)), "the picture itself stays as it was"
    assert not np.array_equal(named, draw_preview(image, zones, shops, on=date(2024, 3, 2))), "the tenant of the day is named"
    assert not np.array_equal(named, draw_preview(image, zones))
    changed = (named != image).any(axis=2)
    assert changed[600:720, 5:160].mean() > 0.5, "the legend"
    assert changed[10:60, 10:300].mean() > 0.9, "camera and version"


@pytest.mark.footage
def test_preview_on_a_real_picture(tmp_path: Path) -> None:
    if not CLIP.exists():
        pytest.skip(f"no footage at {CLIP}")
    import av

    with av.open(str(CLIP)) as container:
        frame = next(container.decode(video=0)).to_ndarray(format="bgr24").astype(np.uint8)
    zones_path, shops_path = write_documented_example(tmp_path)
    zones = load_zones(zones_path, camera_id="towncentre", shops=load_shops(shops_path))
    shown = draw_preview(frame, zones, load_shops(shops_path), on=date(2026, 3, 2))
    change = np.abs(shown.astype(int) - frame.astype(int)).sum(axis=2)
    assert (change == 0).mean() > 0.25, "what no zone covers is untouched"
    assert np.median(change[change > 0]) < 120, "what a zone covers can still be seen"
