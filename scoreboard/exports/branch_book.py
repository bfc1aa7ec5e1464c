"""The workbook of one branch: what a coach takes along to a visit, with every figure computed by Excel from the sheet Data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from scoreboard.exports import content as contents
from scoreboard.exports.content import WEEKS, Content
from scoreboard.exports.logo import Logo, picture
from scoreboard.exports.pages import Book
from scoreboard.exports.saving import place
from scoreboard.exports.sheets import about, coverage, data, definitions, exceptions, handoffs, rollout, scoreboard, trends, triangle
from scoreboard.metrics import board as boards
from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import scope_for
from scoreboard.settings import Settings
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import label

SHEETS: tuple[Callable[[Book, Content], None], ...] = (
    about.write, scoreboard.write, trends.write, triangle.write, exceptions.write, handoffs.write, rollout.write, coverage.write,
    definitions.write, data.write)


def write(conn: Connection, settings: Settings, viewer: Viewer, company: Company, branch: str, week: date | None = None, weeks: int = WEEKS,
          out: Path | BinaryIO = Path("scoreboard.xlsx"), logo: Logo = None) -> None:
    """Writes the workbook of a branch for a week (None: the board's), with so many weeks behind it, into a file or a stream. NotAllowed
    for another's branch; Refused where it cannot be written, or for a logo that is not a picture."""
    scope = scope_for(company, viewer, branch=branch)
    week, logo_small = week or boards.default_week(conn, company, scope), picture(logo)
    with place(out) as file:
        called = contents.call([scope.name])[scope.name]
        own, trends_of = contents.own_figures(conn, settings, company, scope, called, week, weeks)
        content = Content(conn, settings, viewer, company, own, week, weeks, trends_of, logo=logo_small)
        with Book(f"{own.name}, {label(week)}", settings.now, company.branches[scope.name].country) as book:
            for sheet in SHEETS:
                sheet(book, content)
            book.save(file)
