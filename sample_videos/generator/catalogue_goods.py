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
        ("cartons_cut_open", 1.70, 0.60, 0.57),
        ("cartons_tumbled", 1.56, 0.99, 0.69),
        ("foam_boxes", 1.68, 0.43, 0.93),
        ("appliance_cartons", 1.70, 0.92, 1.55),
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
        ("fruit_pyramids", 1.70, 0.60, 0.93),
        ("baskets_bamboo", 1.65, 0.98, 0.59),
        ("shoulder_baskets", 1.77, 0.67, 0.63),
        ("cabbage_wall", 1.52, 0.46, 0.59),
        ("pumpkin_heap", 1.51, 1.03, 0.30),
        ("egg_trays", 0.98, 0.66, 0.37),
        held=(("fruit_steps", 1.80, 1.20, 1.02), ("net_bags", 1.10, 0.70, 0.52), ("tub_row", 1.55, 0.52, 0.40)),
    )
    yield from rows(
        "goods",
        "groceries",
        ("rice_sacks", 1.00, 0.80, 0.70),
        ("water_packs", 0.95, 0.60, 0.72),
        ("drink_crates", 0.84, 0.32, 1.12),
        ("beer_crates_wall", 1.63, 0.31, 1.16),
        ("beer_crates_pair", 0.94, 0.38, 0.87),
        ("water_barrels", 1.13, 0.56, 0.72),
        ("drink_packs", 1.16, 0.38, 0.71),
        ("rice_sacks_upright", 1.31, 0.84, 0.69),
        ("rice_sacks_column", 0.79, 0.79, 0.85),
        held=(("oil_cans", 0.95, 0.56, 0.60),),
    )
    yield from rows(
        "goods",
        "spread",
        ("clothes_sheet", 2.00, 1.50, 0.16),
        ("vegetable_sheet", 1.80, 1.30, 0.28),
        ("toys_sheet", 1.60, 1.20, 0.24),
        ("vegetable_cloth", 1.60, 1.10, 0.20),
        held=(("shoes_sheet", 1.80, 1.20, 0.14),),
    )
    yield from rows(
        "goods",
        "flowers",
        ("flower_buckets", 1.30, 0.75, 0.80),
        ("potted_shrubs", 2.20, 0.75, 1.05),
        ("potted_palms", 1.82, 0.69, 1.10),
        ("seedling_trays", 1.40, 0.60, 0.48),
        held=(("potted_flowers", 1.50, 0.80, 0.62),),
    )
    yield from rows(
        "goods",
        "building",
        ("brick_pile", 1.20, 0.80, 0.60),
        ("sand_bags", 1.40, 0.80, 0.50),
        ("cement_sacks", 1.20, 0.90, 0.72),
        ("pipes", 3.00, 0.50, 0.32),
        ("planks", 2.60, 0.50, 0.34),
        ("doors_leaning", 0.92, 0.74, 1.93),
        ("boards_leaning", 1.33, 0.61, 1.57),
        ("mortar_bags", 1.14, 1.02, 0.82),
        ("pipe_bundle", 2.47, 0.74, 0.41),
        ("wire_coils", 1.37, 0.77, 0.68),
        ("scrap_heap", 1.85, 1.00, 0.89),
        ("paint_tins", 1.10, 0.43, 0.70),
        held=(("tile_boxes", 1.25, 0.72, 0.80),),
    )
    yield from rows(
        "goods",
        "furniture",
        ("old_sofa", 1.92, 0.76, 0.80, "Scopia/clear_sofa"),
        ("old_cupboard", 1.00, 0.39, 1.50, "BlendSwap-CC-0/cupboard"),
        ("old_mattress", 1.90, 0.42, 1.22),
        ("old_chest_drawers", 0.96, 0.57, 1.46),
        ("bed_frames", 1.31, 0.62, 1.45),
        ("furniture_wrapped", 0.94, 0.84, 1.34),
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
        ("buckets_nested", 1.33, 0.35, 1.29),
        ("cloth_bolts", 1.50, 0.72, 0.61),
        ("carpet_stand", 0.82, 0.62, 1.27),
        ("shoes_on_boxes", 1.73, 0.59, 0.62),
        ("toys_display", 1.30, 0.96, 0.60),
        ("glass_case_counter", 1.24, 0.48, 0.92),
        ("tyres_row", 1.20, 1.19, 0.62),
        ("gas_cage", 1.33, 0.53, 1.00),
        ("broom_bundle", 0.92, 0.88, 1.63),
        ("fridge_double", 0.60, 0.62, 1.55),
        held=(("washing_machine", 0.60, 0.62, 0.84, "BlendSwap-CC-BY/washing_machine"), ("buckets_brooms", 1.10, 0.50, 1.35)),
    )
