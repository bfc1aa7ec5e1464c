"""The commands restated and triangle: what changed a figure since its report, and how the corners stood."""

from __future__ import annotations

import pytest

from tests.cli.six_orders import EAST, LINES, lines

W45 = ("--week", "2026-W45")
LATE = "2026-11-10T09:00"


def changes(store, *words):
    """What a figure changed by: [(what, who, part before, part after)]."""
    found = store.json("restated", *(words or EAST), *W45, "--metric", "otif")["figures"][0]["changes"]
    return [(c["what"], c["who"], c["from"] and c["from"]["part"], c["to"] and c["to"]["part"]) for c in found]


@pytest.fixture
def restated(copy_of_six_orders, tmp_path):
    """The next day E4 is known to have been delivered in time."""
    (tmp_path / "pod.csv").write_text(lines("EAST,E4,1,3,2026-11-05"))
    store = copy_of_six_orders.at(LATE)
    store.json("load", tmp_path / "pod.csv", *LINES)
    return store


def test_a_restated_week_says_which_load_changed_it(restated):
    assert changes(restated) == [("Load 2: pod.csv", "administrator", 1, 2)]
    assert changes(restated, "--territory", "Coast") == [("Load 2: pod.csv", "administrator", 2, 3)]
    assert changes(restated, "--company") == [("Load 2: pod.csv", "administrator", 2, 3)]
    said = restated("restated", *EAST, *W45).out
    found = restated.json("restated", *EAST, *W45)["figures"]
    counts = [sum(one["changed"] and one["on_board"] is there for one in found) for there in (True, False)]
    assert counts[0] == sum(tile["changed"] for tile in found if tile["key"] in {"otif", "fill_rate"}) > 0 and counts[1] > 1
    assert f"; {counts[0]} figure of the board and {counts[1]} others have changed since." in said
    assert "On time, in full (orders, first promise): 50.0 % (n 2) → 100.0 % (n 2)" in said
    assert "2026-11-10 09:00  50.0 % (n 2) → 100.0 % (n 2)  Load 2: pod.csv (administrator)" in said


def test_a_load_taken_back_is_a_step_as_well_and_the_figure_is_as_it_was(restated):
    restated.at("2026-11-11T09:00").json("undo", 2)
    assert changes(restated.at("2026-11-11T10:00")) == [
        ("Load 2: pod.csv", "administrator", 1, 2), ("Load 2 was taken back: pod.csv", "administrator", 2, 1)]
    assert "0 figures of the board have changed since" in restated.at("2026-11-11T10:00")("restated", *EAST, *W45).out


def test_an_option_and_the_hours_of_a_branch_that_changed_figures_are_named(copy_of_three_branches):
    copy_of_three_branches.at("2025-11-11T09:00").json("options", "set", "quote_standard_minutes", "20", "--why", "agreed")
    store = copy_of_three_branches.at("2025-11-12T09:00")
    store.json("branches", "add", "RIV", "--closes", "13:00")
    found = store.json("restated", "--branch", "RIV", "--week", "2025-W45")["figures"]
    causes = {(c["version"], c["at"], c["what"], c["who"]) for one in found for c in one["changes"] if c["version"]}
    assert causes == {(2, "2025-11-11T09:00:00", "Option quote_standard_minutes was changed", "administrator"),
                      (3, "2025-11-12T09:00:00", "Branch RIV was changed", "administrator")}
    other = store.json("restated", "--branch", "HAR", "--week", "2025-W45")["figures"]
    assert {c["version"] for one in other for c in one["changes"]} == {2}


def test_before_its_reporting_hour_a_week_has_no_report(copy_of_six_orders):
    early = copy_of_six_orders.at("2026-11-09T13:00")
    found = early.json("restated", *EAST, "--week", "2026-W46")
    assert (found["reported_at"], found["figures"]) == (None, [])
    assert "Week 2026-W46 is not reported yet; it is on 2026-11-16 12:00 UTC." in early("restated", *EAST, "--week", "2026-W46").out


def test_who_sees_one_branch_reads_no_names_of_loads_that_hold_others(copy_of_six_orders, tmp_path):
    store = copy_of_six_orders.at(LATE)
    store.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = store.seen_by("boss@example.com")
    boss.json("people", "add", "east@example.com", "--name", "East", "--role", "branch leader", "--branch", "EAST")
    (tmp_path / "west and east.csv").write_text(lines("EAST,E4,1,3,2026-11-05", "WEST,W2,1,5,2026-11-06"))
    boss.json("load", tmp_path / "west and east.csv", *LINES)
    boss.at("2026-11-10T10:00").json("branches", "add", "EAST", "--closes", "16:00")
    assert changes(boss)[0] == ("Load 2: west and east.csv", "boss@example.com", 1, 2)
    leader = boss.seen_by("east@example.com")
    assert changes(leader)[0] == ("Load 2; it holds other branches too", "boss@example.com", 1, 2)
    assert "west" not in leader("restated", *EAST, *W45).out.casefold()


def test_a_metric_nobody_knows_is_refused(six_orders):
    assert six_orders.json("restated", *EAST, "--metric", "otiff", code=2)["error"] == 'There is no metric "otiff".'


# ---- the triangle ------------------------------------------------------------------------------------------
@pytest.mark.parametrize("scope", [("--branch", "RIV"), ("--branch", "HAR"), ("--company",)], ids=" ".join)
def test_each_week_of_the_triangle_is_that_of_its_board(three_branches, scope):
    found = three_branches.json("triangle", *scope, "--week", "2025-W45", "--weeks", "10")["weeks"]
    assert len(found) >= 8 and found[-1]["week"] == "2025-W45"
    for one in found:
        board = three_branches.json("board", *scope, "--week", one["week"])
        assert [(c["name"], c["state"]) for c in one["corners"]] == [(c["name"], c["state"]) for c in board["corners"]], one["week"]
        assert one["imbalance"] == board["imbalance"]


def test_the_triangle_begins_with_the_first_figure_and_a_store_without_any_says_so(six_orders, empty):
    assert [w["week"] for w in six_orders.json("triangle", *EAST)["weeks"]] == ["2026-W44", "2026-W45"]
    assert "2026-W45  no data" in six_orders("triangle", *EAST).out
    empty.json("branches", "add", "EAST")
    assert empty("triangle", *EAST).out == "EAST has no figures yet.\n"
