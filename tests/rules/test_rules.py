"""Each rule with its rows in sight: what it opens, what it leaves alone, that it never opens twice, when it proposes to close."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from datetime import datetime, timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from sqlalchemy import update

from scoreboard.cases.types import TYPES
from scoreboard.errors import NotAllowed, Refused
from scoreboard.rules import standing
from scoreboard.rules.book import RULES, find
from scoreboard.rules.model import Rule
from scoreboard.rules.watch import GONE, watch_facts
from scoreboard.settings import Settings
from scoreboard.state import options
from scoreboard.state.database import open_database, reading, writing
from scoreboard.state.options import OPTIONS
from scoreboard.state.schema import options as option_table
from scoreboard.state.viewers import EVERYONE, Viewer
from tests.rules.shop import NOW, Shop
from tests.rules.stories import LATE, STORIES
from tests.test_catalogue import BANNED

every = pytest.mark.parametrize("key", list(STORIES))
DOCS = (Path(__file__).resolve().parents[2] / "docs" / "rules.md").read_text(encoding="utf-8")
KEPT = datetime(2026, 11, 8, 12)


# ---- the list ----------------------------------------------------------------------------------------
def test_every_rule_is_tested_and_explained_and_no_other() -> None:
    assert set(STORIES) == {rule.key for rule in RULES} == set(re.findall(r"^### `(\w+)`", DOCS, re.MULTILINE))
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_is_explained_as_it_is_declared(rule: Rule) -> None:
    said = DOCS.partition(f"### `{rule.key}` · {rule.name}\n")[2].partition("\n### ")[0]
    defaults = {option.key: option.default for option in OPTIONS}
    assert standing.when(rule, defaults) in said and rule.promise in said and f"**Type:** {rule.type}" in said
    assert [one for need in rule.needs for one in need.split("|") if f"`{one}`" not in said] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_a_rule_has_all_it_names(rule: Rule) -> None:
    columns = {column.name for column in rule.causes.table.columns}
    assert {"branch", "cause", "since", "over", "over_at", *rule.shows} <= columns
    assert rule.type in {one.name for one in TYPES}
    assert {rule.after, rule.apart, *rule.agreed} - {""} <= {option.key for option in OPTIONS}
    assert not BANNED.search(" ".join((rule.name, rule.when, rule.promise, *rule.shows.values())))
    assert len(rule.cause_key("x" * 200)) <= 300


# ---- opening -----------------------------------------------------------------------------------------
@every
def test_a_row_that_breaks_its_promise_opens_one_exception_with_what_it_says(shop: Shop, key: str) -> None:
    story, rule = STORIES[key], find(key)
    shop.switch(key)
    report = shop.load(story.source, story.breaks)
    assert report.rules.opened == (("EAST", "X1", key),) and not report.rules.trouble
    assert shop.cases("type", "customer", "rule", "cause_key", "opened_at") == [
        (rule.type, "ACME", key, f"{key}:{story.cause}", NOW)]
    assert shop.log() == [(f"rule: {rule.name}", "opened")]
    with reading(shop.engine) as conn:
        behind = standing.behind(conn, EVERYONE, "EAST", "X1")
    assert behind is not None and behind.rule is rule
    assert dict(behind.cells)["Customer"] == "ACME" and len(behind.cells) >= 4


@pytest.mark.parametrize(("key", "reason"), [(key, reason) for key, story in STORIES.items() for reason in story.quiet])
def test_it_opens_nothing_when(plain_shop: Shop, key: str, reason: str) -> None:
    story = STORIES[key]
    plain_shop.switch(key)
    report = plain_shop.load(story.source, {**story.breaks, **story.quiet[reason]})
    assert not report.rules.opened and not report.rules.trouble
    assert plain_shop.cases("case_no") == []


@every
def test_a_rule_that_is_off_opens_nothing_but_says_what_it_would(plain_shop: Shop, key: str) -> None:
    story = STORIES[key]
    plain_shop.load(story.source, story.breaks, {**story.breaks, "branch": "WEST"})
    assert plain_shop.cases("case_no") == []
    assert plain_shop.would_open(key) == {key: [("EAST", story.cause), ("WEST", story.cause)]}


def test_five_years_of_history_open_only_what_broke_in_the_last_four_weeks(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    days = [datetime(2021, 11, 1, 9) + timedelta(days=n * 13) for n in range(141)]
    rows = [{"order_no": f"O{n}", "ordered_at": f"{day}", "first_promised_for": f"{day + timedelta(days=2)}"} for n, day in enumerate(days)]
    plain_shop.load("order_lines", *rows[:100], through="2026-11-08 18:00")  # the older part first, as people bring history
    plain_shop.load("order_lines", *rows[100:])
    promised = [datetime.fromisoformat(row["first_promised_for"]) for row in rows]
    recent = [row["order_no"] for row, at in zip(rows, promised, strict=True) if NOW - timedelta(days=28) <= at < KEPT]
    assert sorted(plain_shop.cases("order_no")) == sorted(recent) and len(recent) == 2


def test_a_critical_part_goes_to_everybody_at_once(plain_shop: Shop) -> None:
    plain_shop.switch("critical_backorder")
    plain_shop.load("order_lines", STORIES["critical_backorder"].breaks)
    assert plain_shop.cases("priority", "attention_at") == [("mission-critical", NOW)]


def test_what_was_promised_stands_in_the_exception(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", LATE)
    assert plain_shop.cases("promised", "route", "order_no") == [("delivery by 5 November 2026, 12:00", "R7", "O1")]


def test_of_an_order_only_the_lines_that_wait_count(plain_shop: Shop) -> None:
    """The first line is delivered; the second is late; the third is not due. One exception for the order, from the second."""
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", {**LATE, "delivered_at": "2026-11-04 10:00"},
                    {"line_no": "2", "first_promised_for": "2026-11-06"}, {"line_no": "3", "first_promised_for": "2026-11-20"})
    with reading(plain_shop.engine) as conn:
        behind = standing.behind(conn, EVERYONE, "EAST", "X1")
    assert behind is not None
    cells = dict(behind.cells)
    assert (cells["Promised for"], cells["Lines not delivered"], cells["Lines"]) == (datetime(2026, 11, 6, 17), 2, 3)


# ---- somebody knows already --------------------------------------------------------------------------
def test_nothing_is_opened_for_an_order_whose_customer_was_told(shop: Shop) -> None:
    shop.switch("late_delivery")
    shop.raised(type="backorder", order_no="O1")
    shop.act("X1", "updated", to="Kim", how="phone")
    shop.load("order_lines", LATE, {**LATE, "order_no": "O2"})
    assert shop.cases("order_no", "rule") == [("O1", None), ("O2", "late_delivery")]


def test_what_a_person_raised_already_is_not_opened_again_until_it_is_closed(plain_shop: Shop) -> None:
    plain_shop.switch("critical_backorder")
    plain_shop.raised(type="Backorder", order_no="O1")
    plain_shop.load("order_lines", STORIES["critical_backorder"].breaks)
    assert plain_shop.cases("rule") == [None]


@pytest.mark.parametrize("given", [{"type": "late delivery", "order_no": "O2"}, {"type": "paperwork", "order_no": "O1"},
                                   {"type": "late delivery"}])
def test_an_exception_about_something_else_keeps_nothing_from_being_opened(plain_shop: Shop, given: Mapping[str, str]) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.raised(**given)
    plain_shop.load("order_lines", LATE)
    assert plain_shop.cases("rule") == [None, "late_delivery"]


# ---- never twice -------------------------------------------------------------------------------------
@every
def test_it_never_opens_twice_for_the_same_cause(shop: Shop, key: str) -> None:
    story = STORIES[key]
    shop.switch(key)
    first = shop.load(story.source, story.breaks)
    again = shop.load(story.source, {**story.breaks, "customer": "ACME Ltd"})  # the row comes corrected
    assert first.load_id and again.load_id and not again.rules.opened
    shop.undo(again.load_id)
    shop.undo(first.load_id)
    assert shop.cases("proposal") == [GONE]
    back = shop.load(story.source, story.breaks)
    assert not back.rules.opened and back.rules.withdrawn == (("EAST", "X1", key),)
    assert shop.cases("case_no", "proposal") == [("X1", None)]


def test_the_same_file_again_changes_nothing(plain_shop: Shop, tmp_path: Path) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", LATE)
    [file] = plain_shop.settings.data.parent.glob("*.csv")
    again = plain_shop.load_file(Path(shutil.copy(file, tmp_path / "again.csv")))
    assert again.load_id is None and plain_shop.log() == [("rule: Delivery past its promise, and nobody told", "opened")]


def test_what_people_have_closed_is_not_opened_again(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", LATE)
    plain_shop.act("X1", "resolved")
    plain_shop.act("X1", "told", to="Kim", how="phone")
    plain_shop.load("order_lines", {**LATE, "route": "R8"})
    assert plain_shop.cases("case_no") == ["X1"]


def _watch(settings: Settings, ready: Barrier) -> None:
    engine = open_database(settings.database_url)
    ready.wait(60)
    done = watch_facts(settings, engine)
    assert not done.trouble, done.trouble
    engine.dispose()


def test_two_processes_at_once_open_each_cause_once(shop: Shop) -> None:
    shop.load("order_lines", *({**LATE, "order_no": f"O{n}"} for n in range(30)))
    shop.switch("late_delivery")
    context = get_context("spawn")
    ready = context.Barrier(2)
    both = [context.Process(target=_watch, args=(shop.settings, ready)) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(120)
    assert [one.exitcode for one in both] == [0, 0]
    assert sorted(shop.cases("order_no")) == sorted(f"O{n}" for n in range(30))


# ---- over --------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("key", "said"), [(key, said) for key, story in STORIES.items() for said in story.ends])
def test_it_proposes_to_close_when_the_facts_say_it_is_over_and_takes_that_back(plain_shop: Shop, key: str, said: str) -> None:
    story, who = STORIES[key], f"rule: {find(key).name}"
    plain_shop.switch(key)
    plain_shop.load(story.source, story.breaks)
    over = plain_shop.load(story.source, {**story.breaks, **story.ends[said]})
    assert over.rules.proposed == (("EAST", "X1", key),)
    assert plain_shop.cases("proposal", "resolved_at", "closed_at") == [(said, None, None)]
    assert not plain_shop.load(story.source, {**story.breaks, **story.ends[said], "customer": "ACME Ltd"}).rules.proposed
    back = plain_shop.load(story.source, {**story.breaks, "customer": "ACME Inc"})
    assert back.rules.withdrawn == (("EAST", "X1", key),) and plain_shop.cases("proposal") == [None]
    assert plain_shop.log() == [(who, "opened"), (who, "proposed"), (who, "proposed")]


def test_the_proposal_comes_also_when_the_row_lies_far_outside_the_window(shop: Shop) -> None:
    shop.switch("late_delivery")
    shop.load("order_lines", LATE)
    later = shop.at(datetime(2027, 6, 1, 12))
    other = {"order_no": "O2", "ordered_at": "2027-05-28 09:00", "first_promised_for": "2027-06-20"}
    later.load("order_lines", other, through="2027-05-31")
    assert shop.cases("order_no", "proposal") == [("O1", None)]
    later.load("order_lines", {**LATE, "delivered_at": "2027-05-20 10:00"}, through="2027-05-31")
    assert shop.cases("proposal") == ["Delivered on 20 May 2027, 10:00."]


def test_a_rule_switched_off_opens_no_more_but_still_says_what_is_over(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", LATE)
    plain_shop.switch("late_delivery", on=False)
    plain_shop.load("order_lines", {**LATE, "order_no": "O2"}, {**LATE, "delivered_at": "2026-11-07 10:00"})
    assert plain_shop.cases("order_no", "proposal") == [("O1", "Delivered on 7 November 2026, 10:00.")]


def test_where_a_column_was_taken_away_nothing_is_said(plain_shop: Shop, tmp_path: Path) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", LATE)
    bare = tmp_path / "bare.csv"
    bare.write_text("branch,order_no,line_no,ordered_at,qty_ordered,first_promised_for\nEAST,O1,1,2026-11-02 09:00,1,2026-11-05 12:00\n")
    plain_shop.load_file(bare)
    plain_shop.undo(1)  # with it goes the only file that says what was delivered
    assert plain_shop.cases("proposal") == [None]


def test_what_was_resolved_gets_no_proposal(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    plain_shop.load("order_lines", LATE)
    plain_shop.act("X1", "resolved")
    report = plain_shop.load("order_lines", {**LATE, "delivered_at": "2026-11-07 10:00"})
    assert not report.rules.proposed and plain_shop.cases("proposal") == [None]


# ---- switching, and who sees what --------------------------------------------------------------------
def test_a_rule_without_what_it_judges_by_says_what_to_agree(plain_shop: Shop) -> None:
    with writing(plain_shop.engine) as conn:
        options.put_back(conn, "credit_days", None, why="", who="", now=NOW)
        with pytest.raises(Refused, match="credit_days"):
            standing.switch(conn, EVERYONE, "credit_overdue", True, now=NOW)
    with reading(plain_shop.engine) as conn:
        stand = {s.rule.key: s for s in standing.stands(plain_shop.settings, conn, EVERYONE, "EAST")}
    assert any("credit_days" in gap for gap in stand["credit_overdue"].lacks) and "so many days" in stand["credit_overdue"].when


def test_only_who_may_change_options_switches_and_a_wrong_key_is_refused_with_a_hint(plain_shop: Shop) -> None:
    leader = Viewer("lee@example.com", "Lee", "branch leader", frozenset({"EAST"}))
    with writing(plain_shop.engine) as conn:
        with pytest.raises(NotAllowed):
            standing.switch(conn, leader, "late_delivery", True, now=NOW)
        with pytest.raises(Refused, match='Did you mean "late_delivery"'):
            standing.switch(conn, EVERYONE, "late_deliverys", True, now=NOW)
        with pytest.raises(Refused, match="one by one"):
            options.set_option(conn, "rules_on", "late_delivery", why="", who="", now=NOW, metrics=())
        assert standing.switch(conn, EVERYONE, "late_delivery", True, now=NOW)
        assert not standing.switch(conn, EVERYONE, "late_delivery", True, now=NOW)
        assert standing.switch(conn, EVERYONE, "late_delivery", False, now=NOW) and options.current(conn)["rules_on"] == []


def test_a_viewer_hears_only_of_their_branches(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    done = plain_shop.load("order_lines", LATE, {**LATE, "branch": "WEST"}).rules
    leader = Viewer("lee@example.com", "Lee", "branch leader", frozenset({"EAST"}))
    assert len(done.opened) == 2 and done.seen_by(leader).opened == (("EAST", "X1", "late_delivery"),)
    with reading(plain_shop.engine) as conn:
        for ask in (lambda: standing.behind(conn, leader, "WEST", "X1"),
                    lambda: standing.stands(plain_shop.settings, conn, leader, "WEST")):
            with pytest.raises(NotAllowed):
                ask()


def test_looking_again_without_a_commit_in_between_does_nothing(plain_shop: Shop) -> None:
    plain_shop.switch("late_delivery")
    version = plain_shop.load("order_lines", LATE).rules.version
    assert version and watch_facts(plain_shop.settings, plain_shop.engine, since=version).version == version
    assert plain_shop.cases("case_no") == ["X1"]


def test_a_row_without_a_number_of_its_own_opens_nothing(plain_shop: Shop, tmp_path: Path) -> None:
    plain_shop.switch("late_delivery", "critical_backorder")
    bare = tmp_path / "bare.csv"
    bare.write_text("branch,ordered_at,qty_ordered,first_promised_for,part_class,backordered,shipped_at,delivered_at\n"
                    "EAST,2026-11-02 09:00,1,2026-11-05 12:00,critical,yes,,\n")
    assert plain_shop.load_file(bare).load_id == 1 and plain_shop.cases("case_no") == []


def test_a_rule_that_fails_is_a_line_in_the_report_and_the_load_stands(shop: Shop) -> None:
    shop.switch("credit_overdue")
    with writing(shop.engine) as conn:
        conn.execute(update(option_table).where(option_table.c.key == "credit_days").values(value="soon"))  # as nobody can type it
    report = shop.load("returns", {})
    assert report.load_id == 1 and report.rules.trouble.startswith("The rules could not be looked at") and shop.cases("case_no") == []
