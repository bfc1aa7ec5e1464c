"""The command that writes a board as one page to print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Company, Territory, Week

Out = Annotated[Path, typer.Option("-o", "--out", help="The file to write, such as EAST.html; one that is there is replaced whole.")]


def register(export: typer.Typer) -> None:
    """Adds the command to the group `export`."""
    export.command("print")(one_page)


def one_page(ctx: typer.Context, out: Out, branch: Branch = None, territory: Territory = None, company: Company = False,
             week: Week = None) -> None:
    """A week's board as one sheet to print, A4 or US Letter: an HTML file any browser opens."""
    from scoreboard.exports.saving import place
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for
    from scoreboard.views import told

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        picked = weeks.parse(week, known.first_day) if week else boards.default_week(conn, known, scope)
        made = told.on_paper(conn, context.settings, context.viewer, known, scope, picked)
    with place(out) as file:
        file.write(made.encode())
    context.show({"file": str(out), "scope": {"kind": scope.kind, "name": scope.name}, "week": weeks.label(picked)},
                 [f"{out}: {scope.title}, week {weeks.label(picked)}. Open it in a browser and print it."])
