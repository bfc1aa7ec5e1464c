"""Accepting a miss for a while: the form on the Definitions page, and what tile, Metric page and "Talk about" say of it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from scoreboard.errors import NotAllowed
from scoreboard.views import asking
from scoreboard.views.define import misses
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.definitions_page import PAGE, field, page_words, plainly
from tests.views.reading import BANNED, boards, tables
from tests.views.reading import words as words_of

METRIC_PAGE = "pages/huddle/metric.py"
OTIF = {"metric": "otif"}


@pytest.fixture
def company(sample_folder: Path, tmp_path: Path) -> Store:
    """The sample company in a folder of its own; 95 % of orders, floor 80 %, is agreed for all."""
    return Store(copied(sample_folder, tmp_path / "company"), NOW)


def accepted(company: Store, target: str = "88%", until: str = "2026-11-30", reason: str = "no driver", begin: str = "2026-11-02") -> None:
    company.json("targets", "set", "--branch", "RIV", "--metric", "otif", "--target", target, "--from", begin, "--until", until,
                 "--reason", reason)


def unfolded(page: AppTest, name: str) -> AppTest:
    page.session_state[f"agree RIV otif 0 {name}"] = True
    return page.run()


def fill(page: AppTest, target: str, until: date | None, reason: str) -> AppTest:
    field(page, "temporary target", **OTIF).set_value(target)
    if until:
        field(page, "accept until", **OTIF).set_value(until)
    field(page, "accept reason", **OTIF).set_value(reason)
    page.run()
    field(page, "accept button", **OTIF).click().run()
    assert not page.exception
    return page


# ---- the form --------------------------------------------------------------------------------------------
def test_a_miss_accepted_on_the_page_stands_on_the_board_and_in_the_history(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="RIV", metric="otif")
    next(b for b in page.button if b.label == "Accept a miss").click().run()
    assert "What is to be met by this branch: 95 %, floor 80 %." in page_words(page)
    fill(page, "88", date(2026, 11, 29), "no driver")
    assert plainly(page.success[0].value).startswith(
        "Accepted for this branch: On time, in full (orders, first promise), 88 % from 9 November 2026 until 29 November 2026.")
    row = tables(page)[0].iloc[0]
    assert (row["Now"], row["Until"], row["Target"].replace("\u00a0", " "), row["Why"]) == (
        "holds now", "29 November 2026", "88 %", "no driver")
    assert tables(page)[0].iloc[1]["Now"] == "holds again later"
    assert [company.board_of("RIV", week)["otif"]["target"] for week in ("2026-W45", "2026-W46")] == [0.95, 0.88]
    assert (field(page, "target", done=1, **OTIF).value, field(page, "floor", done=1, **OTIF).value) == ("95", "80")  # what is agreed
    assert "· 88 % until 29 Nov accepted" in page_words(opened(company.data, PAGE, branch="RIV"))
    card = opened(company.data, PAGE, branch="RIV", **OTIF)
    assert "A miss is accepted for this branch: 88 % until 29 November 2026." in page_words(card)


@pytest.mark.parametrize(("target", "until", "reason", "said"), [
    ("", date(2026, 11, 29), "r", "An accepted miss needs a temporary target."),
    ("ninety", date(2026, 11, 29), "r", "The temporary target is not a number."),
    ("97", date(2026, 11, 29), "r", "A temporary target of 97.0 % asks for no less than the one that holds, 95.0 %"),
    ("75", date(2026, 11, 29), "r", "The floor of 80.0 % stays while a miss is accepted"),
    ("88", None, "r", "There is no first or no last day yet."),
    ("88", date(2026, 11, 8), "r", "The last day, 2026-11-08, is not after the first"),
    ("88", date(2027, 11, 8), "r", "is more than 26 weeks"),
    ("88", date(2026, 11, 29), "  ", "An accepted miss needs a reason.")])
def test_a_refusal_is_a_sentence_and_what_was_typed_stays(
        opened: Open, company: Store, target: str, until: date | None, reason: str, said: str) -> None:
    before = company("targets", "list").out
    page = fill(unfolded(opened(company.data, PAGE, branch="RIV", see="agree", **OTIF), "accepting a miss"), target, until, reason)
    assert any(plainly(e.value).startswith(said) or said in plainly(e.value) for e in page.error)
    assert (field(page, "temporary target", **OTIF).value, field(page, "accept reason", **OTIF).value) == (target, reason)
    assert company("targets", "list").out == before


def test_the_form_says_what_it_would_have_meant_and_the_weeks_it_counts_in(opened: Open, company: Store) -> None:
    page = unfolded(opened(company.data, PAGE, branch="RIV", see="agree", **OTIF), "accepting a miss")
    field(page, "temporary target", **OTIF).set_value("85")
    field(page, "accept until", **OTIF).set_value(date(2026, 11, 27)).run()  # a Friday: week 48 ends after it
    assert "of the last 13 judged weeks would have met 85 %." in page_words(page)
    assert "Counts in week 46 to week 47: a week is judged by what holds on its last day." in page_words(page)
    assert BANNED.findall(words_of(page)) == []


def test_it_is_ended_early_with_a_reason_and_the_history_keeps_both(opened: Open, company: Store) -> None:
    accepted(company)
    page = unfolded(opened(company.data, PAGE, branch="RIV", see="agree", **OTIF), "ending a miss")
    assert "While the miss is accepted the board keeps the temporary target" in page_words(page)
    field(page, "miss end button", **OTIF).click().run()
    assert [e.value for e in page.error] == ["Ending an accepted miss needs a reason. Say why, for whoever asks next year."]
    field(page, "miss end reason", **OTIF).set_value("the driver is back").run()
    field(page, "miss end button", **OTIF).click().run()
    assert page.success[0].value.startswith("Ended for this branch from 9 November 2026")
    assert tables(page)[0]["Now"].tolist() == ["ended it early", "ended early", "holds now"]
    assert [company.board_of("RIV", week)["otif"]["target"] for week in ("2026-W45", "2026-W46")] == [0.88, 0.95]


@pytest.mark.parametrize(("begin", "until", "end", "said"), [
    ("2026-10-05", "2026-10-18", "", "over"), ("2026-11-16", "2026-11-29", "", "holds from then"),
    ("2026-11-02", "2026-11-29", "2026-11-02", "taken back")])
def test_the_history_says_what_became_of_each(opened: Open, company: Store, begin: str, until: str, end: str, said: str) -> None:
    accepted(company, until=until, begin=begin)
    if end:
        company.json("targets", "end-miss", "--branch", "RIV", "--metric", "otif", "--reason", "a mistake", "--from", end)
    shown = tables(opened(company.data, PAGE, branch="RIV", **OTIF))[0]
    assert shown.loc[shown["Why"] == "no driver", "Now"].tolist() == [said]


def test_without_a_target_or_the_right_to_set_one_there_is_no_form(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="RIV", see="agree", metric="nps")
    assert "Accept a miss" not in page_words(page) and "Agree a target" in page_words(page)
    company.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = company.seen_by("boss@example.com")
    for email, role in (("see@example.com", "viewer"), ("har@example.com", "branch leader")):
        boss.json("people", "add", email, "--name", role, "--role", role, "--branch", "RIV" if role == "viewer" else "HAR")
    for see in ({}, {"see": "agree"}):
        assert "Accept a miss" not in page_words(opened(company.data, PAGE, branch="RIV", **OTIF, **see, **{"as": "see@example.com"}))


@pytest.mark.parametrize("who", ["see@example.com", "har@example.com"])
def test_accepting_where_one_may_not_is_refused_whatever_the_form_sent(
        company: Store, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    accepted(company)
    company.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = company.seen_by("boss@example.com")
    boss.json("people", "add", "see@example.com", "--name", "See", "--role", "viewer", "--branch", "RIV")
    boss.json("people", "add", "har@example.com", "--name", "Har", "--role", "branch leader", "--branch", "HAR")
    monkeypatch.setenv("SCOREBOARD_DATA", str(company.data))
    monkeypatch.setenv("SCOREBOARD_NOW", NOW)
    before = boss("targets", "list").out
    with pytest.raises(NotAllowed):
        misses.accept(asking.ask(who), "RIV", "otif", 0.88, date(2026, 11, 9), date(2026, 11, 29), "a reason")
    with pytest.raises(NotAllowed):
        misses.end(asking.ask(who), "RIV", "otif", date(2026, 11, 9), "a reason")
    assert boss("targets", "list").out == before


# ---- what is said of it ----------------------------------------------------------------------------------
def tile(page: AppTest, key: str = "otif") -> dict[str, Any]:
    return next(t for t in boards(page)[0]["tiles"] if t["key"] == key)


def test_the_tile_says_until_when_and_what_is_agreed(opened: Open, company: Store) -> None:
    accepted(company)
    shown = tile(opened(company.data, branch="RIV", week="2026-W45"))
    assert plainly(shown["aim"]["words"]).endswith("target 88.0 % until 30 Nov (agreed 95.0 %)")
    assert shown["spark"]["target"] == 0.88 and "until 30 Nov" in plainly(shown["label"])
    assert "until" not in tile(opened(company.data, branch="RIV", week="2026-W44"))["aim"]["words"]
    assert "until" not in tile(opened(company.data, branch="HAR", week="2026-W45"))["aim"]["words"]


def test_the_metric_page_says_who_accepted_it_why_and_until_when(opened: Open, company: Store) -> None:
    accepted(company, reason="**no** driver <b>")
    page = opened(company.data, METRIC_PAGE, branch="RIV", week="2026-W45", metric="otif")
    said = plainly(page.text[0].value)
    assert "Target 88.0 %, floor 80.0 % (accepted)." in said
    assert ("A miss is accepted until 30 November 2026, by administrator: “**no** driver <b>”. "
            "After that the agreed target of 95.0 % holds again.") in said
    steps = next(t for t in json.loads(page.get("plotly_chart")[0].proto.spec)["data"] if t["name"] == "target")
    by_week = dict(zip(steps["x"], zip(steps["y"], steps["hovertext"], strict=True), strict=True))
    assert by_week["2026-10-26"] == (95.0, "agreed by sample: agreed at the kick-off")
    assert by_week["2026-11-02"] == (88.0, "accepted until 30 November 2026 by administrator: **no** driver &lt;b&gt;")


@pytest.mark.parametrize(("until", "said"), [
    ("2026-11-20", "has a temporary target of 88.0 % that ends on 20 November 2026; then 95.0 % holds again."),
    ("2026-11-08", "had a temporary target of 88.0 % that ended on 8 November 2026; 95.0 % holds again."),
    ("2026-11-30", "")])
def test_talk_about_reminds_of_a_miss_that_ends_soon_or_has_ended(opened: Open, company: Store, until: str, said: str) -> None:
    accepted(company, until=until)
    board = boards(opened(company.data, branch="RIV", week="2026-W45"))[0]
    reminders = [one for one in board["talk"] if one["tag"] == "Accepted miss"]
    assert [plainly(one["text"]) for one in reminders] == ([said] if said else [])
    assert all((one["tone"], one["metric"]) == ("quiet", "otif") for one in reminders) and (not said or board["talk"][-1] == reminders[0])
