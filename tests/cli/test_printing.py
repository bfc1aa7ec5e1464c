"""`export print`: the board as a page in a file, whole or not at all, for whoever may see it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Store


def test_the_page_says_what_the_board_says(three_branches: Store, tmp_path: Path) -> None:
    out = tmp_path / "RIV.html"
    said = three_branches("export", "print", "--branch", "riv", "-o", str(out))
    assert said.code == 0 and said.out.startswith(f"{out}: RIV, week 2025-W45. Open it in a browser and print it.")
    board, page = three_branches.json("board", "--branch", "RIV"), out.read_text(encoding="utf-8")
    assert board["headline"] in page
    for tile in (tile for tile in board["metrics"] if tile["on_board"] and tile["value"] is not None):
        assert tile["name"].partition(" (")[0] in page and tile["text"].split()[0] in page
    assert f"data version {board['version']}" in page and "None" not in page


@pytest.mark.parametrize("of", [("--territory", "River Valley"), ("--company",)], ids=str)
def test_a_territory_and_the_company_have_their_page(three_branches: Store, tmp_path: Path, of: tuple[str, ...]) -> None:
    found = three_branches.json("export", "print", *of, "--week", "2025-W44", "-o", str(tmp_path / "page.html"))
    assert found["week"] == "2025-W44" and "Week 44" in (tmp_path / "page.html").read_text(encoding="utf-8")


def test_nothing_is_loaded_and_the_page_says_so(empty: Store, tmp_path: Path) -> None:
    empty.json("branches", "add", "EAST", "--name", "East", "--time-zone", "America/Chicago")
    empty.json("export", "print", "--branch", "EAST", "-o", str(tmp_path / "page.html"))
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "Nothing is loaded for this week yet." in page and "No figure can be judged for this week yet." in page


def test_what_was_there_stays_until_the_new_page_is_whole(three_branches: Store, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    out.write_text("before")
    refused = three_branches("export", "print", "--branch", "NOPE", "-o", str(out))
    assert refused.code == 2 and refused.err.startswith('There is no branch "NOPE".')
    assert out.read_text() == "before"
    assert three_branches("export", "print", "--branch", "RIV", "-o", str(out)).code == 0
    assert out.read_text().startswith("<!DOCTYPE html>") and [one.name for one in tmp_path.iterdir()] == ["page.html"]


def test_a_place_that_is_not_there_is_said_in_a_sentence(three_branches: Store, tmp_path: Path) -> None:
    said = three_branches("export", "print", "--branch", "RIV", "-o", str(tmp_path / "nowhere" / "page.html"))
    assert said.code == 2 and said.err.startswith("There is no folder") and "Make it first" in said.err and "Traceback" not in said.err


def test_somebody_elses_branch_is_not_printed(copy_of_three_branches: Store, tmp_path: Path) -> None:
    store = copy_of_three_branches
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    store.json("--as", "boss@example.com", "people", "add", "kim@example.com", "--name", "Kim", "--role", "coach", "--branch", "RIV")
    assert store("--as", "kim@example.com", "export", "print", "--branch", "MIL", "-o", str(tmp_path / "page.html")).code == 2
    assert store("--as", "kim@example.com", "export", "print", "--company", "-o", str(tmp_path / "page.html")).code == 2
    assert not list(tmp_path.glob("page*"))
