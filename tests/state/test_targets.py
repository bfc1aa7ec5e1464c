"""Targets hold from a date; the nearer scope beats the wider, the later date the earlier."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, targets
from scoreboard.state.database import writing
from scoreboard.state.people import EVERYONE, Viewer
from scoreboard.state.targets import Target

NOON = datetime(2026, 11, 9, 12)
DAY = date(2026, 11, 16)
YESTERDAY = DAY - timedelta(days=1)


def company(conn: Connection) -> None:
    """RIV in the East, CAN in the West."""
    for code, territory in (("RIV", "East"), ("CAN", "West")):
        branches.add(conn, code, territory=territory, now=NOON, who="ann@x.org")


def agree(conn: Connection, target: float | None, floor: float | None = None, *, scope_kind: str = "company",
          scope: str = "", metric: str = "otif", from_on: date = DAY, reason: str = "agreed",
          now: datetime = NOON) -> Target:
    return targets.set_target(conn, metric=metric, scope_kind=scope_kind, scope=scope, target=target, floor=floor,
                              from_on=from_on, reason=reason, who="ann@x.org", now=now, metrics={"otif", "fill_rate"})


def of_riv(conn: Connection, on: date = DAY) -> dict[str, float | None]:
    held = targets.effective(conn, "branch", "RIV", "East", on)
    return {metric: target.target for metric, target in held.items()}


def test_a_target_holds_from_its_day_on(database: Engine) -> None:
    with writing(database) as conn:
        agree(conn, 0.9, from_on=date(2026, 1, 1))
        agree(conn, 0.95)
        assert of_riv(conn, date(2025, 12, 31)) == {}
        assert of_riv(conn, YESTERDAY) == {"otif": 0.9}
        assert of_riv(conn, DAY) == {"otif": 0.95}


def test_a_date_set_later_for_an_earlier_day_does_not_beat_a_later_day(database: Engine) -> None:
    with writing(database) as conn:
        agree(conn, 0.95)
        agree(conn, 0.9, from_on=YESTERDAY, now=NOON + timedelta(days=1))
        assert of_riv(conn) == {"otif": 0.95}


def test_of_two_for_the_same_day_the_one_set_last_holds(database: Engine) -> None:
    with writing(database) as conn:
        agree(conn, 0.95, now=NOON + timedelta(minutes=1))
        agree(conn, 0.9, now=NOON)
        assert of_riv(conn) == {"otif": 0.95}
        agree(conn, 0.91, now=NOON + timedelta(minutes=1))
        assert of_riv(conn) == {"otif": 0.91}


def test_branch_beats_territory_beats_company_metric_by_metric(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.90)
        agree(conn, 0.80, metric="fill_rate")
        assert of_riv(conn) == {"otif": 0.90, "fill_rate": 0.80}
        agree(conn, 0.92, scope_kind="territory", scope="East", from_on=YESTERDAY)
        agree(conn, 0.99, scope_kind="territory", scope="West")
        assert of_riv(conn) == {"otif": 0.92, "fill_rate": 0.80}
        agree(conn, 0.94, scope_kind="branch", scope="RIV")
        assert of_riv(conn) == {"otif": 0.94, "fill_rate": 0.80}
        assert of_riv(conn, YESTERDAY) == {"otif": 0.92}
        found = {kind: targets.effective(conn, kind, scope, None, DAY)["otif"].target for kind, scope in (
            ("company", ""), ("territory", "East"), ("territory", "West"), ("branch", "CAN"))}
        assert found == {"company": 0.90, "territory": 0.99, "branch": 0.90} and of_riv(conn)["otif"] == 0.94


def test_neither_target_nor_floor_ends_an_agreement_and_the_wider_one_holds_again(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.90, from_on=YESTERDAY)
        agree(conn, 0.94, scope_kind="branch", scope="RIV", from_on=YESTERDAY)
        agree(conn, None, scope_kind="branch", scope="RIV")
        assert (of_riv(conn, YESTERDAY), of_riv(conn)) == ({"otif": 0.94}, {"otif": 0.90})
        agree(conn, None)
        assert of_riv(conn) == {}


def test_a_book_read_once_answers_as_the_database_does(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.90, from_on=YESTERDAY)
        agree(conn, 0.92, scope_kind="territory", scope="East")
        book = targets.book(conn)
        for on in (YESTERDAY, DAY):
            for branch, territory in (("RIV", "East"), ("CAN", "West")):
                assert targets.in_force(book, "branch", branch, territory, on) == targets.effective(
                    conn, "branch", branch, territory, on)


WRONG: list[tuple[dict[str, str | float], str]] = [
    ({"metric": "ottif"}, 'There is no metric "ottif".*Did you mean "otif"'),
    ({"reason": " "}, "A target needs a reason"),
    ({"floor": 0.9}, "Target and floor are both 0.9"),
    ({"target": float("nan")}, "must be finite"),
    ({"floor": float("inf")}, "must be finite"),
    ({"scope_kind": "branch", "scope": "RIB"}, 'There is no branch "RIB".*Did you mean "RIV"'),
    ({"scope_kind": "territory", "scope": "Eastt"}, 'There is no territory "Eastt"'),
    ({"scope_kind": "company", "scope": "RIV"}, 'There is no company "RIV"'),
    ({"scope_kind": "person"}, '"person" has no targets'),
]


def test_a_wrong_target_is_refused_in_a_sentence(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        for fields, sentence in WRONG:
            with pytest.raises(Refused, match=sentence):
                agree(conn, **({"target": 0.9} | fields))  # type: ignore[arg-type]
        assert targets.book(conn) == {}


def test_a_target_is_kept_whole_and_its_history_with_it(database: Engine) -> None:
    with writing(database) as conn:
        first = agree(conn, 0.95, 0.8, reason=" kick-off ")
        second = agree(conn, 0.96, 0.8, from_on=YESTERDAY)
        agree(conn, 0.9, metric="fill_rate")
        assert first == Target("otif", "company", "", 0.95, 0.8, DAY, "kick-off", "ann@x.org", NOON)
        assert targets.history(conn, EVERYONE, metric="otif", scope_kind="company", scope="") == [second, first]
        assert targets.effective(conn, "company", "", None, DAY)["otif"] == first


def test_a_viewer_reads_the_companys_targets_and_their_own(database: Engine) -> None:
    ann = Viewer("ann@x.org", "Ann", "branch leader", frozenset({"RIV"}))
    with writing(database) as conn:
        company(conn)
        for scope_kind, scope in (("branch", "CAN"), ("branch", "RIV"), ("territory", "West"), ("territory", "East"),
                                  ("company", "")):
            agree(conn, 0.9, scope_kind=scope_kind, scope=scope)
        assert [t.scope for t in targets.listing(conn, ann)] == ["", "East", "RIV"]
        assert [t.scope for t in targets.listing(conn, EVERYONE)] == ["", "East", "West", "CAN", "RIV"]
        assert targets.history(conn, ann, metric="otif", scope_kind="branch", scope="CAN") == []


def test_a_target_is_set_only_where_every_branch_concerned_is_ones_own(database: Engine) -> None:
    cy = Viewer("cy@x.org", "Cy", "territory manager", frozenset({"RIV"}))
    with writing(database) as conn:
        company(conn)
        targets.require_scope(conn, cy, "branch", "RIV")
        targets.require_scope(conn, cy, "territory", "East")
        for scope_kind, scope in (("branch", "CAN"), ("territory", "West"), ("territory", "Nowhere"), ("company", "")):
            with pytest.raises(NotAllowed):
                targets.require_scope(conn, cy, scope_kind, scope)
            targets.require_scope(conn, EVERYONE, scope_kind, scope)
        with pytest.raises(NotAllowed, match="may not change this: targets"):
            targets.require_scope(conn, Viewer("", "", "coach", frozenset({"RIV"})), "branch", "RIV")
        branches.add(conn, "HAR", territory="East", now=NOON, who="ann@x.org")
        with pytest.raises(NotAllowed, match='"East" holds branches that are not yours'):
            targets.require_scope(conn, cy, "territory", "East")
