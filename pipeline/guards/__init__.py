"""May a look count? A guard says no with a reason, and the look becomes a gap."""

from __future__ import annotations

from pipeline.config import GuardSettings
from pipeline.guards.camera_pose import CameraPoseGuard
from pipeline.guards.frame_quality import FrameQualityGuard
from pipeline.stages import Guard
from pipeline.types import Image

__all__ = ["CameraPoseGuard", "FrameQualityGuard", "guards_for"]


def guards_for(settings: GuardSettings, reference: Image | None) -> tuple[Guard, ...]:
    """Fresh guards for one camera, in the order in which they judge. reference: the picture that its zones were drawn on."""
    return FrameQualityGuard(settings), CameraPoseGuard(settings, reference)
