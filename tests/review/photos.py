"""Photos as phones send them, and what is none."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image

from pipeline.cases import Action, CaseRole
from tests.review.street import Street

RED, BLUE = (220, 20, 20), (20, 20, 220)


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """Red above, blue below."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (0, height // 2, width, height))
    return made


def from_phone(orientation: int = 6, size: tuple[int, int] = (640, 480), *, upright: Image.Image | None = None) -> bytes:
    """A JPEG as a phone writes it that was held this way: turned, with place, device, time, a comment and a profile in it."""
    back = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}[orientation]
    picture = upright or scene(*size)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretPhone"
    exif[0x0132] = "2024:01:31 09:45:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 30.0), 3: "E", 4: (121.0, 28.0, 0.0)})
    stream = io.BytesIO()
    turned = picture if back is None else picture.transpose(back)
    turned.save(stream, "JPEG", quality=95, exif=exif, comment=b"secret words", icc_profile=b"secret profile", xmp=b"<secret/>")
    return stream.getvalue()


def transparent_png() -> bytes:
    """Red above; below, nothing."""
    made = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    made.paste((*RED, 255), (0, 0, 200, 50))
    stream = io.BytesIO()
    made.save(stream, "PNG")
    return stream.getvalue()


def bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """A small PNG that says it is 900 million pixels; its lines are all there."""
    packer = zlib.compressobj(9)
    lines = b"".join(packer.compress(bytes(1 + width // 8)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", lines) + _chunk(b"IEND", b"")


def heic() -> bytes:
    """As far as its beginning says."""
    return b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(2000)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def dispatch(street: Street, name: str, *, hours: float = 48, squad: str = "一中队", note: str = "") -> None:
    """A squad has this case."""
    street.take(name, Action.CONFIRM, shop_code="BS-0001")
    street.take(name, Action.DISPATCH, hours=hours, squad=squad, note=note)


def answer(street: Street, name: str) -> None:
    """The squad has answered."""
    street.take(name, Action.ANSWER, CaseRole.SQUAD, reason="rectified")
