"""All commands on one application. Global options may stand before or after the command's name."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

import typer

from scoreboard import __version__
from scoreboard.cli import (
    board_choice,
    cases,
    company,
    compare,
    escalation,
    exports,
    figures,
    handoffs,
    levels,
    loads,
    over_time,
    promises,
    reasons,
    rollout,
    rules,
    serve,
    signals,
)
from scoreboard.cli.context import begin, errors_as_sentences

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None,
                  help="Leadership Scoreboard: from an export file to right figures.")
_VALUED, _FLAGS = ("--data", "--now", "--as"), ("--json", "--version")


@app.callback(invoke_without_command=True)
def options(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")] = False,
    data: Annotated[str | None, typer.Option(help="The data folder (or SCOREBOARD_DATA; default ./data).")] = None,
    now: Annotated[str | None, typer.Option(help="An instant that replaces the clock, UTC unless it has an offset.")] = None,
    email: Annotated[str | None, typer.Option("--as", help="Who is asking (or SCOREBOARD_AS).")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    """Leadership Scoreboard: from an export file to right figures."""
    context = ctx.obj = begin(data, now, as_json, email)
    if version:
        context.show({"version": __version__}, [f"Leadership Scoreboard {__version__}"])
        raise typer.Exit
    if ctx.invoked_subcommand is None:
        ctx.fail("Missing command.")


for group in (loads, cases, figures, over_time, reasons, handoffs, promises, rollout, company, compare, levels, board_choice, escalation,
              rules, signals, exports, serve):
    group.register(app)


def main(arguments: list[str] | None = None) -> None:
    """Runs a command; a person never sees a traceback."""
    words = _globals_first(list(sys.argv[1:] if arguments is None else arguments))
    as_json = "--json" in words
    try:
        with errors_as_sentences(as_json):
            code = command()(words, prog_name="scoreboard", standalone_mode=False)
    except typer.Exit as end:
        code = end.exit_code
    sys.exit(code or 0)


@cache
def command() -> Callable[..., Any]:
    """All commands, put together from their signatures once in a process."""
    return typer.main.get_command(app)


def _globals_first(words: list[str]) -> list[str]:
    """Global options moved to the front, so that `board --branch EAST --json` works."""
    front: list[str] = []
    rest: list[str] = []
    while words:
        word = words.pop(0)
        if word == "--":
            return [*front, *rest, word, *words]
        if word in _FLAGS or ("=" in word and word.partition("=")[0] in _VALUED):
            front.append(word)
        elif word in _VALUED:
            front += [word, *words[:1]]
            words = words[1:]
        else:
            rest.append(word)
    return [*front, *rest]
