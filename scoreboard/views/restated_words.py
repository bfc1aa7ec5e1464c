"""The words of a week as it was reported, beside what is known now.

The convention: a board says on each figure that changed what the other board has there, and nothing where nothing changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from scoreboard.calendars import wall_clock
from scoreboard.imports.causes import Cause
from scoreboard.metrics import words
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.restated import Compared, Figure, Restated

NO_FIGURE = "no figure"


def marked(board: dict[str, Any], since: Restated | None, company: Company, *, as_reported: bool) -> dict[str, Any]:
    """The JSON of a board with what its figures have on the other board; `reported` says which board it is, `changed` how many differ."""
    changed = {one.metric.key: one for one in since.changed} if since else {}
    tiles = [_marked(tile, changed[tile["key"]], board["week"], as_reported) if tile["key"] in changed else tile for tile in board["tiles"]]
    said = f"As it was reported on {moment(since.at, company)}; {changed_since(len(changed))}." if since and as_reported else ""
    return {**board, "tiles": tiles, "changed": len(changed), "reported": said}


def _marked(tile: dict[str, Any], one: Compared, week: str, as_reported: bool) -> dict[str, Any]:
    this, other = (one.reported, one.now) if as_reported else (one.now, one.reported)
    said = beside(one.metric, this, other)
    said = f"now {said}" if as_reported else f"{'' if other is None else 'was '}{said} when reported"
    said = f"{week.lower()} {said}" if tile["at"] else said  # the tile shows the figure of an earlier week
    return {**tile, "since": said, "label": f"{tile['label']} {said[0].upper()}{said[1:]}."}


def beside(metric: Metric, this: Figure | None, other: Figure | None) -> str:
    """A figure beside another; by what is behind it where both read alike."""
    if other is None:
        return NO_FIGURE
    text = words.text(metric, other.value, other.more_than)
    alike = this is not None and text == words.text(metric, this.value, this.more_than)
    return words.counted(metric, other.part, other.whole, other.n) if alike else text


def changed_since(number: int) -> str:
    """`3 of its figures have changed since`."""
    return f"{number} of its figures {'has' if number == 1 else 'have'} changed since"


def steps(since: Restated, made: Mapping[int | None, Cause], names: Mapping[str, str], company: Company) -> list[dict[str, str]]:
    """Every step between the report and now, as the rows of a table; `names` are those of people by their email."""
    return [{"Figure": words.title(one.metric)[0], "When": moment(cause.at, company) if cause.at else "Since then",
             "What changed it": cause.what + (f" ({names.get(cause.who, cause.who)})" if cause.who else ""),
             "From": _behind(one.metric, change.before), "To": _behind(one.metric, change.after)}
            for one in since.changed for change in one.changes if (cause := made[change.version])]


def _behind(metric: Metric, figure: Figure | None) -> str:
    if figure is None:
        return NO_FIGURE
    return f"{words.text(metric, figure.value, figure.more_than)} ({words.counted(metric, figure.part, figure.whole, figure.n)})"


def moment(at: datetime, company: Company) -> str:
    """`Mon 9 Nov, 12:00` on the company's clock; with the year where it is not this one."""
    local = wall_clock(at, company.options["company_time_zone"])
    return words.moment(local, year=local.year != company.today.year)
