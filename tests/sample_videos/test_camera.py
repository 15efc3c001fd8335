"""The generator's camera: metres to fractions of the picture and back."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from sample_videos.generator.camera import Projection
from sample_videos.generator.values import CameraPose

POSES = [
    CameraPose(x=-6.0, y=5.0, z=4.5, target=(4.0, 0.5, 0.8), fov=math.radians(60)),
    CameraPose(x=3.0, y=9.0, z=5.5, target=(5.0, 0.0, 1.0), fov=math.radians(78), k1=-0.06),
    CameraPose(x=3.0, y=9.0, z=3.4, target=(5.0, 0.0, 1.0), fov=math.radians(45), width=1280, height=720, roll=0.05, k1=0.03),
]


def straight_ahead(pose: CameraPose) -> np.ndarray:
    return np.array([pose.target])


@pytest.mark.parametrize("pose", POSES)
def test_the_target_is_in_the_middle(pose: CameraPose) -> None:
    assert np.allclose(Projection(pose).to_picture(straight_ahead(pose)), [[0.5, 0.5]], atol=1e-9)


def test_a_pinhole_agrees_with_the_textbook() -> None:
    pose = CameraPose(x=0, y=10, z=2, target=(0, 0, 2), fov=math.radians(90))
    # Looking along -y: the camera's right is -x. At 10 m the picture is 20 m wide and 11.25 m high.
    fractions = Projection(pose).to_picture([(-10, 0, 2), (10, 0, 2), (0, 0, 2 + 5.625), (5, 0, 0)])
    assert np.allclose(fractions, [(1, 0.5), (0, 0.5), (0.5, 0), (0.25, 0.5 + 2 / 11.25)])


def test_behind_the_camera_is_nan() -> None:
    assert np.isnan(Projection(POSES[0]).to_picture([(-20.0, 9.0, 1.0)])).all()


def test_a_clockwise_roll_turns_the_picture_the_other_way() -> None:
    pose = CameraPose(x=0, y=10, z=2, target=(0, 0, 2), fov=1.0, roll=0.1)
    above = Projection(pose).to_picture([(0, 0, 4)])[0]
    assert above[0] < 0.5
    assert above[1] < 0.5


def test_distortion_is_as_documented() -> None:
    pose = CameraPose(x=0, y=10, z=2, target=(0, 0, 2), fov=math.radians(90), k1=-0.08)
    found = Projection(pose).to_picture([(-10, 0, 2), (-5, 0, 2)])
    assert np.allclose(found[:, 0], [0.5 + 0.5 * 0.92, 0.5 + 0.25 * (1 - 0.08 * 0.25)])


@pytest.mark.parametrize("pose", POSES)
def test_ground_and_picture_are_inverse(pose: CameraPose) -> None:
    camera = Projection(pose)
    ground = np.array([(2.0, 1.0), (4.0, 3.0), (7.5, 0.2)])
    back = camera.to_ground(camera.to_picture(np.column_stack([ground, np.full(3, 0.12)])), z=0.12)
    assert np.allclose(back, ground, atol=1e-6)


def test_above_the_horizon_there_is_no_ground() -> None:
    camera = Projection(CameraPose(x=0, y=10, z=2, target=(0, 0, 2), fov=1.0))
    assert np.isnan(camera.to_ground([(0.5, 0.2)])).all()
    assert np.isfinite(camera.to_ground([(0.5, 0.9)])).all()


@pytest.mark.parametrize("pose", POSES)
def test_bending_a_rendered_picture_puts_points_where_to_picture_says(pose: CameraPose) -> None:
    camera = Projection(pose)
    points = np.array([(x, y, z) for x in (2.5, 4.5, 6.0) for y in (0.0, 1.5) for z in (0.0, 1.5)])
    view = camera.rendered
    columns, rows = np.meshgrid(np.arange(view.width) + 0.5, np.arange(view.height) + 0.5)
    for point in points:
        expected = camera.to_picture(point[None])[0] * (pose.width, pose.height)
        if not (4 < expected[0] < pose.width - 4 and 4 < expected[1] < pose.height - 4):
            continue
        x, y = camera.to_rendered(point[None])[0] * (view.width, view.height)
        blob = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8).astype(np.float32)
        bent = cv2.remap(blob, *camera.bending, cv2.INTER_LINEAR)
        weight = bent / bent.sum()
        found = ((np.arange(pose.width) + 0.5) @ weight.sum(0), (np.arange(pose.height) + 0.5) @ weight.sum(1))
        assert np.allclose(found, expected, atol=0.15)


@pytest.mark.parametrize("pose", POSES)
def test_the_rendered_view_covers_the_picture(pose: CameraPose) -> None:
    camera = Projection(pose)
    columns, rows = camera.bending
    assert columns.min() >= -0.6
    assert rows.min() >= -0.6
    assert columns.max() <= camera.rendered.width - 0.4
    assert rows.max() <= camera.rendered.height - 0.4
    assert camera.rendered.width < pose.width * 1.2


@pytest.mark.parametrize("pose", POSES)
def test_a_polygon_around_the_camera_is_cut_to_the_picture(pose: CameraPose) -> None:
    around = [(-40, -30), (60, -30), (60, 30), (-40, 30)]
    corners = np.array(Projection(pose).ground_polygon(around))
    assert len(corners) >= 3
    assert corners.min() >= 0
    assert corners.max() <= 1
    # The ground fills the bottom of the picture.
    assert {(0.0, 1.0), (1.0, 1.0)} <= {(round(x, 3), round(y, 3)) for x, y in corners}


def test_a_polygon_inside_the_picture_keeps_its_corners() -> None:
    camera = Projection(POSES[0])
    ring = [(3.0, 0.5), (5.0, 0.5), (5.0, 2.0), (3.0, 2.0)]
    corners = np.array(camera.ground_polygon(ring))
    expected = camera.to_picture([(x, y, 0.0) for x, y in ring])
    assert len(corners) == 4
    for one in expected:
        assert np.abs(corners - one).sum(1).min() < 1e-3


def test_a_polygon_elsewhere_is_empty() -> None:
    assert Projection(POSES[0]).ground_polygon([(-60, 0), (-50, 0), (-50, 2)]) == []


@pytest.mark.parametrize("pose", POSES)
def test_rays_go_through_what_they_show(pose: CameraPose) -> None:
    projection = Projection(pose)
    fractions = np.random.default_rng(5).random((40, 2))
    rays = projection.rays(fractions)
    assert np.allclose(projection.to_picture(rays * 7.0 + (pose.x, pose.y, pose.z)), fractions, atol=2e-5)
    assert np.allclose(projection.depth(rays * 7.0 + (pose.x, pose.y, pose.z)), 7.0)
