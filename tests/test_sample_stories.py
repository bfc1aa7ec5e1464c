"""Every planted story can be counted by hand in sample_data, and its README says what comes out."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import date, datetime, time, timedelta
from math import inf, isinf, log
from pathlib import Path
from statistics import mean, median, stdev

import pytest

from scoreboard.calendars import Calendar, working_minutes
from scoreboard.samples import COLUMNS, STORIES, Story
from scoreboard.weeks import label, week_of

SAMPLE = Path(__file__).parent.parent / "sample_data"
THROUGH, LAST = datetime(2026, 11, 8, 23), date(2026, 11, 2)
OUR_ERRORS = ("mis-pick", "short", "over", "wrong label", "wrong staging", "damaged", "wrong part quoted", "paperwork")
at = datetime.fromisoformat


@pytest.fixture(scope="module")
def tables() -> dict[str, list[dict[str, str]]]:
    """The sample; order lines of a branch with shipments apart get the last dates and the sum of these."""
    found = {}
    for name in COLUMNS:
        with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
            found[name] = list(csv.DictReader(lines))
    lines = {(row["branch"], row["order_no"], row["line_no"]): row for row in found["order_lines"]}
    for shipment in found["shipments"]:
        line = lines[shipment["branch"], shipment["order_no"], shipment["line_no"]]
        line["shipped_at"] = max(line["shipped_at"], shipment["shipped_at"])
        line["delivered_at"] = max(line["delivered_at"], shipment["delivered_at"])
        if shipment["delivered_at"]:
            line["qty_delivered"] = str(int(line["qty_delivered"] or 0) + int(shipment["qty"]))
    return found


# ---- plain counts: (date, part, whole) of each row, or (date, duration, None) --------------------------
def calendars_of(tables) -> dict[str, Calendar]:
    return {row["code"]: Calendar(row["country"], row["open_days"], row["opens"], row["closes"])
            for row in tables["branches"]}


def due(promise: str, closes: str) -> datetime:
    return at(promise) if "T" in promise else datetime.combine(date.fromisoformat(promise), time.fromisoformat(closes))


def promised_lines(tables, branch: str):
    """(line, first promise) of lines that are not collected and not cancelled by the customer."""
    for row in tables["order_lines"]:
        if row["branch"] == branch and row["will_call"] == "no" and row["cancel_reason"] != "customer":
            yield row, row["promised_for"] if row["promise_moved_by"] == "customer" else row["first_promised_for"]


def otif(tables, branch):
    closes = calendars_of(tables)[branch].closes
    orders = defaultdict(list)
    for row, promise in promised_lines(tables, branch):
        in_full, end = int(row["qty_delivered"] or 0) >= int(row["qty_ordered"]), due(promise, closes)
        orders[row["order_no"]].append((end, in_full and at(row["delivered_at"]) <= end))
    for lines in orders.values():
        if max(lines)[0] <= THROUGH:
            yield str(max(lines)[0]), all(good for _, good in lines), 1


def promise_kept(tables, branch):
    closes = calendars_of(tables)[branch].closes
    for row, _ in promised_lines(tables, branch):
        end = due(row["promised_for"], closes)
        if end <= THROUGH:
            yield str(end), bool(row["delivered_at"]) and at(row["delivered_at"]) <= end, 1


def promises_moved(tables, branch):
    orders = defaultdict(list)
    for row, promise in promised_lines(tables, branch):
        orders[row["order_no"]].append((promise, row["promise_moved_by"] == "us"))
    yield from ((max(lines)[0], any(moved for _, moved in lines), 1) for lines in orders.values())


def error_rate(tables, branch):
    wrong = {(row["order_no"], row["order_line"]) for row in tables["credits"]
             if row["branch"] == branch and row["reason"] in OUR_ERRORS and row["caught_before_customer"] == "no"}
    for row in tables["order_lines"]:
        if row["branch"] == branch and row["shipped_at"]:
            yield row["shipped_at"], (row["order_no"], row["line_no"]) in wrong, 1


def quote_response_time(tables, branch):
    calendar = calendars_of(tables)[branch]
    for row in tables["quotes"]:
        if row["branch"] == branch and row["quote_group"] in ("", row["quote_no"]):  # revisions are no new quotes
            asked, answer = at(row["requested_at"]), row["responded_at"]
            yield row["requested_at"], working_minutes(calendar, asked, at(answer)) / 60 if answer else inf, None


def core_cycle_time(tables, branch):
    for row in tables["returns"]:
        if row["branch"] == branch and row["kind"] == "core" and row["received_at"] and row["sold_at"]:
            days = (at(row["credited_at"]) - at(row["sold_at"])).days if row["credited_at"] else inf
            yield row["received_at"], days, None


def core_value_at_risk(tables, branch):
    for row in tables["returns"]:
        if row["branch"] == branch and row["kind"] == "core" and row["received_at"]:
            near = at(row["supplier_deadline_on"]) - timedelta(days=7)
            if near <= THROUGH:
                missed = not row["credited_at"] or at(row["credited_at"]) >= near
                yield row["received_at"], missed * float(row["value"]), float(row["value"])


COUNTS = {count.__name__: count for count in (
    otif, promise_kept, promises_moved, error_rate, quote_response_time, core_cycle_time, core_value_at_risk)}
# Credits may still come for four weeks; other rows of the running week may be undecided.
UNRIPE = {"error_rate": 4}


def pooled(rows) -> float:
    """Sum of parts over sum of wholes, or the median of durations."""
    parts, wholes = [part for _, part, _ in rows], [whole for _, _, whole in rows]
    return median(parts) if wholes[0] is None else sum(parts) / sum(wholes)


def weeks(rows) -> dict[int, list]:
    """Rows by their week, counted back from the last."""
    found = defaultdict(list)
    for row in rows:
        found[(LAST - week_of(at(row[0]).date())).days // 7].append(row)
    return found


def told(tables, story: Story) -> tuple[list[float], list[float], float, float]:
    """Weekly values before and during the story, and both pooled."""
    by_week = weeks(COUNTS[story.metric](tables, story.branch))
    before = [rows for back, rows in by_week.items() if back > story.first_week]
    during = [rows for back, rows in by_week.items()
              if max(story.last_week, UNRIPE.get(story.metric, 1)) <= back <= story.first_week]
    return ([pooled(rows) for rows in before], [pooled(rows) for rows in during],
            pooled([row for rows in before for row in rows]), pooled([row for rows in during for row in rows]))


MOVING = [story for story in STORIES if story.moves != "steady"]


@pytest.mark.parametrize("story", MOVING, ids=lambda story: f"{story.branch} {story.metric}")
def test_a_story_moves_its_metric_by_three_weekly_standard_deviations(tables, story: Story) -> None:
    before, during, _, _ = told(tables, story)
    sign = 1 if story.moves == "up" else -1
    if any(map(isinf, during)):
        assert all(map(isinf, during)) and max(before) < inf  # more than half of the cores are never credited
    elif story.metric.endswith("_time"):
        # Durations are judged by their logarithm.
        assert sign * (mean(map(log, during)) - mean(map(log, before))) >= 3 * stdev(map(log, before))
    else:
        assert sign * (mean(during) - mean(before)) >= 3 * stdev(before)
        assert all(sign * (week - mean(before)) > 0 for week in during)


def test_the_slipping_route_is_the_north_loop_alone(tables) -> None:
    late = defaultdict(list)
    for row, promise in promised_lines(tables, "HAR"):
        back = (LAST - week_of(at(promise).date())).days // 7
        if row["delivered_at"] and row["stocked"] == "yes" and row["promise_moved_by"] != "customer" and back >= 1:
            late[row["route"] == "North loop", back <= 13].append(at(row["delivered_at"]) > due(promise, "16:30"))
    shares = {key: mean(flags) for key, flags in late.items()}
    assert shares[True, True] > 0.7 and max(shares[True, False], shares[False, True], shares[False, False]) < 0.15


def test_the_mis_picks_stand_at_one_handoff_for_eight_weeks(tables) -> None:
    shipped = {(row["order_no"], row["line_no"]): row["shipped_at"]
               for row in tables["order_lines"] if row["branch"] == "MIL"}
    ours = [row for row in tables["credits"]
            if row["branch"] == "MIL" and row["reason"] in OUR_ERRORS and row["order_no"]]
    by_week = weeks((shipped[row["order_no"], row["order_line"]], row, 1) for row in ours)
    found = [row for back in range(4, 12) for _, row, _ in by_week[back]]
    assert len(found) > 20 and mean(row["handoff"] == "Pick → Stage" for row in found) > 0.85
    cases = weeks((row["opened_at"], 1, 1) for row in tables["exceptions"]
                  if row["branch"] == "MIL" and row["type"] == "mis-pick" and row["handoff"] == "Pick → Stage")
    assert mean(len(cases[back]) for back in range(4, 12)) > 2 * mean(len(cases[back]) for back in range(12, 60))


def test_the_moved_promise_is_kept_while_the_first_one_is_missed(tables) -> None:
    for story in STORIES:
        if story.metric == "promise_kept":
            before, during, _, _ = told(tables, story)
            assert abs(mean(during) - mean(before)) < stdev(before)
    moved = [row for row in tables["order_lines"] if row["branch"] == "SUM" and row["promise_moved_by"] == "us"]
    assert all(row["first_promised_for"][:10] < row["promised_for"] for row in moved) and len(moved) > 100


@pytest.mark.parametrize("metric", ["otif", "error_rate", "quote_response_time", "promises_moved"])
def test_nothing_but_chance_moves_the_small_branch(tables, metric: str) -> None:
    early, late, _, _ = told(tables, Story("", "CED", metric, "steady", 13, 0, ""))
    # Means of 46 and 13 weeks differ by less than three of their standard errors.
    assert abs(mean(late) - mean(early)) < 3 * stdev(early) * (1 / len(early) + 1 / len(late)) ** 0.5


# ---- what the README says ------------------------------------------------------------------------------
def shown(metric: str, value: float) -> str:
    if isinf(value):
        return "more than half open"
    if metric.endswith("_time"):
        return f"{value:.1f} h" if metric.startswith("quote") else f"{value:.0f} days"
    return f"{100 * value:.1f}" + ("" if metric == "promises_moved" else " %")


def test_the_readme_tells_every_story_with_its_figures(tables) -> None:
    lines = (SAMPLE / "README.md").read_text(encoding="utf-8").splitlines()
    for story in STORIES:
        figures = [shown(story.metric, value) for value in told(tables, story)[2:]] if story.metric else ["", ""]
        cells = (story.branch, story.metric, label(story.starts_on(LAST)), label(story.ends_on(LAST)), *figures)
        assert f"| {' | '.join(cells)} |" in lines
