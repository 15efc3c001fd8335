"""Every thing that can stand on a street: its name, its label for the street model and its size. Pure.

A thing is one design, that is one mesh; colours, prints and fillings vary with the seed. For every label some designs
are held out: they appear on the held-out streets only and never in training pictures, so that a figure measured
there tells what the model makes of shapes that it has never seen. Things without a label appear everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sample_videos.generator.catalogue_goods import goods
from sample_videos.generator.catalogue_seating import seating
from sample_videos.generator.catalogue_selling import canopies, racks_and_signs, stalls
from sample_videos.generator.catalogue_spec import ThingSpec
from sample_videos.generator.catalogue_street import street_furniture
from sample_videos.generator.catalogue_wheels import wheels
from sample_videos.generator.values import LABELS

__all__ = ["THINGS", "ThingSpec", "names"]


def _all() -> dict[str, ThingSpec]:
    things: dict[str, ThingSpec] = {}
    for group in (goods, seating, racks_and_signs, stalls, canopies, wheels, street_furniture):
        for spec in group():
            if spec.name in things or spec.label not in (None, *LABELS):
                raise ValueError(f"{spec.name}: stands twice in the catalogue, or has an unknown label")
            things[spec.name] = spec
    return things


THINGS: Mapping[str, ThingSpec] = MappingProxyType(_all())
"""Everything that can be placed, by name."""


def names(kind_or_label: str | None, *, held_out: bool | None = None) -> tuple[str, ...]:
    """The things of a label or of a kind, in the catalogue's order; None: those without a label.

    held_out: only held-out designs, only the others, or (None) both.
    """
    found = [spec for spec in THINGS.values() if kind_or_label in ((spec.label,) if kind_or_label is None else (spec.label, spec.kind))]
    return tuple(spec.name for spec in found if held_out is None or spec.held_out is held_out)
