"""What a case is, from its events: pure folding and the three states."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest

from scoreboard.cases.lifecycle import CLOSED, COLUMNS, NOT_TOLD, OPEN, CaseState, Event, fold, status
from scoreboard.errors import StoreDamaged
from scoreboard.facts.sources import BY_NAME
from scoreboard.state.schema import cases

MONDAY = datetime(2026, 11, 2, 9)
OPENED = {"type": "wrong part", "opened_at": MONDAY}


def imported(**new: Any) -> Event:
    return Event("EAST", "C1", "imported", new)


def test_a_case_has_exactly_the_columns_of_the_source_and_of_the_table() -> None:
    fields = {field.name for field in dataclasses.fields(CaseState)}
    kept_beside = {"id", "closed_at", "due_at", "watched_until", "attention_at"}  # follows from the rest, the terms, and what was said
    assert fields == {column.name for column in cases.columns} - kept_beside == {"branch", "case_no", *COLUMNS}
    assert fields > set(BY_NAME["exceptions"].columns)


def test_no_event_no_case() -> None:
    assert fold([]) is None


def test_a_case_waits_until_its_type_and_opening_are_known() -> None:
    assert fold([imported(told_at=MONDAY)]) is None
    assert fold([imported(told_at=MONDAY), imported(type="wrong part")]) is None
    assert fold([imported(told_at=MONDAY), imported(**OPENED)]) == CaseState(
        "EAST", "C1", "wrong part", MONDAY, told_at=MONDAY)


def test_the_latest_event_that_has_a_column_gives_its_value() -> None:
    case = fold([imported(**OPENED, owner="counter 1", route="R1"), imported(owner="counter 2")])
    assert case is not None and (case.owner, case.route) == ("counter 2", "R1")


def test_an_empty_cell_clears_and_an_absent_column_keeps() -> None:
    case = fold([imported(**OPENED, owner="counter 1", route="R1"), imported(owner=None)])
    assert case is not None and (case.owner, case.route) == (None, "R1")


def test_a_case_whose_opening_is_cleared_waits_again() -> None:
    assert fold([imported(**OPENED), imported(opened_at=None)]) is None


def test_an_event_this_version_does_not_know_is_named() -> None:
    with pytest.raises(StoreDamaged, match='case C1 of EAST has an event "teleported"'):
        fold([Event("EAST", "C1", "teleported", {})])


@pytest.mark.parametrize(("resolved_at", "told_at", "expected"), [
    (None, None, OPEN), (None, MONDAY, OPEN), (MONDAY, None, NOT_TOLD), (MONDAY, MONDAY, CLOSED)])
def test_a_case_is_closed_when_it_is_resolved_and_told(
        resolved_at: datetime | None, told_at: datetime | None, expected: str) -> None:
    assert status(CaseState("EAST", "C1", "wrong part", MONDAY, resolved_at=resolved_at, told_at=told_at)) == expected
