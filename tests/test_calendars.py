"""Working time: on the boundaries, against counting minute by minute, and the same in SQL as in Python."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, time, timedelta

import duckdb
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import DateTime, String, column, func, select, table
from sqlalchemy.dialects import postgresql

from scoreboard import calendars
from scoreboard.calendars import CALENDAR_DAYS, Calendar
from scoreboard.errors import Refused

RIVERSIDE = Calendar("US", "12345", "07:30", "17:00")  # 570 minutes a day
CHICAGO = "America/Chicago"  # springs forward on Sunday 2026-03-08, falls back on Sunday 2026-11-01

some_calendars = st.builds(
    lambda country, days, opens, hours: Calendar(country, "".join(sorted(days)), _clock(opens), _clock(opens + hours)),
    st.sampled_from(["", "US", "US-TX", "DE-BY", "JP"]), st.sets(st.sampled_from("1234567"), min_size=1),
    st.integers(0, 1000), st.integers(1, 440))
some_instants = st.datetimes(datetime(1990, 1, 1), datetime(2035, 12, 31))
boundaries = [datetime.combine(day, at) for day in (
    date(2026, 3, 6), date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9), date(2026, 11, 1), date(2026, 11, 2),
    date(2026, 7, 3), date(2026, 7, 4), date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1),
    date(2026, 12, 31), date(2027, 1, 1), date(2027, 12, 31), date(2028, 1, 3))
    for at in (time(0, 0), time(7, 29, 59), time(7, 30), time(7, 30, 1), time(17, 0), time(17, 0, 1), time(23, 59))]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def worked(start: str, end: str, calendar: Calendar = RIVERSIDE) -> float:
    return calendars.working_minutes(calendar, datetime.fromisoformat(start), datetime.fromisoformat(end))


@pytest.mark.parametrize(("start", "end", "minutes"), [
    ("2026-11-03 07:29:59", "2026-11-03 07:30:00", 0),    # not open yet
    ("2026-11-03 07:30:00", "2026-11-03 07:31:00", 1),
    ("2026-11-03 07:30:00", "2026-11-03 17:00:00", 570),  # a whole day
    ("2026-11-03 16:59:00", "2026-11-03 23:59:00", 1),
    ("2026-11-03 17:00:00", "2026-11-04 07:30:00", 0),    # a night
    ("2026-11-03 23:59:00", "2026-11-04 00:00:00", 0),
    ("2026-11-06 16:30:00", "2026-11-09 08:00:00", 60),   # a weekend
    ("2026-11-04 09:00:00", "2026-11-04 08:00:00", 0),    # backwards
])
def test_only_the_minutes_between_opening_and_closing_count(start: str, end: str, minutes: float) -> None:
    assert worked(start, end) == minutes


def test_a_holiday_on_a_saturday_closes_the_friday_before() -> None:
    assert worked("2026-07-02 16:00", "2026-07-06 08:30") == 60 + 60


def test_new_year_kept_in_the_old_year_closes_its_last_day() -> None:
    # New Year's Day 2028 is a Saturday, so the holiday is Friday 2027-12-31.
    assert worked("2027-12-30 16:00", "2028-01-03 08:30") == 60 + 60
    assert worked("2027-12-30 16:00", "2028-01-03 08:30", Calendar("", "12345", "07:30", "17:00")) == 60 + 570 + 60


def test_a_leap_day_is_a_day() -> None:
    assert worked("2024-02-28 17:00", "2024-03-01 07:30") == 570
    assert worked("2023-02-28 17:00", "2023-03-01 07:30") == 0


def test_a_clock_change_outside_opening_hours_gives_and_takes_nothing() -> None:
    assert worked("2026-03-06 16:00", "2026-03-09 08:30") == 60 + 60
    assert worked("2026-10-30 16:00", "2026-11-02 08:30") == 60 + 60


def test_a_region_has_its_own_holidays() -> None:
    # Epiphany, a Tuesday in 2026, is kept in Bavaria and not in Berlin.
    assert worked("2026-01-06 00:00", "2026-01-07 00:00", Calendar("DE-BY")) == 0
    assert worked("2026-01-06 00:00", "2026-01-07 00:00", Calendar("DE-BE")) == 540


def test_a_branch_open_to_midnight_closes_at_the_end_of_the_day() -> None:
    always = Calendar("", "1234567", "00:00", "24:00")
    assert worked("2026-11-03 00:00", "2026-11-05 00:00", always) == 2 * 1440
    assert calendars.close_of(always, date(2026, 11, 3)) == datetime(2026, 11, 4)


@settings(max_examples=40, deadline=None)
@given(some_calendars, st.datetimes(datetime(2023, 12, 20), datetime(2028, 1, 5)), st.integers(0, 4 * 1440))
def test_working_minutes_are_what_counting_every_minute_gives(calendar: Calendar, start: datetime, span: int) -> None:
    start = start.replace(second=0, microsecond=0)
    opens, closes = (time.fromisoformat(text) for text in (calendar.opens, calendar.closes))
    minutes = (start + timedelta(minutes=n) for n in range(span))
    counted = sum(calendars.last_open_day(calendar, at.date(), at.date()) is not None and opens <= at.time() < closes
                  for at in minutes)
    assert calendars.working_minutes(calendar, start, start + timedelta(minutes=span)) == counted


@settings(max_examples=60, deadline=None)
@given(some_calendars, some_instants, st.integers(1, 20_000))
def test_adding_working_minutes_finds_the_earliest_instant_that_late(
        calendar: Calendar, start: datetime, minutes: int) -> None:
    start = start.replace(microsecond=0)
    end = calendars.add_working_minutes(calendar, start, minutes)
    assert calendars.working_minutes(calendar, start, end) == pytest.approx(minutes, abs=1e-6)
    assert calendars.working_minutes(calendar, start, end - timedelta(seconds=1)) < minutes - 0.01


def test_adding_a_full_day_ends_at_closing_and_a_minute_more_the_next_morning() -> None:
    opening = datetime(2026, 11, 6, 7, 30)  # a Friday
    assert calendars.add_working_minutes(RIVERSIDE, opening, 570) == datetime(2026, 11, 6, 17, 0)
    assert calendars.add_working_minutes(RIVERSIDE, opening, 571) == datetime(2026, 11, 9, 7, 31)
    assert calendars.add_working_minutes(RIVERSIDE, datetime(2026, 11, 7, 12), 0) == datetime(2026, 11, 7, 12)


def test_the_last_open_day_passes_over_weekends_and_holidays() -> None:
    # Thanksgiving 2026 is Thursday 11-26; the Friday after is worked.
    assert calendars.last_open_day(RIVERSIDE, date(2026, 11, 23), date(2026, 11, 29)) == date(2026, 11, 27)
    assert calendars.last_open_day(RIVERSIDE, date(2026, 11, 26), date(2026, 11, 26)) is None
    assert calendars.last_open_day(RIVERSIDE, date(2026, 11, 28), date(2026, 11, 29)) is None


def test_a_closed_day_ends_at_the_usual_closing_time() -> None:
    assert calendars.close_of(RIVERSIDE, date(2026, 11, 8)) == datetime(2026, 11, 8, 17, 0)


def test_a_time_that_the_clock_skips_is_read_with_the_offset_before() -> None:
    assert calendars.to_utc(datetime(2026, 3, 8, 2, 30), CHICAGO) == datetime(2026, 3, 8, 8, 30)
    assert calendars.wall_clock(datetime(2026, 3, 8, 8, 30), CHICAGO) == datetime(2026, 3, 8, 3, 30)


def test_a_time_that_occurs_twice_is_the_first() -> None:
    assert calendars.to_utc(datetime(2026, 11, 1, 1, 30), CHICAGO) == datetime(2026, 11, 1, 6, 30)


@given(some_instants, st.sampled_from([CHICAGO, "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "UTC"]))
@example(datetime(2026, 11, 1, 7, 30), CHICAGO)  # the second 01:30 of that night
def test_a_wall_clock_leads_back_to_its_instant(instant: datetime, zone: str) -> None:
    assert calendars.to_utc(calendars.wall_clock(instant, zone), zone) == instant


def in_sql(known: set[Calendar], instants: list[tuple[Calendar, datetime]], first: date, last: date) -> list[float]:
    """Readings computed by DuckDB, in the order of `instants`."""
    moments = table("moments", column("n"), column("calendar", String), column("moment", DateTime))
    days = CALENDAR_DAYS
    statement = select(calendars.sql_minutes_at(days, moments.c.moment)).select_from(moments.outerjoin(
        days, (days.c.calendar == moments.c.calendar) & (days.c.day == func.date(moments.c.moment))
    )).order_by(moments.c.n)
    compiled = statement.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar"))  # type: ignore[no-untyped-call]
    with duckdb.connect() as engine:
        engine.register("calendar_days", calendars.table(known, first, last))
        engine.execute("CREATE TABLE moments (n INTEGER, calendar VARCHAR, moment TIMESTAMP)")
        engine.executemany("INSERT INTO moments VALUES (?, ?, ?)",
                           [(n, calendar.key, moment) for n, (calendar, moment) in enumerate(instants)])
        parameters = [compiled.params[name] for name in compiled.positiontup or ()]
        return [row[0] for row in engine.execute(str(compiled), parameters).fetchall()]


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(some_calendars, some_instants), min_size=1, max_size=20))
@example([(RIVERSIDE, moment) for moment in boundaries])
def test_sql_and_python_read_the_same_clock(instants: list[tuple[Calendar, datetime]]) -> None:
    days = [moment.date() for _, moment in instants]
    in_python = [calendars.minutes_at(calendar, moment) for calendar, moment in instants]
    assert in_sql({calendar for calendar, _ in instants}, instants, min(days), max(days)) == pytest.approx(
        in_python, rel=0, abs=1e-6)


def test_sql_and_python_agree_to_the_last_bit_on_whole_seconds() -> None:
    instants = [(RIVERSIDE, moment) for moment in boundaries]
    assert in_sql({RIVERSIDE}, instants, date(2024, 1, 1), date(2028, 12, 31)) == [
        calendars.minutes_at(RIVERSIDE, moment) for moment in boundaries]


def test_an_instant_without_a_row_of_the_table_has_no_reading() -> None:
    assert in_sql(set(), [(RIVERSIDE, datetime(2026, 11, 3, 9))], date(2026, 1, 1), date(2026, 1, 2)) == [None]


def test_the_table_has_one_row_for_each_calendar_and_day() -> None:
    saturdays = Calendar("US", "6", "09:00", "12:00")
    rows = calendars.table([RIVERSIDE, saturdays, RIVERSIDE], date(2026, 11, 6), date(2026, 11, 7)).to_pylist()
    assert [(row["calendar"], row["day"], row["opens"], row["minutes"]) for row in rows] == [
        ("US|12345|07:30|17:00", date(2026, 11, 6), 450, 570), ("US|12345|07:30|17:00", date(2026, 11, 7), 450, 0),
        ("US|6|09:00|12:00", date(2026, 11, 6), 540, 0), ("US|6|09:00|12:00", date(2026, 11, 7), 540, 180)]
    assert rows[1]["minutes_before"] == rows[0]["minutes_before"] + 570


def test_the_table_begins_at_the_epoch_and_before_it_the_clock_stands_at_zero() -> None:
    first = calendars.table([RIVERSIDE], date(1989, 12, 1), date(1990, 1, 5)).to_pylist()[0]
    assert (first["day"], first["minutes_before"]) == (date(1990, 1, 1), 0)
    assert calendars.minutes_at(RIVERSIDE, datetime(1989, 12, 29, 12)) == 0


@pytest.mark.parametrize(("hours", "sentence"), [
    (("", "12345", "17:00", "07:30"), "no working time"), (("", "", "07:30", "17:00"), "no working time"),
    (("", "12345", "7.30", "17:00"), '"7.30" is not a time of day'),
    (("", "12345", "07:30", "24:01"), '"24:01" is not a time of day')])
def test_a_calendar_without_working_time_is_refused(hours: tuple[str, str, str, str], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        Calendar(*hours)


def test_an_unknown_country_is_refused_by_name() -> None:
    with pytest.raises(Refused, match='No holidays are known for "XX-1"'):
        calendars.minutes_at(Calendar("XX-1"), datetime(2026, 1, 1))


def test_outside_the_published_years_holidays_of_fixed_date_are_kept_without_a_warning() -> None:
    # India's movable holidays are known from 2001 on; a warning would fail this test.
    assert worked("1995-01-26 00:00", "1995-01-27 00:00", Calendar("IN")) == 0


def test_importing_is_light_and_a_table_is_built_without_pandas() -> None:
    program = """
import sys, datetime
from scoreboard import calendars
assert not {"pandas", "pyarrow", "numpy", "holidays"} & set(sys.modules), "imported at the top"
calendars.table([calendars.Calendar("US")], datetime.date(2026, 1, 1), datetime.date(2026, 1, 2))
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
