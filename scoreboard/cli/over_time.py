"""Commands about what a week was: restated (as reported beside now), triangle (the states of its corners, week by week)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from scoreboard import weeks
from scoreboard.cli.context import Context
from scoreboard.cli.figures import Branch, Company, Territory, Week, metric_of
from scoreboard.cli.text import counted, moment, table

if TYPE_CHECKING:
    from scoreboard.imports.causes import Cause
    from scoreboard.metrics.model import Metric
    from scoreboard.metrics.restated import Change, Compared, Figure, Restated
    from scoreboard.metrics.triangle import Corner
    from scoreboard.metrics.triangle_history import Moment

    Causes = dict[int | None, Cause]


def register(app: typer.Typer) -> None:
    """Adds the commands to the application."""
    for command in (restated, triangle):
        app.command()(command)


def restated(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False, week: Week = None,
             metric: Annotated[str | None, typer.Option(help="A metric's key; else every metric.")] = None) -> None:
    """A week as it was reported beside what is known now: which figures changed, when, and what changed them."""
    from scoreboard.imports.causes import causes
    from scoreboard.metrics import board as boards
    from scoreboard.metrics import company as companies
    from scoreboard.metrics import restated as compared
    from scoreboard.metrics.scopes import scope_for

    context: Context = ctx.obj
    wanted = metric_of(metric).key if metric else ""
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        picked = weeks.parse(week, known.first_day) if week else None
        board = boards.read(conn, context.settings, scope, picked, company=known, also={wanted} if wanted else None)
        found = compared.compare(conn, known, scope, board.week, (t.picked for t in board.tiles if wanted in ("", t.metric.key)))
        on_board = {t.metric.key for t in board.tiles if t.on_board}
        made = causes(conn, context.viewer, {c.version for one in (found.figures.values() if found else ()) for c in one.changes})
    about = {"scope": {"kind": scope.kind, "name": scope.name}, "week": weeks.label(board.week)}
    if found is None:
        due = compared.reporting_instant(known, board.week).isoformat()
        context.show({**about, "reported_at": None, "reported_version": None, "figures": []},
                     [f"Week {about['week']} is not reported yet; it is on {moment(due)} UTC."])
        return
    context.show({**about, "reported_at": found.at, "reported_version": found.version,
                  "figures": [_json(one, made) | {"on_board": one.metric.key in on_board} for one in found.figures.values()]},
                 [f"{scope.title} · week {about['week']}", *_lines(found, made, on_board)])


def _json(one: Compared, made: Causes) -> dict[str, Any]:
    return {"key": one.metric.key, "name": one.metric.name, "unit": one.metric.unit, "changed": one.changed,
            "reported": _figure(one.metric, one.reported), "now": _figure(one.metric, one.now),
            "changes": [_change(one.metric, change, made[change.version]) for change in one.changes]}


def _figure(metric: Metric, figure: Figure | None) -> dict[str, Any] | None:
    return None if figure is None else {"value": figure.value, "part": figure.part, "whole": figure.whole, "n": figure.n,
                                        "at_least": figure.more_than, "text": figure.said}


def _change(metric: Metric, change: Change, cause: Cause) -> dict[str, Any]:
    return {"version": change.version, "at": cause.at, "from": _figure(metric, change.before), "to": _figure(metric, change.after),
            "what": cause.what, "who": cause.who or None, "load_id": cause.load_id, "files": list(cause.files)}


def _lines(found: Restated, made: Causes, on_board: set[str]) -> list[str]:
    """What changed, figure by figure, those on the board first; how many did."""
    shown = [one for one in found.changed if one.metric.key in on_board]
    others = [one for one in found.changed if one.metric.key not in on_board]
    said = f"{counted(len(shown), 'figure')} of the board" + (f" and {counted(len(others), 'other')}" if others else "")
    have = "has" if len(found.changed) == 1 else "have"
    lines = [f"Reported {moment(found.at.isoformat())} UTC; {said} {have} changed since."]
    for one in (*shown, *others):
        lines += ["", f"{one.metric.name}: {_said(one.metric, one.reported)} → {_said(one.metric, one.now)}"]
        lines += table([_step(one.metric, change, made[change.version]) for change in one.changes], indent="  ")
    return lines


def _step(metric: Metric, change: Change, cause: Cause) -> list[str]:
    return [moment(cause.at.isoformat()) if cause.at else "since then", f"{_said(metric, change.before)} → {_said(metric, change.after)}",
            f"{cause.what}{f' ({cause.who})' if cause.who else ''}"]


def _said(metric: Metric, figure: Figure | None) -> str:
    return "no figure" if figure is None else f"{figure.said} (n {figure.n})"


def triangle(ctx: typer.Context, branch: Branch = None, territory: Territory = None, company: Company = False, week: Week = None,
             number: Annotated[int, typer.Option("--weeks", help="How many weeks, the given one last.", min=1, max=260)] = 26) -> None:
    """How the corners of the triangle stood, week by week, and when one improved while another needed help."""
    from scoreboard.metrics import company as companies
    from scoreboard.metrics import triangle_history
    from scoreboard.metrics.scopes import scope_for

    context: Context = ctx.obj
    with context.reading() as conn:
        known = companies.read(conn, context.settings.now)
        scope = scope_for(known, context.viewer, branch=branch, territory=territory, whole=company)
        picked = weeks.parse(week, known.first_day) if week else None
        found = triangle_history.read(conn, context.settings, scope, picked, number, company=known)
    context.show({"scope": {"kind": scope.kind, "name": scope.name},
                  "weeks": [{"week": weeks.label(one.week), "imbalance": one.triangle.imbalance or None, "corners": [
                      {"name": c.name, "state": c.state, "because": list(c.because)} for c in one.triangle.corners]} for one in found]},
                 _weeks(scope.title, found))


def _weeks(title: str, found: list[Moment]) -> list[str]:
    if not found:
        return [f"{title} has no figures yet."]
    rows = [[weeks.label(one.week), *(_corner(c) for c in one.triangle.corners), "imbalance" if one.triangle.imbalance else ""]
            for one in found]
    return [title, *table(rows, head=["week", *(c.name for c in found[0].triangle.corners), ""])]


def _corner(corner: Corner) -> str:
    return f"{corner.state} ({', '.join(corner.because)})" if corner.because else corner.state
