"""What keeps coming back in a branch, with its root causes: the repeats of one metric or of the branch's errors.

The convention: groups are counted metric by metric and never summed over metrics, because one order may be late and credited.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from scoreboard.errors import Refused
from scoreboard.metrics import reasons
from scoreboard.metrics import rows as row_reader
from scoreboard.metrics.catalogue import BY_KEY, CATALOGUE
from scoreboard.metrics.company import Company
from scoreboard.metrics.model import Metric
from scoreboard.metrics.reasons import Repeat
from scoreboard.metrics.scopes import Scope
from scoreboard.settings import Settings
from scoreboard.state import root_causes
from scoreboard.state.viewers import Viewer
from scoreboard.weeks import WEEK

ERRORS = ("error_rate", "otif", "repeat_share")  # credits for our own errors, orders late or short, exceptions that came again


@dataclass(frozen=True)
class Found:
    """A repeat of one metric, why it comes back as far as anybody wrote it down, and the standard that answers it."""

    metric: Metric
    repeat: Repeat
    cause: str
    standard: str = ""


def of_branch(settings: Settings, conn: Connection, viewer: Viewer, scope: Scope, company: Company, week: date,
              metric: Metric | None = None) -> list[Found]:
    """The repeats of a metric, or of the branch's ERRORS, in the thirteen weeks up to `week`, the most frequent first. Refused for a
    metric without misses."""
    if metric is not None:
        require_misses(metric)
    causes = root_causes.of_branch(conn, viewer, scope.name)
    found = []
    for one in [metric] if metric is not None else [BY_KEY[key] for key in ERRORS]:
        rows = _rows(settings, conn, scope, one, week)
        if not rows and metric is None:  # the branch's files are too weak for it: its substitute, if it has one
            one = next((m for m in CATALOGUE if m.instead_of == one.key), one)
            rows = _rows(settings, conn, scope, one, week)
        for repeat in reasons.repeats(rows, company.first_day):
            cause = causes.get((repeat.grouped_by, repeat.subject))
            found.append(Found(one, repeat, cause.cause if cause else "", cause.standard if cause else ""))
    return sorted(found, key=lambda one: (-one.repeat.misses, -one.repeat.weeks))


def require_misses(metric: Metric) -> None:
    """Refuses a metric whose rows do not pass or fail one by one."""
    if not reasons.has_misses(metric):
        why = "it only informs" if not metric.direction else "it is a median of times"
        raise Refused(f"{metric.key} has no misses: {why}.", 'See where it comes from with the command "split".')


def _rows(settings: Settings, conn: Connection, scope: Scope, metric: Metric, week: date) -> list[reasons.Row]:
    return row_reader.over(settings, conn, scope, metric, week - (reasons.WEEKS - 1) * WEEK, week + WEEK, reasons.COLUMNS)
