"""Peer groups: branches of a kind ("city", "counter only"), to be looked at side by side. A branch is in one at a time.

The convention: as a territory, a group holds for whole weeks, from the week that contains its date until the week in which the
branch's next one begins; the empty name puts a branch in none. It is set anew to undo it; the change log keeps both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, insert, select, update

from scoreboard.calendars import wall_clock
from scoreboard.errors import Refused
from scoreboard.state import branch_fields, branches, changes
from scoreboard.state.schema import peer_groups
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import week_of

NAME, LONGEST = "The name of a peer group", 100


@dataclass(frozen=True)
class Spell:
    """A branch in a group from a date on; `group` is empty where it leaves all of them."""

    branch: str
    group: str
    from_on: date


def put(conn: Connection, viewer: Viewer, branch: str, group: str, from_on: date | None = None, *, now: datetime) -> Spell:
    """Puts a branch in a group from the week of `from_on` on, by default from this week, its first one from always; "" in none.

    NotAllowed for who may not change branches; Refused when there is no such branch, it is in that group already, or the name looks
    like another one's.
    """
    viewer.require_change("branches")
    viewer.require_branch(branch)
    known = branches.all_branches(conn)
    if branch not in known:
        raise Refused(f'There is no branch "{branch}".', "Add it first.")
    name = _name(conn, group) if group.strip() else ""
    begun = {one.from_on: one.group for one in _every(conn) if one.branch == branch}
    from_on = from_on or (wall_clock(now, known[branch].time_zone).date() if begun else branches.ALWAYS)
    before = begun[max(past)] if (past := [day for day in begun if day <= from_on]) else ""
    if before == name:
        there = f'the peer group "{name}"' if name else "no peer group"
        raise Refused(f"{branch} is in {there} then already.", "Choose another group, or an earlier date.")
    if from_on in begun:
        conn.execute(update(peer_groups).values(peer_group=name).where(peer_groups.c.branch == branch, peer_groups.c.from_on == from_on))
    else:
        conn.execute(insert(peer_groups).values(branch=branch, peer_group=name, from_on=from_on))
    changes.record(conn, at=now, who=viewer.who, what="peer group set", subject=f"branch {branch}",
                   old={"peer_group": before} if before else None, new={"peer_group": name or "no peer group", "from_on": from_on})
    return Spell(branch, name, from_on)


def _name(conn: Connection, group: str) -> str:
    found = branch_fields.words(group, NAME, LONGEST)
    if twin := branch_fields.twin_of(found, sorted({one.group for one in _every(conn) if one.group})):
        raise Refused(f'The peer group "{found}" looks like "{twin}", which exists.', f'Use "{twin}", or another name.')
    return found


def of_branch(conn: Connection, viewer: Viewer, branch: str) -> list[Spell]:
    """The groups a branch has been in, in the order of time; nothing where the viewer may not look."""
    return [one for one in _every(conn) if one.branch == branch and viewer.sees(branch)]


def in_week(conn: Connection, week: date, first_day: int) -> dict[str, str]:
    """The group of every branch in a week; a branch in none is left out. For the program itself: whoever asks shows only branches
    the viewer sees."""
    found: dict[str, str] = {}
    for one in _every(conn):  # in the order of time: the last one that has begun holds
        if week_of(one.from_on, first_day) <= week:
            found[one.branch] = one.group
    return {branch: group for branch, group in found.items() if group}


def _every(conn: Connection) -> list[Spell]:
    table = peer_groups.c
    return [Spell(*row) for row in conn.execute(
        select(table.branch, table.peer_group, table.from_on).order_by(table.branch, table.from_on))]
