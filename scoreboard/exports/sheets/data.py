"""Data: what everything else in the workbook is computed from, a row for each metric and week of the branch, or of each branch.

The convention: a week's part and whole are sums, its median and nine-of-ten are values taken from the rows behind it and cannot be
computed from other weeks. In a territory's book the rows of the territory come first (`total`), then those of its branches; a
branch's week counts here when the branch belonged to the territory in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from openpyxl.utils import get_column_letter

from scoreboard import weeks
from scoreboard.exports.content import Content, Figures
from scoreboard.exports.formulas import NAMES, named
from scoreboard.exports.look import AMOUNT, DAY, WHOLE
from scoreboard.exports.pages import Book, Column, Page, text
from scoreboard.metrics import words
from scoreboard.metrics.states import Point
from scoreboard.metrics.values import in_unit

NAME = "Data"
COLUMNS = (
    Column("Key", 34), Column("Week", 10), Column("Week begins", 12, True), Column("Metric", 24), Column("Branch", 20),
    Column("Counts here", 8), Column("Part", 11, True), Column("Whole", 11, True), Column("n", 8, True), Column("Median", 10, True),
    Column("Nine of ten within", 10, True), Column("State of the week", 22), Column("Median is", 11), Column("Nine of ten is", 11),
    Column("Reporting", 10))
_KINDS = "ssdsssnnnnnssss"
_STYLES = ("plain", "plain", "plain right", "plain", "plain", "plain", *("plain right",) * 5, "plain", "plain", "plain", "plain")
_FORMATS = ("General", "General", DAY, "General", "General", "General", AMOUNT, AMOUNT, WHOLE, "#,##0.00", "#,##0.00", *("General",) * 4)
HEAD = 4


def write(book: Book, content: Content) -> None:
    """One row after another, none of them kept."""
    page = book.page(NAME, COLUMNS, frozen=HEAD, fixed=2)
    page.top("Data", "Part and whole are sums; median and nine-of-ten are values, taken from the rows behind the week, in the metric's "
             "unit.", _whose(content))
    page.heads()
    cells = [_reused(page, *one) for one in zip(_KINDS, _STYLES, _FORMATS, strict=True)]
    for line in rows(content):
        for cell, value in zip(cells, line, strict=True):
            cell._value = value
        page.sheet.append([None if value is None or value == "" else cell for cell, value in zip(cells, line, strict=True)])
        page.at += 1
    last = max(page.at - 1, HEAD)
    page.sheet.auto_filter.ref = f"A{HEAD}:{get_column_letter(len(COLUMNS))}{last}"
    for at, column in enumerate(NAMES, start=1):
        letter = get_column_letter(at)
        book.name(named(column), NAME, f"${letter}$1:${letter}${last}")


def _whose(content: Content) -> str:
    if not content.of_territory:
        return "A week without a figure says why in its state. The other sheets find a row by its key; you may sort and filter."
    return ("Rows called total are the territory's own; a branch's week counts here when the branch belonged to the territory then. "
            "You may sort and filter.")


def rows(content: Content) -> Iterator[Sequence[Any]]:
    """The values of every row, in the order of COLUMNS."""
    for one in (content.own, *content.branches):
        name = text(one.name).value or one.called
        for key, points in one.points.items():
            for point in points:
                yield _row(content, one, name, key, point)


def _row(content: Content, one: Figures, name: str, key: str, point: Point) -> Sequence[Any]:
    row, label = point.row, weeks.label(point.week)
    known = (None,) * 5 if row is None else (
        row.part, row.whole, row.n, in_unit(point.metric, row.p50), in_unit(point.metric, row.p90))
    reporting = f"{row.reporting} of {row.expected}" if row is not None and one.scope.kind != "branch" else ""
    return (f"{one.called}|{key}|{label}", label, point.week, key, name, _counts(content, one, point),
            *known, state(point), *_exact(point), reporting)


def _counts(content: Content, one: Figures, point: Point) -> str:
    if one.scope.kind != "branch":
        return "total"
    here = not content.of_territory or content.company.territory(one.scope.name, point.week) == content.scope.name
    return "yes" if here else "no"


def _exact(point: Point) -> tuple[str, str]:
    """Whether median and nine-of-ten lie on an open row, and so are more than their value."""
    if not point.metric.is_duration or point.row is None:
        return "", ""
    return "more than" if point.row.at_least else "median", "more than" if point.row.p90_at_least else ""


def state(point: Point) -> str:
    """What may be said of a week, in a word or two."""
    if point.state == "value":
        return "judged"
    if point.state == "no_events":
        return "no events"
    return "too few to show" if point.state == "too_few" and point.value is None else words.POINT_STATES[point.state]


def _reused(page: Page, kind: str, style: str, format: str) -> Any:
    """A cell written again in every row: what a row holds is written before the next one is asked for."""
    cell = page.book.cell()
    cell.data_type, cell._style = kind, page.book.style(style, format)
    return cell

