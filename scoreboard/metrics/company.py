"""What the figures need to know of the company: branches, territories by time, options, calendars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from scoreboard import weeks
from scoreboard.calendars import Calendar, wall_clock
from scoreboard.cases.terms import Terms
from scoreboard.state import board_choices, branches, options
from scoreboard.state.board_choices import Choice
from scoreboard.state.branches import Branch

Membership = tuple[str, str, date, date | None]


@dataclass(frozen=True)
class Company:
    """The company at one moment. `memberships` are (branch, territory, from week, to week or None); `choices` are the
    boards that branches have chosen for themselves."""

    branches: Mapping[str, Branch]
    memberships: tuple[Membership, ...]
    options: Mapping[str, Any]
    now: datetime
    choices: Mapping[str, Choice] = field(default_factory=dict)

    @cached_property
    def terms(self) -> Terms:
        """What the clocks of exceptions run by."""
        return Terms(self.calendars, self.zones, self.options["exception_standards"], self.options["accept_minutes"])

    @property
    def first_day(self) -> int:
        return weeks.WEEKDAYS.index(self.options["week_first_day"])

    @cached_property
    def zones(self) -> dict[str, str]:
        return {code: branch.time_zone for code, branch in self.branches.items()}

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        return {code: Calendar(b.country, b.open_days, b.opens, b.closes) for code, b in self.branches.items()}

    @cached_property
    def today(self) -> datetime:
        """Now, on the company's wall clock."""
        return wall_clock(self.now, self.options["company_time_zone"])

    @cached_property
    def days(self) -> tuple[tuple[str, date], ...]:
        """Today in every time zone of its branches, and in its own."""
        zones = {*self.zones.values(), self.options["company_time_zone"]}
        return tuple((zone, wall_clock(self.now, zone).date()) for zone in sorted(zones))

    def local_now(self, branch: str) -> datetime:
        """Now, on the branch's wall clock."""
        return wall_clock(self.now, self.zones[branch])

    def territory(self, branch: str, week: date) -> str | None:
        """Where the branch belongs in that week."""
        for code, name, start, end in self.memberships:
            if code == branch and start <= week and (end is None or week < end):
                return name
        return None

    def territories_in(self, week: date) -> dict[str, str]:
        """Where each branch belongs in that week; a branch without a territory is left out."""
        return {code: name for code, name, start, end in self.memberships if start <= week and (end is None or week < end)}

    def members(self, territory: str, week: date) -> frozenset[str]:
        """The branches of a territory in that week."""
        return frozenset(code for code, name, start, end in self.memberships
                         if name == territory and start <= week and (end is None or week < end))

    def board_of(self, branch: str | None) -> list[str]:
        """The metrics chosen for the board of a branch, in order; without one (a territory, the company) the company's."""
        own = self.choices.get(branch) if branch is not None else None
        return list(own.metrics if own else self.options["board_metrics"])

    def reporting_hour(self, week: date) -> datetime:
        """When the figures of a week count as reported, on the company's wall clock: in the week after it."""
        day, _, time = str(self.options["reported_at"]).partition(" ")
        after = (weeks.WEEKDAYS.index(day) - self.first_day) % 7
        hours, minutes = time.split(":")
        start = datetime.combine(week + timedelta(days=7 + after), datetime.min.time())
        return start + timedelta(hours=int(hours), minutes=int(minutes))


def read(conn: Connection, now: datetime) -> Company:
    """The company as kept now; `now` in UTC."""
    return Company(branches.all_branches(conn), tuple(branches.membership_spans(conn)), options.current(conn), now,
                   board_choices.every(conn))
