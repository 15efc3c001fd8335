"""Every thing that can stand on a street: its name, its label for the street model and its size. Pure.

A thing is one design, that is one mesh; colours, prints and fillings vary with the seed. For every label some designs
are held out: they appear on the held-out streets only and never in training pictures, so that a figure measured
there tells what the model makes of shapes that it has never seen. Things without a label appear everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sample_videos.generator.values import LABELS


@dataclass(frozen=True, slots=True)
class ThingSpec:
    """One design. Its front looks at +y, its origin is the middle of the footprint on the ground."""

    name: str
    label: str | None
    """One of values.LABELS, or None for what belongs on a street."""
    width_m: float
    """Along the thing's own x."""
    depth_m: float
    """Along the thing's own y, in which its front looks. Of a stall: without its canopy."""
    height_m: float
    """From the ground; of a hanging thing from its lowest edge. Of a stall: without its canopy."""
    held_out: bool
    kind: str
    """Finer than the label: "cartons", "fruit", "bicycle" ... Of "tree" and "canopy" only a trunk or pole stands in the way."""
    hangs: bool = False
    """Fixed to a wall: z of its place is its lowest edge, its back (-y side of the footprint) touches the wall."""
    seat_m: float | None = None
    """Height of the seat for whoever sits on it or rides it."""
    source: str = ""
    """<catalogue>/<model> of the imported mesh; empty for what the generator builds itself."""


Row = tuple[str, float, float, float] | tuple[str, float, float, float, str] | tuple[str, float, float, float, str, float]
"""Name, width, depth, height, then source of the mesh, then height of the seat."""


def _rows(label: str | None, kind: str, *rows: Row, held: Iterable[Row] = (), hangs: bool = False) -> Iterator[ThingSpec]:
    """The designs of one kind; `held` are the held-out ones."""
    for held_out, some in ((False, rows), (True, held)):
        for name, width, depth, height, *more in some:
            source = str(more[0]) if more else ""
            seat = float(str(more[1])) if len(more) > 1 else None
            yield ThingSpec(name, label, width, depth, height, held_out, kind, hangs, seat, source)


