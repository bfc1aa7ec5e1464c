"""What stands open now: exceptions past their standard, and those resolved that the customer has not heard of."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from scoreboard.calendars import Calendar
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.timers import due_at
from scoreboard.state.schema import cases


@dataclass(frozen=True)
class Standing:
    """Counts, and since when the oldest stands (UTC): past standard since it was due, not told since it was resolved."""

    past_standard: int
    past_since: datetime | None
    not_told: int
    untold_since: datetime | None


def standing(conn: Connection, branches: Collection[str], calendars: Mapping[str, Calendar], zones: Mapping[str, str],
             standards: Mapping[str, float], now: datetime) -> Standing:
    """The open exceptions of some branches as of `now`; a type without a standard is never past it."""
    columns = [cases.c[name] for name in CaseState.__dataclass_fields__]
    found = [CaseState(*row) for row in conn.execute(select(*columns).where(
        cases.c.branch.in_(branches), cases.c.opened_at <= now, or_(cases.c.resolved_at.is_(None), cases.c.told_at.is_(None))))]
    due = [at for case in found if (at := due_at(case, calendars[case.branch], zones[case.branch], standards)) and at < now]
    untold = [case.resolved_at for case in found if case.resolved_at and not case.told_at]
    return Standing(len(due), min(due, default=None), len(untold), min(untold, default=None))
