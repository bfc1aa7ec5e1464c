"""What is said of a metric's weeks: since when it stands out, what is awaited, rare events in blocks, a level that moved."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.states import Point
from scoreboard.metrics.usual import Judged, as_seen, judge
from scoreboard.weeks import WEEK
from tests.metrics.test_usual import FIRST, Row

OTIF, ERRORS, HOURS = BY_KEY["otif"], BY_KEY["error_rate"], BY_KEY["quote_response_time"]
STILL = [0.80, 0.84] * 15


def weeks(key: str, values: list[float | None], states: dict[int, str] | None = None, n: float = 100.0) -> list[Point]:
    """One week after another; `states` are those of some weeks, counted from the end (0 is the last)."""
    last = len(values) - 1
    return [Point(BY_KEY[key], FIRST + i * WEEK, Row(n), v, (states or {}).get(last - i, "missing" if v is None else "value"))
            for i, v in enumerate(values)]


def week_of(index: int) -> date:
    return FIRST + index * WEEK


def test_a_signal_says_since_which_week() -> None:
    found = judge(OTIF, weeks("otif", [*STILL, *[0.83] * 9]), None)
    assert (found.variation, found.rule, found.since) == ("improvement", "run", week_of(29))  # the week before lay above as well
    assert set(found.marks) == {week_of(i) for i in range(29, 39)}


def test_a_normal_week_has_no_rule_and_no_since() -> None:
    found = judge(OTIF, weeks("otif", STILL), 0.5)
    assert (found.variation, found.rule, found.since, found.stands_out) == ("common", "", None, False)
    assert found.assurance == "reliably_meets"


def test_weeks_that_may_still_change_do_not_make_the_last_judged_one_old() -> None:
    late: list[float | None] = [*STILL, *[0.4] * 6]
    assert judge(OTIF, weeks("otif", late, dict.fromkeys(range(6), "maturing")), None).variation == "common"
    assert judge(OTIF, weeks("otif", late, dict.fromkeys(range(6), "missing")), None).variation == "no_recent_data"


def test_thin_weeks_are_not_judged_whatever_they_say() -> None:
    assert judge(OTIF, weeks("otif", [*STILL, 0.0], {0: "too_few"}), None).variation == "common"


def test_a_level_that_moved_for_the_better_no_longer_misses_reliably() -> None:
    def of(last: float) -> Judged:
        return judge(OTIF, weeks("otif", [*STILL * 2, *[last] * 9]), 0.95)

    assert of(0.82).assurance == "reliably_misses" and of(0.92).assurance is None and of(0.7).assurance == "reliably_misses"


def test_one_week_leaves_a_target_hit_or_miss_and_a_longer_stretch_says_nothing_of_it() -> None:
    def of(*last: float) -> Judged:
        return judge(OTIF, weeks("otif", [*STILL * 2, *last]), 0.82)

    assert (of(0.82).variation, of(0.82).assurance) == ("common", "hit_or_miss")
    assert (of(0.5).variation, of(0.5).assurance) == ("concern", "hit_or_miss")
    assert (of(0.5, 0.5).variation, of(0.5, 0.5).assurance) == ("concern", None)
    assert (of(*[0.8] * 9).variation, of(*[0.8] * 9).assurance) == ("concern", None)
    assert judge(ERRORS, errors(0.15), 0.005).assurance is None  # four weeks together are not one


# ---- rare events -------------------------------------------------------------------------------------------
def errors(last: float, blocks: int = 20) -> list[Point]:
    """A hundredth of 40 lines is credited in every other week, in the last four weeks another share."""
    return weeks("error_rate", [*[0.0, 0.0, 0.025, 0.025] * (blocks - 1), *[last] * 4], n=40.0)


def test_rare_errors_are_judged_in_blocks_of_four_weeks() -> None:
    assert judge(ERRORS, errors(0.0125), 0.005).variation == "common"
    found = judge(ERRORS, errors(0.15), 0.005)
    assert (found.variation, found.rule, found.since) == ("concern", "outside", week_of(76))
    assert found.usual.status == "rare" and found.blocks is not None and found.blocks.upper and found.blocks.upper < 0.15


def test_few_blocks_are_collected_and_a_block_needs_most_of_its_weeks() -> None:
    assert judge(ERRORS, errors(0.15, blocks=8), None).variation == "collecting"
    assert judge(ERRORS, errors(0.15, blocks=9), None).variation != "collecting"
    two_missing = errors(0.15)
    two_missing[-1:] = [Point(ERRORS, p.week, None, None, "missing") for p in two_missing[-1:]]
    two_missing[-2:-1] = [Point(ERRORS, p.week, None, None, "missing") for p in two_missing[-2:-1]]
    assert judge(ERRORS, two_missing, None).variation == "common"  # the block before it is the last one


def maturing(last: float, weeks_of: int = 4, **states: Any) -> Judged:
    """The last block is over, and credits of its last weeks may still come."""
    every = errors(last)
    every[-weeks_of:] = [p._replace(**{"state": "maturing", **states}) for p in every[-weeks_of:]]
    return judge(ERRORS, every, 0.005)


def test_a_block_that_can_only_get_worse_is_judged_as_soon_as_it_lies_outside() -> None:
    found = maturing(0.15)
    assert (found.variation, found.rule, found.since) == ("concern", "outside", week_of(76))
    assert found == judge(ERRORS, errors(0.15), 0.005)  # as if no credit came any more
    assert maturing(0.15, weeks_of=2) == found


def test_a_block_that_may_still_become_ordinary_or_better_waits() -> None:
    waiting = judge(ERRORS, errors(0.0)[:-4], 0.005)
    assert maturing(0.0) == maturing(0.0125) == waiting
    assert maturing(0.15, thin=True) == maturing(0.15, row=Row(40.0, undecided=1)) == waiting
    assert maturing(0.15, state="running") == waiting


def test_what_was_said_early_stands_however_many_credits_come() -> None:
    luck, said = Random(4), 0
    for _ in range(300):
        before = weeks("error_rate", [luck.choice((0.0, 0.0, 0.025, 0.05)) for _ in range(4 * luck.randrange(8, 16))], n=40.0)
        now = [luck.choice((0.0, 0.025, 0.05, 0.1, 0.2)) for _ in range(4)]
        start = before[-1].week + WEEK

        def of(figures: list[float], state: str, before: list[Point] = before, start: date = start) -> Judged:
            return judge(ERRORS, [*before, *(Point(ERRORS, start + i * WEEK, Row(40.0), f, state) for i, f in enumerate(figures))], None)

        if of(now, "maturing").variation == "concern" and of(now, "maturing").since == start:
            final = of([f + luck.choice((0.0, 0.0, 0.025, 0.1)) for f in now], "value")
            said += 1
            assert final.variation == "concern" and "outside" in final.marks[start].rules
    assert said > 50


def test_errors_too_rare_even_for_blocks_are_not_judged() -> None:
    found = judge(ERRORS, weeks("error_rate", [*[0.0] * 79, 0.025], n=40.0), 0.005)
    assert (found.variation, found.assurance, found.blocks) == ("rare", None, None)


def test_durations_are_judged_on_the_log_scale_with_half_a_minute_as_the_least() -> None:
    found = judge(HOURS, weeks("quote_response_time", [1.0, 4.0] * 15, n=20.0), None)
    assert found.usual.mean is not None and abs(found.usual.mean - 2.0) < 1e-9


def test_so_many_of_a_hundred_of_the_same_rows_are_judged_as_a_share_and_said_as_they_are_written() -> None:
    moved = BY_KEY["promises_moved"]
    quiet = judge(moved, weeks("promises_moved", [*[0.0, 0.0, 0.0, 1.0] * 10, *[0.0] * 8], n=100.0), None)
    assert (quiet.variation, quiet.seldom is not None and quiet.seldom.weeks_since) == ("rare", 8)  # eight weeks of nothing are no run
    found = judge(moved, weeks("promises_moved", [*[0.0, 1.0] * 30, *[6.0] * 4], n=100.0), 0.5)
    assert (found.variation, found.rule, found.assurance) == ("concern", "outside", None)
    assert found.blocks is not None and found.blocks.mean and 0.5 < found.blocks.mean < 1.0 and found.pooled[-1].value == 6.0
    often = judge(moved, weeks("promises_moved", [8.0, 12.0] * 15, n=100.0), 30.0)
    assert often.usual.mean == 10.0 and often.usual.upper and 15 < often.usual.upper < 25 and often.assurance == "reliably_meets"


# ---- as it was seen ----------------------------------------------------------------------------------------
def test_a_week_is_marked_as_the_board_of_its_time_judged_it_and_not_in_hindsight() -> None:
    ran = weeks("otif", [*[0.80, 0.84] * 13, *[0.83] * 6, 0.80, *[0.95] * 6])
    today = judge(OTIF, ran, None)
    seen = as_seen(OTIF, ran, today)
    assert set(seen) == {week_of(i) for i in range(33, 39)} and all(mark.type == "improvement" for mark in seen.values())
    late = weeks("otif", [*[0.80, 0.84] * 13, *[0.70] * 8])
    assert set(as_seen(OTIF, late, judge(OTIF, late, None))) == {week_of(i) for i in range(26, 34)}


def test_once_limits_stand_marks_are_todays() -> None:
    ran = weeks("otif", [*[0.80, 0.84] * 40, 0.5, *[0.80, 0.84] * 3])
    today = judge(OTIF, ran, None)
    assert as_seen(OTIF, ran, today) == today.marks and set(today.marks) == {week_of(80)}


def test_blocks_are_marked_as_they_were_seen_as_well() -> None:
    ran = errors(0.15, blocks=13)
    today = judge(ERRORS, ran, None)
    assert set(as_seen(ERRORS, ran, today)) == {week_of(48)} <= set(today.marks)
