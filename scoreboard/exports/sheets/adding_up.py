"""Adding up: of each figure of a territory the sums over the branches that count there, beside the territory's own.

The convention: both are computed by Excel from Data, of the week of the board; durations have no sums and are left out.
"""

from __future__ import annotations

from scoreboard import weeks
from scoreboard.exports.content import Content
from scoreboard.exports.formulas import named
from scoreboard.exports.look import AMOUNT
from scoreboard.exports.pages import Book, Cell, Column, formula, quoted, text
from scoreboard.metrics import words
from scoreboard.metrics.board import Tile

NAME = "Adding up"
COLUMNS = (Column("Metric", 36), Column("Part, territory", 14, True), Column("Part, branches", 14, True),
           Column("Whole, territory", 14, True), Column("Whole, branches", 14, True), Column("Agree?", 10))


def write(book: Book, content: Content) -> None:
    """A row for each figure that is a sum."""
    page, label = book.page(NAME, COLUMNS), weeks.label(content.week)
    page.top("The sum of the branches is the territory",
             f"Part and whole of week {label}: the territory's row of Data beside the sum of its branches' rows.")
    tiles = [tile for tile in content.own.tiles if not (tile.metric.is_duration or tile.metric.minimum) and tile.picked.row is not None]
    if not tiles:
        page.row([text("Nothing is counted in that week.", "quiet")])
        return
    page.heads()
    for tile in tiles:
        page.row(_row(page.at, content, tile, label))


def _row(at: int, content: Content, tile: Tile, label: str) -> list[Cell | None]:
    key, metric, week = quoted(f"{content.own.called}|{tile.metric.key}|{label}"), quoted(tile.metric.key), quoted(label)
    sums = [formula(said, AMOUNT) for column in ("part", "whole") for said in (
        f"SUMIFS({named(column)},{named('key')},{key})",
        f'SUMIFS({named(column)},{named("metric")},{metric},{named("week")},{week},{named("counts")},"yes")')]
    agree = f'IF(AND(ABS(B{at}-C{at})<0.000001,ABS(D{at}-E{at})<0.000001),"yes","no")'
    return [text(words.title(tile.metric)[0], "name"), *sums, formula(agree, style="text")]
