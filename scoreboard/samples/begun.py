"""What the branches of the sample did in their first 90 days: when they began, and what they wrote down by hand.

The convention: days count from the start day, which is day 1; the start lies so far back that today is the day named. People are
roles with a number, as in `agreed`. The rest of the plan is ticked by what the sample has agreed.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from scoreboard.samples.agreed import LEADER


@dataclass(frozen=True)
class Done:
    """Evidence by hand: on which day, of which item of the plan, what and by whom."""

    day: int
    item: str
    text: str
    by: str


@dataclass(frozen=True)
class Word:
    """What the leader said of an item on a day, whatever the evidence says: `done` or `open`, and why."""

    day: int
    item: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Raised:
    """A target that was raised: on which day, of which metric, to what and from which floor, and why."""

    day: int
    metric: str
    target: float
    floor: float
    reason: str


@dataclass(frozen=True)
class Begun:
    """A branch, and which day of its 90 today is. `later`: stages of the chain for which nothing is agreed yet."""

    branch: str
    today: int
    done: tuple[Done, ...] = ()
    words: tuple[Word, ...] = ()
    raised: tuple[Raised, ...] = ()
    later: tuple[str, ...] = field(default=())


PLAYBOOK_AGO, RULES_AGO = 40, 9  # days before today on which the ladder and the playbook, and the promise rules, were agreed
EIGHT = "the company's eight are ours as well, agreed in the huddle"
STAGE_DAYS = (3, 5, 6, 9, 12, 17)  # on which day each stage of the chain got its owner and what done means
BEGUN: tuple[Begun, ...] = (
    Begun("RIV", 75,
          (Done(34, "huddles", "Five minutes at the dock, every day at 7:40", "warehouse 1"),
           Done(43, "standards", "Three are written: quoting, pick and stage, returns", LEADER),
           Done(57, "training", "Pick and stage, four times ten minutes at the racks", "warehouse 2")),
          (Word(10, "metrics", "done", EIGHT),)),
    Begun("HAR", 45, (Done(38, "huddles", "At the vans before they leave, every day", "driver 1"),), (Word(21, "metrics", "done", EIGHT),)),
    Begun("MIL", 112,
          (Done(36, "standards", "Four are written: quoting, pick and stage, delivery, exceptions", LEADER),
           Done(40, "huddles", "Five minutes at the counter, every day at 8:00", "counter 1"),
           Done(52, "training", "One standard a week, ten minutes at a time", LEADER),
           Done(77, "practice", "Reading the part number aloud at the rack is now part of the first week", "warehouse 1"),
           Done(94, "proficiency", "A plan of eight weeks for the counter, with what is known by the end of each", LEADER)),
          (Word(14, "metrics", "done", EIGHT),
           Word(100, "confidence", "open", "the rules hang on the wall, but customers still call before we do")),
          (Raised(72, "quote_conversion", 0.42, 0.28, "two of five were reached for a quarter"),)),
    Begun("LAK", 20, later=("load", "deliver")),
    Begun("SUM", 33, (Done(32, "huddles", "At the returns bench, every day at 9:00", "counter 2"),)),
)
