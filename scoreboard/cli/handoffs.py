"""Commands about the chain: what stays how long and what breaks where, and who owns a stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Company, Territory, Week
from scoreboard.cli.text import counted, table

if TYPE_CHECKING:
    from scoreboard.metrics.chain import Misses, Stay
    from scoreboard.metrics.limbo import Waiting

handoffs = typer.Typer(no_args_is_help=True, help="The chain Quote → Pick → Stage → Load → Deliver → Close the loop.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.add_typer(handoffs, name="handoffs")


@handoffs.command("show")
def show(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False, week: Week = None) -> None:
    """How long things stay at each stage, what broke at each handoff, what waits: the thirteen weeks up to a week."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import chain, limbo
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for
    from scoreboard.metrics.stages import STAGES
    from scoreboard.state import stages as kept

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        last = weeks.parse(week, known.first_day) if week else boards.default_week(conn, known, scope)
        with chain.opened(context.settings, conn, known, scope, last) as run:
            stays, misses, waiting = chain.stays(run, last), chain.misses(run, last), limbo.waiting(run)
        agreed = kept.of_branch(conn, context.viewer, scope.name) if scope.kind == "branch" else {}
    stages = [{"stage": stage.key, "name": stage.name, "owner": agreed[stage.key].owner if agreed else None,
               "done_means": agreed[stage.key].done_means if agreed else None,
               "stays": [_json(stays[metric.key]) for metric in stage.stays]} for stage in STAGES]
    context.show({"scope": {"kind": scope.kind, "name": scope.name}, "last_week": weeks.label(last), "stages": stages,
                  "misses": [vars(one) for one in misses], "waiting": [vars(one) for one in waiting]},
                 [f"{scope.title} · thirteen weeks up to {weeks.label(last)}", "", *_stay_lines(stages), "", *_miss_lines(misses), "",
                  *_waiting_lines(waiting)])


def _json(stay: Stay) -> dict[str, Any]:
    return {"stay": stay.key, "name": stay.metric.name, "n": stay.n, "open": stay.open, "median_minutes": stay.p50, "p90_minutes": stay.p90,
            "median_is_more": stay.more50, "p90_is_more": stay.more90, "reporting": stay.reporting, "expected": stay.expected,
            "needs": stay.needs}


def _stay_lines(stages: list[dict[str, Any]]) -> list[str]:
    rows = [[stage["name"] if at == 0 else "", one["name"].partition(" (")[0], _time(one["median_minutes"], one["median_is_more"]),
             _time(one["p90_minutes"], one["p90_is_more"]), str(one["n"]) if one["n"] else "",
             f"needs {'; '.join(one['needs'])}" if one["needs"] else f"owner {stage['owner']}" if stage["owner"] and at == 0 else ""]
            for stage in stages for at, one in enumerate(stage["stays"])]
    return table(rows, head=["stage", "from … to", "middle", "nine of ten", "n", ""], right=(2, 3, 4))


def _time(minutes: float | None, more: bool) -> str:
    if minutes is None:
        return ""
    figure = f"{minutes:.0f} min" if minutes < 59.5 else f"{minutes / 60:.1f} h" if minutes < 72 * 60 else f"{minutes / 1440:.1f} d"
    return f"> {figure}" if more else figure


def _miss_lines(misses: list[Misses]) -> list[str]:
    rows = [[one.handoff or "(no handoff named)", *("" if n is None else str(n) for n in (one.credits, one.exceptions))] for one in misses]
    return table(rows, head=["handoff", "credits", "exceptions"], right=(1, 2))


def _waiting_lines(waiting: list[Waiting]) -> list[str]:
    from scoreboard.metrics.limbo import STEPS

    if not waiting:
        return ["No return, core or credit waits for a step."]
    rows = [[STEPS[one.step], str(one.count), "" if one.value is None else f"{one.value:,.2f}", counted(one.oldest_days, "day")]
            for one in waiting]
    return table(rows, head=["waits for", "count", "worth", "oldest"], right=(1, 2, 3))


@handoffs.command("set")
def agree(ctx: typer.Context, stage: Annotated[str, typer.Argument(help="quote, pick, stage, load, deliver or close.")],
          branch: Annotated[str, typer.Option(help="A branch's code.")],
          owner: Annotated[str | None, typer.Option(help="Who answers for the stage; empty for nobody.")] = None,
          done_means: Annotated[str | None, typer.Option("--done-means", help="What must be true before it is handed over.")] = None,
          undo: Annotated[bool, typer.Option("--undo", help="Puts back what stood there before.")] = False) -> None:
    """Say who owns a stage at a branch and what "done" means there; what is not given stays as it is."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics.scopes import scope_for
    from scoreboard.state import stages as kept

    context: Context = ctx.obj
    with context.writing("standards") as conn:
        code = scope_for(companies.read(conn, context.settings.now), context.viewer, branch=branch).name
        now = context.settings.now
        if undo:
            kept.put_back(conn, context.viewer, branch=code, stage=stage, now=now)
        else:
            before = kept.of_branch(conn, context.viewer, code).get(stage, kept.Agreed())
            kept.agree(conn, context.viewer, branch=code, stage=stage, owner=before.owner if owner is None else owner,
                       done_means=before.done_means if done_means is None else done_means, now=now)
        after = kept.of_branch(conn, context.viewer, code)[stage]
    context.show({"branch": code, "stage": stage, "owner": after.owner, "done_means": after.done_means},
                 [f"{kept.STAGES[stage]} at {code}: owner {after.owner or 'nobody'}; done means {after.done_means or 'not written'}."])
