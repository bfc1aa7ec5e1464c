"""The escalation playbook: for critical orders and backorders who is told, in which order, by when, and what may be offered.

The convention: a branch's own steps for a kind stand in place of the company's. Nothing ships: what to offer is the company's to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from scoreboard.cases.actions import text
from scoreboard.cases.lifecycle import CaseState
from scoreboard.cases.terms import Terms, fold
from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import branches, changes
from scoreboard.state.schema import playbook_steps
from scoreboard.state.viewers import Viewer

KINDS: Mapping[str, Callable[[CaseState], bool]] = {  # what it is for, and whether a case is of that kind
    "mission-critical": lambda state: state.critical,
    "backorder": lambda state: fold(state.type) == "backorder"}
MISSING = "Nothing is agreed yet: who is told, in which order, by when, and what may be offered."
MOST_STEPS, MOST_MINUTES, LONGEST_NAME, LONGEST_OFFER = 20, 99_999, 200, 300


@dataclass(frozen=True)
class Step:
    """Who is told, within how many working minutes after the opening (None: not said), and what may be offered."""

    tell: str
    within_minutes: int | None = None
    offer: str = ""


def read_step(line: str) -> Step:
    """A step as people write it: `WHO | MINUTES | OFFER`, the latter two if wanted."""
    tell, minutes, offer = (*(part.strip() for part in line.split("|", 2)), "", "")[:3]
    if minutes and not re.fullmatch(r"\d{1,6}", minutes):
        raise Refused(f'"{minutes}" is not a whole number of minutes.', 'Write a step like "the leader | 30 | a loaner part".')
    return Step(tell, int(minutes) if minutes else None, offer)


def written(step: Step) -> str:
    """A step as `read_step` reads it."""
    return " | ".join((step.tell, str(step.within_minutes or ""), step.offer)).rstrip(" |")


def of_branch(conn: Connection, viewer: Viewer, branch: str, kind: str) -> tuple[list[Step], bool]:
    """The steps that hold at a branch, in their order (`branch` empty: the company's), and whether they are its own."""
    if branch:
        viewer.require_branch(branch)
    _require_kind(kind)
    own = _kept(conn, branch, kind)
    return (own, True) if own or not branch else (_kept(conn, "", kind), False)


def steps_for(conn: Connection, branch: str, state: CaseState) -> dict[str, list[Step]]:
    """What the playbook says of a case: by each kind it is of, the steps (none: nothing is agreed). Empty: it does not apply."""
    return {kind: _kept(conn, branch, kind) or _kept(conn, "", kind) for kind, applies in KINDS.items() if applies(state)}


def by_when(step: Step, state: CaseState, terms: Terms) -> datetime | None:
    """Until when (UTC) somebody is to be told of a case; None when the step does not say."""
    return None if step.within_minutes is None else terms.after(state.branch, state.opened_at, step.within_minutes)


def keep(conn: Connection, viewer: Viewer, *, branch: str, kind: str, steps: Sequence[Step], now: datetime) -> None:
    """Puts these steps in place of those a branch (empty: the company) had for a kind; without any, a branch follows the company again."""
    viewer.require_change("ladder")
    if not branch:
        viewer.require_everything("The playbook of the company")
    else:
        viewer.require_branch(branch)
        if branch not in branches.all_branches(conn):
            raise Refused(f'There is no branch "{branch}".', "See `branches list`.")
    _require_kind(kind)
    said, before = [_checked(step) for step in steps], _kept(conn, branch, kind)
    if len(said) > MOST_STEPS:
        raise Refused(f"A playbook has at most {MOST_STEPS} steps; this has {len(said)}.", "Leave out what nobody would do in a hurry.")
    if said == before:
        return
    p = playbook_steps.c
    conn.execute(update(playbook_steps).where(p.branch == branch, p.applies_to == kind, p.removed_at.is_(None)).values(removed_at=now))
    if said:
        conn.execute(insert(playbook_steps), [{"branch": branch, "applies_to": kind, "position": at, **asdict(step), "who": viewer.who,
                                               "at": now} for at, step in enumerate(said, 1)])
    changes.record(conn, at=now, who=viewer.who, what="playbook kept", subject=f"branch {branch}" if branch else "company",
                   old={kind: [asdict(step) for step in before]} if before else None, new={kind: [asdict(step) for step in said]})


def _kept(conn: Connection, branch: str, kind: str) -> list[Step]:
    p = playbook_steps.c
    statement = select(p.tell, p.within_minutes, p.offer).where(p.branch == branch, p.applies_to == kind, p.removed_at.is_(None))
    return [Step(*row) for row in conn.execute(statement.order_by(p.position))]


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        raise Refused(f'The playbook has no part "{kind}".', f"Use one of: {', '.join(KINDS)}.{did_you_mean(kind, KINDS)}")


def _checked(step: Step) -> Step:
    tell, offer = text(step.tell, "Who is told", needed=True) or "", text(step.offer, "What may be offered") or ""
    if len(tell) > LONGEST_NAME or len(offer) > LONGEST_OFFER:
        raise Refused(f"A step has room for {LONGEST_NAME} characters of who is told and {LONGEST_OFFER} of what may be offered.",
                      "Say it shorter.")
    if step.within_minutes is not None and not 1 <= step.within_minutes <= MOST_MINUTES:
        raise Refused(f'"{step.within_minutes}" minutes is not a time to tell somebody within.', "Give a whole number from 1 up.")
    return Step(tell, step.within_minutes, offer)
