"""What has come due in open cases is said: a pass in portions, each one short transaction.

The convention: whoever moves a case's `attention_at` has the word. A pass that finds it moved by another says nothing, so two passes
at once never say anything twice; what a killed pass had not finished, the next one finds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, insert, select, update

from scoreboard.cases import contacts
from scoreboard.cases.actions import Desk
from scoreboard.cases.desk import record_all
from scoreboard.cases.lifecycle import COLUMNS, CaseState
from scoreboard.cases.telling import Addresses, rows
from scoreboard.cases.terms import Terms
from scoreboard.cases.watch import LADDER, OWNER, attention_at, reached
from scoreboard.state.schema import cases, messages
from scoreboard.state.viewers import Viewer

PORTION = 100  # cases: a person who saves meanwhile waits for no longer than a moment
TIMER = Viewer("timer", "timer", "administrator", None)


@dataclass(frozen=True)
class Pass:
    """What a pass did: cases looked at, steps they had reached, messages written, rungs where nobody can be reached."""

    cases: int = 0
    steps: int = 0
    messages: int = 0
    nobody: int = 0

    def __add__(self, other: Pass) -> Pass:
        return Pass(self.cases + other.cases, self.steps + other.steps, self.messages + other.messages, self.nobody + other.nobody)


def anything_due(conn: Connection, now: datetime) -> bool:
    """Whether a pass would find something. Reads an index, however many cases there are."""
    return conn.execute(_due(now).limit(1)).first() is not None


def say_portion(conn: Connection, terms: Terms, quiet_hours: str, now: datetime, known: dict[str, Addresses]) -> Pass:
    """Says what is due in the next cases; nothing looked at: the pass is over. `known` keeps the ladders between portions."""
    found = conn.execute(_due(now).limit(PORTION)).all()
    won, said = _won(conn, [row.id for row in found], now), _said(conn, found)
    steps, climbing, written, next_up = 0, [], [], []
    for id, watched_until, *columns in found:
        if id not in won:
            continue
        state = CaseState(*columns)
        due = reached(state, terms, watched_until, now)
        steps += len(due)
        if state.branch not in known:
            known[state.branch] = contacts.addresses(conn, state.branch, now)
        written += rows(state, due, known[state.branch], terms, quiet_hours, said.get((state.branch, state.case_no), ()), now)
        if climbed := [role for _, step in due if step.climbs for role in step.tells]:
            climbing.append((state, now, "escalated", {"to": max([*climbed, state.escalated_to or OWNER], key=LADDER.index)}))
        else:
            next_up.append({"of": id, "next": attention_at(state, terms, now)})
    record_all(Desk(conn, TIMER, terms, now), climbing, now)
    if next_up:
        conn.execute(update(cases).where(cases.c.id == bindparam("of")).values(attention_at=bindparam("next")), next_up)
    if written:
        conn.execute(insert(messages), written)
    nobody = sum(not row["channel"] for row in written)
    return Pass(len(found), steps, len(written) - nobody, nobody)


def _due(now: datetime) -> Select[Any]:
    columns = (cases.c[name] for name in ("id", "watched_until", "branch", "case_no", *COLUMNS))
    return select(*columns).where(cases.c.closed_at.is_(None), cases.c.attention_at <= now).order_by(cases.c.attention_at)


def _won(conn: Connection, ids: Sequence[int], now: datetime) -> set[int]:
    """The cases this pass has the word in: nobody else has moved what is due in them."""
    due = update(cases).where(cases.c.id.in_(ids), cases.c.attention_at <= now)
    return set(conn.scalars(due.values(watched_until=now, attention_at=None).returning(cases.c.id)))


def _said(conn: Connection, found: Sequence[Row[Any]]) -> dict[tuple[str, str], set[tuple[str, datetime, str]]]:
    """What was said before of some cases: a case whose steps moved into the past is looked at from there again."""
    m = messages.c
    before: dict[tuple[str, str], set[tuple[str, datetime, str]]] = {}
    for branch in {row.branch for row in found}:
        theirs = [row.case_no for row in found if row.branch == branch]
        rows_of = select(m.case_no, m.step, m.due_at, m.name).where(m.branch == branch, m.case_no.in_(theirs))
        for case_no, step, due_at, name in conn.execute(rows_of):
            before.setdefault((branch, case_no), set()).add((step, due_at, name))
    return before
