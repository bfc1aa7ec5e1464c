"""ROLLOUT_PLAN: the playbook's thirteen items in its words, what ticks each, and where the work is done.

The convention: day 1 is the start day. A stage opens on its first day and ends with its last; an item that is not done by then is
carried over, never dropped. An item without a function takes evidence by hand, because its work has no page yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from scoreboard.rollout import evidence as e
from scoreboard.rollout.evidence import Evidence, Known

STAGE_DAYS = 30


@dataclass(frozen=True)
class Stage:
    """One of the three stages, by its last day. What success looks like at its end: `success.SUCCESS`."""

    last_day: int
    name: str

    @property
    def first_day(self) -> int:
        return self.last_day - STAGE_DAYS + 1

    def opens_on(self, start_on: date) -> date:
        return start_on + timedelta(days=self.first_day - 1)

    def ends_on(self, start_on: date) -> date:
        """Its last day."""
        return start_on + timedelta(days=self.last_day - 1)


STAGES: tuple[Stage, ...] = (
    Stage(30, "First 30 days: stabilize and clarify"),
    Stage(60, "Days 31–60: standardize and coach"),
    Stage(90, "Days 61–90: optimize and raise the bar"),
)
BY_LAST_DAY = {stage.last_day: stage for stage in STAGES}


@dataclass(frozen=True)
class Item:
    """One item of the plan.

    key       how it is named in commands and kept
    stage     the last day of its stage: 30, 60 or 90
    words     the playbook's
    evidence  what ticks it; None: evidence by hand
    where     the address of the page where the work is done
    how       one sentence of what ticks it
    """

    key: str
    stage: int
    words: str
    evidence: Callable[[Known], Evidence] | None
    where: str
    how: str

    @property
    def by_hand(self) -> bool:
        """Whether people say that it is done, because no page shows it yet."""
        return self.evidence is None


_BY_HAND = "By hand, because it has no page yet:"
ROLLOUT_PLAN: tuple[Item, ...] = (
    Item("triangle", 30, "Define the service triangle (Speed/Accuracy/Confidence) as your operating standard.", e.triangle, "definitions",
         "Each corner has a figure on the branch's board with both a target and a floor."),
    Item("metrics", 30, "Choose your top 6–8 scoreboard metrics.", e.board, "definitions",
         "The branch has chosen the figures of its own board, even if they are the company's."),
    Item("chain", 30, "Map your handoff chain (quote → pick → stage → delivery → close loop).", e.chain, "handoffs",
         "Every stage has an owner and a sentence that says what done means."),
    Item("repeats", 30, "Identify the top 10 repeat errors and root causes.", e.repeats, "handoffs",
         "Ten root causes are written."),
    Item("exceptions", 30, "Implement exception ownership + timer rules.", e.exceptions, "exceptions",
         "Every open exception has an owner, and every type raised in thirteen weeks has a standard."),
    Item("standards", 60, "Create standard work for 3–5 high-rework processes.", None, "rollout",
         f"{_BY_HAND} which standards were written, by whom, when, and where they can be read."),
    Item("training", 60, "Train standards in short reps (not long meetings).", None, "rollout",
         f"{_BY_HAND} what was trained in short reps, by whom, and when."),
    Item("huddles", 60, "Start daily micro-huddles in the areas under the most pressure.", None, "rollout",
         f"{_BY_HAND} where huddles are held, who leads them, and since when."),
    Item("escalation", 60, "Build a simple escalation playbook for critical orders and backorders.", e.escalation, "exceptions",
         "Leader and territory stand on the ladder, and the playbook has steps for critical orders and for backorders."),
    Item("tighten", 90, "Tighten standards based on scoreboard outcomes.", e.tighten, "definitions",
         "A target or floor asks for more than on day 60; agreeing one asks for a reason."),
    Item("practice", 90, "Identify top performers and codify what they do into training.", None, "rollout",
         f"{_BY_HAND} which way of working was taken into training, by whom, and when; what is done, not who is best."),
    Item("proficiency", 90, "Create a time-to-proficiency plan for new team members.", None, "rollout",
         f"{_BY_HAND} the plan, who made it, when, and where it can be read."),
    Item("confidence", 90, "Add customer-facing confidence habits: proactive updates, clean ETAs, closed loops.", e.confidence, "promises",
         "A promise rule holds at the branch, and of most exceptions resolved in thirteen weeks it is written down when the customer "
         "first heard."),
)
BY_KEY: dict[str, Item] = {item.key: item for item in ROLLOUT_PLAN}
