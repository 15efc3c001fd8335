"""The eight streets as plans: pure values that zones, scripts and architecture are made from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sample_videos.generator.streets import feng, huai, lan, liu, mei, tong, xing, zhu
from sample_videos.generator.streets.styles import columns, floor_z
from sample_videos.generator.values import StreetPlan

STREETS: Mapping[str, StreetPlan] = MappingProxyType(
    {plan.name: plan for plan in (tong.PLAN, huai.PLAN, liu.PLAN, feng.PLAN, xing.PLAN, zhu.PLAN, mei.PLAN, lan.PLAN)}
)
"""All plans by name; `held_out` ones are never trained on."""


def street(name: str) -> StreetPlan:
    """The plan of that name; KeyError lists the names that exist."""
    if name not in STREETS:
        raise KeyError(f"no street named {name!r}; there are {', '.join(STREETS)}")
    return STREETS[name]


__all__ = ["STREETS", "columns", "floor_z", "street"]
