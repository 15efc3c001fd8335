"""A shop list in whatever form it comes."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import FaultsError, fault_line
from pipeline.shops.csv_files import read_csv
from pipeline.shops.faults import ShopFaultCode as Code
from pipeline.shops.faults import Spot
from pipeline.shops.registry import ShopRegistry
from pipeline.shops.rows import ReadShops, refused
from pipeline.shops.xlsx_files import read_xlsx

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0"


def load_shops(path: Path) -> ShopRegistry:
    """Read and check a shop list as CSV.

    UTF-8 with or without a byte order mark, or GB18030 (what Excel writes on a Chinese Windows). Raises
    FaultsError with every fault at once, each with file, line, what was expected and found.
    """
    try:
        raw = path.read_bytes()
    except OSError as err:
        fault = fault_line(str(path), "cannot read the shop list", found=err.strerror or str(err))
        raise FaultsError("shop list refused", (fault,)) from err
    read = read_csv(raw, str(path))
    if read.faults:
        raise FaultsError("shop list refused", tuple(fault.text for fault in read.faults))
    return read.registry


def read_shops(raw: bytes, where: str) -> ReadShops:
    """Read and check a shop list as CSV or XLSX, whichever it is; nothing is raised.

    Args:
        raw: the file.
        where: what it is called, for its faults.
    """
    if raw.startswith(_ZIP):
        return read_xlsx(raw, where)
    if raw.startswith(_OLE):
        hint = "Save it as .xlsx without a password"
        return refused(Spot(where).fault(Code.OLD_EXCEL, "an .xls file, or one with a password", expected=".xlsx or .csv", hint=hint))
    return read_csv(raw, where)
