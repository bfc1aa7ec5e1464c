"""Figures as people type and read them on a form: a share in percent, a duration in the unit of its metric.

The convention: what is typed is read whole or refused, never in part; 95, 95 % and 95,0 are the same share, and 0.95
is not one of them. What was agreed is written with all its digits: 99.95 % never becomes 100.0 %.
"""

from __future__ import annotations

import re

from scoreboard.errors import Refused
from scoreboard.metrics.model import Metric
from scoreboard.metrics.values import UNITS

_UNITS = {
    "share": ("%", "percent"), "minutes": ("minutes", "min"), "hours": ("hours", "hour", "h"), "days": ("days", "day", "d"),
    "per 100": ("per 100",), "turns": ("turns",), "score": ("points",), "money": (), "count": (),
}
_THOUSANDS, _PLAIN = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?"), re.compile(r"-?(\d+([.,]\d+)?|[.,]\d+)")


def unit(metric: Metric) -> str:
    """The unit a figure is typed in: `%`, `hours`, or nothing where there is only the number."""
    return (*_UNITS[metric.unit], "")[0]


def read(metric: Metric, text: str, what: str) -> float | None:
    """The figure in the metric's unit (a share as a fraction of one); None for an empty field. Refused otherwise."""
    bare = text.strip().replace("−", "-").strip("$€£ \u00a0")
    if not bare:
        return None
    bare = next((bare[:-len(u)].rstrip() for u in _UNITS[metric.unit] if bare.casefold().endswith(u)), bare)
    if _THOUSANDS.fullmatch(bare):
        number = float(bare.replace(",", ""))
    elif _PLAIN.fullmatch(bare):
        number = float(bare.replace(",", "."))
    else:
        raise Refused(f"The {what} is not a number.", f"Type only the number{', in ' + unit(metric) if unit(metric) else ''}.")
    _require_possible(metric, number, what)
    _require_percent(metric, number, what)
    return number / 100 if metric.unit == "share" else number


def _require_possible(metric: Metric, number: float, what: str) -> None:
    lowest = -100.0 if metric.unit == "score" else 0.0
    bounded = metric.unit in ("share", "score")
    if lowest <= number <= (100.0 if bounded else float("inf")):
        return
    sign = " %" if metric.unit == "share" else ""
    bounds = f"lies between {lowest:g} and 100{sign}" if bounded else "is never below 0"
    raise Refused(f"A {what} of {number:g}{sign} cannot be reached.", f"This figure {bounds}.")


def _require_percent(metric: Metric, number: float, what: str) -> None:
    """0.95 in a field of percents is meant as 95. Where less is better, 0.5 % may well be what is meant."""
    if metric.unit == "share" and metric.direction > 0 and 0 < number <= 1:
        meant = f"{number * 100:.10g}"
        raise Refused(f"A {what} of {number:g} % is hardly meant: shares are typed in percent.", f"For {meant} % type {meant}.")


def field(metric: Metric, figure: float | None) -> str:
    """A figure as it stands in the field, without its unit."""
    if figure is None:
        return ""
    return f"{figure * 100:.10g}" if metric.unit == "share" else f"{figure:.10g}"


def exact(metric: Metric, figure: float | None) -> str:
    """A figure with all its digits and its unit."""
    if figure is None:
        return "not agreed"
    number = figure * 100 if metric.unit == "share" else figure
    return f"{number:,.10g}\u00a0{UNITS.get(metric.unit, '')}".strip()
