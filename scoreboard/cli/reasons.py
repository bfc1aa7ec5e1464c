"""Commands about misses: into which groups they fall, what keeps coming back, and why it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Key, NoCompany, NoTerritory, Week, metric_of, one_branch
from scoreboard.cli.text import counted, some, table
from scoreboard.errors import Refused, did_you_mean

if TYPE_CHECKING:
    from datetime import date

    from scoreboard.metrics.reasons import Group, Pareto
    from scoreboard.metrics.repeated import Span

TOP = 10
Grouped = Annotated[str, typer.Option("--by", help="What the misses share: part_no, customer, route or reason.")]
Subject = Annotated[str, typer.Option("--of", help="Which part, customer, route or reason, as the list has it.")]
again = typer.Typer(invoke_without_command=True, help="What keeps coming back, and why.")


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    app.command()(reasons)
    app.add_typer(again, name="repeats")


def reasons(ctx: typer.Context, metric: Key, by: Annotated[str, typer.Option(help="A column, e.g. route, reason or why.")],
            branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False, week: Week = None,
            span: Annotated[int, typer.Option("--weeks", min=1, max=104, help="So many weeks, the latest judged one last.")] = 13) -> None:
    """The misses of a metric by the values of one column, the most frequent first."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import reasons as misses
    from scoreboard.metrics import repeated
    from scoreboard.metrics import rows as row_reader

    context: Context = ctx.obj
    one = metric_of(metric)
    repeated.require_misses(one)
    known_columns = [name for name in misses.COLUMNS if name == "why" or name in row_reader.columns_behind(one)]
    if by not in known_columns:
        raise Refused(f'Misses of {one.key} are not counted by "{by}".',
                      f"Try one of: {', '.join(known_columns)}.{did_you_mean(by, known_columns)}")
    with context.reading() as conn:
        known, scope = one_branch(context, conn, "Reasons", branch, territory, company)
        asked = weeks.parse(week, known.first_day) if week else boards.default_week(conn, known, scope)
        counts = repeated.spans(context.settings, conn, scope, known, [one], asked, span)[0]
        found = misses.pareto(repeated.rows(context.settings, conn, scope, counts), by)
    groups = [{by: g.value, "others": g.pooled, "misses": g.misses, "of": g.of} for g in found.groups]
    context.show({"metric": metric, "branch": scope.name, "by": by, **_weeks(counts), "misses": found.misses, "rows": found.of,
                  "of_all_rows": found.shared, "groups": groups, "without_a_miss": [{by: g.value, "of": g.of} for g in found.spared]},
                 _reason_lines(found, counts, asked))


def _weeks(span: Span) -> dict[str, str]:
    return {"first_week": weeks.label(span.first), "last_week": weeks.label(span.last)}


def _reason_lines(found: Pareto, span: Span, asked: date) -> list[str]:
    first, last = _weeks(span).values()
    later = f" ({weeks.label(asked)} cannot be judged yet)" if asked > span.last else ""
    told = f"of {counted(found.of, 'row')}, {'in' if first == last else f'{first} to'} {last}{later}."
    if not found.misses:
        return [f"No misses, {told}"]
    cells = [[_called(g), str(g.misses), _percent(g.misses, found.misses), str(g.of), _percent(g.misses, g.of)] for g in found.groups]
    head = [found.by.replace("_", " "), "misses", "of all misses", "of all rows" if found.shared else "of its rows", "missed"]
    spared = [f"{_called(g)} ({counted(g.of, 'row')})" for g in found.spared]
    return [*table(cells, head=head, right=range(1, 5)), *([f"Without a miss: {some(spared)}."] if spared else []),
            f"{counted(found.misses, 'miss', 'misses')}, {told}"]


def _percent(part: int, whole: int) -> str:
    from scoreboard.metrics.reasons import percent

    return f"{percent(part, whole)} %" if whole else ""


def _called(group: Group) -> str:
    return counted(group.pooled, "other") if group.pooled else group.value or "(not given)"


