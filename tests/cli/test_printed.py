"""What a person reads: columns that align, words that agree with their number, figures with their unit."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from scoreboard import __version__
from tests.cli.six_orders import EAST

ROOT = Path(__file__).resolve().parents[2]


def test_rows_stand_in_columns_under_a_head_and_are_counted(six_orders):
    assert six_orders("rows", *EAST, "--metric", "otif", "--week", "2026-W44").out == (
        "result  order no  why\n"
        "passed  E1\n"
        "failed  E2        late\n"
        "2 rows: 1 passed, 1 failed.\n")
    assert six_orders("rows", "--branch", "WEST", "--metric", "otif", "--week", "2026-W45").out.endswith("1 row: 1 passed.\n")


def test_a_duration_has_its_unit_and_rows_of_two_kinds_say_what_they_count_in(three_branches):
    said = three_branches("rows", "--branch", "RIV", "--metric", "quote_response_time", "--week", "2025-W45").out
    assert re.search(r"^passed +\S+ +\d+\.\d h$", said, re.MULTILINE)
    said = three_branches("rows", "--branch", "RIV", "--metric", "return_rate", "--week", "2025-W44").out
    assert said.startswith("result   counts in ")
    assert re.search(r"^counted  whole .* only counts in the whole$", said, re.MULTILINE)


def test_a_split_has_columns_and_figures_as_people_read_them(six_orders):
    assert six_orders("split", *EAST, "--metric", "otif", "--by", "route").out == (
        "route  part  whole  n   figure\n"
        "north     2      2  2  100.0 %\n"
        "south     0      2  2    0.0 %\n")


def test_a_long_stretch_without_figures_is_one_line_of_a_series(six_orders):
    said = six_orders.at("2027-03-01T09:00")("series", *EAST, "--metric", "otif").out.splitlines()
    assert said[1:] == ["2026-W45          50.0 %  n     2  too few", "2026-W46 to 2027-W08: 16 weeks missing",
                        "2027-W09        no value  n     0  running"]


@pytest.mark.parametrize("command", ["rows", "split"])
@pytest.mark.parametrize(("scope", "said"), [
    (["--territory", "coast"], "Coast has EAST, WEST."), (["--company"], "Company has EAST, WEST.")])
def test_rows_and_splits_of_more_than_a_branch_are_refused_with_the_branches_to_ask_for(six_orders, command, scope, said):
    more = ["--week", "2026-W44"] if command == "rows" else ["--by", "route"]
    told = six_orders.json(command, *scope, "--metric", "otif", *more, code=2)
    assert "one branch at a time" in told["error"] and told["remedy"] == f"Give --branch CODE; {said}"


def test_a_territory_that_is_not_the_viewers_is_not_named_with_its_branches(copy_of_six_orders):
    copy_of_six_orders.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = copy_of_six_orders.seen_by("boss@example.com")
    boss.json("people", "add", "wes@example.com", "--name", "Wes", "--role", "viewer", "--branch", "WEST")
    for scope in (["--territory", "Coast"], ["--company"]):
        told = boss.seen_by("wes@example.com").json("rows", *scope, "--metric", "otif", "--week", "2026-W44", code=2)
        assert "EAST" not in told["error"] + told["remedy"]


def test_targets_are_read_as_people_write_them(copy_of_six_orders):
    copy_of_six_orders.json("targets", "set", "--metric", "otif", "--target", "95%", "--floor", "0.825", *EAST, "--reason", "agreed",
                            "--from", "2026-10-05")
    said = copy_of_six_orders("targets", "list").out
    assert re.search(r"^otif +branch EAST +95 % +82.5 % +2026-10-05 +agreed \(administrator\)$", said, re.MULTILINE)
    assert re.search(r"^rma_turnaround +sourced +7\.0 d +14\.0 d ", said, re.MULTILINE)
    assert re.search(r"^order_accuracy +sourced +99 % +– ", said, re.MULTILINE)


def test_options_hold_no_brackets_and_no_line_is_longer_than_a_page(six_orders):
    said = six_orders("options", "list").out
    assert not set("{}[]'") & set(said.replace("week's", "").replace("supplier's", ""))
    assert max(map(len, said.splitlines())) <= 120 and "\n                         backorder not told: Quote → Pick, " in said


def test_changes_tell_what_became_of_what(copy_of_six_orders):
    store = copy_of_six_orders
    for target in ("90%", "95%"):
        store.json("targets", "set", "--metric", "otif", "--target", target, *EAST, "--reason", "agreed", "--from", "2026-10-05")
    store.json("options", "set", "nps_minimum", "30", "--why", "more answers")
    store.json("branches", "add", "EAST", "--name", "East Side")
    assert store("changes", "--limit", 4).out.replace("administrator", "me") == (
        "2026-11-09 13:00  me  branch changed  branch EAST\n"
        "                  name EAST → East Side\n"
        "2026-11-09 13:00  me  option set      option nps_minimum\n"
        "                  20 → 30 (more answers)\n"
        "2026-11-09 13:00  me  target set      branch EAST\n"
        "                  otif: target 90 % → 95 % (agreed)\n"
        "2026-11-09 13:00  me  target set      branch EAST\n"
        "                  otif: target 90 %, floor none, from 2026-10-05 (agreed)\n".replace(", floor none", ""))


def test_a_load_has_a_line_for_each_of_its_files(six_orders):
    assert six_orders("loads").out == (
        "   1  2026-11-09 13:00  administrator  live\n"
        "      orders.csv  order_lines  6 new  0 changed  0 same  0 rejected\n")


def test_new_branches_are_named_with_their_time_zone_and_how_to_set_it(empty, orders):
    said = empty("load", orders, "--create-branches").out
    assert "New branches: EAST, WEST. Time zone UTC, open Monday to Friday 08:00–17:00, no holidays" in said
    assert "\n  branches add EAST --time-zone America/Chicago " in said
    assert empty.json("load", orders, "--create-branches")["new_branches"] == []


def test_the_version_is_printed_and_is_that_of_the_project(six_orders):
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert six_orders("--version").out == f"Leadership Scoreboard {told}\n"
    assert six_orders.json("--version") == {"version": __version__}
