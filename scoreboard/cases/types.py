"""The types of exception: TYPES are native to parts; a branch adds its own. Each says where the chain broke and who gets it.

The convention: the words of a type are its name everywhere. Its standard is one for the whole company (the option
`exception_standards`), because figures of branches are compared; who owns it is the branch's own. No standard ships.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from scoreboard.cases.terms import fold
from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import changes
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.schema import case_types
from scoreboard.state.viewers import Viewer

LONGEST = 60


@dataclass(frozen=True)
class CaseType:
    """A type as a branch has it: its words, the handoff it usually belongs to, and who gets it when it is raised."""

    name: str
    handoff: str
    owner: str = ""


TYPES: tuple[CaseType, ...] = (
    CaseType("wrong part", "Quote → Pick"), CaseType("mis-pick", "Pick → Stage"), CaseType("short or over", "Pick → Stage"),
    CaseType("damaged", "Load → Deliver"), CaseType("backorder", "Quote → Pick"), CaseType("late delivery", "Load → Deliver"),
    CaseType("credit delay", "Deliver → Close"), CaseType("return or core in limbo", "Deliver → Close"),
    CaseType("warranty", "Deliver → Close"), CaseType("quote overdue", "Quote → Pick"), CaseType("ETA not verified", "Quote → Pick"),
    CaseType("paperwork", "Deliver → Close"),
)


def of_branch(conn: Connection, branch: str) -> list[CaseType]:
    """The types a branch may raise, in their order: the native ones, then its own; what it has said of one goes before."""
    t = case_types.c
    rows = conn.execute(select(t.name, t.handoff, t.owner).where(t.branch.in_(("", branch))).order_by(t.branch, t.changed_at)).all()
    found = {fold(one.name): one for one in TYPES}
    for name, handoff, owner in rows:
        known = found.get(fold(name), CaseType(name, handoff))
        found[fold(name)] = CaseType(known.name, handoff or known.handoff, owner or known.owner)
    return list(found.values())


def find(conn: Connection, branch: str, name: str) -> CaseType:
    """A type by its words. Refused when the branch has none of that name."""
    known = {fold(one.name): one for one in of_branch(conn, branch)}
    if fold(name) not in known:
        names = [one.name for one in known.values()]
        raise Refused(f'There is no type of exception "{name.strip()}".', f"Known: {', '.join(names)}.{did_you_mean(name, names)}")
    return known[fold(name)]


def keep(conn: Connection, viewer: Viewer, *, branch: str, name: str, handoff: str, owner: str, owners: Collection[str],
         now: datetime) -> None:
    """Adds a type to a branch, or says who gets one there. `owners` can own. Refused without words, or for what nobody knows."""
    viewer.require_change("ladder")
    viewer.require_branch(branch)
    said = " ".join(name.split())
    if not said or len(said) > LONGEST:
        raise Refused(f"A type of exception needs a name of at most {LONGEST} characters.", "Say what went wrong in a word or two.")
    if handoff and handoff not in HANDOFFS:
        raise Refused(f'"{handoff}" is not a handoff.', f"Use one of: {', '.join(HANDOFFS)}.")
    if owner and owner not in owners:
        raise Refused(f'Nobody called "{owner}" can own exceptions here.', f"Add them first.{did_you_mean(owner, owners)}")
    before = {fold(one.name): one for one in of_branch(conn, branch)}.get(fold(said))
    conn.execute(delete(case_types).where(case_types.c.branch == branch, case_types.c.name == (before.name if before else said)))
    conn.execute(insert(case_types).values(branch=branch, name=before.name if before else said, handoff=handoff, owner=owner,
                                           who=viewer.who, changed_at=now))
    changes.record(conn, at=now, who=viewer.who, what="exception type kept", subject=f"branch {branch}: {said}",
                   old={"handoff": before.handoff, "owner": before.owner} if before else None, new={"handoff": handoff, "owner": owner})
