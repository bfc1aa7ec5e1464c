"""Scoreboard: the figures of a board, a row each, computed from Data; in a territory's book a row for each branch besides.

The convention: a row is the tile of the screen: the latest week that can be judged, its figure, both icons in words.
"""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from scoreboard import weeks
from scoreboard.exports.content import Content, Figures
from scoreboard.exports.formulas import at_row, row_of, value
from scoreboard.exports.look import AMOUNT, SHAPES, WHOLE, format_of, speaks
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, number, text
from scoreboard.metrics import icons, words
from scoreboard.metrics.board import Tile

NAME = "Scoreboard"
COLUMNS = (
    Column("Metric", 30), Column("Corner", 11), Column("Week", 11), Column("Part", 8, True), Column("Whole", 8, True), Column("", 9, True),
    Column("Figure", 10, True), Column("n", 7, True), Column("Target", 9, True), Column("Floor", 9, True),
    Column("Is it changing?", 27), Column("Will it hit the target?", 27), Column("Usual range", 24), Column("Row of Data", 8, True))
HEAD = 5
TILE_HEIGHT = 30


def write(book: Book, content: Content) -> None:
    """The board of the week."""
    page = book.page(NAME, COLUMNS, frozen=HEAD, fixed=1)
    board = content.own.board
    page.row([text(f"{content.own.name} · {words.week_name(content.week)}", "title")], 30)
    page.row([text(board.triangle.headline, "said")], 18)
    said = board.triangle.imbalance or "Each row is the latest week that can be judged."
    page.row([text(f"{words.week_span(content.week)}. {said}", "quiet")])
    page.row([text("Figure, part, whole and n are computed from Data. Choose another week in the column Week and they follow; "
                   "the words stay those of the board.", "quiet")])
    page.heads()
    for tile in content.own.tiles:
        tile_row(page, content.own, tile)
    finish(page, HEAD + 1)
    _corners(page, content)


def _corners(page: Page, content: Content) -> None:
    """The corners under the figures, read from the sheet Triangle."""
    page.blank()
    page.section("Service triangle")
    page.heads([Column("Corner", 0), Column("State", 0), Column("", 0), Column("Score", 0, True)], 18)
    for corner in content.own.board.triangle.corners:
        page.row([text(corner.name, "name"), text(corner.state), text(""), formula(f"score_{corner.name.lower()}", "0", "figure")], 18)
    for rule in speaks(f"$B{page.at - 3}"):
        page.sheet.conditional_formatting.add(f"B{page.at - 3}:D{page.at - 1}", rule)


def tile_row(page: Page, own: Figures, tile: Tile, *before: Cell) -> None:
    """One tile, in the columns of COLUMNS; `before` stands left of them."""
    page.row([*before, text(tile.metric.name, "name"), *_cells(page.at, own, tile, len(before))], TILE_HEIGHT)


def letter(head: str, shift: int = 0) -> str:
    """The letter of a column of COLUMNS, moved to the right by so many."""
    return get_column_letter([column.head for column in COLUMNS].index(head) + 1 + shift)


def _cells(at: int, own: Figures, tile: Tile, shift: int) -> list[Cell | None]:
    """Everything of a tile but its name, from its corner on."""
    metric, shown = tile.metric, tile.shown
    row, week, part, whole = (f"${letter(head, shift)}{at}" for head in ("Row of Data", "Week", "Part", "Whole"))
    said, aim = icons.state(tile), icons.aim(tile)
    known = any(point.week == shown.week for point in own.points[metric.key])
    aims = [number(tile.aim.target, format_of(metric)), number(tile.aim.floor, format_of(metric))]
    if metric.direction == 0:
        aims = [number(None), number(None)]
    behind = [formula(at_row("part", row), AMOUNT), formula(at_row("whole", row), AMOUNT)] if not metric.is_duration and (
        shown.row is not None) else [text(""), text("")]
    figure: list[Cell | None] = [text(""), text(said["words"], "words")]
    if known:
        figure = [formula(at_row("exact", row), style="pale") if metric.is_duration and shown.row is not None else text(""),
                  formula(value(metric, row, part, whole), format_of(metric), "figure")]
    return [text(metric.corner, "words"), text(weeks.label(shown.week)), *behind, *figure,
            formula(at_row("n", row), WHOLE) if known and shown.row is not None else text(""), *aims,
            text(icon(said)), text(icon(aim)), text(icons.range_words(metric, tile.judged).replace("\u00a0", " "), "words"),
            formula(row_of(own.called, metric, week), style="pale") if known else text("")]


def icon(said: dict[str, str]) -> str:
    """Shape and words, with what may be said of the week picked."""
    also = f" ({said['also'][:1].lower()}{said['also'][1:]})" if said.get("also") else ""
    return f"{SHAPES[said['shape']]} {said['words']}{also}".replace("\u00a0", " ").strip()


def finish(page: Page, first: int, shift: int = 0) -> None:
    """The rules that colour by words, the weeks one may choose."""
    last = max(page.at - 1, first)
    changing, aim, figure, week = (letter(head, shift) for head in ("Is it changing?", "Will it hit the target?", "Figure", "Week"))
    for column in (changing, aim):
        for rule in speaks(f"${column}{first}"):
            page.sheet.conditional_formatting.add(f"{column}{first}:{column}{last}", rule)
    for rule in speaks(f"${changing}{first}", also=f"${aim}{first}"):
        page.sheet.conditional_formatting.add(f"{figure}{first}:{figure}{last}", rule)
    choice = DataValidation(type="list", formula1="weeks_of_data", allow_blank=False, showErrorMessage=True,
                            errorTitle="Not a week of Data", error="Choose a week of the list.")
    choice.add(f"{week}{first}:{week}{last}")
    page.sheet.data_validations.append(choice)
