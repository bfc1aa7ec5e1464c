"""Commands about exceptions: everything the page does. Times are on the branch's wall clock unless they carry an offset."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard.cli import case_lines
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Company, Territory
from scoreboard.errors import Refused

if TYPE_CHECKING:
    from scoreboard.cases.lifecycle import CaseState
    from scoreboard.metrics.company import Company as CompanyNow

cases = typer.Typer(no_args_is_help=True, help="Exceptions: each has an owner and a timer, and is closed when the customer knows.")
No = Annotated[str, typer.Argument(help="Its number; see cases list.")]
At = Annotated[str, typer.Option("--branch", help="The branch it belongs to.")]
When = Annotated[str | None, typer.Option("--at", help="When it happened; else now.")]
Note = Annotated[str | None, typer.Option(help="A sentence for whoever reads it later.")]
To = Annotated[str, typer.Option(help="Who at the customer was told.")]
How = Annotated[str, typer.Option(help="phone, e-mail, text message, in person or portal.")]
Next = Annotated[str | None, typer.Option("--next-update", help="When they were promised to hear next.")]
First = Annotated[bool, typer.Option("--called-first", help="They had called before we told them.")]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(cases, name="cases")


# ---- looking -----------------------------------------------------------------------------------------
@cases.command("list")
def listing(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False,
            show: Annotated[str, typer.Option(help="not_told, not_accepted, past, soon, open or closed.")] = "open",
            owner: Annotated[str | None, typer.Option(help="Only what this person owns and is open.")] = None,
            find: Annotated[str, typer.Option(help="Words of a number, customer, order or part.")] = "") -> None:
    """One list of exceptions, the most urgent first; how many each list holds; who owns how many that are open."""
    from scoreboard.cases import finding
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for

    context: Context = ctx.obj
    if show not in finding.BY_KEY:
        raise Refused(f'There is no list "{show}".', f"Use one of: {', '.join(finding.BY_KEY)}.")
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        members = scope.members(known, scope.running_week(known))
        asked = (conn, context.viewer, members)
        found = finding.listed(*asked, show, known.now, owner=owner, words=find)
        held, owners = finding.counts(*asked, known.now), finding.by_owner(*asked)
    context.show({"list": show, "counts": held, "open_by_owner": dict(owners), "cases": [case_lines.document(one, known) for one in found]},
                 case_lines.listing(found, finding.BY_KEY[show], held, owners, known))


@cases.command("show")
def show(ctx: typer.Context, case_no: No, branch: At) -> None:
    """One exception: its clocks and everything that was done, in order."""
    from scoreboard.cases import desk, finding
    from scoreboard.metrics import company as companies

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        state, _ = desk.require(conn, context.viewer, branch, case_no)
        log = finding.entries(conn, context.viewer, branch, case_no)
    context.show(case_lines.whole(state, log, known), case_lines.whole_lines(state, log, known))


@cases.command("types")
def kinds(ctx: typer.Context, branch: At) -> None:
    """The types a branch may raise: where each breaks the chain, who gets it, its standard."""
    from scoreboard.cases import types
    from scoreboard.metrics import company as companies

    context: Context = ctx.obj
    with context.reading() as conn:
        context.viewer.require_branch(branch)
        terms = companies.read(conn, context.settings.now).terms
        found = [{"type": one.name, "handoff": one.handoff, "owner": one.owner, "standard_minutes": terms.standard(one.name)}
                 for one in types.of_branch(conn, branch)]
    context.show({"types": found}, case_lines.types(found))


# ---- raising and working -----------------------------------------------------------------------------
@cases.command("open")
def raise_one(ctx: typer.Context, branch: At, type: Annotated[str, typer.Option(help="What went wrong; see cases types.")],
              customer: str = "", order: str = "", part: str = "", handoff: str = "", promised: str = "", priority: str = "",
              route: str = "", owner: str = "", note: str = "", at: When = None) -> None:
    """Raise an exception: it has an owner and a timer at once."""
    from scoreboard.cases import desk

    given = {"type": type, "customer": customer, "order_no": order, "part_no": part, "handoff": handoff, "promised": promised,
             "priority": priority, "route": route, "owner": owner, "note": note}
    _do(ctx, branch, lambda at_desk, known: desk.raise_case(at_desk, branch, {k: v for k, v in given.items() if v},
                                                             opened_at=_instant(at, known, branch)))


@cases.command("own")
def own(ctx: typer.Context, case_no: No, branch: At, owner: Annotated[str, typer.Option(help="Who takes it; else you do.")] = "",
        note: Note = None, at: When = None) -> None:
    """Hand it over, or take it yourself; who takes it accepts it."""
    from scoreboard.cases import desk

    context: Context = ctx.obj

    def take(at_desk: Any, known: CompanyNow) -> CaseState:
        moment = _instant(at, known, branch)
        state = desk.act(at_desk, branch, case_no, "handed over", {"owner": owner or context.viewer.name, "note": note}, at=moment)
        return state if owner else desk.act(at_desk, branch, case_no, "accepted", at=moment)

    _do(ctx, branch, take)


@cases.command("accept")
def accept(ctx: typer.Context, case_no: No, branch: At, at: When = None) -> None:
    """Its owner says yes."""
    _act(ctx, case_no, branch, at, "accepted", {})


@cases.command("note")
def note(ctx: typer.Context, case_no: No, branch: At, text: Annotated[str, typer.Option("--note", help="A sentence.")],
         at: When = None) -> None:
    """Note something."""
    _act(ctx, case_no, branch, at, "noted", {"note": text})


@cases.command("called")
def called(ctx: typer.Context, case_no: No, branch: At, note: Note = None, at: When = None) -> None:
    """The customer called."""
    _act(ctx, case_no, branch, at, "called", {"note": note})


@cases.command("update")
def update(ctx: typer.Context, case_no: No, branch: At, to: To, how: How, next_update: Next = None, called_first: First = False,
           note: Note = None, at: When = None) -> None:
    """Tell the customer how it stands, before it is resolved."""
    _act(ctx, case_no, branch, at, "updated", {"to": to, "how": how, "next_update_at": next_update, "called_first": called_first,
                                               "note": note})


@cases.command("promise")
def promise(ctx: typer.Context, case_no: No, branch: At, next_update: Annotated[str, typer.Option("--next-update", help="When.")],
            note: Note = None, at: When = None) -> None:
    """Promise the customer when they hear next."""
    _act(ctx, case_no, branch, at, "promised", {"next_update_at": next_update, "note": note})


@cases.command("pause")
def pause(ctx: typer.Context, case_no: No, branch: At, reason: Annotated[str, typer.Option(help="One of the short list.")],
          until: Annotated[str, typer.Option(help="Until when at the latest.")], note: Note = None, at: When = None) -> None:
    """Pause while somebody else has to move; our clock stops only when that is the customer."""
    _act(ctx, case_no, branch, at, "paused", {"reason": reason, "until": until, "note": note})


@cases.command("resume")
def resume(ctx: typer.Context, case_no: No, branch: At, note: Note = None, at: When = None) -> None:
    """End a pause before its time."""
    _act(ctx, case_no, branch, at, "resumed", {"note": note})


@cases.command("resolve")
def resolve(ctx: typer.Context, case_no: No, branch: At, cause: Annotated[str, typer.Option(help="Why it happened.")] = "",
            note: Note = None, at: When = None) -> None:
    """It is resolved; it is closed when the customer was told."""
    _act(ctx, case_no, branch, at, "resolved", {"root_cause": cause, "note": note})


@cases.command("tell")
def tell(ctx: typer.Context, case_no: No, branch: At, to: To, how: How, called_first: First = False, note: Note = None,
         at: When = None) -> None:
    """Tell the customer the outcome: that closes it."""
    _act(ctx, case_no, branch, at, "told", {"to": to, "how": how, "called_first": called_first, "note": note})


@cases.command("debrief")
def debrief(ctx: typer.Context, case_no: No, branch: At,
            handoff: Annotated[str, typer.Option(help="Where did the chain break?")] = "",
            cause: Annotated[str, typer.Option(help="Why did it break there?")] = "",
            change: Annotated[str, typer.Option(help="What changes so that it does not repeat?")] = "", at: When = None) -> None:
    """Answer the three questions after an exception."""
    _act(ctx, case_no, branch, at, "debriefed", {"handoff": handoff, "root_cause": cause, "change": change})


@cases.command("reopen")
def reopen(ctx: typer.Context, case_no: No, branch: At, note: Annotated[str, typer.Option("--note", help="Why.")], at: When = None) -> None:
    """Open it again: its clock runs on from its first opening."""
    _act(ctx, case_no, branch, at, "reopened", {"note": note})


@cases.command("correct")
def correct(ctx: typer.Context, case_no: No, branch: At, type: str | None = None, customer: str | None = None, order: str | None = None,
            part: str | None = None, handoff: str | None = None, priority: str | None = None, promised: str | None = None,
            route: str | None = None) -> None:
    """Correct what it says; an empty text clears. Its start stays where it is."""
    given = {"type": type, "customer": customer, "order_no": order, "part_no": part, "handoff": handoff, "priority": priority,
             "promised": promised, "route": route}
    _act(ctx, case_no, branch, None, "corrected", {k: v for k, v in given.items() if v is not None})


# ---- how ---------------------------------------------------------------------------------------------
def _act(ctx: typer.Context, case_no: str, branch: str, at: str | None, what: str, given: dict[str, Any]) -> None:
    from scoreboard.cases import desk

    def one(at_desk: Any, known: CompanyNow) -> CaseState:
        said = {name: _instant(value, known, branch) if name in ("until", "next_update_at") else value
                for name, value in given.items() if value not in (None, "") or what == "corrected"}
        return desk.act(at_desk, branch, case_no, what, said, at=_instant(at, known, branch))

    _do(ctx, branch, one)


def _do(ctx: typer.Context, branch: str, act: Callable[[Any, CompanyNow], CaseState]) -> None:
    from scoreboard.cases import finding
    from scoreboard.cases.actions import Desk
    from scoreboard.metrics import company as companies

    context: Context = ctx.obj

    with context.writing("cases") as conn:
        context.viewer.require_branch(branch)
        known = companies.read(conn, context.settings.now)
        state = act(Desk(conn, context.viewer, known.terms, context.settings.now), known)
        log = finding.entries(conn, context.viewer, state.branch, state.case_no)
    context.show(case_lines.whole(state, log, known), [case_lines.headline(state, known), *case_lines.hints(state, known)])


def _instant(text: str | None, known: CompanyNow, branch: str) -> datetime | None:
    """A moment as a person at the branch writes it, in UTC."""
    from scoreboard.calendars import to_utc

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo:
            return moment.astimezone(UTC).replace(tzinfo=None)
        return to_utc(moment, known.zones[branch]) if branch in known.zones else moment
    except (ValueError, OverflowError):  # a year no calendar has
        raise Refused(f'"{text}" is not a time.', "Write it like 2026-11-09T15:00, on the branch's clock.") from None
