"""How an option's text is read: one function a kind, from what a person types to the value that is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import branch_fields
from scoreboard.weeks import WEEKDAYS

HANDOFFS = ("Quote → Pick", "Pick → Stage", "Stage → Load", "Load → Deliver", "Deliver → Close")


def _weekday(text: str) -> str:
    found = text.strip().title()[:3]
    if found not in WEEKDAYS:
        raise Refused(f'"{text}" is not a weekday.', f"One of {', '.join(WEEKDAYS)}.")
    return found


def _weekday_and_time(text: str) -> str:
    day, _, time = text.strip().partition(" ")
    return f"{_weekday(day)} {branch_fields.time_of_day(time)}"


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", text.strip()) or int(text) == 0:
        raise Refused(f'"{text}" is not a whole number from 1 to 9999.')
    return int(text)


def _count_or_none(text: str) -> int | None:
    return None if text.strip().casefold() in ("", "none") else _count(text)


def _minutes(text: str) -> float | None:
    if text.strip().casefold() in ("", "none"):
        return None
    if not re.fullmatch(r"\d{1,6}(\.\d+)?", text.strip()) or float(text) == 0:
        raise Refused(f'"{text}" is not a number of minutes.', 'Write it like 480, or "none".')
    return float(text)


def _hours(text: str) -> str | None:
    """From one time of day to another, over midnight too: "20:00-06:00"."""
    if text.strip().casefold() in ("", "none"):
        return None
    start, dash, end = text.replace("–", "-").partition("-")
    if not dash:
        raise Refused(f'"{text}" does not say from when to when.', "Write it like 20:00-06:00.")
    return f"{branch_fields.time_of_day(start)}-{branch_fields.time_of_day(end)}"


def _handoff(text: str) -> str | None:
    if text.strip().casefold() in ("", "none"):
        return None
    found = re.sub(r"\s*(?:->|→)\s*", " → ", text.strip())
    if found not in HANDOFFS:
        raise Refused(f'"{text}" is not a handoff.', f"One of: {'; '.join(HANDOFFS)}.{did_you_mean(found, HANDOFFS)}")
    return found


def _words(text: str) -> list[str]:
    """A JSON list, or words with commas between them; each once, in the order given."""
    given = _json(text, list) if text.lstrip().startswith("[") else text.split(",")
    found = [branch_fields.words(str(word), "A word of the list", 100) for word in given]
    twice = {word for word in found if found.count(word) > 1}
    if twice or not found:
        raise Refused(f"The list names {', '.join(sorted(twice))} twice." if twice else "The list is empty.")
    return found


def _named(parse: Callable[[str], Any]) -> Callable[[str], dict[str, Any]]:
    """A JSON object whose values are each read by `parse`; a value of "none" leaves its name out."""
    def read(text: str) -> dict[str, Any]:
        given = {str(name).strip(): parse("" if value is None else str(value))
                 for name, value in _json(text, dict).items()}
        return {name: value for name, value in given.items() if value is not None}
    return read


def _json(text: str, kind: type) -> Any:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Refused(f"The value is not JSON: {error}.") from None
    if not isinstance(found, kind):
        raise Refused(f'The value must be a JSON {"list" if kind is list else "object"}.')
    return found


KINDS: dict[str, Callable[[str], Any]] = {
    "weekday": _weekday,
    "weekday and time": _weekday_and_time,
    "time of day": branch_fields.time_of_day,
    "hours": _hours,
    "time zone": branch_fields.time_zone,
    "count": _count,
    "count or none": _count_or_none,
    "minutes": _minutes,
    "words": _words,
    "metrics": _words,
    "minutes by name": _named(_minutes),
    "handoff by name": _named(_handoff),
}
BY_NAME = ("minutes by name", "handoff by name")  # may also be set one name at a time: `key.name`
