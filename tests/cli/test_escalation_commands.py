"""The commands around escalation, and `serve` as a real process that is killed in the middle."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scoreboard import settings as settings_module
from scoreboard.imports import rounds
from scoreboard.state.database import open_database
from tests.cases.due_cases import MONDAY, made
from tests.cases.receivers import http_receiver
from tests.command_line import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """EAST with an exception that Lee owns, half of whose standard is used up at 13:00."""
    engine = open_database(f"sqlite:///{tmp_path / 'scoreboard.sqlite'}")
    made(engine, tmp_path).raised(MONDAY, owner="Lee")
    engine.dispose()
    return Store(tmp_path, "2026-11-02T13:00")


def lee(store: Store) -> list[tuple[str, int]]:
    """Outcome and tries of what Lee was told."""
    return [(m["outcome"], m["tries"]) for m in store.json("messages", "--branch", "EAST")["messages"] if m["name"] == "Lee"]


def test_escalate_says_what_it_did(store: Store) -> None:
    with http_receiver() as receiver:
        store("ladder", "add", "Lee", "--role", "owner", "--branch", "EAST", "--address", receiver.address)
        assert store.json("escalate") == {
            "cases": 1, "steps": 1, "messages": 1, "nobody_to_tell": 0, "sent": 1, "failed": 0, "waiting_for_quiet_hours": 0,
            "waiting_to_try_again": 0}
        assert store("escalate").out == (
            "0 steps came due in 0 exceptions: 0 new messages; 0 times nobody can be reached.\n"
            "Messages: 0 sent, 0 failed, 0 waiting for quiet hours to end, 0 for another try.\n")
    [(title, _)] = receiver.received
    said = store("messages")
    assert title in said.out and "sent" in said.out and "s3cret" not in said.out


def test_the_ladder_is_listed_without_its_addresses_and_changed_by_number(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    monkeypatch.setattr(sys, "stdin", io.StringIO("json://user:s3cret@example.com/hook\n"))
    store("ladder", "add", "Kim", "--role", "leader", "--territory", "North", "--address", "-")
    listed = store("ladder", "list", "--branch", "EAST").out
    assert listed == "1  owner   Lee  no address  branch EAST\n2  leader  Kim  json        territory North\n"
    assert "s3cret" not in listed + store("--json", "ladder", "list", "--branch", "EAST").out + store("--json", "changes").out
    assert store("ladder", "remove", 2).code == 0
    assert store("ladder", "list", "--branch", "EAST").out.count("\n") == 1
    assert store("ladder", "remove", 2).err == "This contact is not there any more. Reload the page.\n"


@pytest.mark.parametrize(("words", "sentence"), [
    (("ladder", "list"), "Say of which branch. Give --branch CODE.\n"),
    (("ladder", "add", "Kim", "--role", "leader"), "Say for whom it holds. "
     "Give exactly one of the places: a branch, a territory or the company.\n"),
    (("ladder", "add", "Kim", "--role", "boss", "--branch", "EAST"),
     '"boss" is not a rung of the ladder. Use one of: owner, leader, territory.\n'),
    (("playbook", "set", "--for", "backorders", "--branch", "EAST"),
     'The playbook has no part "backorders". Use one of: mission-critical, backorder. Did you mean "backorder"?\n'),
    (("playbook", "set", "--for", "backorder", "--branch", "EAST", "--step", "Kim | soon"),
     '"soon" is not a whole number of minutes. Write a step like "the leader | 30 | a loaner part".\n'),
    (("playbook", "set", "--for", "backorder", "--branch", "EAST", "--step", " | 30"),
     "Who is told needs words. Say it in a sentence.\n"),
    (("playbook", "show", "--branch", "EAST", "--company"), None)])
def test_what_is_said_wrongly_is_refused_in_a_sentence(store: Store, words: tuple[str, ...], sentence: str | None) -> None:
    said = store(*words)
    assert said.code == 2
    assert sentence is None or said.err == sentence


def test_a_branch_has_the_playbook_of_the_company_until_it_has_its_own(store: Store) -> None:
    missing = "  Nothing is agreed yet: who is told, in which order, by when, and what may be offered.\n"
    assert store("playbook", "show", "--branch", "EAST").out == f"mission-critical\n{missing}backorder\n{missing}"
    store("playbook", "set", "--for", "backorder", "--company", "--step", "leader | 30 | a loaner", "--step", "the customer")
    assert store("playbook", "show", "--branch", "EAST").out == (
        f"mission-critical\n{missing}backorder (the company's)\n"
        "  1.  leader        within 30 working minutes  a loaner\n  2.  the customer\n")
    store("playbook", "set", "--for", "backorder", "--branch", "EAST", "--step", "Kim")
    assert store.json("playbook", "show", "--branch", "EAST")["backorder"] == {
        "own": True, "steps": [{"tell": "Kim", "within_minutes": None, "offer": ""}]}
    store("playbook", "set", "--for", "backorder", "--branch", "EAST")
    assert len(store.json("playbook", "show", "--branch", "EAST")["backorder"]["steps"]) == 2


def test_only_who_sees_every_branch_makes_a_round_and_reads_every_message(store: Store) -> None:
    store("escalate")
    store("branches", "add", "WEST")
    store("people", "add", "ann@example.com", "--name", "Ann", "--role", "administrator")
    assert store.seen_by("ann@example.com")("people", "add", "bo@example.com", "--name", "Bo", "--role", "branch leader", "--branch",
                                            "WEST").code == 0
    bo = store.seen_by("bo@example.com")
    assert bo("escalate").code == 2
    assert bo.json("messages")["messages"] == []
    assert bo("messages", "--branch", "EAST").code == bo("ladder", "list", "--branch", "EAST").code == 2
    assert len(store.seen_by("ann@example.com").json("messages")["messages"]) == 1


# ---- serve -----------------------------------------------------------------------------------------------
@contextmanager
def served(store: Store) -> Iterator[subprocess.Popen[str]]:
    """`serve` as a process of its own, answering."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SCOREBOARD_")}
    words = [sys.executable, "-m", "scoreboard", "--data", str(store.data), "--now", store.now, "serve", "--port", "0"]
    server = subprocess.Popen(words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert server.stdout and "ready" in server.stdout.readline()
        yield server
    finally:
        server.kill()
        server.wait()
        assert server.stdout
        server.stdout.close()


def test_a_server_killed_before_anybody_was_reached_says_it_once_when_it_is_started_again(store: Store) -> None:
    with http_receiver() as receiver:
        asked = threading.Semaphore(0)

        def answers(status: int) -> int:
            asked.release()
            return status

        store("ladder", "add", "Lee", "--role", "owner", "--branch", "EAST", "--address", receiver.address)
        receiver.answers = lambda: answers(503)
        with served(store):
            assert asked.acquire(timeout=60)
        receiver.answers = lambda: answers(200)
        with served(store.at("2026-11-02T13:05")) as server:
            assert asked.acquire(timeout=60)
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 0
        with served(store.at("2026-11-02T15:00")) as server:
            server.send_signal(signal.SIGTERM)
            assert server.wait(30) == 0
        store.at("2026-11-02T15:01")("escalate")
    assert len(receiver.received) == 1
    assert lee(store) == [("sent", 2)]


def test_a_server_killed_while_a_message_is_on_its_way_repeats_that_one_once(store: Store) -> None:
    with http_receiver() as receiver:
        on_its_way, go_on = threading.Event(), threading.Event()

        def held() -> int:
            on_its_way.set()
            go_on.wait(60)
            return 200

        store("ladder", "add", "Lee", "--role", "owner", "--branch", "EAST", "--address", receiver.address)
        receiver.answers = held
        with served(store):
            assert on_its_way.wait(60)
            assert lee(store) == [("tries again", 1)]
        go_on.set()
        assert store.at("2026-11-02T13:01").json("escalate")["sent"] == 0
        assert store.at("2026-11-02T13:02").json("escalate")["sent"] == 1
        assert store.at("2026-11-02T15:00").json("escalate")["sent"] == 0
    assert lee(store) == [("sent", 2)]


def test_the_server_settles_the_weeks_that_exceptions_moved_every_ten_minutes_and_the_command_once_a_day(empty):
    empty.json("branches", "add", "EAST")
    empty.json("cases", "open", "--branch", "EAST", "--type", "wrong part")
    empty.json("escalate")
    figures = empty.json("series", "--branch", "EAST", "--metric", "escalations")["points"]
    later = empty.at("2026-11-09T13:05")
    later.json("cases", "open", "--branch", "EAST", "--type", "damaged")
    later.json("escalate")
    assert (figures[-1]["n"], later.json("series", "--branch", "EAST", "--metric", "escalations")["points"][-1]["n"]) == (1, 2)
    assert _marks(empty) == 1
    empty.at("2026-11-09T13:11").json("escalate")
    assert _marks(empty) == 1, "a command stays short"
    _round_of_the_server(empty.at("2026-11-09T13:09"))
    assert _marks(empty) == 1
    _round_of_the_server(empty.at("2026-11-09T13:11"))
    assert _marks(empty) == 0
    later.json("cases", "resolve", "X1", "--branch", "EAST")
    empty.at("2026-11-10T13:11").json("escalate")
    assert _marks(empty) == 0


def _round_of_the_server(store):
    settings = settings_module.read(str(store.data), store.now)
    engine = open_database(settings.database_url)
    rounds.once(settings, engine)
    engine.dispose()


def _marks(store):
    with sqlite3.connect(store.data / "scoreboard.sqlite") as conn:
        return conn.execute("SELECT count(*) FROM case_marks").fetchone()[0]
