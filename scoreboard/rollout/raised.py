"""What the exceptions of many branches show: those that are open, those of the last thirteen weeks, and the first of each branch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, literal, select

from scoreboard.cases.terms import fold
from scoreboard.metrics.company import Company
from scoreboard.rollout.evidence import Exceptions
from scoreboard.rollout.since import Log, day_of
from scoreboard.state.schema import branches, cases
from scoreboard.weeks import WEEK

LATELY = 13 * WEEK
_ZERO = literal(0)


def exceptions(conn: Connection, company: Company, codes: Collection[str], log: Log) -> dict[str, Exceptions]:
    """What is known of the exceptions of some branches; one that never had any lately is left out."""
    first, rows = _first_steps(conn, codes), defaultdict(list)
    for branch, *row in (*_open(conn, company, codes), *_recent(conn, company, codes)):
        rows[branch].append(row)
    return {branch: _raised(company, branch, rows[branch], first[branch], log) for branch in rows}


def _open(conn: Connection, company: Company, codes: Collection[str]) -> Iterable[Any]:
    """(branch, type, open, of those nobody's, raised lately, of those resolved, of those told) of what is open."""
    c = cases.c
    # not the bare column: SQLite would look for the opening first, and so read every closed case of a branch
    there = (c.branch.in_(codes), c.closed_at.is_(None), func.coalesce(c.opened_at, company.now) <= company.now)
    nobodys = func.count().filter(func.coalesce(c.owner, "") == "")
    return conn.execute(select(c.branch, c.type, func.count(), nobodys, _ZERO, _ZERO, _ZERO).where(*there).group_by(c.branch, c.type))


def _recent(conn: Connection, company: Company, codes: Collection[str]) -> Iterable[Any]:
    """As `_open`, of what was raised in the last thirteen weeks."""
    c = cases.c
    there = (c.branch.in_(codes), c.opened_at >= company.now - LATELY, c.opened_at <= company.now)
    resolved = func.count().filter(c.resolved_at.is_not(None))
    told = func.count().filter(c.resolved_at.is_not(None), c.first_told_at.is_not(None))
    return conn.execute(select(c.branch, c.type, _ZERO, _ZERO, func.count(), resolved, told).where(*there).group_by(c.branch, c.type))


def _first_steps(conn: Connection, codes: Collection[str]) -> dict[str, tuple[datetime | None, datetime | None]]:
    """When the first exception of a branch was somebody's, and when the first customer heard of one: each found by the index."""
    b, c = branches.c, cases.c

    def first(at: ColumnElement[Any], which: ColumnElement[bool]) -> ScalarSelect[Any]:
        return select(at).where(c.branch == b.code, which).order_by(c.opened_at).limit(1).scalar_subquery()

    owned = first(func.coalesce(c.assigned_at, c.opened_at), func.coalesce(c.owner, "") != "")
    told = first(c.first_told_at, c.first_told_at.is_not(None))
    return {code: (one, other) for code, one, other in conn.execute(select(b.code, owned, told).where(b.code.in_(codes)))}


def _raised(company: Company, branch: str, rows: list[Any], first: tuple[datetime | None, datetime | None], log: Log) -> Exceptions:
    types = sorted({row[0] for row in rows})
    is_open, unowned, recent, resolved, told = (sum(row[at] for row in rows) for at in range(1, 6))
    steps = [at for at in (first[0], *(log.timed(fold(kind)) for kind in types)) if at]
    return Exceptions(
        seen=max(is_open, recent), open=is_open, unowned=unowned,
        untimed=tuple(kind for kind in types if company.terms.standard(kind) is None),
        since=day_of(company, branch, max(steps)) if steps else None, resolved=resolved, told=told,
        told_since=day_of(company, branch, first[1]) if first[1] else None)
