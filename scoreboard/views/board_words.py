"""The board as JSON: headline, triangle, tiles, freshness, what to talk about. What the picture shows, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from scoreboard.cases.standing import Standing
from scoreboard.metrics import words
from scoreboard.metrics.accepting import Ending
from scoreboard.metrics.board import Board
from scoreboard.metrics.company import Company
from scoreboard.metrics.freshness import freshness
from scoreboard.metrics.triangle import speak_enough
from scoreboard.state.notes import Note
from scoreboard.views.talk import REMINDER, talk_about
from scoreboard.views.tiles import tile_json

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


def _nothing(board: Board) -> str:
    """What is said when nothing deserves words: calm only where enough is known to be calm."""
    if not speak_enough(board.triangle.corners):
        return "Too few figures have both judged weeks and a target to say how the week was. Load more files, or agree targets."
    return "Nothing stands out. There is no reason to act on any single number of this week."
