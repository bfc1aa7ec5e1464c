"""A table as a file: CSV or a workbook that says what it is of.

The convention: the table begins in the first row, so that a program or a pivot table reads it as it is. What it is of stands on a
sheet of its own, in CSV below the table after an empty row. No text runs as a formula. CSV is UTF-8 with a mark, without which
Excel would read accents wrongly; other programs skip it.
"""

from __future__ import annotations

import csv as csv_module
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from scoreboard.imports.report import inert

About = Sequence[tuple[str, str]]
_LONGEST_CELL = 32_767  # characters a cell of Excel holds
_NARROW, _WIDE = 12, 60  # characters of a column


def csv(heads: Sequence[str], rows: Iterable[Sequence[Any]], about: About) -> bytes:
    """The table as CSV, and below it what it is of."""
    out = io.StringIO()
    writer = csv_module.writer(out)
    for row in (heads, *rows, *([(), *about] if about else ())):
        writer.writerow([inert(cell) if isinstance(cell, str) else cell for cell in row])
    return out.getvalue().encode("utf-8-sig")


def workbook(heads: Sequence[str], rows: Sequence[Sequence[Any]], about: About) -> bytes:
    """The table as a workbook: a sheet of rows, and one that says what they are."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Rows")
    sheet.freeze_panes = "A2"
    for at, head in enumerate(heads):
        longest = max((len(str(cell)) for cell in (head, *(row[at] for row in rows)) if cell is not None), default=0)
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(max(longest + 2, _NARROW), _WIDE)
    sheet.append([_cell(sheet, head, bold=True) for head in heads])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    notes = book.create_sheet("About")
    notes.column_dimensions["A"].width, notes.column_dimensions["B"].width = 18, 110
    for label, said in about:
        notes.append([_cell(notes, label, bold=True), _cell(notes, said)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, value: Any, bold: bool = False) -> Any:
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub("", value)[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value)
    if isinstance(value, str):
        cell.data_type = "s"  # never a formula, whatever it begins with
    if isinstance(value, date):
        cell.number_format = "yyyy-mm-dd hh:mm" if isinstance(value, datetime) else "yyyy-mm-dd"
    cell.font = Font(bold=bold)
    return cell
