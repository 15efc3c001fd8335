"""The catalogue: everything on wheels that people ride or drive. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from sample_videos.generator.catalogue_spec import ThingSpec, rows


def wheels() -> Iterator[ThingSpec]:
    yield from rows(
        "two_wheeler",
        "bicycle",
        ("bicycle", 0.50, 1.68, 0.98, "Scopia/bicycle", 0.92),
        ("bicycle_basket", 0.58, 1.72, 1.06, "", 0.86),
        ("bicycle_shared", 0.60, 1.65, 1.04, "", 0.84),
        ("bicycle_mountain", 0.66, 1.74, 0.98, "", 0.94),
        ("bicycle_loaded", 0.64, 1.78, 1.02, "", 0.88),
        ("bicycle_child_seat", 0.60, 1.66, 1.14, "", 0.86),
        ("bicycle_long_cargo", 0.64, 2.18, 1.07, "", 0.88),
        held=(("bicycle_road", 0.56, 1.68, 1.06, "BlendSwap-CC-BY/bike", 0.95), ("bicycle_folding", 0.54, 1.46, 1.00, "", 0.84)),
    )
    yield from rows(
        "two_wheeler",
        "scooter",
        ("scooter", 0.72, 1.73, 1.16, "Scopia/scooter2", 0.76),
        ("e_bike", 0.62, 1.55, 1.04, "", 0.74),
        ("e_bike_delivery", 0.66, 1.72, 1.22, "", 0.76),
        ("e_scooter", 0.66, 1.74, 1.10, "", 0.75),
        ("e_bike_retro", 0.69, 1.71, 1.21, "", 0.74),
        ("e_bike_blanket", 0.69, 1.65, 1.18, "", 0.75),
        ("e_bike_sacks", 0.69, 1.74, 1.22, "", 0.76),
        ("moped_cub", 0.69, 1.81, 1.17, "", 0.76),
        held=(("scooter_classic", 0.74, 1.75, 1.20, "KatorLegaz/scooter", 0.76), ("e_bike_long", 0.60, 1.80, 1.12, "", 0.76)),
    )
    yield from rows("two_wheeler", "moped", ("motorcycle", 0.76, 1.92, 1.16, "", 0.78))
    yield from rows(
        "tricycle",
        "tricycle",
        ("tricycle_open", 1.05, 2.60, 1.12, "", 0.80),
        ("tricycle_box", 1.10, 2.70, 1.62, "", 0.80),
        ("tricycle_loaded", 1.10, 2.62, 1.62, "", 0.80),
        ("tricycle_electric", 1.10, 2.75, 1.70, "", 0.80),
        ("tricycle_pedal", 1.04, 2.48, 1.08, "", 0.90),
        ("tricycle_pedal_scrap", 1.16, 2.48, 1.49, "", 0.90),
        ("tricycle_front_box", 0.96, 2.34, 1.08, "", 0.92),
        ("tricycle_mesh", 1.06, 2.53, 1.51, "", 0.80),
        ("tricycle_covered", 1.09, 2.53, 1.52, "", 0.80),
        ("tricycle_cab_bed", 1.11, 2.71, 1.60, "", 0.80),
        ("tricycle_barrels", 1.03, 2.53, 1.45, "", 0.80),
        ("tricycle_cleaner", 1.10, 2.56, 2.03, "", 0.80),
        ("tricycle_leisure", 0.84, 1.79, 1.06, "", 0.74),
        ("tricycle_motor", 1.20, 2.61, 1.42, "", 0.80),
        held=(
            ("tricycle_rails", 1.12, 2.75, 1.24, "", 0.82),
            ("tricycle_courier", 1.10, 2.85, 1.76, "", 0.80),
            ("tricycle_roofed", 1.08, 2.50, 1.82, "", 0.80),
        ),
    )
    yield from rows(
        "vehicle",
        "car",
        ("car_sedan", 1.82, 4.56, 1.50, "KatorLegaz/concept-sedan-01v2"),
        ("car_suv", 1.92, 4.60, 1.66),
        ("car_hatch", 1.70, 3.90, 1.52),
        ("car_city", 1.70, 3.54, 1.64),
        ("car_estate", 1.96, 4.74, 1.76),
        ("car_taxi", 1.90, 4.62, 1.59),
        held=(("car_saloon", 1.86, 4.40, 1.46, "KatorLegaz/concept-sedan-02"), ("pickup", 1.86, 5.10, 1.76)),
    )
    yield from rows(
        "vehicle",
        "van",
        ("van", 2.10, 5.50, 2.46),
        ("minibus", 2.04, 5.90, 2.56),
        ("lorry_box", 2.05, 5.60, 2.90),
        ("lorry_canvas", 2.08, 5.43, 2.77),
        ("van_step", 2.06, 4.86, 2.47),
        held=(("microvan", 1.58, 3.80, 1.86), ("lorry_flat", 2.00, 5.40, 2.20)),
    )
