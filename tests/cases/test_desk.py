"""What the desk refuses and in which words, and what two people at one case are told. On both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select

from scoreboard.cases import desk, finding, log
from scoreboard.cases.desk import Overtaken
from scoreboard.cases.lifecycle import CLOSED, NOT_TOLD, status
from scoreboard.errors import NotAllowed, Refused
from scoreboard.state.database import writing
from scoreboard.state.schema import case_events, contacts
from scoreboard.state.viewers import EVERYONE, Viewer
from tests.cases.case_files import TERMS
from tests.cases.worked import Branch, add_owners

NOW = datetime(2026, 11, 9, 18)  # a Monday, noon in New York
HOUR = timedelta(hours=1)
ANNA, BEN = (Viewer(f"{name}@example.com", name, "team member", frozenset({"EAST"})) for name in ("anna", "ben"))


@pytest.fixture
def branch(database: Engine) -> Iterator[Branch]:
    with writing(database) as conn:
        add_owners(conn, NOW)
        yield Branch(conn, TERMS, NOW)


def entries(branch: Branch) -> int:
    return int(branch.conn.scalar(select(func.count()).select_from(case_events)) or 0)


def refused(branch: Branch, act: Any) -> str:
    """The sentence of a refusal that leaves nothing in the log."""
    before = entries(branch)
    with pytest.raises(Refused) as found:
        act()
    assert entries(branch) == before
    assert found.value.what.endswith(".") and found.value.remedy.endswith((".", "?"))
    return str(found.value)


# ---- bad input ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(("given", "says"), [
    ({"type": ""}, "What went wrong was not said. Choose the type"),
    ({"type": "mispick"}, 'no type of exception "mispick".*Did you mean "mis-pick"'),
    ({"owner": "counter 9"}, 'Nobody called "counter 9" can own exceptions at EAST. Add them to the ladder first, or choose: counter 1'),
    ({"handoff": "Pick"}, '"Pick" is not a handoff. Use one of: Quote → Pick'),
    ({"customer": "x" * 10_000}, "has room for 500 characters; this has 10000")])
def test_what_cannot_be_raised(branch: Branch, given: dict[str, str], says: str) -> None:
    import re

    assert re.search(says, refused(branch, lambda: branch.raises(**given)))


@pytest.mark.parametrize(("opened", "says"), [
    (NOW + HOUR, "opened in the future"), (datetime(226, 11, 9), "opened before 1990"), (datetime(1, 1, 1), "opened before 1990")])
def test_when_it_cannot_have_been_opened(branch: Branch, opened: datetime, says: str) -> None:
    assert says in refused(branch, lambda: desk.raise_case(branch.desk, "EAST", {"type": "damaged"}, opened_at=opened))


@pytest.mark.parametrize(("before", "what", "given", "says"), [
    ((), "told", {"to": "buyer", "how": "phone"}, "not resolved yet. Resolve it first"),
    (("resolved",), "told", {"how": "phone"}, "Who was told was not said. Name the person"),
    (("resolved",), "told", {"to": "buyer"}, "How they were told was not said. Use one of: phone"),
    (("resolved",), "told", {"to": "buyer", "how": "pigeon"}, '"pigeon" is not a way of telling'),
    (("resolved",), "resolved", {}, "It is resolved already. Tell the customer"),
    ((), "updated", {"to": "buyer", "how": "phone", "next_update_at": NOW}, "The next update lies in the past"),
    ((), "promised", {}, "When the customer hears next was not said"),
    ((), "promised", {"next_update_at": datetime(2062, 11, 9)}, "more than a year ahead. Look at the year"),
    ((), "paused", {"reason": "customer decides"}, "A pause needs an end"),
    ((), "paused", {"reason": "lunch", "until": NOW + HOUR}, '"lunch" is not a reason to pause. Use one of: customer decides'),
    ((), "paused", {"reason": "customer decides", "until": datetime(9999, 12, 31)}, "more than a year ahead"),
    (("paused",), "paused", {"reason": "customer decides", "until": NOW + HOUR}, "It is paused already. Resume it first"),
    ((), "resumed", {}, "It is not paused"),
    (("resolved",), "resumed", {}, "It is resolved, not told: this cannot be done now."),
    ((), "debriefed", {"change": "count twice"}, "It is not resolved yet. Debrief it when it is"),
    (("resolved",), "debriefed", {}, "None of the three questions was answered"),
    ((), "reopened", {"note": "again"}, "It is open: this cannot be done now."),
    (("resolved",), "reopened", {}, "A reason needs words"),
    ((), "handed over", {"owner": "nobody known"}, 'Nobody called "nobody known" can own'),
    ((), "handed over", {"owner": "counter 1"}, "counter 1 owns it already"), ((), "handed over", {}, "Nobody was named to own it"),
    (("accepted",), "accepted", {}, "counter 1 has accepted it already"), ((), "noted", {"note": " \n"}, "A note needs words"),
    ((), "corrected", {"type": "wrong part"}, "Nothing is different from before"), ((), "corrected", {"type": ""}, "no type of exception"),
    ((), "noted", {"note": "early", "at": NOW - 5 * HOUR}, "would lie before the exception was opened"),
    ((), "noted", {"note": "late", "at": NOW + HOUR}, "would lie in the future"),
    (("handed over",), "accepted", {"at": NOW - 3 * HOUR}, "It was handed to driver 3 only after that"),
    (("resolved",), "reopened", {"note": "again", "at": NOW - 3 * HOUR}, "It was resolved only after that"),
    (("resolved", "reopened"), "resolved", {"at": NOW - 3 * HOUR}, "It was opened again only after that"),
])
def test_what_cannot_be_done(branch: Branch, before: tuple[str, ...], what: str, given: dict[str, Any], says: str) -> None:
    number = desk.raise_case(branch.desk, "EAST", {"type": "wrong part", "owner": "counter 1"}, opened_at=NOW - 4 * HOUR).case_no
    for done in before:
        said = {"paused": {"reason": "supplier answers", "until": NOW + HOUR},
                "reopened": {"note": "not over"}, "handed over": {"owner": "driver 3"}}
        branch.does(number, done, **said.get(done, {}), at=NOW - HOUR / 2)
    assert says in refused(branch, lambda: branch.does(number, what, **given))


def test_a_type_without_a_standard_is_raised_and_is_never_due(branch: Branch) -> None:
    number = branch.raises(type="paperwork")
    (found,) = finding.listed(branch.conn, EVERYONE, ["EAST"], "open", NOW)
    assert (found.state.case_no, found.due_at) == (number, None)


@pytest.mark.parametrize(("typed", "kept"), [
    ("=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"), ("<script>alert(1)</script>", "<script>alert(1)</script>"), ("a\0b", "a b"),
    ("\x1b[31mred\x1b[0m", "[31mred [0m"), ("invoice\u202efdp.exe", "invoicefdp.exe"), ("\ud800 lone", "lone"),
    ("שלום\u200f", "שלום\u200f"),
    ("two\r\nlines", "two lines"), ("';DROP TABLE cases;--", "';DROP TABLE cases;--")])
def test_hostile_text_is_kept_as_text(branch: Branch, typed: str, kept: str) -> None:
    number = branch.raises(customer=typed, note=typed)
    state, _ = desk.require(branch.conn, EVERYONE, "EAST", number)
    (entry,) = finding.entries(branch.conn, EVERYONE, "EAST", number)
    assert state.customer == entry.new["customer"] == entry.new["note"] == kept
    assert [one.state.case_no for one in finding.listed(branch.conn, EVERYONE, ["EAST"], "open", NOW, words=typed)] == [number]


def test_a_number_of_no_case_and_a_branch_of_nobody(branch: Branch) -> None:
    assert 'There is no exception "X9" at EAST. See `cases list`' in refused(branch, lambda: branch.does("X9", "accepted"))
    refused(branch, lambda: branch.does("X\0" + "9" * 10_000, "accepted"))
    assert 'There is no branch "NOWHERE"' in refused(branch, lambda: desk.raise_case(branch.desk, "NOWHERE", {"type": "damaged"}))


# ---- whose it is to change -----------------------------------------------------------------------------
def test_who_only_reads_changes_nothing_and_nobody_acts_on_another_branch(branch: Branch) -> None:
    number = branch.raises()
    for viewer, says in ((Viewer("v", "v", "viewer", None), "Your role (viewer) may not change this"),
                         (Viewer("c", "c", "coach", None), "Your role (coach) may not change this"),
                         (Viewer("w", "w", "team member", frozenset({"WEST"})), '"EAST" is not one of your branches')):
        branch.viewer, before = viewer, entries(branch)
        for act in (lambda: branch.does(number, "accepted"), branch.raises):
            with pytest.raises(NotAllowed) as found:
                act()
            assert says in str(found.value) and entries(branch) == before
    with pytest.raises(NotAllowed):
        finding.entries(branch.conn, branch.viewer, "EAST", number)
    assert finding.listed(branch.conn, branch.viewer, ["EAST"], "open", NOW) == []
    assert finding.by_owner(branch.conn, branch.viewer, ["EAST"]) == []


# ---- numbers -------------------------------------------------------------------------------------------
def test_a_number_that_a_file_brought_is_not_given_again_even_while_it_waits(branch: Branch) -> None:
    branch.imports("type opened_at", ("X1", "damaged", NOW - HOUR))
    branch.imports("told_at", ("X2", NOW - HOUR))  # waits for its opening
    assert branch.raises() == "X3"
    assert log.rebuild(branch.conn, TERMS, NOW) == []


def test_a_file_may_not_bring_a_number_that_was_given_here(branch: Branch) -> None:
    number = branch.raises()
    said = refused(branch, lambda: branch.imports("type opened_at", ("E1", "damaged", NOW), (number, "damaged", NOW - 3 * HOUR)))
    assert "exceptions of EAST under numbers that were given here: X1." in said and "Give them other numbers" in said
    assert branch.imports("type opened_at", ("X7", "damaged", NOW), ("E2", "damaged", NOW)).new == 2


# ---- two at one case -----------------------------------------------------------------------------------
def last_entry(branch: Branch, number: str) -> int:
    return finding.entries(branch.conn, EVERYONE, "EAST", number)[-1].id


@pytest.mark.parametrize(("first", "second", "says"), [
    (("corrected", {"priority": "high"}), ("corrected", {"priority": "low"}), "anna@example.com changed priority from nothing to high"),
    (("corrected", {"priority": "high"}), ("corrected", {"priority": "high"}), "anna@example.com changed priority from nothing to high"),
    (("handed over", {"owner": "driver 3"}), ("handed over", {"owner": "inside sales 2"}), "changed owner from counter 1 to driver 3"),
    (("handed over", {"owner": "driver 3"}), ("accepted", {}), "changed owner from counter 1 to driver 3"),
    (("resolved", {}), ("resolved", {}), "changed resolved at from nothing to 2026-11-09 18:00 UTC"),
    (("resolved", {}), ("paused", {"reason": "customer decides", "until": NOW + HOUR}), "changed resolved at from nothing"),
    (("paused", {"reason": "customer decides", "until": NOW + HOUR}), ("paused", {"reason": "supplier answers", "until": NOW + HOUR}),
     "changed pauses from nothing to 2026-11-09 18:00 to 2026-11-09 19:00 UTC")])
def test_the_second_of_two_is_told_who_changed_what(branch: Branch, first: Any, second: Any, says: str) -> None:
    number = branch.raises()
    seen = last_entry(branch, number)
    branch.viewer = ANNA
    branch.does(number, first[0], **first[1], seen=seen)
    branch.viewer, before = BEN, entries(branch)
    with pytest.raises(Overtaken) as found:
        branch.does(number, second[0], **second[1], seen=seen)
    assert says in str(found.value) and "Look at it again" in found.value.remedy
    assert found.value.theirs[0][0] == ANNA.who and entries(branch) == before


def test_edits_of_other_columns_go_together_and_after_looking_again_the_second_may_decide(branch: Branch) -> None:
    number = branch.raises()
    seen = last_entry(branch, number)
    branch.does(number, "corrected", priority="high", seen=seen)
    branch.does(number, "corrected", customer="Ridgeway Farms", seen=seen)
    branch.does(number, "handed over", owner="driver 3", seen=seen)
    state = branch.does(number, "corrected", priority="low", seen=last_entry(branch, number))
    assert (state.priority, state.customer, state.owner) == ("low", "Ridgeway Farms", "driver 3")


# ---- the whole way -------------------------------------------------------------------------------------
def test_a_case_from_its_raising_to_its_end_and_again(branch: Branch) -> None:
    number = branch.raises(type="damaged", customer="Ridgeway Farms")
    for minutes, what, given in ((5, "accepted", {}), (10, "updated", {"to": "buyer", "how": "phone", "next_update_at": NOW + 2 * HOUR}),
                                 (20, "paused", {"reason": "customer decides", "until": NOW + 5 * HOUR}), (40, "resumed", {}),
                                 (50, "resolved", {"root_cause": "packing"})):
        branch.now = NOW + timedelta(minutes=minutes)
        state = branch.does(number, what, **given)
    assert status(state) == NOT_TOLD and state.root_cause == "packing"
    branch.now = NOW + HOUR
    state = branch.does(number, "told", to="buyer", how="phone")
    assert status(state) == CLOSED and state.closed_at == NOW + HOUR
    branch.now = NOW + 2 * HOUR
    again = branch.does(number, "reopened", note="the second box too")
    assert (again.opened_at, again.reopened_at, again.closed_at) == (NOW, branch.now, None)
    assert log.rebuild(branch.conn, TERMS, branch.now) == []


def test_an_owner_who_left_the_ladder_keeps_what_is_theirs_and_gets_no_more_once_it_is_closed(branch: Branch) -> None:
    branch.conn.execute(insert(contacts).values(scope_kind="branch", scope="EAST", role="owner", name="guest", who="t", at=NOW))
    number = branch.raises(owner="guest")
    branch.conn.execute(contacts.update().where(contacts.c.name == "guest").values(removed_at=NOW))
    assert branch.raises(owner="Guest")
    for one in (number, "X2"):
        branch.does(one, "handed over", owner="counter 1")
    assert 'Nobody called "guest"' in refused(branch, lambda: branch.raises(owner="guest"))
