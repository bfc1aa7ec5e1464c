"""The words of the screen, in one place: what is counted, what a state means, how a week and a day are written."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from scoreboard import weeks
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics.model import Metric
from scoreboard.metrics.values import UNITS, as_text, number_text

# What one row of a relation is called, in the plural.
NOUNS = {
    "quote_groups": "quotes", "orders": "orders", "shipped_orders": "orders", "lines": "lines", "credited_lines": "credits",
    "return_lines": "returns", "case_rows": "exceptions", "contact_rows": "contacts", "answers": "answers",
    "team_weeks": "people", "starters": "people", "stock_years": "stock counts",
}
# The week a row counts in, by the column that decides it: "Each order counts in the week …".
WEEK_OF = {
    "requested_at": "it was requested", "fill_at": "it was promised for", "promise_at": "it was first promised for",
    "last_promise_at": "it was last promised for", "ordered_at": "it was placed", "first_shipped_at": "it was first shipped",
    "last_shipped_at": "it was shipped", "received_at": "it was received", "opened_at": "it was opened", "at": "it came in",
    "week_at": "they worked", "proficient_at": "they became proficient", "period_end_at": "it was taken",
}
# what a week that is not judged says on a chart
POINT_STATES = {
    "value": "", "maturing": "may still change", "running": "not complete yet", "too_few": "too few to judge",
    "no_events": "nothing to count", "missing": "no file", "not_available": "not available",
}
# why a week stands out, on a chart
RULES = {
    "outside": "outside its usual range", "run": "eight or more judged weeks on one side of the usual level",
    "two_of_three": "two of three weeks close to the edge of the usual range", "trend": "seven weeks in one direction",
}
LONGEST = 7  # characters a tile has room for


def noun(metric: Metric, n: float) -> str:
    """What the metric counts, in the singular for one."""
    plural = NOUNS[metric.whole.relation.name]
    return {"people": "person", "stock counts": "stock count"}.get(plural, plural[:-1]) if n == 1 else plural


def title(metric: Metric) -> tuple[str, str]:
    """A metric's name apart from what stands in brackets behind it."""
    name, _, rest = metric.name.partition(" (")
    return name, rest.rstrip(")")


def figure(metric: Metric, value: float, *, short: bool = False) -> tuple[str, str]:
    """Number and unit; `short` writes millions as 1.2M so that it fits a tile."""
    text = number_text(metric, value)
    if short and abs(value) >= 1000 and metric.unit != "share":
        text = f"{value:,.0f}"
    if short and len(text) > LONGEST:
        text = next((f"{value / size:.1f}{mark}" for size, mark in ((1e9, "B"), (1e6, "M"), (1e3, "k")) if abs(value) >= size), text)
    return text.removesuffix(".0") if metric.unit == "share" and text == "100.0" else text, UNITS.get(metric.unit, "")


def counted(metric: Metric, part: float | None, whole: float | None, n: int) -> str:
    """Behind a figure: `13 of 16 orders`, or `19 quotes` where part and whole are not counts of rows."""
    amounts = getattr(metric.whole, "amount", None) is not None
    if metric.unit == "count":
        return f"of {whole or 0:,.0f} {noun(metric, whole or 0)}"
    if metric.is_duration or amounts or part is None or metric.unit == "score":
        return f"{n:,} {noun(metric, n)}"
    joined = "in" if metric.unit == "per 100" else "of"
    return f"{part:,.0f} {joined} {whole or 0:,.0f} {noun(metric, whole or 0)}"


def text(metric: Metric, value: float | None, more_than: bool = False) -> str:
    """A figure for a sentence: number and unit never part at the end of a line."""
    return as_text(metric, value, more_than).replace(" ", "\u00a0")


def called(name: str) -> str:
    """`order_lines.qty_ordered` as a person says it: `Order lines: quantity ordered`."""
    source, _, column = name.partition(".")
    whole = {"at": "date and time", "on": "date"}.get(column)
    spelled = " ".join({"qty": "quantity", "no": "number"}.get(word, word) for word in column.split("_"))
    return f"{BY_NAME[source].title}: {whole or spelled}"


def needs(gaps: list[str]) -> str:
    """What a metric lacks, as `reach.missing` names it: `needs Order lines: quantity ordered; an agreed standard`."""
    said = [" or ".join(called(one.replace(": ", ".")) if one.partition(": ")[0] in BY_NAME else one for one in gap.split(" or "))
            for gap in gaps]
    return "needs " + "; ".join(said)


def lacking(gaps: list[str]) -> str:
    """The same for a tile, in few words: `Needs: Returns, cores and warranty`."""
    whole = [gap for gap in gaps if gap.partition(": ")[0] not in BY_NAME]
    files = dict.fromkeys(BY_NAME[gap.partition(": ")[0]].title for gap in gaps if gap.partition(": ")[0] in BY_NAME)
    return "Needs: " + "; ".join([*files, *(gap.partition(" (")[0] for gap in whole)])


@cache  # the picker writes every week of years in every run
def week_name(week: date) -> str:
    """`Week 45`."""
    return f"Week {int(weeks.label(week)[-2:])}"


def from_to(first: date, last: date) -> str:
    """`28 to 40`; over a new year `49 of 2025 to 9 of 2026`."""
    one, other = weeks.label(first), weeks.label(last)
    years = ("", "") if one[:4] == other[:4] else (f" of {one[:4]}", f" of {other[:4]}")
    return f"{int(one[-2:])}{years[0]} to {int(other[-2:])}{years[1]}"


@cache
def week_span(week: date) -> str:
    """`2–8 November 2026`."""
    last = week + timedelta(days=6)
    if week.year != last.year:
        return f"{week.day} {week:%B %Y} – {last.day} {last:%B %Y}"
    if week.month != last.month:
        return f"{week.day} {week:%B} – {last.day} {last:%B %Y}"
    return f"{week.day}–{last.day} {last:%B %Y}"


@cache
def week_option(week: date, newest: date) -> str:
    """`Week 45 · 2–8 Nov`, short enough for a phone; with the year where it is not that of the newest week."""
    last = week + timedelta(days=6)
    begun = f"{week.day}" if week.month == last.month else f"{week.day} {week:%b}"
    year = "" if last.year == (newest + timedelta(days=6)).year else f" {last.year}"
    return f"{week_name(week)} · {begun}–{last.day} {last:%b}{year}"


def moment(at: datetime, *, year: bool = False) -> str:
    """`Fri 6 Nov, 16:00`; with its year `Fri 6 Nov 2026, 16:00`."""
    return f"{at:%a} {at.day} {at:%b}{f' {at.year}' if year else ''}, {at:%H:%M}"


def day_and_time(at: datetime) -> str:
    """`6 November 2026, 16:00`."""
    return f"{day(at.date())}, {at:%H:%M}"


def day(on: date) -> str:
    """`6 November 2026`."""
    return f"{on.day} {on:%B %Y}"


def short_day(on: date) -> str:
    """`6 Nov`, never parted at the end of a line."""
    return f"{on.day}\u00a0{on:%b}"


def listed(items: list[str]) -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
