"""Misses by group and what comes back, as commands: of the six orders E2 came late and E4 not at all, both for the south."""

from __future__ import annotations

import pytest

from tests.cli.six_orders import EAST
from tests.command_line import Store

OTIF = (*EAST, "--metric", "otif")


def test_misses_by_route_with_the_route_s_own_orders(six_orders):
    told = six_orders.json("reasons", *OTIF, "--by", "route")
    assert (told["first_week"], told["last_week"], told["of_all_rows"]) == ("2026-W33", "2026-W45", False)
    assert (told["misses"], told["rows"]) == (2, 4)
    assert told["groups"] == [{"route": "south", "others": 0, "misses": 2, "of": 2}]
    assert told["without_a_miss"] == [{"route": "north", "of": 2}]
    assert six_orders("reasons", *OTIF, "--by", "route").out.splitlines()[-2:] == [
        "Without a miss: north (2 rows).", "2 misses, of 4 rows, 2026-W33 to 2026-W45."]


def test_weeks_may_be_chosen_and_a_reason_is_held_against_all_rows(six_orders):
    told = six_orders.json("reasons", *OTIF, "--by", "why", "--week", "2026-W44", "--weeks", "1")
    assert (told["first_week"], told["misses"], told["rows"], told["of_all_rows"]) == ("2026-W44", 1, 2, True)
    assert told["groups"] == [{"why": "late", "others": 0, "misses": 1, "of": 2}]


def test_a_person_reads_them_in_columns_that_add_up(six_orders):
    assert six_orders("reasons", *OTIF, "--by", "why").out == (
        "why            misses  of all misses  of all rows  missed\n"
        "late                1           50 %            4    25 %\n"
        "not delivered       1           50 %            4    25 %\n"
        "2 misses, of 4 rows, 2026-W33 to 2026-W45.\n")
    assert six_orders("reasons", "--branch", "WEST", "--metric", "otif", "--by", "route").out == (
        "No misses, of 2 rows, 2026-W33 to 2026-W45.\n")


def test_what_keeps_coming_back(six_orders):
    route = {"metric": "otif", "grouped_by": "route", "subject": "south", "misses": 2, "weeks": 2, "last_on": "2026-11-05",
             "root_cause": "", "standard": ""}
    for asked in (OTIF, EAST):
        told = six_orders.json("repeats", *asked)
        assert (told["branch"], told["groups"], told["found"]) == ("EAST", [route], 1)
        assert {(w["first_week"], w["last_week"]) for w in told["weeks"]} == {("2026-W33", "2026-W45")}
    assert six_orders("repeats", *OTIF).out == ("what         metric  misses  weeks  last\n"
                                                "route south  otif         2      2  2026-11-05\n"
                                                "Counted: otif 2026-W33 to 2026-W45.\n")
    assert six_orders("repeats", "--branch", "WEST").out.startswith("Nothing came back: error_rate 2026-W33 to 2026-W45, otif ")


def test_a_root_cause_is_written_stands_in_the_list_and_is_taken_off(copy_of_six_orders: Store):
    south = (*EAST, "--by", "route", "--of", "south")
    done = copy_of_six_orders("repeats", "cause", *south, "--cause", "the  ferry leaves early")
    assert done.out == "route south: the ferry leaves early\n"
    assert [g["root_cause"] for g in copy_of_six_orders.json("repeats", *EAST)["groups"]] == ["the ferry leaves early"]
    assert copy_of_six_orders.json("changes", "--limit", "1")["changes"][0]["what"] == "root cause written"
    assert copy_of_six_orders("repeats", "take-off", *south).out == "route south has no root cause any more.\n"
    assert [g["root_cause"] for g in copy_of_six_orders.json("repeats", *EAST)["groups"]] == [""]
    assert copy_of_six_orders.json("repeats", "take-off", *south, code=2)["error"] == "This root cause is not there any more."


def test_a_root_cause_of_what_does_not_come_back_is_kept_and_said_to_be(copy_of_six_orders: Store):
    done = copy_of_six_orders("repeats", "cause", *EAST, "--by", "route", "--of", "sout", "--cause", "the ferry")
    assert done.out.endswith("It is not among what keeps coming back now. Is sout spelled as the list has it?\n")
    assert not copy_of_six_orders.json("repeats", "cause", *EAST, "--by", "route", "--of", "north", "--cause", "ice")["comes_back"]


def test_a_branch_without_deliveries_is_told_by_what_it_ships(empty: Store, tmp_path):
    (tmp_path / "orders.csv").write_text(
        "branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for,qty_shipped,shipped_at,route\n"
        "EAST,E1,1,2026-11-02 09:00,1,2026-11-03,1,2026-11-05,south\nEAST,E2,1,2026-11-02 09:00,1,2026-11-03,1,2026-11-05,south\n"
        "EAST,E3,1,2026-11-02 09:00,1,2026-11-03,1,2026-11-03,north\n")
    empty.json("load", tmp_path / "orders.csv", "--create-branches")
    assert [(g["metric"], g["subject"]) for g in empty.json("repeats", *EAST)["groups"]] == [("on_time_shipped", "south")]


@pytest.mark.parametrize(("words", "error", "remedy"), [
    (("reasons", *OTIF, "--by", "owner"), 'not counted by "owner"', "why, carrier, route"),
    (("reasons", *OTIF, "--by", "rout"), 'not counted by "rout"', 'Did you mean "route"?'),
    (("reasons", *EAST, "--metric", "rma_turnaround", "--by", "kind"), "it is a median of times", '"split"'),
    (("repeats", *EAST, "--metric", "escalations"), "it only informs", '"split"'),
    (("reasons", "--metric", "otif", "--by", "route"), "Say which branch.", "--branch CODE"),
    (("repeats", "cause", *EAST, "--by", "owner", "--of", "Lee", "--cause", "new"), 'not kept by "owner"', "part_no, customer"),
    (("repeats", "cause", *EAST, "--by", "route", "--of", "south", "--cause", " "), "A root cause needs words.", "Say what"),
    (("repeats", "--territory", "Coast"), "Repeats are read for one branch at a time.", "EAST, WEST")])
def test_what_cannot_be_told_is_said(six_orders, words, error, remedy):
    told = six_orders.json(*words, code=2)
    assert error in told["error"] and remedy in told["remedy"]
