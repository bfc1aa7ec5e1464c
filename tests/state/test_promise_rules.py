"""Promise rules: made, changed, ended and put back by leaders; the playbook's three are proposed and hold only once taken over."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, changes, promise_rules
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE
from scoreboard.state.promise_rules import FIRST, Rule, Words
from scoreboard.state.viewers import Viewer

NOW = datetime(2026, 11, 9, 12)
LEE = Viewer("lee@example.com", "Lee", "branch leader", frozenset({"EAST"}))
TEAM = Viewer("tea@example.com", "Tea", "team member", frozenset({"EAST"}))
STRANGER = Viewer("x@example.com", "X", "branch leader", frozenset({"WEST"}))
SAME_DAY = Words("Same day if ordered before 14:00", "counter", "ask the warehouse lead")


@pytest.fixture
def company(database: Engine) -> Engine:
    with writing(database) as conn:
        for code in ("EAST", "WEST"):
            branches.add(conn, code, who="administrator", now=NOW)
    return database


def add(company: Engine, words: Words = SAME_DAY, who: Viewer = LEE, branch: str = "EAST") -> int:
    with writing(company) as conn:
        return promise_rules.add(conn, who, words, branch=branch, now=NOW)


def rules(company: Engine, branch: str = "EAST") -> list[Rule]:
    with reading(company) as conn:
        return promise_rules.of_branch(conn, EVERYONE, branch)


def said(company: Engine, branch: str = "EAST") -> list[Words]:
    return [rule.words for rule in rules(company, branch)]


def undo(company: Engine, branch: str = "EAST", who: Viewer = LEE) -> None:
    with writing(company) as conn:
        promise_rules.undo(conn, who, branch=branch, now=NOW)


def test_a_rule_of_a_branch_holds_there_alone_and_one_of_the_company_everywhere(company: Engine) -> None:
    add(company)
    add(company, FIRST[0], who=EVERYONE, branch="")
    assert said(company) == [FIRST[0], SAME_DAY]
    assert said(company, "WEST") == [FIRST[0]]


def test_the_three_of_the_playbook_are_proposed_until_they_are_taken_over(company: Engine) -> None:
    with reading(company) as conn:
        assert promise_rules.of_branch(conn, LEE, "EAST") == []
    assert len(promise_rules.proposed([])) == 3
    add(company, FIRST[1])
    assert promise_rules.proposed(rules(company)) == [FIRST[0], FIRST[2]]


def test_the_proposals_say_what_the_playbook_says() -> None:
    assert [one.promise for one in FIRST] == [
        "No ETA given unless inventory is verified or substitution options are identified.",
        "If a delivery misses the window, the customer is notified before they call us.",
        "If a part is mission-critical, escalation happens immediately—no waiting until the next shift."]


def test_a_changed_rule_says_the_new_words_and_the_log_both(company: Engine) -> None:
    number = add(company)
    with writing(company) as conn:
        promise_rules.change(conn, LEE, number, Words(SAME_DAY.promise, "counter and web"), NOW)
    assert said(company) == [Words(SAME_DAY.promise, "counter and web")]
    with reading(company) as conn:
        last = changes.listing(conn, EVERYONE)[0]
    assert (last.what, last.old["by"], last.new["by"]) == ("promise rule changed", "counter", "counter and web")


def test_each_kind_of_change_is_undone_and_done_again(company: Engine) -> None:
    number = add(company)
    undo(company)
    assert said(company) == []
    undo(company)
    assert said(company) == [SAME_DAY]
    other = Words("Tomorrow, if in the hub", "inside sales")
    with writing(company) as conn:
        promise_rules.change(conn, LEE, rules(company)[0].id, other, NOW)
    undo(company)
    assert said(company) == [SAME_DAY]
    with writing(company) as conn:
        promise_rules.remove(conn, LEE, rules(company)[0].id, NOW)
    assert said(company) == []
    undo(company)
    assert said(company) == [SAME_DAY] and rules(company)[0].id != number


def test_nothing_to_undo_is_said(company: Engine) -> None:
    with pytest.raises(Refused, match="No rule has been changed here yet"):
        undo(company)


@pytest.mark.parametrize("asked, error", [
    ({"who": STRANGER}, NotAllowed), ({"who": TEAM}, NotAllowed), ({"branch": ""}, NotAllowed), ({"words": Words(" ", "counter")}, Refused),
    ({"words": Words("Same day", " ")}, Refused), ({"words": Words("x" * 301, "counter")}, Refused),
    ({"who": EVERYONE, "branch": "NOWHERE"}, Refused)])
def test_what_is_refused_leaves_nothing(company: Engine, asked: dict[str, object], error: type[Refused]) -> None:
    with pytest.raises(error):
        add(company, **asked)  # type: ignore[arg-type]
    assert said(company) == said(company, "WEST") == []


def test_the_same_rule_is_not_made_twice(company: Engine) -> None:
    add(company)
    with pytest.raises(Refused, match="holds here already"):
        add(company, Words(SAME_DAY.promise.upper(), "web"))


def test_a_rule_that_is_gone_or_of_another_cannot_be_ended(company: Engine) -> None:
    number = add(company)
    with pytest.raises(Refused, match="not there any more"), writing(company) as conn:
        promise_rules.remove(conn, STRANGER, number, NOW)
    with writing(company) as conn:
        promise_rules.remove(conn, LEE, number, NOW)
    with pytest.raises(Refused, match="not there any more"), writing(company) as conn:
        promise_rules.remove(conn, LEE, number, NOW)


def test_a_branch_leader_cannot_end_a_rule_of_every_branch(company: Engine) -> None:
    number = add(company, FIRST[0], who=EVERYONE, branch="")
    with pytest.raises(NotAllowed), writing(company) as conn:
        promise_rules.remove(conn, LEE, number, NOW)
    assert said(company) == [FIRST[0]]
