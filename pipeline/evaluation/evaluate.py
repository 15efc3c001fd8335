"""Runs compared with truths: from judged clips to figures.

Pure, but for reading zones and shops where the dwell of a configuration is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from pipeline.config import DoorlineSettings, DwellSettings
from pipeline.evaluation.due import claims_of
from pipeline.evaluation.figures import Breakdown, EvaluatedClip, Figures, breakdowns, figures_of
from pipeline.evaluation.judged import JudgedClip
from pipeline.evaluation.matching import MatchSettings, pair
from pipeline.evaluation.recorded import camera_of
from pipeline.evaluation.truth import ClipTruth
from pipeline.rules.permissions import Permissions
from pipeline.shops import load_shops
from pipeline.types import Target, TargetKind
from pipeline.zones.zone_files import load_zones


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All clips with their figures. ``not_judged`` are clips of the truth that the run says nothing about: they count nowhere.

    ``outside`` is the number of found violations that lie in no clip of the truth. ``judged_by`` names the run or logs.
    """

    judged_by: str
    settings: MatchSettings
    clips: tuple[EvaluatedClip, ...]
    not_judged: tuple[JudgedClip, ...]
    outside: int
    whole: Figures
    breakdowns: tuple[Breakdown, ...]


def evaluate(
    judged: Sequence[JudgedClip],
    dwells: Callable[[ClipTruth], Sequence[DwellSettings]],
    settings: MatchSettings,
    *,
    judged_by: str,
    outside: int = 0,
) -> Evaluation:
    """Pair events and finds of every clip and sum up. ``dwells`` gives the dwell that holds for each event of a clip."""
    clips = tuple(_evaluated(one, dwells(one.truth), settings) for one in judged if not one.problem)
    not_judged = tuple(one for one in judged if one.problem)
    return Evaluation(judged_by, settings, clips, not_judged, outside, figures_of("all", clips), breakdowns(clips))


def _evaluated(judged: JudgedClip, dwells: Sequence[DwellSettings], settings: MatchSettings) -> EvaluatedClip:
    claims = claims_of(judged.truth, dwells, margin_s=settings.margin_s)
    return EvaluatedClip(judged, claims, pair(claims, judged.found, settings))


def dwells_of_truth(settings: DoorlineSettings) -> Callable[[ClipTruth], Sequence[DwellSettings]]:
    """The dwell that a truth file names; the configuration's where it names none."""
    configured = dwells_of_configuration(settings)
    return lambda truth: [truth.dwell] * len(truth.events) if truth.dwell else configured(truth)


def dwells_of_configuration(settings: DoorlineSettings) -> Callable[[ClipTruth], Sequence[DwellSettings]]:
    """The dwell of the configuration with its overrides by kind, grade, street and hour, at the time of each event.

    ConfigError for a clip of a camera that is not configured.
    """
    shops = load_shops(settings.shops) if settings.shops else None

    def dwells(truth: ClipTruth) -> list[DwellSettings]:
        camera = camera_of(settings, truth.camera_id, str(truth.file))
        zones = load_zones(camera.zones, camera_id=camera.id, shops=shops)
        permissions = Permissions(camera, zones, shops, settings.rules, clock_known=True)
        return [
            permissions.dwell(event.kind, _target(event.shop_codes, event.place), truth.starts_at + timedelta(seconds=event.began_s))
            for event in truth.events
        ]

    return dwells


def _target(shop_codes: tuple[str, ...], place: str | None) -> Target:
    kinds = (TargetKind.PLACE, TargetKind.SHOP)
    return Target(kinds[len(shop_codes)] if len(shop_codes) < 2 else TargetKind.AMBIGUOUS, shop_codes, place or "")
