"""Photos as they come from phones, and the files that are made of them.

Nothing of what was sent reaches the disk: the picture is decoded, turned upright, made small enough and coded anew, so that neither
place and device nor anything hidden in the file is kept.
"""

from __future__ import annotations

import io
import struct
import threading
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from pipeline.errors import EvidenceError, PipelineError
from pipeline.whole_files import write_for_good

MOST_BYTES = 15 * 2**20
"""Of one photo as it comes."""
MOST_PIXELS = 64_000_000
"""Of one photo as it comes: more than phones take, and what the memory of a small server holds."""
LONGEST_SIDE_PX = 2560
FOLDER = "photos"
"""Within the evidence folder."""
KINDS = ("JPEG", "PNG", "WEBP")
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif"})
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, LookupError, TypeError)
"""What Pillow raises for pictures that are cut off or full of nonsense, by kind and place."""
_AT_ONCE = threading.Semaphore(2)
"""A large photo takes some 400 MB while it is decoded."""


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """What is taken, and how it is made anew. ``longest_side_px`` None: as large as it came; ``quality`` as JPEG has it, 1..95."""

    most_bytes: int
    most_pixels: int
    kinds: tuple[str, ...]
    longest_side_px: int | None
    quality: int


OF_PHONES = PhotoLimits(MOST_BYTES, MOST_PIXELS, KINDS, LONGEST_SIDE_PX, 88)


class PhotoFault(StrEnum):
    """Why something is not taken for a photo."""

    NONE = "none"
    """Nothing was sent."""
    BYTES = "bytes"
    PIXELS = "pixels"
    HEIC = "heic"
    """Of a kind that phones write and few programs read."""
    KIND = "kind"
    """No picture of a kind that is taken."""
    BROKEN = "broken"
    """A picture that can't be read to its end."""


class PhotoRefusedError(PipelineError):
    """Something that is not taken; nothing was kept."""

    def __init__(self, fault: PhotoFault, name: str) -> None:
        """``name``: of the file on the phone."""
        super().__init__("not taken for a photo", where=name, found=fault.value)
        self.fault = fault
        self.name = name


class PhotoNotKeptError(EvidenceError):
    """The disk refuses: nothing was kept."""


@dataclass(frozen=True, slots=True)
class MadePhoto:
    """A photo made anew: upright, RGB, JPEG. ``original_sha256`` is of what came."""

    data: bytes
    width_px: int
    height_px: int
    original_sha256: str

    @property
    def sha256(self) -> str:
        """Of the data."""
        return sha256(self.data).hexdigest()


def make_photo(data: bytes, name: str, limits: PhotoLimits = OF_PHONES) -> MadePhoto:
    """Make a photo of what was sent; ``name`` is that of the file. PhotoRefusedError for all else."""
    if not data:
        raise PhotoRefusedError(PhotoFault.BROKEN, name)
    if len(data) > limits.most_bytes:
        raise PhotoRefusedError(PhotoFault.BYTES, name)
    with _AT_ONCE:
        picture = _upright(data, name, limits)
        stream = io.BytesIO()
        picture.save(stream, "JPEG", quality=limits.quality, optimize=True)
    return MadePhoto(stream.getvalue(), picture.width, picture.height, sha256(data).hexdigest())


def photo_id(violation_id: str, made: MadePhoto) -> str:
    """Follows from the case and from what came: the same photo sent again is the same."""
    return sha256(f"{violation_id}\0{made.original_sha256}".encode()).hexdigest()[:32]


def photo_path(violation_id: str, photo: str) -> str:
    """Where it lies, relative to the evidence folder."""
    # Of an id that can be no folder's name, a hash stands for it.
    safe = violation_id if violation_id.replace("-", "").isalnum() else sha256(violation_id.encode()).hexdigest()
    return f"{FOLDER}/{safe}/{photo}.jpg"


def write_photo(root: Path, path: str, made: MadePhoto) -> None:
    """Put it into the evidence folder in one step. PhotoNotKeptError if the disk refuses."""
    try:
        write_for_good(root / path, made.data)
    except OSError as err:
        raise PhotoNotKeptError("cannot keep a photo", where=str(root / path), found=err.strerror or str(err)) from err


def _upright(data: bytes, name: str, limits: PhotoLimits) -> Image.Image:
    side = limits.longest_side_px
    try:
        with Image.open(io.BytesIO(data), formats=limits.kinds) as opened:
            if opened.width * opened.height > limits.most_pixels:
                raise PhotoRefusedError(PhotoFault.PIXELS, name)
            if side:
                # JPEG alone: decoded small where it is far too large.
                opened.draft("RGB", (side, side))
            opened.load()
            turn = _TURNS.get(_orientation(opened))
            turned = opened.copy() if turn is None else opened.transpose(turn)
    except UnidentifiedImageError as err:
        is_heic = data[4:8] == b"ftyp" and data[8:12] in _HEIC
        raise PhotoRefusedError(PhotoFault.HEIC if is_heic else PhotoFault.KIND, name) from err
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as err:
        raise PhotoRefusedError(PhotoFault.PIXELS, name) from err
    except _BROKEN as err:
        raise PhotoRefusedError(PhotoFault.BROKEN, name) from err
    if side:
        turned.thumbnail((side, side), Image.Resampling.LANCZOS)
    return _on_white(turned)


def _orientation(picture: Image.Image) -> int:
    """How the phone was held, 1..8 as EXIF has it; 1 where nothing or nonsense is said."""
    try:
        told = picture.getexif().get(_ORIENTATION, 1)
    except _BROKEN:
        return 1
    return told if isinstance(told, int) else 1


def _on_white(picture: Image.Image) -> Image.Image:
    """RGB, on white where it is transparent; a new picture, so that nothing that the old one carried is written with it."""
    clean = Image.new("RGB", picture.size, "white")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        seen = picture.convert("RGBA")
        clean.paste(seen, mask=seen.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean
