"""Rules on screen: each with its promise, what it would open, a switch; and the row behind an exception. Until a page shows them
they are run by a script of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.cases.desk import require
from scoreboard.rules.book import RULES
from scoreboard.state.database import reading
from scoreboard.views import asking
from scoreboard.views.cases import rule_parts
from tests.command_line import Store, copied
from tests.views.conftest import NOW
from tests.views.definitions_page import plainly
from tests.views.reading import BANNED, tables, words

SCRIPT = """
from scoreboard.views import asking
from scoreboard.views.cases import rule_parts
asking.keep(asking.ask(None))
rule_parts.show(asking.asked(), {of!r})
"""


@pytest.fixture
def company(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """The sample company in a folder of its own."""
    monkeypatch.setenv("SCOREBOARD_DATA", str(tmp_path / "company"))
    monkeypatch.setenv("SCOREBOARD_NOW", NOW)
    return Store(copied(sample_folder, tmp_path / "company"), NOW)


def shown(of: str | None) -> AppTest:
    page = AppTest.from_string(SCRIPT.format(of=of), default_timeout=60).run()
    assert not page.exception
    return page


def test_every_rule_stands_there_with_its_promise_and_how_many_it_would_open(company: Store) -> None:
    page = shown("LAK")
    told, would = plainly(words(page)), company.json("rules", "try", "--branch", "LAK")["would_open"]
    assert [rule.name for rule in RULES if rule.name not in told or rule.promise not in told] == []
    counted = {key: len(found) for key, found in would.items() if found}
    assert counted and [f"Would open now: {n} exception" for n in counted.values() if f"Would open now: {n} exception" not in told] == []
    assert "Agree credit_days first" in told and "switch_credit_overdue" not in {button.key for button in page.button}
    assert [table["Order"].tolist() for table in tables(page) if "Promised for" in table] == [
        [row["order_no"] for row in would["late_delivery"]]]
    assert not BANNED.search(told)


def test_switching_one_on_opens_what_it_said_and_off_leaves_it(company: Store) -> None:
    n = {key: len(found) for key, found in company.json("rules", "try")["would_open"].items()}
    page = shown("LAK")
    page.get_by_key("switch_late_delivery").click().run()
    opened = f"It opened {n['late_delivery']} exceptions."
    assert plainly(page.info[0].value) == f"Switched on: Delivery past its promise, and nobody told. {opened}"
    assert company.json("rules", "try", "late_delivery")["would_open"]["late_delivery"] == []
    page.get_by_key("switch_late_delivery").click().run()
    assert plainly(page.info[0].value).startswith("Switched off")
    assert [rule["on"] for rule in company.json("rules", "list")["rules"]] == [False] * len(RULES)
    asked = asking.ask(None)
    listed = company.json("cases", "list", "--branch", "LAK", "--show", "open")["cases"]
    with reading(asked.engine) as conn:
        case = require(conn, asked.viewer, "LAK", next(one["case_no"] for one in listed if one["rule"] == RULES[0].key))[0]
    behind = rule_parts.row_behind(asked, case)
    assert behind is not None and behind.rule == RULES[0].name and dict(behind.cells)["Order"] == case.order_no


def test_who_may_not_switch_reads_why(company: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    company.json("people", "add", "ann@example.com", "--name", "Ann", "--role", "administrator")
    ann = company.seen_by("ann@example.com")
    ann.json("people", "add", "lee@example.com", "--name", "Lee", "--role", "branch leader", "--branch", "LAK")
    monkeypatch.setenv("SCOREBOARD_AS", "lee@example.com")
    page = shown("LAK")
    assert not page.button and "administrator" in page.info[0].value


@pytest.mark.parametrize("of", [None, "company", "territory:River Valley"])
def test_where_there_is_no_branch_it_says_so(company: Store, of: str | None) -> None:
    assert "Rules look at the rows of a branch" in shown(of).text[0].value
