"""Scenes judged by the whole product, and what came of it against the truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from pipeline.archive.planning import ArchiveRequest, plan_archive
from pipeline.batch import BatchRequest, run_batch
from pipeline.config import DoorlineSettings
from pipeline.config_files import load_settings
from pipeline.detectors import LoadedDetectors, load_detectors
from pipeline.guards import guards_for
from pipeline.reports import Hooks
from pipeline.rules import RuleEngine
from pipeline.runner import CameraStages, run_source
from pipeline.settling import Settling
from pipeline.types import UNKNOWN_EPOCH, Violation
from pipeline.zones.reference_picture import load_reference
from pipeline.zones.zone_files import load_zones
from tests.footage.scenes import PROJECT, Scene, Truth
from tests.footage.trouble import Staged

CONFIG = Path(__file__).resolve().parent / "footage.yaml"
COCO_CARD, STREET_CARD = CONFIG.parent / "models/coco-yolo11n-int8/card.yaml", PROJECT / "models/street-n/card.yaml"
"""A public model beside the project, and the project's own."""
MIN_IOU = 0.3
"""Overlap with the true box from which a violation is on the thing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one scene gave. ``pairs`` joins each thing put down with the violation that is on it, None where there is none."""

    name: str
    pairs: tuple[tuple[Truth, Violation | None], ...]
    false: tuple[Violation, ...]

    @property
    def hits(self) -> int:
        """Things put down that one violation is on, first seen in the time that is right."""
        return sum(found is not None for _, found in self.pairs)

    @property
    def right(self) -> bool:
        """Everything put down was found, nothing else was."""
        return self.hits == len(self.pairs) and not self.false


def judge_clips(scenes: Iterable[Scene], interval_s: float, folder: Path, card: Path = COCO_CARD) -> dict[str, Outcome]:
    """Run ``doorline batch``'s own function over the clips, with records and evidence below ``folder``. card: of the model.

    Raises AssertionError if a source failed.
    """
    settings = _settings(interval_s, folder, card)
    scenes = tuple(scenes)
    plan = plan_archive(settings, ArchiveRequest(tuple(str(scene.path) for scene in scenes)))
    hooks = Hooks(now=lambda: datetime.now(UTC), new_run_id=lambda: f"footage-{interval_s:g}s")
    report = run_batch(BatchRequest(settings, CONFIG.read_text(encoding="utf-8"), plan), hooks)
    outcomes = {}
    reports = {source.uri: source for source in report.sources}
    for scene in scenes:
        source = reports[str(scene.path)]
        assert source.error is None, source.error
        assert source.clock is not None
        offset_s = _name_offset_s(scene)
        found = [stored.violation for stored in source.violations]
        times = [(found_one.first_seen_at - source.clock.start_at).total_seconds() + offset_s for found_one in found]
        outcomes[scene.name] = compare(scene.name, scene.truths, found, times)
    return outcomes


def judge_looks(scene: Scene, staged: Staged, interval_s: float, card: Path = COCO_CARD) -> Outcome:
    """Show looks that lie in memory to the same guards, eyes and rules."""
    settings = _settings(interval_s, Path("unused"), card)
    camera = next(camera for camera in settings.cameras if camera.id == scene.name)
    zones = load_zones(camera.zones, camera_id=camera.id, shops=None)
    engine = RuleEngine(camera, zones, None, settings.rules, clock_known=False, timeline=scene.name)
    stages = CameraStages(guards_for(settings.guards, load_reference(zones)), _eyes(card).chain_for(zones), engine, zones.version)
    settling = Settling()
    last = staged.looks[-1].captured_at
    for step in run_source(staged.looks, stages, batch=settings.looks.batch):
        settling.add(step.events)
    settling.add(engine.finish(last))
    found = [held.violation for held in settling.take_all()]
    times = [(violation.first_seen_at - UNKNOWN_EPOCH).total_seconds() for violation in found]
    return compare(scene.name, staged.truths, found, times)


def compare(name: str, truths: Sequence[Truth], found: Sequence[Violation], first_seen_s: Sequence[float]) -> Outcome:
    """Join things and violations, each at most once; whatever is left of the violations is false."""
    left = list(range(len(found)))
    pairs: list[tuple[Truth, Violation | None]] = []
    for truth in truths:
        on_it = [
            index
            for index in left
            if found[index].box.iou(truth.box) >= MIN_IOU and truth.since_from_s <= first_seen_s[index] <= truth.since_to_s
        ]
        if on_it:
            left.remove(on_it[0])
        pairs.append((truth, found[on_it[0]] if on_it else None))
    return Outcome(name, tuple(pairs), tuple(found[index] for index in left))


def _name_offset_s(scene: Scene) -> float:
    """Folders count from their first picture, whose name is its second."""
    return float(min(path.stem for path in scene.path.glob("*.jpg"))) if scene.path.is_dir() else 0.0


def _settings(interval_s: float, folder: Path, card: Path) -> DoorlineSettings:
    settings = load_settings(CONFIG)
    assert settings.yolo is not None
    return settings.model_copy(
        update={
            "yolo": settings.yolo.model_copy(update={"card": card}),
            "looks": settings.looks.model_copy(update={"interval_s": interval_s}),
            "evidence": settings.evidence.model_copy(update={"folder": folder / "evidence"}),
            "observations": folder / "observations",
            "records": settings.records.model_copy(update={"url": f"sqlite:///{folder}/doorline.db"}),
        }
    )


@lru_cache(maxsize=2)
def _eyes(card: Path) -> LoadedDetectors:
    return load_detectors(_settings(1.0, Path("unused"), card))
