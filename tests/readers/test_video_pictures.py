"""Pictures come out upright, whole and in their own colours, whatever they were stored as."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.types import Image, Picture
from tests.clips import frame_number, make_picture
from tests.readers.conftest import ClipFactory
from tests.readers.looking import frames, read

SIZE = (320, 240)


def first_picture(clip: ClipFactory, suffix: str = "mp4", **settings: object) -> Picture:
    looks, summary = read(clip(suffix, seconds=1, **settings), 10.0)
    assert summary.faults == ()
    return frames(looks)[0].picture


def difference(image: Image, expected: Image) -> float:
    """Mean absolute difference in grey levels."""
    return float(np.abs(image.astype(int) - expected.astype(int)).mean())


@pytest.mark.parametrize("rotation_deg", [90, 180, 270])
def test_rotation_is_applied(clip: ClipFactory, rotation_deg: int) -> None:
    picture = first_picture(clip, rotation_deg=rotation_deg, size=SIZE)
    assert (picture.width_px, picture.height_px) == SIZE
    assert picture.bgr(width_px=160).shape == (120, 160, 3)
    assert difference(picture.bgr(), make_picture(0, SIZE)) < 4


@pytest.mark.parametrize(
    ("suffix", "codec", "pixel_format"),
    [
        ("mp4", "h264", "yuv420p"),
        ("mp4", "h264", "yuvj420p"),
        ("mkv", "h264", "yuv422p"),
        ("mkv", "h264", "yuv444p"),
        ("mkv", "h264", "yuv420p10le"),
        ("mkv", "hevc", "yuv420p10le"),
        ("avi", "mjpeg", "yuvj420p"),
        ("avi", "mjpeg", "yuvj422p"),
    ],
)
def test_colours_and_range(clip: ClipFactory, suffix: str, codec: str, pixel_format: str) -> None:
    """Full and limited range, 8 and 10 bits, all chroma layouts: black stays black, white white, the block red."""
    image = first_picture(clip, suffix, codec=codec, pixel_format=pixel_format, size=SIZE).bgr()
    expected = make_picture(0, SIZE)
    assert difference(image, expected) < 4
    inside = np.s_[125:155, 5:30]
    assert np.abs(image[inside].mean((0, 1)) - expected[inside].mean((0, 1))).max() < 8


@pytest.mark.parametrize("size", [(323, 241), (17, 33), (2, 2), (1920, 1080), (3840, 2160)])
def test_sizes(clip: ClipFactory, size: tuple[int, int]) -> None:
    picture = first_picture(clip, "mkv", pixel_format="yuv444p", size=size, fps=2)
    assert (picture.width_px, picture.height_px) == size
    assert picture.bgr(width_px=64).shape == (max(1, round(size[1] * 64 / size[0])), 64, 3)
    if min(size) > 100:
        assert frame_number(picture.bgr(width_px=320)) == 0


def test_one_pixel(clip: ClipFactory) -> None:
    picture = first_picture(clip, "avi", codec="mjpeg", pixel_format="yuvj444p", size=(1, 1))
    assert picture.bgr().shape == (1, 1, 3)
    assert picture.bgr(width_px=640).shape == (640, 640, 3)


def test_small_things_survive_scaling(clip: ClipFactory) -> None:
    """A 2x2 px dot anywhere keeps its share of the brightness: it is averaged, not skipped."""

    def dots(_: int, canvas: Image) -> None:
        canvas[400:] = 100
        for index in range(20):
            canvas[600:602, 100 + index * 57 : 102 + index * 57] = 250

    picture = first_picture(clip, size=(1280, 720), scene=dots, fps=2, encoder_options=("-crf", "4"))
    small = picture.bgr(width_px=320)[140:160, 20:300].astype(int)
    columns = np.maximum(small.max(axis=(0, 2)) - 100, 0)
    peaks = [columns[max(0, round((100 + index * 57) / 4) - 20 - 2) :][:5].sum() for index in range(20)]
    assert min(peaks) > 20


def test_scaling_does_not_shift_the_picture(clip: ClipFactory) -> None:
    picture = first_picture(clip, size=(1280, 720), fps=2, encoder_options=("-crf", "4"))
    full, small = picture.bgr(), picture.bgr(width_px=320)
    averaged = full.reshape(180, 4, 320, 4, 3).mean((1, 3))
    assert np.abs(averaged - small).mean() < 2


def test_interlaced_pictures_show_one_moment(clip: ClipFactory) -> None:
    """Both fields of a moving bar would give a comb; one field gives a clean edge."""

    def bar(number: int, canvas: Image) -> None:
        canvas[60:] = 60
        canvas[60:, 40 + 24 * number : 100 + 24 * number] = 220

    options = ("-vf", "tinterlace=interleave_top,fieldorder=tff", "-flags", "+ildct+ilme", "-crf", "4", "-x264-params", "interlaced=1")
    looks, _ = read(clip("ts", seconds=1, fps=10, size=SIZE, scene=bar, encoder_options=options), 0.4)
    assert len(frames(looks)) > 1
    for frame in frames(looks)[1:]:
        grey = frame.picture.bgr()[80:220].mean(axis=2)
        assert np.abs(np.diff(grey, axis=0)).max() < 30


def test_stored_pixels_are_given_as_they_are(clip: ClipFactory) -> None:
    """A sample aspect ratio changes no fraction of the picture, so it is not applied."""
    picture = first_picture(clip, size=SIZE, output_options=("-aspect", "2:1"))
    assert (picture.width_px, picture.height_px) == SIZE
