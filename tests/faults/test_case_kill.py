"""`kill -9` between any two statements of an edit of an exception: it is done or it is not, and log and row agree."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.faults.fault_store import NOW, Company
from tests.faults.forked_commands import Commands

OF_RIV = ("--branch", "RIV", "--json", "--now", NOW)
RAISE = ["cases", "open", "--type", "damaged", "--at", "2025-10-21T12:00", *OF_RIV]
RESOLVE = ["cases", "resolve", "X1", *OF_RIV]
OURS = "AND case_no LIKE 'X%'"
SHOW = ["cases", "show", "X1", *OF_RIV]


def kept(data: Path) -> tuple[Any, ...]:
    """What the tables hold of the exceptions raised here."""
    with closing(sqlite3.connect(data / "scoreboard.sqlite")) as conn:
        return tuple(tuple(conn.execute(f"SELECT * FROM {table} WHERE branch = 'RIV' {also} ORDER BY 1, 2").fetchall())
                     for table, also in (("cases", OURS), ("case_events", OURS), ("case_books", ""), ("case_marks", "")))


@pytest.mark.parametrize("words", [RAISE, RESOLVE], ids=["raise", "resolve"])
def test_an_edit_killed_at_any_statement_is_done_or_not_and_can_be_done_again(
        commands: Commands, company: Company, words: list[str]) -> None:
    start = company.copy()
    if words is RESOLVE:
        assert commands.run(start, RAISE).codes == [0]
    done = company.copy(start)
    undisturbed = commands.run(done, words)
    assert undisturbed.codes == [0], undisturbed.said
    before, after = kept(start), kept(done)
    assert before != after and undisturbed.statements > 4
    for step in range(1, undisturbed.statements + 1):
        data = company.copy(start)
        assert commands.run(data, words, at=step).killed, step
        found = kept(data)
        assert found == (after if step == undisturbed.statements else before), step  # the last is the connection given back
        if found == before:
            assert commands.run(data, words).codes == [0] and kept(data) == after
        log, row = commands.run(data, SHOW).json()["log"], kept(data)[0]
        assert len(row) == 1 and [entry["what"] for entry in log] == (["opened"] if words is RAISE else ["opened", "resolved"])
        shutil.rmtree(data)
    assert commands.run(done, ["doctor", "--json", "--now", NOW]).codes == [0]
