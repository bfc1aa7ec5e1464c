"""Rows made ready before a transaction arrive as if the statement had been given them one by one."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Engine, bindparam, insert, select, update

from scoreboard.state import bulk
from scoreboard.state.database import reading, writing
from scoreboard.state.schema import weekly_results

W44, W45 = date(2026, 10, 26), date(2026, 11, 2)


def row(week: date, **figures: Any) -> dict[str, Any]:
    return {"scope_kind": "branch", "scope": "Röhren & Co, 100 %", "week": week, "metric": "otif", "from_version": 1, "part": 1.0,
            "whole": 2.5, "n": 3, "undecided": 0, "open": 0, "p50": None, "p90": None, "at_least": True, "p90_at_least": False,
            "reporting": 1, "expected": 1, "definition": "abc", **figures}


def test_every_kind_of_value_is_kept_as_it_is(database: Engine) -> None:
    ready = bulk.ready(database.dialect, insert(weekly_results), [row(W44), row(W45, part=None, at_least=False)])
    ends = update(weekly_results).where(weekly_results.c.week == bindparam("b_week")).values(to_version=bindparam("b_to"))
    with writing(database) as conn:
        bulk.run(conn, ready)
        bulk.run(conn, bulk.ready(database.dialect, ends, [{"b_week": W45, "b_to": 7}]))
    with reading(database) as conn:
        found = [dict(kept._mapping) for kept in conn.execute(select(weekly_results).order_by(weekly_results.c.week))]
    assert found == [row(W44, to_version=None), row(W45, part=None, at_least=False, to_version=7)]


def test_no_rows_are_no_statement(database: Engine) -> None:
    with writing(database) as conn:
        bulk.run(conn, bulk.ready(database.dialect, insert(weekly_results), []))
        assert conn.execute(select(weekly_results)).first() is None
