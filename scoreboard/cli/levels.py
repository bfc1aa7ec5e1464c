"""Commands about usual levels: begin one where a figure has moved for good, list them, take one back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Company, Key, Territory, metric_of
from scoreboard.state.levels import Level

levels = typer.Typer(no_args_is_help=True, help="Usual levels: where a figure has moved for good, its weeks since then judge it.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(levels, name="levels")


@levels.command("begin")
def begin(ctx: typer.Context, metric: Key, reason: Annotated[str, typer.Option(help="What changed for good.")],
          branch: Branch = None, territory: Territory = None, company: Company = False) -> None:
    """Begin a level with the first week of a run of eight or more that still stands."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics import levels as level_store
    from scoreboard.metrics.scopes import scope_for

    context: Context = ctx.obj
    with context.writing("targets") as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        week = level_store.begin(conn, context.settings, context.viewer, scope, metric_of(metric), reason, known)
    context.show({"metric": metric, "scope": scope.title, "from_week": weeks.label(week), "reason": reason},
                 [f"{metric}: a new level since {weeks.label(week)}. It is judged again from its thirteenth week on."])


@levels.command("list")
def listing(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False) -> None:
    """The levels begun, in the order of their weeks."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.levels import in_words
    from scoreboard.metrics.scopes import scope_for
    from scoreboard.state.levels import of_scope

    context: Context = ctx.obj
    with context.reading() as conn:
        scope = scope_for(companies.read(conn, context.settings.now), context.viewer, branch=branch, territory=territory, whole=company)
        found = [one for these in of_scope(conn, scope.kind, scope.name).values() for one in these]
    context.show({"levels": [_json(one) for one in found]},
                 [f"{one.id}  {one.metric} {in_words(one)}" for one in found] or ["Every figure is judged by its first weeks."])


@levels.command("take-back")
def take_back(ctx: typer.Context, level: Annotated[int, typer.Argument(help="Its number; see levels list.")]) -> None:
    """Take the latest level of a figure back: the one before judges it again."""
    from scoreboard.metrics import levels as level_store

    context: Context = ctx.obj
    with context.writing("targets") as conn:
        gone = level_store.take_back(conn, context.viewer, level, context.settings.now)
    context.show(_json(gone), [f"{gone.metric}: the level since {weeks.label(gone.from_week)} is taken back."])


def _json(one: Level) -> dict[str, Any]:
    return {"id": one.id, "metric": one.metric, "from_week": weeks.label(one.from_week), "reason": one.reason, "who": one.who}
