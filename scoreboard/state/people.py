"""People and their roles. A role holds from a local date of the company until the person's next one begins.

While nobody is known, everyone is the administrator; from the first person on, every request says who asks.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select, update

from scoreboard.calendars import wall_clock
from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import branch_fields, branches, changes, options
from scoreboard.state.schema import people, roles
from scoreboard.state.viewers import EVERYONE, MAY_CHANGE, ROLES, Viewer

__all__ = ["EVERYONE", "MAY_CHANGE", "ROLES", "Person", "Viewer", "add", "listing", "names", "viewer_for"]


@dataclass(frozen=True)
class Person:
    """A person in one of their roles. An administrator has no lists: they see every branch."""

    email: str
    name: str
    role: str
    branches: tuple[str, ...]
    territories: tuple[str, ...]
    from_on: date


def viewer_for(conn: Connection, email: str | None, now: datetime) -> Viewer:
    """Who is asking at `now`. Refused when people are known and this is none of them, or has no role yet."""
    known = _all(conn)
    if not known:
        return EVERYONE
    if not email:
        raise Refused("Who is asking?", "Say so with --as EMAIL.")
    theirs = [person for person in known if person.email == _fold(email)]
    if not theirs:
        raise Refused(f'Nobody is known as "{email}".', "Ask an administrator to add you.")
    in_force = _in_force(theirs, _today(conn, now))
    if not in_force:
        raise Refused(f'"{email}" has no role before {theirs[0].from_on}.', "Ask an administrator for an earlier one.")
    person = in_force[0]
    return Viewer(person.email, person.name, person.role, _branches_of(person, _members(conn, now)))


def add(conn: Connection, email: str, *, name: str, role: str, branches: Collection[str] = (),
        territories: Collection[str] = (), from_on: date | None = None, now: datetime, by: Viewer) -> Person:
    """Add a person, or give one a new role from `from_on` on, by default from today.

    Raises NotAllowed when `by` may not, Refused when a field is wrong or nobody would be administrator.
    """
    by.require_change("people")
    today = _today(conn, now)
    person = Person(
        _email(email), branch_fields.words(name, "A name", 200), role,
        tuple(sorted(set(branches))), tuple(sorted(set(territories))), from_on or today)
    _check(conn, person)
    known = _all(conn)
    kept = [p for p in known if (p.email, p.from_on) != (person.email, person.from_on)]
    _check_administrators([*kept, person], today)
    old = next((p for p in reversed(known) if p.email == person.email and p.from_on <= person.from_on), None)
    _keep(conn, person, now, new=all(p.email != person.email for p in known))
    changes.record(conn, at=now, who=by.who, what="person changed" if old else "person added",
                   subject=f"person {person.email}", old=_logged(old) if old else None, new=_logged(person))
    return person


def listing(conn: Connection, viewer: Viewer, now: datetime) -> list[Person]:
    """The people the viewer knows of, by email: all their roles for one who sees every branch; for others the
    role in force of those who share a branch, with the shared branches only."""
    known = _all(conn)
    if viewer.branches is None:
        return known
    members, shared = _members(conn, now), []
    for person in _in_force(known, _today(conn, now)):
        theirs = _branches_of(person, members)
        if theirs is None or theirs & viewer.branches:
            common = tuple(sorted((theirs or frozenset()) & viewer.branches))
            shared.append(Person(person.email, person.name, person.role, common, (), person.from_on))
    return shared


def names(conn: Connection, now: datetime) -> list[tuple[str, str]]:
    """Email and name of everyone with a role in force, by name: for picking oneself while there is no sign-in."""
    return sorted(((p.email, p.name) for p in _in_force(_all(conn), _today(conn, now))), key=lambda one: one[1].casefold())


def who_see(conn: Connection, branch: str, now: datetime) -> list[str]:
    """The names of those with a role in force that sees a branch."""
    members = _members(conn, now)
    return sorted(p.name for p in _in_force(_all(conn), _today(conn, now)) if (of := _branches_of(p, members)) is None or branch in of)


# ---- one person --------------------------------------------------------------------------------------
def _email(text: str) -> str:
    found = _fold(text)
    if len(found) > 200 or not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+", found) or not found.isprintable():
        raise Refused(f'"{text}" is not an email address.', "Write it like name@company.com.")
    return found


def _fold(email: str) -> str:
    return email.strip().casefold()


def _check(conn: Connection, person: Person) -> None:
    if person.role not in ROLES:
        raise Refused(f'"{person.role}" is not a role.',
                      f"One of: {', '.join(ROLES)}.{did_you_mean(person.role, ROLES)}")
    limited = person.branches or person.territories
    if person.role == "administrator" and limited:
        raise Refused("An administrator sees every branch.", "Leave out branches and territories.")
    if person.role != "administrator" and not limited:
        raise Refused(f"A {person.role} needs at least one branch or territory.")
    _known("branch", person.branches, branches.all_branches(conn))
    _known("territory", person.territories, branches.territories(conn))


def _known(what: str, given: Collection[str], known: Collection[str]) -> None:
    for name in given:
        if name not in known:
            raise Refused(f'There is no {what} "{name}".', f"Add it first.{did_you_mean(name, known)}")


def _check_administrators(roles_then: list[Person], today: date) -> None:
    """Without an administrator nobody could ever add or change a person again."""
    for day in sorted({today} | {person.from_on for person in roles_then if person.from_on > today}):
        if not any(person.role == "administrator" for person in _in_force(roles_then, day)):
            raise Refused(f"Nobody would be administrator on {day}, and nobody else can add people.",
                          "Let the first person be an administrator, or add another one before.")


def _logged(person: Person) -> dict[str, object]:
    return {"name": person.name, "role": person.role, "branches": list(person.branches),
            "territories": list(person.territories), "from_on": person.from_on}


# ---- all of them -------------------------------------------------------------------------------------
def _all(conn: Connection) -> list[Person]:
    """Every role of every person, by email and date."""
    rows = conn.execute(
        select(people.c.email, people.c.name, roles.c.role, roles.c.branches, roles.c.territories, roles.c.from_on)
        .join(roles, roles.c.email == people.c.email).order_by(people.c.email, roles.c.from_on))
    return [Person(row.email, row.name, row.role, tuple(row.branches), tuple(row.territories), row.from_on)
            for row in rows]


def _in_force(known: list[Person], day: date) -> list[Person]:
    """Of each person the latest role begun by `day`."""
    begun = sorted((person for person in known if person.from_on <= day), key=lambda person: person.from_on)
    return sorted({person.email: person for person in begun}.values(), key=lambda person: person.email)


def _members(conn: Connection, now: datetime) -> dict[str, str]:
    return branches.territory_on(conn, _today(conn, now))


def _branches_of(person: Person, members: dict[str, str]) -> frozenset[str] | None:
    if person.role == "administrator":
        return None
    return frozenset(person.branches) | {code for code, name in members.items() if name in person.territories}


def _today(conn: Connection, now: datetime) -> date:
    return wall_clock(now, options.current(conn)["company_time_zone"]).date()


def _keep(conn: Connection, person: Person, now: datetime, *, new: bool) -> None:
    if new:
        conn.execute(insert(people).values(email=person.email, name=person.name, added_at=now))
    else:
        conn.execute(update(people).where(people.c.email == person.email).values(name=person.name))
    conn.execute(delete(roles).where(roles.c.email == person.email, roles.c.from_on == person.from_on))
    conn.execute(insert(roles).values(email=person.email, role=person.role, branches=list(person.branches),
                                      territories=list(person.territories), from_on=person.from_on))
