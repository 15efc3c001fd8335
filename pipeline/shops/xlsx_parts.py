"""The parts of an XLSX file: which sheet is meant, its texts and its number formats.

Nothing is unpacked that is larger than a list can be. openpyxl, which writes them, would take three times as long to read one.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from xml.parsers import expat

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

MOST_UNPACKED = 128 * 2**20
"""Bytes of all parts together: twice what 100,000 shops take."""
_MOST_PARTS = 1000
_SEPARATOR = "}"
"""Between namespace and name; there are two sets of namespaces, which mean the same."""
_DATES_OF_CJK = frozenset((*range(27, 37), *range(50, 59)))
"""Formats that only Chinese, Japanese and Korean versions of Excel know by these numbers, all of them dates."""


class NotXlsxError(Exception):
    """Not an XLSX file, or a damaged one; in a few words, why."""


class TooLargeError(Exception):
    """Unpacked, it would be larger than any list."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How numbers are shown: as dates, or with so many digits at least (0: as they are)."""

    is_date: bool
    digits: int


@dataclass(frozen=True, slots=True)
class Book:
    """What a sheet needs to be read. ``sheet`` is its XML; ``formats`` go by the style of a cell."""

    sheet: bytes
    texts: tuple[str, ...]
    formats: tuple[NumberFormat, ...]
    epoch: datetime


def open_book(raw: bytes) -> Book:
    """The first sheet that can be seen, with all that belongs to it. Raises NotXlsxError, TooLargeError."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as package:
            return _book(package)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError) as err:
        raise NotXlsxError(str(err) or type(err).__name__) from err


def walk(part: bytes, start: Callable[[str, Mapping[str, str]], None], end: Callable[[str, str], None]) -> None:
    """Go through the XML of a part. Raises NotXlsxError.

    Args:
        part: as it lies in the package.
        start: told of each element that begins: its name without namespace, and its attributes.
        end: told of each that ends: its name, and its text where it holds nothing else.
    """
    names: dict[str, str] = {}
    text = ""

    def begins(tag: str, attributes: dict[str, str]) -> None:
        nonlocal text
        text = ""
        if tag not in names:
            names[tag] = tag.rpartition(_SEPARATOR)[2]
        start(names[tag], attributes)

    def goes_on(data: str) -> None:
        nonlocal text
        text += data

    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    parser.buffer_text = True
    parser.StartElementHandler = begins
    parser.CharacterDataHandler = goes_on
    parser.EndElementHandler = lambda tag: end(names[tag], text)
    # XLSX has no use for a document type: its entities could grow without end.
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(part, True)
    except expat.ExpatError as err:
        raise NotXlsxError(str(err)) from err


def _refuse_document_type(*_: object) -> None:
    raise NotXlsxError("XML that no spreadsheet writes")


def _book(package: zipfile.ZipFile) -> Book:
    infos = package.infolist()
    # What is read of a part is never more than it claims here.
    if len(infos) > _MOST_PARTS or sum(info.file_size for info in infos) > MOST_UNPACKED:
        raise TooLargeError
    names = set(package.namelist())
    if "[Content_Types].xml" not in names:
        raise NotXlsxError("a zip file without [Content_Types].xml")
    book_path = next((path for kind, path in _targets(package, "").values() if kind == "officeDocument"), "")
    if book_path not in names:
        raise NotXlsxError("no workbook inside")
    parts = _targets(package, book_path)
    sheet_path, epoch = _first_sheet(package.read(book_path), parts)
    texts, styles = (next((path for kind, path in parts.values() if kind == wanted), "") for wanted in ("sharedStrings", "styles"))
    return Book(
        package.read(sheet_path),
        _shared_texts(package.read(texts)) if texts in names else (),
        _formats(package.read(styles)) if styles in names else (),
        epoch,
    )


def _targets(package: zipfile.ZipFile, of: str) -> dict[str, tuple[str, str]]:
    """What a part refers to: id -> kind and path."""
    folder, name = posixpath.split(of)
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, given: Mapping[str, str]) -> None:
        if name == "Relationship":
            path = posixpath.normpath(posixpath.join("/", folder, given.get("Target", ""))).lstrip("/")
            found[given.get("Id", "")] = (given.get("Type", "").rpartition("/")[2], path)

    walk(package.read(posixpath.join(folder, "_rels", f"{name}.rels")), start, _nothing)
    return found


def _first_sheet(part: bytes, parts: Mapping[str, tuple[str, str]]) -> tuple[str, datetime]:
    """Path of the first sheet that can be seen, and the day from which its dates are counted."""
    paths: list[str] = []
    epoch = CALENDAR_WINDOWS_1900

    def start(name: str, given: Mapping[str, str]) -> None:
        nonlocal epoch
        if name == "workbookPr" and given.get("date1904") in {"1", "true"}:
            epoch = CALENDAR_MAC_1904
        if name == "sheet" and given.get("state", "visible") == "visible":
            key = next((value for key, value in given.items() if key.endswith(f"{_SEPARATOR}id")), "")
            kind, path = parts.get(key, ("", ""))
            paths.extend([path] if kind == "worksheet" else [])

    walk(part, start, _nothing)
    if not paths:
        raise NotXlsxError("no sheet that can be seen")
    return paths[0], epoch


def _shared_texts(part: bytes) -> tuple[str, ...]:
    found: list[str] = []
    strings = Strings()

    def end(name: str, text: str) -> None:
        strings.end(name, text)
        if name == "si":
            found.append(strings.take())

    walk(part, strings.start, end)
    return tuple(found)


class Strings:
    """Gathers the text of a string, in whatever many styles; without readings of its characters."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._parts: list[str] = []
        self._is_reading = False

    def start(self, name: str, _: Mapping[str, str]) -> None:
        """See ``walk``."""
        if name == "rPh":
            self._is_reading = True

    def end(self, name: str, text: str) -> None:
        """See ``walk``."""
        if name == "t" and not self._is_reading:
            self._parts.append(text)
        elif name == "rPh":
            self._is_reading = False

    def take(self) -> str:
        """What was gathered, which is forgotten."""
        text = "".join(self._parts)
        self._parts.clear()
        return text


def _formats(part: bytes) -> tuple[NumberFormat, ...]:
    """By the number of a style."""
    codes = dict(BUILTIN_FORMATS)
    numbers: list[int] = []
    is_of_cells = False

    def start(name: str, given: Mapping[str, str]) -> None:
        nonlocal is_of_cells
        if name == "numFmt":
            codes[int(given.get("numFmtId", "0"))] = given.get("formatCode", "")
        elif name == "cellXfs":
            is_of_cells = True
        elif name == "xf" and is_of_cells:
            numbers.append(int(given.get("numFmtId", "0")))

    def end(name: str, _: str) -> None:
        nonlocal is_of_cells
        is_of_cells = is_of_cells and name != "cellXfs"

    walk(part, start, end)
    return tuple(_format(number, codes) for number in numbers)


def _nothing(*_: object) -> None:
    pass


def _format(number: int, codes: dict[int, str]) -> NumberFormat:
    code = codes.get(number, "General")
    is_date = number in _DATES_OF_CJK or bool(is_date_format(code))
    digits = len(code) if code and not code.strip("0") else 0
    return NumberFormat(is_date, digits)
