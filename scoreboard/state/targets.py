"""Agreed targets, each from a date. A branch's beats its territory's, which beats the company's; within one of
them the latest date that has come holds, and of two with the same date the one set last. A row with neither
target nor floor ends what was agreed there: the wider one holds again.

A row with a last day is an accepted miss: from its day to that day, both included, it stands in for what its place has
agreed, and of several the one set last. With neither target nor floor it ends the misses begun there by its day.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, insert, select

from scoreboard.errors import NotAllowed, Refused, did_you_mean
from scoreboard.state import branches, changes, options
from scoreboard.state.schema import targets
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK, week_of

SCOPE_KINDS = ("company", "territory", "branch")
LONGEST_MISS = 26 * WEEK  # what lasts longer is what people aim for, and is agreed as such
Book = Mapping[tuple[str, str], "tuple[Target, ...]"]


@dataclass(frozen=True)
class Target:
    """What was agreed, in the metric's unit; None where only the other of target and floor was agreed.

    `until_on` is the last day of an accepted miss; None: it holds until the next one.
    """

    metric: str
    scope_kind: str
    scope: str
    target: float | None
    floor: float | None
    from_on: date
    reason: str
    who: str
    set_at: datetime
    until_on: date | None = None

    @property
    def ends(self) -> bool:
        """Whether it only ends what held before."""
        return self.target is None and self.floor is None


def set_target(conn: Connection, *, metric: str, scope_kind: str, scope: str, target: float | None,
               floor: float | None, from_on: date, reason: str, who: str, now: datetime,
               metrics: Collection[str], until_on: date | None = None) -> Target:
    """Agree a target from a date on; with `until_on`, accept a miss (see `metrics.accepting`, which knows what it deviates
    from). `scope` is a branch's code, a territory's name, empty for the company.

    `metrics` are the keys that exist. Raises Refused, naming what is wrong.
    """
    if metric not in metrics:
        raise Refused(f'There is no metric "{metric}".', f"See `metrics` for all.{did_you_mean(metric, metrics)}")
    _check_scope(conn, scope_kind, scope)
    _check_numbers(target, floor)
    if not reason.strip():
        what, done = ("A target", "agreed") if until_on is None else ("An accepted miss", "accepted")
        raise Refused(f"{what} needs a reason.", f"Say why it was {done}, for whoever asks next year.")
    if until_on is not None:
        _check_span(from_on, until_on, options.first_day(conn))
    new = Target(metric, scope_kind, scope, target, floor, from_on, reason.strip(), who, now, until_on)
    return _keep(conn, new, "target set" if until_on is None else "miss accepted")


def end_miss(conn: Connection, *, metric: str, scope_kind: str, scope: str, from_on: date, reason: str, who: str,
             now: datetime) -> Target:
    """End an accepted miss of a place early: from a day on what was agreed holds again. From its first day: it never held.

    Raises Refused when none holds there on that day, or without a reason.
    """
    rows = [t for t in _rows(conn, scope_kind, scope) if t.metric == metric]
    if not _accepted(rows, from_on):
        raise Refused(f"No accepted miss holds there on {from_on}.", "Choose a day between its first and its last day.")
    if not reason.strip():
        raise Refused("Ending an accepted miss needs a reason.", "Say why, for whoever asks next year.")
    until_on = max(t.until_on for t in rows if t.until_on and t.from_on <= from_on)
    return _keep(conn, Target(metric, scope_kind, scope, None, None, from_on, reason.strip(), who, now, until_on),
                 "accepted miss ended")


def _keep(conn: Connection, new: Target, what: str) -> Target:
    rows = [t for t in _rows(conn, new.scope_kind, new.scope) if t.metric == new.metric]
    before = (_latest(rows, new.from_on) | _accepted(rows, new.from_on)).get(new.metric)
    conn.execute(insert(targets).values(**asdict(new)))
    changes.record(conn, at=new.set_at, who=new.who, what=what, subject=f"{new.scope_kind} {new.scope}".strip(),
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


def _check_span(from_on: date, until_on: date, first_day: int) -> None:
    """The days of an accepted miss: at least one week's last day, by which the week is judged; not for good."""
    counts = week_of(from_on, first_day) + timedelta(days=6)
    if until_on <= from_on:
        raise Refused(f"The last day, {until_on}, is not after the first, {from_on}.", "Choose a later last day.")
    if until_on < counts:
        raise Refused(f"No week ends between {from_on} and {until_on}, so it would count in none.",
                      f"A week is judged by what holds on its last day: choose {counts} or later.")
    if until_on - from_on >= LONGEST_MISS:
        raise Refused(f"From {from_on} to {until_on} is more than {LONGEST_MISS // WEEK} weeks: too long for an exception.",
                      f"Choose {from_on + LONGEST_MISS - timedelta(days=1)} or earlier, or agree another target.")


