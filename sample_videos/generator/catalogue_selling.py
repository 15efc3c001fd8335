"""The catalogue: racks, signs, stalls and what gives them shade. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from sample_videos.generator.catalogue_spec import ThingSpec, rows


def racks_and_signs() -> Iterator[ThingSpec]:
    yield from rows(
        "rack_or_sign",
        "sign",
        ("sign_a_board", 0.60, 0.55, 1.00),
        ("sign_chalk", 0.62, 0.58, 1.18),
        ("sign_light_box", 0.50, 0.40, 1.30),
        ("banner_x", 0.62, 0.55, 1.62),
        ("banner_roll_up", 0.82, 0.36, 2.00),
        ("sign_barn_board", 0.53, 0.52, 0.93),
        ("sign_metal_frame", 1.24, 0.56, 1.22),
        ("sign_blackboard_legs", 1.08, 0.46, 1.42),
        ("banner_curved", 1.00, 0.40, 1.97),
        ("banner_flag", 0.57, 0.42, 2.09),
        ("sign_lamp_tower", 0.44, 0.43, 1.36),
        ("sign_light_wheels", 1.15, 0.45, 1.04),
        ("sign_arrow", 1.15, 0.51, 1.35),
        ("sign_menu_lectern", 0.56, 0.45, 1.50),
        ("sign_hoarding_small", 1.25, 0.50, 1.80),
        ("sign_hanging_frame", 0.93, 0.50, 1.55),
        ("sign_price_cards", 1.04, 0.33, 1.06),
        held=(("sign_easel", 0.66, 0.70, 1.50), ("sign_round_foot", 0.56, 0.40, 1.45)),
    )
    yield from rows(
        "rack_or_sign",
        "rack",
        ("rack_clothes", 1.45, 0.52, 1.58),
        ("rack_clothes_double", 1.40, 0.75, 1.70),
        ("rack_shelf_goods", 1.00, 0.42, 1.62),
        ("rack_shoes", 1.10, 0.48, 1.12),
        ("rack_magazines", 0.92, 0.42, 1.40),
        ("rack_grid", 1.20, 0.45, 1.52),
        ("rack_rail_shelf", 1.28, 0.56, 1.71),
        ("rack_rail_pipe", 1.43, 0.45, 1.68),
        ("rack_rail_slanted", 1.01, 0.73, 1.69),
        ("rack_wire_tiers", 0.78, 0.48, 1.50),
        ("rack_dump_bin", 0.83, 0.83, 1.50),
        ("rack_gondola", 1.21, 0.60, 1.78),
        ("rack_newspapers", 0.88, 0.55, 1.11),
        ("rack_spinner", 0.59, 0.62, 1.66),
        ("rack_vegetables", 1.36, 0.91, 1.64),
        ("rack_shoe_tower", 0.75, 0.33, 1.66),
        ("rack_drink_crates", 0.56, 0.57, 1.50),
        ("rack_umbrellas", 0.97, 0.98, 1.45),
        ("rack_bakery", 0.62, 0.69, 1.62),
        held=(("rack_clothes_round", 1.00, 1.00, 1.45), ("rack_snack_steps", 0.95, 0.62, 1.28)),
    )


def stalls() -> Iterator[ThingSpec]:
    yield from rows(
        "stall",
        "stall",
        ("stall_breakfast", 1.55, 0.85, 1.75),
        ("stall_glass_cart", 1.45, 0.80, 1.72),
        ("stall_barbecue", 1.70, 0.62, 1.18),
        ("stall_tricycle", 1.20, 2.65, 1.60),
        ("stall_table_parasol", 1.86, 0.80, 1.10),
        ("stall_tray", 1.10, 0.70, 0.72),
        ("stall_fruit_cart", 1.80, 1.05, 1.12),
        ("stall_phone_covers", 1.30, 0.62, 1.62),
        ("stall_roofed_cart", 1.80, 0.95, 1.12),
        ("stall_trolley_case", 1.16, 0.65, 1.53),
        ("stall_grill_hood", 1.66, 0.82, 2.19),
        ("stall_drum_barrow", 1.75, 1.08, 1.06),
        ("stall_pancake_cart", 1.50, 0.90, 1.13),
        ("stall_ice_cream", 1.40, 0.67, 0.96),
        ("stall_handcart_roof", 1.93, 1.23, 2.22),
        ("stall_corn_pots", 1.27, 0.60, 1.75),
        ("stall_noodle_counter", 1.66, 1.04, 1.20),
        ("stall_drinks_wagon", 1.95, 1.41, 2.09),
        ("stall_tofu_box", 1.31, 0.80, 0.96),
        ("stall_bun_tower", 1.51, 0.70, 1.42),
        ("stall_cloth_table", 1.83, 0.88, 1.49),
        ("stall_suitcase", 1.02, 0.79, 1.32),
        ("stall_trestle_blanket", 1.97, 0.92, 0.94),
        ("stall_flowers", 1.73, 0.97, 1.15),
        ("stall_accessory_boards", 1.41, 1.08, 1.61),
        ("stall_side_awning", 1.80, 0.94, 0.86),
        ("stall_fish_tubs", 1.86, 0.81, 0.76),
        ("stall_hats", 1.29, 0.79, 1.79),
        held=(
            ("stall_sweet_potato", 1.25, 0.82, 1.30),
            ("stall_juice_bar", 1.50, 0.75, 1.20),
            ("stall_snack_tricycle", 1.25, 2.75, 2.12),
            ("stall_bags", 1.80, 0.85, 1.65),
        ),
    )


def canopies() -> Iterator[ThingSpec]:
    yield from rows(
        "canopy",
        "canopy",
        ("parasol_striped", 2.40, 2.40, 2.42),
        ("parasol_plain", 2.20, 2.20, 2.30),
        ("parasol_wide", 2.90, 2.90, 2.60),
        ("parasol_square", 2.50, 2.50, 2.55),
        ("parasol_pagoda", 2.60, 2.25, 2.70),
        ("parasol_fringed", 2.30, 2.25, 2.38),
        ("parasol_long", 3.01, 2.11, 2.65),
        ("parasol_drinks", 2.60, 2.60, 2.50),
        held=(("parasol_side_pole", 2.70, 2.95, 2.65), ("parasol_scalloped", 2.30, 2.30, 2.45)),
    )
    yield from rows(
        "canopy",
        "canopy",
        ("tent_2x2", 2.00, 2.00, 2.65),
        ("tent_3x3", 3.00, 3.00, 3.10),
        ("tarpaulin", 2.80, 2.00, 2.40),
        ("tent_gable", 2.81, 2.20, 2.66),
        ("tent_shed", 2.50, 1.96, 2.37),
        ("sail_shade", 2.82, 2.18, 2.75),
        ("tarpaulin_lean", 2.70, 2.13, 2.55),
        held=(("tent_pavilion", 3.00, 3.00, 3.30, "Scopia/barnum"),),
    )
    yield from rows(
        "canopy",
        "awning",
        ("awning_sloped", 3.00, 1.30, 0.55),
        ("awning_arms", 3.20, 1.70, 0.62),
        ("awning_corrugated", 3.00, 1.15, 0.53),
        ("awning_glass", 2.63, 1.17, 0.46),
        held=(("awning_barrel", 2.60, 0.95, 0.72),),
        hangs=True,
    )
