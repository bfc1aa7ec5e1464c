"""Where the misses of a figure that lights up are: in the sentence on the board and in the command, counted again from the orders typed."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from scoreboard.metrics.board import Aim, Tile
from scoreboard.metrics.usual import judge
from scoreboard.views.talk import _signal
from tests.command_line import Store, once
from tests.metrics.test_judged import ERRORS, errors
from tests.views.conftest import Open
from tests.views.reading import boards

NOW = "2026-11-09T13:00"
LAST = date(2026, 11, 2)
WEEKS, A_WEEK = 30, 60
Order = dict[str, Any]


def typed() -> list[Order]:
    """Sixty orders a week for each of two branches, promised for the Thursday; in the last week route 4 of EAST breaks down."""
    luck, found = Random(4), []
    for back in reversed(range(WEEKS)):
        for branch in ("EAST", "WEST"):
            for at in range(A_WEEK):
                promised, route = LAST - back * timedelta(weeks=1) + timedelta(days=3), "4" if at < A_WEEK // 3 else "57"[at % 2]
                late = luck.random() < (0.9 if (branch, route, back) == ("EAST", "4", 0) else 0.06)
                found.append({"branch": branch, "order_no": f"{branch}{back}-{at}", "line_no": 1, "qty_ordered": 1, "qty_delivered": 1,
                              "ordered_at": promised - timedelta(days=2), "first_promised_for": promised, "route": route,
                              "delivered_at": promised + timedelta(days=late), "carrier": luck.choice(("own", "hired"))})
    return found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    def build(folder: Path) -> Store:
        made = Store(folder / "data", NOW)
        for code, name in (("EAST", "East Side"), ("WEST", "Westend")):
            made.json("branches", "add", code, "--name", name, "--territory", "Coast")
        with (folder / "orders.csv").open("w", newline="") as file:
            rows = csv.DictWriter(file, list(typed()[0]))
            rows.writeheader()
            rows.writerows(typed())
        made.json("load", folder / "orders.csv", "--source", "order_lines", "--through", "2026-11-08T18:00")
        return made
    yield from once(tmp_path_factory.mktemp("routes"), build)


def misses(by: str, *branches: str) -> tuple[Counter[str], int]:
    """The late orders of the last week by a column, and how many orders there were."""
    week = [order for order in typed() if order["branch"] in branches and order["first_promised_for"] >= LAST]
    return Counter(order[by] for order in week if order["delivered_at"] > order["first_promised_for"]), len(week)


def otif(store: Store, *of: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = store.json("board", *of)["metrics"]
    return next(metric for metric in found if metric["key"] == "otif")


def test_the_command_says_on_which_route_most_misses_of_the_week_are(store: Store) -> None:
    late, of = misses("route", "EAST")
    said = f"{late.total()} of {of} missed, {late['4']} of them on route 4"
    assert late["4"] > 10 and otif(store, "--branch", "EAST")["signal"]["misses"] == said
    assert f"worse than usual since 2026-W45; {said}\n" in store("board", "--branch", "EAST").out


def test_talk_about_says_it_in_every_sentence_on_these_misses(opened: Open, store: Store, tmp_path: Path) -> None:
    copy = store.copied_to(tmp_path / "data")
    copy.json("targets", "set", "--metric", "otif", "--target", "99.9%", "--company", "--reason", "a promise", "--from", "2026-01-05")
    late, of = misses("route", "EAST")
    for week, found in (("2026-W45", [f"{late.total()} of {of} orders missed, {late['4']} of them on route 4."]), ("2026-W44", [])):
        board = boards(opened(copy.data, branch="EAST", week=week))[0]
        said = [one["text"] for one in board["talk"] if one["metric"] == "otif"]
        assert [text.rpartition("; ")[2] for text in said if " of them " in text] == found * len(said) and (said or not found)


def test_of_a_territory_and_the_company_it_says_at_which_branch(store: Store) -> None:
    late, of = misses("branch", "EAST", "WEST")
    for asked in (["--territory", "Coast"], ["--company"]):
        assert otif(store, *asked)["signal"]["misses"] == f"{late.total()} of {of} missed, {late['EAST']} of them at East Side"


def test_a_figure_that_does_not_stand_out_names_no_group(store: Store) -> None:
    assert otif(store, "--branch", "WEST")["signal"]["misses"] is None
    assert otif(store, "--branch", "EAST", "--week", "2026-W44")["signal"]["misses"] is None


def test_a_board_as_it_was_reported_names_none_for_its_rows_are_those_of_today(store: Store) -> None:
    reported = otif(store, "--branch", "EAST", "--as-reported")
    assert reported.get("signal", {}).get("misses") is None


def test_typed_totals_name_none_for_they_have_no_rows(store: Store, tmp_path: Path) -> None:
    copy = store.copied_to(tmp_path / "data")
    copy.json("undo", "1")
    weeks = [LAST - back * timedelta(weeks=1) for back in range(WEEKS)]
    (tmp_path / "totals.csv").write_text("branch,week,metric,part,whole\n" + "".join(
        f"EAST,{week},otif,{40 if week == LAST else 56 + at % 3},60\n" for at, week in enumerate(weeks)))
    copy.json("load", tmp_path / "totals.csv", "--source", "weekly_totals")
    found = otif(copy, "--branch", "EAST")["signal"]
    assert (found["variation"], found["misses"]) == ("concern", None)


def test_errors_of_weeks_that_have_not_matured_are_said_of_those_weeks_not_of_the_older_one_shown() -> None:
    points = errors(0.15)
    points[-4:] = [p._replace(state="maturing") for p in points[-4:]]
    judged = judge(ERRORS, points, None)
    said = _signal(Tile(ERRORS, points[-5], points[-1], Aim(None, None, "baseline"), [], points, True, judged), judged, (), {})["text"]
    assert said.startswith("rose above its usual range of 0.0") and said.endswith(
        "in the four weeks from week 26 on: 15.0\u00a0%, and it can only get worse.")
