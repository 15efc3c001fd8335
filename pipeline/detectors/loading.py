"""Settings -> the eyes of every camera, with the model loaded once per process."""

from __future__ import annotations

from pipeline.config import DoorlineSettings
from pipeline.detectors.model_card import load_card
from pipeline.detectors.unchanged import UnchangedZonesDetector
from pipeline.detectors.yolo import YoloDetector, YoloModel
from pipeline.errors import ConfigError
from pipeline.stages import Detector
from pipeline.zones import CameraZones

NO_MODEL = "none"
"""Stands for version and hash where no YOLO is configured."""


class LoadedDetectors:
    """What a process has loaded. Chains made from it share the model; each of them belongs to one thread at a time."""

    def __init__(self, settings: DoorlineSettings, model: YoloModel | None) -> None:
        """See load_detectors."""
        self._settings = settings
        self._model = model

    @property
    def model_sha256(self) -> str:
        """Of the weights, for RunInfo; NO_MODEL without YOLO."""
        return self._model.sha256 if self._model else NO_MODEL

    @property
    def version(self) -> str:
        """Of the model with its card and settings; NO_MODEL without YOLO."""
        return self._model.version if self._model else NO_MODEL

    def under(self, settings: DoorlineSettings) -> LoadedDetectors:
        """The same model under other settings. ConfigError where these name another model: that one must be loaded first."""
        if settings.yolo != self._settings.yolo:
            raise ConfigError("another model can't be taken up while looking", where="yolo", hint="Start the program anew")
        return LoadedDetectors(settings, self._model)

    def chain_for(self, zones: CameraZones) -> tuple[Detector, ...]:
        """Fresh eyes for one source of one camera, in the order in which they look."""
        chain: list[Detector] = []
        yolo = self._settings.yolo
        if self._model and yolo:
            eye: Detector = YoloDetector(self._model, zones)
            chain.append(UnchangedZonesDetector(eye, zones, yolo.full_look_every_s) if yolo.skip_unchanged else eye)
        if self._settings.static_object.enabled:
            from pipeline.detectors.static_object import StaticObjectDetector

            closer_look = self._model.closer_look if self._model else None
            chain.append(StaticObjectDetector(self._settings.static_object, zones, closer_look))
        return tuple(chain)


def load_detectors(settings: DoorlineSettings) -> LoadedDetectors:
    """Load what the settings name, once per process. Raises ModelError or FaultsError (model card)."""
    if settings.yolo is None:
        return LoadedDetectors(settings, None)
    return LoadedDetectors(settings, YoloModel.load(load_card(settings.yolo.card), settings.yolo))
