"""The view of a branch's hours on Definitions: what is kept, what changes with it, who may."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.errors import NotAllowed
from scoreboard.views import asking
from scoreboard.views.define import branch_facts
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.definitions_page import PAGE, page_words, plainly
from tests.views.reading import BANNED, tables


@pytest.fixture
def company(sample_folder: Path, tmp_path: Path) -> Store:
    """The sample company in a folder of its own, to be changed by commands and pages."""
    return Store(copied(sample_folder, tmp_path / "company"), NOW)


def hours(opened: Open, store: Store, of: str = "RIV", **address: str) -> AppTest:
    page = opened(store.data, PAGE, branch=of, see="hours", **address)
    assert not page.exception
    return page


def field(page: AppTest, name: str, done: int = 0) -> Any:
    return page.get_by_key(f"hours RIV {done} {name}")


def kept(store: Store) -> dict[str, Any]:
    return next(b for b in store.json("branches", "list")["branches"] if b["code"] == "RIV")


def test_the_page_says_what_is_kept_and_which_holidays_come(opened: Open, company: Store) -> None:
    page = hours(opened, company)
    said = page_words(page)
    assert [w for w in ("Riverside", "River Valley", "America/Chicago", "Monday to Friday", "07:30 to 17:00", "US") if w not in said] == []
    assert tables(page)[0].to_dict("records")[1] == {"Day": "Thursday, 26 November 2026", "Holiday": "Thanksgiving Day"}
    assert list(tables(page)[0]["Day"])[-1] == "Monday, 18 January 2027"  # the coming 13 weeks and no more
    assert "Counted in opening hours: Quote response, Quotes answered within standard, Exceptions closed" in said
    assert BANNED.findall(said) == []


def test_changed_hours_work_the_weeks_out_anew_and_can_be_put_back(opened: Open, company: Store) -> None:
    before, was = company("--json", "board", "--branch", "RIV").out, kept(company)
    page = hours(opened, company)
    field(page, "closes").set_value("19:00")
    field(page, "day 6").check()
    field(page, "save").click().run()
    assert not page.exception and plainly(page.success[0].value).startswith("Saved. ")
    assert {k: v for k, v in kept(company).items() if was[k] != v} == {"closes": "19:00", "open_days": "123456"}
    assert company("--json", "board", "--branch", "RIV").out != before
    assert tables(page)[1].iloc[0]["What"] == "Open on: Monday to Friday → Monday to Saturday; Closes: 17:00 → 19:00"
    field(page, "closes", done=1).set_value("17:00")
    field(page, "day 6", done=1).uncheck()
    field(page, "save", done=1).click().run()
    assert kept(company) == was
    assert company.board_of("RIV", "2026-W45")["quote_response_time"]["value"] == pytest.approx(
        Store(company.data, NOW).board_of("RIV", "2026-W45")["quote_response_time"]["value"])


@pytest.mark.parametrize(("name", "typed", "said"), [
    ("closes", "7:00", "A branch that opens at 07:30 cannot close at 07:00. Closing comes after opening."),
    ("opens", "8 am", '"8 am" is not a time of day. Write it as hours and minutes, for example 07:30.'),
    ("country", "UX", 'No holidays are known for "UX". Write a country code such as US, or leave it empty.'),
    ("name", " ", "The name of a branch must not be empty.")])
def test_a_refusal_is_the_commands_and_nothing_changes(opened: Open, company: Store, name: str, typed: str, said: str) -> None:
    was, page = kept(company), hours(opened, company)
    field(page, name).set_value(typed).run()
    field(page, "save").click().run()
    assert [plainly(e.value) for e in page.error] == [said] and not page.success
    assert field(page, name).value == typed and kept(company) == was


def test_without_open_days_or_changes_nothing_is_saved(opened: Open, company: Store) -> None:
    page = hours(opened, company)
    field(page, "save").click().run()
    assert [plainly(e.value) for e in page.error] == ["Nothing is changed yet. Change a field first."]
    for day in "12345":
        field(page, f"day {day}").uncheck()
    field(page, "save").click().run()
    assert "does not name open days" in plainly(page.error[0].value)


def test_two_people_who_change_two_fields_keep_both(opened: Open, company: Store) -> None:
    page = hours(opened, company)
    company.json("branches", "add", "RIV", "--name", "Riverside North")
    field(page, "opens").set_value("08:00").run()
    field(page, "save").click().run()
    assert (kept(company)["name"], kept(company)["opens"]) == ("Riverside North", "08:00")


def test_who_may_not_change_branches_reads_them_only(opened: Open, company: Store) -> None:
    company.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    company.seen_by("boss@example.com").json("people", "add", "riv@example.com", "--name", "Riv", "--role", "branch leader",
                                             "--branch", "RIV")
    page = hours(opened, company, **{"as": "riv@example.com"})
    assert "may not change this: branches" in page_words(page) and "07:30 to 17:00" in page_words(page)
    assert not page.text_input and not page.button
    with pytest.raises(NotAllowed):
        branch_facts.keep(asking.ask("riv@example.com"), "RIV", {"opens": "09:00"})


def test_territories_the_company_and_an_empty_store_have_no_hours(opened: Open, company: Store, tmp_path: Path) -> None:
    for of in ("territory:Coast", "company"):
        page = hours(opened, company, of)
        assert "Hours belong to one branch. Pick one of the branches above." in page_words(page) and not page.button
    assert "There is none yet" in page_words(opened(tmp_path / "new", PAGE, see="hours"))


@pytest.mark.parametrize(("days", "said"), [("12345", "Monday to Friday"), ("13", "Monday and Wednesday"), ("23456", "Tuesday to Saturday"),
                                            ("1357", "Monday, Wednesday, Friday and Sunday"), ("12", "Monday and Tuesday")])
def test_open_days_are_written_as_people_say_them(days: str, said: str) -> None:
    assert branch_facts.open_on(days) == said
