"""Polygons of labelme, CVAT, Label Studio and other zone files: what they become, and that nothing is left out in silence."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.zones import ZoneKind
from pipeline.zones.import_shapes import ImportRefusedError, NoteCode
from pipeline.zones.zone_files import check_zone_bytes
from pipeline.zones.zone_imports import KIND_NAMES, ImportedZones, import_zones
from pipeline.zones.zone_writing import MOST_FEATURES
from tests.zones.exports import (
    FRONT,
    FRONT_FRACTIONS,
    HEIGHT,
    WIDTH,
    cvat,
    cvat_box,
    cvat_image,
    cvat_polygon,
    label_studio,
    labelme,
    labelme_shape,
    rectangle_region,
    region,
    said_of,
    task,
)
from tests.zones.zone_data import feature, metadata, square


def taken(raw: bytes, camera_id: str = "CAM21", **more: Any) -> ImportedZones:
    return import_zones(raw, camera_id=camera_id, **more)


def ring(imported: ImportedZones, place: int = 0) -> list[list[float]]:
    (found,) = imported.features[place]["geometry"]["coordinates"]
    return [list(vertex) for vertex in found]


def properties(imported: ImportedZones, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = imported.features[place]["properties"]
    return found


def refused(raw: bytes, **more: Any) -> NoteCode:
    with pytest.raises(ImportRefusedError) as caught:
        taken(raw, **more)
    assert "\n" not in str(caught.value)
    assert caught.value.note.text == str(caught.value)
    return caught.value.note.code


# --- each program ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "source"),
    [
        (labelme(labelme_shape("shopfront:BS-0101")), "labelme"),
        (cvat(cvat_image("CAM21.jpg", cvat_polygon("shopfront", shop_code="BS-0101"))), "CVAT"),
        (label_studio(region("shopfront/BS-0101")), "Label Studio"),
    ],
)
def test_a_front_is_the_same_from_every_program(raw: bytes, source: str) -> None:
    imported = taken(raw)
    assert (imported.source, imported.picture_px, imported.notes) == (source, (WIDTH, HEIGHT), ())
    assert properties(imported) == {"id": "shopfront-BS-0101", "kind": "shopfront", "shop_code": "BS-0101"}
    assert ring(imported) == FRONT_FRACTIONS


@pytest.mark.parametrize(
    "raw",
    [
        labelme(labelme_shape("店面", [FRONT[0], FRONT[2]], "rectangle")),
        labelme(labelme_shape("店面", [FRONT[2], FRONT[0]], "rectangle")),
        cvat(cvat_image("CAM21.jpg", cvat_box("店面"))),
        label_studio(rectangle_region("店面")),
    ],
)
def test_rectangles_become_polygons_of_four_points(raw: bytes) -> None:
    imported = taken(raw)
    assert ring(imported) == FRONT_FRACTIONS
    assert imported.notes == ()


def test_rectangles_may_be_turned() -> None:
    box = taken(cvat(cvat_image("CAM21.jpg", cvat_box("fixture", rotation="90.0"))))
    middle = [sum(x for x, _ in ring(box)) / 4, sum(y for _, y in ring(box)) / 4]
    assert middle == pytest.approx([0.3, 0.25], abs=1e-4)  # CVAT turns about the middle
    assert ring(box)[0] == pytest.approx([(384 + 108) / WIDTH, (180 - 256) / HEIGHT], abs=1e-4)
    corner = taken(label_studio(rectangle_region("fixture", rotation=30)))
    assert ring(corner)[0] == [0.1, 0.1]  # Label Studio about the upper left corner
    along = [(ring(corner)[1][0] - 0.1) * WIDTH, (ring(corner)[1][1] - 0.1) * HEIGHT]
    assert math.degrees(math.atan2(along[1], along[0])) == pytest.approx(30, abs=0.01)
    assert math.hypot(*along) == pytest.approx(0.4 * WIDTH, abs=0.1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (labelme(labelme_shape("public", [(1, 1), (5, 5)], "line"), labelme_shape("public")), NoteCode.NOT_A_POLYGON),
        (labelme(labelme_shape("public", [(1, 1)], "point"), labelme_shape("public")), NoteCode.NOT_A_POLYGON),
        (labelme(labelme_shape("public", [(1, 1), ("x", 2), (3, 3)]), labelme_shape("public")), NoteCode.NO_POINTS),
        (labelme(labelme_shape("public", [(1, 1), (5, 5), (1, 1)]), labelme_shape("public")), NoteCode.TOO_FEW_POINTS),
        (labelme(labelme_shape("awning"), labelme_shape("public")), NoteCode.UNKNOWN_LABEL),
        (
            cvat(cvat_image("CAM21.jpg", '<polyline label="public" points="1,1;2,2"></polyline>', cvat_polygon("public"))),
            NoteCode.NOT_A_POLYGON,
        ),
        (cvat(cvat_image("CAM21.jpg", '<mask label="public" rle="1, 2"></mask>', cvat_polygon("public"))), NoteCode.NOT_A_POLYGON),
        (cvat(cvat_image("CAM21.jpg", '<polygon label="public" points="1,1;2"></polygon>', cvat_polygon("public"))), NoteCode.NO_POINTS),
        (cvat(cvat_image("CAM21.jpg", '<box label="public" xtl="1"></box>', cvat_polygon("public"))), NoteCode.NO_POINTS),
        (
            label_studio(region("public", type="keypointlabels", value={"x": 1, "y": 2, "keypointlabels": ["public"]}), region("public")),
            NoteCode.NOT_A_POLYGON,
        ),
        (
            label_studio(region("public", type="brushlabels", value={"rle": [1], "brushlabels": ["public"]}), region("public")),
            NoteCode.NOT_A_POLYGON,
        ),
        (label_studio(region("public", image_rotation=90), region("public")), NoteCode.TURNED_PICTURE),
        (label_studio(region("public", value={"points": [[1, None]], "polygonlabels": ["public"]}), region("public")), NoteCode.NO_POINTS),
    ],
)
def test_what_is_no_zone_is_told_and_the_rest_is_taken(raw: bytes, code: NoteCode) -> None:
    imported = taken(raw)
    (note,) = imported.notes
    assert note.code is code
    assert note.text.startswith("shape 1 ("), note.text
    assert note.text.endswith("left out")
    assert [each["properties"]["kind"] for each in imported.features] == ["public"]


# --- labels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "kind"), [*KIND_NAMES.items(), ("ShopFront", ZoneKind.SHOPFRONT), ("  public ", ZoneKind.PUBLIC)])
def test_a_label_is_the_word_of_a_kind_in_either_language(word: str, kind: ZoneKind) -> None:
    assert properties(taken(labelme(labelme_shape(word))))["kind"] == kind.value


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("frontage:BS-0101", {"shop_code": "BS-0101"}),
        ("门前责任区：BS-0101", {"shop_code": "BS-0101"}),
        ("frontage / BS-0101", {"shop_code": "BS-0101"}),
        ("public:样台路人行道", {"place": "样台路人行道"}),
        ("fixture:配电箱", {"name": "配电箱"}),
        ("外摆位/夜市", {"name": "夜市"}),
        ("public:东段/西段", {"place": "东段/西段"}),
    ],
)
def test_what_stands_behind_the_kind_is_the_shop_the_place_or_a_name(label: str, said: dict[str, str]) -> None:
    found = properties(taken(labelme(labelme_shape(label))))
    assert {name: value for name, value in found.items() if name not in {"id", "kind"}} == said


@pytest.mark.parametrize(
    "raw",
    [
        labelme(labelme_shape("frontage", description="BS-0101")),
        labelme(labelme_shape("frontage", group_id="BS-0101")),
        labelme(labelme_shape("frontage", attributes={"Shop_Code": "BS-0101"})),
        cvat(cvat_image("CAM21.jpg", cvat_polygon("frontage:BS-9999", shop_code="BS-0101"))),
        cvat(cvat_image("CAM21.jpg", cvat_polygon("门前责任区", 店铺编码="BS-0101"))),
        label_studio(region("frontage", meta={"text": ["BS-0101"]})),
        label_studio(region("frontage"), said_of("Dx_aB1", "shop_code", "BS-0101")),
    ],
)
def test_attributes_give_the_shop_too(raw: bytes) -> None:
    assert properties(taken(raw))["shop_code"] == "BS-0101"


def test_attributes_give_place_and_name() -> None:
    found = properties(
        taken(cvat(cvat_image("CAM21.jpg", cvat_polygon("public", place="东段", name="人行道", shop_code="BS-1", colour=""))))
    )
    assert found == {"id": "public", "kind": "public", "place": "东段", "name": "人行道"}


def test_every_zone_has_an_id_of_its_own() -> None:
    shapes = [labelme_shape("shopfront:S1"), labelme_shape("shopfront:S1"), labelme_shape("public"), labelme_shape("public")]
    imported = taken(labelme(*shapes))
    assert [each["properties"]["id"] for each in imported.features] == ["shopfront-S1", "shopfront-S1-2", "public", "public-2"]


# --- which picture -----------------------------------------------------------------------------------------


def test_of_several_pictures_the_one_named_after_the_camera_is_taken() -> None:
    images = [cvat_image(f"street/{name}.jpg", cvat_polygon(f"public:{name}")) for name in ("CAM20", "CAM21_20260512", "CAM211", "XCAM21")]
    imported = taken(cvat(*images))
    assert properties(imported)["place"] == "CAM21_20260512"
    assert [(note.code, note.values["count"]) for note in imported.notes] == [(NoteCode.OTHER_PICTURES, "3")]


def test_the_only_picture_is_taken_whatever_its_name() -> None:
    assert len(taken(cvat(cvat_image("street.jpg", cvat_polygon("public")))).features) == 1
    assert len(taken(label_studio(region("public"), image="s3://bucket/street.jpg", file_upload=None)).features) == 1


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("CAM20.jpg", "CAM22.jpg"), NoteCode.NO_PICTURE_OF_CAMERA),
        (("CAM21_a.jpg", "CAM21_b.jpg"), NoteCode.SEVERAL_PICTURES),
        ((), NoteCode.NO_PICTURE),
    ],
)
def test_where_it_is_not_clear_which_picture_nothing_is_taken(names: tuple[str, ...], code: NoteCode) -> None:
    assert refused(cvat(*(cvat_image(name, cvat_polygon("public")) for name in names))) is code


def test_of_two_pictures_of_the_camera_the_one_with_something_on_it_is_taken() -> None:
    imported = taken(cvat(cvat_image("CAM21_a.jpg"), cvat_image("CAM21_b.jpg", cvat_polygon("public"))))
    assert len(imported.features) == 1


@pytest.mark.parametrize("image", ["/data/local-files/?d=street%2FCAM21.jpg", "https://x.example/CAM21.jpg?sig=a%2Fb", "CAM21.jpg"])
def test_names_of_pictures_in_addresses(image: str) -> None:
    tasks = [task(region("public:ours"), image=image, file_upload=""), task(region("public"), image="/data/CAM22.jpg", file_upload="")]
    assert properties(taken(json.dumps(tasks).encode()))["place"] == "ours"


def test_of_several_drawings_of_a_picture_the_last_is_taken_and_the_others_are_told() -> None:
    def drawing(place: str, at: str, **more: Any) -> dict[str, Any]:
        return {"was_cancelled": False, "updated_at": at, "result": [region(f"public:{place}")], **more}

    drawings = [drawing("new", "2026-05-13"), drawing("old", "2026-05-12"), drawing("given up", "2026-05-14", was_cancelled=True)]
    imported = taken(label_studio(annotations=drawings))
    assert properties(imported)["place"] == "new"
    assert [note.code for note in imported.notes] == [NoteCode.OTHER_DRAWINGS]


# --- vertices ----------------------------------------------------------------------------------------------


def test_vertices_just_outside_are_moved_onto_the_edge_and_told_and_others_are_left_for_the_check() -> None:
    near = labelme_shape("public", [(-3, 360), (1284.5, 360), (1280, 722), (0, 720)])
    far = labelme_shape("public", [(-300, 360), (1280, 360), (1280, 720)])
    imported = taken(labelme(near, far))
    assert ring(imported) == [[0.0, 0.5], [1.0, 0.5], [1.0, 1.0], [0.0, 1.0]]
    assert ring(imported, 1)[0] == [-0.23438, 0.5]
    assert [(note.code, note.values["count"]) for note in imported.notes] == [(NoteCode.MOVED_INSIDE, "3")]


def test_a_picture_of_another_shape_is_told() -> None:
    assert taken(labelme(), picture_px=(1920, 1080)).notes == ()
    (note,) = taken(labelme(), picture_px=(704, 576)).notes
    assert (note.code, note.values) == (NoteCode.OTHER_ASPECT, {"drawn": "1280x720", "ours": "704x576"})


# --- zone files --------------------------------------------------------------------------------------------


def test_another_zone_file_gives_its_features_as_they_are() -> None:
    market = feature(square(0.5, 0.5), id="m", kind="permitted", hours=[{"days": "daily", "opens": "18:00", "closes": "23:00"}])
    closed = feature([*square(0.1, 0.1), [0.1, 0.1]])
    raw = json.dumps({"type": "FeatureCollection", "doorline": metadata(camera_id="CAM99"), "features": [closed, market]}).encode()
    imported = taken(raw)
    assert (imported.source, imported.picture_px, imported.notes) == ("GeoJSON", (1920, 1080), ())
    assert ring(imported) == [[round(x, 5), round(y, 5)] for x, y in square(0.1, 0.1)]
    assert properties(imported, 1)["hours"] == market["properties"]["hours"]


def test_what_is_no_polygon_of_a_zone_file_is_told() -> None:
    line = {
        "type": "Feature",
        "properties": {"id": "l", "kind": "public"},
        "geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
    }
    holed = feature(square(0.1, 0.1))
    holed["geometry"]["coordinates"].append(square(0.15, 0.15, 0.05))
    multi = {**feature(square(0.1, 0.1)), "geometry": {"type": "MultiPolygon", "coordinates": [[square(0.1, 0.1)]]}}
    features = [line, holed, multi, feature(square(0.1, 0.1), kind="pavement"), "x"]
    imported = taken(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    assert [each["properties"]["id"] for each in imported.features] == ["p"]
    codes = [NoteCode.NOT_A_POLYGON, NoteCode.NOT_A_POLYGON, NoteCode.UNKNOWN_LABEL, NoteCode.UNKNOWN_LABEL]
    assert [note.code for note in imported.notes] == codes


# --- files that nothing can be taken from --------------------------------------------------------------------


BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><annotations>&c;</annotations>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><annotations></annotations>'


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", NoteCode.NOT_JSON),
        (b"{", NoteCode.NOT_JSON),
        (b'{"shapes": [NaN]}', NoteCode.NOT_JSON),
        (b"[" * 100_000, NoteCode.NOT_JSON),
        (b"\x89PNG\r\n\x1a\n", NoteCode.NOT_TEXT),
        ("区".encode("gb18030"), NoteCode.NOT_TEXT),
        (b'{"images": [], "annotations": [], "categories": []}', NoteCode.UNKNOWN_FORMAT),
        (b"[]", NoteCode.UNKNOWN_FORMAT),
        (b"7", NoteCode.UNKNOWN_FORMAT),
        (b"<annotations>", NoteCode.NOT_XML),
        (b"<html></html>", NoteCode.UNKNOWN_FORMAT),
        (b"<a>" * 50 + b"</a>" * 50, NoteCode.NOT_XML),
        (BOMB, NoteCode.XML_ENTITIES),
        (OUTSIDE, NoteCode.XML_ENTITIES),
        (cvat('<track id="0" label="public"></track>'), NoteCode.VIDEO),
        (cvat('<image id="0" name="CAM21.jpg"></image>'), NoteCode.NO_SIZE),
        (labelme(imageWidth=None), NoteCode.NO_SIZE),
        (labelme(imageHeight=0), NoteCode.NO_SIZE),
        (labelme(*[labelme_shape("public")] * (MOST_FEATURES + 1)), NoteCode.TOO_MANY),
    ],
)
def test_files_that_nothing_can_be_taken_from(raw: bytes, code: NoteCode) -> None:
    assert refused(raw) is code


def test_byte_order_marks_and_utf_16_are_read() -> None:
    assert len(taken(b"\xef\xbb\xbf" + labelme()).features) == 2
    assert (
        len(taken(cvat(cvat_image("CAM21.jpg", cvat_polygon("公共区域"))).decode().replace("utf-8", "utf-16").encode("utf-16")).features)
        == 1
    )


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["points", "label", "value", "type", "id", "text", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(shape=ANYTHING, points=ANYTHING, rest=ANYTHING)
def test_nothing_that_is_json_brings_it_down(shape: Any, points: Any, rest: Any) -> None:
    for document in (
        {
            "shapes": [shape, labelme_shape("public", points), {"label": "x", "points": points, "attributes": rest}],
            "imageWidth": 10,
            "imageHeight": 10,
        },
        [task(region("public", value={"points": points, "polygonlabels": rest})) | {"data": rest}],
        [{"annotations": [shape, {"result": [shape, {"value": rest, "type": "textarea"}]}], "data": {"a": rest}}],
        {
            "type": "FeatureCollection",
            "features": [shape, {"properties": {"kind": "public"}, "geometry": {"type": "Polygon", "coordinates": points}}],
        },
    ):
        try:
            imported = taken(json.dumps(document).encode())
        except ImportRefusedError:
            continue
        written = json.dumps({"type": "FeatureCollection", "doorline": metadata(), "features": list(imported.features)}).encode()
        check_zone_bytes(written, Path("cam01.geojson"), camera_id="cam01", shops=None)
