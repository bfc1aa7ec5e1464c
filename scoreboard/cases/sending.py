"""Messages that wait are sent, and what became of each is kept. What is due to one person about one case goes as one message.

The convention: a message is taken (a try is counted, the next moment set) in one transaction, sent outside of any, and noted in
another. So no message is lost and two senders never send the same. A program that is killed while a message is on its way cannot
know whether it arrived: that one is sent again, after the first pause. After MOST_TRIES it is left, and shown with its trouble.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select, update

from scoreboard.cases import contacts
from scoreboard.cases.lifecycle import COLUMNS, CaseState
from scoreboard.cases.telling import NEVER, address_of, after_quiet
from scoreboard.cases.terms import Terms
from scoreboard.cases.watch import reached
from scoreboard.state.schema import cases, messages

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (2, 10, 60, 240))  # after the first try, the second …
MOST_TRIES = len(PAUSES) + 1
CUT_OFF = "The program ended while it was being sent; it may have arrived."
OVER = "Not sent: it was over before."


@dataclass(frozen=True)
class Parcel:
    """What one person is told about one case. `address` is for the sender alone and stands in no text of ours."""

    ids: tuple[int, ...]
    branch: str
    case_no: str
    name: str
    title: str
    body: str
    address: str

    def __repr__(self) -> str:
        return f"Parcel({self.ids})"


@dataclass(frozen=True)
class Waiting:
    """Messages not sent yet: for the end of quiet hours, and for another try."""

    quiet: int
    again: int


def anything_to_send(conn: Connection, now: datetime) -> bool:
    """Whether a message waits whose moment has come; reads an index."""
    return conn.execute(select(messages.c.id).where(*_ready(now)).limit(1)).first() is not None


def take(conn: Connection, terms: Terms, quiet_hours: str, now: datetime) -> Parcel | None:
    """Takes what is due to the next person about one case, so that nobody else does; None when it was put aside or put off."""
    m = messages.c
    first = conn.execute(select(m.branch, m.case_no, m.name).where(*_ready(now)).order_by(m.not_before, m.id).limit(1)).first()
    if first is None:
        return None
    branch, case_no, name = first
    same = (m.branch == branch, m.case_no == case_no, m.name == name, *_ready(now))
    found = conn.execute(select(m.id, m.step, m.role, m.text).where(*same).order_by(m.due_at, m.id)).all()
    still, wakes = _still(conn, branch, case_no, terms, now)
    _set(conn, [row.id for row in found if row.step not in still], not_before=NEVER, trouble=OVER)
    rows = [row for row in found if row.step in still]
    if not rows:
        return None
    ids = [row.id for row in rows]
    loud = now if wakes else after_quiet(now, quiet_hours, terms.zones[branch])
    address = address_of(contacts.addresses(conn, branch, now), rows[-1].role, name)
    if loud > now:
        _set(conn, ids, not_before=loud)
    elif not address:
        _set(conn, ids, not_before=NEVER, trouble=f"No address of {name} is known any more.")
    else:
        later = case(*((m.tries == tried, now + pause) for tried, pause in enumerate(PAUSES)), else_=NEVER)
        _set(conn, ids, tries=m.tries + 1, not_before=later, trouble=CUT_OFF)
        return Parcel(tuple(ids), branch, case_no, name, *_words([row.text for row in rows]), address)
    return None


def note(conn: Connection, parcel: Parcel, trouble: str, now: datetime) -> None:
    """Keeps what became of a parcel. After a failure whatever else waits for this person waits with it."""
    m = messages.c
    if not trouble:
        conn.execute(update(messages).where(m.id.in_(parcel.ids)).values(sent_at=now, trouble=""))
        return
    conn.execute(update(messages).where(m.id.in_(parcel.ids)).values(trouble=trouble))
    conn.execute(update(messages).where(m.branch == parcel.branch, m.name == parcel.name, *_ready(now)).values(not_before=now + PAUSES[0]))


def waiting(conn: Connection, now: datetime) -> Waiting:
    """How many messages wait."""
    m = messages.c
    waits = (m.sent_at.is_(None), m.not_before > now, m.not_before < NEVER)
    quiet, again = conn.execute(select(func.count().filter(m.tries == 0), func.count().filter(m.tries > 0)).where(*waits)).one()
    return Waiting(quiet, again)


def _ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return messages.c.sent_at.is_(None), messages.c.not_before <= now


def _still(conn: Connection, branch: str, case_no: str, terms: Terms, now: datetime) -> tuple[set[str], bool]:
    """The steps of a case that hold now (a promise may have been kept since, a case closed), and whether it is mission-critical."""
    columns = [cases.c[name] for name in COLUMNS]
    row = conn.execute(select(*columns).where(cases.c.branch == branch, cases.c.case_no == case_no)).first()
    if row is None or branch not in terms.zones:
        return set(), False
    state = CaseState(branch, case_no, *row)
    return {step.key for _, step in reached(state, terms, None, now)}, state.critical


def _words(texts: Sequence[str]) -> tuple[str, str]:
    """Title and body: of the latest message, with what the earlier ones said in a line each."""
    title, _, body = texts[-1].partition("\n")
    earlier = [f"Before: {text.partition(': ')[2].partition(chr(10))[0]}" for text in reversed(texts[:-1])]
    return title, "\n".join([body, *earlier])


def _set(conn: Connection, ids: Sequence[int], **values: Any) -> None:
    if ids:
        conn.execute(update(messages).where(messages.c.id.in_(ids)).values(values))