@again.callback()
def repeats(ctx: typer.Context, branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False,
            metric: Annotated[str | None, typer.Option(help="A metric's key; else credits, late orders and exceptions.")] = None) -> None:
    """The ten most frequent things misses of the last thirteen judged weeks have in common, with their root causes."""
    if ctx.invoked_subcommand is not None:
        return
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import repeated

    context: Context = ctx.obj
    with context.reading() as conn:
        known, scope = one_branch(context, conn, "Repeats", branch, territory, company)
        week = boards.default_week(conn, known, scope)
        found, spans = repeated.of_branch(context.settings, conn, context.viewer, scope, known, week,
                                          metric_of(metric) if metric else None)
    groups = [{"metric": f.metric.key, "grouped_by": f.repeat.grouped_by, "subject": f.repeat.subject, "misses": f.repeat.misses,
               "weeks": f.repeat.weeks, "last_on": f.repeat.last_on.isoformat(), "root_cause": f.cause,
               "standard": f.standard} for f in found[:TOP]]
    context.show({"branch": scope.name, "weeks": [{"metric": span.metric.key, **_weeks(span)} for span in spans], "groups": groups,
                  "found": len(found)}, _repeat_lines(groups, len(found), spans))


def _repeat_lines(groups: list[dict[str, Any]], found: int, spans: list[Span]) -> list[str]:
    told = [f"{span.metric.key} {' to '.join(_weeks(span).values())}" for span in spans]
    if not groups:
        return [f"Nothing came back: {', '.join(told)}."]
    cells = [[f"{g['grouped_by'].removesuffix('_no')} {g['subject']}", g["metric"], str(g["misses"]), str(g["weeks"]), g["last_on"],
              g["root_cause"], g["standard"]] for g in groups]
    lines = table(cells, head=["what", "metric", "misses", "weeks", "last", "root cause", "standard"], right=(2, 3))
    return [*lines, *([f"The {TOP} most frequent of {found}."] if found > TOP else []), f"Counted: {', '.join(told)}."]


@again.command("cause")
def cause(ctx: typer.Context, by: Grouped, of: Subject, cause: Annotated[str, typer.Option(help="Why it comes back.")],
          branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False) -> None:
    """Write why something keeps coming back; it stands in place of what was written before."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import repeated
    from scoreboard.state import root_causes

    context: Context = ctx.obj
    with context.writing("notes") as conn:
        known, scope = one_branch(context, conn, "Root causes", branch, territory, company)
        root_causes.write(conn, context.viewer, branch=scope.name, grouped_by=by, subject=of, cause=cause, now=context.settings.now)
        found, _ = repeated.of_branch(context.settings, conn, context.viewer, scope, known, boards.default_week(conn, known, scope))
        kept = root_causes.of_branch(conn, context.viewer, scope.name)[by, of].cause
    comes_back = any((one.repeat.grouped_by, one.repeat.subject) == (by, of) for one in found)
    context.show({"branch": scope.name, "grouped_by": by, "subject": of, "root_cause": kept, "comes_back": comes_back},
                 [f"{by.removesuffix('_no')} {of}: {kept}",
                  *([] if comes_back else [f"It is not among what keeps coming back now. Is {of} spelled as the list has it?"])])


@again.command("take-off")
def take_off(ctx: typer.Context, by: Grouped, of: Subject,
             branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False) -> None:
    """Take a root cause off; the change log keeps it."""
    from scoreboard.state import root_causes

    context: Context = ctx.obj
    with context.writing("notes") as conn:
        _, scope = one_branch(context, conn, "Root causes", branch, territory, company)
        root_causes.take_off(conn, context.viewer, branch=scope.name, grouped_by=by, subject=of, now=context.settings.now)
    context.show({"branch": scope.name, "grouped_by": by, "subject": of, "root_cause": None},
                 [f"{by.removesuffix('_no')} {of} has no root cause any more."])
