"""STORIES: what is planted in the sample, so that a reader knows what the board must show and a test can look for it.

Weeks are counted back from the last week of the sample (which is 0), so a story is there at any length.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from scoreboard.weeks import WEEK


@dataclass(frozen=True)
class Story:
    """`metric` of `branch` moves `up` or `down` from `first_week` to `last_week` (weeks before the sample's last).

    `steady` says that the metric must not move. An empty metric stands for all of them.
    """

    name: str
    branch: str
    metric: str
    moves: str
    first_week: int
    last_week: int
    what: str

    def starts_on(self, last: date) -> date:
        """The first day of the week the story begins in, for a sample whose last week is `last`."""
        return last - self.first_week * WEEK

    def ends_on(self, last: date) -> date:
        """The first day of the last week the story runs in."""
        return last - self.last_week * WEEK


FAST_BUT_SLOPPY = "fast but sloppy"
ROUTE_SLIPS = "a route slips"
MIS_PICKS = "a mis-pick cluster"
CORES_IN_LIMBO = "cores in limbo"
NOISE_ONLY = "noise only"
PROMISE_REWRITTEN = "a promise rewritten"

STORIES: tuple[Story, ...] = (
    Story(FAST_BUT_SLOPPY, "RIV", "quote_response_time", "down", 13, 0,
          "quotes are answered four times as fast"),
    Story(FAST_BUT_SLOPPY, "RIV", "error_rate", "up", 13, 0,
          "one line in eight needs a credit for our own error, before one in eighty"),
    Story(ROUTE_SLIPS, "HAR", "otif", "down", 13, 0,
          "four of five orders on the North loop come a day or two late; the other routes hold"),
    Story(MIS_PICKS, "MIL", "error_rate", "up", 11, 4,
          "mis-picks between Pick and Stage for eight weeks, then it is over"),
    Story(CORES_IN_LIMBO, "LAK", "core_cycle_time", "up", 15, 0,
          "cores are received and no longer credited"),
    Story(CORES_IN_LIMBO, "LAK", "core_value_at_risk", "up", 15, 0,
          "the suppliers' deadlines of the uncredited cores come near"),
    Story(NOISE_ONLY, "CED", "", "steady", 59, 0,
          "a small branch where nothing changes: every swing is chance"),
    Story(PROMISE_REWRITTEN, "SUM", "promises_moved", "up", 11, 0,
          "two of five orders get a later date from us before the first one passes"),
    Story(PROMISE_REWRITTEN, "SUM", "otif", "down", 11, 0,
          "those orders miss their first promise"),
    Story(PROMISE_REWRITTEN, "SUM", "promise_kept", "steady", 11, 0,
          "measured against the moved date everything looks well"),
)


def runs(name: str, branch: str, weeks_back: int) -> bool:
    """Whether the story `name` runs at `branch` in the week `weeks_back` before the last."""
    return any(s.name == name and s.branch == branch and s.last_week <= weeks_back <= s.first_week for s in STORIES)
