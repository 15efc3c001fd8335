"""zones/shops.csv -> ShopRegistry: who was where, and when (一店一码). The format: docs/shops.md.

``registry`` are the values; ``reading`` loads and checks files (CSV and XLSX by the same ``rows``); ``comparison`` says what another
list would change.
"""

from pipeline.shops.comparison import ChangeKind, Comparison, ShopChange, compare_shops, merge_shops
from pipeline.shops.contacts import number_for_texts, phone_of
from pipeline.shops.csv_files import csv_of, in_order
from pipeline.shops.faults import ShopFault, ShopFaultCode
from pipeline.shops.reading import load_shops, read_shops
from pipeline.shops.registry import COLUMNS, GRADES, ShopRegistry, Tenancy
from pipeline.shops.rows import HEADINGS, ReadShops
from pipeline.shops.xlsx_files import xlsx_of

__all__ = [
    "COLUMNS",
    "GRADES",
    "HEADINGS",
    "ChangeKind",
    "Comparison",
    "ReadShops",
    "ShopChange",
    "ShopFault",
    "ShopFaultCode",
    "ShopRegistry",
    "Tenancy",
    "compare_shops",
    "csv_of",
    "in_order",
    "load_shops",
    "merge_shops",
    "number_for_texts",
    "phone_of",
    "read_shops",
    "xlsx_of",
]
