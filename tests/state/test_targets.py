"""Targets hold from a date; the nearer scope beats the wider, the later date the earlier."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine

from scoreboard.errors import NotAllowed, Refused
from scoreboard.state import branches, changes, targets
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


# ---- accepted misses -------------------------------------------------------------------------------------
LAST = DAY + timedelta(days=20)


def accept(conn: Connection, target: float, *, from_on: date = DAY, until_on: date = LAST, **more: object) -> Target:
    """A miss of RIV, unless said otherwise."""
    given: dict[str, object] = {"metric": "otif", "scope_kind": "branch", "scope": "RIV", "floor": 0.8, "reason": "strike",
                                "who": "lee@x.org", "now": NOON, "metrics": {"otif", "fill_rate"}} | more
    return targets.set_target(conn, target=target, from_on=from_on, until_on=until_on, **given)  # type: ignore[arg-type]


def end(conn: Connection, from_on: date, reason: str = "over", scope: str = "RIV") -> Target:
    return targets.end_miss(conn, metric="otif", scope_kind="branch", scope=scope, from_on=from_on, reason=reason, who="lee@x.org",
                            now=NOON)


def days(conn: Connection, *on: date) -> list[float | None]:
    return [of_riv(conn, day).get("otif") for day in on]


ONE = timedelta(days=1)


def test_an_accepted_miss_holds_to_its_last_day_and_what_held_before_holds_again(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.95, from_on=date(2026, 1, 1))
        accept(conn, 0.88)
        assert days(conn, YESTERDAY, DAY, LAST, LAST + ONE) == [0.95, 0.88, 0.88, 0.95]
        assert targets.effective(conn, "branch", "CAN", "West", DAY)["otif"].target == 0.95
        book = targets.book(conn)
        assert targets.in_force(book, "branch", "RIV", "East", DAY, with_misses=False)["otif"].target == 0.95


def test_it_stands_in_for_its_places_own_agreement_even_one_that_begins_later(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.95, scope_kind="branch", scope="RIV", from_on=date(2026, 1, 1))
        accept(conn, 0.88)
        agree(conn, 0.96, scope_kind="branch", scope="RIV", from_on=DAY + ONE, now=NOON + timedelta(hours=1))
        assert days(conn, DAY, DAY + ONE, LAST, LAST + ONE) == [0.88, 0.88, 0.88, 0.96]


def test_a_miss_of_a_territory_leaves_the_branch_with_an_agreement_of_its_own_alone(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.95, from_on=YESTERDAY)
        accept(conn, 0.85, scope_kind="territory", scope="East")
        assert days(conn, DAY, LAST + ONE) == [0.85, 0.95]
        agree(conn, 0.93, scope_kind="branch", scope="RIV")
        assert days(conn, DAY, LAST + ONE) == [0.93, 0.93]


def test_of_misses_that_overlap_the_one_set_last_holds_whenever_it_began(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.95, from_on=date(2026, 1, 1))
        accept(conn, 0.88, from_on=DAY, until_on=LAST)
        accept(conn, 0.90, from_on=DAY - 7 * ONE, until_on=DAY + 7 * ONE)  # set later, begins earlier
        assert days(conn, DAY - 7 * ONE, DAY, DAY + 7 * ONE, DAY + 8 * ONE, LAST, LAST + ONE) == [0.90, 0.90, 0.90, 0.88, 0.88, 0.95]


def test_ended_early_what_is_agreed_holds_from_that_day_and_a_later_miss_stays(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.95, from_on=date(2026, 1, 1))
        accept(conn, 0.88)
        accept(conn, 0.90, from_on=DAY + 14 * ONE, until_on=LAST + 7 * ONE)
        ended = end(conn, DAY + 3 * ONE)
        assert (ended.ends, ended.reason) == (True, "over")
        assert days(conn, DAY + 2 * ONE, DAY + 3 * ONE, DAY + 13 * ONE, DAY + 14 * ONE, LAST + ONE) == [0.88, 0.95, 0.95, 0.90, 0.90]
        accept(conn, 0.87, from_on=DAY + 4 * ONE)  # accepted anew after the end
        assert days(conn, DAY + 3 * ONE, DAY + 4 * ONE, LAST) == [0.95, 0.87, 0.87]


def test_ended_from_its_first_day_it_never_held(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        agree(conn, 0.95, from_on=date(2026, 1, 1))
        accept(conn, 0.88)
        end(conn, DAY)
        assert set(days(conn, *(DAY + i * ONE for i in range(21)))) == {0.95}
        assert len(targets.history(conn, EVERYONE, metric="otif", scope_kind="branch", scope="RIV")) == 2  # and both are kept


@pytest.mark.parametrize(("from_on", "until_on", "sentence"), [
    (DAY, DAY, "is not after the first"), (DAY, YESTERDAY, "is not after the first"),
    (DAY, DAY + 5 * ONE, "No week ends between 2026-11-16 and 2026-11-21, so it would count in none.*choose 2026-11-22 or later"),
    (DAY, DAY + 26 * 7 * ONE, "more than 26 weeks.*Choose 2027-05-16 or earlier, or agree another target")])
def test_a_span_that_is_no_exception_is_refused(database: Engine, from_on: date, until_on: date, sentence: str) -> None:
    with writing(database) as conn:
        company(conn)
        with pytest.raises(Refused, match=sentence):
            accept(conn, 0.88, from_on=from_on, until_on=until_on)
        accept(conn, 0.88, from_on=DAY, until_on=DAY + 6 * ONE)  # to the last day of one week
        accept(conn, 0.88, from_on=DAY, until_on=DAY + (26 * 7 - 1) * ONE)


def test_an_accepted_miss_and_its_end_need_a_reason_and_an_end_needs_a_miss(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        with pytest.raises(Refused, match="An accepted miss needs a reason"):
            accept(conn, 0.88, reason="  ")
        accept(conn, 0.88)
        with pytest.raises(Refused, match="Ending an accepted miss needs a reason"):
            end(conn, DAY, " ")
        for day, scope in ((YESTERDAY, "RIV"), (LAST + ONE, "RIV"), (DAY, "CAN")):
            with pytest.raises(Refused, match="No accepted miss holds there on"):
                end(conn, day, scope=scope)
        assert days(conn, DAY, LAST) == [0.88, 0.88]


def test_the_change_log_keeps_what_was_accepted_and_ended(database: Engine) -> None:
    with writing(database) as conn:
        company(conn)
        accept(conn, 0.88)
        end(conn, DAY + ONE)
        log = [(c.what, c.why, (c.old or {}).get("target"), c.new["target"], c.new["until_on"]) for c in changes.listing(conn, EVERYONE, 2)]
        assert log == [("accepted miss ended", "over", 0.88, None, f"{LAST}"), ("miss accepted", "strike", None, 0.88, f"{LAST}")]
