"""What a new user runs into in the first week: a wrong map, other words, other marks, an odd target, a move."""

from __future__ import annotations

import pytest

from tests.cli.six_orders import EAST


def test_a_load_without_a_good_row_leaves_the_sample_and_the_first_real_row_says_that_it_goes(empty, tmp_path):
    empty.json("load", "--sample")
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("branch,order_no,line_no,ordered_at,qty_ordered\nNOWHERE,1,1,2026-11-02,1\n")
    assert empty.json("load", wrong, code=1)["sample_left"] is False
    assert len(empty.json("branches", "list")["branches"]) == 6
    right = tmp_path / "right.csv"
    right.write_text("branch,order_no,line_no,ordered_at,qty_ordered\nEAST,1,1,2026-11-02,1\n")
    assert empty("load", right, "--create-branches").out.endswith("The sample company was taken out: real rows are in.\n")
    assert [b["code"] for b in empty.json("branches", "list")["branches"]] == ["EAST"]


def test_a_reason_in_another_spelling_counts_and_one_nobody_knows_is_told(copy_of_six_orders, tmp_path):
    file = tmp_path / "credits.csv"
    file.write_text("branch,credit_no,issued_at,order_no,order_line,reason\n"
                    "EAST,1,2026-11-01,E1,1,MISPICK\nEAST,2,2026-11-01,E2,1,code 77\nEAST,3,2026-11-01,E3,1,price\n")
    told = copy_of_six_orders.json("load", file)["files"][0]
    assert [(p["code"], p["value"], p["rejects"]) for p in told["problems"]] == [("unknown_reason", "code 77", False)]
    points = copy_of_six_orders.json("series", *EAST, "--metric", "error_rate")["points"]
    assert sum(p["part"] or 0 for p in points) == 1
    by_handoff = copy_of_six_orders.json("split", *EAST, "--metric", "error_rate", "--by", "handoff")["groups"]
    assert [(g["handoff"], g["part"], g["whole"]) for g in by_handoff] == [("Pick → Stage", 1, 3)]


@pytest.mark.parametrize(("words", "said"), [
    (["--metric", "otif", "--target", "95"], "cannot be reached"),
    (["--metric", "otif", "--target", "80%", "--floor", "95%"], "is better than the target"),
    (["--metric", "error_rate", "--target", "3%", "--floor", "1%"], "is better than the target"),
    (["--metric", "team_leavers", "--target", "4"], "only informs"),
])
def test_a_target_that_makes_no_sense_is_refused(copy_of_six_orders, words, said):
    assert said in copy_of_six_orders.json("targets", "set", *EAST, "--reason", "x", *words, code=2)["error"]


def test_a_manager_keeps_the_territory_after_a_branch_left_it_and_sees_it_from_then_on(copy_of_six_orders):
    store = copy_of_six_orders
    for code in ("EAST", "WEST"):
        store.json("branches", "add", code, "--territory", "North", "--from", "2026-01-05")
    store.json("branches", "add", "WEST", "--territory", "South", "--from", "2026-11-02")
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = store.seen_by("boss@example.com")
    boss.json("people", "add", "kim@example.com", "--name", "Kim", "--role", "territory manager", "--territory", "North")
    kim = store.seen_by("kim@example.com")
    assert kim.json("board", "--territory", "north", "--week", "2026-W45")["scope"]["name"] == "North"
    assert [p["week"] for p in kim.json("series", "--territory", "North", "--metric", "otif")["points"]] == ["2026-W45", "2026-W46"]
    refused = kim.json("board", "--territory", "North", "--week", "2026-W44", code=2)["error"]
    assert "held branches that are not yours before 2026-W45" in refused
    kim.json("targets", "set", "--metric", "otif", "--target", "95%", "--territory", "North", "--reason", "ours")


def test_thousands_that_could_mean_two_things_are_rejected_until_the_map_says_how_numbers_are_written(copy_of_six_orders, tmp_path):
    file, told = tmp_path / "lines.csv", tmp_path / "map.toml"
    file.write_text('branch,order_no,line_no,ordered_at,qty_ordered\nEAST,N1,1,2026-11-02,"1,200"\n')
    assert "could mean two things" in copy_of_six_orders.json("load", file, "--dry-run", code=1)["files"][0]["problems"][0]["message"]
    told.write_text('decimal = "."\n')
    assert copy_of_six_orders.json("load", file, "--map", told, "--dry-run")["files"][0]["new"] == 1


def test_the_same_file_again_with_the_same_bad_rows_is_no_new_load(copy_of_six_orders, tmp_path):
    file = tmp_path / "half.csv"
    file.write_text("branch,order_no,line_no,ordered_at,qty_ordered\nEAST,N1,1,2026-11-02,3\nEAST,N2,1,yesterday,3\n")
    first = copy_of_six_orders.json("load", file, code=1)
    again = copy_of_six_orders.json("load", file, code=1)
    assert (again["load_id"], again["files"][0]["rejected"]) == (None, 1)
    assert f"(load {first['load_id']})" in again["files"][0]["already"]
