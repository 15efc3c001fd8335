"""The generator's H.264: what players and recorders expect of a surveillance file."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import av
import numpy as np
import pytest

from sample_videos.generator.encoding import encode, join

FPS = 10
STARTS_AT = datetime.fromisoformat("2026-05-12T09:42:00+08:00")


def pictures(count: int, first: int = 0) -> list[np.ndarray]:
    """A grey slope with a bright square that moves by 3 pixels a picture."""
    found = []
    for number in range(first, first + count):
        picture = np.tile(np.linspace(40, 160, 320, dtype=np.uint8)[None, :, None], (180, 1, 3)).copy()
        left = 10 + number * 3
        picture[60:100, left : left + 40] = (30, 60, 230)
        found.append(picture)
    return found


def test_pieces_join_to_one_film_without_a_seam(tmp_path: Path) -> None:
    pieces = [tmp_path / "a.mp4", tmp_path / "b.mp4"]
    assert encode(pictures(40), pieces[0], FPS, 200) == 40
    assert encode(pictures(20, first=40), pieces[1], FPS, 200) == 20
    film = tmp_path / "film.mp4"
    join(pieces, film, STARTS_AT)
    with av.open(str(film)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(video=0))
        assert stream.codec_context.name == "h264"
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert container.metadata["creation_time"].startswith("2026-05-12T01:42:00")
    assert len(frames) == 60
    assert [f.time for f in frames] == pytest.approx([n / FPS for n in range(60)], abs=1e-3)
    assert [n for n, f in enumerate(frames) if f.key_frame] == [0, 20, 40]
    shown = frames[45].to_ndarray(format="bgr24").astype(int)
    assert np.abs(shown - pictures(1, first=45)[0]).mean() < 4


def test_the_same_pictures_give_the_same_bytes(tmp_path: Path) -> None:
    encode(pictures(12), tmp_path / "a.mp4", FPS, 200)
    encode(pictures(12), tmp_path / "b.mp4", FPS, 200)
    assert (tmp_path / "a.mp4").read_bytes() == (tmp_path / "b.mp4").read_bytes()


def test_the_bit_rate_is_kept(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    noisy = (rng.integers(0, 255, (180, 320, 3), dtype=np.uint8) for _ in range(60))
    encode(noisy, tmp_path / "a.mp4", FPS, 150)
    assert (tmp_path / "a.mp4").stat().st_size < 150_000 / 8 * 6 * 1.6


def test_nothing_to_write_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no picture"):
        encode([], tmp_path / "a.mp4", FPS, 150)
    assert not list(tmp_path.iterdir())
