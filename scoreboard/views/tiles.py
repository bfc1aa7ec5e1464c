"""A board as plain JSON with every word already written: what `picture` draws and screen readers hear.

The convention: a tile's `tone` is concern, improvement, quiet or faint; each tone has a shape and words beside its
colour. Only a verdict gives a tone other than quiet; missing or immature figures are faint.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from scoreboard import weeks
from scoreboard.calendars import last_open_day, wall_clock
from scoreboard.cases.standing import Standing
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics.board import Board, Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.states import Point
from scoreboard.metrics.triangle import MISSES_IN_A_ROW, Reading, speak_enough
from scoreboard.metrics.usual import Usual
from scoreboard.views import words

SPARK_WEEKS = 13
NAMED = 2  # sources named in the head; more are counted
# state of the picked week → (shape, what it says); {week} and {noun} are filled in
STATES: dict[str, tuple[str, str]] = {
    "value": ("dot", "Week complete"),
    "maturing": ("half", "{week} may still change"),
    "running": ("ring", "{week} is not complete yet"),
    "too_few": ("small", "Too few to judge"),
    "no_events": ("dash", "No {noun} that week"),
    "missing": ("gap", "No file for {week}"),
    "not_available": ("gap", "Not available"),
}


def board_json(board: Board, company: Company, open_cases: Standing | None, name: str, is_sample: bool = False) -> dict[str, Any]:
    """Everything the board shows, as JSON."""
    tiles = [tile_json(t, board.readings[t.metric.key]) for t in board.tiles if t.on_board]
    fresh = freshness(board, company)
    return {
        "name": name, "week": words.week_name(board.week), "span": words.week_span(board.week),
        "as_reported": board.as_reported, "sample": is_sample, "headline": board.triangle.headline, "detail": _detail(board),
        "corners": [_corner(c) for c in board.triangle.corners], "triangle": _triangle_sentence(board),
        "tiles": tiles, "talk": talk_about(board, fresh, open_cases, company),
        "nothing": _nothing(board), "fresh": fresh["sentence"], "stale": fresh["stale"],
    }


# ---- a tile --------------------------------------------------------------------------------------------
def tile_json(tile: Tile, reading: Reading) -> dict[str, Any]:
    """One tile: value, n, target, spark line, state in words, and one sentence that says all of it."""
    metric, shown = tile.metric, tile.shown
    name, about = words.title(metric)
    number, unit = words.figure(metric, shown.value, short=True) if shown.value is not None else ("", "")
    older = shown is not tile.picked
    found = {
        "key": metric.key, "name": name, "about": about, "corner": metric.corner, "number": number, "unit": unit,
        "more": bool(shown.row is not None and shown.row.at_least), "behind": _behind(shown),
        "at": words.week_name(shown.week) if older else "", "judged": shown.judged, "aim": _aim(tile), "state": _state(tile, reading),
        "spark": _spark(tile),
    }
    return {**found, "label": _label(tile, found)}


def _behind(point: Point) -> str:
    if point.row is None or point.value is None:
        return ""
    return words.counted(point.metric, point.row.part, point.row.whole, point.row.n)


def _aim(tile: Tile) -> str:
    if tile.metric.direction == 0:
        return "only informs"
    if tile.aim.target is None:
        return "no target agreed"
    return f"target {words.text(tile.metric, tile.aim.target)}"


def _state(tile: Tile, reading: Reading) -> dict[str, str]:
    point = tile.picked
    shape, said = state_words(point)
    if tile.needs:
        return {"key": point.state, "shape": shape, "words": words.lacking(tile.needs), "tone": "faint"}
    if point.state == "value" and reading.assurance == "reliably_misses":
        return {"key": "value", "shape": "down", "words": f"Missed target {MISSES_IN_A_ROW} weeks running", "tone": "concern"}
    if point.state == "value" and reading.assurance == "reliably_meets":
        return {"key": "value", "shape": "dot", "words": f"Met target {MISSES_IN_A_ROW} weeks running", "tone": "quiet"}
    if reading.assurance == "reliably_misses":
        return {"key": point.state, "shape": "down", "words": f"Missed target {MISSES_IN_A_ROW} weeks running", "tone": "concern",
                "also": said}
    return {"key": point.state, "shape": shape, "words": said, "tone": "quiet" if point.state == "value" else "faint"}


def state_words(point: Point) -> tuple[str, str]:
    """Shape and words of a week's state."""
    shape, said = STATES[point.state]
    if point.state == "too_few" and point.value is None:
        said = "Too few {noun} to show"
    return shape, said.format(week=words.week_name(point.week), noun=words.noun(point.metric, 2))


