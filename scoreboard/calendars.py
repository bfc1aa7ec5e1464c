"""Working time of a branch: the minutes between opening and closing on its open days, holidays left out.

Everything here is on the branch's wall clock (datetimes without an offset), so a working day has the same
number of minutes all year: a clock change at night neither gives nor takes working time. Working time is
the difference of two readings of one cumulative clock, which counts from 1990-01-01; instants before that
read 0. The pure functions and `table` with `sql_minutes_at` give the same readings.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Iterable
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Double, FromClause, String, column, extract, func, literal, literal_column
from sqlalchemy import table as sql_table

from scoreboard.errors import Refused

if TYPE_CHECKING:
    import pyarrow

EPOCH = date(1990, 1, 1)
ONE_DAY, ONE_MINUTE = timedelta(days=1), timedelta(minutes=1)

# What `table` gives, as statements name it: join on the calendar's key and the date of the instant.
CALENDAR_DAYS = sql_table(
    "calendar_days", column("calendar", String), column("day", Date), column("opens", Double),
    column("minutes", Double), column("minutes_before", Double))


@dataclass(frozen=True)
class Calendar:
    """When a branch works: holidays of `country` ("US", "US-TX", "" for none), ISO weekdays, "HH:MM"."""

    country: str = ""
    open_days: str = "12345"
    opens: str = "08:00"
    closes: str = "17:00"

    def __post_init__(self) -> None:
        if not set(self.open_days) & set("1234567") or _minutes(self.closes) <= _minutes(self.opens):
            raise Refused(f'The calendar "{self.key}" has no working time.',
                          "It needs an open day, and must close after it opens.")

    @property
    def key(self) -> str:
        """A short text that names this calendar in tables, for example `US|12345|07:30|17:00`."""
        return f"{self.country}|{self.open_days}|{self.opens}|{self.closes}"


def minutes_at(calendar: Calendar, instant: datetime) -> float:
    """The reading of the cumulative clock: working minutes from the epoch to `instant`."""
    day = instant.date()
    if day < EPOCH:
        return 0.0
    before, minutes = _day(calendar, day)
    since_opening = (instant - datetime.combine(day, time())) / ONE_MINUTE - _hours(calendar)[0]
    return before + min(max(since_opening, 0.0), minutes)


def working_minutes(calendar: Calendar, start: datetime, end: datetime) -> float:
    """Working minutes in `[start, end)`; 0 when `end` is not after `start`."""
    return max(0.0, minutes_at(calendar, end) - minutes_at(calendar, start))


def add_working_minutes(calendar: Calendar, start: datetime, minutes: float) -> datetime:
    """The earliest instant that lies `minutes` of working time after `start`; `start` itself for none."""
    if minutes <= 0:
        return start
    # Rounded below a microsecond: else the noise of adding pushes a full day to the next morning.
    goal = round(minutes_at(calendar, start) + minutes, 8)
    day = max(start.date(), EPOCH)
    while sum(_day(calendar, day)) < goal:
        day += ONE_DAY
    return datetime.combine(day, time()) + (_hours(calendar)[0] + goal - _day(calendar, day)[0]) * ONE_MINUTE


def last_open_day(calendar: Calendar, first: date, last: date) -> date | None:
    """The latest open day from `first` to `last`, both included; None when the branch is closed throughout."""
    while last >= first:
        if _day(calendar, last)[1]:
            return last
        last -= ONE_DAY
    return None


def holidays_between(country: str, first: date, last: date) -> list[tuple[date, str]]:
    """The public holidays from `first` to `last`, both included, with their names, in order."""
    named = {day: name for year in range(first.year, last.year + 1) for day, name in _named_holidays(country, year).items()}
    return sorted((day, name) for day, name in named.items() if first <= day <= last)


def close_of(calendar: Calendar, day: date) -> datetime:
    """End of business on `day`; on a closed day the usual closing time."""
    return datetime.combine(day, time()) + _minutes(calendar.closes) * ONE_MINUTE


def wall_clock(utc: datetime, zone: str) -> datetime:
    """The branch's wall clock at an instant in UTC; both without an offset."""
    return utc.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def to_utc(wall: datetime, zone: str) -> datetime:
    """The instant in UTC of a wall clock reading; both without an offset.

    A time that occurs twice is the first, unless its `fold` says otherwise. A time that the clock skips is
    read with the offset from before the change: 02:30 on a night without 02:00–03:00 is what clocks call 03:30.
    """
    offset = ZoneInfo(zone).utcoffset(wall)
    assert offset is not None  # every zone of the database has one
    return wall - offset


