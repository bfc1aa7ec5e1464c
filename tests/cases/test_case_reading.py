"""Cases as the roll-up reads them: the source's columns, by branch and by opening on the wall clock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.cases.reading import for_figures
from scoreboard.cases.terms import Terms
from scoreboard.facts.sources import BY_NAME
from scoreboard.state.database import writing
from tests.cases.case_files import NOW, TERMS, at, bring

CANARY = "canary-7f3a"


@pytest.fixture
def conn(database: Engine) -> Iterator[Connection]:
    with writing(database) as connection:
        yield connection


def opened(conn: Connection, since: datetime | None, until: datetime | None) -> list[tuple[str, str]]:
    table = for_figures(conn, None, since, until, TERMS, NOW).rows
    return list(zip(table["branch"].to_pylist(), table["case_no"].to_pylist(), strict=True))


def test_the_columns_are_those_of_the_source_in_its_order(conn: Connection) -> None:
    source = BY_NAME["exceptions"]
    table = for_figures(conn, None, None, None, TERMS, NOW).rows
    assert (tuple(table.column_names), table.num_rows) == (source.columns, 0)
    assert [name for name in table.column_names if str(table.schema.field(name).type) == "timestamp[us]"] == list(
        source.dates)


def test_a_week_is_the_week_of_the_branch_not_of_utc(conn: Connection) -> None:
    # Sunday 20:00 in Los Angeles is Monday in UTC.
    bring(conn, "branch case_no type opened_at",
          ("WEST", "sunday", "late", at("11-08 20:00")), ("WEST", "monday", "late", at("11-09 00:00")),
          ("BERLIN", "sunday", "late", at("11-08 23:59")), ("BERLIN", "monday", "late", at("11-09 00:00")))
    week = datetime(2026, 11, 2), datetime(2026, 11, 9)
    assert opened(conn, *week) == [("BERLIN", "sunday"), ("WEST", "sunday")]
    assert opened(conn, week[1], None) == [("BERLIN", "monday"), ("WEST", "monday")]
    assert opened(conn, None, week[0]) == []


def test_a_reader_of_one_branch_is_given_nothing_of_another(conn: Connection) -> None:
    texts = "type customer order_no part_no handoff priority owner root_cause route provider service_type"
    bring(conn, f"branch case_no opened_at {texts}",
          ("EAST", "1", at("11-03 09:00"), *["seen"] * 11), ("WEST", CANARY, at("11-03 09:00"), *[CANARY] * 11))
    alone = Terms({"EAST": TERMS.calendars["EAST"]}, {"EAST": TERMS.zones["EAST"]}, {})
    assert CANARY in str(for_figures(conn, None, None, None, TERMS, NOW).rows.to_pylist())
    assert CANARY not in str(for_figures(conn, ["EAST"], None, None, TERMS, NOW).rows.to_pylist())
    assert for_figures(conn, ["EAST"], None, None, alone, NOW).rows.num_rows == 1
    assert for_figures(conn, [], None, None, TERMS, NOW).rows.num_rows == 0


def test_cases_are_read_without_pandas() -> None:
    program = """
import sys
from sqlalchemy import create_engine
from datetime import datetime
from scoreboard.cases.reading import for_figures
from scoreboard.cases.terms import Terms
from scoreboard.state.schema import STATE
engine = create_engine("sqlite://")
with engine.begin() as conn:
    STATE.create_all(conn)
    for_figures(conn, None, None, None, Terms({}, {}, {}), datetime(2026, 11, 9))
assert "pandas" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
