"""Twenty people at the same few cases while files are loaded: nothing is lost, nobody waits for ever. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from scoreboard.cases import desk, finding, log
from scoreboard.cases.actions import Desk
from scoreboard.cases.desk import Overtaken
from scoreboard.cases.lifecycle import fold
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import case_events, cases
from scoreboard.state.viewers import EVERYONE, Viewer
from tests.cases.case_files import TERMS, new_file, rows_of
from tests.cases.worked import Branch, add_owners

NOW = datetime(2026, 11, 9, 18)
EDITORS, EDITS, CASES, LOADS = 20, 50, 5, 10


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    yield engine
    engine.dispose()


def edit(url: str, editor: int) -> int:
    """Counts one up in a case and notes it, in turn; how often somebody else was there first."""
    number, overtaken = f"X{editor % CASES + 1}", 0
    viewer = Viewer(f"editor {editor}", f"editor {editor}", "team member", frozenset({"EAST"}))
    with opened(url) as engine:
        for turn in range(EDITS):
            while True:
                with reading(engine) as conn:
                    state, _ = desk.require(conn, viewer, "EAST", number)
                    seen = finding.entries(conn, viewer, "EAST", number)[-1].id
                at = NOW + timedelta(minutes=turn)
                try:
                    with writing(engine) as conn:
                        if turn % 2:
                            desk.act(Desk(conn, viewer, TERMS, at), "EAST", number, "noted", {"note": f"{editor}/{turn}"}, seen=seen)
                        else:
                            desk.act(Desk(conn, viewer, TERMS, at), "EAST", number, "corrected",
                                     {"customer": str(int(state.customer or 0) + 1)}, seen=seen)
                    break
                except Overtaken:
                    overtaken += 1
    return overtaken


def load(url: str) -> int:
    """Loads files of exceptions, one after another."""
    names = ["branch", "case_no", "type", "opened_at", "customer"]
    for turn in range(LOADS):
        with opened(url) as engine, writing(engine) as conn:
            rows = rows_of(names, *(("EAST", f"E{n}", "damaged", NOW, str(turn)) for n in range(200)))
            log.import_rows(conn, rows, columns=names, load_file_id=new_file(conn), terms=TERMS, who="administrator", now=NOW)
    return 0


def test_a_thousand_edits_of_twenty_editors_lose_nothing_while_files_are_loaded(database_url: str) -> None:
    with opened(database_url) as engine, writing(engine) as conn:
        add_owners(conn, NOW)
        numbers = [Branch(conn, TERMS, NOW).raises() for _ in range(CASES)]
    with ThreadPoolExecutor(EDITORS + 1) as pool:
        running = [pool.submit(edit, database_url, editor) for editor in range(EDITORS)] + [pool.submit(load, database_url)]
        overtaken = sum(one.result(timeout=300) for one in running)
    assert overtaken > 0, "nobody met anybody: the test shows nothing"
    with opened(database_url) as engine, writing(engine) as conn:
        for number in numbers:
            state, _ = desk.require(conn, EVERYONE, "EAST", number)
            entries = finding.entries(conn, EVERYONE, "EAST", number)
            assert state.customer == str(EDITORS // CASES * EDITS // 2)
            assert fold(finding.events(entries, "EAST", number)) == state
            notes = {entry.new["note"] for entry in entries if entry.what == "noted"}
            assert len(notes) == EDITORS // CASES * EDITS // 2 and len(entries) == 1 + EDITORS // CASES * EDITS
        assert conn.scalar(select(func.count()).select_from(case_events)) == CASES + EDITORS * EDITS + LOADS * 200
        assert set(conn.scalars(select(cases.c.customer).where(cases.c.type == "damaged"))) == {str(LOADS - 1)}
        assert log.rebuild(conn, TERMS, NOW) == []


def raise_some(url: str, editor: int) -> list[str]:
    numbers = []
    for _ in range(5):
        with opened(url) as engine, writing(engine) as conn:
            numbers.append(Branch(conn, TERMS, NOW).raises(customer=str(editor)))
    return numbers


def test_twenty_who_raise_at_once_get_a_number_each(database_url: str) -> None:
    with opened(database_url) as engine, writing(engine) as conn:
        add_owners(conn, NOW)
    with ThreadPoolExecutor(EDITORS) as pool:
        found = [number for one in pool.map(lambda editor: raise_some(database_url, editor), range(EDITORS)) for number in one]
    assert sorted(found) == sorted(f"X{n + 1}" for n in range(EDITORS * 5))
