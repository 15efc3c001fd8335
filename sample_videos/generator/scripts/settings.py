"""Settings of rules.dwell that several samples share: short, so that everything happens within a clip."""

from types import MappingProxyType

DWELL = MappingProxyType(
    {
        "warn_after_s": 4.0,
        "candidate_after_s": 8.0,
        "longest_gap_s": 10.0,
        "clear_looks": 3.0,
        "clear_span_s": 5.0,
        "reopen_within_s": 20.0,
        "loading_grace_s": 0.0,
    }
)
"""As configs/demo.yaml. No grace for loading: what is set out and stays is reported at once."""
