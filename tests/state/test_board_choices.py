"""A branch's own board: 6 to 8 figures that hold the three corners, chosen by who may, given back, and logged."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, delete

from scoreboard.errors import ChangedMeanwhile, NotAllowed, Refused
from scoreboard.metrics import company as companies
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.state import board_choices, branches, changes
from scoreboard.state.board_choices import Choice
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE, Viewer
from scoreboard.state.schema import branches as branch_table

NOON = datetime(2026, 11, 9, 12)
SIX = ["otif", "nps", "fill_rate", "error_rate", "quote_conversion", "promise_kept"]
LEADER = Viewer("lee@x.org", "Lee", "branch leader", frozenset({"RIV"}))


def two_branches(conn: Connection) -> None:
    for code in ("RIV", "CAN"):
        branches.add(conn, code, territory="East", now=NOON, who="ann@x.org")


def choose(conn: Connection, metrics: list[str], *, viewer: Viewer = LEADER, branch: str = "RIV", over: Choice | None = None,
           why: str = "we sell parts, not quotes", now: datetime = NOON) -> Choice:
    return board_choices.choose(conn, viewer, branch, metrics, over=over, why=why, now=now, known=BY_KEY)


def test_a_branch_has_its_own_board_in_its_own_order_and_nobody_else_has(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        choose(conn, SIX)
    with reading(database) as conn:
        company = companies.read(conn, NOON)
        assert board_choices.of_branch(conn, LEADER, "RIV") == Choice(tuple(SIX), "lee@x.org", NOON)
        assert board_choices.of_branch(conn, EVERYONE, "CAN") is None
    the_companys = company.options["board_metrics"]
    assert company.board_of("RIV") == SIX
    assert company.board_of("CAN") == company.board_of(None) == the_companys != SIX


def test_a_board_given_back_follows_the_company(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        mine = choose(conn, SIX)
        board_choices.give_back(conn, LEADER, "RIV", over=mine, why="all alike again", now=NOON)
        assert board_choices.every(conn) == {}
        with pytest.raises(Refused, match="follows the company's choice already"):
            board_choices.give_back(conn, LEADER, "RIV", over=None, why="again", now=NOON)


def test_every_change_is_logged_with_what_was_what_is_and_why(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        first = choose(conn, SIX)
        second = choose(conn, [*SIX, "in_full"], over=first, why=" one more ", now=NOON + timedelta(days=1))
        board_choices.give_back(conn, EVERYONE, "RIV", over=second, why="all alike again", now=NOON + timedelta(days=2))
        found = board_choices.history(conn, LEADER, "RIV")
        assert [(c.what, c.old, c.new, c.who, c.why) for c in found] == [
            ("board given back", [*SIX, "in_full"], None, "administrator", "all alike again"),
            ("board chosen", SIX, [*SIX, "in_full"], "lee@x.org", "one more"),
            ("board chosen", None, SIX, "lee@x.org", "we sell parts, not quotes")]
        assert found == changes.listing(conn, LEADER)[:3]
        assert board_choices.history(conn, EVERYONE, "CAN") == []


@pytest.mark.parametrize(("metrics", "said"), [
    (SIX[:5], "A board has 6 to 8 figures, this choice has 5. Add 1 or more."),
    ([*SIX, "in_full", "on_time", "escalations"], "A board has 6 to 8 figures, this choice has 9. Take 1 off."),
    ([*SIX, "nps"], "Net promoter score is named twice. A metric has one place on a board."),
    ([*SIX, "fil_rate"], 'There is no metric "fil_rate". See `metrics` for all. Did you mean "fill_rate"?'),
    (["otif", "nps", "fill_rate", "error_rate", "in_full", "promise_kept"],
     "Nothing on this board would speak for Confidence; speed, accuracy and confidence are held at the same time. "
     "Add one of: Quote conversion (30-day cohort); Return cycle (days to credited and told, median); "
     "Exceptions closed (told within standard)."),
    (["nps", "fill_rate", "error_rate", "quote_conversion", "in_full", "promise_kept"],
     "Nothing on this board would speak for Speed; speed, accuracy and confidence are held at the same time. "
     "Add one of: Quote response (working hours, median); On time, in full (orders, first promise); "
     "On-time shipped (orders, first promise)."),
])
def test_a_board_that_cannot_be_one_is_refused_with_what_to_do(database: Engine, metrics: list[str], said: str) -> None:
    with writing(database) as conn:
        two_branches(conn)
        with pytest.raises(Refused) as refused:
            choose(conn, metrics)
        assert str(refused.value) == said
        assert board_choices.every(conn) == {}
        assert board_choices.history(conn, LEADER, "RIV") == []


def test_any_metric_of_the_catalogue_may_stand_on_a_board(database: Engine) -> None:
    held = ["otif", "fill_rate", "quote_conversion", "error_rate", "nps"]
    for key in set(BY_KEY) - set(held):
        board_choices.require_board([*held, key], BY_KEY)


def test_no_reason_and_no_change_are_refused(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        with pytest.raises(Refused, match="needs a reason"):
            choose(conn, SIX, why="  ")
        mine = choose(conn, SIX)
        with pytest.raises(Refused, match="in this order already"):
            choose(conn, SIX, over=mine)
        with pytest.raises(Refused, match="needs a reason"):
            board_choices.give_back(conn, LEADER, "RIV", over=mine, why="", now=NOON)
        assert choose(conn, SIX[::-1], over=mine).metrics == tuple(SIX[::-1])  # another order is another board


def test_whoever_looked_at_an_older_choice_is_told_and_replaces_nothing(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        looked_at = choose(conn, SIX)
        newer = choose(conn, [*SIX, "in_full"], viewer=EVERYONE, over=looked_at, now=NOON + timedelta(minutes=1))
        with pytest.raises(ChangedMeanwhile, match="administrator chose other figures"):
            choose(conn, SIX[::-1], over=looked_at)
        with pytest.raises(ChangedMeanwhile):
            board_choices.give_back(conn, LEADER, "RIV", over=None, why="back", now=NOON)
        assert board_choices.every(conn) == {"RIV": newer}


@pytest.mark.parametrize(("viewer", "branch", "said"), [
    (LEADER, "CAN", "is not one of your branches"), (LEADER, "NEW", "is not one of your branches"),
    (Viewer("", "", "team member", frozenset({"RIV"})), "RIV", "may not change this: targets"),
    (Viewer("", "", "viewer", frozenset({"RIV"})), "RIV", "may not change this: targets")])
def test_who_may_not_is_refused(database: Engine, viewer: Viewer, branch: str, said: str) -> None:
    with writing(database) as conn:
        two_branches(conn)
        with pytest.raises(NotAllowed, match=said):
            choose(conn, SIX, viewer=viewer, branch=branch)
        with pytest.raises(NotAllowed, match=said):
            board_choices.give_back(conn, viewer, branch, over=None, why="r", now=NOON)
        assert board_choices.every(conn) == {}


def test_other_branches_boards_cannot_be_read(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        choose(conn, SIX, viewer=EVERYONE, branch="CAN")
        for read in (board_choices.of_branch, board_choices.history):
            with pytest.raises(NotAllowed):
                read(conn, LEADER, "CAN")
        with pytest.raises(Refused, match=r'There is no branch "RVI".*Did you mean "RIV"'):
            board_choices.of_branch(conn, EVERYONE, "RVI")


def test_the_choice_goes_with_its_branch(database: Engine) -> None:
    with writing(database) as conn:
        two_branches(conn)
        choose(conn, SIX)
        conn.execute(delete(branch_table).where(branch_table.c.code == "RIV"))
        assert board_choices.every(conn) == {}
