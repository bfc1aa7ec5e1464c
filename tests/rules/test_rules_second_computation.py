"""What rules find in trap data, computed a second time in plain Python from the written sentence alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from scoreboard.metrics import company as companies
from scoreboard.rules.book import RULES
from scoreboard.rules.looking import look
from scoreboard.rules.watch import to_open
from scoreboard.state.database import reading
from tests.metrics import trap_company
from tests.metrics.trap_company import BRANCHES, oracle_branches
from tests.oracle import orders
from tests.oracle.world import World
from tests.trap_data import Rows, generate

THROUGH = datetime(2027, 1, 11, 14)
NOW = datetime(2027, 1, 12, 12)
STANDARD = 240  # working minutes, as `trap_company.OPTIONS` has it
Found = set[tuple[str, str]]


def _since(branch: str) -> datetime:
    """Four weeks ago, on the branch's wall clock."""
    ago = (NOW - timedelta(days=28)).replace(tzinfo=ZoneInfo("UTC"))
    return ago.astimezone(ZoneInfo(BRANCHES[branch]["time_zone"])).replace(tzinfo=None)


def _utc(branch: str, at: datetime) -> datetime:
    return at.replace(tzinfo=ZoneInfo(BRANCHES[branch]["time_zone"])).astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def late_and_untold(rows: Rows) -> Found:
    """Orders with a line past its promise that nobody spoke to the customer about."""
    found: Found = set()
    world = World(rows, oracle_branches(), {}, lambda metric, branch: None)
    waiting = defaultdict(list)
    for line in orders.lines(world):
        if line.order_no and line.promise and not line.will_call and line.delivered_at is None and line.cancelled_at is None:
            waiting[line.row["branch"], line.order_no].append(line.due)
    for (branch, order_no), dues in waiting.items():
        about = [x for x in rows["exceptions"] if (x["branch"], x["order_no"]) == (branch, order_no)
                 and _utc(branch, x["opened_at"]) >= min(dues) - timedelta(days=90)]
        told = any(x["first_told_at"] or x["told_at"] for x in about)
        raised = any(x["type"] == "late delivery" and not (x["resolved_at"] and x["told_at"]) for x in about)
        if _since(branch) <= min(dues) < THROUGH and not told and not raised:
            found.add((branch, order_no))
    return found


def unanswered(rows: Rows) -> Found:
    """Quotes without a complete answer after the standard, that nothing else has ended."""
    placed = defaultdict(list)
    for line in rows["order_lines"]:
        if line["ordered_at"] and line["order_no"]:
            placed[line["branch"], line["order_no"]].append(line["ordered_at"])
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for quote in rows["quotes"]:
        if quote["requested_at"] and quote["quote_no"]:
            groups[quote["branch"], quote["quote_group"] or quote["quote_no"]].append(quote)
    found: Found = set()
    for (branch, unit), quotes in groups.items():
        asked = min(q["requested_at"] for q in quotes)
        answered = any(q["responded_at"] and (q["outcome"] == "no quote" or q["eta_given"] is not False) for q in quotes)
        outcomes = {q["outcome"] for q in quotes} - {None}
        ended = len(outcomes) == 1 and outcomes <= {"won", "lost", "no quote"}
        orders_ = [min(placed[branch, q["order_no"]]) for q in quotes if placed.get((branch, q["order_no"]))]
        midnight = asked.replace(hour=0, minute=0)
        ordered = any(midnight <= at < asked + timedelta(days=30) for at in orders_)
        won = any(q["outcome"] == "won" and not (placed.get((branch, q["order_no"])) and min(placed[branch, q["order_no"]]) >= midnight)
                  for q in quotes)
        past = oracle_branches()[branch].working_minutes(asked, THROUGH) > STANDARD
        if _since(branch) <= asked < THROUGH and past and not (answered or ended or ordered or won):
            found.add((branch, unit))
    return found


@pytest.mark.parametrize("seed", [1, 5, 9])
def test_late_deliveries_and_unanswered_quotes_are_those_of_a_second_computation(tmp_path: Path, seed: int) -> None:
    rows, company = generate(seed, size=20), trap_company.found(tmp_path)
    company.load(rows, through=THROUGH)
    with reading(company.engine) as conn:
        seen = look(replace(company.settings, now=NOW), conn, companies.read(conn, NOW), RULES, {})
        got = to_open(conn, seen.causes)
    expected = {"late_delivery": late_and_untold(rows), "quote_overdue": unanswered(rows)}
    assert {key: {(one.branch, one.cause) for one in got if one.rule.key == key} for key in expected} == expected
    assert all(len(found) > 5 for found in expected.values())
