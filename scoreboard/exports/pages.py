"""A workbook sheet by sheet, row by row: openpyxl's write-only mode with our look, print set-up and safe texts.

The convention: what people or files wrote is inert (`imports.report.inert`), and a cell runs only as a formula when it is given as
one. A row, once written, is gone from memory; widths, frozen panes and heads are said before the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

from scoreboard.exports.look import ACCENT, FACE, STYLES
from scoreboard.imports.report import inert

LONGEST = 32_767  # characters a cell holds
A4, LETTER = 9, 1
_LETTER_COUNTRIES = ("US", "CA", "MX", "PH", "CO", "CL", "VE")


class Cell(NamedTuple):
    """A cell to be written: what kind, which value, in which style and number format."""

    kind: str
    value: Any
    style: str = "text"
    format: str = "General"


def text(value: object, style: str = "text") -> Cell:
    """A text, never a formula; None is empty."""
    said = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", inert(str(value)))[:LONGEST]
    return Cell("s", said, style) if said else Cell("n", None, style)


def number(value: float | date | datetime | None, format: str = "General", style: str = "number") -> Cell:
    """A figure that is a value; None is empty."""
    return Cell("d" if isinstance(value, date) else "n", value, style, format)


def formula(said: str, format: str = "General", style: str = "number") -> Cell:
    """A figure that Excel computes; `said` without its equals sign."""
    return Cell("f", f"={said}", style, format)


def quoted(word: str) -> str:
    """A text inside a formula."""
    return '"' + word.replace('"', '""') + '"'


@dataclass(frozen=True)
class Column:
    """A column of a table: its head, its width in characters, whether figures stand in it."""

    head: str
    width: float
    right: bool = False


class Book:
    """A workbook while it is written."""

    def __init__(self, title: str, at: datetime, country: str) -> None:
        self.work = Workbook(write_only=True)
        self.work.calculation = CalcProperties(fullCalcOnLoad=True)
        self.work.properties.title, self.work.properties.creator = title, "Leadership Scoreboard"
        self.work.properties.created = self.work.properties.modified = at
        self.title, self.paper = title, LETTER if country.upper() in _LETTER_COUNTRIES else A4
        self._styles: dict[tuple[str, str], Any] = {}

    def page(self, name: str, columns: Sequence[Column], *, landscape: bool = True, frozen: int = 0, fixed: int = 0) -> Page:
        """A new sheet. `frozen` rows at the top stay in sight and stand on every printed page, `fixed` columns stay at the left."""
        return Page(self, name, columns, landscape, frozen, fixed)

    def name(self, name: str, sheet: str, range: str) -> None:
        """A name people may use in their own formulas, for an absolute range of a sheet."""
        self.work.defined_names[name] = DefinedName(name, attr_text=f"'{sheet}'!{range}")

    def save(self, out: BinaryIO) -> None:
        archive = ZipFile(out, "w", ZIP_DEFLATED)
        try:
            ExcelWriter(self.work, archive).save()
        except OSError:
            archive.fp = None  # else it would finish itself later, in a file that is closed by then
            raise

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *_: object) -> None:
        """Closes sheets that were never saved, and takes their rows off the disk."""
        for sheet in self.work.worksheets:
            made: Any = sheet
            if not made.closed:
                made.close()
            Path(made._writer.out).unlink(missing_ok=True)

    def cell(self) -> Any:
        """An empty cell; openpyxl's own attributes are set below its checks, which would take texts for formulas and errors."""
        return WriteOnlyCell(self.work.worksheets[0])

    def style(self, name: str, format: str) -> Any:
        """The style of cells: openpyxl's array of indices, made once."""
        if (name, format) not in self._styles:
            made, cell = STYLES[name], self.cell()
            cell.font, cell.alignment, cell.number_format = made.font, made.alignment, format
            if made.fill:
                cell.fill = made.fill
            if made.border:
                cell.border = made.border
            self._styles[name, format] = copy(cell._style)
        return self._styles[name, format]


class Page:
    """A sheet while it is written; `at` is the number of the next row."""

    def __init__(self, book: Book, name: str, columns: Sequence[Column], landscape: bool, frozen: int, fixed: int) -> None:
        self.book, self.name, self.columns, self.at = book, name, columns, 1
        self.sheet: Any = book.work.create_sheet(name)
        sheet = self.sheet
        sheet._values_to_row = _placed
        for at, column in enumerate(columns, start=1):
            sheet.column_dimensions[get_column_letter(at)].width = column.width
        sheet.sheet_view.showGridLines = False
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.sheet_properties.tabColor = ACCENT
        if frozen or fixed:
            sheet.freeze_panes = f"{get_column_letter(fixed + 1)}{frozen + 1}"
        if frozen:
            sheet.print_title_rows = f"{frozen}:{frozen}"
        _printed(sheet, book, landscape)

    def row(self, cells: Iterable[Cell | None], height: float | None = None) -> int:
        """Writes a row, returns its number."""
        if height:
            self.sheet.row_dimensions[self.at].height = height
        self.sheet.append([None if cell is None else self._made(cell) for cell in cells])
        self.at += 1
        return self.at - 1

    def blank(self, rows: int = 1) -> None:
        for _ in range(rows):
            self.row([])

    def top(self, title: str, *said: str) -> None:
        """The title of a sheet with sentences below it."""
        self.row([text(title, "title")], 30)
        for one in said:
            self.row([text(one, "quiet")])

    def section(self, title: str, said: str = "") -> None:
        """The title of a part of a sheet."""
        self.row([text(title, "section")], 26)
        if said:
            self.row([text(said, "quiet")])

    def heads(self, columns: Sequence[Column] | None = None, height: float = 28) -> int:
        """The heads of a table."""
        styles = ["head right" if one.right else "head" if at else "head first" for at, one in enumerate(columns or self.columns)]
        return self.row([text(one.head, style) for one, style in zip(columns or self.columns, styles, strict=True)], height)

    def _made(self, cell: Cell) -> Any:
        made = self.book.cell()
        made._value, made.data_type, made._style = cell.value, cell.kind, self.book.style(cell.style, cell.format)
        return made


def _placed(cells: Iterable[Any], row: int) -> Iterator[Any]:
    """Cells in their places. In place of openpyxl's own, which first takes every cell for a value and raises: a fifth of all time."""
    for column, cell in enumerate(cells, start=1):
        if cell is not None:
            cell.column, cell.row = column, row
            yield cell


def _printed(sheet: Any, book: Book, landscape: bool) -> None:
    """Fits the width of A4 and of Letter alike."""
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.paperSize = book.paper
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.55, 0.65
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    sheet.print_options.horizontalCentered = False
    sheet.oddFooter.left.text = book.title.replace("&", "&&")
    sheet.oddFooter.center.text = "&A"
    sheet.oddFooter.right.text = "&P / &N"
    for part in (sheet.oddFooter.left, sheet.oddFooter.center, sheet.oddFooter.right):
        part.size, part.font = 8, f"{FACE},Regular"
