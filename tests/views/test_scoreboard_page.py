"""The Scoreboard page: branch and week in the address, the board as the command line has it, every word fit to be shown."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from scoreboard import settings as settings_module
from scoreboard.metrics import icons
from scoreboard.state import branches, people
from scoreboard.state.database import open_database, writing
from tests.bench.__main__ import _results as weekly_results
from tests.command_line import run
from tests.views.conftest import NOW, ROOT, Open
from tests.views.reading import BANNED, boards, words


def test_an_empty_store_shows_the_two_ways_to_begin(opened: Open, tmp_path: Path) -> None:
    page = opened(tmp_path / "new")
    assert [t.value for t in page.title] == ["Nothing is loaded yet"]
    assert [b.label for b in page.button] == ["Choose a file", "Show the sample company"]
    assert not page.exception and not page.error


def test_the_button_of_an_empty_store_shows_the_sample(opened: Open, tmp_path: Path) -> None:
    page = opened(tmp_path / "new")
    page.button[1].click().run()
    assert boards(page)[0]["sample"] is True


def test_the_board_has_the_values_of_the_command_line(opened: Open, sample_folder: Path) -> None:
    board = boards(opened(sample_folder, branch="RIV", week="2026-W45"))[0]
    said = json.loads(run("--data", sample_folder, "--now", NOW, "--json", "board", "--branch", "RIV", "--week", "2026-W45").out)
    expected = [m for m in said["metrics"] if m["on_board"]]
    assert [t["key"] for t in board["tiles"]] == [m["key"] for m in expected]
    assert [f"{t['number']} {t['unit']}".strip() for t in board["tiles"]] == [m["text"] for m in expected]
    assert board["headline"] == said["headline"]
    assert [c["score"] for c in board["corners"]] == [round(c["score"]) for c in said["corners"]]


def test_the_address_chooses_and_the_pickers_change_the_address(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, branch="HAR", week="2026-W40")
    assert boards(page)[0]["name"] == "Harbor" and boards(page)[0]["week"] == "Week 40"
    page.selectbox(key="branch_picker").set_value("MIL").run()
    assert (page.query_params["branch"], page.query_params["week"]) == ("MIL", "2026-W40")
    page.selectbox(key="week_picker").set_value("2026-W39").run()
    assert page.query_params["week"] == "2026-W39" and boards(page)[0]["week"] == "Week 39"


def test_without_an_address_the_last_week_that_ended_is_shown(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder)
    assert page.query_params["week"] == "2026-W45"


@pytest.mark.parametrize("name, value", [("branch", "<b>NOWHERE</b>"), ("week", "2031-W01"), ("week", "soon")])
def test_an_unknown_address_is_said_and_the_default_shown(opened: Open, sample_folder: Path, name: str, value: str) -> None:
    page = opened(sample_folder, **{name: value})
    assert len(page.warning) == 1 and "Showing" in page.warning[0].value
    assert "<b>" not in page.warning[0].value
    assert len(boards(page)) == 1


def test_territories_and_the_company_have_boards(opened: Open, sample_folder: Path) -> None:
    assert boards(opened(sample_folder, branch="territory:Coast"))[0]["name"] == "Coast"
    assert boards(opened(sample_folder, branch="company"))[0]["name"] == "Company"


def test_a_file_that_ends_early_is_said_to_be_old(opened: Open, sample_folder: Path) -> None:
    board = boards(opened(sample_folder, now="2026-11-23T13:00", branch="RIV", week="2026-W47"))[0]
    assert [one["words"] for one in board["stale"]] == ["All sources end Sun 8 Nov, 23:00"]
    assert {t["state"]["key"] for t in board["tiles"]} & {"missing", "running", "maturing"}


def test_no_banned_word_on_any_board_of_the_sample(opened: Open, sample_folder: Path) -> None:
    for branch in ("RIV", "CED", "territory:Coast", "company"):
        for week in ("2025-W38", "2026-W45", "2026-W46"):
            assert BANNED.findall(words(opened(sample_folder, branch=branch, week=week))) == [], (branch, week)


def test_every_state_has_a_shape_that_the_picture_draws() -> None:
    script = (ROOT / "scoreboard/views/picture/shapes.js").read_text(encoding="utf-8")
    shapes = {shape for shape, _ in icons.STATES.values()} | {"down", "up"}
    assert all(f"    {shape}: () =>" in script for shape in shapes)


# ---- who sees what ---------------------------------------------------------------------------------------
def test_once_people_are_known_one_picks_ones_name_and_sees_ones_branches(opened: Open, tmp_path: Path) -> None:
    settings = _people(tmp_path)
    page = opened(settings)
    assert page.selectbox[0].label == "Who are you?" and not boards(page)
    page.selectbox[0].set_value("lee@example.com").run()
    assert page.query_params["as"] == "lee@example.com"
    assert "WEST" not in words(page)


def test_another_branch_in_the_address_is_not_shown(opened: Open, tmp_path: Path) -> None:
    folder = _people(tmp_path)
    weekly = words(opened(folder, branch="B001", **{"as": "lee@example.com"}))
    assert "B001" in weekly and "not a branch you can look at" in weekly
    assert boards(opened(folder, branch="B001", **{"as": "lee@example.com"}))[0]["name"] == "B000"


def _people(tmp_path: Path) -> Path:
    settings = settings_module.read(str(tmp_path / "people"), NOW)
    engine = open_database(settings.database_url)
    weekly_results(engine, 2)
    with writing(engine) as conn:
        admin = people.viewer_for(conn, None, settings.now)
        people.add(conn, "kim@example.com", name="Kim", role="administrator", branches=(), territories=(), from_on=None,
                   now=settings.now, by=admin)
    with writing(engine) as conn:
        people.add(conn, "lee@example.com", name="Lee", role="branch leader", branches=("B000",), territories=(), from_on=None,
                   now=settings.now, by=people.viewer_for(conn, "kim@example.com", settings.now))
    engine.dispose()
    return settings.data


# ---- large, and broken -------------------------------------------------------------------------------------
def test_a_large_company_shows_its_board(opened: Open, tmp_path: Path) -> None:
    settings = settings_module.read(str(tmp_path / "large"), NOW)
    engine = open_database(settings.database_url)
    weekly_results(engine, 12)
    with writing(engine) as conn:
        for number in range(12, 500):
            branches.add(conn, f"B{number:03d}", now=datetime(2026, 11, 9), who="test")
    engine.dispose()
    page = opened(settings.data, branch="B011")
    assert len(page.selectbox(key="branch_picker").options) == 513  # 500 branches, 12 territories, the company
    assert len(page.selectbox(key="week_picker").options) == 261
    assert boards(page)[0]["tiles"][1]["number"] == "80.0"


def test_an_unforeseen_error_is_a_sentence_with_a_number(opened: Open, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "scoreboard.sqlite").write_bytes(b"this is no database" * 100)
    page = opened(tmp_path / "broken")
    assert len(page.error) == 1 and "Traceback" not in words(page) and "File " not in words(page)
    assert not page.exception


# ---- signals -----------------------------------------------------------------------------------------------
STORIES = (("RIV", "quote_response_time", "improvement"), ("RIV", "error_rate", "concern"), ("HAR", "otif", "concern"),
           ("MIL", "error_rate", "concern"), ("SUM", "otif", "concern"))


def test_every_planted_story_is_lit_on_its_tile_and_the_noise_only_branch_is_not(opened: Open, sample_folder: Path) -> None:
    lit = {(branch, tile["key"], tile["state"]["tone"]) for branch in ("RIV", "HAR", "MIL", "LAK", "CED", "SUM")
           for tile in boards(opened(sample_folder, branch=branch, week="2026-W45"))[0]["tiles"]
           if tile["state"]["tone"] in ("concern", "improvement")}
    assert lit == set(STORIES)


def test_a_tile_says_both_answers_in_words_and_talk_about_begins_with_signals(opened: Open, sample_folder: Path) -> None:
    board = boards(opened(sample_folder, branch="HAR", week="2026-W45"))[0]
    otif = next(t for t in board["tiles"] if t["key"] == "otif")
    assert otif["state"]["words"] == "Worse than usual since week 32" and otif["aim"]["words"].startswith("Figure on the move; target 95.0")
    assert board["talk"][0]["metric"] == "otif" and board["talk"][0]["text"].startswith("fell below its usual range of ")
    assert "8 of 11 orders missed" in board["talk"][0]["text"] and "one figure in a hundred" in board["chance"]
