"""Renders scenarios to clips, in pieces that are kept: whatever stops the work, it goes on where it was."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2

from sample_videos.generator import encoding, objects, script, truth
from sample_videos.generator.values import CameraPose, Light, SceneState

if TYPE_CHECKING:
    from sample_videos.generator.blender.location import Location

PIECE_S = 10
"""Seconds of a clip that are rendered and kept at a time; a multiple of encoding.GOP_S."""
KBIT = {960: 150, 1280: 230, 1920: 430}
"""Bit rate by width, for ten pictures a second."""
PREVIEW_KBIT = 250
TRUTH_FILES = ("{}.truth.json", "{}.objects.json.gz")
"""What follows from the script alone, beside the clip of that name."""
NOT_IN_PICTURES = frozenset(
    {"clips.py", "pictures.py", "studio.py", "chances.py", "arrangements.py", "labels.py", "comparing.py", "sheet.py"}
    | {"truth.py", "papers.py", "objects.py", "seeing.py", "encoding.py", "__main__.py"}
)
"""Files whose change leaves every rendered picture as it was."""


@dataclass(frozen=True, slots=True)
class ClipOptions:
    """How clips are made."""

    build: Path
    """Assets, textures and kept pieces."""
    out: Path
    """Where finished clips go."""
    references: Path | None = None
    """Where the clean reference picture of each camera goes; None: beside the clip."""
    preview: bool = False
    """A quarter of the size, two pictures a second."""
    keep: bool = False
    """Go on with kept pieces even if the generator's code has changed since."""
    from_s: float = 0.0
    until_s: float | None = None
    """Only this part, as an excerpt."""
    say: Callable[[str], None] = print


class ShrunkPlay:
    """A play seen by a camera of a quarter of the size."""

    def __init__(self, play: script.Play) -> None:
        self._play = play
        self.scenario, self.plan = play.scenario, play.plan

    def state(self, at_s: float) -> SceneState:
        """As Play.state."""
        state = self._play.state(at_s)
        return replace(state, camera=_shrunk(state.camera))

    def reference_state(self) -> SceneState:
        """As Play.reference_state."""
        state = self._play.reference_state()
        return replace(state, camera=_shrunk(state.camera))


def stem_of(name: str) -> str:
    """The name of a scenario's clip without its ending."""
    return script.clip_name(script.load(name).scenario)


def make_clip(name: str, options: ClipOptions) -> Path:
    """Render one scenario: the mp4 file and, beside it, its truth and <clip>.objects.json.gz. Returns the path of the clip."""
    whole = script.load(name)
    play: Any = whole
    fps = play.scenario.fps
    if options.preview:
        play, fps = ShrunkPlay(play), 2
    length_s = play.scenario.length_s if options.until_s is None else options.until_s
    first, count = round(options.from_s * fps), round(length_s * fps)
    folder = options.build / "clips" / (name + ("-preview" if options.preview else "") + ("-excerpt" if options.until_s else ""))
    folder.mkdir(parents=True, exist_ok=True)
    pieces = _pieces(play, fps, first, count, folder, options)
    reference = (options.references or options.out) / f"{play.scenario.camera_id}_reference.jpg"
    _render_missing(play, fps, pieces, folder, options, reference)
    stem = script.clip_name(play.scenario)
    clip = options.out / f"{stem}.mp4"
    options.out.mkdir(parents=True, exist_ok=True)
    encoding.join([piece.film for piece in pieces], clip, datetime.fromisoformat(play.scenario.starts_at))
    frames = [frame for piece in pieces for frame in json.loads(piece.records.read_text())]
    _write_truth(whole, play.state(0.0).camera, frames, options.out)
    return clip


def make_truth(name: str, options: ClipOptions) -> None:
    """Write the files of TRUTH_FILES of one scenario as `make_clip` does, without its clip. One per process."""
    play = script.load(name)
    location = _location(play, options)
    # Only here: everything else also works where there is no Blender.
    from sample_videos.generator.watching import watch

    options.out.mkdir(parents=True, exist_ok=True)
    _write_truth(play, play.state(0.0).camera, watch(play, location), options.out)


