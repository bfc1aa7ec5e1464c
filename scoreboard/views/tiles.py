"""A board as plain JSON with every word already written: what `picture` draws and screen readers hear.

The convention: a tile's `tone` is concern, improvement, quiet or faint; each tone has a shape and words beside its
colour. Only a signal or a target reliably missed gives a tone other than quiet; missing or immature figures are faint.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from scoreboard import weeks
from scoreboard.calendars import last_open_day, wall_clock
from scoreboard.cases.standing import Standing
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics.accepting import Ending
from scoreboard.metrics.board import Board, Tile
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.signals import COLLECTING
from scoreboard.metrics.states import Point
from scoreboard.metrics.triangle import speak_enough
from scoreboard.metrics.usual import RECENT, Judged, Seldom
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


# what a judged series is called → (shape, words, tone)
VARIATIONS: dict[str, tuple[str, str, str]] = {
    "concern": ("down", "Worse than usual", "concern"),
    "improvement": ("up", "Better than usual", "improvement"),
    "neutral_high": ("up", "Higher than usual", "quiet"),
    "neutral_low": ("down", "Lower than usual", "quiet"),
    "common": ("dot", "Normal week", "quiet"),
    "no_recent_data": ("gap", "No recent data", "faint"),
    "rare": ("dot", "Too rare to judge by the week", "quiet"),
    "rolling": ("dot", "Covers many weeks", "quiet"),
}
# whether the target can be relied on → (shape, words before it, tone)
TRUST: dict[str | None, tuple[str, str, str]] = {
    "reliably_meets": ("hit", "Reliably meets ", "improvement"),
    "hit_or_miss": ("wave", "Hit or miss: ", "quiet"),
    "reliably_misses": ("miss", "Reliably misses ", "concern"),
    None: ("", "", "quiet"),
}
CHANCE = "By chance alone, about one figure in a hundred stands out in any week."  # statistics: docs/metrics.md


def board_json(board: Board, company: Company, open_cases: Standing | None, name: str, is_sample: bool = False,
               endings: Sequence[Ending] = ()) -> dict[str, Any]:
    """Everything the board shows, as JSON."""
    tiles = [tile_json(t) for t in board.tiles if t.on_board]
    fresh = freshness(board, company)
    return {
        "name": name, "week": words.week_name(board.week), "span": words.week_span(board.week),
        "as_reported": board.as_reported, "sample": is_sample, "headline": board.triangle.headline, "detail": _detail(board),
        "corners": [_corner(c) for c in board.triangle.corners], "triangle": _triangle_sentence(board),
        "tiles": tiles, "talk": [*talk_about(board, fresh, open_cases, company), *_reminders(board, endings, company)],
        "nothing": _nothing(board), "chance": CHANCE, "fresh": fresh["sentence"], "stale": fresh["stale"],
    }


# ---- a tile --------------------------------------------------------------------------------------------
def tile_json(tile: Tile) -> dict[str, Any]:
    """One tile: value, n, target, spark line, state in words, and one sentence that says all of it."""
    metric, shown = tile.metric, tile.shown
    name, about = words.title(metric)
    number, unit = words.figure(metric, shown.value, short=True) if shown.value is not None else ("", "")
    older = shown is not tile.picked
    found = {
        "key": metric.key, "name": name, "about": about, "corner": metric.corner, "number": number, "unit": unit,
        "more": bool(shown.row is not None and shown.row.at_least), "behind": _behind(shown),
        "at": words.week_name(shown.week) if older else "", "judged": shown.judged, "aim": aim_json(tile), "state": _state(tile),
        "spark": _spark(tile),
    }
    return {**found, "label": _label(tile, found)}


def _behind(point: Point) -> str:
    if point.row is None or point.value is None:
        return ""
    return words.counted(point.metric, point.row.part, point.row.whole, point.row.n)


def aim_json(tile: Tile) -> dict[str, str]:
    """Will it hit the target: a shape, words and a tone."""
    if tile.metric.direction == 0:
        return {"shape": "", "words": "only informs", "tone": "quiet"}
    if tile.aim.target is None:
        return {"shape": "", "words": "no target agreed", "tone": "quiet"}
    shape, begin, tone = TRUST[tile.judged.assurance if tile.judged else None]
    return {"shape": shape, "words": f"{begin}target {words.text(tile.metric, tile.aim.target)}{_until(tile)}", "tone": tone}


def _until(tile: Tile) -> str:
    """` until 30 Nov (agreed 95.0 %)`, while a miss is accepted."""
    until, usual = tile.aim.until_on, tile.aim.instead_of
    if not (until and usual):
        return ""
    return f" until {words.short_day(until)} ({usual.basis} {words.text(tile.metric, usual.target)})"


def _state(tile: Tile) -> dict[str, str]:
    """Is it changing: what stands out, else what may be said of the picked week."""
    point, judged = tile.picked, tile.judged
    shape, said = state_words(point)
    if tile.needs:
        return {"key": point.state, "shape": shape, "words": words.lacking(tile.needs), "tone": "faint"}
    if judged and judged.stands_out:
        shape, _, tone = VARIATIONS[judged.variation]
        found = {"key": point.state, "shape": shape, "words": changing(judged, point.week), "tone": tone}
        return found if point.state == "value" else {**found, "also": said}
    if judged and point.state == "value" and (normal := changing(judged, point.week)):
        return {"key": point.state, "shape": "dot", "words": normal, "tone": "quiet"}
    return {"key": point.state, "shape": shape, "words": said, "tone": "quiet" if point.state == "value" else "faint"}


def changing(judged: Judged, week: date) -> str:
    """`Worse than usual since week 41`, `Normal week`, `Collecting, 7 of 13`; empty where a week is never judged by itself."""
    if judged.variation == "collecting" and judged.blocks:
        return f"Collecting, {judged.blocks.weeks} of {COLLECTING} four-week blocks"
    if judged.variation == "collecting":
        return f"Collecting, {judged.usual.weeks} of {COLLECTING}"
    _, said, _ = VARIATIONS[judged.variation]
    return f"{said} since {words.week_name(judged.since).lower()}" if judged.since and judged.since < week else said


def state_words(point: Point) -> tuple[str, str]:
    """Shape and words of a week's state."""
    shape, said = STATES[point.state]
    if point.state == "too_few" and point.value is None:
        said = "Too few {noun} to show"
    return shape, said.format(week=words.week_name(point.week), noun=words.noun(point.metric, 2))


