"""Commands about who hears of an exception: a round of the clock, the ladder, the playbook, what was sent."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import Annotated

import typer

from scoreboard.cases import contacts, playbook, said
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch
from scoreboard.cli.text import counted, table
from scoreboard.errors import Refused

ladder = typer.Typer(no_args_is_help=True, help="The ladder owner, leader, territory: who can own exceptions and who hears of them.")
playbook_commands = typer.Typer(no_args_is_help=True, help="The escalation playbook for critical orders and backorders.")
Place = Annotated[str | None, typer.Option("--territory", help="For every branch of a territory.")]
Whole = Annotated[bool, typer.Option("--company", help="For every branch.")]
Kind = Annotated[str, typer.Option("--for", help="mission-critical or backorder.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command()(escalate)
    app.add_typer(ladder, name="ladder")
    app.add_typer(playbook_commands, name="playbook")
    app.command()(messages)


def escalate(ctx: typer.Context) -> None:
    """Say what came due in open exceptions to whom it concerns. For cron, once a minute; `serve` does the same by itself."""
    from scoreboard.imports import rounds

    context: Context = ctx.obj
    context.viewer.require_everything("A round over all exceptions")
    done = rounds.once(context.settings, context.engine, rounds.SETTLE_AT_LAST)
    found = {"cases": done.said.cases, "steps": done.said.steps, "messages": done.said.messages, "nobody_to_tell": done.said.nobody,
             "sent": done.sent, "failed": done.failed, "waiting_for_quiet_hours": done.quiet, "waiting_to_try_again": done.again}
    context.show(found, [
        f"{counted(done.said.steps, 'step')} came due in {counted(done.said.cases, 'exception')}: "
        f"{counted(done.said.messages, 'new message')}; {counted(done.said.nobody, 'time')} nobody can be reached.",
        f"Messages: {done.sent} sent, {done.failed} failed, {done.quiet} waiting for quiet hours to end, {done.again} for another try."])


# ---- the ladder ----------------------------------------------------------------------------------------
@ladder.command("list")
def list_ladder(ctx: typer.Context, branch: Branch = None) -> None:
    """Who can own exceptions of a branch and who hears of them; of an address only its kind."""
    context: Context = ctx.obj
    with context.reading() as conn:
        found = [asdict(one) for one in contacts.of_branch(conn, context.viewer, _required(branch), context.settings.now)]
    lines = table([[str(c["id"]), c["role"], c["name"], c["channel"] or "no address", f"{c['scope_kind']} {c['scope']}".strip()]
                   for c in found])
    context.show({"ladder": found}, lines or ["Nobody stands on the ladder yet. Add the owners, the leader and the territory."])


@ladder.command("add")
def add_to_ladder(
    ctx: typer.Context, name: Annotated[str, typer.Argument(help="As everybody at the branch knows them.")],
    role: Annotated[str, typer.Option(help="owner, leader or territory.")],
    address: Annotated[str, typer.Option(help="Where messages go, as a URL of Apprise; - reads it from stdin, where nobody sees it.")] = "",
    branch: Branch = None, territory: Place = None, company: Whole = False,
) -> None:
    """Add somebody to the ladder, or give them another address."""
    context: Context = ctx.obj
    kind, scope = _scope(branch, territory, company)
    with context.writing("ladder") as conn:
        contacts.add(conn, context.viewer, scope_kind=kind, scope=scope, role=role, name=name, now=context.settings.now,
                     address=sys.stdin.readline().strip() if address == "-" else address)
    context.show({"name": name, "role": role, "scope_kind": kind, "scope": scope},
                 [f"{name} is on the ladder: {role} of {scope or 'the company'}."])


@ladder.command("remove")
def remove_from_ladder(ctx: typer.Context, number: Annotated[int, typer.Argument(help="Its number; see ladder list.")]) -> None:
    """Take somebody off the ladder. What they own stays theirs."""
    context: Context = ctx.obj
    with context.writing("ladder") as conn:
        contacts.remove(conn, context.viewer, number, context.settings.now)
    context.show({"id": number}, ["They are off the ladder."])


# ---- the playbook --------------------------------------------------------------------------------------
@playbook_commands.command("show")
def show_playbook(ctx: typer.Context, branch: Branch = None) -> None:
    """Who is told, in which order, by when, and what may be offered; without --branch the company's."""
    context: Context = ctx.obj
    with context.reading() as conn:
        parts = {kind: playbook.of_branch(conn, context.viewer, branch or "", kind) for kind in playbook.KINDS}
    lines: list[str] = []
    for kind, (steps, own) in parts.items():
        lines += [kind if own or not steps else f"{kind} (the company's)", *(_steps(steps) or [f"  {playbook.MISSING}"])]
    context.show({kind: {"own": own, "steps": [asdict(step) for step in steps]} for kind, (steps, own) in parts.items()}, lines)


@playbook_commands.command("set")
def set_playbook(
    ctx: typer.Context, kind: Kind, branch: Branch = None, company: Whole = False,
    steps: Annotated[list[str] | None, typer.Option("--step", help="WHO | MINUTES | OFFER, in their order; without any, there are none."
                                                    )] = None,
) -> None:
    """Put these steps in place of what was agreed. Minutes are working time after the opening; both may be left out."""
    context: Context = ctx.obj
    scope = _scope(branch, None, company)[1]
    with context.writing("ladder") as conn:
        playbook.keep(conn, context.viewer, branch=scope, kind=kind, now=context.settings.now,
                      steps=[playbook.read_step(line) for line in steps or ()])
        found, own = playbook.of_branch(conn, context.viewer, scope, kind)
    context.show({"own": own, "steps": [asdict(step) for step in found]}, [kind, *(_steps(found) or [f"  {playbook.MISSING}"])])


def _steps(steps: list[playbook.Step]) -> list[str]:
    return table([[f"{at}.", step.tell, f"within {step.within_minutes} working minutes" if step.within_minutes else "", step.offer]
                  for at, step in enumerate(steps, 1)], indent="  ")


# ---- what was sent -------------------------------------------------------------------------------------
def messages(ctx: typer.Context, branch: Branch = None,
             limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many.")] = 50) -> None:
    """What was said when something came due, newest first: to whom, when, and what stood in the way."""
    context: Context = ctx.obj
    with context.reading() as conn:
        found = said.listing(conn, context.viewer, branch, limit=limit)
    lines = table([[f"{m.sent_at or m.made_at:%Y-%m-%d %H:%M}", m.outcome, m.role, m.name or "nobody", m.channel, m.about, m.trouble]
                   for m in found])
    context.show({"messages": [{**asdict(m), "outcome": m.outcome} for m in found]}, lines or ["Nothing was due yet."])


# ---- where ---------------------------------------------------------------------------------------------
def _required(branch: str | None) -> str:
    if branch is None:
        raise Refused("Say of which branch.", "Give --branch CODE.")
    return branch


def _scope(branch: str | None, territory: str | None, company: bool) -> tuple[str, str]:
    if sum((branch is not None, territory is not None, company)) != 1:
        raise Refused("Say for whom it holds.", "Give exactly one of the places: a branch, a territory or the company.")
    return ("branch", branch) if branch else ("territory", territory) if territory else ("company", "")
