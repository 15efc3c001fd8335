"""Memory that two processes have in common: a slot is filled again only when nobody holds what was in it."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.readers.picture import PictureForm, Scaler, VideoPicture
from pipeline.watching.shared_pixels import SLOT_BYTES, SLOTS, PixelReader, PixelWriter, make_shared_memory


class Shared:
    """Both sides, in one process."""

    def __init__(self) -> None:
        memory = make_shared_memory()
        self.writer, self.reader = PixelWriter(memory), PixelReader(memory)
        os.close(memory)

    def send(self, value: int, size: int) -> tuple[int | None, np.ndarray]:
        room, slot = self.writer.room(size)
        room[:] = value
        return slot, room if slot is None else self.reader.pixels(slot, size)

    def free(self) -> None:
        self.writer.free(self.reader.freed())


@pytest.fixture
def shared() -> Iterator[Shared]:
    yield Shared()
    gc.collect()


def test_what_one_side_writes_the_other_reads(shared: Shared) -> None:
    slot, seen = shared.send(9, 3_110_400)
    assert slot == 0
    assert seen.shape == (3_110_400,)
    assert (seen == 9).all()


def test_a_slot_is_filled_again_only_once_nobody_holds_it(shared: Shared) -> None:
    held = [shared.send(value, 1000)[1] for value in range(SLOTS)]
    shared.free()
    slot, more = shared.send(99, 1000)
    assert slot is None, "all are held: it goes as a message"
    assert (more == 99).all()
    held[3] = np.zeros(1, np.uint8)
    shared.free()
    assert shared.send(77, 1000)[0] == 3
    assert [int(each[0]) for number, each in enumerate(held) if number != 3] == [0, 1, 2, 4, 5, 6, 7]


def test_a_view_and_a_picture_of_it_hold_a_slot_too(shared: Shared) -> None:
    view = shared.send(1, 600)[1].reshape(30, 20)[5:]
    form = PictureForm("yuv420p", 1, 1, 0, False, (36, 16))
    slot, pixels = shared.send(80, 36 * 16)
    picture = VideoPicture.unpacked(form, pixels, Scaler())
    del pixels
    shared.free()
    assert [shared.send(value, 600)[0] for value in (3, 4)] == [2, 3]
    assert (view == 1).all()
    before = picture.bgr().copy()
    assert slot == 1
    del view, picture
    shared.free()
    assert shared.send(200, 600)[0] == 0
    assert before.shape == (24, 16, 3)


def test_what_is_larger_than_a_slot_goes_as_a_message(shared: Shared) -> None:
    room, slot = shared.writer.room(SLOT_BYTES + 1)
    assert (room.size, slot) == (SLOT_BYTES + 1, None)


def test_pictures_outlive_what_they_were_read_with() -> None:
    shared = Shared()
    seen = shared.send(5, 1000)[1]
    del shared
    gc.collect()
    assert (seen == 5).all()


def test_memory_is_taken_as_far_as_it_was_filled() -> None:
    memory = make_shared_memory()
    writer, reader = PixelWriter(memory), PixelReader(memory)
    for _ in range(20):
        room, slot = writer.room(3_000_000)
        room[:] = 1
        assert slot is not None
        reader.pixels(slot, 3_000_000)
        writer.free(reader.freed())
    assert os.fstat(memory).st_blocks * 512 < 4_000_000
    os.close(memory)


@given(st.lists(st.one_of(st.none(), st.integers(0, SLOTS - 1)), max_size=60))
def test_nothing_that_is_held_ever_changes(steps: list[int | None]) -> None:
    """None: a picture comes; a number: somebody lets go of one that is held."""
    shared, held = Shared(), []
    for number, step in enumerate(steps):
        if step is None:
            held.append((number % 256, shared.send(number % 256, 64)[1]))
        elif held:
            held.pop(step % len(held))
            shared.free()
        assert all((pixels == value).all() for value, pixels in held)
