"""What stands open now, counted from cases written here by hand."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine, insert

from scoreboard.calendars import Calendar
from scoreboard.cases.log import redate
from scoreboard.cases.standing import Standing, standing
from scoreboard.cases.terms import Terms
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import cases

OFFICE = Calendar("", "12345", "08:00", "17:00")
NOW = datetime(2026, 11, 9, 12)  # a Monday
MONDAY = datetime(2026, 11, 2, 8)


@pytest.fixture
def store(database: Engine) -> Engine:
    rows = [
        {"branch": "EAST", "case_no": "1", "opened_at": MONDAY, "resolved_at": None, "told_at": None},  # due Monday 10:00: past
        {"branch": "EAST", "case_no": "2", "opened_at": datetime(2026, 11, 9, 11), "resolved_at": None, "told_at": None},  # due 13:00
        {"branch": "EAST", "case_no": "3", "opened_at": MONDAY, "resolved_at": datetime(2026, 11, 3, 9), "told_at": None},  # past, not told
        {"branch": "EAST", "case_no": "4", "opened_at": MONDAY, "resolved_at": MONDAY, "told_at": datetime(2026, 11, 4)},  # closed
        {"branch": "EAST", "case_no": "5", "opened_at": MONDAY, "resolved_at": None, "told_at": None, "type": "odd"},  # no standard
        {"branch": "WEST", "case_no": "1", "opened_at": MONDAY, "resolved_at": None, "told_at": None}]
    with writing(database) as conn:
        for row in rows:
            closed = row["told_at"] if row["resolved_at"] else None
            conn.execute(insert(cases).values({"type": "late", "closed_at": closed, **row}))
        redate(conn, Terms({"EAST": OFFICE, "WEST": OFFICE}, {"EAST": "UTC", "WEST": "UTC"}, {"Late": 120.0}))
    return database


def test_past_standard_and_not_told_are_counted_with_the_oldest(store: Engine) -> None:
    with reading(store) as conn:
        found = standing(conn, {"EAST"}, NOW)
    assert found == Standing(2, datetime(2026, 11, 2, 10), 1, datetime(2026, 11, 3, 9))


def test_another_branch_is_not_counted(store: Engine) -> None:
    with reading(store) as conn:
        assert standing(conn, {"WEST"}, NOW).past_standard == 1
        assert standing(conn, (), NOW) == Standing(0, None, 0, None)
