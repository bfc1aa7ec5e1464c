"""Every command of `cases`, as a program and as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer.main

from scoreboard.cli.cases import cases
from tests.command_line import Said, Store

AT = ("--branch", "EAST")
TOLD = ("--to", "their buyer", "--how", "phone")
# each follows the one before, on one exception; (words after the number, what a person reads)
WAY: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("own", ("--owner", "counter 2"), "not accepted, owned by counter 2"), ("accept", (), "open, owned by counter 2"),
    ("note", ("--note", "=1+1 <b>"), "open"), ("called", (), "open"), ("promise", ("--next-update", "2026-11-09T14:00"), "open"),
    ("update", (*TOLD, "--next-update", "2026-11-09T15:00", "--called-first"), "open"),
    ("pause", ("--reason", "customer decides", "--until", "2026-11-09T16:00"), "paused, customer decides"), ("resume", (), "open"),
    ("correct", ("--customer", "Elm Garage"), "open"),
    ("resolve", ("--cause", "packing"), "it is closed with cases tell"), ("tell", TOLD, "closed"),
    ("debrief", ("--change", "count twice"), "closed"), ("reopen", ("--note", "the second box"), "open"), ("show", (), "our clock"))
OF_A_BRANCH = {"list": (), "types": (), "open": ("--type", "damaged")}


@pytest.fixture
def store(empty: Store) -> Store:
    empty.json("branches", "add", "EAST", "--time-zone", "America/New_York")
    empty.json("people", "add", "lea@example.com", "--name", "lea", "--role", "administrator")
    for name in ("counter 1", "counter 2"):
        empty.seen_by("lea@example.com").json("people", "add", f"{name[-1]}@example.com", "--name", name, "--role", "team member", *AT)
    return Store(empty.data, "2026-11-09T17:00", "1@example.com")


def test_every_command_is_walked_here() -> None:
    assert set(typer.main.get_command(cases).commands) == {step[0] for step in WAY} | set(OF_A_BRANCH)  # type: ignore[attr-defined]


def test_the_whole_way_as_a_person_reads_it(store: Store) -> None:
    raised = store("cases", "open", *AT, "--type", "damaged", "--owner", "counter 1", "--at", "2026-11-09T10:00")
    assert raised.out.startswith("X1 of EAST, damaged: not accepted, owned by counter 1")
    assert 'No standard is agreed for "damaged"' in raised.out and 'options set "exception_standards.damaged" MINUTES' in raised.out
    for command, words, says in WAY:
        said = store("cases", command, "X1", *AT, *words)
        assert (said.code, said.err) == (0, ""), (command, said)
        assert says in said.out, (command, said.out)
    assert "All open 1" in store("cases", "list", *AT).out and "wrong part" in store("cases", "types", *AT).out


def test_the_whole_way_as_a_program_reads_it(store: Store) -> None:
    assert store.json("cases", "open", *AT, "--type", "damaged", "--owner", "counter 1", "--at", "2026-11-09T10:00")["case_no"] == "X1"
    for n, (command, words, _) in enumerate(WAY):
        told = store.json("cases", command, "X1", *AT, *words)
        assert (told["branch"], told["case_no"], told["opened_at"]) == ("EAST", "X1", "2026-11-09T15:00:00")
        assert len(told["log"]) == min(n + 2, len(WAY))
    assert (told["status"], told["customer"], told["root_cause"], told["change"]) == ("open", "Elm Garage", "packing", "count twice")
    assert told["customer_called_at"] == "2026-11-09T17:00:00" and sum(one["minutes"] for one in told["held"]) == 120
    assert [e["new"]["note"] for e in told["log"] if e["what"] == "noted"] == ["=1+1 <b>"]
    assert store.json("cases", "list", *AT)["counts"] == {"not_told": 0, "not_accepted": 0, "past": 0, "soon": 0, "open": 1}
    assert next(one["type"] for one in store.json("cases", "types", *AT)["types"]) == "wrong part"


@pytest.mark.parametrize(("words", "says"), [
    (("tell", "X1", *AT, *TOLD), "It is not resolved yet."), (("show", "X9", *AT), 'There is no exception "X9" at EAST.'),
    (("list", *AT, "--show", "late"), 'There is no list "late".'),
    (("note", "X1", *AT, "--note", "x", "--at", "yesterday"), '"yesterday" is not a time.'),
    (("note", "X1", *AT, "--note", "x", "--at", "9999-12-31T23:59-05:00"), "is not a time."),
    (("note", "X1", *AT, "--note", "x", "--at", "0001-01-01"), "would lie before 1990."),
    (("pause", "X1", *AT, "--reason", "customer decides", "--until", "9999-12-31"), "more than a year ahead."),
    (("open", *AT, "--type", "lost"), 'There is no type of exception "lost".'),
    (("open", "--branch", "WEST", "--type", "damaged"), "not one of your branches"),
    (("own", "X1", *AT, "--owner", "nobody"), 'Nobody called "nobody" can own')])
def test_what_cannot_be_is_a_sentence_and_changes_nothing(store: Store, words: tuple[str, ...], says: str) -> None:
    store.json("cases", "open", *AT, "--type", "damaged", "--at", "2026-11-09T10:00")
    before = store("--json", "cases", "show", "X1", *AT).out
    said: Said = store("cases", *words)
    assert said.code == 2 and says in said.err and "not foreseen" not in said.err and said.out == ""
    assert store("--json", "cases", "show", "X1", *AT).out == before


def test_who_only_reads_may_look_and_change_nothing(store: Store, tmp_path: Path) -> None:
    store.json("cases", "open", *AT, "--type", "damaged")
    store.seen_by("lea@example.com").json("people", "add", "v@example.com", "--name", "v", "--role", "viewer", *AT)
    looking = store.seen_by("v@example.com")
    assert looking.json("cases", "show", "X1", *AT)["case_no"] == "X1"
    for command, words, _ in WAY[:-1]:
        assert "Your role (viewer) may not change this" in looking("cases", command, "X1", *AT, *words).err
    assert "Your role (viewer)" in looking("cases", "open", *AT, "--type", "damaged").err
