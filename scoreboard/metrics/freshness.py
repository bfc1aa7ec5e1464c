"""How far the sources of a board reach, in words: what stands in front of its figures."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from scoreboard import weeks
from scoreboard.calendars import last_open_day
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics import words
from scoreboard.metrics.board import Board
from scoreboard.metrics.company import Company

NAMED = 2  # sources named in the head; more are counted


def freshness(board: Board, company: Company) -> dict[str, Any]:
    """How far each source reaches; stale are those that end before the week's last open day."""
    reach = {s: datetime.fromisoformat(at) for s, at in board.through.items()}
    if not reach:
        return {"sentence": "Nothing is loaded for this week yet.", "stale": []}
    needed = min(_last_open(company, board, week=board.week), company.today.date())
    behind: dict[datetime, list[str]] = {}
    for source, at in sorted(reach.items(), key=lambda one: one[1]):
        if at.date() < needed:
            behind.setdefault(at, []).append(BY_NAME[source].title)
    stale = [{"words": f"{_sources(names, len(reach))} end {words.moment(at)}"} for at, names in behind.items()]
    if sum(map(len, behind.values())) == len(reach):
        return {"sentence": "No source reaches to the end of this week.", "stale": stale}
    newest = max(reach.values())
    whole = "All sources" if not stale else "The others"
    return {"sentence": f"{whole} reach to {words.moment(newest if stale else min(reach.values()))}", "stale": stale}


def _sources(names: list[str], of: int) -> str:
    if len(names) == of and of > 1:
        return "All sources"
    return words.listed(names) if len(names) <= NAMED else f"{', '.join(names[:NAMED])} and {len(names) - NAMED} more"


def _last_open(company: Company, board: Board, week: date) -> date:
    last = week + weeks.WEEK - (weeks.WEEK / 7)
    days = [last_open_day(company.calendars[b], week, last) or last for b in board.scope.members(company, week) if b in company.calendars]
    return min(days, default=last)
