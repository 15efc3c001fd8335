"""The catalogue: tables and chairs. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from sample_videos.generator.catalogue_spec import ThingSpec, rows


def seating() -> Iterator[ThingSpec]:
    yield from rows(
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
    yield from rows(
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