def _logged(target: Target) -> dict[str, object]:
    last = {"until_on": target.until_on} if target.until_on else {}
    return {"metric": target.metric, "target": target.target, "floor": target.floor, "from_on": target.from_on, **last}


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
    return sorted(found, key=lambda t: (SCOPE_KINDS.index(t.scope_kind), t.scope, t.metric, t.from_on))


def history(conn: Connection, viewer: Viewer, *, metric: str, scope_kind: str, scope: str) -> list[Target]:
    """What was agreed for one metric in one place, oldest first; nothing where the viewer may not look."""
    return [t for t in listing(conn, viewer) if (t.metric, t.scope_kind, t.scope) == (metric, scope_kind, scope)]


def effective(conn: Connection, scope_kind: str, scope: str, territory: str | None, on: date) -> dict[str, Target]:
    """The target of each metric that holds on a day for a branch (of `territory`), a territory or the company."""
    return in_force(book(conn), scope_kind, scope, territory, on)


def book(conn: Connection, by: datetime | None = None) -> Book:
    """Every target by (scope kind, scope), in one query: read once for a whole board, asked with `in_force`; those set `by` an instant."""
    found: dict[tuple[str, str], tuple[Target, ...]] = {}
    for target in _rows(conn):
        if by is not None and target.set_at > by:
            continue
        place = (target.scope_kind, target.scope)
        found[place] = (*found.get(place, ()), target)
    return found


def in_force(agreed: Book, scope_kind: str, scope: str, territory: str | None, on: date, *,
             with_misses: bool = True) -> dict[str, Target]:
    """As `effective`, from a book read before; without accepted misses, what they stand in for."""
    places = {"company": [("company", "")], "territory": [("company", ""), ("territory", scope)],
              "branch": [("company", ""), ("territory", territory or ""), ("branch", scope)]}[scope_kind]
    held: dict[str, Target] = {}
    for place in places:
        rows = agreed.get(place, ())
        found = _latest(rows, on) | (_accepted(rows, on) if with_misses else {})
        held |= {metric: t for metric, t in found.items() if not t.ends}
    return held


def _latest(rows: Collection[Target], on: date) -> dict[str, Target]:
    """Of each metric the agreement of the latest day that has come; `rows` of one place, in the order of setting."""
    found: dict[str, Target] = {}
    for t in rows:
        if t.until_on is None and t.from_on <= on and (t.metric not in found or t.from_on >= found[t.metric].from_on):
            found[t.metric] = t
    return found


def _accepted(rows: Collection[Target], on: date) -> dict[str, Target]:
    """Of each metric the accepted miss that holds on a day; `rows` as in `_latest`."""
    found: dict[str, list[Target]] = {}
    for t in rows:
        if t.until_on is not None and t.from_on <= on <= t.until_on:
            before = found.get(t.metric, [])
            found[t.metric] = [miss for miss in before if miss.from_on > t.from_on] if t.ends else [*before, t]
    return {metric: misses[-1] for metric, misses in found.items() if misses}


def _rows(conn: Connection, scope_kind: str | None = None, scope: str = "") -> list[Target]:
    columns = [targets.c[name] for name in Target.__dataclass_fields__]
    statement = select(*columns).order_by(targets.c.set_at, targets.c.id)
    if scope_kind:
        statement = statement.where(targets.c.scope_kind == scope_kind, targets.c.scope == scope)
    return [Target(*row) for row in conn.execute(statement)]
