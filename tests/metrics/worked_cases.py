"""Cases that people work, for the tests of figures: a company on any database, a desk at a moment, and random handiwork."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select

from scoreboard.cases import desk as cases_desk
from scoreboard.cases.actions import HOWS, PAUSES, Desk
from scoreboard.cases.lifecycle import NOT_TOLD, OPEN, CaseState, pause_at, status
from scoreboard.metrics import company as companies
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import cases
from scoreboard.state.viewers import EVERYONE
from tests.metrics.trap_company import TrapCompany

TYPES = ("wrong part", "late delivery", "mis-pick")  # the last has no standard
HOUR = timedelta(hours=1)


def at(company: TrapCompany, now: datetime) -> TrapCompany:
    """The company at another moment."""
    return replace(company, settings=replace(company.settings, now=now))


@contextmanager
def desk(company: TrapCompany, now: datetime | None = None) -> Iterator[Desk]:
    """A desk at the company's moment, or another."""
    moment = now or company.settings.now
    with writing(company.engine) as conn:
        yield Desk(conn, EVERYONE, companies.read(conn, moment).terms, moment)


def act(company: TrapCompany, branch: str, case_no: str, what: str, now: datetime | None = None, **given: Any) -> CaseState:
    with desk(company, now) as here:
        return cases_desk.act(here, branch, case_no, what, given)


def raised(company: TrapCompany, branch: str, now: datetime | None = None, opened_at: datetime | None = None, **given: Any) -> CaseState:
    with desk(company, now) as here:
        return cases_desk.raise_case(here, branch, {"type": "wrong part", **given}, opened_at=opened_at)


def live_through(luck: Random, company: TrapCompany, branch: str, until: datetime) -> CaseState:
    """A case raised at a random minute of the three weeks before `until`, and what befell it up to then."""
    moment = until - timedelta(minutes=luck.randrange(1, 21 * 1440))
    case = raised(company, branch, moment, type=luck.choice(TYPES), part_no=luck.choice((None, "00123", "00124")))
    for _ in range(luck.randrange(12)):
        moment += timedelta(minutes=luck.choice((1, 30, 95, 600, 1440)) * luck.randrange(1, 4))
        if moment >= until:
            break
        case = _something(luck, company, case, moment)
    return case


def _something(luck: Random, company: TrapCompany, case: CaseState, moment: datetime) -> CaseState:
    told = {"to": "Ann", "how": luck.choice(HOWS)}
    if status(case) == OPEN:
        paused = pause_at(case, moment)
        what, given = luck.choice([
            ("resumed", {}) if paused else (
                "paused", {"reason": luck.choice(list(PAUSES)), "until": moment + luck.randrange(1, 90) * HOUR}),
            ("resumed", {}) if paused else ("noted", {"note": "looked at"}),
            ("updated", told), ("resolved", {"root_cause": luck.choice((None, "label"))})])
    else:
        what, given = ("told", told) if status(case) == NOT_TOLD else (luck.choice(("reopened", "noted")), {"note": "again"})
    return act(company, case.branch, case.case_no, what, moment, **given)


def every_case(company: TrapCompany) -> list[CaseState]:
    """The cases as their rows say, the log folded."""
    with reading(company.engine) as conn:
        keys = conn.execute(select(cases.c.branch, cases.c.case_no).order_by(cases.c.branch, cases.c.case_no)).all()
        return [cases_desk.require(conn, EVERYONE, branch, case_no)[0] for branch, case_no in keys]
