"""A console with a shop list on the disk, zones, and shops on two streets."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.records import Records
from pipeline.shops import ShopRegistry, csv_of
from tests.records.samples import CAMERA, FRUIT, NOODLES, TOOLS
from tests.review.street import Street, furnish_street
from tests.zones.zone_data import feature, square, write_zones

BOOKS = replace(TOOLS, code="BS-0003", name="旧书店", street="另一条路", squad="二中队", trade="书", grade="C", contact="13900000003")
EMPTY = replace(TOOLS, code="BS-0004", name="关门店", grade="", contact="", until=date(2023, 12, 31))
LIST = ShopRegistry(
    {
        "BS-0001": (FRUIT, replace(NOODLES, contact="13800000001")),
        "BS-0002": (TOOLS,),
        "BS-0003": (BOOKS,),
        "BS-0004": (EMPTY,),
    }
)


def furnish_shop_street(records: Records, folder: Path, count: int = 4, *, settings: dict[str, object] | None = None) -> Street:
    """As ``furnish_street``; the list lies in ``folder``/shops.csv."""
    path = folder / "shops.csv"
    path.write_bytes(csv_of(LIST))
    zones = write_zones(
        folder,
        [
            feature(square(0.1, 0.1), id="front", kind="shopfront", shop_code="BS-0001"),
            feature(square(0.1, 0.31), id="pavement", kind="frontage", shop_code="BS-0001"),
            feature(
                square(0.15, 0.35, 0.1),
                id="market",
                kind="permitted",
                name="夜市疏导点",
                hours=[
                    {"days": "mon-fri", "opens": "18:00", "closes": "23:00"},
                    {"days": ["sat", "sun"], "opens": "17:00", "closes": "24:00"},
                ],
                valid_from="2024-01-01",
            ),
            feature(square(0.6, 0.6, 0.1), id="named", kind="permitted", name="书摊", shop_codes=["BS-0003"], valid_to="2024-01-01"),
        ],
    )
    camera = {"id": CAMERA.id, "name": CAMERA.name, "place": CAMERA.place, "street": CAMERA.street, "zones": str(zones)}
    permit = {"since": "2024-01-30T00:00:00+08:00", "until": "2024-02-10T00:00:00+08:00", "reason": "年货展销", "shop_codes": ["BS-0001"]}
    made: dict[str, object] = {"shops": str(path), "cameras": [camera], "rules": {"suspensions": [permit]}}
    return furnish_street(records, folder, count, settings=made | (settings or {}))