def _spark(tile: Tile) -> dict[str, Any]:
    usual, points = tile.judged.usual if tile.judged else None, tile.history[-SPARK_WEEKS:]
    drawn = usual.drawn(tile.metric) if usual else None
    target = tile.aim.target if tile.metric.direction else None
    return {
        "points": [{"value": p.value, "kind": "full" if p.judged else "hollow" if p.value is not None else "blank"} for p in points],
        "low": drawn[0] if drawn else None, "high": drawn[1] if drawn else None, "mean": usual.mean if usual else None,
        "dashed": bool(usual and usual.status == "provisional"), "target": target,
        "range": range_words(tile.metric, tile.judged),
    }


def range_words(metric: Metric, judged: Judged | None) -> str:
    """The usual range as a person reads it, or why there is none."""
    if judged is None:
        return ""
    if drawn := judged.usual.drawn(metric):
        return f"usually {words.text(metric, drawn[0])} to {words.text(metric, drawn[1])}"
    if judged.blocks and (drawn := judged.blocks.drawn(metric)):
        return f"four weeks together are usually {words.text(metric, drawn[0])} to {words.text(metric, drawn[1])}"
    if judged.seldom:
        return _seldom(judged.seldom)
    return {"collecting": f"usual range after 13 judged weeks; {judged.usual.weeks} so far",
            "rare": "too few events for a usual range", "rolling": "covers many weeks, so it has no usual range",
            "steady": f"always {words.text(metric, judged.usual.mean)}"}.get(judged.usual.status, "")


def _seldom(seen: Seldom) -> str:
    """`2 in the last 13 judged weeks, the last one 5 weeks ago`: too few for a usual range."""
    if seen.weeks_since is None:
        return "not one in any judged week"
    ago = "this week" if seen.weeks_since == 0 else f"{seen.weeks_since} {'week' if seen.weeks_since == 1 else 'weeks'} ago"
    return f"{seen.events} in the last {RECENT} judged weeks, the last one {ago}"


def _label(tile: Tile, found: Mapping[str, Any]) -> str:
    """The tile in one breath, for a screen reader."""
    metric, shown = tile.metric, tile.shown
    value = words.text(metric, shown.value, found["more"]) if shown.value is not None else "no value"
    parts = [metric.name, f"{value}{', ' + found['behind'] if found['behind'] else ''} in {words.week_name(shown.week).lower()}",
             found["state"]["words"], found["aim"]["words"], found["state"].get("also", ""), found["spark"]["range"]]
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


def talk_about(board: Board, fresh: Mapping[str, Any], open_cases: Standing | None, company: Company) -> list[dict[str, str]]:
    """What deserves the huddle's words, most urgent first; empty when nothing does."""
    told = [t for t in board.tiles if t.on_board and t.judged and t.shown.value is not None]
    found = [_signal(t, t.judged) for way in ("concern", "improvement", "neutral_high", "neutral_low")
             for t in told if t.judged and t.judged.stands_out and t.judged.variation == way]
    found += [_missed(t, t.judged) for t in told if t.judged and t.judged.assurance == "reliably_misses"]
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
    return {"tone": "quiet", "shape": "dash", "tag": "Accepted miss", "metric": metric.key, "what": words.title(metric)[0],
            "text": f"{'had' if over else 'has'} a temporary target of {temporary} that {ends}; {'' if over else 'then '}{again}."}


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


def _signal(tile: Tile, judged: Judged) -> dict[str, str]:
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
    return {"tone": tone, "shape": shape, "tag": tag, "metric": metric.key, "what": words.title(metric)[0],
            "text": f"{text}: {value} in {week}{_misses(tile)}."}


def _missed(tile: Tile, judged: Judged) -> dict[str, str]:
    metric, drawn = tile.metric, judged.usual.drawn(tile.metric)
    edge = drawn[1 if metric.direction > 0 else 0] if drawn else None
    best = f": even its best ordinary week, {words.text(metric, edge)}, does not reach it" if drawn else ""
    text = f"reliably misses its target of {words.text(metric, tile.aim.target)}{best}{_misses(tile)}."
    return {"tone": "concern", "shape": "miss", "tag": "Off target", "metric": metric.key, "what": words.title(metric)[0], "text": text}


def _misses(tile: Tile) -> str:
    """`; 14 of 96 orders missed`, for figures that count such."""
    metric, row = tile.metric, tile.shown.row
    if row is None or metric.unit != "share" or row.part is None or not metric.direction:
        return ""
    misses = row.part if metric.direction < 0 else (row.whole or 0) - row.part
    return f"; {misses:,.0f} of {row.whole or 0:,.0f} {words.noun(metric, 2)} missed" if misses else ""
