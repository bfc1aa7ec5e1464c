"""Stages of the chain: an owner and what done means, written by leaders, undone, never overwritten unseen."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import pytest
from sqlalchemy import Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import changes, stages
from scoreboard.state.database import reading, writing
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.state.people import EVERYONE
from scoreboard.state.stages import Agreed
from scoreboard.state.viewers import Viewer

NOW = datetime(2026, 11, 9, 12)
LEE = Viewer("lee@example.com", "Lee", "branch leader", frozenset({"EAST"}))
KIM = Viewer("kim@example.com", "Kim", "branch leader", frozenset({"EAST"}))
TEAM = Viewer("tea@example.com", "Tea", "team member", frozenset({"EAST"}))
STRANGER = Viewer("x@example.com", "X", "branch leader", frozenset({"WEST"}))


def agree(database: Engine, owner: str, done: str, who: Viewer = LEE, stage: str = "pick", seen: Agreed | None = None) -> None:
    with writing(database) as conn:
        stages.agree(conn, who, branch="EAST", stage=stage, owner=owner, done_means=done, now=NOW, seen=seen)


def of_pick(database: Engine) -> Agreed:
    with reading(database) as conn:
        return stages.of_branch(conn, LEE, "EAST")["pick"]


def test_the_stages_are_those_between_the_handoffs() -> None:
    names = [name.split()[0] for name in stages.STAGES.values()]
    assert [f"{a} → {b}" for a, b in pairwise(names)] == list(HANDOFFS)


def test_a_stage_without_anything_agreed_is_there(database: Engine) -> None:
    with reading(database) as conn:
        assert stages.of_branch(conn, LEE, "EAST") == dict.fromkeys(stages.STAGES, Agreed())


def test_an_owner_and_what_done_means_are_kept_and_logged(database: Engine) -> None:
    agree(database, "  Warehouse \n lead ", "every line scanned")
    assert of_pick(database) == Agreed("Warehouse lead", "every line scanned")
    with reading(database) as conn:
        [one] = changes.listing(conn, EVERYONE)
    assert (one.what, one.who, one.old["owner"], one.new["owner"]) == ("stage set", "lee@example.com", "", "Warehouse lead")


def test_saying_the_same_again_changes_nothing(database: Engine) -> None:
    agree(database, "Sam", "scanned")
    agree(database, "Sam", " scanned ")
    with reading(database) as conn:
        assert len(changes.listing(conn, EVERYONE)) == 1


def test_what_stood_there_before_is_put_back_and_back_again(database: Engine) -> None:
    agree(database, "Sam", "scanned")
    agree(database, "Kim", "scanned and counted")
    for expected in (Agreed("Sam", "scanned"), Agreed("Kim", "scanned and counted")):
        with writing(database) as conn:
            stages.put_back(conn, LEE, branch="EAST", stage="pick", now=NOW)
        assert of_pick(database) == expected


def test_the_first_words_can_be_undone_to_none(database: Engine) -> None:
    agree(database, "Sam", "scanned")
    with writing(database) as conn:
        stages.put_back(conn, LEE, branch="EAST", stage="pick", now=NOW)
    assert of_pick(database) == Agreed()


def test_nothing_to_undo_is_said(database: Engine) -> None:
    agree(database, "Sam", "labelled", stage="stage")
    with pytest.raises(Refused, match="Nothing has been changed here yet"), writing(database) as conn:
        stages.put_back(conn, LEE, branch="EAST", stage="pick", now=NOW)


def test_who_writes_second_is_told_what_the_first_wrote(database: Engine) -> None:
    seen = of_pick(database)
    agree(database, "Sam", "scanned", seen=seen)
    with pytest.raises(Refused, match=r'lee@example\.com changed Pick meanwhile: owner "Sam", done means "scanned"'):
        agree(database, "Kim", "counted", who=KIM, seen=seen)
    assert of_pick(database) == Agreed("Sam", "scanned")


@pytest.mark.parametrize("asked, error", [
    ({"who": STRANGER}, NotAllowed), ({"who": TEAM}, NotAllowed), ({"stage": "pik"}, Refused), ({"owner": "x" * 101}, Refused),
    ({"done": "x" * 301}, Refused)])
def test_what_is_refused_leaves_nothing(database: Engine, asked: dict[str, object], error: type[Refused]) -> None:
    with pytest.raises(error):
        agree(database, **{"owner": "Sam", "done": "scanned", **asked})  # type: ignore[arg-type]
    assert of_pick(database) == Agreed()
    with reading(database) as conn:
        assert changes.listing(conn, EVERYONE) == []


def test_another_branch_is_not_read(database: Engine) -> None:
    with pytest.raises(NotAllowed), reading(database) as conn:
        stages.of_branch(conn, STRANGER, "EAST")
