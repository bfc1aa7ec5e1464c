"""Scoreboard of a territory: a row for each branch, by name; no branch is first or last.

The convention: a figure is read from the sheet Figures, where its part, whole, week and target stand; the words beside it are those of
the branch's own board. A branch without a figure on its board has a dash there.
"""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from scoreboard.exports.content import Content, Figures
from scoreboard.exports.look import SHAPES, format_of, speaks
from scoreboard.exports.pages import Book, Cell, Column, Page, formula, text
from scoreboard.exports.sheets import figures, scoreboard
from scoreboard.metrics import icons, words
from scoreboard.metrics.board import Tile
from scoreboard.metrics.triangle import CORNERS

NAME = "Scoreboard"
HEAD = 5
BEFORE = 1 + len(CORNERS)  # columns left of the figures


def write(book: Book, content: Content) -> None:
    """The matrix, the territory itself first."""
    metrics = content.metrics
    columns = [Column("Branch", 20), *(Column(corner, 10) for corner in CORNERS), *(
        column for metric in metrics for column in (Column(words.title(metric)[0], 10, True), Column("", 16)))]
    page = book.page(NAME, columns, frozen=HEAD, fixed=1)
    board = content.own.board
    page.row([text(f"{content.own.name} · {words.week_name(content.week)}", "title")], 30)
    page.row([text(board.triangle.headline, "said")], 18)
    page.row([text(f"{words.week_span(content.week)}. Each figure is the latest week that can be judged; the territory's are sums of part "
                   "and whole, never a mean of figures.", "quiet")])
    page.row([text("Part, whole, n, week and target of every figure stand on the sheet Figures. Branches stand by name.", "quiet")])
    page.heads(columns, 42)
    row = scoreboard.HEAD + 1
    for one in (content.own, *content.branches):
        page.row(_branch(content, one, row), 30)
        row += len(one.tiles)
    _counts(page, columns, len(content.branches))
    _colours(page, columns)


def _branch(content: Content, one: Figures, first: int) -> list[Cell | None]:
    name = "total" if one is content.own else "name"
    states = {corner.name: corner.state for corner in one.board.triangle.corners}
    cells: list[Cell | None] = [text(one.name, name), *(text(states[corner], "words") for corner in CORNERS)]
    rows = {tile.metric.key: (first + at, tile) for at, tile in enumerate(one.tiles)}
    for metric in content.metrics:
        if metric.key not in rows:
            cells += [text("–", "number"), text("not on its board", "words")]
            continue
        at, tile = rows[metric.key]
        figure = f"{figures.NAME}!${scoreboard.letter('Figure', 1)}${at}"
        cells += [formula(figure, format_of(metric), "strong"), text(_said(tile), "words")]
    return cells


def _said(tile: Tile) -> str:
    """Both icons in as few words as say something."""
    state, (shape, begin, tone) = icons.state(tile), icons.trust(tile.judged)
    aim = f"{SHAPES[shape]} {begin.strip().lower()} target" if tone != "quiet" and begin else ""
    return "; ".join(part for part in (f"{SHAPES[state['shape']]} {state['words']}", aim) if part).replace("\u00a0", " ")


def _counts(page: Page, columns: list[Column], branches: int) -> None:
    """How many branches stand out, counted from the words above."""
    if not branches:
        page.row([text("No branch belongs here in these weeks.", "quiet")])
        return
    first, last = HEAD + 2, page.at - 1
    for said in ("Worse than usual", "Better than usual", "Reliably misses"):
        cells: list[Cell | None] = [text(f"Branches: {said.lower()}", "total"), *(text("", "total") for _ in range(BEFORE - 1))]
        for at in range(BEFORE + 1, len(columns), 2):
            letter = get_column_letter(at + 1)
            cells += [text("", "total"), formula(f'COUNTIF({letter}{first}:{letter}{last},"*{said}*")', "0", "total right")]
        page.row(cells, 18)


def _colours(page: Page, columns: list[Column]) -> None:
    first, last = HEAD + 1, max(page.at - 4, HEAD + 1)
    for at in range(1, BEFORE):
        letter = get_column_letter(at + 1)
        for rule in speaks(f"{letter}{first}"):
            page.sheet.conditional_formatting.add(f"{letter}{first}:{letter}{last}", rule)
    for at in range(BEFORE, len(columns), 2):
        figure, said = get_column_letter(at + 1), get_column_letter(at + 2)
        for rule in speaks(f"${said}{first}"):
            page.sheet.conditional_formatting.add(f"{figure}{first}:{said}{last}", rule)
