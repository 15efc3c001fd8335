"""Writes the evidence of violations: stills, clips and manifest, all of it or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pipeline.config import CameraSettings, EvidenceSettings
from pipeline.errors import EvidenceError, NoPictureError, SourceError
from pipeline.evidence.clip import ClipSpan, OriginalClip, clip_spans, make_original, span_statements
from pipeline.evidence.draft import Details, Draft, reason_of
from pipeline.evidence.folders import MANIFEST_NAME, Chain, file_sha256, partial_folder, publish, require_room, violation_folder, write_file
from pipeline.evidence.look_timeline import look_timeline
from pipeline.evidence.manifest import FORMAT, as_json, digest_of, plain_fields, read_manifest
from pipeline.evidence.marked_clip import render_marked
from pipeline.evidence.material import Material, gaps_of
from pipeline.evidence.overlay import Marks
from pipeline.evidence.stills import add_reference, add_stills
from pipeline.shops import Tenancy
from pipeline.stages import Footage
from pipeline.types import ClockSource, EvidenceFile, Observation, RunInfo, SourceClock, Violation
from pipeline.zones import CameraZones

_NOBODY: Mapping[str, Tenancy] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ViolationEvidence:
    """The evidence of one violation as it stands on disk.

    ``manifest_path`` and the paths of ``files`` are relative to the evidence folder, with forward slashes.
    ``missing`` names each part that could not be made, with its reason; only a ``complete`` set may be submitted.
    """

    files: tuple[EvidenceFile, ...]
    manifest_path: str
    manifest_sha256: str
    previous_manifest_sha256: str | None
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


class EvidenceWriter:
    """Writes the evidence of one camera's violations within one run."""

    def __init__(self, settings: EvidenceSettings, run: RunInfo, camera: CameraSettings, zones: CameraZones) -> None:
        """Nothing is written yet."""
        self._settings = settings
        self._run = run
        self._camera = camera
        self._zones = zones
        self._chain = Chain(settings.folder / run.run_id)

    def write(
        self,
        violation: Violation,
        footage: Footage,
        observations: Sequence[Observation],
        clock: SourceClock,
        *,
        source: str = "",
        tenants: Mapping[str, Tenancy] = _NOBODY,
    ) -> ViolationEvidence:
        """Write the whole set of one violation that is over, in one step; an older set of this run is replaced.

        Args:
            violation: its last snapshot.
            footage: what it was seen in, on the timeline of the observations.
            observations: the looks of its span plus the margins before and after, in rising time.
            clock: of the footage.
            source: name of the footage for the record, without secrets.
            tenants: who held the shop at that time, by shop code.

        Returns:
            The files, as they lie on disk, synced. Only now may a row name them.

        Raises:
            EvidenceError: the disk is full or refuses, ffmpeg failed, or the footage gives no picture at all.
                Nothing half-written is left.
        """
        folder = self._settings.folder
        final = violation_folder(folder, self._run.run_id, self._camera.id, violation.violation_id)
        material = Material(violation, footage, tuple(observations), clock, source, tenants)
        with partial_folder(final.with_name(final.name + ".work")) as work, partial_folder(final) as partial:
            draft = Draft(partial, work)
            self._make_files(draft, material)
            return self._finish(draft, material, final)

    def _make_files(self, draft: Draft, material: Material) -> None:
        marks = Marks(material, self._camera, self._zones)
        add_stills(draft, material, self._settings, marks)
        for span in clip_spans(material, self._settings):
            self._add_clip(draft, material, span, marks)
        if not draft.files:
            raise NoPictureError("footage gives no picture for evidence", where=material.source, found="; ".join(draft.missing))
        if material.violation.confirmed_at is None:
            draft.missing.append("clip_confirmed: the dwell was never reached")
        add_reference(draft, self._zones.reference, material.violation.box, self._settings, marks)
        self._state_times(draft, material)

    def _add_clip(self, draft: Draft, material: Material, span: ClipSpan, marks: Marks) -> None:
        target = draft.folder / f"{span.name}.mp4"
        try:
            clip = make_original(span, material.footage, self._settings, draft.work, target)
        except SourceError as err:
            require_room(draft.work)
            target.unlink(missing_ok=True)
            draft.missing.append(f"{span.name}: {reason_of(err)}")
            return
        except EvidenceError:
            require_room(draft.work)
            raise
        for statement in span_statements(span, clip, self._settings):
            draft.state(statement)
        draft.add_file(
            target.name, clip.first_media_time_s, _clip_details(clip, span) | {"width_px": clip.width_px, "height_px": clip.height_px}
        )
        marked = draft.folder / f"{span.name}_marked.mp4"
        style = render_marked(clip, material, self._settings, marks, draft.work, marked)
        details = _clip_details(clip, span) | {"width_px": style.width_px, "height_px": style.total_px, "strip_px": style.strip_px}
        draft.add_file(marked.name, clip.first_media_time_s, details | {"method": "rendered from the stored looks", "codec": "h264"})

    def _state_times(self, draft: Draft, material: Material) -> None:
        if not material.clock.known:
            draft.state("clock: nobody knows when the source was recorded; all times are media times")
        for gap in gaps_of(material):
            draft.state(f"gap: {gap.looks} looks from media time {gap.from_s:.1f} to {gap.to_s:.1f} s do not count ({gap.reason.value})")

    def _finish(self, draft: Draft, material: Material, final: Path) -> ViolationEvidence:
        """Link the manifest into the run's chain and give the set its name."""
        with self._chain.locked():
            newest = self._chain.newest()
            older = _older(final / MANIFEST_NAME)
            previous, replaces = (older.previous, older.replaces) if older else (newest, ())
            data = as_json(self._content(draft, material, previous, replaces))
            if older and digest_of(data) != older.sha256:
                replaces = (*replaces, older.sha256)
                data = as_json(self._content(draft, material, previous, replaces))
            digest = digest_of(data)
            write_file(draft.folder / MANIFEST_NAME, data)
            if older is None or (older.sha256 == newest and digest != newest):
                self._chain.announce(final / MANIFEST_NAME, digest, newest)
            publish(draft.folder, final)
        base = final.relative_to(self._settings.folder).as_posix()
        files = tuple(
            EvidenceFile(
                f"{base}/{file.name}", file.sha256, file.bytes, material.captured_at(file.media_time_s), file.media_time_s, file.what
            )
            for file in draft.files
        )
        return ViolationEvidence(files, f"{base}/{MANIFEST_NAME}", digest, previous, tuple(draft.missing))

    def _content(self, draft: Draft, material: Material, previous: str | None, replaces: tuple[str, ...]) -> dict[str, Any]:
        violation, zones = material.violation, self._zones
        codes = violation.target.shop_codes
        return {
            "format": FORMAT,
            "run": plain_fields(self._run),
            "previous_manifest_sha256": previous,
            "replaces_manifest_sha256": replaces,
            "violation": _violation_content(material),
            "media_times_s": _media_times(material),
            "camera": {"id": self._camera.id, "name": self._camera.name, "place": self._camera.place, "street": self._camera.street},
            "shops": [
                {"code": code, "tenant": plain_fields(material.tenants[code]) if code in material.tenants else None} for code in codes
            ],
            "zones": {"version": zones.version, "author": zones.author, "drawn_on": zones.drawn_on, "reason": zones.reason},
            "rule_version": violation.rule_version,
            "model_versions": sorted({item.model_version for item in material.observations}),
            "source": material.source,
            "clock": _clock_content(material),
            "looks": {"all": len(material.observations), "gaps": sum(item.gap is not None for item in material.observations)},
            "look_timeline": [
                {
                    "seen": each.seen.value,
                    "reason": each.reason.value if each.reason else None,
                    "from_s": each.from_s,
                    "to_s": each.to_s,
                    "looks": each.looks,
                }
                for each in look_timeline(material)
            ],
            "files": [
                {
                    "name": file.name,
                    "what": file.what,
                    "sha256": file.sha256,
                    "bytes": file.bytes,
                    "captured_at": material.captured_at(file.media_time_s),
                    "media_time_s": file.media_time_s,
                    **file.details,
                }
                for file in draft.files
            ],
            "missing": draft.missing,
            "complete": not draft.missing,
            "statements": draft.statements,
        }


