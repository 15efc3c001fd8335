"""Key frames that wait: decoded by somebody else, for several streams at once, whole or not at all."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import av
import numpy as np
import pytest

from pipeline.readers.key_frames import KeyFrame, KeyFrameDecoder, KeyFrameLook
from pipeline.readers.picture import PictureForm, Scaler, VideoPicture
from pipeline.types import Frame, GapReason, MissedLook
from tests.cli.running import ROOT
from tests.clips import frame_number
from tests.readers.conftest import ClipFactory

T0 = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def keys_of(path: Path, *, strict: bool = True) -> list[KeyFrame]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        name, extradata = stream.codec_context.codec.canonical_name, stream.codec_context.extradata
        return [KeyFrame(name, extradata, strict, bytes(packet)) for packet in container.demux(stream) if packet.is_keyframe]


def test_key_frames_of_several_streams_in_any_order_show_their_own_pictures(clip: ClipFactory) -> None:
    one = keys_of(clip("mp4", seconds=8, gop_s=2))
    other = keys_of(clip("mp4", seconds=8, gop_s=2, codec="hevc"))
    third = keys_of(clip("mp4", seconds=8, gop_s=2, size=(160, 120)))
    decoder, seen = KeyFrameDecoder(), []
    for keys in zip(reversed(one), other, third, strict=True):
        for key in keys:
            frame = decoder.decode(key)
            assert frame is not None
            seen.append(frame_number(VideoPicture(frame, Scaler()).bgr()))
    assert [seen[at::3] for at in range(3)] == [[150, 100, 50, 0], [0, 50, 100, 150], [0, 50, 100, 150]]


def test_more_streams_than_decoders_are_decoded_all_the_same(clip: ClipFactory) -> None:
    (key, *_) = keys_of(clip("mp4", seconds=2, gop_s=2))
    decoder = KeyFrameDecoder()
    # Of other parameters by name alone: each wants a context of its own.
    many = [KeyFrame(key.codec, (key.extradata or b"") + bytes(number), key.strict, key.data) for number in range(40)]
    assert all(decoder.decode(each) is not None for each in (*many, *many))
    assert len(decoder._contexts) <= 16


@pytest.mark.parametrize("damaged", [b"", b"no picture at all" * 20, "half"])
def test_damage_is_a_missed_look_and_whoever_sent_it_is_told(damaged: bytes | str, clip: ClipFactory) -> None:
    good, *_ = keys_of(clip("mp4", seconds=2, gop_s=2))
    data = good.data[: len(good.data) // 2] if isinstance(damaged, str) else damaged
    told: list[bool] = []
    bad = KeyFrameLook("CAM01", T0, 5.0, KeyFrame(good.codec, good.extradata, True, data), told.append)
    decoder = KeyFrameDecoder()
    assert decoder.look(bad) == MissedLook("CAM01", T0, 5.0, GapReason.NO_FRAME)
    after = decoder.look(KeyFrameLook("CAM01", T0, 6.0, good, told.append))
    assert isinstance(after, Frame)
    assert frame_number(after.picture.bgr()) == 0, "the next one is whole"
    assert told == [False, True]


def packed(picture: VideoPicture) -> tuple[PictureForm, np.ndarray]:
    """Its form and its pixels as another process would have them."""
    asked: list[np.ndarray] = []

    def room(size: int) -> np.ndarray:
        asked.append(np.full(size, 7, np.uint8))
        return asked[-1]

    form = picture.pack(room)
    (pixels,) = asked
    return form, pixels


AS_THEY_ARE = ["yuv420p", "yuvj420p", "nv12", "gray", "yuv444p"]
PIXELS = [*AS_THEY_ARE, "yuv422p", "yuvj422p", "yuv420p10le", "yuv422p10le"]


@pytest.mark.parametrize("pixels", PIXELS)
@pytest.mark.parametrize("size", [(960, 540), (642, 362)])
def test_a_picture_that_was_sent_is_the_same_picture(pixels: str, size: tuple[int, int]) -> None:
    (film,) = (ROOT / "sample_videos").glob("CAM27_*.mp4")
    with av.open(str(film)) as container:
        frame = next(container.decode(video=0)).reformat(width=size[0], height=size[1], format=pixels)
    here = VideoPicture(frame, Scaler())
    there = VideoPicture.unpacked(*packed(here), Scaler())
    assert (there.width_px, there.height_px) == size
    for width in (None, 160):
        difference = np.abs(here.bgr(width_px=width).astype(int) - there.bgr(width_px=width))
        # Where exactly colours lie between the pixels is not sent: at hard edges of colour that shows a little.
        assert difference.mean() < (0.5 if pixels in AS_THEY_ARE else 2)
        assert np.percentile(difference, 99) <= 20


def test_what_the_frame_cannot_tell_is_sent_with_it(clip: ClipFactory) -> None:
    with av.open(str(clip("mp4", seconds=2, gop_s=2))) as container:
        frame = next(container.decode(video=0))
    form, pixels = packed(VideoPicture(frame, Scaler()))
    turned = VideoPicture.unpacked(type(form)(form.format, form.colorspace, form.color_range, 1, True, form.shape), pixels, Scaler())
    assert (turned.width_px, turned.height_px) == (frame.height, frame.width)
    assert turned.bgr().shape == (frame.width, frame.height, 3)
    assert packed(turned)[0].interlaced
