"""From a file to a table of text: what the file is, how it is written, and where its header row stands.

The convention: a plain UTF-8 CSV whose every line is one row is read in place; everything else (other
encodings, workbooks, ragged rows, line ends inside cells, blank lines) is first rewritten row by row into a
numbered copy with three columns more: the row's number in the original, its count of cells, and what it has
beyond the last header.
"""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Callable, Iterator, Sequence

from scoreboard.errors import Refused
from scoreboard.imports import text_files, workbooks
from scoreboard.imports.dates import SPACE
from scoreboard.imports.text_files import DELIMITERS, ENCODINGS, Row

HEAD_ROWS = 60          # the header stands within the first so many rows
_SAVE_AS = "Save it as .xlsx or CSV and load that."
_OTHERS = ((b"%PDF", "a PDF document"), (b"\x1f\x8b", "a compressed (gzip) file"), (b"\x89PNG", "a picture"),
           (b"PAR1", "a Parquet file"), (b"SQLite format 3", "a database"), (b"{\\rtf", "a text document (RTF)"))


@dataclass(frozen=True)
class Table:
    """A table found in a file. `rows` in `path` follow after `skip` lines; `header_row` is its number in the file.

    `lines` counts the lines of a file read in place; `serials_from` is day 0 of a workbook's date numbers.
    """

    original: Path
    sha256: str
    path: Path
    encoding: str
    delimiter: str
    headers: tuple[str, ...]
    header_row: int
    skip: int
    lines: int
    numbered: bool = False
    sheet: str | None = None
    serials_from: date | None = None


def read(path: Path, known: Callable[[Sequence[str]], int], *, headers: bool = True, delimiter: str | None = None) -> Table:
    """Find the table of a file. `known` counts the cells of a row that are headers we know.

    Without `headers` the columns are called "1", "2", … Refused when it is empty or not a table.
    """
    if not path.is_file():
        raise Refused(f"There is no file {path}.", "Check the path.")
    with path.open("rb") as file:
        start = file.read(4096)
    if not start.strip(b"\0 \t\r\n"):
        raise Refused(f"{path.name} is empty.", "Export it again.")
    if start.startswith((workbooks.ZIP, workbooks.OLE)):
        return _workbook(path, known, headers)
    _refuse_other_kinds(path.name, start)
    return _text(path, known, headers, delimiter)


def rows_of(table: Table) -> Iterator[Row]:
    """Every row below the header that is not blank, numbered as in the file."""
    source = (workbooks.rows(table.original, table.sheet) if table.sheet
              else text_files.rows(table.original, table.encoding, table.delimiter))
    return ((number, cells) for number, cells in source if number > table.header_row and any(map(_shown, cells)))


def numbered(table: Table, scratch: Path) -> Table:
    """The same table as a numbered UTF-8 copy in `scratch`, every row with as many cells as the header."""
    copy, width = scratch / "numbered.csv", len(table.headers)
    with copy.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, cells in rows_of(table):
            while len(cells) > width and not _shown(cells[-1]):
                cells.pop()
            texts = [cell.replace("\r\n", "\n").replace("\r", "\n").strip(SPACE) for cell in cells[:width]]
            more = table.delimiter.join(cells[width:])
            writer.writerow([*texts, *[""] * (width - len(texts)), number, len(cells), more])
    return replace(table, path=copy, delimiter=",", skip=0, numbered=True)


def _shown(cell: str) -> bool:
    return bool(cell.strip(SPACE))


def _refuse_other_kinds(name: str, start: bytes) -> None:
    for magic, what in _OTHERS:
        if start.startswith(magic):
            raise Refused(f"{name} is {what}, not a table.", _SAVE_AS)
    if b"<html" in start.lower() or b"<table" in start.lower() or start.lstrip().startswith(b"<?xml"):
        raise Refused(f"{name} is a web page or XML, whatever its name says.", f"Open it in Excel. {_SAVE_AS}")
    if b"\0" in start and start[:2] not in ENCODINGS:
        raise Refused(f"{name} is not a table: it holds binary data.", _SAVE_AS)


def _text(path: Path, known: Callable[[Sequence[str]], int], headers: bool, delimiter: str | None) -> Table:
    sha256, lines, encoding = text_files.scan(path)
    head = text_files.head(path, encoding)
    named = head[4:5] if head[:4].lower() == "sep=" else ""
    choices = [delimiter] if delimiter else [named] if named else list(DELIMITERS.values())
    heads = {mark: list(islice(text_files.first_rows(head, mark), HEAD_ROWS)) for mark in choices}
    mark = max(heads, key=lambda m: (max((known(cells) for _, cells in heads[m]), default=0), _width(heads[m])))
    number, names = _header([row for row in heads[mark] if not (named and row[0] == 1)], known, headers, path.name)
    table = Table(path, sha256, path, encoding, mark, names, number, number, lines)
    # A header that is not its own line, or lines DuckDB would not count, would shift the rows: number them.
    above = heads[mark][:number]
    in_place = encoding.startswith("utf-8") and [n for n, _ in above] == list(range(1, number + 1))
    return table if in_place else replace(table, lines=-1)


def _width(rows: list[Row]) -> int:
    widths = sorted(len(cells) for _, cells in rows if any(map(_shown, cells)))
    return widths[len(widths) // 2] if widths else 0


def _header(rows: list[Row], known: Callable[[Sequence[str]], int], headers: bool, name: str) -> tuple[int, tuple[str, ...]]:
    """Row number and names of the header: the first row with two headers we know, else the first with two cells."""
    filled = [row for row in rows if sum(map(_shown, row[1])) >= 2]
    if not filled:
        raise Refused(f"{name} holds no table: no row has two cells.", "Export it with its header row.")
    if not headers:
        return 0, tuple(str(i + 1) for i in range(len(filled[0][1])))
    number, cells = next((row for row in filled if known(row[1]) >= 2), filled[0])
    return number, tuple(cell.strip(SPACE) for cell in cells)


def _workbook(path: Path, known: Callable[[Sequence[str]], int], headers: bool) -> Table:
    """The first visible sheet with a header we know, else the first with a table."""
    serials_from = workbooks.check(path)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    heads = {sheet: list(islice(workbooks.rows(path, sheet), HEAD_ROWS)) for sheet in workbooks.sheets(path)}
    filled = [s for s, rows in heads.items() if any(sum(map(_shown, cells)) >= 2 for _, cells in rows)]
    sheet = next((s for s in filled if any(known(cells) >= 2 for _, cells in heads[s])), next(iter(filled), None))
    if sheet is None:
        raise Refused(f"{path.name} holds no table on a visible sheet.", "Export it with its header row.")
    number, names = _header(heads[sheet], known, headers, path.name)
    return Table(path, sha256, path, "", ",", names, number, number, -1, sheet=sheet, serials_from=serials_from)
