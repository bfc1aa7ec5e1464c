"""A week as it was reported beside what is known now: every step between, and what is none."""

from __future__ import annotations

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert

from scoreboard.metrics import company as companies
from scoreboard.metrics import results
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.restated import Compared, Restated, compare
from scoreboard.metrics.scopes import Scope
from scoreboard.metrics.states import Point
from scoreboard.metrics.values import value
from scoreboard.state.database import writing
from scoreboard.state.schema import loads, versions, weekly_results

WEEK = date(2026, 11, 2)
NOW = datetime(2026, 11, 20, 13)
SATURDAY, TUESDAY, THURSDAY = datetime(2026, 11, 7, 9), datetime(2026, 11, 10, 9), datetime(2026, 11, 12, 9)  # reported: Monday 9th, 12:00
EAST = Scope("branch", "EAST")


def version(conn: Connection, number: int, at: datetime, *, undone: int | None = None, sample: bool = False) -> None:
    """A load that was committed then, and perhaps taken back by a later version."""
    conn.execute(insert(versions), {"number": number, "at": at, "what": "load", "who": "lee"})
    conn.execute(insert(loads), {"at": at, "who": "lee", "sample": sample, "version": number, "undone_version": undone})


def row(conn: Connection, begun: int, ended: int | None, part: float, whole: float = 10.0, *, scope: Scope = EAST, metric: str = "otif",
        **more: Any) -> None:
    """A weekly result that was visible from one version to before another."""
    kept = {"undecided": 0, "open": 0, "at_least": False, "p90_at_least": False, "reporting": 1, "expected": 1, "definition": "x", **more}
    conn.execute(insert(weekly_results), {"scope_kind": scope.kind, "scope": scope.name, "week": WEEK, "metric": metric, "n": int(whole),
                                          "from_version": begun, "to_version": ended, "part": part, "whole": whole, **kept})


def compared(conn: Connection, *, scope: Scope = EAST, now: datetime = NOW, state: str = "value", metric: str = "otif") -> Restated | None:
    """The comparison of one metric, whose row of today is what is kept."""
    kept = results.at(conn, scope.kind, scope.name).get(metric, {}).get(WEEK)
    point = Point(BY_KEY[metric], WEEK, kept, value(BY_KEY[metric], kept) if kept else None, state)
    return compare(conn, companies.read(conn, now), scope, WEEK, [point])


def steps(found: Restated | None, metric: str = "otif") -> list[tuple[int | None, float | None, float | None]]:
    """(version, part before, part after) of each change."""
    assert found is not None
    return [(c.version, c.before and c.before.part, c.after and c.after.part) for c in found.figures[metric].changes]


@pytest.mark.parametrize("scope", [EAST, Scope("territory", "Coast"), Scope("company", "")], ids=lambda scope: scope.kind)
def test_every_step_since_the_report_is_told_in_order(database: Engine, scope: Scope) -> None:
    with writing(database) as conn:
        version(conn, 1, SATURDAY)
        version(conn, 2, TUESDAY)
        version(conn, 3, THURSDAY)
        for begun, ended, part in ((1, 2, 9.0), (2, 3, 8.0), (3, None, 7.0)):
            row(conn, begun, ended, part, scope=scope)
        row(conn, 1, None, 3.0, scope=Scope("branch", "WEST"))
        found = compared(conn, scope=scope)
    assert found is not None and (found.version, found.at) == (1, datetime(2026, 11, 9, 12))
    one = found.figures["otif"]
    assert one.reported and one.now and (one.reported.value, one.now.value) == (0.9, 0.7)
    assert steps(found) == [(2, 9.0, 8.0), (3, 8.0, 7.0)] and found.changed == [one]


def test_before_the_reporting_hour_nothing_is_reported(database: Engine) -> None:
    with writing(database) as conn:
        version(conn, 1, SATURDAY)
        row(conn, 1, None, 9.0)
        assert compared(conn, now=datetime(2026, 11, 9, 11, 59)) is None
        found = compared(conn, now=datetime(2026, 11, 9, 12))
        assert found is not None and not found.changed
        running = compared(conn, state="running")
        assert running is not None and not running.figures