@dataclass(frozen=True, slots=True)
class _Older:
    """The manifest of this run and violation that is being replaced. It keeps its link in the chain."""

    sha256: str
    previous: str | None
    replaces: tuple[str, ...]


def _older(path: Path) -> _Older | None:
    if not path.exists():
        return None
    try:
        content = read_manifest(path)
    except EvidenceError:
        # Damaged, so it has no link left to keep: the new one goes to the end of the chain.
        return None
    return _Older(file_sha256(path), content["previous_manifest_sha256"], tuple(content["replaces_manifest_sha256"]))


def _clip_details(clip: OriginalClip, span: ClipSpan) -> Details:
    return {
        "media_end_time_s": clip.last_media_time_s,
        "pictures": len(clip.picture_times_s),
        "method": clip.method,
        "codec": clip.codec,
        "shows": " ".join(name for name, _ in span.moments),
    }


def _violation_content(material: Material) -> dict[str, Any]:
    """All fields; those that hold a time are null where the wall clock is unknown."""
    fields = plain_fields(material.violation)
    if material.clock.known:
        return fields
    return {name: None if isinstance(value, datetime) else value for name, value in fields.items()}


def _media_times(material: Material) -> dict[str, float | None]:
    """Media times of the moments of a violation, by name."""
    names = ("first_seen", "warned", "confirmed", "last_seen", "cleared", "peak")
    moments = {name: getattr(material.violation, f"{name}_at") for name in names}
    return {name: None if at is None else material.media_time_s(at) for name, at in moments.items()}


def _clock_content(material: Material) -> dict[str, Any]:
    """Camera time, receive time and their offset. Recorded footage was received by nobody, a live stream says no camera time."""
    violation = material.violation
    known = material.clock.known
    received = material.clock.source is ClockSource.RECEIVED
    return {
        "source": material.clock.source.value,
        "start_at": material.clock.start_at if known else None,
        "camera_time_first_seen": violation.first_seen_at if known and not received else None,
        "camera_time_confirmed": violation.confirmed_at if known and not received else None,
        "receive_time": violation.first_seen_at if received else None,
        "receive_time_confirmed": violation.confirmed_at if received else None,
        "offset_s": None,
        "note": (
            "live stream: times are those of receipt; the stream says nothing of the camera's own clock"
            if received
            else "recorded footage: no receive time, so the offset of the camera's clock can't be told"
        ),
    }
