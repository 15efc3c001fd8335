"""May a look count? A guard says no with a reason, and the look becomes a gap."""

from pipeline.guards.frame_quality import FrameQualityGuard

__all__ = ["FrameQualityGuard"]
