"""Commands about the first 90 days of a branch: how far it is, when it began, what people say of its items."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard.cli.context import Context, require_branches
from scoreboard.cli.figures import Branch, Company, Territory
from scoreboard.cli.text import beside, counted, table
from scoreboard.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scoreboard.rollout.standing import ItemStanding, Rollout
    from scoreboard.state.rollouts import Entry

rollout = typer.Typer(no_args_is_help=True, help="The first 90 days of a branch, ticked by what people did here.")
Of = Annotated[str, typer.Option("--branch", help="A branch's code.")]
Item = Annotated[str, typer.Argument(help="The item's key, such as chain; see rollout show.")]
Day = Annotated[str, typer.Option("--on", help="A day such as 2026-11-02.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(rollout, name="rollout")


@rollout.command("show")
def show(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False) -> None:
    """How far a branch is, item by item; or every branch of a territory or the company, with what is stuck and since when."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for
    from scoreboard.rollout import standing

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        require_branches(known)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        found = list(standing.read(conn, context.viewer, known, sorted(scope.members(known, scope.running_week(known)))).values())
    lines = _lines(found[0]) if scope.kind == "branch" else _list_lines(found)
    context.show({"scope": {"kind": scope.kind, "name": scope.name}, "branches": [_json(one) for one in found]}, lines)


@rollout.command("start")
def start(ctx: typer.Context, branch: Of, on: Day = "",
          why: Annotated[str, typer.Option(help="The reason, when a day stands already.")] = "",
          take_off: Annotated[bool, typer.Option("--take-off", help="Takes the start day off.")] = False) -> None:
    """Say on which day a branch begins its 90 days, move that day, or take it off."""
    from scoreboard.state import rollouts

    context: Context = ctx.obj
    if bool(on) == take_off:
        raise Refused("Say what to do with the start day.", "Give one of --on DAY, --take-off.")
    with context.writing("rollout") as conn:
        code = _code(context, conn, branch)
        if take_off:
            rollouts.take_off(conn, context.viewer, branch=code, why=why, now=context.settings.now)
        else:
            rollouts.begin(conn, context.viewer, branch=code, start_on=_day(on), why=why, now=context.settings.now)
        stands = rollouts.starts(conn, context.viewer, [code]).get(code)
    start_on = stands.start_on if stands else None
    context.show({"branch": code, "start_on": start_on}, [f"{code} begins on {start_on}." if start_on else f"{code} has no start day now."])


@rollout.command("evidence")
def evidence(ctx: typer.Context, item: Item, branch: Of, text: Annotated[str, typer.Option(help="What was done.")],
             by: Annotated[str, typer.Option(help="Who did it.")], on: Day,
             link: Annotated[str, typer.Option(help="Where it can be read.")] = "") -> None:
    """Write down what was done for an item: what, who, when, and where it can be read."""
    from scoreboard.rollout.plan import BY_KEY
    from scoreboard.state import rollouts

    context: Context = ctx.obj
    with context.writing("rollout") as conn:
        code = _code(context, conn, branch)
        number = rollouts.add_evidence(conn, context.viewer, branch=code, item=item, text=text, done_by=by, done_on=_day(on), link=link,
                                       now=context.settings.now, items=BY_KEY)
    ticks = "" if BY_KEY[item].by_hand else f" It stands beside the item; what ticks it: {BY_KEY[item].how}"
    context.show({"id": number, "branch": code, "item": item}, [f"Evidence {number} stands at {code}: {BY_KEY[item].words}{ticks}"])


@rollout.command("override")
def override(ctx: typer.Context, item: Item, branch: Of, reason: Annotated[str, typer.Option(help="Why.")],
             done: Annotated[bool, typer.Option("--done", help="It is done, though no evidence shows it.")] = False,
             is_open: Annotated[bool, typer.Option("--open", help="It is open, though evidence would tick it.")] = False) -> None:
    """Say that an item is done or open, whatever the evidence says, with a reason."""
    from scoreboard.rollout.plan import BY_KEY
    from scoreboard.state import rollouts

    context: Context = ctx.obj
    if done == is_open:
        raise Refused("Say how the item stands.", "Give one of --done, --open.")
    with context.writing("rollout") as conn:
        code = _code(context, conn, branch)
        number = rollouts.override(conn, context.viewer, branch=code, item=item, kind="done" if done else "open", reason=reason,
                                   now=context.settings.now, items=BY_KEY)
    context.show({"id": number, "branch": code, "item": item, "kind": "done" if done else "open"},
                 [f"Entry {number} stands at {code}: {item} is {'done' if done else 'open'}."])


