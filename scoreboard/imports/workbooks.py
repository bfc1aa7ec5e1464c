"""Workbooks (.xlsx, .xlsm, .xlsb, .xls): guarded, then read as rows of text.

The convention: a cell becomes the text a clean CSV would hold (ISO dates, plain numbers), so that there is one
way of checking. Nothing is inflated before its size is known.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Iterator

from scoreboard.errors import Refused

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_BYTES = 512 << 20       # inflated
MOST_RATIO, RATIO_FROM = 100, 32 << 20   # real sheets shrink 10 to 40 times; small parts may shrink more
_EXACT = 1e15                # Excel keeps 15 digits; longer numbers have lost some


def check(path: Path) -> date:
    """Refuse what is locked, damaged, too big or no workbook; the day 0 of its date numbers."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == OLE:
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise _locked(path.name)
        return date(1899, 12, 30)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_parts(path.name, archive)
            return _day_zero(archive)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error):
        raise _damaged(path.name) from None


def sheets(path: Path) -> list[str]:
    """The names of the visible sheets."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    book = _open(path)
    return [sheet.name for sheet in book.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet]


def rows(path: Path, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Every row of a sheet with its number, cells as text from column A on."""
    from python_calamine import CalamineError

    try:
        table = _open(path).get_sheet_by_name(sheet)
        for number, cells in enumerate(table.to_python(skip_empty_area=False) if table.start not in (None, (0, 0))
                                       else table.iter_rows(), 1):
            yield number, [text_of(cell) for cell in cells]
    except CalamineError:
        raise _damaged(path.name) from None


def text_of(cell: Any) -> str:
    """The text a clean CSV would hold: 10248.0 is 10248, a date is ISO, a number past 15 digits shows as mangled."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, (int, float)):
        if abs(cell) >= _EXACT:
            return f"{cell:.2E}"
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime):  # Excel stores 07:30 as 07:29:59.9999…
        return (cell + timedelta(milliseconds=500)).replace(microsecond=0).isoformat(" ")
    return cell.isoformat() if isinstance(cell, (date, time)) else str(cell)


def _open(path: Path) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_path(str(path))
    except PasswordError:
        raise _locked(path.name) from None
    except CalamineError:
        raise _damaged(path.name) from None


def _check_parts(name: str, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if not any(part.filename.startswith("xl/") for part in parts):
        raise Refused(f"{name} is a zip archive, not a workbook.", "Unpack it and load the files inside.")
    inflated, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if inflated > MOST_BYTES or (inflated > RATIO_FROM and inflated > MOST_RATIO * max(packed, 1)):
        raise Refused(f"{name} would inflate to {inflated >> 20} MB, more than a workbook may.",
                      "Save the sheet as CSV and load that.")
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            _refuse_doctype(name, archive, part)


def _refuse_doctype(name: str, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read to the end, so that a part bigger than it declares is found out; look for a DOCTYPE before the root."""
    with archive.open(part) as file:
        prolog = file.read(1 << 16).replace(b"\0", b"").upper()
        if b"<!DOCTYPE" in prolog or b"<!ENTITY" in prolog:
            raise Refused(f"{name} holds a document type declaration, which no real workbook has.",
                          "Save it again from Excel and load that.")
        while file.read(1 << 20):
            pass


def _day_zero(archive: zipfile.ZipFile) -> date:
    book = archive.read("xl/workbook.xml") if "xl/workbook.xml" in archive.namelist() else b""
    return date(1904, 1, 1) if re.search(rb'date1904="(1|true)"', book) else date(1899, 12, 30)


def _locked(name: str) -> Refused:
    return Refused(f"{name} is password-protected.", "Save a copy without a password and load that.")


def _damaged(name: str) -> Refused:
    return Refused(f"{name} is damaged or incomplete: it starts like a workbook and cannot be read as one.",
                   "Export or download it again.")
