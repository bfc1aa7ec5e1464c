"""One round of the clock: what came due is said, messages are sent, and now and then the weeks that exceptions moved are settled.

The convention: a round may be ended at any moment and two may run at once, in any number of processes. It costs a few looks at an
index when nothing is due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from sqlalchemy import Engine, func, select

from scoreboard.cases import channels, escalating, sending
from scoreboard.cases.escalating import Pass
from scoreboard.cases.sending import Parcel
from scoreboard.cases.telling import Addresses
from scoreboard.cases.terms import Terms
from scoreboard.imports.dating import redate_all
from scoreboard.imports.marks import settle_marks
from scoreboard.metrics import company as companies
from scoreboard.metrics.open_cases import SETTLED
from scoreboard.settings import Settings
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import versions

SETTLE_EVERY = timedelta(minutes=10)  # a settling is a version, and every cached answer is asked anew after it
SETTLE_AT_LAST = timedelta(days=1)  # for a round that has to be short: whoever serves the pages has long settled then


@dataclass(frozen=True)
class Round:
    """What a round did. Messages: sent, failed in this round, and waiting for quiet hours to end or for another try."""

    said: Pass
    sent: int
    failed: int
    quiet: int
    again: int


def once(settings: Settings, engine: Engine, settle_every: timedelta = SETTLE_EVERY) -> Round:
    """One round, as of `settings.now`."""
    with reading(engine) as conn:
        company = companies.read(conn, settings.now)
    redate_all(engine, company.terms)
    with reading(engine) as conn:
        due = escalating.anything_due(conn, settings.now)
    quiet_hours = company.options["quiet_hours"] or ""
    said = _say(settings, engine, company.terms, quiet_hours) if due else Pass()
    sent, failed = _send(settings, engine, company.terms, quiet_hours)
    _settle(settings, engine, settle_every)
    with reading(engine) as conn:
        left = sending.waiting(conn, settings.now)
    return Round(said, sent, failed, left.quiet, left.again)


def _say(settings: Settings, engine: Engine, terms: Terms, quiet_hours: str) -> Pass:
    all_said, known = Pass(), dict[str, Addresses]()
    while True:
        with writing(engine) as conn:
            said = escalating.say_portion(conn, terms, quiet_hours, settings.now, known)
        if not said.cases:
            return all_said
        all_said += said


def _settle(settings: Settings, engine: Engine, every: timedelta) -> None:
    with reading(engine) as conn:
        last = conn.scalar(select(func.max(versions.c.at)).where(versions.c.what == SETTLED))
    if last is None or settings.now - last >= every:
        settle_marks(settings, engine)


def _send(settings: Settings, engine: Engine, terms: Terms, quiet_hours: str) -> tuple[int, int]:
    """Sends one after another; how many went, how many did not."""
    sent = failed = 0
    while _anything_to_send(settings, engine):
        with writing(engine) as conn:
            parcel = sending.take(conn, terms, quiet_hours, settings.now)
        if parcel is None:
            continue
        trouble = channels.deliver(parcel.address, parcel.title, _linked(parcel, settings.url))
        sent, failed = sent + (not trouble), failed + bool(trouble)
        with writing(engine) as conn:
            sending.note(conn, parcel, trouble, settings.now)
    return sent, failed


def _anything_to_send(settings: Settings, engine: Engine) -> bool:
    with reading(engine) as conn:
        return sending.anything_to_send(conn, settings.now)


def _linked(parcel: Parcel, url: str) -> str:
    """The words with a link, where it is known how the scoreboard is reached."""
    where = urlencode({"branch": parcel.branch, "case": f"{parcel.branch}/{parcel.case_no}"})
    return f"{parcel.body}\n{url.rstrip('/')}/exceptions?{where}" if url else parcel.body
