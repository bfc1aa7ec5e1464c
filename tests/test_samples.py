"""The sample is the same everywhere, is a clean export of the last evening, and can be moved by whole weeks."""

from __future__ import annotations

import csv
import tomllib
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from scoreboard.calendars import Calendar, working_minutes
from scoreboard.errors import Refused
from scoreboard.facts.sources import SOURCES
from scoreboard.samples import COLUMNS, write_sample, write_shifted
from scoreboard.weeks import week_of

COMMITTED = Path(__file__).parent.parent / "sample_data"
THROUGH, LAST = datetime(2026, 11, 8, 23), date(2026, 11, 2)


def table(name: str, folder: Path = COMMITTED) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def weeks_back(text: str) -> int:
    return (LAST - week_of(at(text).date())).days // 7


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    return {name: table(name) for name in COLUMNS}


# ---- the files ---------------------------------------------------------------------------------------
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    one, two, other = (write_sample(tmp_path / name, branches=2, weeks=5, seed=seed)
                       for name, seed in (("one", 7), ("two", 7), ("other", 8)))
    assert list(one) == [*COLUMNS, "sample"]
    assert all(one[name].read_bytes() == two[name].read_bytes() for name in one)
    assert one["order_lines"].read_bytes() != other["order_lines"].read_bytes()


def test_the_first_branches_are_the_same_whatever_their_number(tmp_path: Path) -> None:
    for count in (1, 8):
        write_sample(tmp_path / str(count), branches=count, weeks=3, seed=7)
    for source in SOURCES:
        few, many = (table(source.name, tmp_path / count) for count in ("1", "8"))
        assert few == [row for row in many if row["branch"] == "RIV"]
    assert len({row["code"] for row in table("branches", tmp_path / "8")}) == 8


def test_sample_data_is_what_its_seed_gives(tmp_path: Path) -> None:
    about = tomllib.loads((COMMITTED / "sample.toml").read_text())
    files = write_sample(tmp_path, branches=about["branches"], weeks=about["weeks"], seed=about["seed"])
    assert {name for name, path in files.items() if path.read_bytes() != (COMMITTED / path.name).read_bytes()} == set()
    assert (about["last_week"], about["through"]) == (LAST, THROUGH)


def test_sample_data_stays_under_five_megabytes() -> None:
    assert 1_000_000 < sum(path.stat().st_size for path in COMMITTED.iterdir()) <= 5_000_000


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_every_source_has_rows_known_columns_and_unique_keys(source, tables) -> None:
    rows = tables[source.name]
    assert set(rows[0]) <= set(source.columns) and {"branch", *source.key, *source.required} <= set(rows[0])
    keys = {(row["branch"], *(row[column] for column in source.key)) for row in rows}
    assert len(keys) == len(rows) > 50
    for column in rows[0]:
        allowed = source.choices(column)
        assert not allowed or {row[column] for row in rows} <= {*allowed, ""}


def test_a_sample_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="0 branches and 4 weeks"):
        write_sample(tmp_path, branches=0, weeks=4, seed=1)


# ---- a clean export of the last evening --------------------------------------------------------------
def test_events_come_in_order_and_none_after_the_export(tables) -> None:
    chains = {"order_lines": "ordered_at picked_at staged_at loaded_at shipped_at delivered_at",
              "shipments": "picked_at staged_at loaded_at shipped_at delivered_at",
              "quotes": "requested_at responded_at", "returns": "sold_at opened_at received_at credited_at",
              "exceptions": "opened_at accepted_at first_told_at resolved_at"}
    for name, chain in chains.items():
        for row in tables[name]:
            seen = [at(row[column]) for column in chain.split() if row[column]]
            if name != "exceptions" or not row["told_at"] or at(row["told_at"]) >= seen[-1]:
                assert all(before <= after for before, after in pairwise(seen)), row
    for source in SOURCES:
        times = [row[column] for row in tables[source.name] for column in source.events if row.get(column)]
        assert max(map(at, times)) <= THROUGH


