"""How dates are read: as SQL over a text cell, so that two million of them cost a second.

The convention: a form that can only mean one thing is always read (ISO, 20261103, 3.11.2026, 3-Nov-26; in
workbooks also serial numbers). 3/11/2026 means one thing only when the whole column, or the map, says so.
An instant with an offset becomes the branch's wall clock; a wall-clock time that a clock change skips or
repeats is kept as written, so a duration across that night can be an hour off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Mapping

from scoreboard.errors import Refused

EARLIEST = date(1990, 1, 1)
# Systems write these for "never": they are missing values, not dates.
PLACEHOLDERS = ("0001-01-01", "1753-01-01", "1899-12-30", "1899-12-31", "1900-01-01", "1900-01-02", "1970-01-01",
                "2999-12-31", "9999-01-01", "9999-12-31")
TIMES = ("", " %H:%M:%S", " %H:%M", " %I:%M:%S %p", " %I:%M %p", " %H:%M:%S.%f")
SPACE = " \t\r\n\u00a0\u2007\u202f\u200b\ufeff"   # trimmed around cells; Excel and web pages leave the odd ones
_TIME = r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
_ISO = r"\d{4}-\d{1,2}-\d{1,2}" + _TIME
_OFFSET = r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)? ?(Z|[+-]\d{2}(:?\d{2})?)"
_NAMED = r"(?i)(\d{1,2}[- ])?(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[- ].*"
_SLASHED = r"\d{1,2}[/-]\d{1,2}[/-](\d{2}|\d{4})( .*)?"


@dataclass(frozen=True)
class Slashes:
    """What a column's dates like 3/11/2026 show: how many, with a first or second number over 12, and the rest."""

    slashed: int
    day_first: int
    month_first: int
    undecided: int
    others: int


def quoted(text: str) -> str:
    """A text as an SQL literal; the only way text from outside gets into a statement."""
    return "'" + text.replace("'", "''") + "'"


def survey_sql(cell: str) -> str:
    """Aggregates over a text column for `slashes_of`: how often each beginning like 3/11/ occurs, cells with a digit first."""
    slashed = f"contains(left(ltrim({cell}), 3), '/') OR contains(left(ltrim({cell}), 3), '-')"
    return (f"histogram(CASE WHEN {slashed} THEN left(ltrim({cell}), 6) END), "
            f"count(*) FILTER (ltrim({cell}) >= '0' AND ltrim({cell}) < ':')")


def slashes_of(beginnings: Mapping[str, int] | None, with_digit: int) -> Slashes:
    """What the two aggregates of `survey_sql` say."""
    slashed = [(int(found[1]), int(found[2]), count) for text, count in (beginnings or {}).items()
               if (found := re.match(r"(\d{1,2})[/-](\d{1,2})[/-]", text))]
    return Slashes(
        slashed=sum(count for *_, count in slashed),
        day_first=sum(count for first, _, count in slashed if first > 12),
        month_first=sum(count for _, second, count in slashed if second > 12),
        undecided=sum(count for first, second, count in slashed if first <= 12 and second <= 12 and first != second),
        others=with_digit - sum(count for *_, count in slashed))


def order_of(seen: Slashes) -> str:
    """Which way 3/11/2026 is read in a column: "month", "day", "only sure" (odd rows are rejected), "ask", or ""."""
    if not seen.slashed:
        return ""
    few, many = sorted((seen.day_first, seen.month_first))
    if many and few * 20 <= many:
        return "day" if seen.day_first == many else "month"
    if many or seen.others:
        return "only sure"
    return "ask" if seen.undecided else "month"


def formats_of(order: str, declared: str | None) -> list[str]:
    """The strptime formats a column of an `order` or a declared format may use, each with each way to write a time."""
    if declared:
        has_time = any(mark in declared for mark in ("%H", "%I", "%T", "%X"))
        return [declared] if has_time else [declared + time for time in TIMES]
    if order not in ("day", "month"):
        return []
    day = "%d/%m/" if order == "day" else "%m/%d/"
    return _with_times(day + "%Y", day + "%y")


def try_sql(cell: str, date_format: str) -> str:
    """SQL giving the TIMESTAMP of a text cell in one format; two digits for %Y give a year below 100."""
    return _strptime(cell, [date_format])


