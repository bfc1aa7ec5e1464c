"""The section "Who owns and who hears": the ladder, types and standards, the playbook, what was sent, and who may change them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.state.database import open_database
from tests.cases.due_cases import MONDAY, Place, at, made
from tests.command_line import Store
from tests.views.reading import BANNED, tables, words

NOW = "2026-11-02T14:00"


def _section() -> None:
    import os

    from scoreboard.views import asking
    from scoreboard.views.cases import ladder_parts

    who = asking.ask(os.environ.get("SCOREBOARD_AS"))
    asking.keep(who)
    ladder_parts.show(who, os.environ["SECTION_OF"] or None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """EAST, where Lee owns an exception half of whose standard was used up at 13:00."""
    engine = open_database(f"sqlite:///{tmp_path / 'scoreboard.sqlite'}")
    place: Place = made(engine, tmp_path)
    place.raised(MONDAY, owner="Lee")
    place.round(at("13:00"))
    engine.dispose()
    return Store(tmp_path, NOW)


@pytest.fixture
def shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Call it for the section of a branch, seen by somebody."""
    def section(of: str = "EAST", by: str = "") -> AppTest:
        monkeypatch.setenv("SCOREBOARD_DATA", str(store.data))
        monkeypatch.setenv("SCOREBOARD_NOW", NOW)
        monkeypatch.setenv("SECTION_OF", of)
        monkeypatch.setenv("SCOREBOARD_AS", by)
        page = AppTest.from_function(_section, default_timeout=60).run()
        assert not page.exception
        assert BANNED.findall(words(page)) == []
        return page
    return section


def press(page: AppTest, label: str, nth: int = 0) -> None:
    [one for one in page.button if one.label == label][nth].click().run()
    assert not page.exception


def test_it_says_who_stands_where_and_what_was_said(shown: Any) -> None:
    page = shown()
    said = words(page)
    assert "Lee · no address: is not reached" in said
    assert said.count("what comes due on this rung reaches nobody.") == 2
    types, sent = tables(page)
    assert types.iloc[0].to_list() == ["wrong part", "10 working hours", "nobody yet", "Quote → Pick"]
    assert sent.iloc[0].to_list() == ["2 November 2026, 13:00", "owner Lee",
                                      "nobody to tell. No address of Lee is known: give them one on the ladder.",
                                      "EAST X1 (wrong part): half of its standard is used up", ""]


def test_somebody_is_added_and_their_address_never_shown(shown: Any, store: Store) -> None:
    page = shown()
    page.get_by_key("ladder role EAST 0").set_value("leader")
    page.get_by_key("ladder name EAST 0").set_value("Kim")
    page.get_by_key("ladder place EAST 0").set_value("every branch of North")
    page.get_by_key("ladder address EAST 0").set_value("json://user:s3cret@example.com")
    press(page, "Add")
    said = words(page)
    assert "Kim · by json · every branch of North" in said and "s3cret" not in said
    assert store("ladder", "list", "--branch", "EAST").out.splitlines()[1] == "2  leader  Kim  json        territory North"


def test_what_is_refused_stands_in_a_sentence_and_what_was_typed_stays(shown: Any) -> None:
    page = shown()
    page.get_by_key("ladder name EAST 0").set_value("Kim")
    page.get_by_key("ladder address EAST 0").set_value("kim at example")
    press(page, "Add")
    assert page.error[0].value.startswith("The address is not a URL")
    assert page.get_by_key("ladder name EAST 0").value == "Kim"


def test_somebody_taken_off_can_be_put_back(shown: Any, store: Store) -> None:
    page = shown()
    press(page, "Take off")
    assert store("ladder", "list", "--branch", "EAST").out.startswith("Nobody stands")
    press(page, "Put back")
    assert store("ladder", "list", "--branch", "EAST").out == "1  owner  Lee  no address  branch EAST\n"


def test_who_gets_a_type_is_said(shown: Any) -> None:
    page = shown()
    page.get_by_key("types name EAST 0").set_value("backorder").run()
    page.get_by_key("types owner EAST backorder 0").set_value("Lee")
    press(page, "Save")
    assert tables(page)[0].set_index("Type").loc["backorder", "Who gets it here"] == "Lee"


def test_an_administrator_agrees_a_standard_with_a_reason(shown: Any, store: Store) -> None:
    page = shown()
    page.get_by_key("standard name 0").set_value("wrong part").run()
    assert page.get_by_key("standard hours wrong part 0").value == 10
    page.get_by_key("standard hours wrong part 0").set_value(8.0)
    press(page, "Agree")
    assert "There is no reason yet" in page.error[0].value
    page.get_by_key("standard why 0").set_value("agreed in October")
    press(page, "Agree")
    assert tables(page)[0].iloc[0]["Standard"] == "8 working hours"
    assert next(o for o in store.json("options", "list")["options"] if o["key"] == "exception_standards")["value"] == {"wrong part": 480.0}


def test_the_playbook_is_written_and_put_back(shown: Any, store: Store) -> None:
    page = shown()
    assert words(page).count("Nothing is agreed yet: who is told, in which order, by when, and what may be offered.") == 2
    page.get_by_key("playbook lines EAST backorder 0").set_value("the leader | 30\nthe customer | 60 | a loaner")
    page.get_by_key("playbook save EAST backorder 0").click().run()
    assert tables(page)[1].to_dict("records")[1] == {
        "": "2.", "Who is told": "the customer", "By when": "within 60 working minutes", "What may be offered": "a loaner"}
    press(page, "Put back what was there")
    assert store.json("playbook", "show", "--branch", "EAST")["backorder"]["steps"] == []


def test_who_may_not_change_it_reads_it_and_is_told_whom_to_ask(shown: Any, store: Store) -> None:
    store("people", "add", "ann@example.com", "--name", "Ann", "--role", "administrator")
    store.seen_by("ann@example.com")("people", "add", "bo@example.com", "--name", "Bo", "--role", "team member", "--branch", "EAST")
    page = shown(by="bo@example.com")
    assert [one.label for one in page.button] == []
    assert "may not change this" in page.info[0].value
    assert "Standards are agreed for the whole company, by an administrator" in words(page)


@pytest.mark.parametrize("of", ["", "company", "territory:North"])
def test_without_one_branch_it_says_what_to_do(shown: Any, of: str) -> None:
    assert "branch by branch" in words(shown(of))
