"""Commands about misses: into which groups they fall, and what keeps coming back."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Key, NoCompany, NoTerritory, Week, metric_of, one_branch
from scoreboard.cli.text import counted, table
from scoreboard.errors import Refused, did_you_mean

TOP = 10


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (reasons, repeats):
        app.command()(command)


def reasons(ctx: typer.Context, metric: Key, by: Annotated[str, typer.Option(help="A column, e.g. route, reason or why.")],
            branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False, week: Week = None,
            span: Annotated[int, typer.Option("--weeks", min=1, max=104, help="So many weeks up to that week.")] = 13) -> None:
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
        last = weeks.parse(week, known.first_day) if week else boards.default_week(conn, known, scope)
        first = last - (span - 1) * weeks.WEEK
        found = misses.pareto(row_reader.over(context.settings, conn, scope, one, first, last + timedelta(days=7), misses.COLUMNS), by)
    groups = [{by: g.value, "others": g.pooled, "misses": g.misses, "of": g.of} for g in found.groups]
    context.show({"metric": metric, "branch": scope.name, "by": by, "first_week": weeks.label(first), "last_week": weeks.label(last),
                  "misses": found.misses, "rows": found.of, "of_all_rows": found.shared, "groups": groups}, _reason_lines(found))


def _reason_lines(found: Any) -> list[str]:
    if not found.misses:
        return [f"No misses, of {counted(found.of, 'row')}."]
    cells = [[_called(g), str(g.misses), _percent(g.misses, found.misses), str(g.of), _percent(g.misses, g.of)] for g in found.groups]
    head = [found.by.replace("_", " "), "misses", "of all misses", "of all rows" if found.shared else "of its rows", "missed"]
    return [*table(cells, head=head, right=range(1, 5)), f"{counted(found.misses, 'miss', 'misses')}, of {counted(found.of, 'row')}."]


def _percent(part: int, whole: int) -> str:
    from scoreboard.metrics.reasons import percent

    return f"{percent(part, whole)} %" if whole else ""


def _called(group: Any) -> str:
    return counted(group.pooled, "other") if group.pooled else group.value or "(not given)"


def repeats(ctx: typer.Context, branch: Branch = None, territory: NoTerritory = None, company: NoCompany = False,
            metric: Annotated[str | None, typer.Option(help="A metric's key; else credits, late orders and exceptions.")] = None) -> None:
    """The ten most frequent things misses of the last thirteen weeks have in common, with their root causes."""
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import repeated

    context: Context = ctx.obj
    with context.reading() as conn:
        known, scope = one_branch(context, conn, "Repeats", branch, territory, company)
        last = boards.default_week(conn, known, scope)
        found = repeated.of_branch(context.settings, conn, context.viewer, scope, known, last, metric_of(metric) if metric else None)
    groups = [{"metric": f.metric.key, "grouped_by": f.repeat.grouped_by, "subject": f.repeat.subject, "misses": f.repeat.misses,
               "weeks": f.repeat.weeks, "last_on": f.repeat.last_on.isoformat(), "root_cause": f.cause,
               "standard": f.standard} for f in found[:TOP]]
    context.show({"branch": scope.name, "last_week": weeks.label(last), "groups": groups, "found": len(found)},
                 _repeat_lines(groups, len(found)))


def _repeat_lines(groups: list[dict[str, Any]], found: int) -> list[str]:
    if not groups:
        return ["Nothing came back."]
    cells = [[f"{g['grouped_by'].removesuffix('_no')} {g['subject']}", g["metric"], str(g["misses"]), str(g["weeks"]), g["last_on"],
              g["root_cause"], g["standard"]] for g in groups]
    lines = table(cells, head=["what", "metric", "misses", "weeks", "last", "root cause", "standard"], right=(2, 3))
    return [*lines, *([f"The {TOP} most frequent of {found}."] if found > TOP else [])]
