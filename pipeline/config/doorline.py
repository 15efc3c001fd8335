"""A whole configuration file."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import (
    Field,
    model_validator,
)

from pipeline.addresses import is_channel, parse_channel
from pipeline.config.cameras import CameraSettings, GatewaySettings, LiveSettings, LookSettings, PatrolMode, PatrolSettings, StreamSettings
from pipeline.config.eyes import GuardSettings, StaticObjectSettings, YoloSettings
from pipeline.config.fields import Settings
from pipeline.config.notify import NotifySettings
from pipeline.config.results import EvidenceSettings, RecordSettings
from pipeline.config.review import ReviewSettings
from pipeline.config.rules import RuleSettings


class DoorlineSettings(Settings):
    """A whole configuration file."""

    cameras: tuple[CameraSettings, ...] = Field(min_length=1)
    """The cameras, at least one."""
    shops: Path | None = None
    """The shop list (docs/shops.md); left out: shop codes are not checked and no tenant is named."""
    observations: Path = Path("out/observations")
    """Folder of the observation logs."""
    looks: LookSettings = LookSettings()
    """How often to look, and at what time that was."""
    streams: StreamSettings = StreamSettings()
    """How live streams are connected to."""
    gateways: tuple[GatewaySettings, ...] = ()
    """GB/T 28181 gateways, for cameras whose ``stream`` is ``gb28181://``."""
    live: LiveSettings = LiveSettings()
    """How live streams are watched."""
    patrol: PatrolSettings = PatrolSettings()
    """How cameras take turns where there are too many."""
    guards: GuardSettings = GuardSettings()
    """Which pictures may count."""
    yolo: YoloSettings | None = None
    """The detector that names things; left out: only what was put down is seen."""
    static_object: StaticObjectSettings = StaticObjectSettings()
    """The detector of what was put down."""
    rules: RuleSettings = RuleSettings()
    """When it is a violation."""
    evidence: EvidenceSettings = EvidenceSettings()
    """What is kept as proof."""
    records: RecordSettings = RecordSettings()
    """Where records go."""
    notify: NotifySettings = NotifySettings()
    """Who is told."""
    review: ReviewSettings = ReviewSettings()
    """The web console."""

    @model_validator(mode="after")
    def _can_see_and_tell_apart(self) -> Self:
        if self.yolo is None and not self.static_object.enabled:
            raise ValueError("no detector: give a 'yolo' section or enable 'static_object'")
        if self.looks.interval_s > self.rules.longest_look_interval_s:
            raise ValueError(
                f"looks.interval_s ({self.looks.interval_s:g}) is longer than rules.longest_look_interval_s "
                f"({self.rules.longest_look_interval_s:g}): every step would be a gap and nothing could ever be reported"
            )
        for camera in self.cameras:
            if camera.interval_s is not None and camera.interval_s > self.rules.longest_look_interval_s:
                raise ValueError(
                    f"interval_s of camera {camera.id} ({camera.interval_s:g}) is longer than rules.longest_look_interval_s "
                    f"({self.rules.longest_look_interval_s:g}): every step would be a gap"
                )
        ids = [camera.id for camera in self.cameras]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"camera id used more than once: {', '.join(twice)}")
        return self

    def patrol_of(self, camera: CameraSettings) -> PatrolMode:
        """When this camera is watched live."""
        return camera.patrol or (PatrolMode.TOURED if self.patrol.slots else PatrolMode.ALWAYS)

    @model_validator(mode="after")
    def _shops_have_numbers(self) -> Self:
        writing = [receiver.name for receiver in self.notify.receivers if receiver.to_contact]
        if writing and self.shops is None:
            raise ValueError(f"receiver {writing[0]} writes to shops (to_contact), but there is no shop list: give 'shops'")
        return self

    @model_validator(mode="after")
    def _turns_can_be_taken(self) -> Self:
        known = [camera.id for camera in self.cameras]
        unknown = sorted({name for item in self.rules.overrides for name in item.cameras if name not in known})
        if unknown:
            raise ValueError(f"rules.overrides: no such camera: {', '.join(unknown)}; cameras: {', '.join(known)}")
        for camera in self.cameras:
            if self.patrol_of(camera) is not PatrolMode.TOURED:
                continue
            if not self.patrol.slots:
                raise ValueError(f"patrol of camera {camera.id}: toured, but patrol.slots is 0: nobody would ever watch it")
            interval_s = camera.interval_s or self.looks.interval_s
            if self.patrol.stay_s < 2 * interval_s:
                raise ValueError(
                    f"patrol.stay_s ({self.patrol.stay_s:g}) gives camera {camera.id} no two looks; they come every {interval_s:g} s"
                )
        return self

    @model_validator(mode="after")
    def _streams_have_their_gateway(self) -> Self:
        names = [gateway.name for gateway in self.gateways]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"gateway name used more than once: {', '.join(twice)}")
        known = ", ".join(names) or "none"
        for camera in self.cameras:
            wanted = parse_channel(camera.stream).gateway if is_channel(camera.stream) else None
            if wanted and wanted not in names:
                raise ValueError(f"stream of camera {camera.id}: no such gateway: {wanted}; gateways: {known}")
            if wanted == "" and len(names) != 1:
                raise ValueError(f"stream of camera {camera.id}: it names no gateway, and there is not exactly one; gateways: {known}")
        return self
