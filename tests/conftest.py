"""For all tests: a slow machine is no reason to fail."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("doorline", deadline=None)
settings.load_profile("doorline")
