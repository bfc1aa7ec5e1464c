"""A table as CSV and workbook: what it is of goes along, numbers stay numbers, no text becomes a formula."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import openpyxl

from scoreboard.exports import table

HEADS = ["Customer", "Lines", "Ordered", "=Head"]
ROWS = [["=HYPERLINK(\"http://x\")", 12, date(2026, 11, 3), "plain"], ["+1 call back", 0.25, datetime(2026, 11, 3, 9, 30), "\x01odd"],
        ["Müller", None, None, "-5"]]
ABOUT = [("What", "=1+1"), ("Branch", "Riverside"), ("Data version", "7")]


def read_csv(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))


def test_csv_begins_with_its_heads_and_ends_with_what_it_is_of() -> None:
    lines = read_csv(table.csv(HEADS, ROWS, ABOUT))
    assert lines[0] == ["Customer", "Lines", "Ordered", "'=Head"]
    assert lines[1:4] == [["'=HYPERLINK(\"http://x\")", "12", "2026-11-03", "plain"],
                          ["'+1 call back", "0.25", "2026-11-03 09:30:00", "\x01odd"], ["Müller", "", "", "-5"]]
    assert lines[4:] == [[], ["What", "'=1+1"], ["Branch", "Riverside"], ["Data version", "7"]]


def test_csv_has_the_mark_without_which_excel_misreads_accents() -> None:
    assert table.csv(["Müller"], [], []).startswith(b"\xef\xbb\xbf")


def test_a_workbook_keeps_numbers_and_dates_and_runs_nothing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(table.workbook(HEADS, ROWS, ABOUT)))
    assert book.sheetnames == ["Rows", "About"]
    rows = list(book["Rows"].iter_rows())
    assert [[cell.value for cell in row] for row in rows[1:]] == [
        ["=HYPERLINK(\"http://x\")", 12, datetime(2026, 11, 3), "plain"], ["+1 call back", 0.25, datetime(2026, 11, 3, 9, 30), "odd"],
        ["Müller", None, None, "-5"]]
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    assert [[cell.value for cell in row] for row in book["About"].iter_rows()] == [list(line) for line in ABOUT]


def test_a_table_without_rows_is_a_file_all_the_same() -> None:
    assert read_csv(table.csv(["Customer"], [], ABOUT))[:3] == [["Customer"], [], ["What", "'=1+1"]]
    assert openpyxl.load_workbook(io.BytesIO(table.workbook(["Customer"], [], ABOUT)))["Rows"].max_row == 1
