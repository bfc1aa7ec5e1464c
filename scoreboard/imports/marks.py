"""Edits on cases reach the weekly results in a commit of their own: the weeks that case_marks names are rolled up.

The convention: figures are rolled up from one state of the database, without its write lock. A mark goes only when its case was not
touched since, so whatever happens in between (another edit, a kill) leaves it settled or still marked, and a board is right either way.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine, and_, bindparam, delete, func, select

from scoreboard.cases.log import Change
from scoreboard.facts import engine as facts_engine
from scoreboard.imports.commit import draft, finish
from scoreboard.imports.store import Busy, locked
from scoreboard.metrics.open_cases import SETTLED, unsettled
from scoreboard.settings import Settings
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import case_events, case_marks, cases

Mark = tuple[str, datetime]


def settle_marks(settings: Settings, engine: Engine) -> int:
    """Rolls up the weeks of edited cases; how many marks it took. 0 without marks, and while another writer holds the store.

    A commit of its own; none when no figure differs.
    """
    if not _seen(engine)[0]:
        return 0
    try:
        with locked(settings, wait=0):
            return _settle(settings, engine)
    except Busy:
        return 0


def _settle(settings: Settings, engine: Engine) -> int:
    marks, last = _seen(engine)
    with facts_engine.connect(settings.scratch) as con:
        work = draft(settings, engine, con)
        with reading(engine) as conn:
            work.wanted = unsettled(conn, work.company)

        def record(conn: Connection, version: int) -> Iterable[Change]:
            _forget(conn, marks, last)
            return ()

        _, change = finish(work, work.before, SETTLED, "", record, cases_change=False, worth=lambda change: bool(change.pairs))
    if not change.pairs:
        with writing(engine) as conn:
            _forget(conn, marks, last)
    return len(marks)


def _seen(engine: Engine) -> tuple[list[Mark], int]:
    """The marks, and the last entry of the log that they stand for."""
    with reading(engine) as conn:
        marks = [(branch, at) for branch, at in conn.execute(select(case_marks.c.branch, case_marks.c.opened_at))]
        return marks, conn.scalar(select(func.coalesce(func.max(case_events.c.id), 0))) or 0


def _forget(conn: Connection, marks: Iterable[Mark], last: int) -> None:
    """Takes marks away, but for those of cases with an entry after `last`: they stand for that one now."""
    log, mark = case_events.c, case_marks.c
    rows = conn.execute(select(cases.c.branch, cases.c.opened_at).distinct().join(
        case_events, and_(log.branch == cases.c.branch, log.case_no == cases.c.case_no)).where(log.id > last))
    since = {(branch, at) for branch, at in rows}
    gone = [{"of": branch, "at": at} for branch, at in marks if (branch, at) not in since]
    if gone:
        conn.execute(delete(case_marks).where(mark.branch == bindparam("of"), mark.opened_at == bindparam("at")), gone)
