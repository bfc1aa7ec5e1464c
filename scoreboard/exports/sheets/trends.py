"""Trends: the weeks of each metric as a table and as Excel's own line chart: the figure, its usual range, its target.

The convention: a week without a figure is an empty cell, because a spreadsheet would draw a word as zero; its state says why. Usual
range and target are values: what the screen drew when the workbook was made.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from openpyxl.worksheet.pagebreak import Break

from scoreboard import weeks
from scoreboard.exports.content import Content
from scoreboard.exports.drawing import line_chart
from scoreboard.exports.formulas import at_row, ratio, row_of, value
from scoreboard.exports.look import AMOUNT, WHOLE, format_of, speaks
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, number, text
from scoreboard.exports.sheets import data
from scoreboard.exports.trend import Trend
from scoreboard.metrics import icons
from scoreboard.metrics.states import Point

NAME = "Trends"
COLUMNS = (
    Column("Week", 10), Column("", 7), Column("Part", 8, True), Column("Whole", 8, True), Column("n", 7, True), Column("Figure", 10, True),
    Column("Usual, low", 9, True), Column("Usual, middle", 9, True), Column("Usual, high", 9, True), Column("Target", 9, True),
    Column("State", 36), Column("Row of Data", 8, True))
FOUR = Column("Four weeks together", 10, True)
ROWS = 16  # that a chart covers


def write(book: Book, content: Content) -> None:
    """A block of rows and a chart for each metric; each begins a page."""
    page = book.page(NAME, (*COLUMNS, FOUR), landscape=False, fixed=1)
    page.top(f"{content.own.name} · trends", "Figure, part and whole are computed from Data. Usual range and target are values. "
             "Hollow dots: weeks that are not judged; triangles: weeks that stand out.",
             "Where misses are too rare for single weeks, four weeks are judged together: the thick line, and the last column.")
    for at, trend in enumerate(content.trends):
        if at:
            page.sheet.row_breaks.append(Break(id=page.at - 1))
        _block(page, content, trend)


def _block(page: Page, content: Content, trend: Trend) -> None:
    said = icons.range_words(trend.metric, trend.judged).replace("\u00a0", " ")
    page.section(trend.metric.name, f"{said[:1].upper()}{said[1:]}." if said else "No week has a figure yet.")
    if not trend.points:
        page.blank()
        return
    drawn_at = page.at
    page.blank(ROWS)
    head = page.heads((*COLUMNS, FOUR) if trend.fours else COLUMNS)
    rows = {point.week: head + 1 + at for at, point in enumerate(trend.points)}
    for point, aim in zip(trend.points, trend.aims, strict=True):
        page.row([*_week(page.at, content, trend, point, aim.target), *_four(trend, point, rows)])
    for rule in speaks(f"$K{head + 1}"):
        page.sheet.conditional_formatting.add(f"K{head + 1}:K{page.at - 1}", rule)
    line_chart(page, trend, head, f"A{drawn_at}")
    page.blank()


def _week(at: int, content: Content, trend: Trend, point: Point, target: float | None) -> list[Cell | None]:
    metric, row, label = trend.metric, f"$L{at}", weeks.label(point.week)
    shown = format_of(metric)
    usual = trend.usual(point.week)
    drawn = usual.drawn(metric) if usual else None
    low, high = drawn or (None, None)
    sums = [formula(at_row("part", row), AMOUNT), formula(at_row("whole", row), AMOUNT)] if not metric.is_duration else [text(""), text("")]
    known = point.row is not None and point.value is not None
    return [text(label, "first"), text(f"W{label[-2:]}", "words"), *(sums if known else [text(""), text("")]),
            formula(at_row("n", row), WHOLE) if known else text(""),
            formula(value(metric, row, f"$C{at}", f"$D{at}"), shown) if known else number(None), number(low, shown, "pale"),
            number(usual.mean if usual and drawn else None, shown, "pale"), number(high, shown, "pale"),
            number(target if metric.direction else None, shown, "pale"), text(_said(trend, point), "words"),
            formula(row_of(content.own.called, metric, f"$A{at}"), style="pale")]


def _four(trend: Trend, point: Point, rows: Mapping[date, int]) -> list[Cell]:
    """The figure of the four weeks that a week is judged with, computed from part and whole of those that count."""
    if point.week not in trend.fours:
        return []
    part, whole = (f"SUM({','.join(f'${column}${rows[week]}' for week in trend.fours[point.week].weeks)})" for column in "CD")
    return [formula(ratio(trend.metric, part, whole), format_of(trend.metric))]


def _said(trend: Trend, point: Point) -> str:
    mark, four = trend.mark(point.week), "four weeks " if trend.fours else ""
    said = icons.VARIATIONS[mark.type][1].lower() if mark and mark.type in icons.VARIATIONS else ""
    return data.state(point) + (f"; {four}{said}" if said else "")