@rollout.command("remove")
def remove(ctx: typer.Context, entry: Annotated[int, typer.Argument(help="Its number; see rollout show.")],
           undo: Annotated[bool, typer.Option("--undo", help="Puts it back.")] = False) -> None:
    """Take evidence or a person's word off again; nothing is deleted."""
    from scoreboard.state import rollouts

    context: Context = ctx.obj
    with context.writing("rollout") as conn:
        found = (rollouts.put_back if undo else rollouts.remove)(conn, context.viewer, entry, context.settings.now)
    how = "stands again" if undo else "is taken off"
    context.show({**_entry(found), "stands": undo}, [f"Entry {found.id} of {found.branch}, {found.item}, {how}: {found.text}"])


def _code(context: Context, conn: Connection, branch: str) -> str:
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for

    return scope_for(companies.read(conn, context.settings.now), context.viewer, branch=branch).name


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(f'"{text}" is not a day.', "Write it as 2026-11-02.") from None


# ---- what is shown -----------------------------------------------------------------------------------
def _json(one: Rollout) -> dict[str, Any]:
    return {"branch": one.branch, "start_on": one.start_on, "day": one.day, "done": one.done, "planned": one.planned,
            "of": len(one.items),
            "stages": [{"last_day": s.stage.last_day, "name": s.stage.name, "opens_on": s.opens_on, "ends_on": s.ends_on,
                        "success": _success(s.stage.last_day), "items": [_item(i) for i in s.items]} for s in one.stages],
            "stuck": [{"item": i.item.key, "since": i.since} for i in one.stuck]}


def _success(last_day: int) -> list[str]:
    from scoreboard.rollout.success import SUCCESS

    return [line.words for line in SUCCESS if line.stage == last_day]


def _item(one: ItemStanding) -> dict[str, Any]:
    return {"item": one.item.key, "words": one.item.words, "state": one.state, "by": one.by,
            "why": " ".join(filter(None, (one.word, one.why))), "since": one.since, "before_start": one.before_start,
            "where": one.item.where, "how": one.item.how, "entries": [_entry(e) for e in one.entries],
            "word": _entry(one.overridden) if one.overridden else None}


def _entry(one: Entry) -> dict[str, Any]:
    return vars(one)


def _lines(one: Rollout) -> list[str]:
    planned = f", {one.planned} planned by today" if one.planned is not None else ""
    lines = [f"{one.branch} · {_day_of(one)} · {one.done} of {len(one.items)} items done{planned}"]
    for stage in one.stages:
        lines += ["", stage.stage.name + (f", {stage.opens_on} to {stage.ends_on}" if stage.opens_on else ""),
                  f"Success looks like: {', '.join(_success(stage.stage.last_day))}."]
        for item in stage.items:
            before = ", before the start" if item.before_start else ""
            opens = f", opens on {item.opens_on}" if item.opens_on and not item.done else ""
            since = f" since {item.since}{before}" if item.since else opens
            word = f"entry {item.overridden.id}" if item.overridden else ""
            how = ", ".join(said for said in (item.by if item.by != "evidence" else "", word) if said)
            lines += [*beside(f"  {item.item.key}", item.item.words, 15), f"{'':<15}{item.state}{since}{f' ({how})' if how else ''}"]
            why = "" if item.by_hand and item.entries else item.why
            lines += [line for said in (item.word, why) if said for line in beside("", said, 15)]
            lines += [line for entry in item.entries for line in beside("", _said(entry), 15)]
    return lines


def _said(entry: Entry) -> str:
    link = f" {entry.link}" if entry.link else ""
    return f"{entry.text} ({entry.done_by}, {entry.done_on}; entry {entry.id}){link}"


def _day_of(one: Rollout) -> str:
    if one.start_on is None:
        return "no start day"
    return f"day {one.day} of 90, began on {one.start_on}" if one.day else f"begins on {one.start_on}"


def _list_lines(found: list[Rollout]) -> list[str]:
    if not found:
        return ["No branch belongs here now."]
    rows = [[one.branch, one.start_on.isoformat() if one.start_on else "no start day", str(one.day or ""), str(one.done),
             "" if one.planned is None else str(one.planned),
             f"{one.stuck[0].item.key} since {one.stuck[0].since}" if one.stuck else "",
             f"and {counted(len(one.stuck) - 1, 'more', 'more')}" if len(one.stuck) > 1 else ""] for one in found]
    return table(rows, head=("branch", "began", "day", "done of 13", "planned", "stuck longest", ""), right=(2, 3, 4))
