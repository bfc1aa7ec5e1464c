"""Branches side by side say of every figure what the board of its branch says, and together what the sums of the rows give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from scoreboard import settings as settings_module
from scoreboard.errors import NotAllowed, Refused
from scoreboard.metrics import board, compare, levels
from scoreboard.metrics import company as companies
from scoreboard.metrics.board import Tile
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.compare import Matrix
from scoreboard.metrics.compare_cells import Kept
from scoreboard.metrics.open_cases import OF_CASES
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state import branches, peer_groups, targets
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.schema import case_events, case_marks, weekly_results
from scoreboard.state.viewers import EVERYONE, Viewer
from scoreboard.weeks import WEEK
from tests.metrics import made_series, trap_company
from tests.metrics.made_series import LAST
from tests.metrics.trap_company import MOVES_ON
from tests.metrics.worked_cases import at, live_through
from tests.trap_data import generate

KEYS = [m.key for m in CATALOGUE]


def said(tile: Tile) -> tuple[Any, ...]:
    """Everything a tile tells of its week."""
    judged = tile.judged
    assert judged
    return (tile.metric.key, tile.shown, tile.picked, tile.aim, tile.needs, tile.on_board, judged.usual, judged.variation, judged.assurance,
            judged.rule, judged.since, judged.held, judged.blocks, judged.pooled, judged.seldom)


def unlike(engine: Any, settings: Settings, week: date, viewer: Viewer = EVERYONE) -> tuple[list[str], int]:
    """The cells that are not what the board of their branch says, and how many were proved from a few weeks."""
    with reading(engine) as conn:
        company = companies.read(conn, settings.now)
        found = compare.read(conn, settings, company, viewer, None, week, CATALOGUE)
        wrong, proved = [], 0
        for row in found.rows:
            own = board.read(conn, settings, Scope("branch", row.code), week, company=company, also=KEYS)
            wrong += [f"{row.code} {t.metric.key} in {week}" for t in own.tiles if said(row.cells[t.metric.key].tile) != said(t)]
            proved += sum(len(cell.tile.history) == 1 for cell in row.cells.values())
    return wrong, proved


# ---- equal to the boards -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def sample(sample_folder: Path) -> Iterator[tuple[Settings, Any]]:
    settings = settings_module.read(str(sample_folder), "2026-11-09T13:00")
    engine = open_database(settings.database_url)
    yield settings, engine
    engine.dispose()


@pytest.mark.parametrize("back", [-1, 0, 1, 4, 26, 58])
def test_every_cell_of_the_sample_is_what_the_board_of_its_branch_says(sample: tuple[Settings, Any], back: int) -> None:
    settings, engine = sample
    assert unlike(engine, settings, LAST - back * WEEK)[0] == []


@pytest.mark.parametrize("seed", range(2))
def test_every_cell_of_made_up_series_is_what_the_board_of_its_branch_says(tmp_path: Path, database_url: str, seed: int) -> None:
    """Thin, lacking, undecided, flat, rare and moved weeks; targets that end, one misses, levels begun."""
    settings, engine = made_series.made(tmp_path, database_url, ["B1", "B2", "B3"], seed)
    with writing(engine) as conn:
        company = companies.read(conn, settings.now)
        for kind, scope, target in (("company", "", 0.9), ("branch", "B2", 0.5), ("territory", "North", 0.97)):
            for key in ("otif", "fill_rate", "in_full"):
                targets.set_target(conn, metric=key, scope_kind=kind, scope=scope, target=target, floor=None, from_on=date(2026, 3, 2),
                                   reason="agreed", who="", now=settings.now, metrics=BY_KEY)
        for key in KEYS:
            for code in company.branches:
                if levels.offered(conn, settings, Scope("branch", code), BY_KEY[key], company):
                    levels.begin(conn, settings, EVERYONE, Scope("branch", code), BY_KEY[key], "moved for good", company)
    proved = 0
    for back in (0, 1, 2, 5, 30):
        wrong, sure = unlike(engine, settings, LAST - back * WEEK)
        assert wrong == []
        proved += sure
    assert proved > 100, "else the proof is not what was tested"
    engine.dispose()


def test_every_cell_of_trap_data_with_cases_at_work_is_what_the_board_of_its_branch_says(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    company.load(generate(5, size=6))
    now = datetime(2027, 2, 24, 15)
    working = at(company, now)
    luck = Random(5)
    for number in range(9):
        live_through(luck, working, f"B{number % 3 + 1}", now)
    for back in (0, 1, 3, 6, 9):
        assert unlike(working.engine, working.settings, date(2027, 2, 22) - back * WEEK)[0] == []


# ---- kept ----------------------------------------------------------------------------------------------
def test_kept_cells_are_what_reading_them_again_says_whatever_is_done_to_exceptions_meanwhile(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    company.load(generate(5, size=6))
    now, luck, kept, moved = datetime(2027, 2, 24, 15), Random(7), Kept(), 0
    for _ in range(5):
        live_through(luck, at(company, now), f"B{luck.randrange(3) + 1}", now)
        for minutes in (0, 1, 45):
            now += timedelta(minutes=minutes)
            before = dict(kept.cells)
            read = {into is kept: cells(at(company, now), into) for into in (kept, None)}
            assert read[True] == read[False]
            moved += any(before[pair] != kept.cells[pair] for pair in before)
    assert moved > 3, "else nothing happened that cells had to notice"


def test_what_is_kept_is_not_read_again(tmp_path: Path) -> None:
    settings, engine = made_series.made(tmp_path, f"sqlite:///{tmp_path / 'kept.sqlite'}", ["B1", "B2", "B3"], 1)
    kept, told = Kept(), list[str]()
    event.listen(engine, "before_cursor_execute", lambda _c, _cu, text, *_: told.append(text))
    for found in (True, False):
        told.clear()
        with reading(engine) as conn:
            compare.read(conn, settings, companies.read(conn, settings.now), EVERYONE, None, LAST,
                         [m for m in CATALOGUE if m.needs[0].startswith("order_lines")], kept)
        of_branches = [text for text in told if "weekly_results" in text and "usual_ranges" not in text and "scope IN" in text]
        assert bool(of_branches) == found, "a second look reads no branch's results"
    engine.dispose()


def test_an_edit_of_an_exception_is_seen_although_the_cell_was_proved_before(tmp_path: Path) -> None:
    settings, engine = made_series.made(tmp_path, f"sqlite:///{tmp_path / 'edited.sqlite'}", ["B1", "B2", "B3", "B4"], 3)
    every = Kept()
    figures(engine, settings, sorted(OF_CASES), every)
    key = next(key for (_, key), (_, cell) in every.cells.items() if not cell.moves and cell.tile.picked.row)
    kept = Kept({(code, of): found for (code, of), found in every.cells.items() if of == key})
    sure = [code for (code, _), (_, cell) in kept.cells.items() if not cell.moves]
    before = figures(engine, settings, [key], kept)
    with writing(engine) as conn:
        opened = datetime.combine(LAST, datetime.min.time()) + timedelta(hours=9)
        conn.execute(insert(case_marks), [{"branch": code, "opened_at": opened} for code in sure])
        conn.execute(insert(case_events), [{
            "branch": code, "case_no": "X1", "at": opened, "recorded_at": opened, "who": "", "what": "noted", "new": {}} for code in sure])
    assert figures(engine, settings, [key], kept) == figures(engine, settings, [key], None) != before
    engine.dispose()


def figures(engine: Any, settings: Settings, keys: Sequence[str], kept: Kept | None) -> dict[tuple[str, str], Any]:
    with reading(engine) as conn:
        metrics = [BY_KEY[key] for key in keys]
        found = compare.read(conn, settings, companies.read(conn, settings.now), EVERYONE, None, LAST, metrics, kept)
        return {(row.code, key): said(cell.tile) for row in found.rows for key, cell in row.cells.items()}


def cells(company: Any, kept: Kept | None) -> dict[tuple[str, str], Any]:
    with reading(company.engine) as conn:
        found = compare.read(conn, company.settings, companies.read(conn, company.settings.now), EVERYONE, None, date(2027, 2, 22) - WEEK,
                             CATALOGUE, kept)
        return {(row.code, key): (said(cell.tile), cell.reported, cell.typed, cell.alike)
                for row in found.rows for key, cell in row.cells.items()}


# ---- together ------------------------------------------------------------------------------------------
def test_together_is_the_sum_over_the_branches_that_belonged_there_in_that_week(tmp_path: Path) -> None:
    """B2 moves from South to North in mid-period: it counts where it was."""
    company = trap_company.found(tmp_path)
    company.load(generate(3, size=6))
    for week, south in ((MOVES_ON - WEEK, {"B2", "B3"}), (MOVES_ON, {"B3"})):
        found = matrix(company, "South", week)
        assert {row.code for row in found.rows} == south and {row.territory for row in found.rows} == {"South"}
        compared = 0
        for key, tile in (found.total or {}).items():
            cells = [row.cells[key].tile.picked.row for row in found.rows]
            if tile.picked.row and not BY_KEY[key].is_duration and not BY_KEY[key].rolling and not BY_KEY[key].minimum:
                there = [row for row in cells if row]
                assert (tile.picked.row.part, tile.picked.row.n) == (
                    pytest.approx(sum(row.part for row in there)), sum(row.n for row in there)), key
                compared += 1
        assert compared >= 5


def matrix(company: Any, territory: str | None, week: date, viewer: Viewer = EVERYONE) -> Matrix:
    with reading(company.engine) as conn:
        return compare.read(conn, company.settings, companies.read(conn, company.settings.now), viewer, territory, week, CATALOGUE)


# ---- who sees what -------------------------------------------------------------------------------------
def test_a_viewer_gets_only_their_branches_and_no_sum_over_others(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    company.load(generate(3, size=4))
    leader = Viewer("b2@example.com", "B2", "branch leader", frozenset({"B2"}))
    found = matrix(company, "north", MOVES_ON, leader)
    assert [row.code for row in found.rows] == ["B2"] and found.total is None and found.territory == "North"
    assert matrix(company, "North", MOVES_ON - WEEK, leader).rows == (), "it was not there yet"
    for name in ("Nowhere", "East"):
        with pytest.raises(NotAllowed, match="not a territory with branches of yours"):
            matrix(company, name, MOVES_ON, Viewer("x", "x", "viewer", frozenset({"B2"})))
    with pytest.raises(Refused, match="Known: North, South"):
        matrix(company, "Nort", MOVES_ON)


def test_the_number_of_statements_does_not_grow_with_the_branches(tmp_path: Path) -> None:
    counts = []
    for number, codes in enumerate((["A1"], [f"A{n}" for n in range(7)])):
        settings, engine = made_series.made(tmp_path, f"sqlite:///{tmp_path / f'{number}.sqlite'}", codes, 1)
        told: list[str] = []
        event.listen(engine, "before_cursor_execute", lambda _c, _cu, text, *_, told=told: told.append(text))
        with reading(engine) as conn:
            company = companies.read(conn, settings.now)
            told.clear()
            compare.read(conn, settings, company, EVERYONE, "North", LAST, [m for m in CATALOGUE if m.needs[0].startswith("order_lines")])
        counts.append(len([text for text in told if text.startswith(("SELECT", "WITH"))]))
        engine.dispose()
    assert counts[0] == counts[1] < 30


# ---- order, columns, what is unlike --------------------------------------------------------------------
def test_signals_come_first_then_targets_missed_then_the_others_each_by_name(sample: tuple[Settings, Any]) -> None:
    settings, engine = sample
    with reading(engine) as conn:
        found = compare.read(conn, settings, companies.read(conn, settings.now), EVERYONE, None, LAST)
    assert [row.need for row in found.rows] == sorted((row.need for row in found.rows), key=compare.NEEDS.index)
    for need in compare.NEEDS:
        names = [row.name for row in found.rows if row.need == need]
        assert names == sorted(names)
    assert {row.need for row in found.rows} >= {"worse", "misses"}
    assert found.coverage["otif"] == (6, 6)


def test_a_weaker_figure_stands_in_a_column_of_its_own(tmp_path: Path) -> None:
    """B3 brings order lines without delivery dates: it is on time by its shipping dates, which is another figure."""
    company = trap_company.found(tmp_path)
    rows = generate(3, size=4)
    short = [{k: v for k, v in row.items() if k not in ("delivered_at", "qty_delivered", "pod_at")} for row in rows["order_lines"]
             if row["branch"] == "B3"]
    company.load({"order_lines": [row for row in rows["order_lines"] if row["branch"] != "B3"]})
    company.load({"order_lines": short})
    with reading(company.engine) as conn:
        found = compare.read(conn, company.settings, companies.read(conn, company.settings.now), EVERYONE, None, MOVES_ON)
    keys = [m.key for m in found.metrics]
    assert keys.index("on_time_shipped") == keys.index("otif") + 1
    three = next(row for row in found.rows if row.code == "B3")
    assert three.cells["otif"].tile.needs and not three.cells["on_time_shipped"].tile.needs


def test_a_figure_of_an_earlier_definition_is_said_to_be_unlike(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    company.load(generate(3, size=4))
    with writing(company.engine) as conn:
        row = weekly_results.c
        conn.execute(update(weekly_results).where(row.scope == "B1", row.metric == "otif").values(definition="old"))
    cells = {row.code: row.cells["otif"] for row in matrix(company, None, MOVES_ON + WEEK).rows}
    assert [cells[code].alike for code in ("B1", "B2", "B3")] == [False, True, True]


def test_a_company_without_data_and_one_without_branches_have_a_matrix_too(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    found = matrix(company, None, MOVES_ON)
    assert len(found.rows) == 3 and {cell.tile.picked.state for row in found.rows for cell in row.cells.values()} == {"not_available"}
    assert set(found.coverage.values()) == {(0, 0)}


def test_peer_groups_are_those_of_the_week(tmp_path: Path) -> None:
    company = trap_company.found(tmp_path)
    with writing(company.engine) as conn:
        peer_groups.put(conn, EVERYONE, "B1", "city", now=company.settings.now)
        peer_groups.put(conn, EVERYONE, "B1", "counter only", MOVES_ON + timedelta(days=3), now=company.settings.now)
        branches.add(conn, "B4", territory="South", now=company.settings.now, who="")
    groups = [{row.code: row.peer_group for row in matrix(company, None, week).rows} for week in (MOVES_ON - WEEK, MOVES_ON)]
    assert [group["B1"] for group in groups] == ["city", "counter only"] and groups[0]["B4"] == ""
