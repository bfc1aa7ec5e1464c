"""Agreed targets, each from a date. A branch's beats its territory's, which beats the company's; within one of
them the latest date that has come holds, and of two with the same date the one set last. A row with neither
target nor floor ends what was agreed there: the wider one holds again.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from scoreboard.errors import NotAllowed, Refused, did_you_mean
from scoreboard.state import branches, changes
from scoreboard.state.schema import targets
from scoreboard.state.viewers import Viewer

SCOPE_KINDS = ("company", "territory", "branch")
Book = Mapping[tuple[str, str], "tuple[Target, ...]"]


@dataclass(frozen=True)
class Target:
    """What was agreed, in the metric's unit; None where only the other of target and floor was agreed."""

    metric: str
    scope_kind: str
    scope: str
    target: float | None
    floor: float | None
    from_on: date
    reason: str
    who: str
    set_at: datetime


def set_target(conn: Connection, *, metric: str, scope_kind: str, scope: str, target: float | None,
               floor: float | None, from_on: date, reason: str, who: str, now: datetime,
               metrics: Collection[str]) -> Target:
    """Agree a target from a date on. `scope` is a branch's code, a territory's name, empty for the company.

    `metrics` are the keys that exist. Raises Refused, naming what is wrong.
    """
    if metric not in metrics:
        raise Refused(f'There is no metric "{metric}".', f"See `metrics` for all.{did_you_mean(metric, metrics)}")
    _check_scope(conn, scope_kind, scope)
    _check_numbers(target, floor)
    if not reason.strip():
        raise Refused("A target needs a reason.", "Say why it was agreed, for whoever asks next year.")
    before = _latest(_rows(conn, scope_kind, scope), from_on).get(metric)
    new = Target(metric, scope_kind, scope, target, floor, from_on, reason.strip(), who, now)
    conn.execute(insert(targets).values(**asdict(new)))
    changes.record(conn, at=now, who=who, what="target set", subject=f"{scope_kind} {scope}".strip(),
                   old=_logged(before) if before else None, new=_logged(new), why=new.reason)
    return new


def _check_scope(conn: Connection, scope_kind: str, scope: str) -> None:
    if scope_kind not in SCOPE_KINDS:
        raise Refused(f'"{scope_kind}" has no targets.', f"One of {', '.join(SCOPE_KINDS)}.")
    known: Collection[str] = {"company": [""], "branch": branches.all_branches(conn),
                              "territory": branches.territories(conn)}[scope_kind]
    if scope not in known:
        raise Refused(f'There is no {scope_kind} "{scope}".', f"Add it first.{did_you_mean(scope, known)}")


def _check_numbers(target: float | None, floor: float | None) -> None:
    if not all(math.isfinite(number) for number in (target, floor) if number is not None):
        raise Refused("Target and floor must be finite numbers.")
    if target is not None and target == floor:
        raise Refused(f"Target and floor are both {target:g}: nothing lies between them to score.",
                      "The floor is where help is needed, the target where all is well.")


def _logged(target: Target) -> dict[str, object]:
    return {"metric": target.metric, "target": target.target, "floor": target.floor, "from_on": target.from_on}


def require_scope(conn: Connection, viewer: Viewer, scope_kind: str, scope: str) -> None:
    """Raises NotAllowed unless the viewer may set targets there: a branch of theirs, a territory of whose
    branches (those of now and later) all are theirs, or the company when they see every branch."""
    viewer.require_change("targets")
    if scope_kind == "branch":
        viewer.require_branch(scope)
    elif scope_kind == "territory" and viewer.branches is not None:
        members = {branch for branch, name, _, end in branches.membership_spans(conn) if name == scope and end is None}
        if not members or not members <= viewer.branches:
            raise NotAllowed(f'"{scope}" holds branches that are not yours.', "Ask an administrator to set it.")
    else:
        viewer.require_everything("A target of the company")


# ---- reading -----------------------------------------------------------------------------------------
def listing(conn: Connection, viewer: Viewer) -> list[Target]:
    """Every target ever set that the viewer may read: the company's, those of their branches, and those of
    territories one of their branches belongs to at any time. By scope and metric, each in the order of time."""
    theirs = {name for branch, name, _, _ in branches.membership_spans(conn) if viewer.sees(branch)}
    found = [target for target in _rows(conn)
             if target.scope_kind == "company" or (target.scope_kind == "branch" and viewer.sees(target.scope))
             or (target.scope_kind == "territory" and target.scope in theirs)]
    return sorted(found, key=lambda t: (SCOPE_KINDS.index(t.scope_kind), t.scope, t.metric))


def history(conn: Connection, viewer: Viewer, *, metric: str, scope_kind: str, scope: str) -> list[Target]:
    """What was agreed for one metric in one place, oldest first; nothing where the viewer may not look."""
    return [t for t in listing(conn, viewer) if (t.metric, t.scope_kind, t.scope) == (metric, scope_kind, scope)]


def effective(conn: Connection, scope_kind: str, scope: str, territory: str | None, on: date) -> dict[str, Target]:
    """The target of each metric that holds on a day for a branch (of `territory`), a territory or the company."""
    return in_force(book(conn), scope_kind, scope, territory, on)


def book(conn: Connection) -> Book:
    """Every target by (scope kind, scope), in one query: read once for a whole board, asked with `in_force`."""
    found: dict[tuple[str, str], tuple[Target, ...]] = {}
    for target in _rows(conn):
        place = (target.scope_kind, target.scope)
        found[place] = (*found.get(place, ()), target)
    return found


def in_force(agreed: Book, scope_kind: str, scope: str, territory: str | None, on: date) -> dict[str, Target]:
    """As `effective`, from a book read before."""
    places = {"company": [("company", "")], "territory": [("company", ""), ("territory", scope)],
              "branch": [("company", ""), ("territory", territory or ""), ("branch", scope)]}[scope_kind]
    held: dict[str, Target] = {}
    for place in places:
        latest = _latest(agreed.get(place, ()), on).values()
        held |= {t.metric: t for t in latest if t.target is not None or t.floor is not None}
    return held


def _latest(rows: Collection[Target], on: date) -> dict[str, Target]:
    """Of each metric the last row that has begun; `rows` in the order of date and of setting."""
    return {target.metric: target for target in rows if target.from_on <= on}


def _rows(conn: Connection, scope_kind: str | None = None, scope: str = "") -> list[Target]:
    columns = [targets.c[name] for name in Target.__dataclass_fields__]
    statement = select(*columns).order_by(targets.c.from_on, targets.c.set_at, targets.c.id)
    if scope_kind:
        statement = statement.where(targets.c.scope_kind == scope_kind, targets.c.scope == scope)
    return [Target(*row) for row in conn.execute(statement)]
