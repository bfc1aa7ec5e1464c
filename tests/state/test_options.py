"""Options: a default until somebody sets another value, which is read strictly."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, update

from scoreboard.errors import Refused
from scoreboard.state import options
from scoreboard.state.database import reading, writing
from scoreboard.state.option_kinds import HANDOFFS, KINDS
from scoreboard.state.options import OPTIONS
from scoreboard.state.schema import loads
from scoreboard.state.schema import options as table

NOON = datetime(2026, 11, 9, 12)
METRICS = frozenset(next(option.default for option in OPTIONS if option.key == "board_metrics"))


def put(conn: Connection, key: str, text: str) -> Any:
    return options.set_option(conn, key, text, why="agreed", who="ann@x.org", now=NOON, metrics=METRICS)


def test_everything_has_its_default_at_first(database: Engine) -> None:
    with reading(database) as conn:
        assert options.current(conn) == {option.key: option.default for option in OPTIONS}


def test_changing_what_was_read_does_not_change_the_defaults(database: Engine) -> None:
    with reading(database) as conn:
        options.current(conn)["exception_standards"]["mis-pick"] = 60
        assert options.current(conn)["exception_standards"] == {}


def test_every_option_is_explained_and_of_a_known_kind_whose_values_json_can_hold(database: Engine) -> None:
    assert len({option.key for option in OPTIONS}) == len(OPTIONS)
    assert {option.kind for option in OPTIONS} == set(KINDS)
    assert all(option.meaning for option in OPTIONS)
    with writing(database) as conn:
        for option in OPTIONS:
            conn.execute(insert(table).values(key=option.key, value=option.default, changed_at=NOON))
        assert options.current(conn) == {option.key: option.default for option in OPTIONS}


RIGHT: list[tuple[str, str, object]] = [
    ("week_first_day", "sunday", "Sun"),
    ("company_time_zone", "Europe/Vienna", "Europe/Vienna"),
    ("reported_at", "tue 9:30", "Tue 09:30"),
    ("conversion_days", " 45 ", 45),
    ("quote_standard_minutes", "90.5", 90.5),
    ("quote_standard_minutes", "none", None),
    ("exception_standards", '{"mis-pick": 240, "late": null}', {"mis-pick": 240}),
    ("exception_standards.wrong part", "480", {"mis-pick": 240, "wrong part": 480}),
    ("priority_cutoff", "14:00", "14:00"),
    ("error_reasons", "mis-pick, short ,over", ["mis-pick", "short", "over"]),
    ("error_reasons", '["over, by much", "short"]', ["over, by much", "short"]),
    ("board_metrics", "otif,fill_rate", ["otif", "fill_rate"]),
]
WRONG = [
    ("nps_minimun", "3", 'There is no option "nps_minimun".*Did you mean "nps_minimum"'),
    ("nps_minimum.x", "3", "There is no option"),
    ("nps_minimum", "0", "not a whole number"),
    ("nps_minimum", "2.5", "not a whole number"),
    ("nps_minimum", "twenty", '"twenty" is not a whole number'),
    ("week_first_day", "Someday", "is not a weekday. One of Mon, Tue"),
    ("company_time_zone", "Vienna", "is not a time zone"),
    ("reported_at", "Mon", "is not a time of day"),
    ("quote_standard_minutes", "-3", "is not a number of minutes"),
    ("quote_standard_minutes", "nan", "is not a number of minutes"),
    ("exception_standards", "[1]", "must be a JSON object"),
    ("exception_standards", "mis-pick=3", "is not JSON"),
    ("exception_standards.mis-pick", "soon", '"soon" is not a number of minutes'),
    ("handoff_of_reason.short", "Pick → Load", "is not a handoff. One of: Quote → Pick"),
    ("error_reasons", "", "must not be empty"),
    ("error_reasons", "[]", "The list is empty"),
    ("error_reasons", "short, over, short", "names short twice"),
    ("board_metrics", "otif, fil_rate", 'There is no metric "fil_rate".*Did you mean "fill_rate"'),
]


def test_a_value_is_read_from_what_a_person_types(database: Engine) -> None:
    for key, text, value in RIGHT:
        with writing(database) as conn:
            assert put(conn, key, text) == value
        with reading(database) as conn:
            assert options.current(conn)[key.split(".")[0]] == value


def test_a_wrong_value_is_refused_in_a_sentence(database: Engine) -> None:
    with writing(database) as conn:
        for key, text, sentence in WRONG:
            with pytest.raises(Refused, match=sentence):
                put(conn, key, text)
        assert conn.scalar(select(func.count()).select_from(table)) == 0


def test_names_are_set_and_taken_away_one_at_a_time(database: Engine) -> None:
    with writing(database) as conn:
        put(conn, "exception_standards.mis-pick", "240")
        put(conn, "exception_standards.v. late", "60")
        assert put(conn, "exception_standards.mis-pick", "none") == {"v. late": 60}
        put(conn, "handoff_of_reason.short", "Stage -> Load")
        assert options.current(conn)["handoff_of_reason"]["short"] == "Stage → Load"
        assert options.current(conn)["handoff_of_reason"]["over"] == "Pick → Stage"


def test_every_reason_belongs_to_one_of_the_five_handoffs(database: Engine) -> None:
    with reading(database) as conn:
        now = options.current(conn)
    assert set(now["handoff_of_reason"].values()) == set(HANDOFFS)
    assert set(now["error_reasons"]) <= set(now["handoff_of_reason"])


def test_an_option_set_back_to_its_default_is_not_kept(database: Engine) -> None:
    with writing(database) as conn:
        put(conn, "nps_minimum", "30")
        put(conn, "nps_minimum", "20")
        assert conn.scalar(select(func.count()).select_from(table)) == 0


def test_the_first_day_of_the_week_changes_only_while_nothing_is_loaded(database: Engine) -> None:
    with writing(database) as conn:
        put(conn, "week_first_day", "Sun")
        conn.execute(insert(loads).values(at=NOON, who="ann@x.org", sample=False, version=1))
        assert put(conn, "week_first_day", "Sun") == "Sun"
        with pytest.raises(Refused, match=r"cannot change while files are loaded.*Undo the loads first"):
            put(conn, "week_first_day", "Mon")
        conn.execute(update(loads).values(undone_version=2, undone_at=NOON, undone_by="ann@x.org"))
        put(conn, "week_first_day", "Mon")
        assert options.first_day(conn) == 0


def test_a_repeated_contact_is_looked_for_within_a_month_at_most(database: Engine) -> None:
    with writing(database) as conn, pytest.raises(Refused, match="within 31 days at most"):
        put(conn, "repeat_contact_days", "32")
