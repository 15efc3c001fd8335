"""What the pages show, made of what the records hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import EvidenceError
from pipeline.records import CasePhoto, CaseRow, ViolationDetail
from pipeline.types import EvidenceFile, TargetKind

_THUMBNAILS = ("confirmed_wide_marked", "first_seen_wide_marked", "middle_wide_marked", "first_seen_wide")
_MOMENTS = ("first_seen", "warned", "confirmed", "peak", "last_seen", "cleared")
_STILLS = ("first_seen", "middle", "confirmed", "after")
_MARKED = "_marked"


@dataclass(frozen=True, slots=True)
class ShopView:
    """A shop on whose ground it may be; ``name`` is "" where nobody is known to have held it."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case as a list shows it. ``violation`` has the same in full."""

    violation_id: str
    url: str
    state: str
    version: int
    kind: str
    camera_id: str
    camera_name: str
    place: str
    street: str
    shops: tuple[ShopView, ...]
    ambiguous: bool
    gaps: bool
    complete: bool
    standing: bool
    first_seen: datetime | None
    dwell_s: float
    gap_s: float
    things: int
    thumbnail_url: str
    claimed_by: str
    claimed_by_me: bool
    shop_code: str
    squad: str
    deadline: datetime | None
    late: bool
    left_s: float | None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment within a clip."""

    name: str
    at_s: float


@dataclass(frozen=True, slots=True)
class ClipView:
    """A clip and its marked copy ("" where there is none). ``begin_s`` is the media time of its first picture."""

    what: str
    url: str
    marked_url: str
    begin_s: float
    duration_s: float
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class StillView:
    """A still and its marked copy ("" where there is none)."""

    what: str
    url: str
    marked_url: str
    captured_at: datetime | None
    media_time_s: float | None


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo of a squad; ``number`` counts from 1. ``gone``: its file is missing on the disk."""

    number: int
    url: str
    by: str
    at: datetime
    note: str
    sha256: str
    gone: bool


