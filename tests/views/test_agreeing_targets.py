"""Agreeing targets on the Definitions page: the walk, the form, its refusals, and who may."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from scoreboard.errors import NotAllowed
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.values import as_text
from scoreboard.views import asking
from scoreboard.views.define import agreements, typed
from scoreboard.views.define.agreements import Place
from tests.command_line import Store, copied
from tests.views.conftest import NOW, Open
from tests.views.definitions_page import PAGE, agree, field, page_words, plainly
from tests.views.reading import BANNED, tables
from tests.views.reading import words as words_of

TODAY = "9 November 2026"


@pytest.fixture
def company(sample_folder: Path, tmp_path: Path) -> Store:
    """The sample company in a folder of its own, to be changed by commands and pages."""
    return Store(copied(sample_folder, tmp_path / "company"), NOW)


# ---- agreeing --------------------------------------------------------------------------------------------
def test_a_target_agreed_on_the_page_stands_in_the_history_and_on_the_board(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="RIV", see="agree")
    assert page.query_params["metric"] == "fill_rate"
    assert (field(page, "target").value, field(page, "floor").value) == ("95", "85")  # the source's, and said to be
    agree(page, "97,5", "88 %", "agreed in the huddle")
    assert plainly(page.success[0].value).startswith(
        f"Agreed for this branch: Fill rate (orders, first shipment), target 97.5 %, floor 88 %, from {TODAY}.")
    row = tables(page)[0].iloc[0]
    assert (row["Now"], row["Target"].replace("\u00a0", " "), row["For"], row["Why"], row["By"]) == (
        "holds now", "97.5 %", "Riverside (branch)", "agreed in the huddle", "administrator")
    tile = company.board_of("RIV", "2026-W46")["fill_rate"]
    assert (tile["target"], tile["floor"], tile["basis"]) == (0.975, 0.88, "agreed")
    assert company.board_of("RIV", "2026-W45")["fill_rate"]["basis"] == "sourced"  # the week before its first day
    assert (field(page, "target", done=1).value, field(page, "agree reason", done=1).value) == ("97.5", "")


def test_a_duration_is_typed_in_its_unit_and_can_be_for_the_company(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="RIV", see="agree", metric="return_cycle_time")
    where = {"metric": "return_cycle_time"}
    assert field(page, "target", **where).label == "Target, in days" and field(page, "target", **where).value == "7"
    field(page, "agree for", **where).set_value("company").run()
    agree(page, "6 d", "", "one day better", **where)
    assert (company.board_of("HAR", "2026-W46")["return_cycle_time"]["target"]) == 6.0


@pytest.mark.parametrize(("target", "floor", "reason", "said"), [
    ("ninety", "85", "r", "The target is not a number. Type only the number, in %."),
    ("120", "85", "r", "A target of 120 % cannot be reached. This figure lies between 0 and 100 %."),
    ("95", "-1", "r", "A floor of -1 % cannot be reached. This figure lies between 0 and 100 %."),
    ("85", "95", "r", "The floor (95.0 %) is better than the target (85.0 %). The floor is the level that is not acceptable: "
                      "exchange the two."),
    ("90", "90", "r", "Target and floor are both 90 %: nothing lies between them to score. The floor is where help is needed, "
                      "the target where all is well."),
    ("95", "85", "  ", "A target needs a reason. Say why it was agreed, for whoever asks next year."),
    ("", "", "r", "There is no number yet. Type a target, a floor, or both."),
])
def test_a_refusal_is_a_sentence_and_what_was_typed_stays(
        opened: Open, company: Store, target: str, floor: str, reason: str, said: str) -> None:
    before = company("targets", "list").out
    page = agree(opened(company.data, PAGE, branch="RIV", see="agree"), target, floor, reason)
    assert said in [plainly(e.value) for e in page.error]
    assert [field(page, name).value for name in ("target", "floor", "agree reason")] == [target, floor, reason]
    assert company("targets", "list").out == before
    page.selectbox(key="metric_picker").set_value("otif").run()
    page.selectbox(key="metric_picker").set_value("fill_rate").run()
    assert [field(page, name).value for name in ("target", "floor", "agree reason")] == [target, floor, reason]


def test_the_walk_offers_the_next_one_and_can_skip(opened: Open, company: Store) -> None:
    company.json("options", "set", "board_metrics", "fill_rate,on_time,in_full,team_leavers")
    page = opened(company.data, PAGE, branch="RIV", see="agree")
    assert "without an agreed target: Fill rate, On time and In full." in page_words(page)
    field(page, "skip").click().run()
    assert page.selectbox(key="metric_picker").value == "on_time"
    agree(page, "90", "80", "agreed", metric="on_time")
    assert page.selectbox(key="metric_picker").value == "in_full" and "Next: In full" in page_words(page)
    agree(page, "95", "80", "agreed", metric="in_full")
    assert page.selectbox(key="metric_picker").value == "fill_rate"
    agree(page, "95", "85", "kept the source")
    assert "Every figure on this board that can have a target has an agreed one." in page_words(page)


def test_ending_an_agreement_needs_a_reason_and_lets_the_wider_one_hold(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="CED", see="agree", metric="quote_response_time")
    where = {"of": "CED", "metric": "quote_response_time"}
    page.session_state["agree CED quote_response_time 0 ending"] = True
    page.run()
    field(page, "end button", **where).click().run()
    assert [e.value for e in page.error] == ["Ending needs a reason. Say why, for whoever asks next year."]
    field(page, "end reason", **where).set_value("a third person came").run()
    field(page, "end for", **where).set_value("branch").run()
    field(page, "end button", **where).click().run()
    assert page.success[0].value.startswith(f"Ended for this branch from {TODAY}")
    assert tables(page)[0].iloc[0]["Now"] == "ended it" and "Agreed for the whole company" in page_words(page)
    assert company.board_of("CED", "2026-W46")["quote_response_time"]["target"] == 1.0


def test_what_is_agreed_or_ended_for_more_than_this_branch_is_said(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="CED", see="agree", metric="quote_response_time")
    where = {"of": "CED", "metric": "quote_response_time"}
    field(page, "agree for", **where).set_value("company").run()
    assert "This branch has an agreement of its own, which stays in force there." in page_words(page)
    page.session_state["agree CED quote_response_time 0 ending"] = True
    page.run()
    assert "not only here" not in page_words(page)  # the nearest one is offered first
    field(page, "end for", **where).set_value("company").run()
    assert "It ends for the whole company, not only here." in page_words(page)
    other = opened(company.data, PAGE, branch="RIV", see="agree", metric="quote_response_time")
    field(other, "agree for", metric="quote_response_time").set_value("territory").run()
    assert "It holds for every branch there that has no agreement of its own." in page_words(other)


def test_figures_that_only_inform_have_no_form(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", see="agree", metric="team_leavers")
    assert [plainly(i.value) for i in page.info] == ["No target: this figure only informs."] and not page.text_input


def test_changing_a_target_keeps_the_floor(opened: Open, company: Store) -> None:
    page = opened(company.data, PAGE, branch="RIV", see="agree", metric="otif")
    field(page, "target", metric="otif").set_value("90")
    field(page, "agree reason", metric="otif").set_value("one step at a time").run()
    field(page, "agree button", metric="otif").click().run()
    tile = company.board_of("RIV", "2026-W46")["otif"]
    assert (tile["target"], tile["floor"]) == (0.9, 0.8)


@pytest.mark.parametrize("key", [m.key for m in CATALOGUE])
def test_the_step_of_every_metric_begins_without_an_invented_number(opened: Open, sample_folder: Path, key: str) -> None:
    metric, page = BY_KEY[key], opened(sample_folder, PAGE, branch="LAK", see="agree", metric=key)
    assert not page.exception and not page.error and BANNED.findall(words_of(page)) == []
    if metric.direction:
        given = [field(page, name, of="LAK", metric=key).value for name in ("target", "floor")]
        agreed = Store(sample_folder, NOW).board_of("LAK", "2026-W46")[key]
        assert given == [typed.field(metric, agreed[name]) for name in ("target", "floor")]


# ---- what the figures mean -------------------------------------------------------------------------------
def test_the_sentences_count_the_judged_weeks_of_the_series(opened: Open, sample_folder: Path) -> None:
    points = Store(sample_folder, NOW).json("series", "--branch", "HAR", "--metric", "otif")["points"]
    judged = [p["value"] for p in points if p["state"] == "value"][-13:]
    metric, page = BY_KEY["otif"], opened(sample_folder, PAGE, branch="HAR", see="agree", metric="otif")
    spread = [as_text(metric, x) for x in (median(judged), min(judged), max(judged))]
    assert (f"Your last 13 judged weeks: middle {spread[0]}, between {spread[1].removesuffix(' %')} and {spread[2]}.") in page_words(page)
    target, floor = round(100 * sorted(judged)[6], 1) - 0.1, round(100 * sorted(judged)[3], 1) - 0.1  # where weeks lie on both sides
    field(page, "target", metric="otif", of="HAR").set_value(f"{target:.1f}").run()
    field(page, "floor", metric="otif", of="HAR").set_value(f"{floor:.1f} %").run()
    met, worse = sum(100 * x >= target for x in judged), sum(100 * x < floor for x in judged)
    assert 6 < met < 13 and 1 < worse < 5
    assert f"{met} of the last 13 judged weeks would have met {target:.10g} %." in page_words(page)
    assert f"{worse} of the last 13 judged weeks were worse than {floor:.10g} %." in page_words(page)


@pytest.mark.parametrize(("metric", "target", "said"), [
    ("otif", "100", "A target of 100 % can only be missed: a single order is enough."),
    ("error_rate", "0", "A target of 0 % can only be missed: a single line is enough."),
    ("otif", "0", "A target of 0 % is always met: it asks for nothing.")])
def test_a_share_of_everything_or_nothing_is_warned_of(opened: Open, sample_folder: Path, metric: str, target: str, said: str) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", see="agree", metric=metric)
    field(page, "target", metric=metric).set_value(target).run()
    assert [plainly(w.value) for w in page.warning] == [said]


def test_a_fraction_typed_as_a_percentage_is_refused(opened: Open, sample_folder: Path) -> None:
    page = opened(sample_folder, PAGE, branch="RIV", see="agree", metric="otif")
    field(page, "target", metric="otif").set_value("0.95").run()
    assert [plainly(e.value) for e in page.error] == [
        "A target of 0.95 % is hardly meant: shares are typed in percent. For 95 % type 95."]


def test_a_target_before_a_later_one_says_that_the_later_one_takes_over(opened: Open, company: Store) -> None:
    for day in ("2026-11-20", "2026-11-30"):
        company.json("targets", "set", "--branch", "RIV", "--metric", "otif", "--target", "0.95", "--from", day, "--reason", "agreed")
    page = opened(company.data, PAGE, branch="RIV", see="agree", metric="otif")
    assert "From 20 November 2026 on, what is agreed for that day holds again." in page_words(page)


# ---- who sees what ---------------------------------------------------------------------------------------
CANARY = "Zq7"


@pytest.fixture
def shared(company: Store) -> Store:
    """RIV's leader, a viewer of RIV, a manager of River Valley; targets with a canary wherever RIV's people may not look."""
    company.json("people", "add", "boss@example.com", "--name", "Boss", "--role", "administrator")
    boss = company.seen_by("boss@example.com")
    for email, role, where in (("riv@example.com", "branch leader", ("--branch", "RIV")),
                               ("see@example.com", "viewer", ("--branch", "RIV")),
                               ("val@example.com", "territory manager", ("--territory", "River Valley"))):
        boss.json("people", "add", email, "--name", email[:3], "--role", role, *where)
    for metric in ("otif", "fill_rate", "nps"):
        for where in (("--branch", "HAR"), ("--branch", "MIL"), ("--territory", "Coast")):
            boss.json("targets", "set", "--metric", metric, "--target", "0.7777", *where, "--reason", f"{CANARY} agreed")
    boss.json("targets", "set", "--metric", "otif", "--target", "0.9", "--branch", "RIV", "--reason", "ours")
    return boss


@pytest.mark.parametrize("who", ["riv@example.com", "see@example.com"])
def test_the_targets_of_other_branches_are_nowhere_on_the_page(opened: Open, shared: Store, who: str) -> None:
    for metric in ("otif", "fill_rate", "nps"):
        for address in ({"metric": metric}, {"metric": metric, "see": "agree"}):
            page = opened(shared.data, PAGE, branch="RIV", **address, **{"as": who})
            sent = str([child.proto for child in everything(page.main) if getattr(child, "proto", None) is not None])
            assert CANARY not in sent and CANARY not in words_of(page) and "77.77" not in sent
            assert not page.exception and (metric != "otif" or "ours" in words_of(page))
    other = opened(shared.data, PAGE, branch="HAR", metric="otif", **{"as": who})
    assert CANARY not in words_of(other) and "not a branch you can look at" in page_words(other)
    assert CANARY in words_of(opened(shared.data, PAGE, branch="HAR", metric="otif", **{"as": "boss@example.com"}))


def everything(node: Any) -> list[Any]:
    children = list(getattr(node, "children", {}).values())
    return children + [below for child in children for below in everything(child)]


def test_who_may_not_agree_reads_everything_and_sees_a_sentence_for_the_form(opened: Open, shared: Store) -> None:
    page = opened(shared.data, PAGE, branch="RIV", metric="otif", see="agree", **{"as": "see@example.com"})
    assert [plainly(i.value) for i in page.info] == [
        "Your role (viewer) may not change this: targets. Ask: administrator or territory manager or branch leader."]
    assert not page.text_input and not page.button and tables(page)[0].iloc[0]["Why"] == "ours"
    assert "Agree a target" not in page_words(opened(shared.data, PAGE, branch="RIV", metric="otif", **{"as": "see@example.com"}))


@pytest.mark.parametrize(("who", "branch", "places"), [
    ("riv@example.com", "RIV", ["Riverside (branch)"]), ("val@example.com", "RIV", ["Riverside (branch)", "River Valley (territory)"]),
    ("val@example.com", "territory:River Valley", ["River Valley (territory)"]),
    ("boss@example.com", "company", ["Whole company"]),
    ("boss@example.com", "RIV", ["Riverside (branch)", "River Valley (territory)", "Whole company"])])
def test_one_agrees_only_where_one_may(opened: Open, shared: Store, who: str, branch: str, places: list[str]) -> None:
    page = opened(shared.data, PAGE, branch=branch, metric="otif", see="agree", **{"as": who})
    assert list(field(page, "agree for", of=branch, metric="otif").options) == places


@pytest.mark.parametrize(("who", "kind", "scope"), [
    ("see@example.com", "branch", "RIV"), ("riv@example.com", "branch", "HAR"), ("riv@example.com", "territory", "River Valley"),
    ("val@example.com", "company", "")])
def test_agreeing_where_one_may_not_is_refused_whatever_the_form_sent(
        shared: Store, monkeypatch: pytest.MonkeyPatch, who: str, kind: str, scope: str) -> None:
    monkeypatch.setenv("SCOREBOARD_DATA", str(shared.data))
    monkeypatch.setenv("SCOREBOARD_NOW", NOW)
    before = shared("targets", "list").out
    with pytest.raises(NotAllowed):
        agreements.agree(asking.ask(who), "otif", Place(kind, scope, scope), 0.9, None, date(2026, 11, 9), "a reason")
    assert shared("targets", "list").out == before


def test_the_change_log_says_who_agreed_on_the_page(opened: Open, shared: Store) -> None:
    page = opened(shared.data, PAGE, branch="RIV", metric="on_time", see="agree", **{"as": "riv@example.com"})
    agree(page, "91", "80", "what the leader said", metric="on_time")
    latest = shared.json("changes", "--limit", "1")["changes"][0]
    assert (latest["who"], latest["what"], latest["subject"], latest["why"]) == (
        "riv@example.com", "target set", "branch RIV", "what the leader said")


def test_a_reason_is_never_read_as_markup(opened: Open, company: Store) -> None:
    hostile = "**loud** <script>alert(1)</script> :red[x] [y](https://example.com) $z$"
    company.json("targets", "set", "--metric", "otif", "--target", "0.9", "--branch", "RIV", "--reason", hostile)
    for address in ({}, {"see": "agree"}):
        page = opened(company.data, PAGE, branch="RIV", metric="otif", **address)
        assert tables(page)[0].iloc[0]["Why"] == hostile
        assert "loud" not in "".join(m.value for m in [*page.markdown, *page.caption, *page.success, *page.info, *page.header])
    assert hostile in "".join(t.value for t in opened(company.data, PAGE, branch="RIV", metric="otif").text)