def test_orders_keep_opening_hours_and_holidays(tables) -> None:
    calendars = {row["code"]: Calendar(row["country"], row["open_days"], row["opens"], row["closes"])
                 for row in tables["branches"]}
    minute = timedelta(minutes=1)
    for row in tables["order_lines"]:
        for column in ("ordered_at", "picked_at", "shipped_at", "delivered_at"):
            if row[column]:
                moment = at(row[column])
                assert working_minutes(calendars[row["branch"]], moment - minute, moment + minute) > 0, (column, row)


def test_what_other_rows_name_exists(tables) -> None:
    orders = {(row["branch"], row["order_no"]) for row in tables["order_lines"]}
    for name in ("quotes", "credits", "returns", "exceptions", "shipments"):
        named = {(row["branch"], row["order_no"]) for row in tables[name] if row["order_no"]}
        assert len(named) > 150 and named <= orders


def test_the_last_evening_leaves_rows_open(tables) -> None:
    opened = {"order_lines": "ordered_at", "quotes": "requested_at", "returns": "opened_at", "exceptions": "opened_at"}
    recent = {name: [row for row in tables[name] if weeks_back(row[column]) <= 2] for name, column in opened.items()}
    for name, column in (("order_lines", "delivered_at"), ("quotes", "responded_at"), ("returns", "credited_at"),
                         ("exceptions", "resolved_at"), ("exceptions", "told_at")):
        assert 0 < sum(not row[column] for row in recent[name]) < len(recent[name])


def test_some_quotes_are_won_by_an_order_later_than_thirty_days(tables) -> None:
    ordered = {(row["branch"], row["order_no"]): at(row["ordered_at"]) for row in tables["order_lines"]}
    waits = [ordered[row["branch"], row["order_no"]] - at(row["requested_at"])
             for row in tables["quotes"] if row["order_no"]]
    assert 20 < sum(wait > timedelta(days=30) for wait in waits) < len(waits) / 5
    assert min(waits) >= timedelta(0) and any(row["quote_group"] for row in tables["quotes"])


def test_one_branch_has_totals_instead_of_contacts_and_twenty_answers_come_a_quarter(tables) -> None:
    assert {row["branch"] for row in tables["weekly_totals"]} == {"CED"}
    assert "CED" not in {row["branch"] for row in tables["contacts"]}
    for branch in ("RIV", "HAR", "MIL", "LAK", "CED", "SUM"):
        answers = [weeks_back(row["at"]) // 13 for row in tables["surveys"] if row["branch"] == branch]
        assert all(answers.count(quarter) >= 20 for quarter in range(4))


# ---- moved in time -----------------------------------------------------------------------------------
def test_shifting_moves_every_date_by_whole_weeks_and_nothing_else(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    files = write_sample(before, branches=6, weeks=6, seed=3)
    assert write_shifted(before, after, 10).keys() == files.keys()
    dates = {source.name: source.dates for source in SOURCES} | {"targets": ("from_on",)}
    for name in COLUMNS:
        for old, new in zip(table(name, before), table(name, after), strict=True):
            for column in old:
                if column in dates.get(name, ()) and old[column]:
                    assert at(new[column]) - at(old[column]) == timedelta(weeks=10)
                    assert len(new[column]) == len(old[column])
                else:
                    assert new[column] == old[column]
    old, new = (tomllib.loads((folder / "sample.toml").read_text()) for folder in (before, after))
    assert new["through"] - old["through"] == new["first_week"] - old["first_week"] == timedelta(weeks=10)
    assert new["last_week"].weekday() == 0


def test_shifting_there_and_back_gives_the_same_bytes(tmp_path: Path) -> None:
    files = write_sample(tmp_path / "a", branches=2, weeks=4, seed=3)
    write_shifted(tmp_path / "a", tmp_path / "b", -53)
    back = write_shifted(tmp_path / "b", tmp_path / "c", 53)
    assert all(back[name].read_bytes() == path.read_bytes() for name, path in files.items())
