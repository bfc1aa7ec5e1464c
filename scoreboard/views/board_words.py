"""The board as JSON: headline, triangle, tiles, freshness, what to talk about. What the picture shows, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from scoreboard import weeks
from scoreboard.calendars import last_open_day
from scoreboard.cases.standing import Standing
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics.accepting import Ending
from scoreboard.metrics.board import Board
from scoreboard.metrics.company import Company
from scoreboard.metrics.triangle import speak_enough
from scoreboard.state.notes import Note
from scoreboard.views import words
from scoreboard.views.talk import REMINDER, talk_about
from scoreboard.views.tiles import tile_json

NAMED = 2  # sources named in the head; more are counted
# what the numbers of the corners are: docs/metrics.md, the triangle
SCORE = "0 is the floor, 100 the target, over each figure's last four judged weeks."
CHANCE = "By chance alone, about one figure in a hundred stands out in any week."  # statistics: docs/metrics.md


def board_json(board: Board, company: Company, open_cases: Standing | None, name: str, is_sample: bool = False,
               endings: Sequence[Ending] = (), noted: Sequence[Note] = (), clauses: Mapping[str, str] = {}) -> dict[str, Any]:
    """Everything the board shows, as JSON; `noted` are the event notes on its charts, `clauses` say where the misses of a week are."""
    tiles = [tile_json(t) for t in board.tiles if t.on_board]
    fresh = freshness(board, company)
    talk = talk_about(board, fresh, open_cases, company, endings, noted, clauses)
    return {
        "name": name, "week": words.week_name(board.week), "span": words.week_span(board.week),
        "as_reported": board.as_reported, "sample": is_sample, "headline": board.triangle.headline, "detail": _detail(board),
        "corners": [_corner(c) for c in board.triangle.corners], "triangle": _triangle_sentence(board), "score": SCORE,
        "tiles": tiles, "talk": talk, "nothing": "" if any(one["tag"] != REMINDER for one in talk) else _nothing(board),
        "chance": CHANCE, "fresh": fresh["sentence"], "stale": fresh["stale"],
    }


def _corner(corner: Any) -> dict[str, Any]:
    tone = {"needs help": "concern", "improving": "improvement"}.get(corner.state, "quiet")
    speak = f"{corner.speak} of {corner.of} speak"
    return {"name": corner.name, "score": None if corner.score is None else round(corner.score), "state": corner.state,
            "speak": speak, "hollow": corner.hollow, "tone": tone}


def _triangle_sentence(board: Board) -> str:
    return "Service triangle. " + " ".join(
        f"{c.name}: {'no score' if c.score is None else f'{c.score:.0f} of 100'}, {c.state}, {c.speak} of {c.of} metrics speak."
        for c in board.triangle.corners)


def _detail(board: Board) -> str:
    if board.triangle.imbalance:
        return board.triangle.imbalance
    worse = [words.title(t.metric)[0] for t in board.tiles if t.on_board and t.judged and t.judged.variation == "concern"]
    missing = [words.title(t.metric)[0] for t in board.tiles if t.on_board and t.judged and t.judged.assurance == "reliably_misses"]
    said = [*([f"Worse than usual: {words.listed(worse)}."] if worse else []),
            *([f"Reliably {'misses its' if len(missing) == 1 else 'miss their'} target: {words.listed(missing)}."] if missing else [])]
    return " ".join(said) or "No figure is worse than usual or reliably misses its target."


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


def _nothing(board: Board) -> str:
    """What is said when nothing deserves words: calm only where enough is known to be calm."""
    if not speak_enough(board.triangle.corners):
        return "Too few figures have both judged weeks and a target to say how the week was. Load more files, or agree targets."
    return "Nothing stands out. There is no reason to act on any single number of this week."