@dataclass(frozen=True, slots=True)
class StretchView:
    """Looks in a row that say the same; media times of the first and the last of them."""

    what: str
    from_s: float
    to_s: float
    looks: int
    reason: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A step in the life of a violation."""

    name: str
    media_s: float
    at: datetime | None


def case_view(row: CaseRow, me: str, now: datetime, shown_name: Callable[[str], str], query: str = "") -> CaseView:
    """A case in a list; ``query`` goes into its address, so that the item knows which queue it is from."""
    found = row.violation
    has_hold = row.claimed_by is not None and row.claimed_until is not None and row.claimed_until > now
    url = f"/cases/{row.violation_id}"
    return CaseView(
        violation_id=row.violation_id,
        url=f"{url}?{query}" if query else url,
        state=row.state.value,
        version=row.version,
        kind=found.kind.value,
        camera_id=found.camera_id,
        camera_name=found.camera_name,
        place=found.place or found.camera_place,
        street=row.street,
        shops=tuple(ShopView(code, name) for code, name in zip(found.shop_codes, found.shop_names, strict=True)),
        ambiguous=found.target is TargetKind.AMBIGUOUS,
        gaps=found.gap_s > 0,
        complete=found.complete,
        standing=found.open,
        first_seen=found.first_seen_at,
        dwell_s=found.dwell_s,
        gap_s=found.gap_s,
        things=found.peak_things,
        thumbnail_url=f"/media/{row.violation_id}/thumbnail" if found.manifest_sha256 else "",
        claimed_by=shown_name(row.claimed_by or "") if has_hold else "",
        claimed_by_me=has_hold and row.claimed_by == me,
        shop_code=row.shop_code or "",
        squad=row.squad,
        deadline=row.deadline,
        late=row.deadline is not None and row.deadline < now,
        left_s=None if row.deadline is None else (row.deadline - now).total_seconds(),
    )


def media_url(violation_id: str, file: EvidenceFile) -> str:
    """By what it is, never by path; another content has another address."""
    return f"/media/{violation_id}/{file.what}?v={file.sha256[:12]}"


def thumbnail_of(evidence: Sequence[EvidenceFile]) -> EvidenceFile | None:
    """The picture that stands for a violation in a list."""
    known = {file.what: file for file in evidence}
    return next((known[what] for what in _THUMBNAILS if what in known), None)


def clips_of(detail: ViolationDetail, manifest: Mapping[str, Any]) -> tuple[ClipView, ...]:
    """All clips, oldest first, with the moments that each of them shows."""
    known = {file.what: file for file in detail.evidence}
    told = {entry.get("what"): entry for entry in manifest.get("files", ())}
    moments = moments_of(detail)
    clips = []
    for what, file in known.items():
        if not what.startswith("clip_") or what.endswith(_MARKED) or file.media_time_s is None:
            continue
        begin_s, end_s = file.media_time_s, float(told.get(what, {}).get("media_end_time_s") or file.media_time_s)
        marks = tuple(Mark(moment.name, moment.media_s - begin_s) for moment in moments if begin_s <= moment.media_s <= end_s)
        marked = known.get(what + _MARKED)
        clips.append(
            ClipView(
                what,
                media_url(detail.violation.violation_id, file),
                media_url(detail.violation.violation_id, marked) if marked else "",
                begin_s,
                max(0.0, end_s - begin_s),
                marks,
            )
        )
    return tuple(sorted(clips, key=lambda clip: clip.begin_s))


def stills_of(detail: ViolationDetail) -> tuple[StillView, ...]:
    """All stills in the order of their moments, wide before close."""
    known = {file.what: file for file in detail.evidence}
    wanted = [f"{moment}_{size}" for moment in _STILLS for size in ("wide", "close")]
    return tuple(_still(detail, known[what], known.get(what + _MARKED)) for what in wanted if what in known)


def reference_of(detail: ViolationDetail, size: str) -> StillView | None:
    """The clean reference picture, ``wide`` or ``close``."""
    known = {file.what: file for file in detail.evidence}
    file = known.get(f"reference_{size}")
    return None if file is None else _still(detail, file, known.get(file.what + _MARKED))


def photo_url(photo: CasePhoto) -> str:
    """By its id, never by path."""
    return f"/media/{photo.violation_id}/photos/{photo.photo_id}"


def photos_of(photos: Sequence[CasePhoto], folder: Path, shown_name: Callable[[str], str]) -> tuple[PhotoView, ...]:
    """Oldest first; ``folder`` is the evidence folder."""
    return tuple(
        PhotoView(
            number,
            photo_url(photo),
            shown_name(photo.added_by),
            photo.added_at,
            photo.note,
            photo.sha256,
            not (folder / photo.path).is_file(),
        )
        for number, photo in enumerate(photos, start=1)
    )


def timeline_of(manifest: Mapping[str, Any]) -> tuple[StretchView, ...]:
    """What the looks saw, as the manifest tells; empty where it was written before manifests told."""
    return tuple(
        StretchView(each["seen"], each["from_s"], each["to_s"], each["looks"], each["reason"] or "")
        for each in manifest.get("look_timeline", ())
    )


def moments_of(detail: ViolationDetail) -> tuple[Moment, ...]:
    """When what happened, as far as it did."""
    found = detail.violation
    moments = ((name, getattr(found, f"{name}_media_s"), getattr(found, f"{name}_at")) for name in _MOMENTS)
    return tuple(Moment(name, media_s, at) for name, media_s, at in moments if media_s is not None)


def versions_of(detail: ViolationDetail) -> tuple[tuple[str, str], ...]:
    """Everything that a judgement rests on: catalogue key -> version or hash."""
    found, run = detail.violation, detail.run
    return (
        ("version.violation", found.violation_id),
        ("version.run", run.run_id),
        ("version.code", run.code_version),
        ("version.model", run.model_sha256),
        ("version.config", run.config_sha256),
        ("version.zones", found.zone_version),
        ("version.rules", found.rule_version),
        ("version.manifest", found.manifest_sha256 or "–"),
    )


def read_manifest(folder: Path, detail: ViolationDetail) -> dict[str, Any]:
    """The manifest of a violation's evidence; empty where there is no evidence.

    Raises EvidenceError where there should be one and it is missing or can't be read.
    """
    if not detail.evidence:
        return {}
    path = folder / Path(detail.evidence[0].path).parent / "manifest.json"
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as err:
        raise EvidenceError("the manifest is missing or can't be read", where=path.parent.name, found=str(err)) from err
    if not isinstance(content, dict):
        raise EvidenceError("the manifest can't be read", where=path.parent.name, expected="an object")
    return content


def _still(detail: ViolationDetail, file: EvidenceFile, marked: EvidenceFile | None) -> StillView:
    violation_id = detail.violation.violation_id
    return StillView(
        file.what,
        media_url(violation_id, file),
        media_url(violation_id, marked) if marked else "",
        file.captured_at,
        file.media_time_s,
    )
