"""STAGES: the chain Quote → Pick → Stage → Load → Deliver → Close the loop, and which instants say how long things stay in each.

A stay is declared as a metric is: a relation, start, end, clock, and the columns it needs. Those of a line are kept by nobody week
by week: they are computed for a span when somebody asks (see `chain`). Every stay counts by the week the thing came in, so that one
line is in the same thirteen weeks at every stage. An open stay counts at its age and longer. A line that was cancelled, or that is
seen at a later stage while the end of this one was never written, is not open: it is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import and_, func, or_

from scoreboard.metrics import relations as r
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.metrics.model import Duration, Expression, Metric
from scoreboard.state import stages

N = r.lines.table.c


@dataclass(frozen=True, eq=False)
class Stage:
    """A stage: its key, its name, and its stays, the first of which is shown large."""

    key: str
    stays: tuple[Metric, ...]

    @property
    def name(self) -> str:
        return stages.STAGES[self.key]


def _stay(key: str, name: str, start: Expression, end: Expression, later: tuple[Expression, ...], needs: tuple[str, ...],
          clock: Literal["working", "calendar"] = "working", of: Expression | None = None) -> Metric:
    here = and_(start.is_not(None), or_(end.is_not(None), and_(N.cancelled_at.is_(None), *(at.is_(None) for at in later))))
    time = "Working time" if clock == "working" else "Time"
    return Metric(key, name, f"{time} {name[0].lower()}{name[1:]}, of the lines ordered in these weeks.", "", "hours", -1,
                  Duration(r.lines, "ordered_at", here if of is None else and_(of, here), start, end, clock),
                  ("order_lines.ordered_at", *needs))


def _needed(*columns: str) -> str:
    return "|".join(f"{source}.{column}" for column in columns for source in ("order_lines", "shipments"))


_left_at = func.coalesce(N.loaded_at, N.shipped_at)  # on the truck; where no file says so, shipped
_goes_out = ~N.will_call  # what the customer picks up is neither loaded nor delivered

STAGES: tuple[Stage, ...] = (
    Stage("quote", (BY_KEY["quote_response_time"],)),
    Stage("pick", (_stay("stay_pick", "From ordered to picked", N.ordered_at, N.picked_at, (N.staged_at, _left_at, N.delivered_at),
                         (_needed("picked_at"),)),)),
    Stage("stage", (_stay("stay_stage", "From picked to staged", N.picked_at, N.staged_at, (_left_at, N.delivered_at),
                          (_needed("picked_at"), _needed("staged_at"))),)),
    Stage("load", (_stay("stay_load", "From staged to loaded", N.staged_at, _left_at, (N.delivered_at,),
                         (_needed("staged_at"), _needed("loaded_at", "shipped_at")), of=_goes_out),)),
    Stage("deliver", (_stay("stay_deliver", "From loaded to delivered", _left_at, N.delivered_at, (),
                            (_needed("loaded_at", "shipped_at"), _needed("delivered_at")), "calendar", of=_goes_out),)),
    Stage("close", (BY_KEY["return_cycle_time"], BY_KEY["resolved_to_told"])),
)
STAYS: tuple[Metric, ...] = tuple(stay for stage in STAGES for stay in stage.stays)
BY_STAY: dict[str, Metric] = {stay.key: stay for stay in STAYS}
OWN: tuple[Metric, ...] = tuple(stay for stay in STAYS if stay.key not in BY_KEY)  # those that are not in the catalogue
