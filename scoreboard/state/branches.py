"""Branches, and which territory each belongs to. A membership holds for whole weeks: from the week that
contains its date until the week in which the branch's next one begins.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, insert, select, update

from scoreboard.calendars import wall_clock
from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import branch_fields, changes, options
from scoreboard.state.schema import branches, memberships
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import week_of

ALWAYS = date(1970, 1, 5)  # a branch's first membership holds from here: before it there was nothing to move from


@dataclass(frozen=True)
class Branch:
    """A branch as it is today. `open_days` are ISO weekdays, `opens` and `closes` "HH:MM" on its own clock."""

    code: str
    name: str
    time_zone: str = "UTC"
    country: str = ""
    open_days: str = "12345"
    opens: str = "08:00"
    closes: str = "17:00"
    sample: bool = False


def add(conn: Connection, code: str, *, name: str | None = None, territory: str | None = None,
        time_zone: str | None = None, country: str | None = None, open_days: str | None = None,
        opens: str | None = None, closes: str | None = None, from_on: date | None = None,
        sample: bool | None = None, now: datetime, who: str) -> Branch:
    """Add a branch, or change the one with this code; what is None stays, or gets the default of `Branch`.

    `territory` adds a membership from `from_on`, by default from this week (the first one: from always).
    Raises Refused, naming the field and what it may be.
    """
    known = all_branches(conn)
    code = branch_fields.code(code, known)
    given: dict[str, Any] = {
        "name": name, "time_zone": time_zone, "country": country, "open_days": open_days,
        "opens": opens, "closes": closes, "sample": sample}
    old = known.get(code)
    new = _checked(replace(old or Branch(code, code), **{k: v for k, v in given.items() if v is not None}))
    if new != old:
        _keep(conn, old, new, now=now, who=who)
    if territory is not None:
        move(conn, code, territory, from_on, now=now, who=who)
    return new


def _checked(branch: Branch) -> Branch:
    opens, closes = branch_fields.hours(branch.opens, branch.closes)
    return replace(
        branch, opens=opens, closes=closes, name=branch_fields.words(branch.name, "The name of a branch", 200),
        time_zone=branch_fields.time_zone(branch.time_zone), country=branch_fields.country(branch.country),
        open_days=branch_fields.open_days(branch.open_days))


def _keep(conn: Connection, old: Branch | None, new: Branch, *, now: datetime, who: str) -> None:
    before: dict[str, Any] = asdict(old) if old else {}
    after = {field: value for field, value in asdict(new).items() if before.get(field) != value}
    if old:
        conn.execute(update(branches).where(branches.c.code == new.code).values(**after, changed_at=now))
    else:
        conn.execute(insert(branches).values(**after, changed_at=now))
    changes.record(conn, at=now, who=who, what="branch changed" if old else "branch added",
                   subject=f"branch {new.code}", new=after, old={f: before[f] for f in after} if old else None)


def all_branches(conn: Connection) -> dict[str, Branch]:
    """Every branch by its code, in the order of the codes. For the program itself: a person gets `listing`."""
    columns = [branches.c[field] for field in Branch.__dataclass_fields__]
    return {row.code: Branch(*row) for row in conn.execute(select(*columns).order_by(branches.c.code))}


def listing(conn: Connection, viewer: Viewer) -> list[Branch]:
    """The branches the viewer sees, in the order of their codes."""
    return [branch for code, branch in all_branches(conn).items() if viewer.sees(code)]


# ---- territories -------------------------------------------------------------------------------------
def move(conn: Connection, branch: str, territory: str, from_on: date | None = None, *,
         now: datetime, who: str, why: str = "") -> None:
    """Let a branch belong to a territory from the week of `from_on` on, by default from this week.

    A branch's first membership holds from always unless `from_on` is given. A membership that begins on
    the same date is replaced; nothing happens when the branch belongs there already.
    """
    territory = _territory(conn, territory)
    known = all_branches(conn)
    if branch not in known:
        raise Refused(f'There is no branch "{branch}".', f"Add it first.{did_you_mean(branch, known)}")
    begun = dict(conn.execute(select(memberships.c.from_on, memberships.c.territory)
                              .where(memberships.c.branch == branch)).all())
    from_on = from_on or (wall_clock(now, known[branch].time_zone).date() if begun else ALWAYS)
    before = begun[max(past)] if (past := [day for day in begun if day <= from_on]) else None
    if before == territory:
        return
    if from_on in begun:
        conn.execute(update(memberships).values(territory=territory)
                     .where(memberships.c.branch == branch, memberships.c.from_on == from_on))
    else:
        conn.execute(insert(memberships).values(branch=branch, territory=territory, from_on=from_on))
    changes.record(conn, at=now, who=who, what="branch moved", subject=f"branch {branch}", why=why,
                   old={"territory": before} if before else None, new={"territory": territory, "from_on": from_on})


def _territory(conn: Connection, name: str) -> str:
    found = branch_fields.words(name, "The name of a territory", 200)
    twin = branch_fields.twin_of(found, territories(conn))
    if twin:
        raise Refused(f'The territory "{found}" looks like "{twin}", which exists.', f'Use "{twin}", or another name.')
    return found


def territories(conn: Connection) -> list[str]:
    """Every territory a branch belongs, belonged or will belong to, in order."""
    return sorted(conn.scalars(select(memberships.c.territory).distinct()))


def membership_spans(conn: Connection, branch: str | None = None) -> list[tuple[str, str, date, date | None]]:
    """(branch, territory, first week, week it ends before or None), by branch and time, without overlap; of every branch, or of one."""
    first_day = options.first_day(conn)
    mine = [] if branch is None else [memberships.c.branch == branch]
    rows = conn.execute(select(memberships.c.branch, memberships.c.from_on, memberships.c.territory).where(*mine)
                        .order_by(memberships.c.branch, memberships.c.from_on))
    spans: list[tuple[str, str, date, date | None]] = []
    for branch, begun in groupby(rows, key=lambda row: row[0]):
        starts = {week_of(from_on, first_day): territory for _, from_on, territory in begun}  # a week's last one holds
        ends = [*list(starts)[1:], None]
        spans += [(branch, territory, start, end) for (start, territory), end in zip(starts.items(), ends, strict=True)]
    return spans


def territory_on(conn: Connection, week: date, branch: str | None = None) -> dict[str, str]:
    """The territory each branch (or one) belongs to in a week; a branch without one is left out."""
    return {branch: territory for branch, territory, start, end in membership_spans(conn, branch)
            if start <= week and (end is None or week < end)}
