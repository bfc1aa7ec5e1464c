"""Commands about the company: branches, targets, options, people, changes, sample."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from scoreboard.cli.company_lines import change_lines, option_lines, target_line, target_lines, told
from scoreboard.cli.context import Context
from scoreboard.cli.text import beside, counted, table
from scoreboard.errors import Refused
from scoreboard.state import branches as branch_store
from scoreboard.state import changes as change_log
from scoreboard.state import options as option_store
from scoreboard.state import people as people_store
from scoreboard.state import targets as target_store

branches = typer.Typer(no_args_is_help=True, help="Branches: add or change one, list them.")
targets = typer.Typer(no_args_is_help=True, help="Targets and floors from a date, with a reason.")
options = typer.Typer(no_args_is_help=True, help="Company-wide options; a change re-rolls the weeks it moves.")
people = typer.Typer(no_args_is_help=True, help="People and what they see.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for name, group in (("branches", branches), ("targets", targets), ("options", options), ("people", people)):
        app.add_typer(group, name=name)
    app.command()(changes)
    app.command()(sample)


# ---- branches ----------------------------------------------------------------------------------------
@branches.command("add")
def add_branch(
    ctx: typer.Context, code: Annotated[str, typer.Argument(help="The code as it stands in export files.")],
    name: Annotated[str | None, typer.Option(help="The name on screen.")] = None,
    territory: Annotated[str | None, typer.Option(help="The territory it belongs to, from --from on.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="An IANA zone such as America/Chicago.")] = None,
    country: Annotated[str | None, typer.Option(help="For holidays: US, US-TX, CA-ON …")] = None,
    open_days: Annotated[str | None, typer.Option(help="ISO weekdays, 12345 is Monday to Friday.")] = None,
    opens: Annotated[str | None, typer.Option(help="Opening time, 07:30.")] = None,
    closes: Annotated[str | None, typer.Option(help="Closing time, 17:00.")] = None,
    from_on: Annotated[str | None, typer.Option("--from", help="The date the membership begins.")] = None,
) -> None:
    """Add a branch, or change what is given of a known one."""
    from scoreboard.imports.reroll import change

    context: Context = ctx.obj
    context.viewer.require_change("branches")
    moved = change(context.settings, context.engine, context.viewer.who, "branch", lambda conn: branch_store.add(
        conn, code, name=name, territory=territory, time_zone=time_zone, country=country, open_days=open_days, opens=opens,
        closes=closes, from_on=day(from_on) if from_on else None, now=context.settings.now, who=context.viewer.who))
    with context.reading() as conn:
        found = _branch(branch_store.all_branches(conn)[code.strip()], branch_store.territory_on(conn, context.settings.now.date()))
    context.show({**found, "results_changed": moved}, [f"{found['code']} {found['name']} ({found['territory'] or 'no territory'}) is in."])


@branches.command("list")
def list_branches(ctx: typer.Context) -> None:
    """The branches you see."""
    context: Context = ctx.obj
    with context.reading() as conn:
        members = branch_store.territory_on(conn, context.settings.now.date())
        found = [_branch(b, members) for b in branch_store.listing(conn, context.viewer)]
    rows = [[b["code"], b["name"], b["territory"] or "–", f"{b['opens']}–{b['closes']}", b["time_zone"], b["country"]] for b in found]
    context.show({"branches": found}, table(rows) or ["No branches yet. Add one, or load a file with --create-branches."])


def _branch(b: branch_store.Branch, members: dict[str, str]) -> dict[str, Any]:
    return {"code": b.code, "name": b.name, "territory": members.get(b.code), "time_zone": b.time_zone, "country": b.country,
            "open_days": b.open_days, "opens": b.opens, "closes": b.closes, "sample": b.sample}


# ---- targets -----------------------------------------------------------------------------------------
@targets.command("set")
def set_target(
    ctx: typer.Context, metric: Annotated[str, typer.Option(help="A metric's key.")],
    reason: Annotated[str, typer.Option(help="Why it was agreed.")],
    target: Annotated[str | None, typer.Option(help="In the metric's unit; 95% and 0.95 are the same share.")] = None,
    floor: Annotated[str | None, typer.Option(help="The level that is not acceptable.")] = None,
    branch: Annotated[str | None, typer.Option(help="For one branch.")] = None,
    territory: Annotated[str | None, typer.Option(help="For one territory.")] = None,
    company: Annotated[bool, typer.Option("--company", help="For the whole company.")] = False,
    from_on: Annotated[str | None, typer.Option("--from", help="The date it holds from; else today.")] = None,
    until: Annotated[str | None, typer.Option(help="Accept a miss: the last day on which this target is enough.")] = None,
) -> None:
    """Agree a target and floor from a date on; with neither, an agreement ends. With --until, accept a miss for a while."""
    from scoreboard.metrics.accepting import accept
    from scoreboard.metrics.catalogue import BY_KEY
    from scoreboard.metrics.company import read
    from scoreboard.metrics.scopes import Scope
    from scoreboard.metrics.values import require_sensible

    context: Context = ctx.obj
    kind, scope = _place(branch, territory, company)
    wanted, least, begins = _number(target), _number(floor), day(from_on) if from_on else context.settings.now.date()
    if until and least is not None:
        raise Refused("The floor stays as it is while a miss is accepted.", "Leave out --floor.")
    require_sensible(BY_KEY.get(metric), wanted, least)
    with context.writing("targets") as conn:
        target_store.require_scope(conn, context.viewer, kind, scope)
        if until:
            found = accept(conn, read(conn, context.settings.now), Scope(kind, scope), metric, target=wanted, from_on=begins,
                           until_on=day(until), reason=reason, who=context.viewer.who)
        else:
            found = target_store.set_target(conn, metric=metric, scope_kind=kind, scope=scope, target=wanted, floor=least, from_on=begins,
                                            reason=reason, who=context.viewer.who, now=context.settings.now, metrics=BY_KEY)
    context.show(_target(found), [target_line(_target(found))])


@targets.command("end-miss")
def end_miss(
    ctx: typer.Context, metric: Annotated[str, typer.Option(help="A metric's key.")],
    reason: Annotated[str, typer.Option(help="Why it ends.")],
    branch: Annotated[str | None, typer.Option(help="Of one branch.")] = None,
    territory: Annotated[str | None, typer.Option(help="Of one territory.")] = None,
    company: Annotated[bool, typer.Option("--company", help="Of the whole company.")] = False,
    from_on: Annotated[str | None, typer.Option("--from", help="The date from which the agreed target holds again; else today.")] = None,
) -> None:
    """End an accepted miss early: what was agreed holds again. From its first day, it never held."""
    context: Context = ctx.obj
    kind, scope = _place(branch, territory, company)
    with context.writing("targets") as conn:
        target_store.require_scope(conn, context.viewer, kind, scope)
        found = target_store.end_miss(conn, metric=metric, scope_kind=kind, scope=scope, reason=reason, who=context.viewer.who,
                                      from_on=day(from_on) if from_on else context.settings.now.date(), now=context.settings.now)
    context.show(_target(found), [target_line(_target(found))])


def _place(branch: str | None, territory: str | None, company: bool) -> tuple[str, str]:
    if sum((branch is not None, territory is not None, company)) != 1:
        raise Refused("Say for whom the target is.", "Give one of --branch CODE, --territory NAME, --company.")
    return ("branch", branch) if branch else ("territory", territory) if territory else ("company", "")


@targets.command("list")
def list_targets(ctx: typer.Context) -> None:
    """Every target you may read, with those the catalogue brings."""
    from scoreboard.metrics.catalogue import CATALOGUE
    from scoreboard.metrics.values import in_unit

    context: Context = ctx.obj
    with context.reading() as conn:
        found = [_target(t) for t in target_store.listing(conn, context.viewer)]
    sourced = [{"metric": m.key, "target": in_unit(m, m.target), "floor": in_unit(m, m.floor), "source": m.source}
               for m in CATALOGUE if m.target is not None or m.floor is not None]
    context.show({"targets": found, "sourced": sourced}, target_lines(found, sourced))


def _target(t: target_store.Target) -> dict[str, Any]:
    return {"metric": t.metric, "scope_kind": t.scope_kind, "scope": t.scope, "target": t.target, "floor": t.floor,
            "from": t.from_on.isoformat(), "until": t.until_on.isoformat() if t.until_on else None, "reason": t.reason, "who": t.who,
            "set_at": t.set_at.isoformat()}


def _number(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        return float(text.rstrip("% ")) / 100 if text.strip().endswith("%") else float(text)
    except ValueError:
        raise Refused(f'"{text}" is not a number.', "Write 0.95, 95% or 7.5.") from None


# ---- options, people, log, sample --------------------------------------------------------------------
@options.command("set")
def set_option(ctx: typer.Context, key: str, value: str, why: Annotated[str, typer.Option(help="The reason.")] = "") -> None:
    """Set an option, e.g. quote_standard_minutes 120, or "exception_standards.wrong part" 480."""
    from scoreboard.imports.reroll import change
    from scoreboard.metrics.catalogue import BY_KEY

    context: Context = ctx.obj
    context.viewer.require_change("options")
    moved = change(context.settings, context.engine, context.viewer.who, "option", lambda conn: option_store.set_option(
        conn, key, value, why=why, who=context.viewer.who, now=context.settings.now, metrics=BY_KEY))
    with context.reading() as conn:
        kept = option_store.current(conn)[key.partition(".")[0]]
    context.show({"key": key, "value": kept, "results_changed": moved},
                 beside("", f"{key}: {told(kept)}. {counted(moved, 'weekly result')} changed.", 0))


@options.command("list")
def list_options(ctx: typer.Context) -> None:
    """Every option with its value and meaning."""
    context: Context = ctx.obj
    with context.reading() as conn:
        kept = option_store.current(conn)
    found = [{"key": o.key, "value": kept[o.key], "default": o.default, "meaning": o.meaning} for o in option_store.OPTIONS]
    context.show({"options": found}, option_lines(found))


@people.command("add")
def add_person(
    ctx: typer.Context, email: str, name: Annotated[str, typer.Option(help="Their name.")],
    role: Annotated[str, typer.Option(help="administrator, territory manager, branch leader, team member, coach or viewer.")],
    branch: Annotated[list[str] | None, typer.Option(help="A branch they see; may be repeated.")] = None,
    territory: Annotated[list[str] | None, typer.Option(help="A territory they see; may be repeated.")] = None,
    from_on: Annotated[str | None, typer.Option("--from", help="The date the role begins; else today.")] = None,
) -> None:
    """Add a person, or give one a new role from a date on. The first must be an administrator."""
    context: Context = ctx.obj
    with context.writing("people") as conn:
        found = people_store.add(conn, email, name=name, role=role, branches=branch or (), territories=territory or (),
                                 from_on=day(from_on) if from_on else None, now=context.settings.now, by=context.viewer)
    context.show(_person(found), [f"{found.name} <{found.email}> is {found.role} from {found.from_on}."])


@people.command("list")
def list_people(ctx: typer.Context) -> None:
    """The people you know of."""
    context: Context = ctx.obj
    with context.reading() as conn:
        found = [_person(p) for p in people_store.listing(conn, context.viewer, context.settings.now)]
    rows = [[p["email"], p["name"], p["role"], ", ".join(p["branches"] + p["territories"])] for p in found]
    context.show({"people": found}, table(rows) or ["Nobody yet: everyone is the administrator."])


def _person(p: people_store.Person) -> dict[str, Any]:
    return {"email": p.email, "name": p.name, "role": p.role, "branches": list(p.branches), "territories": list(p.territories),
            "from": p.from_on.isoformat()}


def changes(ctx: typer.Context, limit: Annotated[int, typer.Option(help="How many.")] = 50) -> None:
    """The change log, newest first: who changed what, when and why."""
    context: Context = ctx.obj
    with context.reading() as conn:
        found = [{"at": c.at.isoformat(), "who": c.who, "what": c.what, "subject": c.subject, "old": c.old, "new": c.new, "why": c.why}
                 for c in change_log.listing(conn, context.viewer, limit)]
    context.show({"changes": found}, change_lines(found) or ["Nothing was changed yet."])


def sample(
    ctx: typer.Context, out: Annotated[Path, typer.Option(help="The folder to write into.")],
    branches: Annotated[int, typer.Option(help="How many branches.")] = 6,
    weeks: Annotated[int, typer.Option(help="How many weeks.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed gives the same bytes.")] = 45,
) -> None:
    """Write made-up export files with planted stories."""
    from scoreboard.samples import write_sample

    context: Context = ctx.obj
    files = write_sample(out, branches=branches, weeks=weeks, seed=seed)
    context.show({"files": {name: str(path) for name, path in files.items()}},
                 [f"{path} ({path.stat().st_size:,} bytes)" for path in files.values()])


def day(text: str) -> date:
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        raise Refused(f'"{text}" is not a date.', "Write it like 2026-11-02.") from None
