"""What the huddle talks about: figures that stand out, missed targets, exceptions, old data, accepted misses that end. One sentence
each, by rule, the most urgent first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from scoreboard.calendars import wall_clock
from scoreboard.cases.standing import Standing
from scoreboard.metrics import words
from scoreboard.metrics.accepting import Ending
from scoreboard.metrics.board import Board, Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.icons import VARIATIONS
from scoreboard.metrics.reasons import misses_of
from scoreboard.metrics.usual import Judged
from scoreboard.state.notes import Note
from scoreboard.weeks import WEEK

REMINDER = "Accepted miss"
AROUND = 2  # weeks before and after a level has moved in which an event note may explain it


def talk_about(board: Board, fresh: Mapping[str, Any], open_cases: Standing | None, company: Company, endings: Sequence[Ending],
               noted: Sequence[Note], clauses: Mapping[str, str]) -> list[dict[str, str]]:
    """What deserves the huddle's words, most urgent first; empty when nothing does. `clauses`: where misses are, by metric."""
    told = [t for t in board.tiles if t.on_board and t.judged and t.shown.value is not None]
    found = [_signal(t, t.judged, noted, clauses) for way in ("concern", "improvement", "neutral_high", "neutral_low")
             for t in told if t.judged and t.judged.stands_out and t.judged.variation == way]
    found += [_missed(t, t.judged, clauses) for t in told if t.judged and t.judged.assurance == "reliably_misses"]
    zone = company.zones.get(board.scope.name, company.options["company_time_zone"])
    if open_cases and open_cases.past_since:
        found.append(_open("past", "Past standard", open_cases.past_standard, "open past their standard",
                           wall_clock(open_cases.past_since, zone), board.week))
    if open_cases and open_cases.untold_since:
        found.append(_open("not_told", "Not told", open_cases.not_told, "resolved, and the customer does not know yet",
                           wall_clock(open_cases.untold_since, zone), board.week))
    for one in fresh["stale"]:
        found.append({"tone": "faint", "shape": "gap", "tag": "Old data", "metric": "", "what": one["words"],
                      "text": "before the week was over: its figures are not complete."})
    return [*found, *_reminders(board, endings, company)]


def _reminders(board: Board, endings: Sequence[Ending], company: Company) -> list[dict[str, str]]:
    """A line for each accepted miss on the board that ends soon or has just ended."""
    today, shown = board.scope.today(company).date(), {t.metric.key for t in board.tiles if t.on_board}
    return [_reminder(one, today) for one in endings if one.metric.key in shown]


def _reminder(one: Ending, today: date) -> dict[str, str]:
    """What ends or has ended when, and what holds from the next day on."""
    over, metric = one.until_on < today, one.metric
    ends = f"{'ended' if over else 'ends'} on {words.day(one.until_on)}"
    again = "no target is agreed" if one.then.target is None else f"{words.text(metric, one.then.target)} holds again"
    temporary = words.text(metric, one.miss.target)
    return {"tone": "quiet", "shape": "dash", "tag": REMINDER, "metric": metric.key, "what": words.title(metric)[0],
            "text": f"{'had' if over else 'has'} a temporary target of {temporary} that {ends}; {'' if over else 'then '}{again}."}


def _open(key: str, tag: str, n: int, said: str, since: datetime, week: date) -> dict[str, str]:
    oldest = words.moment(since, year=since.year != week.year)
    is_, their = ("is", "its") if n == 1 else ("are", "their")
    return {"tone": "concern", "shape": "ring", "tag": tag, "metric": "", "list": key, "what": f"{n} exception{'' if n == 1 else 's'}",
            "text": f"{is_} {said.replace('their', their)}; the oldest since {oldest}."}


def _signal(tile: Tile, judged: Judged, noted: Sequence[Note], clauses: Mapping[str, str]) -> dict[str, str]:
    """One sentence about a figure that stands out, by the rule that found it."""
    metric, shown = tile.metric, tile.shown
    shape, tag, tone = VARIATIONS[judged.variation]
    value, week, drawn = words.text(metric, shown.value), words.week_name(shown.week).lower(), (judged.blocks or judged.usual).drawn(metric)
    since = words.week_name(judged.since).lower() if judged.since else week
    above = (judged.variation == "improvement") == (metric.direction > 0) if metric.direction else judged.variation == "neutral_high"
    usually = f"{words.text(metric, drawn[0])} to {words.text(metric, drawn[1])}" if drawn else ""
    way = "above" if above else "below"
    text = {
        "outside": f"{'rose above' if above else 'fell below'} its usual range of {usually}",
        "two_of_three": f"came close to the edge of its usual range ({usually}) twice in three weeks",
        "run": f"has been {way} its usual level in every judged week since {since}",
    }[judged.rule or "run"]
    if judged.blocks:
        text = f"has been {way} its usual level in blocks of four weeks since {since}"
    if judged.blocks and judged.since and judged.since > shown.week:  # its weeks have not matured
        said = (f"{'rose above' if above else 'fell below'} its usual range of {usually} in the four weeks from {since} on: "
                f"{words.text(metric, judged.pooled[-1].value)}, and it can only get worse.")
    else:
        said = f"{text}: {value} in {week}{_misses(tile, clauses)}."
    return {"tone": tone, "shape": shape, "tag": tag, "metric": metric.key, "what": words.title(metric)[0],
            "text": f"{said}{_asks(judged, noted)}"}


def _asks(judged: Judged, noted: Sequence[Note]) -> str:
    """A level that has moved asks for its cause, until somebody says it and begins a new level."""
    if judged.held is None:
        return ""
    said = explained(judged.held, noted)
    return f" Noted: {said}. If it stays so, begin a new usual level." if said else " Nobody has noted why yet."


def explained(since: date, noted: Sequence[Note]) -> str:
    """What the event notes say of the weeks in which a run began."""
    return "; ".join(note.text for note in noted if since - AROUND * WEEK <= note.week <= since + AROUND * WEEK)


def _missed(tile: Tile, judged: Judged, clauses: Mapping[str, str]) -> dict[str, str]:
    metric, drawn = tile.metric, judged.usual.drawn(tile.metric)
    edge = drawn[1 if metric.direction > 0 else 0] if drawn else None
    best = f": even its best ordinary week, {words.text(metric, edge)}, does not reach it" if drawn else ""
    text = f"reliably misses its target of {words.text(metric, tile.aim.target)}{best}{_misses(tile, clauses)}."
    return {"tone": "concern", "shape": "miss", "tag": "Off target", "metric": metric.key, "what": words.title(metric)[0], "text": text}


def _misses(tile: Tile, clauses: Mapping[str, str]) -> str:
    """`; 14 of 96 orders missed, 9 of them on route 4`, for figures that count such."""
    metric, row = tile.metric, tile.shown.row
    misses = misses_of(metric, row)
    if row is None or not misses:
        return ""
    return f"; {misses:,} of {row.whole:,.0f} {words.noun(metric, 2)} missed{clauses.get(metric.key, '')}"
