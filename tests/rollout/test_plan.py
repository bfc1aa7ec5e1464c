"""ROLLOUT_PLAN, entry by entry: what is forgotten or mistyped in one fails here."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from scoreboard.rollout.evidence import Evidence, Known
from scoreboard.rollout.plan import BY_KEY, BY_LAST_DAY, ROLLOUT_PLAN, STAGES, Item
from scoreboard.rollout.standing import planned
from scoreboard.samples.begun import BEGUN
from scoreboard.state.rollouts import DAYS
from scoreboard.views.frame import PAGES
from tests.views.reading import BANNED

DOCS = (Path(__file__).resolve().parents[2] / "docs" / "rollout.md").read_text(encoding="utf-8")
PLACES = {page.address for page in PAGES}  # what has no page of its own is written down beside the plan
items = pytest.mark.parametrize("item", ROLLOUT_PLAN, ids=lambda item: item.key)


def test_the_plan_has_the_playbooks_thirteen_items_in_the_order_of_their_stages() -> None:
    assert [item.stage for item in ROLLOUT_PLAN] == [30] * 5 + [60] * 4 + [90] * 4
    assert len(BY_KEY) == len({item.words for item in ROLLOUT_PLAN}) == 13
    assert [(stage.first_day, stage.last_day) for stage in STAGES] == [(1, 30), (31, 60), (61, DAYS)]


@items
def test_an_item_has_its_words_and_where_its_work_is_done(item: Item) -> None:
    assert item.words.endswith(".") and item.how.endswith(".") and len(item.key) <= 64
    assert item.where in PLACES


@items
def test_an_item_has_evidence_or_says_that_it_is_by_hand(item: Item) -> None:
    assert item.by_hand == item.how.startswith("By hand") == (item.where == "rollout")
    if item.evidence:
        said = item.evidence(Known())
        assert isinstance(said, Evidence) and not said.done and said.words.endswith(".")
        assert not BANNED.search(said.words)


@items
def test_an_item_is_explained(item: Item) -> None:
    assert f"| `{item.key}` | {item.words} |" in DOCS


def test_what_is_ticked_by_evidence_and_what_by_hand() -> None:
    assert [item.key for item in ROLLOUT_PLAN if item.by_hand] == ["standards", "training", "huddles", "practice", "proficiency"]


def test_a_stage_opens_and_ends_by_the_start_day() -> None:
    start = date(2026, 11, 2)
    assert [(stage.opens_on(start), stage.ends_on(start)) for stage in STAGES] == [
        (date(2026, 11, 2), date(2026, 12, 1)), (date(2026, 12, 2), date(2026, 12, 31)), (date(2027, 1, 1), date(2027, 1, 30))]


def test_the_plan_asks_for_the_items_of_a_stage_evenly_over_its_days() -> None:
    assert [round(planned(day), 6) for day in (0, 15, 30, 45, 60, 75, 90, 200)] == [0, 2.5, 5, 7, 9, 11, 13, 13]
    assert all(planned(day) < planned(day + 1) for day in range(90))


def test_the_sample_speaks_of_items_and_days_there_are() -> None:
    for one in BEGUN:
        assert all(said.item in BY_KEY and said.day <= one.today for said in (*one.done, *one.words))
        assert all(BY_KEY[done.item].by_hand and done.day >= BY_LAST_DAY[BY_KEY[done.item].stage].first_day for done in one.done)
        assert all(raised.day > 60 for raised in one.raised)
