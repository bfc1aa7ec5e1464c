"""Who can own exceptions, and who hears of them: the ladder owner → leader → territory, with an address each.

The convention: an address is where messages go (a URL as Apprise reads it: mail, Teams, Slack, SMS …). It may hold a secret, so no
read for a screen, a file or a log gives it; `channel` says of which kind it is. Whoever signs in may own as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, insert, or_, select, update

from scoreboard.cases.channels import kind_of, require_understood
from scoreboard.cases.watch import LADDER, TERRITORY
from scoreboard.errors import Refused
from scoreboard.state import branches, changes, people
from scoreboard.state.schema import cases, contacts
from scoreboard.state.viewers import Viewer

LONGEST = 100


@dataclass(frozen=True)
class Contact:
    """Somebody of the ladder. `channel` is the kind of their address ("mailto", "msteams" …), empty when they have none."""

    id: int
    scope_kind: str
    scope: str
    role: str
    name: str
    channel: str


def add(conn: Connection, viewer: Viewer, *, scope_kind: str, scope: str, role: str, name: str, address: str, now: datetime) -> None:
    """Adds somebody, or gives them another address. Refused without a name, for another role, or an address that
    no message could go to."""
    viewer.require_change("ladder")
    _require_scope(conn, viewer, scope_kind, scope, now)
    said, address = " ".join(name.split()), address.strip()
    if not said or len(said) > LONGEST:
        raise Refused(f"A name has 1 to {LONGEST} characters.", "Write how everybody at the branch knows them.")
    if role not in LADDER:
        raise Refused(f'"{role}" is not a rung of the ladder.', f"Use one of: {', '.join(LADDER)}.")
    if address:
        require_understood(address)
    t = contacts.c
    same = and_(t.scope_kind == scope_kind, t.scope == scope, t.role == role, t.name == said, t.removed_at.is_(None))
    conn.execute(update(contacts).where(same).values(removed_at=now))
    conn.execute(insert(contacts).values(scope_kind=scope_kind, scope=scope, role=role, name=said, address=address,
                                         who=viewer.who, at=now))
    _log(conn, viewer, "contact added", scope_kind, scope, role, said, now)


def remove(conn: Connection, viewer: Viewer, contact_id: int, now: datetime) -> None:
    """Takes somebody off the ladder; what they own stays theirs. Refused when they are gone already."""
    viewer.require_change("ladder")
    row = conn.execute(select(contacts).where(contacts.c.id == contact_id, contacts.c.removed_at.is_(None))).first()
    if row is None:
        raise Refused("This contact is not there any more.", "Reload the page.")
    _require_scope(conn, viewer, row.scope_kind, row.scope, now)
    conn.execute(update(contacts).where(contacts.c.id == contact_id).values(removed_at=now))
    _log(conn, viewer, "contact removed", row.scope_kind, row.scope, row.role, row.name, now)


def put_back(conn: Connection, viewer: Viewer, contact_id: int, now: datetime) -> None:
    """Undoes `remove`. Refused when somebody of that name stands on the rung again."""
    viewer.require_change("ladder")
    t = contacts.c
    row = conn.execute(select(contacts).where(t.id == contact_id, t.removed_at.is_not(None))).first()
    if row is None:
        raise Refused("This contact is on the ladder already.", "Reload the page.")
    _require_scope(conn, viewer, row.scope_kind, row.scope, now)
    there = (t.scope_kind == row.scope_kind, t.scope == row.scope, t.role == row.role, t.name == row.name, t.removed_at.is_(None))
    if conn.execute(select(t.id).where(*there)).first():
        raise Refused(f"{row.name} stands on the ladder again.", "There is nothing to put back.")
    conn.execute(update(contacts).where(t.id == contact_id).values(removed_at=None))
    _log(conn, viewer, "contact added", row.scope_kind, row.scope, row.role, row.name, now)


def of_branch(conn: Connection, viewer: Viewer, branch: str, now: datetime) -> list[Contact]:
    """Everybody of the ladder of a branch, its own before those of its territory and the company."""
    viewer.require_branch(branch)
    return [Contact(*row[:5], kind_of(row[5])) for row in _rows(conn, branch, now)]


def addresses(conn: Connection, branch: str, now: datetime) -> dict[tuple[str, str], str]:
    """Where to reach the ladder of a branch by (role, name); for the sender alone."""
    return {(row[3], row[4]): row[5] for row in reversed(_rows(conn, branch, now))}


def owners(conn: Connection, branch: str, now: datetime) -> list[str]:
    """The names that can own an exception of a branch: its ladder, whoever signs in and sees it, whoever owns one that is open."""
    named = [row[4] for row in _rows(conn, branch, now) if row[3] != TERRITORY]
    signed_in = people.who_see(conn, branch, now)
    t = cases.c
    at_work = conn.scalars(select(t.owner).where(t.branch == branch, t.closed_at.is_(None), t.owner.is_not(None)).distinct()).all()
    return sorted({*named, *signed_in, *at_work})


def _rows(conn: Connection, branch: str, now: datetime) -> list[tuple[int, str, str, str, str, str]]:
    t = contacts.c
    territory = branches.territory_on(conn, now.date(), branch).get(branch, "")
    mine = or_(and_(t.scope_kind == "branch", t.scope == branch), and_(t.scope_kind == "territory", t.scope == territory),
               t.scope_kind == "company")
    rows = conn.execute(select(t.id, t.scope_kind, t.scope, t.role, t.name, t.address).where(mine, t.removed_at.is_(None))).all()
    order = ("branch", "territory", "company")
    return sorted((tuple(row) for row in rows), key=lambda row: (LADDER.index(row[3]), order.index(row[1]), row[4]))


def _require_scope(conn: Connection, viewer: Viewer, kind: str, scope: str, now: datetime) -> None:
    if kind == "branch":
        viewer.require_branch(scope)
        if scope not in branches.all_branches(conn):
            raise Refused(f'There is no branch "{scope}".', "See `branches list`.")
    elif kind == "territory":
        members = [code for code, name in branches.territory_on(conn, now.date()).items() if name == scope]
        if not members:
            raise Refused(f'There is no territory "{scope}".', "See `branches list`.")
        for code in members:
            viewer.require_branch(code)
    else:
        viewer.require_everything("The ladder of the company")


def _log(conn: Connection, viewer: Viewer, what: str, kind: str, scope: str, role: str, name: str, now: datetime) -> None:
    changes.record(conn, at=now, who=viewer.who, what=what, subject=f"{kind} {scope}".strip(), new={"role": role, "name": name})