def test_a_week_first_loaded_later_was_reported_when_first_loaded(database: Engine) -> None:
    with writing(database) as conn:
        version(conn, 1, SATURDAY)
        version(conn, 2, TUESDAY)
        version(conn, 3, THURSDAY)
        row(conn, 2, 3, 9.0)
        row(conn, 3, None, 8.0)
        found = compared(conn)
    assert found is not None and (found.version, found.at) == (2, TUESDAY) and steps(found) == [(3, 9.0, 8.0)]


def test_a_load_that_was_taken_back_was_never_the_first_and_one_in_time_was_the_report(database: Engine) -> None:
    with writing(database) as conn:
        version(conn, 1, TUESDAY, undone=2)
        conn.execute(insert(versions), {"number": 2, "at": TUESDAY, "what": "undo", "who": "lee"})
        version(conn, 3, THURSDAY)
        row(conn, 1, 2, 1.0)
        row(conn, 3, None, 8.0)
        late = compared(conn)
    assert late is not None and (late.version, steps(late)) == (3, [])
    with writing(database) as conn:
        conn.execute(versions.update().where(versions.c.number == 1).values(at=SATURDAY))
        in_time = compared(conn)
    assert steps(in_time) == [(2, 1.0, None), (3, None, 8.0)]


def test_what_a_sample_showed_was_never_reported(database: Engine) -> None:
    with writing(database) as conn:
        version(conn, 1, SATURDAY, undone=3, sample=True)
        version(conn, 2, TUESDAY)
        conn.execute(insert(versions), {"number": 3, "at": TUESDAY, "what": "undo", "who": "sample"})
        row(conn, 1, 2, 50.0, 60.0)
        row(conn, 2, 3, 58.0, 70.0)
        row(conn, 3, None, 8.0)
        found = compared(conn)
    assert found is not None and (found.version, found.changed) == (3, [])


def test_a_version_that_only_moved_coverage_open_rows_or_a_name_is_no_step(database: Engine) -> None:
    with writing(database) as conn:
        for number, at in ((1, SATURDAY), (2, TUESDAY), (3, TUESDAY), (4, THURSDAY)):
            version(conn, number, at)
        row(conn, 1, 2, 9.0)
        row(conn, 2, 3, 9.0 + 1e-12, open=4, reporting=0)
        row(conn, 3, 4, 9.0, definition="y")
        row(conn, 4, None, 18.0, 20.0)
        found = compared(conn)
    assert steps(found) == [(4, 9.0, 18.0)]  # 90.0 % both times, but of twenty


def test_a_figure_that_came_back_has_its_steps_and_has_not_changed(database: Engine) -> None:
    with writing(database) as conn:
        for number, at in ((1, SATURDAY), (2, TUESDAY), (3, THURSDAY)):
            version(conn, number, at)
        row(conn, 1, 2, 9.0)
        row(conn, 3, None, 9.0)
        found = compared(conn)
    assert steps(found) == [(2, 9.0, None), (3, None, 9.0)] and found is not None and not found.changed


def test_what_time_alone_changed_has_no_version(database: Engine) -> None:
    with writing(database) as conn:
        version(conn, 1, SATURDAY)
        row(conn, 1, None, 9.0)
        older = SimpleNamespace(part=7.0, whole=10.0, n=10, p50=None, at_least=False)
        found = compare(conn, companies.read(conn, NOW), EAST, WEEK, [Point(BY_KEY["otif"], WEEK, older, 0.7, "value")])
    assert steps(found) == [(None, 9.0, 7.0)]


def test_a_figure_of_too_few_people_is_hidden_in_every_version(database: Engine) -> None:
    with writing(database) as conn:
        version(conn, 1, SATURDAY)
        version(conn, 2, TUESDAY)
        row(conn, 1, 2, 1.0, 2.0, metric="nps")
        row(conn, 2, None, 20.0, 40.0, metric="nps")
        found = compared(conn, metric="nps")
    one: Compared | None = found and found.figures["nps"]
    assert one is not None and one.reported is None and one.now is not None
