"""Figures: every tile of a territory and of its branches, a row each, as its own board shows it; computed from Data."""

from __future__ import annotations

from openpyxl.utils import get_column_letter

from scoreboard.exports.content import Content
from scoreboard.exports.pages import Book, Column, text
from scoreboard.exports.sheets import scoreboard
from scoreboard.metrics import words

NAME = "Figures"
COLUMNS = (Column("Branch", 22), *scoreboard.COLUMNS)


def write(book: Book, content: Content) -> None:
    """The territory's own tiles first, then those of its branches by name."""
    page = book.page(NAME, COLUMNS, frozen=scoreboard.HEAD, fixed=2)
    page.top(f"{content.own.name} · figures",
             "The board of the territory and of each branch, tile by tile: the latest week that can be judged. Figure, part, whole and n "
             "are computed from Data.",
             f"Targets and words are those of each branch in {words.week_name(content.week).lower()}. You may filter.")
    page.blank(scoreboard.HEAD - page.at)
    page.heads()
    for one in (content.own, *content.branches):
        name = text(f"{one.name} (territory)" if one is content.own else one.name, "name")
        for tile in one.tiles:
            scoreboard.tile_row(page, one, tile, name)
    page.sheet.auto_filter.ref = f"A{scoreboard.HEAD}:{get_column_letter(len(COLUMNS))}{max(page.at - 1, scoreboard.HEAD)}"
    scoreboard.finish(page, scoreboard.HEAD + 1, shift=1)