def _spark(tile: Tile) -> dict[str, Any]:
    usual, points = tile.usual, tile.history[-SPARK_WEEKS:]
    drawn = usual.drawn(tile.metric) if usual else None
    target = tile.aim.target if tile.metric.direction else None
    return {
        "points": [{"value": p.value, "kind": "full" if p.judged else "hollow" if p.value is not None else "blank"} for p in points],
        "low": drawn[0] if drawn else None, "high": drawn[1] if drawn else None, "mean": usual.mean if usual else None,
        "dashed": bool(usual and usual.status == "provisional"), "target": target, "range": range_words(tile.metric, usual),
    }


def range_words(metric: Metric, usual: Usual | None) -> str:
    """The usual range as a person reads it, or why there is none."""
    if usual is None:
        return ""
    if drawn := usual.drawn(metric):
        return f"usually {words.text(metric, drawn[0])} to {words.text(metric, drawn[1])}"
    return {"collecting": f"usual range after 13 judged weeks; {usual.weeks} so far",
            "rare": "too few events for a usual range", "rolling": "covers many weeks, so it has no usual range",
            "steady": f"always {words.text(metric, usual.mean)}"}.get(usual.status, "")


def _label(tile: Tile, found: Mapping[str, Any]) -> str:
    """The tile in one breath, for a screen reader."""
    metric, shown = tile.metric, tile.shown
    value = words.text(metric, shown.value, found["more"]) if shown.value is not None else "no value"
    parts = [metric.name, f"{value}{', ' + found['behind'] if found['behind'] else ''} in {words.week_name(shown.week).lower()}",
             found["aim"], found["state"]["words"], found["state"].get("also", ""), found["spark"]["range"]]
    return ". ".join(part for part in parts if part) + "."


# ---- the triangle, freshness, what to talk about ---------------------------------------------------------
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
    missing = [words.title(t.metric)[0] for t in board.tiles
               if t.on_board and board.readings[t.metric.key].assurance == "reliably_misses"]
    if missing:
        return f"{words.listed(missing)}: target missed {MISSES_IN_A_ROW} weeks running."
    return "No metric missed its target eight judged weeks running."


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


def talk_about(board: Board, fresh: Mapping[str, Any], open_cases: Standing | None, company: Company) -> list[dict[str, str]]:
    """What deserves the huddle's words, most urgent first; empty when nothing does."""
    found = []
    for tile in (t for t in board.tiles if t.on_board):
        reading = board.readings[tile.metric.key]
        if reading.assurance == "reliably_misses" and tile.shown.value is not None:
            found.append({"tone": "concern", "shape": "down", "tag": "Needs help", "metric": tile.metric.key,
                          "what": words.title(tile.metric)[0], "text": _missed(tile)})
    zone = company.zones.get(board.scope.name, company.options["company_time_zone"])
    if open_cases and open_cases.past_since:
        found.append(_open("Past standard", open_cases.past_standard, "open past their standard",
                           wall_clock(open_cases.past_since, zone), board.week))
    if open_cases and open_cases.untold_since:
        found.append(_open("Not told", open_cases.not_told, "resolved, and the customer does not know yet",
                           wall_clock(open_cases.untold_since, zone), board.week))
    for one in fresh["stale"]:
        found.append({"tone": "faint", "shape": "gap", "tag": "Old data", "metric": "", "what": one["words"],
                      "text": "before the week was over: its figures are not complete."})
    return found


def _open(tag: str, n: int, said: str, since: datetime, week: date) -> dict[str, str]:
    oldest = words.moment(since) if since.year == week.year else words.moment(since).replace(",", f" {since.year},")
    is_, their = ("is", "its") if n == 1 else ("are", "their")
    return {"tone": "concern", "shape": "ring", "tag": tag, "metric": "", "what": f"{n} exception{'' if n == 1 else 's'}",
            "text": f"{is_} {said.replace('their', their)}; the oldest since {oldest}."}


def _nothing(board: Board) -> str:
    """What is said when nothing deserves words: calm only where enough is known to be calm."""
    if not speak_enough(board.triangle.corners):
        return "Too few figures have both judged weeks and a target to say how the week was. Load more files, or agree targets."
    return "Nothing stands out. There is no reason to act on any single number of this week."


def _missed(tile: Tile) -> str:
    metric, shown = tile.metric, tile.shown
    row = shown.row
    text = (f"missed its target of {words.text(metric, tile.aim.target)} in each of the last {MISSES_IN_A_ROW} judged weeks: "
            f"{words.text(metric, shown.value)} in {words.week_name(shown.week).lower()}")
    if row is not None and metric.unit == "share" and row.part is not None:
        misses = row.part if metric.direction < 0 else (row.whole or 0) - row.part
        text += f", {misses:,.0f} of {row.whole or 0:,.0f} {words.noun(metric, 2)} missed"
    return text + "."
