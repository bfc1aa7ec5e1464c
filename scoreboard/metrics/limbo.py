"""Limbo: returns, cores and warranty parts that wait for their next step, however old they are.

The convention: a thing waits for the first step of STEPS after the last one that is written, of those the branch's files know. Its
age runs from that last step to how far the branch's returns reach, not to the wall clock. What is closed, or has had its last known
step, waits for nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, DateTime, Integer, MetaData, Select, String, Table, bindparam, case, cast, func, literal, null, select

from scoreboard.facts import engine
from scoreboard.facts.parquet import read_files
from scoreboard.facts.sources import BY_NAME, returns
from scoreboard.metrics.model import Expression
from scoreboard.metrics.rollup import Run

# step → what is missing until it is written
STEPS: dict[str, str] = {
    "received_at": "the part itself", "dispositioned_at": "a decision what becomes of it", "credited_at": "the credit",
    "customer_told_at": "a word to the customer"}
FROM_THEM = "received_at"  # the one step that is not ours
MOST = 500
KNOWN = Table("limbo_known", MetaData(), Column("branch", String), Column("through", DateTime), *(Column(step, Integer) for step in STEPS))
R = returns.c


@dataclass(frozen=True)
class Waiting:
    """How many wait for one step, what they are worth (None where no file says a value), and the days the oldest has waited."""

    step: str
    count: int
    value: float | None
    oldest_days: int


def waiting(run: Run) -> list[Waiting]:
    """What waits, by the step that is missing, in the order of the steps. Empty without returns, and where nothing waits."""
    if not _prepared(run):
        return []
    rows = {row["step"]: row for row in engine.run(run.con, _SUMMED)}
    return [Waiting(step, rows[step]["count"], rows[step]["value"], rows[step]["oldest"]) for step in STEPS if step in rows]


def rows(run: Run, step: str, most: int = MOST) -> list[dict[str, Any]]:
    """What waits for one step, the oldest first: branch, RMA, kind, part, customer, supplier, value, since, days, deadline."""
    return engine.run(run.con, _LISTED, {"of_step": step, "most": most}) if _prepared(run) else []


def unknown(run: Run) -> list[str]:
    """The steps that none of the branches' files know."""
    return [step for step in STEPS if not any(step in run.reach.columns.get((code, "returns"), {}) for code in run.company.branches)]


def _prepared(run: Run) -> bool:
    held = run.con.execute("SELECT branch FROM in_scope WHERE week = (SELECT max(week) FROM in_scope)").fetchall()  # not who left since
    there = {code: columns for (code,) in held if (columns := run.reach.columns.get((code, "returns")))}
    engine.small_table(run.con, KNOWN.name, {
        "branch": ("VARCHAR", list(there)), "through": ("TIMESTAMP", [max(columns.values()) for columns in there.values()]),
        **{step: ("INTEGER", [int(step in columns) for columns in there.values()]) for step in STEPS}})
    files = {f for f in run.files if f.source == "returns" and f.week is not None}
    engine.define_views(run.con, {"returns": read_files(BY_NAME["returns"], run.folder, files)})
    return bool(there and files)


def _next(after: Sequence[str]) -> Expression:
    """The first of some steps that the branch's files know; NULL when they know none."""
    return case(*((KNOWN.c[step] == 1, literal(step)) for step in after)) if after else null()


def _limbo() -> Any:
    steps = list(STEPS)
    reached = [(R[step].is_not(None), _next(steps[at + 1:])) for at, step in reversed(list(enumerate(steps)))]
    missing = case((R.closed_at.is_not(None), null()), *reached, else_=_next(steps))
    since = func.coalesce(*(R[step] for step in reversed(steps)), R.opened_at, R.sold_at)
    days = func.greatest(func.date_diff("day", since, KNOWN.c.through), 0)
    return select(R.branch, R.rma_no, R.kind, R.part_no, R.customer, R.supplier, R.value, R.supplier_deadline_on, since.label("since"),
                  days.label("days"), cast(missing, String).label("step")).select_from(
        returns.join(KNOWN, KNOWN.c.branch == R.branch)).where(since.is_not(None)).subquery("limbo")


def _summed() -> Select[Any]:
    c = _limbo().c
    return select(c.step, func.count().label("count"), func.sum(c.value).label("value"), func.max(c.days).label("oldest")).where(
        c.step.is_not(None)).group_by(c.step)


def _listed() -> Select[Any]:
    c = _limbo().c
    return select(*c).where(c.step == bindparam("of_step")).order_by(c.days.desc(), c.value.desc().nulls_last(), c.branch, c.rma_no).limit(
        bindparam("most", type_=Integer))


_SUMMED, _LISTED = _summed(), _listed()
