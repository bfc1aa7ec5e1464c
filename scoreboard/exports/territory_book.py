"""The workbook of a territory: one file for all its branches, with every figure computed by Excel from the sheet Data."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Connection

from scoreboard.errors import NotAllowed
from scoreboard.exports import content as contents
from scoreboard.exports.content import TOTAL, WEEKS, Content
from scoreboard.exports.logo import Logo, picture
from scoreboard.exports.pages import Book
from scoreboard.exports.saving import place
from scoreboard.exports.sheets import (
    about,
    adding_up,
    branches,
    coverage,
    data,
    definitions,
    exceptions,
    figures,
    handoffs,
    rollout,
    trends,
    triangle,
)
from scoreboard.metrics import board as boards
from scoreboard.metrics.company import Company
from scoreboard.metrics.scopes import scope_for
from scoreboard.settings import Settings
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import label

SHEETS: tuple[Callable[[Book, Content], None], ...] = (
    about.write, branches.write, figures.write, trends.write, triangle.write, exceptions.write, handoffs.write, rollout.write,
    coverage.write, adding_up.write, definitions.write, data.write)


def write(conn: Connection, settings: Settings, viewer: Viewer, company: Company, territory: str, week: date | None = None,
          weeks: int = WEEKS, out: Path | BinaryIO = Path("scoreboard.xlsx"), logo: Logo = None) -> None:
    """Writes the workbook of a territory, as `branch_book.write` does of a branch. NotAllowed unless all its branches are the viewer's,
    in that week too."""
    scope = scope_for(company, viewer, territory=territory)
    week, logo_small = week or boards.default_week(conn, company, scope), picture(logo)
    with place(out) as file:
        own, trends_of = contents.own_figures(conn, settings, company, scope, TOTAL, week, weeks)
        found = contents.figures_of(conn, settings, company, scope, week, weeks)
        if not all(viewer.sees(one.scope.name) for one in found):
            raise NotAllowed(f'"{scope.name}" held branches in these weeks that are not yours.',
                             "Choose fewer weeks, or ask an administrator.")
        country = company.branches[found[0].scope.name].country if found else ""
        content = Content(conn, settings, viewer, company, own, week, weeks, trends_of, found, logo_small)
        with Book(f"{own.name}, {label(week)}", settings.now, country) as book:
            for sheet in SHEETS:
                sheet(book, content)
            book.save(file)
