"""The command signals: judges series from elsewhere by the rules of the board, so that they can be checked."""

from __future__ import annotations

import json
import math
import sys
from typing import Annotated, Any, get_args

import typer

from scoreboard.cli.context import Context
from scoreboard.cli.text import counted
from scoreboard.errors import Refused
from scoreboard.metrics.signals import Chart, Kind, Mode, Series, chart

_FIELDS = ("values", "n", "kind", "direction", "target", "phases", "fix_after", "screen")
_LIKE = 'Write it like {"values": [0.95, null, 0.9], "n": [40, null, 38], "kind": "share", "direction": 1, "target": 0.9}.'


def register(app: typer.Typer) -> None:
    """Adds the command to the application."""
    app.command()(signals)


def signals(
    ctx: typer.Context,
    mode: Annotated[str, typer.Option(help="product, or ptd to compare with the NHS package.")] = "product",
) -> None:
    """Judge a series, or a list of them, given as JSON on stdin: limits, marks and both icons of each."""
    if mode not in get_args(Mode):
        raise Refused(f'"{mode}" is not a mode.', f"Write one of: {', '.join(get_args(Mode))}.")
    try:
        given = json.load(sys.stdin)
    except ValueError as error:
        raise Refused(f"What came in is not JSON: {error}.", _LIKE) from None
    several = isinstance(given, list)
    found = [chart(_series(one, f"Series {number}: " if several else ""), mode)  # type: ignore[arg-type]
             for number, one in enumerate(given if several else [given], 1)]
    context: Context = ctx.obj
    shown = [as_json(one) for one in found]
    context.show(shown if several else shown[0], [_line(one) for one in found])


def as_json(found: Chart) -> dict[str, Any]:
    """A chart as JSON: a number, or null, for every week."""
    return {**{name: [getattr(limits, name) for limits in found.limits] for name in ("mean", "upper", "lower")},
            "points": [{"type": mark.type, "rules": list(mark.rules)} for mark in found.marks],
            "variation": found.variation, "assurance": found.assurance, "status": found.status}


def _line(found: Chart) -> str:
    return f"{counted(len(found.marks), 'week')}: {found.variation}, {found.assurance or 'no target'}, {found.status}".replace("_", " ")


def _series(given: Any, where: str) -> Series:
    """A series as it came in. Refused with a sentence that names the field."""
    def wrong(what: str) -> Refused:
        return Refused(f"{where}{what}.", _LIKE)

    if not isinstance(given, dict) or not isinstance(given.get("values"), list):
        raise wrong("there are no values")
    if unknown := [name for name in given if name not in _FIELDS]:
        raise wrong(f'"{unknown[0]}" is not a field of a series')
    values, n, kind, phases = given["values"], given.get("n"), given.get("kind", "ratio"), given.get("phases") or []
    for name, figures in (("values", values), ("n", n or [])):
        if not isinstance(figures, list) or not all(x is None or _is_number(x) for x in figures):
            raise wrong(f"{name} must be numbers or null")
    if n is not None and len(n) != len(values):
        raise wrong(f"there are {len(values)} values, but {len(n)} n")
    if kind not in get_args(Kind):
        raise wrong(f'"{kind}" is not a kind; there are {", ".join(get_args(Kind))}')
    if given.get("direction", 1) not in (1, -1, 0):
        raise wrong("direction must be 1, -1 or 0")
    if given.get("target") is not None and not _is_number(given["target"]):
        raise wrong("target must be a number")
    if not isinstance(phases, list) or not all(_is_count(x) for x in [*phases, given.get("fix_after") or 0]):
        raise wrong("phases and fix_after must be whole numbers from 0")
    return Series(values, kind, given.get("direction", 1), n=n, target=given.get("target"), phases=tuple(phases),
                  fix_after=given.get("fix_after") or None, screen=bool(given.get("screen")))


def _is_number(x: Any) -> bool:
    return isinstance(x, int | float) and not isinstance(x, bool) and math.isfinite(x)


def _is_count(x: Any) -> bool:
    return isinstance(x, int) and not isinstance(x, bool) and x >= 0
