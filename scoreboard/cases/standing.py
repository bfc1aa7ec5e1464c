"""What stands open now: exceptions past their standard, and those resolved that the customer has not heard of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from scoreboard.state.schema import cases


@dataclass(frozen=True)
class Standing:
    """Counts, and since when the oldest stands (UTC): past standard since it was due, not told since it was resolved."""

    past_standard: int
    past_since: datetime | None
    not_told: int
    untold_since: datetime | None


def standing(conn: Connection, branches: Collection[str], now: datetime) -> Standing:
    """The open exceptions of some branches as of `now`; a type without a standard is never past it."""
    t = cases.c
    # opened_at not as the bare column: SQLite would look for the opening first, and so read every closed case of a branch
    mine = (t.branch.in_(branches), t.closed_at.is_(None), func.coalesce(t.opened_at, now) <= now)
    past, first_due, untold, first_resolved = conn.execute(select(
        func.count().filter(t.due_at < now), func.min(t.due_at), func.count(t.resolved_at), func.min(t.resolved_at)).where(*mine)).one()
    return Standing(past, first_due if past else None, untold, first_resolved)
