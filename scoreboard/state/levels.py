"""New usual levels: from a week on a metric of a branch, a territory or the company is judged by its weeks since then.

A person begins one, with a reason; it is taken back, never deleted: the change log keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from scoreboard.errors import Refused
from scoreboard.state import changes
from scoreboard.state.schema import levels
from scoreboard.state.targets import require_scope
from scoreboard.state.viewers import Viewer

LONGEST = 300


@dataclass(frozen=True)
class Level:
    """One level; `from_week` is the first day of its first week."""

    id: int
    scope_kind: str
    scope: str
    metric: str
    from_week: date
    reason: str
    who: str
    set_at: datetime


def begin(conn: Connection, viewer: Viewer, *, scope_kind: str, scope: str, metric: str, from_week: date, reason: str,
          now: datetime) -> None:
    """Begins a level. NotAllowed as for targets; Refused without a reason, or where one begins in or after that week."""
    require_scope(conn, viewer, scope_kind, scope)
    said = " ".join(reason.split())
    if not said:
        raise Refused("A new level needs a reason.", "Say what changed for good, for whoever asks next year.")
    if len(said) > LONGEST:
        raise Refused(f"A reason has room for {LONGEST} characters; this one has {len(said)}.", "Say it shorter.")
    later = next((one for one in of_scope(conn, scope_kind, scope).get(metric, ()) if one.from_week >= from_week), None)
    if later:
        raise Refused(f"A level of this metric begins on {later.from_week} already.", "Take that one back first.")
    conn.execute(insert(levels).values(scope_kind=scope_kind, scope=scope, metric=metric, from_week=from_week, reason=said,
                                       who=viewer.who, set_at=now))
    changes.record(conn, at=now, who=viewer.who, what="level begun", subject=f"{scope_kind} {scope}".strip(),
                   new={"metric": metric, "from_week": from_week}, why=said)


def take_back(conn: Connection, viewer: Viewer, level_id: int, now: datetime) -> Level:
    """Takes the latest level of a metric back: the one before judges again. Refused when it is gone or not the latest."""
    found = next((one for one in everywhere(conn) if one.id == level_id), None)
    if found is None:
        raise Refused("This level is not there any more.", "Look at the list again: somebody has taken it back.")
    require_scope(conn, viewer, found.scope_kind, found.scope)
    if of_scope(conn, found.scope_kind, found.scope)[found.metric][-1].id != level_id:
        raise Refused("A later level of this metric stands.", "Take the later one back first.")
    conn.execute(update(levels).where(levels.c.id == level_id).values(removed_at=now))
    changes.record(conn, at=now, who=viewer.who, what="level taken back", subject=f"{found.scope_kind} {found.scope}".strip(),
                   old={"metric": found.metric, "from_week": found.from_week})
    return found


def of_scope(conn: Connection, scope_kind: str, scope: str) -> dict[str, tuple[Level, ...]]:
    """The levels of each metric of a scope in the order of their weeks. Whoever asks has a scope they may see."""
    found: dict[str, tuple[Level, ...]] = {}
    for one in everywhere(conn, scope_kind, scope):
        found[one.metric] = (*found.get(one.metric, ()), one)
    return found


def everywhere(conn: Connection, scope_kind: str | None = None, scope: str = "") -> list[Level]:
    """Every level that stands, or those of one scope, in the order of their weeks: for computing, not for showing."""
    statement = select(*(levels.c[name] for name in Level.__dataclass_fields__)).where(levels.c.removed_at.is_(None))
    if scope_kind:
        statement = statement.where(levels.c.scope_kind == scope_kind, levels.c.scope == scope)
    return [Level(*row) for row in conn.execute(statement.order_by(levels.c.from_week, levels.c.id))]
