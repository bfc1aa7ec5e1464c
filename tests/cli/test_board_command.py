"""A branch's own board on the command line: chosen, shown on the board, given back; territories keep the company's."""

from __future__ import annotations

import pytest

OWN = ["in_full", "otif", "fill_rate", "nps", "quote_conversion", "promise_kept"]


def tiles(store, *scope):
    return [m["key"] for m in store.json("board", *scope)["metrics"] if m["on_board"]]


def test_a_chosen_board_is_shown_in_its_order_and_can_be_given_back(copy_of_six_orders):
    store = copy_of_six_orders
    before, company = tiles(store, "--branch", "EAST"), tiles(store, "--company")
    shown = store.json("branches", "board", "EAST")
    assert (shown["own"], shown["who"], len(shown["metrics"])) == (False, None, 8)
    chosen = store.json("branches", "board", "EAST", *OWN, "--why", "agreed in the huddle")
    assert (chosen["own"], chosen["who"], chosen["metrics"]) == (True, "administrator", OWN)
    assert tiles(store, "--branch", "EAST") == OWN
    assert tiles(store, "--branch", "EAST", "--week", "2026-W44", "--as-reported") == OWN  # today's choice, whatever is looked at
    assert tiles(store, "--branch", "WEST") == before
    assert tiles(store, "--company") == tiles(store, "--territory", "Coast") == company
    assert store.json("branches", "board", "EAST", "--company", "--why", "compared again")["own"] is False
    assert tiles(store, "--branch", "EAST") == before
    assert [c["what"] for c in store.json("changes", "--limit", 2)["changes"]] == ["board given back", "board chosen"]


def test_a_substitute_takes_a_place_only_where_it_has_none_of_its_own(copy_of_six_orders, tmp_path):
    store, late = copy_of_six_orders, tmp_path / "new.csv"
    late.write_text("branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for,shipped_at\n"
                    "NEW,1,1,2026-11-02 09:00,2,2026-11-04,2026-11-03\n")  # only ship dates
    store.json("load", late, "--create-branches")
    own = ["otif", "fill_rate", "nps", "quote_conversion", "promise_kept", "escalations"]
    store.json("branches", "board", "NEW", *own, "--why", "first choice")
    assert tiles(store, "--branch", "NEW") == ["on_time_shipped", *own[1:]]
    store.json("branches", "board", "NEW", *own, "on_time_shipped", "--why", "both")
    assert tiles(store, "--branch", "NEW") == [*own, "on_time_shipped"]


@pytest.mark.parametrize(("words", "said"), [
    (["EAST", *OWN], "A change of the board needs a reason."), (["EAST", *OWN, "--company", "--why", "r"], "say different things"),
    (["EAST", "otif", "--why", "r"], "A board has 6 to 8 figures, this choice has 1."), (["EASY"], 'There is no branch "EASY".'),
    (["EAST", "--company", "--why", "r"], "follows the company's choice already")])
def test_what_cannot_be_is_refused_and_nothing_changes(copy_of_six_orders, words, said):
    before = copy_of_six_orders.visible()
    assert said in copy_of_six_orders.json("branches", "board", *words, code=2)["error"]
    assert copy_of_six_orders.visible() == before


def test_a_load_tells_how_the_figures_of_the_own_board_move(copy_of_six_orders, tmp_path):
    store, late = copy_of_six_orders, tmp_path / "pod.csv"
    store.json("branches", "board", "EAST", *OWN, "--why", "agreed in the huddle")
    late.write_text("branch,order_no,line_no,qty_delivered,delivered_at\nEAST,E4,1,3,2026-11-05\n")
    effects = store.json("load", late, "--source", "order_lines", "--dry-run")["effects"]
    assert {e["metric"] for e in effects} == {"otif", "in_full", "promise_kept"}
