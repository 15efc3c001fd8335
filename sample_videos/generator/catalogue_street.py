"""The catalogue: what belongs on a street and carries no label. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from sample_videos.generator.catalogue_spec import ThingSpec, rows


def street_furniture() -> Iterator[ThingSpec]:
    """What belongs on a street: it carries no label and must not be taken for goods."""
    yield from rows(
        None,
        "planting",
        ("planter_round", 0.80, 0.80, 0.95),
        ("planter_box", 1.40, 0.50, 0.95),
        ("bush", 1.10, 0.95, 0.95),
    )
    yield from rows(None, "tree", ("tree_plane", 4.60, 4.60, 7.20), ("tree_small", 2.80, 2.80, 4.60), ("tree_round", 3.40, 3.40, 5.20))
    yield from rows(
        None,
        "bin",
        ("bin", 0.42, 0.42, 0.92),
        ("recycling_bin", 0.96, 0.42, 1.02),
        ("wheelie_bin", 0.58, 0.72, 1.06),
    )
    yield from rows(
        None,
        "street",
        ("cone", 0.38, 0.38, 0.70),
        ("bollard", 0.18, 0.18, 0.85),
        ("manhole", 0.72, 0.72, 0.01),
        ("floor_drain", 0.60, 0.30, 0.01),
        ("hydrant", 0.40, 0.34, 0.78),
        ("cabinet", 0.95, 0.42, 1.30),
        ("utility_pole", 0.34, 0.34, 7.60),
        ("traffic_sign", 0.60, 0.14, 2.60),
        ("notice_board", 1.80, 0.35, 2.05),
        ("bicycle_rack", 2.20, 0.50, 0.78),
        ("bench", 1.43, 0.52, 0.80, "KatorLegaz/painted-bench", 0.44),
        ("post_box", 0.50, 0.44, 1.30),
        ("mailbox", 0.42, 0.26, 1.24),
        ("railing", 2.00, 0.06, 1.06),
    )
    yield from rows(None, "on_wall", ("ac_unit", 0.82, 0.34, 0.58), hangs=True)
    yield from rows(
        None,
        "doorway",
        ("door_mat", 0.90, 0.60, 0.02),
        ("broom", 0.30, 0.22, 1.30),
        ("mop_bucket", 0.42, 0.34, 1.20),
        ("umbrella_stand", 0.28, 0.28, 0.78),
        ("step_ladder", 0.58, 0.76, 1.60, "Scopia/step-ladder-metal"),
    )
    yield from rows(
        None,
        "rest",
        ("bench_steel", 1.70, 0.60, 0.84),
        ("bench_stone", 1.80, 0.46, 0.46),
        ("bench_backless", 1.60, 0.50, 0.46),
        ("bin_steel", 0.44, 0.44, 0.96),
        ("bin_square", 0.52, 0.44, 1.08),
        ("phone_box", 0.86, 0.80, 2.20),
    )
    yield from rows(None, "carried", ("shopping_bag", 0.32, 0.16, 0.40), ("suitcase", 0.46, 0.26, 0.92))
