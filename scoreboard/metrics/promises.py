"""ETAs given without anybody having looked: quotes with an ETA whose stock was not verified, and no substitute offered.

The convention: every quote counts in the week it was requested, each revision for itself, because each ETA is a promise. A quote
that does not say whether stock was verified is in neither part nor whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, select

from scoreboard.facts import engine
from scoreboard.facts.parquet import read_files
from scoreboard.facts.sources import BY_NAME, quotes
from scoreboard.metrics.chain import IN_SCOPE, span
from scoreboard.metrics.relations.common import surely
from scoreboard.metrics.rollup import Run
from scoreboard.metrics.statements import week_start
from scoreboard.weeks import WEEK

Q = quotes.c
NEEDS = ("quotes.eta_given", "quotes.stock_verified")


@dataclass(frozen=True)
class Unverified:
    """How many ETAs were given unverified, of how many, in the week and in the thirteen up to it. `needs`: the columns no branch's
    files have."""

    needs: list[str]
    week: int = 0
    week_of: int = 0
    count: int = 0
    of: int = 0


def unverified(run: Run, week: date) -> Unverified:
    """The unverified ETAs of a scope (see `chain.opened`)."""
    there = [run.reach.columns.get((code, "quotes"), {}) for code in run.company.branches]
    needs = [need for need in NEEDS if not any(need.partition(".")[2] in columns for columns in there)]
    if needs:
        return Unverified(needs)
    first, end = span(week)[0], week + WEEK
    files = {f for f in run.files if f.source == "quotes" and f.week is not None and f.holds(["requested_at"], first, end)}
    engine.define_views(run.con, {"quotes": read_files(BY_NAME["quotes"], run.folder, files)})
    rows = {row["week"]: row for row in engine.run(run.con, _counted(run.company.first_day))}
    of, count = (sum(row[name] for row in rows.values()) for name in ("whole", "unverified"))
    now = rows.get(week, {"whole": 0, "unverified": 0})
    return Unverified([], now["unverified"], now["whole"], count, of)


def _counted(first_day: int) -> Select[Any]:
    came = week_start(Q.requested_at, first_day)
    unseen = and_(~Q.stock_verified, ~surely(Q.substitute_offered))
    return select(IN_SCOPE.c.week, func.count().label("whole"), func.count().filter(unseen).label("unverified")).select_from(
        quotes.join(IN_SCOPE, and_(IN_SCOPE.c.branch == Q.branch, IN_SCOPE.c.week == came))).where(
        surely(Q.eta_given), Q.stock_verified.is_not(None)).group_by(IN_SCOPE.c.week)
