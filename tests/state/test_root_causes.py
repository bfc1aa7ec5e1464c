"""Root causes: one for each thing errors have in common, written anew or taken off without being lost."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import changes, root_causes
from scoreboard.state.database import reading, writing
from scoreboard.state.people import EVERYONE
from scoreboard.state.viewers import Viewer

NOW = datetime(2026, 11, 9, 12)
LEE = Viewer("lee@example.com", "Lee", "team member", frozenset({"EAST"}))
READER = Viewer("rey@example.com", "Rey", "viewer", frozenset({"EAST"}))
STRANGER = Viewer("x@example.com", "X", "branch leader", frozenset({"WEST"}))


def write(database: Engine, cause: str, who: Viewer = LEE, branch: str = "EAST", grouped_by: str = "route", subject: str = "4") -> None:
    with writing(database) as conn:
        root_causes.write(conn, who, branch=branch, grouped_by=grouped_by, subject=subject, cause=cause, now=NOW)


def known(database: Engine, who: Viewer = EVERYONE, branch: str = "EAST") -> dict[tuple[str, str], str]:
    with reading(database) as conn:
        return {group: one.cause for group, one in root_causes.of_branch(conn, who, branch).items()}


def log(database: Engine) -> list[tuple[str, object, object]]:
    with reading(database) as conn:
        return [(c.what, c.old and c.old["cause"], c.new and c.new["cause"]) for c in changes.listing(conn, EVERYONE)][::-1]


def test_a_root_cause_is_read_by_those_who_see_the_branch(database: Engine) -> None:
    write(database, "  leaves \n too early ")
    assert known(database, READER) == {("route", "4"): "leaves too early"}
    assert known(database, STRANGER) == {} and known(database, branch="WEST") == {}


def test_written_anew_it_takes_the_place_of_the_one_before_and_the_log_keeps_both(database: Engine) -> None:
    write(database, "leaves too early")
    write(database, "other", subject="5")
    write(database, "two bins look alike")
    assert known(database) == {("route", "4"): "two bins look alike", ("route", "5"): "other"}
    assert log(database)[-1] == ("root cause written", "leaves too early", "two bins look alike")


def test_the_same_words_again_change_nothing(database: Engine) -> None:
    write(database, "leaves too early")
    write(database, "leaves  too early")
    assert len(log(database)) == 1


def test_taken_off_it_is_gone_from_the_page_and_kept_in_the_log(database: Engine) -> None:
    write(database, "leaves too early")
    with writing(database) as conn:
        root_causes.take_off(conn, LEE, branch="EAST", grouped_by="route", subject="4", now=NOW)
    assert known(database) == {}
    assert log(database)[-1] == ("root cause taken off", "leaves too early", None)
    with pytest.raises(Refused, match="not there any more"), writing(database) as conn:
        root_causes.take_off(conn, LEE, branch="EAST", grouped_by="route", subject="4", now=NOW)


@pytest.mark.parametrize(("asked", "error"), [
    ({"who": STRANGER}, NotAllowed), ({"who": READER}, NotAllowed), ({"cause": "  "}, Refused), ({"cause": "x" * 301}, Refused),
    ({"subject": ""}, Refused), ({"subject": "x" * 301}, Refused), ({"grouped_by": "owner"}, Refused)])
def test_what_is_refused_leaves_nothing(database: Engine, asked: dict[str, object], error: type[Refused]) -> None:
    with pytest.raises(error):
        write(database, **{"cause": "said", **asked})  # type: ignore[arg-type]
    assert known(database) == {} and log(database) == []


@pytest.mark.parametrize("who", [STRANGER, READER])
def test_only_who_may_write_may_take_off(database: Engine, who: Viewer) -> None:
    write(database, "leaves too early")
    with pytest.raises(NotAllowed), writing(database) as conn:
        root_causes.take_off(conn, who, branch="EAST", grouped_by="route", subject="4", now=NOW)
    assert known(database)


def test_the_standard_that_answers_a_cause_is_kept_beside_it_and_stays_when_only_the_cause_is_written_anew(database: Engine) -> None:
    def standard() -> str:
        with reading(database) as conn:
            return root_causes.of_branch(conn, LEE, "EAST")["route", "4"].standard

    def said(cause: str, answer: str | None) -> None:
        with writing(database) as conn:
            root_causes.write(conn, LEE, branch="EAST", grouped_by="route", subject="4", cause=cause, now=NOW, standard=answer)

    said("leaves too early", " second   cut-off ")
    assert standard() == "second cut-off"
    said("leaves before the second pick", None)
    assert standard() == "second cut-off"
    said("leaves before the second pick", "")
    assert standard() == ""
    with pytest.raises(Refused, match="Its standard has room for 300 characters"):
        said("leaves too early", "x" * 301)