def table(calendars: Iterable[Calendar], first: date, last: date) -> pyarrow.Table:
    """`CALENDAR_DAYS` from `first` to `last` (both included, none before the epoch), for joining in SQL.

    calendar: its key; day: date; opens: minutes after midnight; minutes: working minutes that day, 0 when
    closed; minutes_before: the cumulative clock at midnight.
    """
    import pyarrow as pa

    schema = pa.schema([("calendar", pa.string()), ("day", pa.date32()), ("opens", pa.float64()),
                        ("minutes", pa.float64()), ("minutes_before", pa.float64())])
    first = max(first, EPOCH)
    known = sorted(set(calendars), key=lambda calendar: calendar.key) if last >= first else []
    return pa.Table.from_batches([_days(calendar, first, last, schema) for calendar in known], schema=schema)


def sql_minutes_at(row: FromClause, instant: ColumnElement[datetime]) -> ColumnElement[float]:
    """`minutes_at` as SQL, for an instant joined to its calendar's row of its date; NULL where no row is joined."""
    # Casting to TIME would be shorter; not every engine has that type.
    seconds = extract("epoch", instant) - extract("epoch", func.date_trunc(literal_column("'day'"), instant))
    minute = seconds / literal(60.0, Double)
    since_opening = func.greatest(minute - row.c.opens, literal(0.0, Double), type_=Double)
    return row.c.minutes_before + func.least(since_opening, row.c.minutes, type_=Double)


def _days(calendar: Calendar, first: date, last: date, schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    """Rows of `table` for one calendar."""
    import numpy as np
    import pyarrow as pa

    opens, length = _hours(calendar)
    size = (last - first).days + 1
    years = [_days_before(calendar.country, calendar.open_days, year)[:-1] for year in range(first.year, last.year + 2)]
    before = np.concatenate(years)[_day_of_year(first):][:size + 1]
    days = np.arange(size, dtype=np.int32) + np.int32((first - date(1970, 1, 1)).days)
    numbers = (days, np.full(size, opens), np.diff(before) * length, before[:-1] * length)
    keys = pa.lib.StringBuilder()
    keys.append_values([calendar.key] * size)
    # From buffers, because pa.array imports pandas: half a second in every command.
    columns = [pa.Array.from_buffers(field.type, size, [None, pa.py_buffer(values)])
               for field, values in zip(list(schema)[1:], numbers, strict=True)]
    return pa.RecordBatch.from_arrays([keys.finish(), *columns], schema=schema)


@lru_cache(maxsize=4096)
def _hours(calendar: Calendar) -> tuple[float, float]:
    """Minutes after midnight at opening, and minutes of a working day."""
    opens = _minutes(calendar.opens)
    return opens, _minutes(calendar.closes) - opens


def _minutes(text: str) -> float:
    """Minutes after midnight of "HH:MM"; "24:00" is the end of the day."""
    match = re.fullmatch(r"(\d\d?):([0-5]\d)", text, re.ASCII)
    minutes = int(match[1]) * 60.0 + int(match[2]) if match else 1441.0
    if minutes > 1440:
        raise Refused(f'"{text}" is not a time of day.', "Write it as hours and minutes, for example 07:30.")
    return minutes


def _day(calendar: Calendar, day: date) -> tuple[float, float]:
    """The cumulative clock at the midnight `day` begins with, and the working minutes of that day."""
    days_before, at = _days_before(calendar.country, calendar.open_days, day.year), _day_of_year(day)
    length = _hours(calendar)[1]
    return days_before[at] * length, (days_before[at + 1] - days_before[at]) * length


def _day_of_year(day: date) -> int:
    return day.toordinal() - date(day.year, 1, 1).toordinal()


@lru_cache(maxsize=65536)
def _days_before(country: str, open_days: str, year: int) -> tuple[int, ...]:
    """Open days between the epoch and each day of `year`, and after its last day at the end."""
    earlier = sum(sum(_open(country, open_days, past)) for past in range(EPOCH.year, year))
    return tuple(accumulate(_open(country, open_days, year), initial=earlier))


@lru_cache(maxsize=65536)
def _open(country: str, open_days: str, year: int) -> tuple[bool, ...]:
    """Whether each day of `year` is an open day."""
    days = map(date.fromordinal, range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1))
    closed = _holidays(country, year)
    return tuple(str(day.isoweekday()) in open_days and day not in closed for day in days)


def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(_named_holidays(country, year))


@lru_cache(maxsize=65536)
def _named_holidays(country: str, year: int) -> dict[date, str]:
    """Public holidays of "US" or "US-TX" in a year; none for "". Outside published years, those of fixed date."""
    if not country:
        return {}
    import warnings

    import holidays  # here, because importing it takes longer than most commands

    code, _, subdivision = country.partition("-")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # "available only from 2001 to 2035"
        try:
            return dict(holidays.country_holidays(code, subdiv=subdivision or None, years=year))
        except NotImplementedError:
            raise Refused(f'No holidays are known for "{country}".',
                          'Write a country or a country and its region, for example "US" or "US-TX".') from None
