"""Commands about figures: board, series, rows, split, metrics."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figure_lines import row_lines, series_lines, split_lines
from scoreboard.cli.text import some
from scoreboard.errors import Refused, did_you_mean

Branch = Annotated[str | None, typer.Option(help="A branch's code.")]
Territory = Annotated[str | None, typer.Option(help="A territory's name.")]
Company = Annotated[bool, typer.Option("--company", help="The whole company.")]
NoTerritory = Annotated[str | None, typer.Option("--territory", hidden=True)]
NoCompany = Annotated[bool, typer.Option("--company", hidden=True)]
Week = Annotated[str | None, typer.Option(help="An ISO week such as 2026-W45; else the last that ended and has figures.")]
Key = Annotated[str, typer.Option("--metric", help="A metric's key; see the command metrics.")]



def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (board, series, rows, split, metrics):
        app.command()(command)


def board(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False, week: Week = None,
          as_reported: Annotated[bool, typer.Option("--as-reported", help="As it was when the week was reported.")] = False) -> None:
    """A week's board: every metric, the three corners, the headline."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import company as companies
    from scoreboard.metrics import locating, shown
    from scoreboard.metrics.scopes import scope_for

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        picked = weeks.parse(week, known.first_day) if week else None
        found = boards.read(conn, context.settings, scope, picked, as_reported=as_reported, company=known)
        clauses = locating.clauses(conn, context.settings, known, found)
    context.show(shown.board(found, clauses), shown.board_lines(found, clauses))


def series(ctx: typer.Context, metric: Key, branch: Branch = None, territory: Territory = None, company: Company = False) -> None:
    """One metric, week by week."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import company as companies
    from scoreboard.metrics import shown
    from scoreboard.metrics.scopes import scope_for

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        points = boards.series(conn, context.settings, scope, metric_of(metric), company=known)
    found = [shown.point(p) for p in points]
    context.show({"metric": metric, "scope": scope.title, "points": found}, series_lines(found))


def rows(ctx: typer.Context, metric: Key, branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False,
         week: Annotated[str, typer.Option(help="An ISO week such as 2026-W45.")] = "") -> None:
    """The rows behind a number: what counts in part and whole, what passed, what failed and why."""
    from scoreboard.metrics import rows as row_reader

    context: Context = ctx.obj
    with context.reading() as conn:
        known, scope = one_branch(context, conn, "Rows", branch, territory, company)
        if not week:
            raise Refused("Say which week.", "Give --week, for example --week 2026-W45.")
        found = row_reader.rows(context.settings, conn, scope, metric_of(metric), weeks.parse(week, known.first_day))
    context.show({"metric": metric, "branch": scope.name, "week": week, "rows": found}, row_lines(metric_of(metric), found))


def split(ctx: typer.Context, metric: Key, by: Annotated[str, typer.Option(help="A column behind the metric, e.g. route.")],
          branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False,
          week: Annotated[str | None, typer.Option(help="An ISO week such as 2026-W45; else all weeks.")] = None) -> None:
    """A metric by the values of one column, in one week or over all weeks."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import rows as row_reader

    context: Context = ctx.obj
    with context.reading() as conn:
        known, scope = one_branch(context, conn, "Splits", branch, territory, company)
        points = boards.series(conn, context.settings, scope, metric_of(metric), company=known)
        first, last = (points[0].week, points[-1].week) if points else (boards.default_week(conn, known, scope),) * 2
        if week:
            first = last = weeks.parse(week, known.first_day)
        found = row_reader.split(context.settings, conn, scope, metric_of(metric), by, first, last + timedelta(days=7))
    context.show({"metric": metric, "branch": scope.name, "by": by, "first_week": weeks.label(first), "last_week": weeks.label(last),
                  "groups": found}, split_lines(metric_of(metric), by, found))


def metrics(ctx: typer.Context) -> None:
    """The catalogue: every metric with its definition, unit, target and the columns it needs."""
    from scoreboard.metrics import shown
    from scoreboard.metrics.catalogue import CATALOGUE

    context: Context = ctx.obj
    context.show({"metrics": [shown.metric(m) for m in CATALOGUE]},
                 [f"{m.key:<26} {m.corner or '-':<11} {m.name}\n{'':<27}{m.definition}" for m in CATALOGUE])


def one_branch(context: Context, conn: Any, what: str, branch: str | None, territory: str | None, whole: bool) -> Any:
    """The company and the scope of a branch: the facts are read for one branch at a time."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for

    known = companies.read(conn, context.settings.now)
    if branch is None and territory is None and not whole:
        raise Refused("Say which branch.", "Give --branch CODE.")
    scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=whole)
    if scope.kind != "branch":
        members = sorted(scope.members(known, scope.running_week(known)))
        raise Refused(f"{what} are read for one branch at a time.", f"Give --branch CODE; {scope.title} has {some(members)}.")
    return known, scope


def metric_of(key: str) -> Any:
    """The metric of a key. Refused when there is none."""
    from scoreboard.metrics.catalogue import BY_KEY

    if key not in BY_KEY:
        raise Refused(f'There is no metric "{key}".', f'See the command "metrics".{did_you_mean(key, BY_KEY)}')
    return BY_KEY[key]