def parse_sql(cell: str, *, order: str, declared: str | None, tried: str | None, zone: str,
              serials_from: date | None) -> str:
    """SQL giving the TIMESTAMP of a text cell, NULL when it cannot be read.

    `order` as of `order_of`; `declared` a strptime format of the map; `tried` the column of `try_sql` with the one of
    `formats_of` that most values have (a try that fails costs forty times one that succeeds); `zone` SQL of the
    branch's time zone; `serials_from` day 0 of a workbook's serial numbers.
    """
    # The length test keeps the cast from dropping an offset unseen: '2026-11-03T07:30+02' would become UTC.
    iso = (f"CASE WHEN strlen({cell}) IN (10, 16) OR (strlen({cell}) = 19 AND substring({cell}, 17, 1) = ':') "
           f"THEN try_cast({cell} AS TIMESTAMP) END")
    first = [f"CASE WHEN {tried} >= TIMESTAMP '1000-01-01' THEN {tried} END"] if tried else []
    trimmed = f"trim({cell}, {quoted(SPACE)})"
    rest = [_strptime(trimmed, formats_of("", declared))] if declared else []
    tries = [*first, *([] if declared else [iso]), *rest, _by_shape_sql(trimmed, order, declared, zone, serials_from)]
    return f"coalesce({', '.join(tries)})"


def _by_shape_sql(cell: str, order: str, declared: str | None, zone: str, serials_from: date | None) -> str:
    """The other forms, each tried only on a text of its shape."""
    forms = [(_ISO, f"try_cast({cell} AS TIMESTAMP)"),
             (_OFFSET, f"timezone({zone}, try_cast({cell} AS TIMESTAMPTZ))"),
             (r"\d{4}/\d{1,2}/\d{1,2}" + _TIME, f"try_cast(replace({cell}, '/', '-') AS TIMESTAMP)"),
             (r"(19|20)\d{6}", f"try_strptime({cell}, '%Y%m%d')"),
             (_NAMED, _strptime(cell, _with_times(
                 "%d-%b-%y", "%d-%b-%Y", "%d %b %y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y")))]
    if not (declared and "." in declared):
        forms += _numeric_forms(cell, "[.]", "day")
    if order in ("day", "month") and not declared:
        forms += _numeric_forms(cell, "[/-]", order)
    if order == "only sure" and not declared:
        forms.append((_SLASHED, _only_sure_sql(cell)))
    if serials_from:
        seconds = f"to_seconds(round(try_cast({cell} AS DOUBLE) * 86400))"
        forms.append((r"\d{5}(\.\d+)?", f"TIMESTAMP '{serials_from}' + {seconds}"))
    return _case(cell, forms)


def _numeric_forms(cell: str, mark: str, order: str) -> list[tuple[str, str]]:
    """3/11/2026 with an optional time, turned round to ISO; then two-digit years and AM/PM by format."""
    parts = rf"(\d{{1,2}}){mark}(\d{{1,2}}){mark}"
    turned = r"\3-\2-\1" if order == "day" else r"\3-\1-\2"
    iso = f"regexp_replace({cell}, {quoted('^' + parts + '([0-9]{4})')}, {quoted(turned)})"
    slashed = f"replace(replace({cell}, '-', '/'), '.', '/')"
    return [(parts + r"\d{4}" + _TIME, f"try_cast({iso} AS TIMESTAMP)"),
            (parts + r"(\d{2}|\d{4})( .*)?", _strptime(slashed, formats_of(order, None)))]


def _only_sure_sql(cell: str) -> str:
    day, month = (f"try_cast(split_part(replace({cell}, '-', '/'), '/', {n}) AS INTEGER)" for n in (1, 2))
    by_day, by_month = (_case(cell, _numeric_forms(cell, "[/-]", order)) for order in ("day", "month"))
    return f"CASE WHEN {day} > 12 THEN {by_day} WHEN {month} > 12 OR {day} = {month} THEN {by_month} END"


def _case(cell: str, forms: list[tuple[str, str]]) -> str:
    return f"CASE {' '.join(f'WHEN regexp_full_match({cell}, {quoted(shape)}) THEN {sql}' for shape, sql in forms)} END"


def unsure_sql(cell: str, declared: str | None) -> str:
    """True for a date like 3/11/2026 that could be either day; used only where the date could not be read."""
    return "false" if declared else (
        f"regexp_full_match(trim({cell}), {quoted(_SLASHED)}) "
        f"AND try_cast(split_part(replace({cell}, '-', '/'), '/', 1) AS INTEGER) <= 12 "
        f"AND try_cast(split_part(replace({cell}, '-', '/'), '/', 2) AS INTEGER) <= 12")


def check_format(where: str, declared: str) -> None:
    """Refuse a declared format that cannot hold a date; `where` begins the sentence."""
    moment = datetime(2026, 11, 23)
    try:
        same = datetime.strptime(moment.strftime(declared), declared)
    except ValueError:
        same = None
    if "%" not in declared or same != moment:
        raise Refused(f'{where} has "{declared}", which is not a date format.',
                      'Write day, month and year like "%m/%d/%Y" or "%d.%m.%Y".')


def _with_times(*formats: str) -> list[str]:
    """Each format with each way to write a time; two-digit years first, as %Y would read '96' as the year 96."""
    short_first = sorted(formats, key=lambda f: "%Y" in f)
    return [f + time for time in TIMES for f in short_first]


def _strptime(cell: str, formats: list[str]) -> str:
    return f"try_strptime({cell}, [{', '.join(map(quoted, formats))}])"
