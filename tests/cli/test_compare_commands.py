"""The commands compare and branches peer-group."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.command_line import Store

NOW = "2026-11-09T13:00"


@pytest.fixture
def store(sample_folder: Path) -> Store:
    """The sample company: only to be read."""
    return Store(sample_folder, NOW)


def test_a_territory_is_its_branches_with_what_their_boards_say_and_their_sums(store):
    found = store.json("compare", "--territory", "coast", "--week", "2026-W45")
    assert (found["territory"], found["week"]) == ("Coast", "2026-W45")
    assert {b["code"] for b in found["branches"]} == {"HAR", "CED", "SUM"}
    for branch in found["branches"]:
        board = store.board_of(branch["code"], "2026-W45")
        for said in branch["metrics"]:
            assert {k: v for k, v in said.items() if k not in ("typed", "comparable", "signal")} == {
                k: v for k, v in board[said["key"]].items() if k != "signal"}, (branch["code"], said["key"])
            if "signal" in board[said["key"]]:
                assert {**said["signal"], "misses": None} == {**board[said["key"]]["signal"], "misses": None}
    together = {m["key"]: m for m in found["together"]}
    sums = {m["key"]: m for m in store.json("board", "--territory", "Coast", "--week", "2026-W45")["metrics"]}
    assert {key: (m["part"], m["whole"], m["n"]) for key, m in together.items()} == {
        key: (sums[key]["part"], sums[key]["whole"], sums[key]["n"]) for key in together}
    assert {"reported", "expected"} <= set(found["metrics"][0])


def test_a_person_reads_a_block_for_each_branch_and_no_place_in_any_order(store):
    out = store("compare", "--company").out
    assert "All together, from the sums of their rows" in out and "Riverside (RIV)" in out
    assert "worse than usual since 2026-W" in out and "reliably misses target" in out
    assert not any(word in out.casefold() for word in ("rank", "best", "worst", "top", "1st", "#1"))


def test_a_person_reads_the_sentence_of_the_page_who_reported_and_what_each_figure_aims_for(store):
    found, out = store.json("compare", "--company", "--week", "2026-W45"), store("compare", "--company", "--week", "2026-W45").out
    assert found["headline"] == "4 of 6 branches have a figure worse than usual; 1 more reliably misses a target."
    assert out.splitlines()[1:3] == [found["headline"], "Reported: all 6 branches, every figure."]
    assert "Riverside (RIV) · with a workshop · Files to Sun 8 Nov · worse than usual\n" in out
    for branch in found["branches"]:
        block = out.split(f"({branch['code']})")[1].split("\n\n")[0]
        for cell in branch["metrics"]:
            line = next(line for line in block.splitlines() if cell["name"] in line)
            trust = (cell.get("signal") or {}).get("assurance")
            if cell["target"] is not None and cell["key"] != "team_leavers":
                assert "target " in line and ("hit or miss: target" in line) == (trust == "hit_or_miss"), line


def test_bright_spots_are_told_with_what_was_noted_and_what_became_worse_beside_them(store):
    found, out = store.json("compare", "--company", "--week", "2026-W45"), store("compare", "--company", "--week", "2026-W45").out
    (spot,) = found["bright_spots"]
    assert (spot["branch"], spot["metric"], spot["since"]) == ("RIV", "quote_response_time", "2026-W32")
    worse = {cell["name"].partition(" (")[0]: cell["signal"]["since"] for branch in found["branches"] if branch["code"] == "RIV"
             for cell in branch["metrics"] if (cell.get("signal") or {}).get("variation") == "concern"}
    assert spot["worse"] == [f"{name} since week {int(since[-2:])}" for name, since in worse.items() if since >= "2026-W28"]
    assert spot["worse"] and f"worse in the same time: {'; '.join(spot['worse'])}" in out


def test_before_anything_is_loaded_it_says_how_to_begin(tmp_path):
    empty = Store(tmp_path / "empty", NOW)
    for words in (["compare"], ["compare", "--company"], ["export", "branch", "EAST", "-o", "x.xlsx"],
                  ["export", "territory", "Coast", "-o", "x.xlsx"]):
        said = empty.json(*words, code=2)
        assert said["error"].startswith("Nothing is loaded yet") and "`load FILE`" in said["remedy"] and "load --sample" in said["remedy"]
    empty.json("branches", "add", "EAST", "--territory", "Coast")
    assert empty.json("compare", "--company", code=2)["error"] == "Nothing is loaded yet, so there is no figure to show."


def test_metrics_are_chosen_and_a_peer_group_leaves_its_branches_without_the_sums_of_all(store, tmp_path):
    mine = store.copied_to(tmp_path / "mine")
    for code in ("RIV", "HAR"):
        mine.json("branches", "peer-group", code, "riverside yards", "--from", "2026-01-05")
    found = mine.json("compare", "--company", "--metric", "otif", "--metric", "nps", "--peer-group", "Riverside Yards")
    assert [b["code"] for b in found["branches"]] == ["HAR", "RIV"] and found["together"] is None
    assert [m["key"] for m in found["metrics"]] == ["otif", "nps"]
    mine.json("branches", "peer-group", "HAR", "", "--from", "2026-11-02")
    assert mine.json("branches", "peer-group", "HAR")["peer_groups"][-1] == {"name": None, "from": "2026-11-02"}
    assert "HAR: in no peer group, from 2026-11-02" in mine("branches", "peer-group", "HAR").out
    assert [b["code"] for b in mine.json("compare", "--company", "--peer-group", "riverside yards")["branches"]] == ["RIV"]


@pytest.mark.parametrize(("words", "sentence"), [
    (["compare"], "Say which branches."), (["compare", "--company", "--territory", "Coast"], "Say which branches."),
    (["compare", "--territory", "Cost"], 'There is no territory "Cost".'),
    (["compare", "--company", "--metric", "otfi"], 'no metric "otfi"'),
    (["compare", "--company", "--peer-group", "moon"], 'None of these branches is in a peer group "moon"'),
    (["branches", "peer-group", "XXX", "city"], 'There is no branch "XXX".'),
    (["branches", "peer-group", "RIV", "x", "--from", "soon"], "not a date")],
    ids=" ".join)
def test_what_cannot_be_answered_gets_a_sentence(store, words, sentence):
    assert sentence in store.json(*words, code=2)["error"]
