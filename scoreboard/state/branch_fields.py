"""What the fields of a branch may be. Each function takes what was typed and gives what is kept, or raises Refused."""

from __future__ import annotations

import re
import unicodedata
import zoneinfo
from collections.abc import Iterable

from scoreboard.errors import Refused, did_you_mean

_JOINERS = "\u200c\u200d"  # invisible, but some scripts cannot be written without them


def code(text: str, known: Iterable[str]) -> str:
    """A branch code, trimmed; one that differs from a known code only in case or look is refused."""
    found = words(text, "A branch code", 64)
    twin = twin_of(found, known)
    if twin:
        raise Refused(f'The branch "{found}" looks like "{twin}", which exists.', f'Use "{twin}", or another code.')
    return found


def words(text: str, what: str, longest: int) -> str:
    """Any text on one line, trimmed; `what` begins the sentence when it is refused."""
    found = text.strip()
    if not found:
        raise Refused(f"{what} must not be empty.")
    if len(found) > longest:
        raise Refused(f'{what} has at most {longest} characters; "{found[:20]}…" has {len(found)}.')
    if any(unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp") and c not in _JOINERS for c in found):
        raise Refused(f"{what} has an invisible character: {found!r}.", "Type it again without it.")
    return found


def twin_of(text: str, known: Iterable[str]) -> str | None:
    """The known text that a person would take for this one, unless it is this very one."""
    look = _look(text)
    return next((other for other in known if other != text and _look(other) == look), None)


def _look(text: str) -> str:
    seen = (c for c in unicodedata.normalize("NFKC", text).casefold() if unicodedata.category(c) != "Cf")
    return "".join("".join(seen).split())


def time_zone(text: str) -> str:
    """An IANA name such as `America/Chicago`."""
    known = zoneinfo.available_timezones()
    if text.strip() not in known:
        raise Refused(f'"{text}" is not a time zone.',
                      f"Write it like America/Chicago.{did_you_mean(text.strip().replace(' ', '_'), known)}")
    return text.strip()


def country(text: str) -> str:
    """Whose holidays count: `US`, `US-TX`, or nothing for none."""
    import holidays

    known = holidays.list_supported_countries()
    found = text.strip().upper()
    nation, _, part = found.partition("-")
    if found and nation not in known:
        raise Refused(f'No holidays are known for "{text}".', "Write a country code such as US, or leave it empty.")
    if "-" in found and part not in known[nation]:
        raise Refused(f'No holidays are known for "{part}" in {nation}.',
                      f"Known: {', '.join(known[nation]) or 'none'}.")
    return found


def open_days(text: str) -> str:
    """ISO weekdays, 1 is Monday: `12345`."""
    if not re.fullmatch("[1-7]+", text.strip()):
        raise Refused(f'"{text}" does not name open days.', "Write the numbers of weekdays, 1 is Monday: 12345.")
    return "".join(sorted(set(text.strip())))


def hours(opens: str, closes: str) -> tuple[str, str]:
    """Opening and closing as `HH:MM` of one day; `24:00` is its end."""
    opened, closed = time_of_day(opens), time_of_day(closes)
    if closed <= opened:
        raise Refused(f"A branch that opens at {opened} cannot close at {closed}.", "Closing comes after opening.")
    return opened, closed


def time_of_day(text: str) -> str:
    """`7:30` as `07:30`."""
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d)", text.strip())
    if not match or int(match[1]) * 60 + int(match[2]) > 1440:
        raise Refused(f'"{text}" is not a time of day.', "Write it as hours and minutes, for example 07:30.")
    return f"{int(match[1]):02d}:{match[2]}"
