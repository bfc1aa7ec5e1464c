"""How the oracle's own tests speak: rows with ISO text for times, one branch, and the cell of a metric.

The branch B1 works Monday to Friday, 08:00 to 17:00, and is closed on Wednesday 2026-11-11.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tests.oracle import Cell, OracleBranch, weekly

BRANCH = OracleBranch("08:00", "17:00", "12345", {date(2026, 11, 11)})
OPTIONS = {
    "week_first_day": "Mon", "conversion_days": 30, "repeat_contact_days": 7, "repeat_days": 90,
    "core_deadline_days": 7, "quote_standard_minutes": 60, "exception_standards": {"late": 60},
    "priority_cutoff": "15:00", "team_minimum": 5, "error_reasons": ["mis-pick", "short"],
}
LATER = "2027-03-01 12:00"
DATES = ("on", "week", "period_end", "supplier_deadline_on")
BLANK: dict[str, dict[str, Any]] = {
    "order_lines": {"order_no": "1", "line_no": "1", "ordered_at": "2026-11-02 09:00", "qty_ordered": 1},
    "shipments": {"shipment_no": "S1", "order_no": "1", "line_no": "1"},
    "quotes": {"quote_no": "Q1", "requested_at": "2026-11-02 09:00"},
    "credits": {"issued_at": "2026-11-20 09:00", "reason": "mis-pick"},
    "returns": {"kind": "return"},
    "exceptions": {"case_no": "X1", "type": "late", "opened_at": "2026-11-02 09:00"},
}


def cells(metric: str, as_of: str = LATER, options: Mapping[str, Any] = OPTIONS,
          **sources: Sequence[Any]) -> dict[str, Cell]:
    """The cells of a metric by the first day of their week, from a few rows of some sources."""
    rows = {source: [_typed({"branch": "B1", **BLANK.get(source, {}), **row}) for row in given]
            for source, given in sources.items()}
    found = weekly(rows, {"B1": BRANCH}, options, lambda *_: datetime.fromisoformat(as_of))
    return {week.isoformat(): cell for (key, _, week), cell in found.items() if key == metric}


def passed(metric: str, as_of: str = LATER, **sources: Sequence[Any]) -> str:
    """`"1 of 2"` for part and whole over all weeks, `"1 of 2, 1 undecided"`, or `"nothing"`."""
    found = list(cells(metric, as_of, OPTIONS, **sources).values())
    undecided = sum(cell.undecided for cell in found)
    part, whole = sum(cell.part or 0 for cell in found), sum(cell.whole or 0 for cell in found)
    return f"{part:g} of {whole:g}" + f", {undecided} undecided" * bool(undecided) if found else "nothing"


def only(found: Mapping[str, Cell]) -> Cell:
    (cell,) = found.values()
    return cell


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(name, value) for name, value in row.items()}


def _value(name: str, value: Any) -> Any:
    if isinstance(value, str) and name in DATES:
        return date.fromisoformat(value)
    is_time = isinstance(value, str) and (name == "at" or name.endswith(("_at", "_for")))
    return datetime.fromisoformat(value) if is_time else value
