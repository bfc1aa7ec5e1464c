"""Misses by group: groups add up, the one that stands out is no chance, and what came back is what came back."""

from __future__ import annotations

from datetime import date
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from scoreboard.metrics import reasons
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.reasons import Group, Repeat

Row = dict[str, Any]


def rows(misses: int, passed: int, on: str = "2026-11-02", **said: Any) -> list[Row]:
    """So many rows that missed and that passed, which all say the same."""
    one = {**said, "counted_on": on}
    return [{**one, "result": "failed", "counts_in": ["whole"]}] * misses + [
        {**one, "result": "passed", "counts_in": ["part", "whole"]}] * passed


def credits(n: int, **said: Any) -> list[Row]:
    return [{**said, "result": "failed", "counts_in": ["part"], "counted_on": "2026-11-02"}] * n


def lines(n: int, **said: Any) -> list[Row]:
    return [{**said, "result": "counted", "counts_in": ["whole"], "counted_on": "2026-11-02"}] * n


def test_groups_come_largest_first_each_with_its_own_rows() -> None:
    found = reasons.pareto(rows(2, 8, route="north") + rows(5, 5, route="south") + rows(0, 10, route="west") + rows(1, 0), "route")
    assert (found.misses, found.of, found.shared) == (8, 31, False)
    assert found.groups == (Group("south", 5, 10), Group("north", 2, 10), Group(None, 1, 1))


def test_beyond_the_first_ten_they_are_pooled_and_those_not_given_stand_apart() -> None:
    found = reasons.pareto([row for i in range(13) for row in rows(20 - i, 1, customer=f"C{i:02}")] + rows(50, 0), "customer")
    assert [g.value for g in found.groups[:10]] == [f"C{i:02}" for i in range(10)]
    assert found.groups[10:] == (Group(None, 10 + 9 + 8, 27 + 3, pooled=3), Group(None, 50, 50))
    assert sum(g.misses for g in found.groups) == found.misses and sum(g.of for g in found.groups) == found.of


def test_a_row_is_in_exactly_one_group() -> None:
    every = [row for i in range(13) for row in rows(2, 1, customer=f"C{i:02}")] + rows(3, 0)
    found = reasons.pareto(every, "customer")
    for row in every:
        assert sum(reasons.in_group(row, found, group) for group in found.groups) == 1
    assert [sum(reasons.in_group(r, found, g) for r in reasons.missed(every)) for g in found.groups] == [g.misses for g in found.groups]


def test_what_only_misses_have_is_held_against_all_rows() -> None:
    every = credits(3, reason="mis-pick", route="4") + credits(1, reason="short") + lines(20, route="4") + lines(5)
    found = reasons.pareto(every, "reason")
    assert found.shared and found.groups == (Group("mis-pick", 3, 25), Group("short", 1, 25))
    by_route = reasons.pareto(every, "route")
    assert not by_route.shared and by_route.groups == (Group("4", 3, 20), Group(None, 1, 5))


def test_undecided_rows_count_nowhere() -> None:
    undecided = [{"route": "4", "result": "undecided", "counts_in": [], "counted_on": "2026-11-02"}]
    assert reasons.pareto(rows(1, 1, route="4") + undecided * 9, "route").groups == (Group("4", 1, 2),)


def test_only_columns_that_say_something_are_offered() -> None:
    every = rows(2, 3, route="4", carrier="van", customer="A", why="late") + rows(1, 2, route="5", carrier="van", customer="B", why="late")
    assert reasons.telling(every) == ["route", "customer"]  # one carrier for all, one why for all
    assert reasons.telling(rows(1, 3, route="4") + rows(1, 3, route="5")) == []  # no two misses share a route


# ---- which group stands out ----------------------------------------------------------------------------------
def test_a_group_stands_out_with_half_of_the_misses_and_clearly_more_than_its_share() -> None:
    week = rows(9, 15, route="4") + rows(5, 67, route="5")
    assert reasons.stands_out(week, ["route"], least=0.5) == ("route", Group("4", 9, 24))


@pytest.mark.parametrize("week", [
    rows(4, 0, route="4") + rows(0, 60, route="5"),                                  # under five misses
    rows(9, 60, route="4") + rows(5, 22, route="5"),                                 # no more than its share of all rows
    rows(10, 2, route="4") + rows(4, 20, route="5") + rows(9, 20, route="6"),        # clearly more, but not half
    rows(9, 15, route="mixed") + rows(5, 67, route="5"),                             # several routes are no route
    rows(9, 15) + rows(5, 67, route="5"),                                            # not given
    rows(14, 60, route="4"),                                                         # there is no other
    [],
], ids=["few", "its share", "not half", "mixed", "not given", "alone", "empty"])
def test_else_no_group_does(week: list[Row]) -> None:
    assert reasons.stands_out(week, ["route"], least=0.5) is None


