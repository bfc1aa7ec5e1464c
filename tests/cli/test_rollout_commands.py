"""The commands of the rollout: what they say, what they refuse, and that nobody reads another's branch with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from scoreboard.rollout.plan import ROLLOUT_PLAN
from tests.command_line import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """EAST, which began on 2026-10-26, and WEST, both of Coast, on 2026-11-09."""
    store = Store(tmp_path / "data", "2026-11-09T13:00")
    for code in ("EAST", "WEST"):
        store.json("branches", "add", code, "--territory", "Coast")
    store.json("rollout", "start", "--branch", "EAST", "--on", "2026-10-26")
    return store


def test_a_branch_is_shown_item_by_item(store: Store) -> None:
    said = store("rollout", "show", "--branch", "east").out.splitlines()
    assert said[0] == "EAST · day 15 of 90, began on 2026-10-26 · 0 of 13 items done, 2 planned by today"
    assert "First 30 days: stabilize and clarify, 2026-10-26 to 2026-11-24" in said
    assert "Success looks like: fewer surprises, fewer repeated mistakes, clearer accountability." in said
    at = next(n for n, line in enumerate(said) if line.startswith("  chain "))
    assert said[at + 1] == "               open since 2026-10-26"
    assert said[at + 2].startswith("               0 of 6 stages have an owner and what done means; Quote, Pick")
    assert "               later, opens on 2026-11-25" in said


def test_as_a_document_it_has_every_item_with_its_state(store: Store) -> None:
    [shown] = store.json("rollout", "show", "--branch", "EAST")["branches"]
    assert (shown["branch"], shown["start_on"], shown["day"], shown["done"], shown["planned"], shown["of"]) == (
        "EAST", "2026-10-26", 15, 0, 2, 13)
    items = [item for stage in shown["stages"] for item in stage["items"]]
    assert [item["item"] for item in items] == [item.key for item in ROLLOUT_PLAN]
    assert [stage["opens_on"] for stage in shown["stages"]] == ["2026-10-26", "2026-11-25", "2026-12-25"]
    assert shown["stuck"][0] == {"item": "triangle", "since": "2026-10-26"}


def test_a_territory_and_the_company_show_what_is_stuck(store: Store) -> None:
    for words in (("--territory", "Coast"), ("--company",)):
        assert store("rollout", "show", *words).out.splitlines() == [
            "branch  began         day  done of 13  planned  stuck longest",
            "EAST    2026-10-26     15           0        2  triangle since 2026-10-26  and 4 more",
            "WEST    no start day                0"]


def test_an_empty_store_says_how_to_begin(tmp_path: Path) -> None:
    for words in (("--company",), ("--branch", "EAST"), ("--territory", "Coast"), ()):
        said = Store(tmp_path / "empty", "2026-11-09T13:00").json("rollout", "show", *words, code=2)
        assert said["error"] == "Nothing is loaded yet, so there is no branch to show." and "`load FILE`" in said["remedy"]


def test_a_start_is_planned_moved_with_a_reason_and_taken_off(store: Store) -> None:
    assert store("rollout", "start", "--branch", "west", "--on", "2026-12-01").out == "WEST begins on 2026-12-01.\n"
    assert store("rollout", "show", "--branch", "WEST").out.startswith("WEST · begins on 2026-12-01 · 0 of 13")
    refused = store("rollout", "start", "--branch", "WEST", "--on", "2026-12-07")
    assert (refused.code, refused.err) == (2, "The start moves from 2026-12-01 to 2026-12-07: that needs a reason. "
                                              "Say why, for whoever asks next year.\n")
    assert store.json("rollout", "start", "--branch", "WEST", "--on", "2026-12-07", "--why", "stock count") == {
        "branch": "WEST", "start_on": "2026-12-07"}
    assert store("rollout", "start", "--branch", "WEST", "--take-off", "--why", "sold").out == "WEST has no start day now.\n"


def test_evidence_and_a_word_are_written_shown_taken_off_and_put_back(store: Store) -> None:
    written = store("rollout", "evidence", "huddles", "--branch", "EAST", "--text", "At the dock", "--by", "Sam", "--on", "2026-11-02",
                    "--link", "https://example.com/h")
    assert written.out == "Evidence 1 stands at EAST: Start daily micro-huddles in the areas under the most pressure.\n"
    assert store("rollout", "override", "metrics", "--branch", "EAST", "--done", "--reason", "the company chose").out == (
        "Entry 2 stands at EAST: metrics is done.\n")
    said = store("rollout", "show", "--branch", "EAST").out
    assert "done since 2026-11-02 (by hand)\n               At the dock (Sam, 2026-11-02; entry 1) https://example.com/h\n" in said
    assert "done since 2026-11-09 (a person's word, entry 2)\n" in said
    assert "administrator says it is done: the company chose." in said
    assert store("rollout", "remove", 1).out == "Entry 1 of EAST, huddles, is taken off: At the dock\n"
    assert "At the dock" not in store("rollout", "show", "--branch", "EAST").out
    assert store("rollout", "remove", 1, "--undo").out == "Entry 1 of EAST, huddles, stands again: At the dock\n"
    assert store.json("rollout", "override", "huddles", "--branch", "EAST", "--open", "--reason", "given up")["kind"] == "open"
    [huddles] = [item for stage in store.json("rollout", "show", "--branch", "EAST")["branches"][0]["stages"] for item in stage["items"]
                 if item["item"] == "huddles"]
    assert (huddles["state"], huddles["word"]["text"], [entry["id"] for entry in huddles["entries"]]) == ("later", "given up", [1])


def test_evidence_beside_an_item_that_ticks_itself_says_that_it_ticks_nothing(store: Store) -> None:
    said = store("rollout", "evidence", "chain", "--branch", "EAST", "--text", "It hangs at the dock", "--by", "Sam", "--on", "2026-11-02")
    assert said.out.endswith("It stands beside the item; what ticks it: Every stage has an owner and a sentence that says what done "
                             "means.\n")


@pytest.mark.parametrize(("words", "sentence"), [
    (("show",), "Say what the figures are of. Give one of --branch CODE, --territory NAME, --company.\n"),
    (("start", "--branch", "EAST"), "Say what to do with the start day. Give one of --on DAY, --take-off.\n"),
    (("start", "--branch", "EAST", "--on", "soon"), '"soon" is not a day. Write it as 2026-11-02.\n'),
    (("start", "--branch", "NORTH", "--on", "2026-11-02"), 'There is no branch "NORTH". See "branches list".\n'),
    (("override", "chain", "--branch", "EAST", "--reason", "x"), "Say how the item stands. Give one of --done, --open.\n"),
    (("override", "chains", "--branch", "EAST", "--reason", "x", "--done"), None),
    (("evidence", "huddles", "--branch", "EAST", "--text", "x", "--by", "Sam", "--on", "2026-11-10"),
     "2026-11-10 has not come yet at EAST. Evidence is of what was done: 2026-11-09 or earlier.\n"),
    (("evidence", "huddles", "--branch", "EAST", "--text", "x", "--by", "Sam", "--on", "2026-11-02", "--link", "the wall"),
     '"the wall" is not a link. Give a whole address that begins with https:// or http://.\n'),
    (("remove", "7"), "This entry does not stand any more. Look at the rollout again.\n")])
def test_what_is_said_wrongly_is_refused_in_a_sentence(store: Store, words: tuple[str, ...], sentence: str | None) -> None:
    said = store("rollout", *words)
    assert said.code == 2
    assert said.err == sentence if sentence else 'Did you mean "chain"?' in said.err


def test_a_leader_of_one_branch_neither_reads_nor_changes_another(store: Store) -> None:
    store("people", "add", "ann@example.com", "--name", "Ann", "--role", "administrator")
    ann = store.seen_by("ann@example.com")
    for email, role, branch in (("lee@example.com", "branch leader", "WEST"), ("cam@example.com", "coach", "EAST"),
                                ("tea@example.com", "team member", "EAST")):
        assert ann("people", "add", email, "--name", email[:3], "--role", role, "--branch", branch).code == 0
    evidence = ("rollout", "evidence", "huddles", "--text", "At the dock", "--by", "Sam", "--on", "2026-11-02", "--branch")
    lee, cam, tea = (store.seen_by(f"{name}@example.com") for name in ("lee", "cam", "tea"))
    assert [one(*evidence, "EAST").code for one in (lee, tea, cam)] == [2, 2, 0]
    assert lee("rollout", "remove", 1).err == lee("rollout", "remove", 99).err
    assert lee("rollout", "show", "--branch", "EAST").code == lee("rollout", "show", "--territory", "Coast").code == 2
    assert lee("rollout", "show", "--branch", "WEST").code == tea("rollout", "show", "--branch", "EAST").code == 0
    assert lee("rollout", "start", "--branch", "EAST", "--on", "2026-11-02").code == 2
