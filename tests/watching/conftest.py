"""The small street of the live tests."""

from __future__ import annotations

from tests.live.conftest import ClipFactory, clip, street

__all__ = ["ClipFactory", "clip", "street"]
