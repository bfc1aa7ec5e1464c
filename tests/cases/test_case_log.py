"""Importing into the log, undoing and rebuilding: on both databases by example, and by property on SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, create_engine, func, insert, select, update

from scoreboard.cases.lifecycle import INSTANTS
from scoreboard.cases.log import Change, import_rows, rebuild, undo_file
from scoreboard.state.database import writing
from scoreboard.state.schema import STATE, case_events, cases
from tests.cases.case_files import NOW, TERMS, at, bring, mark_undone, new_file, on_the_wall, rows_of, table_of_cases

NINE, TEN = at("11-03 09:00"), at("11-03 10:00")


@pytest.fixture
def conn(database: Engine) -> Iterator[Connection]:
    with writing(database) as connection:
        yield connection


def test_a_new_case_is_kept_in_utc_and_read_on_the_wall_clock_of_its_branch(conn: Connection) -> None:
    _, counts = bring(conn, "branch case_no type opened_at",
                      ("EAST", "0001", "wrong part", NINE), ("WEST", "0001", "damaged", NINE))
    assert (counts.new, counts.changed, counts.same, counts.waiting) == (2, 0, 0, 0)
    assert set(conn.execute(select(cases.c.branch, cases.c.opened_at)).all()) == {
        ("EAST", at("11-03 14:00")), ("WEST", at("11-03 17:00"))}
    assert on_the_wall(conn, "type", "opened_at") == [
        ("EAST", "0001", "wrong part", NINE), ("WEST", "0001", "damaged", NINE)]


def test_the_log_says_who_when_from_which_file_and_what_was_before(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE))
    file, _ = bring(conn, "branch case_no type told_at", ("EAST", "1", "wrong part", TEN))
    log = case_events.c
    assert [tuple(row) for row in conn.execute(
        select(log.branch, log.case_no, log.what, log.who, log.at, log.recorded_at, log.old, log.new)
        .where(log.load_file_id == file))] == [
            ("EAST", "1", "imported", "administrator", NOW, NOW, {"told_at": None},
             {"type": "wrong part", "told_at": "2026-11-03T15:00:00"})]


def test_a_file_completes_a_case_and_never_wipes_what_it_does_not_have(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at owner route", ("EAST", "1", "wrong part", NINE, "counter 1", "R1"))
    _, counts = bring(conn, "branch case_no owner told_at", ("EAST", "1", None, TEN))
    assert (counts.new, counts.changed, counts.same, counts.waiting) == (0, 1, 0, 0)
    assert counts.changes == (Change("EAST", "1", ("told_at", "owner"), at("11-03 14:00"), at("11-03 14:00")),)
    assert on_the_wall(conn, "opened_at", "told_at", "owner", "route") == [("EAST", "1", NINE, TEN, None, "R1")]


def test_the_same_row_again_is_same_but_stands_when_the_first_file_is_undone(conn: Connection) -> None:
    columns, row = "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE)
    first, _ = bring(conn, columns, row)
    _, counts = bring(conn, columns, row)
    assert (counts.new, counts.changed, counts.same, counts.waiting, counts.changes) == (0, 0, 1, 0, ())
    assert undo_file(conn, first, TERMS, NOW) == []
    assert on_the_wall(conn, "opened_at") == [("EAST", "1", NINE)]


def test_a_row_of_an_unknown_case_waits_until_its_opening_arrives(conn: Connection) -> None:
    _, early = bring(conn, "branch case_no told_at", ("EAST", "1", TEN))
    assert (early.new, early.waiting, early.changes, on_the_wall(conn)) == (0, 1, (), [])
    _, counts = bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE))
    assert (counts.new, counts.waiting) == (1, 0)
    assert on_the_wall(conn, "opened_at", "told_at") == [("EAST", "1", NINE, TEN)]


def test_a_case_whose_opening_is_cleared_waits_again(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE))
    _, counts = bring(conn, "branch case_no opened_at", ("EAST", "1", None))
    assert (counts.waiting, [change.opened_after for change in counts.changes]) == (1, [None])
    assert on_the_wall(conn) == []


def test_undoing_the_file_that_opened_a_case_takes_the_case_away_and_its_log_stays(conn: Connection) -> None:
    file, _ = bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE))
    bring(conn, "branch case_no told_at", ("EAST", "1", TEN))
    mark_undone(conn, file)
    assert undo_file(conn, file, TERMS, NOW) == [Change("EAST", "1", ("type", "opened_at", "told_at"), at("11-03 14:00"), None)]
    assert on_the_wall(conn) == []
    assert conn.scalar(select(func.count()).select_from(case_events)) == 2
    bring(conn, "branch case_no type opened_at", ("EAST", "1", "damaged", NINE))
    assert on_the_wall(conn, "type", "told_at") == [("EAST", "1", "damaged", TEN)]


def test_an_undone_file_stays_out_when_a_later_one_is_imported(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE))
    undone, _ = bring(conn, "branch case_no owner", ("EAST", "1", "counter 1"))
    mark_undone(conn, undone)
    undo_file(conn, undone, TERMS, NOW)
    bring(conn, "branch case_no told_at", ("EAST", "1", TEN))
    assert on_the_wall(conn, "owner", "told_at") == [("EAST", "1", None, TEN)]


def test_the_same_case_number_in_two_branches_is_two_cases(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE), ("WEST", "1", "damaged", NINE))
    file, _ = bring(conn, "branch case_no owner", ("WEST", "1", "counter 1"))
    assert on_the_wall(conn, "owner") == [("EAST", "1", None), ("WEST", "1", "counter 1")]
    assert [change.branch for change in undo_file(conn, file, TERMS, NOW)] == ["WEST"]


def test_rebuilding_finds_nothing_wrong_in_a_sound_table(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at", ("EAST", "1", "wrong part", NINE), ("WEST", "2", "damaged", TEN))
    bring(conn, "branch case_no told_at", ("EAST", "9", TEN))
    assert rebuild(conn, TERMS, NOW) == []


def test_rebuilding_repairs_changed_missing_and_stray_rows_and_says_which(conn: Connection) -> None:
    bring(conn, "branch case_no type opened_at",
          ("EAST", "1", "wrong part", NINE), ("EAST", "2", "damaged", NINE), ("EAST", "3", "late", NINE))
    sound = table_of_cases(conn)
    conn.execute(update(cases).where(cases.c.case_no == "1").values(owner="nobody", told_at=TEN))
    conn.execute(cases.delete().where(cases.c.case_no == "2"))
    conn.execute(insert(cases).values(branch="WEST", case_no="7", type="stray", opened_at=NINE))
    assert sorted((change.branch, change.case_no, change.columns) for change in rebuild(conn, TERMS, NOW)) == [
        ("EAST", "1", ("told_at", "owner")), ("EAST", "2", ("type", "opened_at")), ("WEST", "7", ("type", "opened_at"))]
    assert table_of_cases(conn) == sound


def test_a_parquet_file_imports_like_the_table_it_holds(conn: Connection, tmp_path: Path) -> None:
    rows = rows_of(["branch", "case_no", "opened_at", "type", "owner"], ("EAST", "1", NINE, "late", "counter 1"))
    parquet.write_table(rows, tmp_path / "rows.parquet")
    import_rows(conn, tmp_path / "rows.parquet", columns=["branch", "case_no", "type", "opened_at"],
                load_file_id=new_file(conn), terms=TERMS, who="administrator", now=NOW)
    assert on_the_wall(conn, "type", "opened_at", "owner") == [("EAST", "1", "late", NINE, None)]


def test_a_file_of_only_keys_brings_nothing_and_waits(conn: Connection) -> None:
    assert bring(conn, "branch case_no", ("EAST", "1"), ("EAST", "2"))[1].waiting == 2


def test_more_rows_than_one_statement_takes_are_all_imported(conn: Connection) -> None:
    rows = [("EAST", f"{n:05}", "late", NINE) for n in range(10_001)]
    _, counts = bring(conn, "branch case_no type opened_at", *rows)
    assert (counts.new, len(table_of_cases(conn))) == (10_001, 10_001)
    file, counts = bring(conn, "branch case_no type", *((*row[:2], "damaged") for row in rows))
    assert (counts.changed, len(undo_file(conn, file, TERMS, NOW))) == (10_001, 10_001)


def test_a_time_that_the_clock_skips_or_repeats_keeps_the_documented_instant(conn: Connection) -> None:
    # Berlin skips 02:00–03:00 on 2026-03-29 and has 02:00–03:00 twice on 2026-10-25.
    bring(conn, "branch case_no type opened_at",
          ("BERLIN", "1", "late", datetime(2026, 3, 29, 2, 30)), ("BERLIN", "2", "late", datetime(2026, 10, 25, 2, 30)))
    assert on_the_wall(conn, "opened_at") == [
        ("BERLIN", "1", datetime(2026, 3, 29, 3, 30)), ("BERLIN", "2", datetime(2026, 10, 25, 2, 30))]


# ---- properties --------------------------------------------------------------------------------------
COLUMNS = ("type", "opened_at", "told_at", "owner")
Bringing = tuple[tuple[str, ...], dict[tuple[str, str], dict[str, Any]]]  # a file: its columns, its cases


@st.composite
def files(draw: st.DrawFn, columns: tuple[str, ...] = COLUMNS) -> Bringing:
    had = tuple(name for name in columns if draw(st.booleans()))
    some_values = st.fixed_dictionaries({
        name: st.sampled_from([None, NINE, TEN]) if name in INSTANTS else st.sampled_from([None, "a", "b"])
        for name in had})
    return had, draw(st.dictionaries(st.tuples(st.sampled_from(["EAST", "WEST"]), st.sampled_from("123")), some_values))


@contextmanager
def empty_database() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        STATE.create_all(connection)
        yield connection
    engine.dispose()


def import_file(conn: Connection, file: Bringing) -> int:
    columns, cases_of_file = file
    rows = [(*key, *(row[name] for name in columns)) for key, row in cases_of_file.items()]
    return bring(conn, " ".join(("branch", "case_no", *columns)), *rows)[0]


def merged(imported: list[Bringing]) -> set[tuple[Any, ...]]:
    """The cases that files leave, told apart column by column: a second computation, without log or fold."""
    values: dict[tuple[str, str], dict[str, Any]] = {}
    for _, rows in imported:
        for key, row in rows.items():
            for name, value in row.items():
                values.setdefault(key, {})[name] = value
    return {(*key, *(row.get(name) for name in COLUMNS)) for key, row in values.items()
            if row.get("type") and row.get("opened_at")}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(files(), st.booleans()), max_size=5), st.randoms(use_true_random=False))
def test_undo_in_any_order_equals_never_imported(imported: list[tuple[Bringing, bool]], random: Any) -> None:
    with empty_database() as conn:
        ids = [import_file(conn, file) for file, _ in imported]
        undone = [load for load, (_, keep) in zip(ids, imported, strict=True) if not keep]
        random.shuffle(undone)
        for load in undone:
            mark_undone(conn, load)
            undo_file(conn, load, TERMS, NOW)
        assert set(on_the_wall(conn, *COLUMNS)) == merged([file for file, keep in imported if keep])
        assert rebuild(conn, TERMS, NOW) == []


@settings(max_examples=40, deadline=None)
@given(files(), files(), files())
def test_imports_that_share_no_case_and_column_commute(before: Bringing, one: Bringing, other: Bringing) -> None:
    if set(one[0]) & set(other[0]):
        other = other[0], {key: row for key, row in other[1].items() if key not in one[1]}
    with empty_database() as conn, empty_database() as turned:
        for file in (before, one, other):
            import_file(conn, file)
        for file in (before, other, one):
            import_file(turned, file)
        assert table_of_cases(conn) == table_of_cases(turned)
