"""Settings of rules.dwell that several samples share: short, so that everything happens within a clip."""

from __future__ import annotations


def dwell(**other: float) -> dict[str, float]:
    """As configs/demo.yaml has them, but for those given."""
    settings = {
        "warn_after_s": 4.0,
        "candidate_after_s": 8.0,
        "longest_gap_s": 10.0,
        "clear_looks": 3.0,
        "clear_span_s": 5.0,
        "reopen_within_s": 20.0,
        "loading_grace_s": 0.0,
    }
    return settings | other
