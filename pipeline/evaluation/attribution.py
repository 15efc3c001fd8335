"""Whether a find names whose it is. Pure."""

from __future__ import annotations

from enum import StrEnum

from pipeline.evaluation.judged import Found
from pipeline.evaluation.truth import TruthEvent


class Attribution(StrEnum):
    """Whom a find names, compared with the truth."""

    RIGHT_SHOP = "right_shop"
    WRONG_SHOP = "wrong_shop"
    """Names one shop, and it has nothing to do with it: the worst mistake there is."""
    RIGHT_AMBIGUOUS = "right_ambiguous"
    """Nobody can tell, and the find leaves it open among the same shops."""
    WRONG_AMBIGUOUS = "wrong_ambiguous"
    """Leaves open what is clear, decides what is open, or leaves it open among others."""
    RIGHT_PLACE = "right_place"
    WRONG_PLACE = "wrong_place"
    """Another place, or a place where a shop could be named."""


RIGHT = frozenset({Attribution.RIGHT_SHOP, Attribution.RIGHT_AMBIGUOUS, Attribution.RIGHT_PLACE})


def attribution_of(event: TruthEvent, found: Found) -> Attribution:
    """Compare the shops, or the place, of a find with those of its event."""
    told, true = set(found.shop_codes), set(event.shop_codes)
    if len(told) == 1:
        if not told & true:
            return Attribution.WRONG_SHOP
        return Attribution.RIGHT_SHOP if told == true else Attribution.WRONG_AMBIGUOUS
    if told:
        return Attribution.RIGHT_AMBIGUOUS if told == true else Attribution.WRONG_AMBIGUOUS
    if true:
        return Attribution.WRONG_PLACE
    return Attribution.RIGHT_PLACE if event.place in {None, found.place} else Attribution.WRONG_PLACE
