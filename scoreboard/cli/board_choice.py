"""The command about a branch's own board: which metrics stand on it, chosen or given back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scoreboard.cli.company import branches
from scoreboard.cli.context import Context
from scoreboard.cli.text import moment, table
from scoreboard.errors import Refused
from scoreboard.state import board_choices
from scoreboard.state.board_choices import Choice


def register(_app: typer.Typer) -> None:
    """Adds the command to `branches`, which `cli.company` has added to the application."""
    branches.command("board")(board)


def board(
    ctx: typer.Context, code: Annotated[str, typer.Argument(help="The branch.")],
    metrics: Annotated[list[str] | None, typer.Argument(help="6 to 8 metrics, in the order of the tiles; none: shows the choice.")] = None,
    company: Annotated[bool, typer.Option("--company", help="Follow the company's choice again.")] = False,
    why: Annotated[str, typer.Option(help="The reason.")] = "",
) -> None:
    """The metrics of a branch's board: show them, choose them, or follow the company's again."""
    from scoreboard.metrics.catalogue import BY_KEY

    context: Context = ctx.obj
    if company and metrics:
        raise Refused("Metrics and --company say different things.", "Give one of the two.")
    if company or metrics:
        with context.writing("targets") as conn:
            over = board_choices.of_branch(conn, context.viewer, code)
            asked: dict[str, Any] = {"over": over, "why": why, "now": context.settings.now}
            if company:
                board_choices.give_back(conn, context.viewer, code, **asked)
            else:
                board_choices.choose(conn, context.viewer, code, metrics or (), **asked, known=BY_KEY)
    _show(context, code)


def _show(context: Context, code: str) -> None:
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.catalogue import BY_KEY

    with context.reading() as conn:
        own = board_choices.of_branch(conn, context.viewer, code)
        chosen = companies.read(conn, context.settings.now).board_of(code)
    rows = [[str(place), key, BY_KEY[key].name, BY_KEY[key].corner] for place, key in enumerate(chosen, 1)]
    context.show({"branch": code, "metrics": chosen, "own": own is not None, "who": own.who if own else None,
                  "changed_at": own.changed_at if own else None}, [_whose(code, own), *table(rows, right=(0,))])


def _whose(code: str, own: Choice | None) -> str:
    if own is None:
        return f"{code} follows the company's choice."
    return f"{code} has a choice of its own, by {own.who}, {moment(own.changed_at.isoformat())} UTC."
