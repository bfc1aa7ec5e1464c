"""The commands handoffs and promises: what they print, what they refuse, and that no answer names who missed."""

from __future__ import annotations

import pytest

from tests.command_line import Store


def test_the_chain_of_a_branch_is_printed(three_branches: Store) -> None:
    said = three_branches("handoffs", "show", "--branch", "riv")
    assert said.code == 0 and said.out.startswith("RIV · thirteen weeks up to 2025-W45")
    for words in ("From ordered to picked", "Pick → Stage", "waits for"):
        assert words in said.out
    assert "None" not in said.out


@pytest.mark.parametrize("of", [("--branch", "RIV"), ("--territory", "River Valley"), ("--company",)], ids=str)
def test_no_person_stands_beside_a_count(three_branches: Store, of: tuple[str, ...]) -> None:
    found = three_branches.json("handoffs", "show", *of)
    assert {name for one in found["misses"] for name in one} == {"handoff", "credits", "exceptions"}
    assert [one["stage"] for one in found["stages"]] == ["quote", "pick", "stage", "load", "deliver", "close"]


def test_what_is_not_given_stays_as_it_is(copy_of_three_branches: Store) -> None:
    store = copy_of_three_branches
    store.json("handoffs", "set", "pick", "--branch", "RIV", "--owner", "Sam", "--done-means", "scanned")
    assert store.json("handoffs", "set", "pick", "--branch", "RIV", "--owner", "Kim")["done_means"] == "scanned"
    assert store.json("handoffs", "set", "pick", "--branch", "RIV", "--undo")["owner"] == "Sam"
    assert store.json("handoffs", "set", "pick", "--branch", "RIV", "--done-means", "")["done_means"] == ""


@pytest.mark.parametrize("words, sentence", [
    (("handoffs", "set", "pik", "--branch", "RIV", "--owner", "Sam"), '"pik" is not a stage of the chain.'),
    (("handoffs", "set", "pick", "--branch", "NOPE", "--owner", "Sam"), 'There is no branch "NOPE".'),
    (("handoffs", "set", "pick", "--branch", "RIV", "--undo"), "Nothing has been changed here yet."),
    (("handoffs", "show"), "Say what the figures are of."),
    (("promises", "list"), "Say whose rules."),
    (("promises", "add", " ", "--by", "counter", "--branch", "RIV"), "What may be promised is missing."),
    (("promises", "remove", "7"), "This rule is not there any more.")], ids=str)
def test_what_cannot_be_done_is_said_in_a_sentence(three_branches: Store, words: tuple[str, ...], sentence: str) -> None:
    said = three_branches(*words)
    assert said.code == 2 and said.err.startswith(sentence)


def test_a_rule_is_made_listed_and_ended(copy_of_three_branches: Store) -> None:
    store = copy_of_three_branches
    number = store.json("promises", "add", "Same day", "--by", "counter", "--otherwise", "ask", "--branch", "riv")["id"]
    found = store.json("promises", "list", "--branch", "RIV")
    [rule] = found["rules"]
    assert (rule["promise"], rule["by"], rule["exception_path"], rule["branch"]) == ("Same day", "counter", "ask", "RIV")
    assert len(found["proposed"]) == 3 and store.json("promises", "list", "--company")["rules"] == []
    store.json("promises", "remove", number)
    assert store.json("promises", "list", "--branch", "RIV")["rules"] == []