def _write_truth(play: script.Play, camera: CameraPose, frames: list[dict[str, Any]], out: Path) -> None:
    """camera: the one that took the clip."""
    stem = script.clip_name(play.scenario)
    objects.write(out / f"{stem}.objects.json.gz", f"{stem}.mp4", (camera.width, camera.height), frames)
    (out / f"{stem}.truth.json").write_text(truth.truth_json(play), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class _Piece:
    first: int
    last: int
    film: Path
    records: Path

    @property
    def done(self) -> bool:
        return self.film.exists() and self.records.exists()


def _pieces(play: Any, fps: int, first: int, count: int, folder: Path, options: ClipOptions) -> list[_Piece]:
    """The stretches of a clip, each named by all that its pictures depend on."""
    so_far = hashlib.sha256(b"kept" if options.keep else sources_digest().encode())
    found = []
    step = PIECE_S * fps
    for start in range(0, count, step):
        last = min(start + step, count)
        for number in range(start, last):
            so_far.update(repr(play.state(number / fps)).encode())
        if last > first:
            name = f"{start:06d}-{so_far.hexdigest()[:12]}"
            found.append(_Piece(max(start, first), last, folder / f"{name}.mp4", folder / f"{name}.json"))
    return found


def sources_digest() -> str:
    """Changes when any code changes that pictures depend on, scripts left out: what they say is part of each piece's name."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(here.rglob("*.py")):
        if path.name not in NOT_IN_PICTURES and path.parent.name != "scripts":
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _render_missing(play: Any, fps: int, pieces: list[_Piece], folder: Path, options: ClipOptions, reference: Path) -> None:
    missing = [piece for piece in pieces if not piece.done]
    if not missing and reference.exists():
        return
    # Only here: everything else also works where there is no Blender.
    from sample_videos.generator.blender.plates import Plates
    from sample_videos.generator.film import Film

    state = play.state(0.0)
    location = _location(play, options)
    plates = Plates(location, folder / f"plates-{'kept' if options.keep else sources_digest()[:12]}")
    film = Film(play, location, plates, fps=fps, name=f"{play.scenario.camera_id} {play.plan.road_name}")
    reference.parent.mkdir(parents=True, exist_ok=True)
    if not cv2.imwrite(str(reference), film.reference(), [cv2.IMWRITE_JPEG_QUALITY, 90]):
        raise OSError(f"cannot write the reference picture {reference}")
    width = state.camera.width
    kbit = PREVIEW_KBIT if options.preview else round(KBIT.get(width, 150 * width / 960) * fps / 10)
    progress = _Progress(play.scenario.name, sum(p.last - p.first for p in missing), options.say)
    for piece in missing:
        film.records.clear()
        encoding.encode(progress.over(film.pictures(piece.first, piece.last)), piece.film, fps, kbit)
        partial = piece.records.with_name(piece.records.name + ".partial")
        partial.write_text(json.dumps(film.records))
        partial.replace(piece.records)


def _location(play: Any, options: ClipOptions) -> Location:
    """The street of a play, in the light that it begins in."""
    from sample_videos.generator.blender.location import Location, Materials

    conditions = play.state(0.0).conditions
    night = conditions.light in {Light.DUSK, Light.NIGHT, Light.INFRARED}
    materials = Materials(options.build, options.build / "textures", options.build / "prints")
    return Location(play.plan, materials, night=night, wet=conditions.wet)


class _Progress:
    """Says now and then how far a clip is."""

    def __init__(self, name: str, pictures: int, say: Callable[[str], None]) -> None:
        self._name, self._pictures, self._say = name, pictures, say
        self._began, self._done, self._said = time.monotonic(), 0, 0.0

    def over(self, pictures: Iterator[Any]) -> Iterator[Any]:
        for picture in pictures:
            self._done += 1
            spent = time.monotonic() - self._began
            if spent - self._said > 10 or self._done == self._pictures:
                self._said = spent
                left = spent / self._done * (self._pictures - self._done)
                self._say(f"{self._name}: {self._done} of {self._pictures} pictures, {left / 60:.1f} min left")
            yield picture


def _shrunk(camera: CameraPose) -> CameraPose:
    return replace(camera, width=camera.width // 4 // 2 * 2, height=camera.height // 4 // 2 * 2)
