"""A console with cases, evidence that exists, and people who may do different things."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import cv2
import imageio_ffmpeg
import numpy as np
from argon2 import PasswordHasher

from pipeline.cases import Action, CaseRole, Step
from pipeline.config import DoorlineSettings
from pipeline.records import Account, Records
from pipeline.review.console import Console
from pipeline.review.passwords import hash_password
from pipeline.types import EvidenceFile
from tests.records.samples import CAMERA, FRUIT, SHOPS, START, TOOLS, ambiguous, entry, furnish, violation

PASSWORD = "门前三包 everybody's"
_FILM = Path(__file__).resolve().parents[2] / "sample_videos" / "CAM24_20260512_094200.mp4"
_MOMENTS_S = {"first_seen": 18.0, "middle": 22.0, "confirmed": 30.0}
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_STILLS = tuple(
    f"{moment}_{size}{marked}"
    for moment in ("first_seen", "middle", "confirmed")
    for size in ("wide", "close")
    for marked in ("", "_marked")
)
PEOPLE: dict[str, tuple[str, tuple[CaseRole, ...], str, tuple[str, ...]]] = {
    "ren": ("任初审", (CaseRole.REVIEWER,), "", ()),
    "lu": ("陆初审", (CaseRole.REVIEWER,), "", ()),
    "an": ("安复核", (CaseRole.APPROVER,), "", ()),
    "both": ("双角色", (CaseRole.REVIEWER, CaseRole.APPROVER), "", ()),
    "qiu": ("邱队员", (CaseRole.SQUAD,), "一中队", ("样谊路",)),
    "other": ("别队员", (CaseRole.SQUAD,), "二中队", ("另一条路",)),
    "ou": ("欧值守", (CaseRole.OPERATOR,), "", ()),
}


@dataclass
class Clock:
    """Stands still until it is moved."""

    now: datetime = START + timedelta(hours=6)

    def __call__(self) -> datetime:
        return self.now

    def move(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Street:
    """What a test works with."""

    console: Console
    clock: Clock
    ids: list[str]
    evidence: Path
    complete: set[str] = field(default_factory=set)

    @property
    def records(self) -> Records:
        return self.console.records

    def take(self, name: str, action: Action, role: CaseRole = CaseRole.REVIEWER, *, hours: float | None = None, **said: str) -> None:
        """Somebody takes a step of a case now; ``hours`` until its deadline."""
        by = {CaseRole.SQUAD: "qiu", CaseRole.APPROVER: "an"}.get(role, "ren")
        deadline = None if hours is None else self.clock.now + timedelta(hours=hours)
        step = Step(action, by, role, self.clock.now, deadline=deadline, **said)
        version = self.records.cases.case(name).row.version
        self.records.cases.take_step(name, step, version, self.console.facts_of, self.console.policy)


def furnish_street(records: Records, folder: Path, count: int = 4, *, settings: dict[str, object] | None = None) -> Street:
    """So many cases, the newest last: every third is ambiguous, every fourth still stands; all but the last have all their evidence."""
    source = furnish(records)
    evidence = folder / "evidence"
    ids = [f"{number:04d}c0ffee" for number in range(count)]
    entries = []
    for number, name in enumerate(ids):
        found = violation(name, first_s=13.5 + 40.0 * number, cleared=number % 4 != 3)
        found = ambiguous(found) if number % 3 == 2 else found
        files, digest = write_evidence(evidence, name, found.first_seen_at, 40.0 * number)
        tenants = (FRUIT, TOOLS) if number % 3 == 2 else (FRUIT,)
        whole = number != count - 1
        made = entry(found, tenants=tenants)
        entries.append(
            replace(made, evidence=files, manifest_sha256=digest, complete=whole, missing=() if whole else ("after: not cleared yet",))
        )
    records.save_violations("run-1", source, entries)
    for name, (shown_as, roles, squad, streets) in PEOPLE.items():
        records.accounts.add(_account(name, shown_as, roles, squad, streets))
    clock = Clock()
    made_settings = DoorlineSettings.model_validate(
        {
            "cameras": [{"id": CAMERA.id, "name": CAMERA.name, "place": CAMERA.place, "street": CAMERA.street, "zones": "cam01.geojson"}],
            "evidence": {"folder": str(evidence)},
            "records": {"url": "sqlite:///unused.db"},
            **(settings or {}),
        }
    )
    return Street(Console(made_settings, records, SHOPS, clock), clock, ids, evidence)


def _account(name: str, shown_as: str, roles: tuple[CaseRole, ...], squad: str, streets: tuple[str, ...]) -> Account:
    return Account(name, shown_as, roles, squad, streets, password_hash(), START, None, 0, None)


@cache
def password_hash() -> str:
    """Of PASSWORD, made once."""
    return hash_password(PASSWORD, _QUICK)


def write_evidence(root: Path, name: str, first_seen_at: datetime, after_s: float) -> tuple[tuple[EvidenceFile, ...], str]:
    """Pictures, clips and manifest of a violation of run-1, as the product lays them out; the files, and the sha256 of the manifest."""
    folder = root / "run-1" / "cam01" / name
    folder.mkdir(parents=True)
    for what in (*_STILLS, "reference_wide"):
        (folder / f"{what}.jpg").write_bytes(_picture(what))
    for what in ("clip_first_seen_confirmed", "clip_first_seen_confirmed_marked"):
        (folder / f"{what}.mp4").write_bytes(_clip(what.endswith("marked")))
    files = tuple(
        EvidenceFile(
            path.relative_to(root).as_posix(),
            sha256(path.read_bytes()).hexdigest(),
            path.stat().st_size,
            first_seen_at,
            after_s + 13.5,
            path.stem,
        )
        for path in sorted(folder.iterdir())
    )
    stretches: Sequence[tuple[str, str | None, float, float, int]] = (
        ("absent", None, 3.5, 12.5, 10),
        ("present", None, 13.5, 17.5, 5),
        ("hidden", None, 18.5, 19.5, 2),
        ("gap", "no_frame", 20.5, 20.5, 1),
        ("present", None, 21.5, 73.5, 53),
        ("absent", None, 74.5, 83.5, 10),
    )
    manifest = {
        "format": "doorline-evidence-1",
        "look_timeline": [
            {"seen": seen, "reason": reason, "from_s": after_s + from_s, "to_s": after_s + to_s, "looks": looks}
            for seen, reason, from_s, to_s, looks in stretches
        ],
        "files": [{"what": "clip_first_seen_confirmed", "media_time_s": after_s + 13.5, "media_end_time_s": after_s + 25.5}],
        "statements": ["first_seen: look 0.5 s after the moment"],
    }
    data = json.dumps(manifest).encode()
    (folder / "manifest.json").write_bytes(data)
    return files, sha256(data).hexdigest()


@cache
def scene(at_s: float) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A street with crates, from a sample clip."""
    film = cv2.VideoCapture(str(_FILM))
    film.set(cv2.CAP_PROP_POS_MSEC, at_s * 1000)
    seen, picture = film.read()
    film.release()
    assert seen, f"{_FILM} has no picture at {at_s} s"
    return np.asarray(picture, np.uint8)


@cache
def _picture(what: str) -> bytes:
    picture = scene(0.0 if what.startswith("reference") else _MOMENTS_S[what.rpartition("_wide")[0] or what.rpartition("_close")[0]]).copy()
    if what.endswith("_marked"):
        cv2.rectangle(picture, (330, 300), (420, 415), (40, 40, 220), 2)
    if "_close" in what:
        picture = picture[250:450, 220:540]
    coded = cv2.imencode(".jpg", picture)[1]
    return coded.tobytes()


@cache
def _clip(marked: bool) -> bytes:
    """Twelve seconds of H.264, as evidence has them."""
    command = [
        *(imageio_ffmpeg.get_ffmpeg_exe(), "-loglevel", "error", "-ss", "16", "-t", "12", "-i", str(_FILM), "-an"),
        *("-vf", "scale=640:-2" + (",drawbox=x=220:y=200:w=60:h=78:color=red" if marked else "")),
        *("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov"),
        *("-f", "mp4", "-"),
    ]
    return subprocess.run(command, capture_output=True, check=True).stdout
