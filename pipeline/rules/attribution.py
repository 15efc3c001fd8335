"""Whose is it? One shop only where the overlap clearly favours it; else the candidates, among whom a person chooses."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.config import ContactSettings
from pipeline.rules.ground import Ground
from pipeline.types import Target, TargetKind

_TWICE = 2.0
_RELEVANT_SHARE = 0.1


def in_frontage(shops: Mapping[str, float], places: Mapping[str, float]) -> bool:
    """Whether things that lie on these shares of ground belong to frontages rather than to public ground."""
    return bool(shops) and sum(shops.values()) >= sum(places.values())


def attribute(shops: Mapping[str, float], places: Mapping[str, float], contact: ContactSettings, ground: Ground) -> Target:
    """The target of things that lie on these shares of ground.

    ``shops`` and ``places`` are sums over looks in any unit; only their proportions count. One shop is named when
    it holds at least ``own_shop_share`` of what lies in frontages and twice any other's share. Candidates are all
    shops with a tenth of it or more, and always the two largest.
    """
    if not in_frontage(shops, places):
        return Target(TargetKind.PLACE, (), max(sorted(places), key=lambda name: places[name], default=""))
    ranked = sorted(shops, key=lambda code: (-shops[code], code))
    total = sum(shops.values())
    first = ranked[0]
    second = shops[ranked[1]] if len(ranked) > 1 else 0.0
    if shops[first] >= contact.own_shop_share * total and shops[first] >= _TWICE * second:
        return Target(TargetKind.SHOP, (first,), ground.place_of(first))
    candidates = sorted({*ranked[:2], *(code for code in ranked if shops[code] >= _RELEVANT_SHARE * total)})
    names = dict.fromkeys(ground.place_of(code) for code in candidates)
    return Target(TargetKind.AMBIGUOUS, tuple(candidates), " / ".join(name for name in names if name))
