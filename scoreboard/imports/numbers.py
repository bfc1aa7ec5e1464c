"""How numbers are read: as SQL over a text cell, whole or not at all.

The convention: which of `,` and `.` is the decimal mark is a property of the column, seen over all its
values; a column that does not show it follows the other columns of the file. What a column's marks do not
explain (units, "12,5" among "1,234.50") is rejected, never read in part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Mapping

from scoreboard.imports.dates import SPACE, quoted


@dataclass(frozen=True)
class Marks:
    """How many values of a column show a decimal point, a decimal comma, or only a comma or point before 3 digits."""

    point: int
    comma: int
    comma_or_thousands: int
    point_or_thousands: int


_SHAPES = (
    (r".*\d,\d{3}\.\d.*", r".*,\d+,\d.*", r"\D*\d*\.(\d{1,2}|\d{4,})\D*"),   # 1,234.5  1,234,567  1.25
    (r".*\d\.\d{3},\d.*", r".*\.\d+\.\d.*", r"\D*\d*,(\d{1,2}|\d{4,})\D*"),  # 1.234,5  1.234.567  1,25
    (r"\D*\d{1,3},\d{3}\D*",),
    (r"\D*\d{1,3}\.\d{3}\D*",),
)


def survey_sql(cell: str) -> str:
    """An aggregate over a text column for `marks_of`: how often each shape with a comma or a point occurs, digits as 9."""
    marked = f"strlen({cell}) <= 24 AND (contains({cell}, ',') OR contains({cell}, '.'))"
    return f"histogram(CASE WHEN {marked} THEN translate({cell}, '0123456789', '9999999999') END)"


def marks_of(shapes: Mapping[str, int] | None) -> Marks:
    """What the aggregate of `survey_sql` says."""
    return Marks(*(sum(count for shape, count in (shapes or {}).items() if any(re.fullmatch(p, shape) for p in patterns))
                   for patterns in _SHAPES))


def decimal_marks(seen: Mapping[str, Marks], declared: str | None = None) -> dict[str, str]:
    """Per column its decimal mark: as `declared` by a map, else "point", "comma", or "unsure" (then 1,234 is rejected)."""
    if declared:
        return dict.fromkeys(seen, declared)
    comma = sum(marks.comma for marks in seen.values())
    point = sum(marks.point for marks in seen.values())
    of_file = "comma" if comma > point else "point" if point else "unsure"
    return {column: _of_column(marks, of_file) for column, marks in seen.items()}


def _of_column(marks: Marks, of_file: str) -> str:
    if marks.comma or marks.point:
        return "comma" if marks.comma > marks.point else "point"
    if marks.comma_or_thousands:
        return of_file
    # Not "point": a first 1,250 after the rows looked at so far must make a problem, so that all rows are looked at.
    return "comma" if marks.point_or_thousands and of_file == "comma" else "unsure"


def parse_sql(cell: str, mark: str) -> str:
    """SQL giving the finite DOUBLE of a text cell, NULL when it cannot be read; `mark` as of `decimal_marks`."""
    if mark == "comma":
        plain = f"CASE WHEN NOT contains({cell}, '.') THEN try_cast(replace({cell}, ',', '.') AS DOUBLE) END"
    else:
        plain = f"try_cast({cell} AS DOUBLE)"
    return f"coalesce({plain}, {_slow_sql(cell, mark)})"


def _slow_sql(cell: str, mark: str) -> str:
    """Currency signs, thousands marks, (12.50) and 12.50- for negatives."""
    bare = f"regexp_replace(trim({cell}, {quoted(SPACE)}), '^([-+(]?) ?[$€£¥] ?|[ \u00a0\u202f]?[$€£¥](\\)?)$', '\\1\\2')"
    signed = f"regexp_replace(regexp_replace({bare}, '^\\((.*)\\)$', '-\\1'), '^([^-+].*)-$', '-\\1')"
    point, thousands = (",", r"[. '’\x{a0}\x{202f}]") if mark == "comma" else (r"\.", r"[, '’\x{a0}\x{202f}]")
    if mark == "unsure":
        thousands = r"[ '’\x{a0}\x{202f}]"
    grouped = rf"[-+]?(\d+|\d{{1,3}}({thousands}\d{{3}})+)({point}\d*)?|[-+]?{point}\d+"
    digits = f"regexp_replace({signed}, {quoted(thousands)}, '', 'g')"
    if mark == "comma":
        digits = f"replace({digits}, ',', '.')"
    return f"CASE WHEN regexp_full_match({signed}, {quoted(grouped)}) THEN try_cast({digits} AS DOUBLE) END"
