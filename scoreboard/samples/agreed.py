"""What the branches of the sample have agreed among themselves, and what they worked on this morning; for the set-up, no file has it.

The convention: people are roles with a number, as the sample's owners are. Minutes count back from now; none reaches further back
than `LONGEST`, so that everything here lies in the running week and no finished week's figure moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from scoreboard.samples.service import KINDS

ROLES = tuple(dict.fromkeys(kind.owner for kind in KINDS))
OWNERS = tuple(f"{role} {number}" for role in ROLES for number in (1, 2, 3))
LEADER, TERRITORY = "branch leader", "territory manager"
OWNER_OF_TYPE = {kind.type: f"{kind.owner} 1" for kind in KINDS}
ACCEPT_MINUTES = 60
LONGEST = 100  # minutes

PLAYBOOK = {  # applies to: (who is told, within working minutes, what may be offered)
    "mission-critical": ((LEADER, 15, ""), ("their buyer", 30, "the part from another branch, by courier at our cost"),
                         (TERRITORY, 60, "a loan part until theirs is here")),
    "backorder": (("their buyer", 60, "a substitute of the same fit"), (LEADER, 240, "part of the order now, the rest free of freight"))}
PEER_GROUPS = {"RIV": "with a workshop", "HAR": "with a workshop", "MIL": "with a workshop", "SUM": "counter and delivery",
               "LAK": "counter and delivery", "CED": "counter and delivery"}
STAGES = {  # stage: (owner, what "done" means)
    "quote": ("inside sales 1", "price, stock and date are verified and the customer has them"),
    "pick": ("warehouse 1", "every line is picked, counted and its number read aloud"),
    "stage": ("warehouse 2", "the order stands on its route's rack with its label"),
    "load": ("driver 1", "the driver has counted it onto the van"),
    "deliver": ("driver 2", "somebody at the customer has signed for it"),
    "close": ("counter 1", "papers, credits and cores are settled and the customer knows")}


@dataclass(frozen=True)
class Worked:
    """An exception raised `ago` minutes before now, and what was done to it: (minutes ago, what, what was said).

    In what was said, `in_minutes` counts from now: when the customer hears next, or until when it is paused.
    """

    branch: str
    ago: int
    given: dict[str, str]
    done: tuple[tuple[int, str, dict[str, Any]], ...] = field(default=())


_BUYER = {"to": "their buyer", "how": "phone"}
_FOREMAN = {"to": "their foreman", "how": "text message"}
WORKED: tuple[Worked, ...] = (
    Worked("RIV", 95, {"type": "backorder", "customer": "C1026 Farm", "priority": "mission-critical", "promised": "today by noon",
                       "note": "their combine stands in the field"},
           ((92, "accepted", {}), (85, "updated", {**_BUYER, "in_minutes": 30}))),
    Worked("RIV", 80, {"type": "mis-pick", "customer": "C1001 Fleet", "note": "left instead of right"},
           ((70, "handed over", {"owner": "warehouse 2", "note": "it is on your rack"}),)),
    Worked("RIV", 75, {"type": "wrong part", "customer": "C1003 Garage"},
           ((72, "accepted", {}), (60, "paused", {"reason": "customer decides", "in_minutes": 180}))),
    Worked("RIV", 90, {"type": "damaged", "customer": "C1002 Auto"},
           ((88, "accepted", {}), (50, "updated", {**_BUYER, "called_first": True}), (20, "resolved", {"root_cause": "packing"}))),
    Worked("RIV", 86, {"type": "late delivery", "customer": "C1001 Fleet", "promised": "yesterday"},
           ((84, "accepted", {}), (80, "updated", {**_FOREMAN, "in_minutes": -10}))),
    Worked("RIV", 100, {"type": "paperwork", "customer": "C1026 Farm"},
           ((98, "accepted", {}), (80, "resolved", {"root_cause": "paper missing"}), (75, "told", _BUYER),
            (15, "reopened", {"note": "the second invoice is wrong too"}))),
    Worked("RIV", 65, {"type": "credit delay", "customer": "C1003 Garage"},
           ((60, "accepted", {}), (10, "proposed", {"proposal": "the credit was issued this morning"}))),
    Worked("RIV", 60, {"type": "quote overdue", "customer": "C1002 Auto"},
           ((58, "accepted", {}), (45, "resolved", {"root_cause": "no cover"}), (40, "told", {**_BUYER, "how": "e-mail"}),
            (35, "debriefed", {"change": "quotes after four are handed to the early shift"}))),
    Worked("HAR", 90, {"type": "late delivery", "customer": "C1041 Fleet", "promised": "Saturday"},
           ((85, "accepted", {}), (70, "paused", {"reason": "carrier answers", "in_minutes": 120}))),
    Worked("HAR", 40, {"type": "backorder", "customer": "C1041 Fleet", "priority": "mission-critical"},
           ((38, "accepted", {}), (30, "promised", {"in_minutes": 45}))),
    Worked("MIL", 70, {"type": "short or over", "customer": "C1081 Fleet"}, ((65, "accepted", {}), (30, "resolved", {}))),
    Worked("LAK", 55, {"type": "return or core in limbo", "customer": "C1121 Fleet"},
           ((50, "handed over", {"owner": "counter 2"}), (45, "accepted", {}))),
    Worked("CED", 35, {"type": "warranty", "customer": "C1161 Fleet"}),
    Worked("SUM", 50, {"type": "wrong part", "customer": "C1201 Fleet"},
           ((45, "accepted", {}), (25, "updated", {**_FOREMAN, "in_minutes": 60}))),
)
