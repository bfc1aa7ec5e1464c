"""Since when: the change log and the rows that were ended tell it, so that what is written anew keeps its first day.

The convention: an instant counts on the branch's own day. What is written anew without a gap has been there since it was first
written: rows that end and begin at the same instant are one span.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from scoreboard.calendars import wall_clock
from scoreboard.cases.terms import fold
from scoreboard.metrics.company import Company
from scoreboard.state import board_choices, stages
from scoreboard.state.schema import change_log

_STANDARDS = "option exception_standards"
Span = tuple[datetime, datetime | None]


def day_of(company: Company, branch: str, at: datetime) -> date:
    """The day of an instant at a branch."""
    return wall_clock(at, company.zones[branch]).date()


def unbroken(spans: Iterable[Span]) -> datetime | None:
    """Since when something has been there without a gap, of spans of which the last may have no end; None: it is not there."""
    since, until = None, datetime.min
    for start, end in sorted(spans, key=lambda span: span[0]):
        since = start if since is None or start > until else since
        until = max(until, end or datetime.max)
    return since if until == datetime.max else None


@dataclass(frozen=True)
class _Change:
    at: datetime
    what: str
    new: Any


@dataclass(frozen=True)
class Log:
    """The entries of the change log that tell since when, by subject, newest first."""

    of: Mapping[str, Sequence[_Change]]

    def chosen(self, branch: str) -> datetime | None:
        """When the board was first chosen since it last followed the company's."""
        found = None
        for one in self.of.get(f"branch {branch}", ()):
            if one.what == board_choices.GIVEN_BACK:
                break
            found = one.at if one.what == board_choices.CHOSEN else found
        return found

    def filled(self, branch: str, stage: str) -> datetime | None:
        """Since when a stage has had both an owner and what done means."""
        found = None
        for one in self.of.get(f"branch {branch}", ()):
            if one.what == stages.SET and one.new["stage"] == stage:
                if not (one.new["owner"] and one.new["done_means"]):
                    break
                found = one.at
        return found

    def timed(self, type: str) -> datetime | None:
        """Since when a type of exception has had a standard."""
        found = None
        for one in self.of.get(_STANDARDS, ()):
            if type not in {fold(name) for name in one.new or ()}:
                break
            found = one.at
        return found


def log_of(conn: Connection, codes: Collection[str]) -> Log:
    """What the change log tells of some branches and of the standards."""
    c = change_log.c
    kinds = (stages.SET, board_choices.CHOSEN, board_choices.GIVEN_BACK, "option set")
    of: dict[str, list[_Change]] = defaultdict(list)
    for subject, *entry in conn.execute(select(c.subject, c.at, c.what, c.new).where(
            c.what.in_(kinds), c.subject.in_([*(f"branch {code}" for code in codes), _STANDARDS])).order_by(c.id.desc())):
        of[subject].append(_Change(*entry))
    return Log(of)
