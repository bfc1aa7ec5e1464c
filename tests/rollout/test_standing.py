"""How an item stands from its stage, its evidence and what people said of it; planned against done, day by day."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from scoreboard.rollout.evidence import ChainStage, Known
from scoreboard.rollout.plan import BY_KEY, ROLLOUT_PLAN
from scoreboard.rollout.standing import ItemStanding, Rollout, stands
from scoreboard.state.rollouts import Entry
from scoreboard.state.stages import STAGES

START = date(2026, 8, 3)
NOON = datetime(2026, 8, 20, 12)
CHAIN, HUDDLES, TIGHTEN = BY_KEY["chain"], BY_KEY["huddles"], BY_KEY["tighten"]
WHOLE = Known(stages={key: ChainStage(True, True, date(2026, 8, 9)) for key in STAGES})
PART = Known(stages={"quote": ChainStage(True, True, date(2026, 8, 9))})


def on(day: int) -> date:
    """The date of a day of the 90."""
    return START + timedelta(days=day - 1)


def word(kind: str) -> Entry:
    return Entry(7, "EAST", "chain", kind, "it is on the wall", None, None, None, "lee@example.com", NOON)


def written(number: int, done_on: date, text: str = "At the dock") -> Entry:
    return Entry(number, "EAST", "huddles", "evidence", text, "Sam", done_on, None, "lee@example.com", NOON)


def chain(known: Known, day: int, *said: Entry, start: date | None = START) -> ItemStanding:
    return stands(CHAIN, known, start, on(day), said, datetime.date)


# ---- by the day --------------------------------------------------------------------------------------
@pytest.mark.parametrize("day, state", [(0, "later"), (1, "open"), (30, "open"), (31, "carried over"), (200, "carried over")])
def test_an_item_of_the_first_stage_waits_is_open_and_is_carried_over(day: int, state: str) -> None:
    assert chain(Known(), day).state == state


@pytest.mark.parametrize("day, state", [(60, "later"), (61, "open"), (90, "open"), (91, "carried over")])
def test_an_item_of_the_last_stage_waits_until_its_day(day: int, state: str) -> None:
    assert stands(TIGHTEN, Known(), START, on(day), (), datetime.date).state == state


def test_an_item_that_waits_says_when_its_stage_opens() -> None:
    waiting = stands(TIGHTEN, Known(), START, on(10), (), datetime.date)
    assert (waiting.opens_on, waiting.since) == (on(61), None)


def test_it_has_not_moved_since_its_stage_opened_or_since_its_last_step() -> None:
    assert chain(Known(), 40).since == on(1)
    assert chain(PART, 40).since == date(2026, 8, 9)
    early = Known(stages={"quote": ChainStage(True, True, START - timedelta(days=50))})
    assert chain(early, 40).since == on(1)


def test_what_is_done_early_is_done() -> None:
    assert (chain(WHOLE, 0).state, chain(WHOLE, 0).by, chain(WHOLE, 0).since) == ("done", "evidence", date(2026, 8, 9))


def test_without_a_start_day_nothing_is_late_and_evidence_shows() -> None:
    assert chain(WHOLE, 40, start=None).state == "done"
    waiting = chain(PART, 40, start=None)
    assert (waiting.state, waiting.since, waiting.opens_on) == ("later", None, None)
    assert waiting.why.startswith("1 of 6 stages")


# ---- what people say ---------------------------------------------------------------------------------
def test_by_hand_it_is_done_since_the_first_evidence() -> None:
    one = stands(HUDDLES, Known(), START, on(40), (written(1, on(38), "At the vans."), written(2, on(35))), datetime.date)
    assert (one.state, one.by, one.since, one.why) == ("done", "by hand", on(35), "At the dock. By Sam. And 1 more.")
    assert not stands(HUDDLES, Known(), START, on(40), (), datetime.date).evidenced


def test_evidence_by_hand_stands_beside_an_item_that_ticks_itself_and_ticks_nothing() -> None:
    one = chain(PART, 40, Entry(3, "EAST", "chain", "evidence", "It hangs at the dock", "Sam", on(9), None, "x", NOON))
    assert (one.state, len(one.entries)) == ("carried over", 1)


def test_a_persons_word_makes_it_done_since_that_day_and_is_told() -> None:
    one = chain(PART, 40, word("done"))
    assert (one.state, one.by, one.since, one.evidenced) == ("done", "a person's word", NOON.date(), False)
    assert one.word == "lee@example.com says it is done: it is on the wall." and one.why.startswith("1 of 6 stages")


def test_where_evidence_came_to_a_word_evidence_did_it() -> None:
    one = chain(WHOLE, 40, word("done"))
    assert (one.state, one.by, one.since, one.overridden) == ("done", "evidence", date(2026, 8, 9), word("done"))


def test_a_persons_word_opens_it_despite_evidence() -> None:
    one = chain(WHOLE, 40, word("open"))
    assert (one.state, one.by, one.since, one.open_despite_evidence) == ("carried over", "", NOON.date(), True)
    assert one.word == "lee@example.com says it is open: it is on the wall."
    assert one.why == "All 6 stages have an owner and what done means."


# ---- the whole ---------------------------------------------------------------------------------------
def whole(day: int, known: Known = WHOLE, *said: Entry, start: date | None = START) -> Rollout:
    return Rollout("EAST", start, on(day), tuple(
        stands(item, known, start, on(day), [one for one in said if one.item == item.key], datetime.date) for item in ROLLOUT_PLAN))


def test_the_day_begins_with_one_and_goes_on_beyond_ninety() -> None:
    assert [whole(day).day for day in (0, 1, 90, 120)] == [None, 1, 90, 120]
    assert whole(40, start=None).day is None


def test_the_stages_hold_their_items_and_days() -> None:
    stages = whole(40).stages
    assert [len(stage.items) for stage in stages] == [5, 4, 4]
    assert [(stage.opens_on, stage.ends_on) for stage in stages] == [(on(1), on(30)), (on(31), on(60)), (on(61), on(90))]
    assert whole(40, start=None).stages[0].opens_on is None


def test_what_has_not_moved_for_longest_comes_first() -> None:
    found = whole(40, PART, written(1, on(33))).stuck
    assert [one.item.key for one in found] == ["triangle", "metrics", "repeats", "exceptions", "chain", "standards", "training",
                                               "escalation"]


def test_done_is_drawn_by_its_day_up_to_today_and_planned_to_the_end() -> None:
    points = whole(40, WHOLE, written(1, on(33))).progress()
    assert (len(points), points[0].day, points[0].on, points[-1].on) == (91, 0, on(0), on(90))
    done = {point.day: point.done for point in points}
    assert [done[day] for day in (0, 6, 7, 32, 33, 40, 41)] == [0, 0, 1, 1, 2, 2, None]
    assert points[45].planned == pytest.approx(7)
    assert whole(40, start=None).progress() == []


def test_what_was_done_before_the_start_is_there_from_the_first_day() -> None:
    early = Known(stages={key: ChainStage(True, True, START - timedelta(days=50)) for key in STAGES})
    assert whole(3, early).progress()[0].done == 1


def test_what_is_done_since_nobody_knows_when_is_counted_apart() -> None:
    shipped = whole(3, Known(corners={"Speed": None, "Accuracy": None, "Confidence": None}))
    assert (shipped.done, shipped.undated, shipped.progress()[3].done) == (1, 1, 0)
