"""Commands about rules over the data: what opens exceptions by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard.cli.context import Context
from scoreboard.cli.text import beside, counted, some, table

if TYPE_CHECKING:
    from scoreboard.rules.looking import Cause
    from scoreboard.rules.watch import Watched

rules = typer.Typer(no_args_is_help=True, help="Rules over the data, which open exceptions by themselves once they are switched on.")
Key = Annotated[str, typer.Argument(help="A rule's key, see `rules list`.")]
SHOWN = 20


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(rules, name="rules")


@rules.command("list")
def list_rules(ctx: typer.Context) -> None:
    """Every rule with its promise, and whether it is on."""
    from scoreboard.rules.book import RULES
    from scoreboard.rules.standing import when
    from scoreboard.state import options

    context: Context = ctx.obj
    with context.reading() as conn:
        kept = options.current(conn)
    found = [{"key": r.key, "name": r.name, "on": r.key in kept["rules_on"], "promise": r.promise, "when": when(r, kept), "type": r.type,
              "not_agreed": [key for key in r.agreed if not kept[key]]} for r in RULES]
    lines = [line for one in found for line in (
        f"{one['key']}  {'on' if one['on'] else 'off'}  {one['name']} ({one['type']})", *beside("  opens", str(one["when"]), 10),
        *beside("  keeps", str(one["promise"]), 10),
        *([f"  agree   options set {one['not_agreed'][0]} NUMBER"] if one["not_agreed"] else []))]  # type: ignore[index]
    context.show({"rules": found}, lines)


@rules.command("on")
def switch_on(ctx: typer.Context, key: Key, why: Annotated[str, typer.Option(help="The reason.")] = "") -> None:
    """Switch a rule on, for every branch; it opens what it finds at once, and from then on after each load."""
    _switch(ctx.obj, key, True, why)


@rules.command("off")
def switch_off(ctx: typer.Context, key: Key, why: Annotated[str, typer.Option(help="The reason.")] = "") -> None:
    """Switch a rule off; what it opened stays."""
    _switch(ctx.obj, key, False, why)


def _switch(context: Context, key: str, on: bool, why: str) -> None:
    from scoreboard.rules.standing import switch
    from scoreboard.rules.watch import Watched, watch_facts

    with context.writing("options") as conn:
        switched = switch(conn, context.viewer, key, on, now=context.settings.now, why=why)
    done = watch_facts(context.settings, context.engine).seen_by(context.viewer) if on else Watched()
    said = f"{key} is {'on' if on else 'off'}{'' if switched else ' already'}."
    context.show({"rule": key, "on": on, "switched": switched, "opened": _opened(done), "trouble": done.trouble},
                 [said, *watched_lines(done)])


@rules.command("try")
def try_rules(ctx: typer.Context, key: Annotated[str | None, typer.Argument(help="A rule's key; else every rule.")] = None,
              branch: Annotated[str | None, typer.Option(help="Of one branch; else of all you see.")] = None) -> None:
    """What rules would open now; nothing is written."""
    from scoreboard.metrics import company as companies
    from scoreboard.rules.book import RULES, find
    from scoreboard.rules.standing import would_open

    context: Context = ctx.obj
    asked = [find(key)] if key else list(RULES)
    if branch:
        context.viewer.require_branch(branch)
    with context.reading() as conn:
        company = companies.read(conn, context.settings.now)
        found = would_open(context.settings, conn, company, asked, [branch] if branch else context.viewer.branches)
    shown = {r.key: [_row(one) for one in found[r.key]] for r in asked}
    context.show({"would_open": shown}, [line for r in asked for line in _tried(r.key, found[r.key])])


def _row(one: Cause) -> dict[str, Any]:
    shown = {name: one.row[name] for name in one.rule.shows if name in one.row}
    return {"branch": one.branch, "cause": one.cause, "since": one.since, **shown}


def _tried(key: str, found: list[Cause]) -> list[str]:
    rows = [[one.branch, one.cause, str(one.row.get("customer", "")), f"{one.since:%Y-%m-%d %H:%M}"] for one in found[:SHOWN]]
    more = [f"  … and {len(found) - SHOWN} more."] if len(found) > SHOWN else []
    said = f"{key}: would open {counted(len(found), 'exception')}."
    return [said, *(table(rows, head=["branch", "cause", "customer", "since"], indent="  ") if rows else []), *more]


def _opened(done: Watched) -> list[dict[str, str]]:
    return [{"branch": branch, "case_no": case_no, "rule": key} for branch, case_no, key in done.opened]


def watched_lines(done: Watched) -> list[str]:
    """What rules did, in a line or two; nothing when they did nothing."""
    opened, over = (some([f"{case_no} at {branch}" for branch, case_no, _ in found], 6) for found in (done.opened, done.proposed))
    return [*([f"Rules opened {counted(len(done.opened), 'exception')}: {opened}."] if opened else []),
            *([f"Over by the data, and proposed to be closed: {over}."] if over else []), *([done.trouble] if done.trouble else [])]
