"""The catalogue: goods. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from sample_videos.generator.catalogue_spec import ThingSpec, rows


def goods() -> Iterator[ThingSpec]:
    """What shops set out and what gets piled up; a stack, a heap or a display is one thing."""
    yield from rows(
        "goods",
        "cartons",
        ("carton", 0.46, 0.36, 0.32),
        ("carton_open", 0.52, 0.40, 0.38),
        ("carton_stack_low", 0.95, 0.50, 0.64),
        ("carton_stack_high", 0.92, 0.46, 1.28),
        ("carton_wall", 1.75, 0.46, 1.28),
        ("carton_pyramid", 1.40, 0.95, 0.96),
        ("carton_hand_truck", 0.56, 0.62, 1.25),
        held=(("carton_pallet", 1.20, 1.00, 1.20), ("carton_tower_mixed", 0.80, 0.70, 1.45)),
    )
    yield from rows(
        "goods",
        "fruit",
        ("crate_plastic_fruit", 0.60, 0.40, 0.32),
        ("crate_wood_fruit", 0.56, 0.38, 0.30),
        ("crate_foam_greens", 0.60, 0.42, 0.36),
        ("crate_stack", 0.60, 0.40, 1.20),
        ("crate_row", 1.95, 0.42, 0.62),
        ("fruit_display", 1.95, 1.15, 0.85),
        ("basket_round", 0.50, 0.50, 0.38),
        ("basket_row", 1.60, 0.50, 0.38),
        ("melon_heap", 1.60, 1.20, 0.55),
        held=(("fruit_steps", 1.80, 1.20, 1.02), ("net_bags", 1.10, 0.70, 0.52), ("tub_row", 1.55, 0.52, 0.40)),
    )
    yield from rows(
        "goods",
        "groceries",
        ("rice_sacks", 1.00, 0.80, 0.70),
        ("water_packs", 0.95, 0.60, 0.72),
        ("drink_crates", 0.84, 0.32, 1.12),
        held=(("oil_cans", 0.95, 0.56, 0.60),),
    )
    yield from rows(
        "goods",
        "spread",
        ("clothes_sheet", 2.00, 1.50, 0.16),
        ("vegetable_sheet", 1.80, 1.30, 0.28),
        ("toys_sheet", 1.60, 1.20, 0.24),
        held=(("shoes_sheet", 1.80, 1.20, 0.14),),
    )
    yield from rows("goods", "flowers", ("flower_buckets", 1.30, 0.75, 0.80), held=(("potted_flowers", 1.50, 0.80, 0.62),))
    yield from rows(
        "goods",
        "building",
        ("brick_pile", 1.20, 0.80, 0.60),
        ("sand_bags", 1.40, 0.80, 0.50),
        ("cement_sacks", 1.20, 0.90, 0.72),
        ("pipes", 3.00, 0.50, 0.32),
        ("planks", 2.60, 0.50, 0.34),
        held=(("tile_boxes", 1.25, 0.72, 0.80),),
    )
    yield from rows(
        "goods",
        "furniture",
        ("old_sofa", 1.92, 0.76, 0.80, "Scopia/clear_sofa"),
        ("old_cupboard", 1.00, 0.39, 1.50, "BlendSwap-CC-0/cupboard"),
        ("old_mattress", 1.90, 0.42, 1.22),
        held=(("old_wardrobe", 0.92, 0.68, 1.90, "BlendSwap-CC-BY/wardrobe"), ("old_settee", 1.70, 0.90, 0.80, "Scopia/burlap_sofa")),
    )
    yield from rows(
        "goods",
        "household",
        ("chest_freezer", 1.20, 0.66, 0.86),
        ("display_fridge", 0.66, 0.64, 1.92),
        ("gas_bottles", 1.05, 0.36, 0.72),
        ("tyre_stack", 1.25, 0.64, 0.88),
        ("rolled_carpets", 1.20, 0.46, 1.62),
        ("basin_stack", 1.25, 0.85, 0.58),
        ("toy_box", 0.80, 0.60, 0.48),
        held=(("washing_machine", 0.60, 0.62, 0.84, "BlendSwap-CC-BY/washing_machine"), ("buckets_brooms", 1.10, 0.50, 1.35)),
    )
