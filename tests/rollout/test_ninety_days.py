"""A branch goes from empty to day 90 by doing the work: every tick comes from a command that does it, none from saying so."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from scoreboard.rollout.plan import BY_KEY, BY_LAST_DAY, ROLLOUT_PLAN
from scoreboard.state.stages import STAGES
from tests.command_line import Store

START = date(2026, 8, 3)  # a Monday


class Branch:
    """EAST on a day of its 90: what is done there, and how an item stands before and after."""

    def __init__(self, data: Path) -> None:
        self.store = Store(data, "2026-08-03T12:00")

    def on_day(self, day: int) -> Branch:
        self.store = self.store.at(f"{self.date(day)}T12:00")
        return self

    def date(self, day: int) -> date:
        return START + timedelta(days=day - 1)

    def items(self) -> dict[str, dict[str, Any]]:
        [shown] = self.store.json("rollout", "show", "--branch", "EAST")["branches"]
        return {item["item"]: item for stage in shown["stages"] for item in stage["items"]}

    def does(self, item: str, *steps: tuple[object, ...]) -> None:
        """Does the steps; only the last of them ticks the item, and nothing else is ticked or opened by them."""
        states = {key: one["state"] for key, one in self.items().items()}
        assert states[item] != "done", item
        for step in steps[:-1]:
            self.store.json(*step)
        assert self.items()[item]["state"] == states[item], f"{item} was ticked before all of it was done"
        self.store.json(*steps[-1])
        after = self.items()
        assert {key: one["state"] for key, one in after.items()} == states | {item: "done"}, item
        assert after[item]["by"] == ("by hand" if BY_KEY[item].by_hand else "evidence")
        assert after[item]["since"] == self.store.now[:10]

    def writes_down(self, item: str, what: str) -> None:
        self.does(item, ("rollout", "evidence", item, "--branch", "EAST", "--text", what, "--by", "Kim", "--on", self.store.now[:10],
                         "--link", "https://example.com/standards"))


def test_a_branch_goes_from_empty_to_day_90_by_doing_the_work(tmp_path: Path) -> None:
    east = Branch(tmp_path / "data")
    at = ("--branch", "EAST")
    east.store.json("branches", "add", "EAST", "--territory", "North")
    east.store.json("rollout", "start", *at, "--on", START)
    assert {one["state"] for key, one in east.items().items() if BY_KEY[key].stage == 30} == {"open"}
    assert {one["state"] for key, one in east.items().items() if BY_KEY[key].stage > 30} == {"later"}

    # the first 30 days
    east.on_day(3).does("metrics", (
        "branches", "board", "EAST", "otif", "fill_rate", "error_rate", "return_cycle_time", "exception_close_loop", "quote_conversion",
        "--why", "agreed in the huddle"))
    agree = ("targets", "set", *at, "--reason", "agreed in the huddle")
    east.on_day(5).does("triangle",  # accuracy has a target and a floor that ship with a source
                        (*agree, "--metric", "otif", "--target", "95%", "--floor", "85%"),
                        (*agree, "--metric", "return_cycle_time", "--target", "7", "--floor", "14"))
    east.on_day(9).does("chain", *(("handoffs", "set", stage, *at, "--owner", f"{stage} lead", "--done-means", "it is checked")
                                   for stage in STAGES))
    east.on_day(16).does("repeats", *(("repeats", "cause", *at, "--by", "route", "--of", f"route {n}", "--cause", "leaves too early")
                                      for n in range(10)))
    east.store.json("ladder", "add", "Sam", "--role", "owner", *at)
    east.on_day(20).does("exceptions", ("cases", "open", *at, "--type", "wrong part", "--customer", "Hill Garage"),
                         ("options", "set", "exception_standards.wrong part", "480", "--why", "agreed"),
                         ("cases", "own", "X1", *at, "--owner", "Sam"))
    assert {one["state"] for key, one in east.items().items() if BY_KEY[key].stage == 30} == {"done"}

    # days 31 to 60
    assert east.on_day(31).items()["huddles"]["state"] == "open"
    east.on_day(33).writes_down("huddles", "At the dock, every day at 7:40")
    east.on_day(40).writes_down("standards", "Three are written")
    east.on_day(47).does("escalation", ("ladder", "add", "Kim", "--role", "leader", *at),
                         ("ladder", "add", "Pat", "--role", "territory", "--territory", "North"),
                         ("playbook", "set", "--for", "mission-critical", *at, "--step", "the leader | 15"),
                         ("playbook", "set", "--for", "backorder", "--company", "--step", "the customer | 60 | a substitute"))
    east.on_day(61)
    assert east.items()["training"]["state"] == "carried over" and east.items()["training"]["since"] == str(east.date(31))
    east.writes_down("training", "Ten minutes at the racks, four times")

    # days 61 to 90
    east.on_day(66).does("tighten", (*agree, "--metric", "otif", "--target", "97%", "--floor", "85%"))
    east.on_day(70).writes_down("practice", "Reading the number aloud is part of the first week")
    east.on_day(75).does("confidence", ("promises", "add", "No ETA without a look at the shelf", "--by", "whoever quotes", *at),
                         ("cases", "resolve", "X1", *at), ("cases", "tell", "X1", *at, "--to", "Ms Hill", "--how", "phone"))
    east.on_day(88).writes_down("proficiency", "Eight weeks at the counter")

    [whole] = east.on_day(90).store.json("rollout", "show", *at)["branches"]
    assert (whole["day"], whole["done"], whole["of"], whole["stuck"]) == (90, 13, 13, [])
    assert all(item["word"] is None for item in east.items().values())
    days = {key: (date.fromisoformat(one["since"]) - START).days + 1 for key, one in east.items().items()}
    assert days == {"triangle": 5, "metrics": 3, "chain": 9, "repeats": 16, "exceptions": 20, "standards": 40, "training": 61,
                    "huddles": 33, "escalation": 47, "tighten": 66, "practice": 70, "proficiency": 88, "confidence": 75}
    assert all(days[item.key] >= BY_LAST_DAY[item.stage].first_day for item in ROLLOUT_PLAN)
