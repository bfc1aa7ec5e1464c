"""Weeks. A week is the date of its first day; periods are `[start, end)`; labels are ISO with the ISO year.

The company chooses the first day of its week (Monday unless set). A week that does not begin on Monday
carries the ISO label of its fourth day, so a label is unique and sorts in time.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from scoreboard.errors import Refused

WEEK = timedelta(days=7)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LABEL = re.compile(r"^(\d{4})-?W(\d{1,2})$", re.IGNORECASE)


def week_of(day: date, first_day: int = 0) -> date:
    """The first day of the week that holds `day`; `first_day` 0 is Monday, 6 Sunday."""
    if isinstance(day, datetime):
        day = day.date()
    return day - timedelta(days=(day.weekday() - first_day) % 7)


def weeks_between(first: date, last: date, first_day: int = 0) -> list[date]:
    """Every week from that of `first` to that of `last`, both included."""
    start = week_of(first, first_day)
    return [start + i * WEEK for i in range((week_of(last, first_day) - start) // WEEK + 1)]


def label(week: date) -> str:
    """`2026-W45` for the week beginning on `week`."""
    year, number, _ = (week + timedelta(days=3)).isocalendar()
    return f"{year}-W{number:02d}"


def parse(text: str, first_day: int = 0) -> date:
    """The week of a label such as `2026-W45`. Refused when there is no such week."""
    match = _LABEL.match(text.strip())
    if not match:
        raise Refused(f'"{text}" is not a week.', "Write it as year and ISO week, for example 2026-W45.")
    year, number = int(match[1]), int(match[2])
    try:
        thursday = date.fromisocalendar(year, number, 4)
    except ValueError:
        raise Refused(f"{year} has no week {number}.", "ISO years have 52 or 53 weeks.") from None
    return week_of(thursday, first_day)