def test_a_sentence_names_a_value_once_and_a_preposition_is_never_part_of_it() -> None:
    def said(by: str, value: str) -> str:
        return reasons.clause(rows(9, 15, **{by: value}) + rows(5, 67, **{by: "another"}))

    assert said("route", "Route 4") == ", 9 of them on Route 4" and said("route", "4") == ", 9 of them on route 4"
    assert said("handoff", "Attach label") == ", 9 of them at Attach label"
    assert said("service_type", "inbound") == ", 9 of them in inbound"


def test_branches_are_named_by_the_same_rule() -> None:
    assert reasons.clause_of_branches({"Atlanta": (9, 24), "Boston": (5, 72)}) == ", 9 of them at Atlanta"
    assert reasons.clause_of_branches({"Atlanta": (9, 69), "Boston": (5, 27)}) == ""
    assert reasons.clause_of_branches({"Atlanta": (9, 24)}) == reasons.clause_of_branches({}) == ""


def test_misses_are_those_of_rows_that_pass_or_miss_one_by_one() -> None:
    result = SimpleNamespace(part=13.0, whole=16.0)
    assert [reasons.misses_of(BY_KEY[key], result) for key in ("otif", "error_rate", "promises_moved")] == [3, 13, 13]
    assert {reasons.misses_of(BY_KEY[key], result) for key in ("fill_rate_units", "nps", "quote_response_time", "team_coverage")} == {None}
    assert reasons.misses_of(BY_KEY["otif"], None) is None


def test_chance_alone_hardly_ever_makes_a_group_stand_out() -> None:
    luck, said = Random(45), 0
    for _ in range(400):
        week = [row for _ in range(60) for row in rows(*((1, 0) if luck.random() < 0.2 else (0, 1)), route=luck.choice("1234"),
                                                       carrier=luck.choice("abc"), customer=str(luck.randrange(20)))]
        said += reasons.stands_out(week, ["route", "carrier", "customer"]) is not None
    assert said <= 12  # three columns, each wrong at most once in a hundred


def test_the_chance_of_so_many_is_that_of_counting_them_out() -> None:
    assert reasons._at_least(3, 3, 0.5) == pytest.approx(1 / 8)
    assert reasons._at_least(2, 3, 0.5) == pytest.approx(4 / 8)
    assert reasons._at_least(1, 1000, 0.5) == pytest.approx(1.0)


def test_the_column_of_the_group_that_stands_out_is_opened_first_else_the_reason() -> None:
    noise = rows(3, 30, route="4", reason="short") + rows(3, 30, route="5", reason="mis-pick")
    assert reasons.first_choice(noise, ["why", "reason", "route"]) == "reason"
    assert reasons.first_choice(noise, ["why", "route"]) == "why"
    assert reasons.first_choice(noise + rows(12, 3, route="6", reason="short"), ["why", "reason", "route"]) == "route"


# ---- what came back -------------------------------------------------------------------------------------------
def test_a_repeat_is_two_misses_with_one_thing_in_common() -> None:
    found = reasons.repeats(rows(1, 3, "2026-11-02", route="4", customer="A") + rows(1, 0, "2026-11-08", route="4", customer="B")
                            + rows(1, 0, "2026-11-09", route="4", part_no="77") + rows(1, 3, "2026-11-10", route="5", part_no="77"), 0)
    assert found == [Repeat("route", "4", 3, 2, date(2026, 11, 9)), Repeat("part_no", "77", 2, 1, date(2026, 11, 10))]


def test_the_first_day_of_the_week_decides_in_how_many_weeks_it_came() -> None:
    twice = rows(1, 0, "2026-11-07", route="4") + rows(1, 1, "2026-11-08", route="4") + rows(0, 1, route="5")  # Saturday, Sunday
    assert [reasons.repeats(twice, first_day)[0].weeks for first_day in (0, 6)] == [1, 2]


def test_the_reason_of_an_exception_is_its_root_cause_and_several_routes_are_nothing_in_common() -> None:
    found = reasons.repeats(rows(2, 1, root_cause="left behind", route="mixed") + rows(0, 1, route="4"), 0)
    assert [(g.grouped_by, g.subject) for g in found] == [("reason", "left behind")]


def test_what_every_row_has_is_nothing_in_common() -> None:
    assert reasons.repeats(rows(5, 5, route="only"), 0) == []


def test_no_column_of_any_group_names_a_person() -> None:
    assert not {"owner", "person_key", "comment", "who", "picker", "driver"} & {*reasons.COLUMNS, *reasons.GROUPED_BY}


def test_medians_and_figures_that_only_inform_have_no_misses() -> None:
    without = {m.key for m in CATALOGUE if not reasons.has_misses(m)}
    assert {"quote_response_time", "escalations", "team_coverage"} <= without and not {"otif", "error_rate"} & without
    assert all(BY_KEY[key].is_duration or not BY_KEY[key].direction for key in without)


def test_a_percentage_is_rounded_as_people_do() -> None:
    assert [reasons.percent(*one) for one in ((1, 8), (5, 8), (1, 3), (7, 7), (0, 4))] == [13, 63, 33, 100, 0]

