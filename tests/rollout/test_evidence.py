"""What ticks each item, both ways and at the edge, and the sentence that says what is there and what lacks."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scoreboard.rollout import evidence
from scoreboard.rollout.evidence import ChainStage, Evidence, Exceptions, Known, Tightened
from scoreboard.state.stages import STAGES

D1, D2, D3 = (date(2026, 10, 1) + timedelta(days=n) for n in range(3))
WHOLE = {key: ChainStage(True, True, D1) for key in STAGES}
RAISED = Exceptions(seen=5, open=3, since=D2, resolved=4, told=3, told_since=D3)


# ---- triangle ----------------------------------------------------------------------------------------
def test_a_triangle_with_an_agreed_corner_each_is_done_since_the_last_of_them() -> None:
    assert evidence.triangle(Known(corners={"Speed": D1, "Accuracy": D3, "Confidence": D2})) == Evidence(
        True, "Each corner has a figure on the board with a target and a floor.", D3)


def test_a_corner_that_stands_on_what_ships_is_said_and_has_no_day() -> None:
    assert evidence.triangle(Known(corners={"Speed": D1, "Accuracy": None, "Confidence": D2})) == Evidence(
        True, "Each corner has a figure on the board with a target and a floor. Accuracy stands on what ships with a source.", D2)


@pytest.mark.parametrize("corners, lacks", [
    ({}, "Speed, Accuracy and Confidence"), ({"Accuracy": None}, "Speed and Confidence"), ({"Speed": D1, "Accuracy": D2}, "Confidence")])
def test_a_triangle_names_the_corners_that_lack(corners: dict[str, date | None], lacks: str) -> None:
    said = evidence.triangle(Known(corners=corners))
    assert not said.done and said.words == f"No figure on the board with both a target and a floor speaks for {lacks}."


# ---- metrics -----------------------------------------------------------------------------------------
def test_a_board_is_done_when_it_was_chosen_for_the_branch() -> None:
    assert evidence.board(Known(board=(6, D1), figures=6)) == Evidence(True, "6 figures were chosen for this branch.", D1)
    assert evidence.board(Known(figures=8)) == Evidence(
        False, "The board follows the company's 8 figures; nobody has chosen for this branch.")


# ---- chain -------------------------------------------------------------------------------------------
def test_a_chain_is_done_since_its_last_stage() -> None:
    assert evidence.chain(Known(stages=WHOLE | {"load": ChainStage(True, True, D3)})) == Evidence(
        True, "All 6 stages have an owner and what done means.", D3)


@pytest.mark.parametrize("stages, lacks", [
    ({}, "0 of 6 stages have an owner and what done means; Quote, Pick, Stage, Load, Deliver and Close the loop lack both."),
    (WHOLE | {"load": ChainStage(False, True, D2)}, "5 of 6 stages have an owner and what done means; Load lacks an owner."),
    (WHOLE | {"load": ChainStage(True, False, D2), "deliver": ChainStage(True, False, D2), "close": ChainStage(False, False, D2)},
     "3 of 6 stages have an owner and what done means; Load and Deliver lack what done means; Close the loop lacks both.")])
def test_a_chain_names_what_lacks_where(stages: dict[str, ChainStage], lacks: str) -> None:
    said = evidence.chain(Known(stages=stages))
    assert (said.done, said.words, said.since) == (False, lacks, D2 if stages else None)


# ---- repeats -----------------------------------------------------------------------------------------
def test_ten_root_causes_are_enough_and_nine_are_not() -> None:
    assert evidence.repeats(Known(causes=(10, D2))) == Evidence(True, "10 errors that came back have a root cause.", D2)
    nine = evidence.repeats(Known(causes=(9, D1)))
    assert not nine.done and nine.since == D1 and nine.words.startswith("9 of 10 root causes are written.")
    assert evidence.repeats(Known()).words.startswith("0 of 10")


# ---- exceptions --------------------------------------------------------------------------------------
def test_exceptions_that_are_owned_and_timed_are_done() -> None:
    assert evidence.exceptions(Known(exceptions=RAISED)) == Evidence(
        True, "Every one of 3 open exceptions has an owner; each type raised in thirteen weeks has a standard.", D2)
    assert evidence.exceptions(Known(exceptions=replace(RAISED, open=1))).words.startswith("The one open exception has an owner;")
    assert evidence.exceptions(Known(exceptions=replace(RAISED, open=0))).words.startswith("No exception is open;")


@pytest.mark.parametrize("raised, words", [
    (Exceptions(), "No exception was raised in thirteen weeks, so nothing shows yet who owns one and how it is timed."),
    (replace(RAISED, unowned=1), "1 of 3 open exceptions has no owner."),
    (replace(RAISED, unowned=2), "2 of 3 open exceptions have no owner."),
    (replace(RAISED, untimed=("damaged", "paperwork")), "No standard is agreed for damaged and paperwork."),
    (replace(RAISED, unowned=2, untimed=("damaged",)), "2 of 3 open exceptions have no owner; no standard is agreed for damaged.")])
def test_exceptions_say_who_and_what_lacks(raised: Exceptions, words: str) -> None:
    assert evidence.exceptions(Known(exceptions=raised)) == Evidence(False, words)


# ---- escalation --------------------------------------------------------------------------------------
def test_escalation_needs_both_rungs_and_both_kinds() -> None:
    whole = Known(ladder={"leader": D1, "territory": D3}, playbook={"mission-critical": D2, "backorder": D2})
    said = evidence.escalation(whole)
    assert said.done and said.since == D3
    for lacking, words in ((replace(whole, ladder={"leader": D1}), "Nobody stands on the ladder for the territory."),
                           (replace(whole, playbook={"mission-critical": D2}), "The playbook has no steps for backorders."),
                           (replace(whole, ladder={}, playbook={}), "Nobody stands on the ladder for the leader and the territory; "
                                                                    "the playbook has no steps for critical orders and backorders.")):
        said = evidence.escalation(lacking)
        assert (said.done, said.words) == (False, words)


# ---- tighten -----------------------------------------------------------------------------------------
def test_tightening_counts_from_day_61_and_names_the_first() -> None:
    assert not evidence.tighten(Known(tightened=None)).done and "day 61" in evidence.tighten(Known(tightened=None)).words
    assert evidence.tighten(Known(tightened=[])) == Evidence(False, "No target or floor asks for more than on day 60.")
    first, second = Tightened("OTIF: target 95 % → 97 % (it held)", D1), Tightened("Fill: floor 80 % → 85 % (so too)", D2)
    assert evidence.tighten(Known(tightened=[second, first])) == Evidence(True, f"{first.words}. And 1 more.", D1)


# ---- confidence --------------------------------------------------------------------------------------
def test_confidence_needs_a_rule_and_most_customers_told_dated() -> None:
    said = evidence.confidence(Known(rules=(1, D1), exceptions=RAISED))
    assert said == Evidence(True, "1 promise rule holds here; for 3 of 4 exceptions resolved in thirteen weeks it is written down when "
                                  "the customer first heard.", D3)
    assert evidence.confidence(Known(rules=(3, D1), exceptions=RAISED)).words.startswith("3 promise rules hold here;")


@pytest.mark.parametrize("told, resolved, done", [(1, 1, True), (0, 1, False), (2, 4, False), (3, 5, True), (0, 0, False)])
def test_most_is_more_than_half(told: int, resolved: int, done: bool) -> None:
    raised = replace(RAISED, told=told, resolved=resolved)
    assert evidence.confidence(Known(rules=(1, D1), exceptions=raised)).done == done


def test_confidence_says_what_lacks_and_the_last_step() -> None:
    assert evidence.confidence(Known()) == Evidence(
        False, "No promise rule holds here; no exception was resolved in thirteen weeks, so nothing shows whether customers are told "
               "first.")
    few = evidence.confidence(Known(rules=(1, D1), exceptions=replace(RAISED, told=1)))
    assert few.words.startswith("Only for 1 of 4 exceptions") and few.since == D3