def _goods() -> Iterator[ThingSpec]:
    """What shops set out and what gets piled up; a stack, a heap or a display is one thing."""
    yield from _rows(
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
    yield from _rows(
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
    yield from _rows(
        "goods",
        "groceries",
        ("rice_sacks", 1.00, 0.80, 0.70),
        ("water_packs", 0.95, 0.60, 0.72),
        ("drink_crates", 0.84, 0.32, 1.12),
        held=(("oil_cans", 0.95, 0.56, 0.60),),
    )
    yield from _rows(
        "goods",
        "spread",
        ("clothes_sheet", 2.00, 1.50, 0.16),
        ("vegetable_sheet", 1.80, 1.30, 0.28),
        ("toys_sheet", 1.60, 1.20, 0.24),
        held=(("shoes_sheet", 1.80, 1.20, 0.14),),
    )
    yield from _rows("goods", "flowers", ("flower_buckets", 1.30, 0.75, 0.80), held=(("potted_flowers", 1.50, 0.80, 0.62),))
    yield from _rows(
        "goods",
        "building",
        ("brick_pile", 1.20, 0.80, 0.60),
        ("sand_bags", 1.40, 0.80, 0.50),
        ("cement_sacks", 1.20, 0.90, 0.72),
        ("pipes", 3.00, 0.50, 0.32),
        ("planks", 2.60, 0.50, 0.34),
        held=(("tile_boxes", 1.25, 0.72, 0.80),),
    )
    yield from _rows(
        "goods",
        "furniture",
        ("old_sofa", 1.92, 0.76, 0.80, "Scopia/clear_sofa"),
        ("old_cupboard", 1.00, 0.39, 1.50, "BlendSwap-CC-0/cupboard"),
        ("old_mattress", 1.90, 0.42, 1.22),
        held=(("old_wardrobe", 0.92, 0.68, 1.90, "BlendSwap-CC-BY/wardrobe"), ("old_settee", 1.70, 0.90, 0.80, "Scopia/burlap_sofa")),
    )
    yield from _rows(
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


def _seating() -> Iterator[ThingSpec]:
    yield from _rows(
        "table",
        "table",
        ("table_folding", 1.86, 0.78, 0.75, "KatorLegaz/folding-table"),
        ("table_square", 0.78, 0.78, 0.74),
        ("table_low_plastic", 0.62, 0.62, 0.50),
        ("table_round", 1.10, 1.10, 0.76, "Scopia/round-table"),
        ("table_trestles", 1.60, 0.66, 0.76, "Scopia/table-on-trestles"),
        ("table_wood", 1.44, 0.93, 0.72, "BlendSwap-CC-BY/table"),
        ("table_cafe", 0.74, 0.74, 0.70, "KatorLegaz/cafe-table"),
        ("table_cloth", 0.80, 0.81, 0.75, "BlendSwap-CC-0/tableWithTablecloth"),
        ("table_hot_pot", 0.90, 0.90, 0.75),
        held=(
            ("table_alder", 1.60, 0.94, 0.75, "Scopia/wooden_office_alder_table"),
            ("table_bistro", 0.62, 0.62, 0.74, "BlendSwap-CC-BY/cafe_set_mota_table"),
            ("table_leaning", 1.50, 0.65, 0.75, "Scopia/table-with-leaning-feet"),
            ("table_steel", 1.20, 0.70, 0.78),
        ),
    )
    yield from _rows(
        "chair",
        "chair",
        ("stool_plastic", 0.34, 0.34, 0.46, "", 0.46),
        ("stool_round", 0.36, 0.36, 0.47, "", 0.47),
        ("chair_folding", 0.51, 0.60, 0.91, "BlendSwap-CC-BY/foldingChair", 0.45),
        ("chair_plastic", 0.48, 0.56, 0.90, "Scopia/plastic_chair", 0.45),
        ("chair_wood", 0.42, 0.47, 0.88, "Scopia/chair", 0.45),
        ("chair_dining", 0.42, 0.57, 0.96, "KatorLegaz/dining-chair", 0.46),
        ("chair_tubular", 0.53, 0.50, 0.81, "Scopia/tubular_chair", 0.45),
        ("armchair_plastic", 0.58, 0.58, 0.82, "", 0.42),
        ("bench_long", 1.20, 0.28, 0.45, "", 0.45),
        held=(
            ("chair_cafe", 0.50, 0.52, 0.85, "KatorLegaz/cafe-chair", 0.45),
            ("chair_white", 0.50, 0.58, 0.85, "BlendSwap-CC-0/sillaBlanca", 0.45),
            ("bench_slats", 1.18, 0.45, 0.45, "KatorLegaz/bench", 0.45),
            ("chair_kitchen", 0.43, 0.44, 0.91, "BlendSwap-CC-BY/kitchenChair", 0.46),
        ),
    )


def _racks_and_signs() -> Iterator[ThingSpec]:
    yield from _rows(
        "rack_or_sign",
        "sign",
        ("sign_a_board", 0.60, 0.55, 1.00),
        ("sign_chalk", 0.62, 0.58, 1.18),
        ("sign_light_box", 0.50, 0.40, 1.30),
        ("banner_x", 0.62, 0.55, 1.62),
        ("banner_roll_up", 0.82, 0.36, 2.00),
        held=(("sign_easel", 0.66, 0.70, 1.50), ("sign_round_foot", 0.56, 0.40, 1.45)),
    )
    yield from _rows(
        "rack_or_sign",
        "rack",
        ("rack_clothes", 1.45, 0.52, 1.58),
        ("rack_clothes_double", 1.40, 0.75, 1.70),
        ("rack_shelf_goods", 1.00, 0.42, 1.62),
        ("rack_shoes", 1.10, 0.48, 1.12),
        ("rack_magazines", 0.92, 0.42, 1.40),
        ("rack_grid", 1.20, 0.45, 1.52),
        held=(("rack_clothes_round", 1.00, 1.00, 1.45), ("rack_snack_steps", 0.95, 0.62, 1.28)),
    )


def _stalls() -> Iterator[ThingSpec]:
    yield from _rows(
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
        held=(
            ("stall_sweet_potato", 1.25, 0.82, 1.30),
            ("stall_juice_bar", 1.50, 0.75, 1.20),
            ("stall_snack_tricycle", 1.25, 2.75, 2.12),
            ("stall_bags", 1.80, 0.85, 1.65),
        ),
    )


def _canopies() -> Iterator[ThingSpec]:
    yield from _rows(
        "canopy",
        "canopy",
        ("parasol_striped", 2.40, 2.40, 2.42),
        ("parasol_plain", 2.20, 2.20, 2.30),
        ("parasol_wide", 2.90, 2.90, 2.60),
        ("parasol_square", 2.50, 2.50, 2.55),
        held=(("parasol_side_pole", 2.70, 2.95, 2.65), ("parasol_scalloped", 2.30, 2.30, 2.45)),
    )
    yield from _rows(
        "canopy",
        "canopy",
        ("tent_2x2", 2.00, 2.00, 2.65),
        ("tent_3x3", 3.00, 3.00, 3.10),
        ("tarpaulin", 2.80, 2.00, 2.40),
        held=(("tent_pavilion", 3.00, 3.00, 3.30, "Scopia/barnum"),),
    )
    yield from _rows(
        "canopy",
        "awning",
        ("awning_sloped", 3.00, 1.30, 0.55),
        ("awning_arms", 3.20, 1.70, 0.62),
        held=(("awning_barrel", 2.60, 0.95, 0.72),),
        hangs=True,
    )


def _wheels() -> Iterator[ThingSpec]:
    yield from _rows(
        "two_wheeler",
        "bicycle",
        ("bicycle", 0.50, 1.68, 0.98, "Scopia/bicycle", 0.92),
        ("bicycle_basket", 0.58, 1.72, 1.06, "", 0.86),
        ("bicycle_shared", 0.60, 1.65, 1.04, "", 0.84),
        held=(("bicycle_road", 0.56, 1.68, 1.06, "BlendSwap-CC-BY/bike", 0.95), ("bicycle_folding", 0.54, 1.46, 1.00, "", 0.84)),
    )
    yield from _rows(
        "two_wheeler",
        "scooter",
        ("scooter", 0.72, 1.73, 1.16, "Scopia/scooter2", 0.76),
        ("e_bike", 0.62, 1.55, 1.04, "", 0.74),
        ("e_bike_delivery", 0.66, 1.72, 1.22, "", 0.76),
        ("e_scooter", 0.66, 1.74, 1.10, "", 0.75),
        held=(("scooter_classic", 0.74, 1.75, 1.20, "KatorLegaz/scooter", 0.76), ("e_bike_long", 0.60, 1.80, 1.12, "", 0.76)),
    )
    yield from _rows("two_wheeler", "moped", ("motorcycle", 0.76, 1.92, 1.16, "", 0.78))
    yield from _rows(
        "tricycle",
        "tricycle",
        ("tricycle_open", 1.05, 2.60, 1.12, "", 0.80),
        ("tricycle_box", 1.10, 2.70, 1.62, "", 0.80),
        ("tricycle_loaded", 1.10, 2.62, 1.62, "", 0.80),
        ("tricycle_electric", 1.10, 2.75, 1.70, "", 0.80),
        held=(
            ("tricycle_rails", 1.12, 2.75, 1.24, "", 0.82),
            ("tricycle_courier", 1.10, 2.85, 1.76, "", 0.80),
            ("tricycle_roofed", 1.08, 2.50, 1.82, "", 0.80),
        ),
    )
    yield from _rows(
        "vehicle",
        "car",
        ("car_sedan", 1.82, 4.56, 1.50, "KatorLegaz/concept-sedan-01v2"),
        ("car_suv", 1.92, 4.60, 1.66),
        ("car_hatch", 1.70, 3.90, 1.52),
        held=(("car_saloon", 1.86, 4.40, 1.46, "KatorLegaz/concept-sedan-02"), ("pickup", 1.86, 5.10, 1.76)),
    )
    yield from _rows(
        "vehicle",
        "van",
        ("van", 2.10, 5.50, 2.46),
        ("minibus", 2.04, 5.90, 2.56),
        ("lorry_box", 2.05, 5.60, 2.90),
        held=(("microvan", 1.58, 3.80, 1.86), ("lorry_flat", 2.00, 5.40, 2.20)),
    )


def _street_furniture() -> Iterator[ThingSpec]:
    """What belongs on a street: it carries no label and must not be taken for goods."""
    yield from _rows(
        None,
        "planting",
        ("planter_round", 0.80, 0.80, 0.95),
        ("planter_box", 1.40, 0.50, 0.95),
        ("bush", 1.10, 0.95, 0.95),
    )
    yield from _rows(None, "tree", ("tree_plane", 4.60, 4.60, 7.20), ("tree_small", 2.80, 2.80, 4.60), ("tree_round", 3.40, 3.40, 5.20))
    yield from _rows(
        None,
        "bin",
        ("bin", 0.42, 0.42, 0.92),
        ("recycling_bin", 0.96, 0.42, 1.02),
        ("wheelie_bin", 0.58, 0.72, 1.06),
    )
    yield from _rows(
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
    yield from _rows(None, "on_wall", ("ac_unit", 0.82, 0.34, 0.58), hangs=True)
    yield from _rows(
        None,
        "doorway",
        ("door_mat", 0.90, 0.60, 0.02),
        ("broom", 0.30, 0.22, 1.30),
        ("mop_bucket", 0.42, 0.34, 1.20),
        ("umbrella_stand", 0.28, 0.28, 0.78),
        ("step_ladder", 0.58, 0.76, 1.60, "Scopia/step-ladder-metal"),
    )
    yield from _rows(None, "carried", ("shopping_bag", 0.32, 0.16, 0.40), ("suitcase", 0.46, 0.26, 0.92))


def _all() -> dict[str, ThingSpec]:
    things: dict[str, ThingSpec] = {}
    for group in (_goods, _seating, _racks_and_signs, _stalls, _canopies, _wheels, _street_furniture):
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
