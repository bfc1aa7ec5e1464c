"""Commands about promise rules: list, add, remove."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Company
from scoreboard.errors import Refused
from scoreboard.state.promise_rules import Rule, Words

promises = typer.Typer(no_args_is_help=True, help="Promise rules: what may be promised, by whom, and what happens otherwise.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(promises, name="promises")


@promises.command("list")
def listing(ctx: typer.Context, branch: Branch = None, company: Company = False) -> None:
    """The rules of a branch, or those of every branch; and those of the playbook that hold nowhere here yet."""
    from scoreboard.state import promise_rules

    context: Context = ctx.obj
    with context.reading() as conn:
        code = _code(context, conn, branch, company)
        found = promise_rules.of_branch(conn, context.viewer, code) if code else promise_rules.of_company(conn)
    proposed = promise_rules.proposed(found)
    lines = [line for one in found for line in (f"{one.id}  {one.promise}{'' if one.branch else ' (every branch)'}", *_rest(one.words))]
    context.show({"branch": code, "rules": [_json(one) for one in found], "proposed": [vars(one) for one in proposed]},
                 [*(lines or ["No rule holds here yet."]), *(["Proposed by the playbook:"] if proposed else []),
                  *(f"-  {one.promise}" for one in proposed)])


@promises.command("add")
def add(ctx: typer.Context, promise: Annotated[str, typer.Argument(help="What may be promised.")],
        by: Annotated[str, typer.Option(help="Who may promise it.")],
        otherwise: Annotated[str, typer.Option(help="What happens when it cannot be kept.")] = "",
        branch: Branch = None, company: Company = False) -> None:
    """Make a rule of a branch, or of every branch."""
    from scoreboard.state import promise_rules

    context: Context = ctx.obj
    with context.writing("standards") as conn:
        code, said = _code(context, conn, branch, company), Words(promise, by, otherwise)
        number = promise_rules.add(conn, context.viewer, said, branch=code, now=context.settings.now)
    context.show({"id": number, "branch": code, **vars(said)}, [f"Rule {number} holds {'at ' + code if code else 'at every branch'}."])


@promises.command("remove")
def remove(ctx: typer.Context, rule: Annotated[int, typer.Argument(help="Its number; see promises list.")]) -> None:
    """End a rule."""
    from scoreboard.state import promise_rules

    context: Context = ctx.obj
    with context.writing("standards") as conn:
        gone = promise_rules.remove(conn, context.viewer, rule, context.settings.now)
    context.show(_json(gone), [f"Rule {gone.id} holds no more: {gone.promise}"])


def _code(context: Context, conn: Any, branch: str | None, company: bool) -> str:
    """The branch's code as it is kept; empty for every branch."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for

    if (branch is None) != company:
        raise Refused("Say whose rules.", "Give one of --branch CODE, --company.")
    return "" if branch is None else scope_for(companies.read(conn, context.settings.now), context.viewer, branch=branch).name


def _json(one: Rule) -> dict[str, Any]:
    return {"id": one.id, "branch": one.branch, **vars(one.words), "who": one.who, "at": one.at}


def _rest(words: Words) -> list[str]:
    return [f"   by {words.by}", *([f"   otherwise: {words.exception_path}"] if words.exception_path else [])]
