"""The rows behind a number, and its splits: read from the facts on demand with the expressions of the roll-up.

Because state and why come from the same expressions, the rows always add up to the tile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from sqlalchemy import Connection

from scoreboard.cases import reading as case_reading
from scoreboard.errors import Refused, did_you_mean
from scoreboard.facts import engine
from scoreboard.facts.files import snapshot
from scoreboard.metrics import company as companies
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.model import Duration, Metric
from scoreboard.metrics.rollup import Run, define_relation, fold_reason, parameters, prepare
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.statements import SIDES, Side, rows_behind
from scoreboard.metrics.values import in_unit
from scoreboard.settings import Settings
from scoreboard.weeks import WEEK, weeks_between

ONE_DAY = timedelta(days=1)
PEOPLE = frozenset({"owner", "person_key"})  # columns that name somebody: what was missed is never shown or counted by person
_INTERNAL = {"_filed", "_key", "_keyless"} | PEOPLE


@contextmanager
def opened(settings: Settings, conn: Connection, scope: Scope) -> Iterator[Run]:
    """A run over the facts of one branch, as they are now."""
    company = companies.read(conn, settings.now)
    with engine.reader(settings.reading) as con:
        cases = case_reading.for_figures(conn, [scope.name], None, None, company.terms, company.now)
        yield Run(con, settings.data, snapshot(conn).files, cases, company,
                  reaches.fold(reaches.pieces(conn, branches=[scope.name]), company))


def rows(settings: Settings, conn: Connection, scope: Scope, metric: Metric, week: date) -> list[dict[str, Any]]:
    """The rows of a branch-week behind part and whole, each with `counts_in`, `result` and `why`.

    result is passed, failed, undecided (or, of a duration, open); counted, where part and whole are rows of two kinds
    and this one passes or fails nothing by itself; outside, for a row near the definition that counts nowhere, last.
    For durations `value` is in the metric's unit and `open` says that it still grows.
    """
    with opened(settings, conn, scope) as run:
        prepare(run)
        found = [_row(metric, side, row) for side in SIDES if side.metric is metric
                 for row in _read(run, side, scope, week, week + WEEK) if _counts(side, row) or row["outside"]]
    return sorted(found, key=lambda row: row["result"] == "outside")


def over(settings: Settings, conn: Connection, scope: Scope, metric: Metric, first: date, end: date,
         only: Collection[str] | None = None) -> list[dict[str, Any]]:
    """The rows that count in `[first, end)`, each as `rows` gives it and with the day it counts on (`counted_on`).

    `only`: of their own columns no others than these, which is faster where a branch has many rows.
    """
    with opened(settings, conn, scope) as run:
        prepare(run)
        return counting(run, scope, metric, first, end, only)


def counting(run: Run, scope: Scope, metric: Metric, first: date, end: date, only: Collection[str] | None = None) -> list[dict[str, Any]]:
    """As `over`, in a run that is opened and prepared: for whoever asks for several metrics."""
    return [_row(metric, side, row) | {"counted_on": row[side.counted.week].date().isoformat()}
            for side in SIDES if side.metric is metric
            for row in _read(run, side, scope, first, end, only) if _counts(side, row)]


def split(settings: Settings, conn: Connection, scope: Scope, metric: Metric, by: str, first: date, end: date) -> list[dict[str, Any]]:
    """The metric by the values of one column over `[first, end)`: part, whole, n (and the median of a duration)."""
    columns = columns_behind(metric)
    if by in PEOPLE:
        raise Refused("What was missed is never counted by person.", f"It belongs to a handoff. Try one of: {', '.join(columns)}.")
    if by not in columns:
        raise Refused(f'"{by}" is not a column behind {metric.key}.', f"Try one of: {', '.join(columns)}.{did_you_mean(by, columns)}")
    return grouped(metric, over(settings, conn, scope, metric, first, end), by)


def grouped(metric: Metric, found: Sequence[dict[str, Any]], by: str) -> list[dict[str, Any]]:
    """Rows that count, by the values of one column: what `split` gives."""
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in found:
        groups[row.get(by)].append(row)
    if metric.part is not None and by not in metric.whole.relation.table.columns:
        # the whole does not know the column: every value is divided by all of it
        whole = [row for rows in groups.values() for row in rows if "whole" in row["counts_in"]]
        groups = {value: [*(r for r in rows if "part" in r["counts_in"]), *whole] for value, rows in groups.items()
                  if any("part" in r["counts_in"] for r in rows)}
    return [_sum_up(metric, by, value, rows) for value, rows in sorted(groups.items(), key=lambda g: str(g[0] or ""))]


def columns_behind(metric: Metric) -> list[str]:
    """The columns its rows have; the value of a row of a duration is its time, not what else the file calls so."""
    columns = dict.fromkeys(c.name for _, counted in metric.sides for c in counted.relation.table.columns)
    return [name for name in columns if not (name in PEOPLE or (metric.is_duration and name == "value"))]


def _read(run: Run, side: Side, scope: Scope, first: date, end: date, only: Collection[str] | None = None) -> list[dict[str, Any]]:
    relation = side.counted.relation
    weeks = frozenset(weeks_between(first, end - ONE_DAY, run.company.first_day))
    define_relation(run, relation, side.counted.week, weeks)
    columns = tuple(c.name for c in relation.table.columns
                    if c.name not in _INTERNAL and (only is None or c.name in only or c.name == side.counted.week))
    asked = {"of_branch": scope.name, "from_day": first, "to_day": end}
    found = engine.run(run.con, rows_behind(side, columns), parameters(run) | asked)
    if "handoff" in columns:
        belongs = {fold_reason(reason): handoff for reason, handoff in run.company.options["handoff_of_reason"].items()}
        for row in found:
            row["handoff"] = row["handoff"] or belongs.get(fold_reason(row.get("reason") or row.get("root_cause") or ""))
    return sorted(found, key=lambda row: [str(cell) for cell in row.values()])  # the engine gives them in any order


def _counts(side: Side, row: dict[str, Any]) -> bool:
    if side.metric.is_duration:
        return row["minutes"] is not None
    return row["state"] is not None


def _row(metric: Metric, side: Side, row: dict[str, Any]) -> dict[str, Any]:
    """A row as a person reads it: its own columns first, then what it counts for and why."""
    state, spent, left_out = row.pop("state"), row.pop("minutes"), row.pop("outside")
    shown = {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in row.items() if v is not None or k == "why"}
    why, is_open = shown.pop("why"), bool(shown.pop("open", False))
    if left_out:
        return {**shown, "counts_in": [], "result": "outside", "open": False, "why": left_out}
    if metric.is_duration:
        return {**shown, "counts_in": ["whole"], "result": "open" if is_open else "passed",
                "value": in_unit(metric, spent), "open": is_open, "why": _why_so_long(metric, spent, is_open)}
    if state == -1:
        return {**shown, "counts_in": [], "result": "undecided", "open": is_open, "why": "not due yet"}
    result = _result(metric, side, state == 1)
    reasons = {"failed": why or "", "counted": f"only counts in the {side.name}"}
    return {**shown, "counts_in": _places(side, state == 1), "result": result, "open": is_open, "why": reasons.get(result, "")}


def _why_so_long(metric: Metric, minutes: float, is_open: bool) -> str:
    if minutes == 0 and isinstance(metric.whole, Duration) and metric.whole.clock == "working":
        return "no end yet; no working time has passed" if is_open else "no working time between start and end"
    return "no end yet" if is_open else ""


def _result(metric: Metric, side: Side, in_part: bool) -> str:
    if metric.part is not None and (side.name == "whole" or not metric.direction):
        return "counted"  # a line shipped is by itself neither good nor an error
    return "passed" if in_part == (metric.direction >= 0) else "failed"


def _places(side: Side, in_part: bool) -> list[str]:
    if side.metric.part is not None:
        return ["part"] if side.name == "part" and in_part else ["whole"] if side.name == "whole" else []
    return ["part", "whole"] if in_part else ["whole"]


def _sum_up(metric: Metric, by: str, value: Any, found: list[dict[str, Any]]) -> dict[str, Any]:
    decided = [r for r in found if r["result"] != "undecided"]
    whole = [r for r in decided if "whole" in r["counts_in"]]
    part = sum(r.get("adds_to_part", 1.0 if "part" in r["counts_in"] else 0.0) for r in decided)
    total = sum(r.get("adds_to_whole", 1.0) for r in whole)
    if metric.is_duration:
        return {by: value, "n": len(whole), "open": sum(r["open"] for r in found),
                "value": median(r["value"] for r in whole) if whole else None}
    figure = part / total if total else None
    scale = 100.0 if metric.unit in ("per 100", "score") else 1.0
    if metric.unit in ("money", "count"):
        return {by: value, "part": part, "whole": total, "n": len(whole), "value": part if whole else None}
    return {by: value, "part": part, "whole": total, "n": len(whole), "value": None if figure is None else scale * figure}
