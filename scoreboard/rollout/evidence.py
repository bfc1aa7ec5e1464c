"""What ticks an item of the plan: pure functions over what is known of one branch, each with a sentence of what is there and what lacks.

The convention: evidence is what people did in the app, as it stands today; what is undone later no longer shows. Days are the branch's
own; `since` is the day from which it has all been there, where it is not all there the day of the last step towards it, and None
where nothing tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from scoreboard.cases.playbook import KINDS
from scoreboard.cases.watch import LEADER, TERRITORY
from scoreboard.metrics.triangle import CORNERS
from scoreboard.state.stages import STAGES

TEN = 10  # "the top 10 repeat errors"
RUNGS = {LEADER: "the leader", TERRITORY: "the territory"}  # above the owner, who is each exception's own


@dataclass(frozen=True)
class ChainStage:
    """A stage of the chain: whether it has an owner and what done means, and since when both; of one only, when it was last written."""

    owner: bool
    done_means: bool
    since: date


@dataclass(frozen=True)
class Exceptions:
    """The exceptions of a branch that are open or were raised in the last thirteen weeks."""

    seen: int = 0
    open: int = 0
    unowned: int = 0                     # open, and nobody's
    untimed: tuple[str, ...] = ()        # their types without a standard
    since: date | None = None            # the branch's first was owned, and the last of these types got its standard
    resolved: int = 0                    # in the last thirteen weeks
    told: int = 0                        # of those: when the customer first heard of it is written down
    told_since: date | None = None       # the branch's first time


@dataclass(frozen=True)
class Tightened:
    """A target or floor that asks for more than on day 60: in words, and the day from which it does."""

    words: str
    since: date


@dataclass(frozen=True)
class Known:
    """What is known of one branch today.

    corners    those with a figure on the board that has a target and a floor: since when (None: they ship with a source)
    board      figures chosen for the branch itself, and since when; None while it follows the company's
    figures    how many figures its board has
    causes     how many root causes are written, and the day of the tenth (of fewer, of the last)
    ladder, playbook   what holds at the branch, its own or its territory's or company's: since when
    tightened  None before day 61 (or without a start day)
    rules      how many promise rules hold there, and since when there is one
    """

    corners: Mapping[str, date | None] = field(default_factory=dict)
    board: tuple[int, date] | None = None
    figures: int = 0
    stages: Mapping[str, ChainStage] = field(default_factory=dict)
    causes: tuple[int, date] | None = None
    exceptions: Exceptions = Exceptions()
    ladder: Mapping[str, date] = field(default_factory=dict)
    playbook: Mapping[str, date] = field(default_factory=dict)
    tightened: Sequence[Tightened] | None = None
    rules: tuple[int, date] | None = None


@dataclass(frozen=True)
class Evidence:
    """Whether an item is done, in a sentence, and since when (see the module)."""

    done: bool
    words: str
    since: date | None = None


# ---- first 30 days -----------------------------------------------------------------------------------
def triangle(known: Known) -> Evidence:
    """Every corner has a figure on the board with a target and a floor: only then can it have a score."""
    lack = [corner for corner in CORNERS if corner not in known.corners]
    since = _latest(known.corners.values())
    if lack:
        return Evidence(False, f"No figure on the board with both a target and a floor speaks for {_and(lack)}.", since)
    sourced = [corner for corner in CORNERS if known.corners[corner] is None]
    shipped = f" {_and(sourced)} {'stands' if len(sourced) == 1 else 'stand'} on what ships with a source." if sourced else ""
    return Evidence(True, f"Each corner has a figure on the board with a target and a floor.{shipped}", since)


def board(known: Known) -> Evidence:
    """The branch chose the figures of its board itself."""
    if known.board is None:
        return Evidence(False, f"The board follows the company's {known.figures} figures; nobody has chosen for this branch.")
    return Evidence(True, f"{known.board[0]} figures were chosen for this branch.", known.board[1])


def chain(known: Known) -> Evidence:
    """Every stage of the chain has an owner and a sentence that says what done means."""
    lack = {key: stage for key in STAGES if not ((stage := known.stages.get(key)) and stage.owner and stage.done_means)}
    since = _latest(stage.since for stage in known.stages.values())
    if not lack:
        return Evidence(True, f"All {len(STAGES)} stages have an owner and what done means.", since)
    by_lack: dict[str, list[str]] = {}
    for key, stage in lack.items():
        what = "both" if not stage or not (stage.owner or stage.done_means) else "what done means" if stage.owner else "an owner"
        by_lack.setdefault(what, []).append(STAGES[key])
    lacks = "; ".join(f"{_and(names)} {'lacks' if len(names) == 1 else 'lack'} {what}" for what, names in by_lack.items())
    return Evidence(False, f"{len(STAGES) - len(lack)} of {len(STAGES)} stages have an owner and what done means; {lacks}.", since)


def repeats(known: Known) -> Evidence:
    """Ten root causes are written."""
    there, since = known.causes or (0, None)
    if there < TEN:
        few = "Where fewer than ten errors come back, say so with a reason."
        return Evidence(False, f"{there} of {TEN} root causes are written. {few}", since)
    return Evidence(True, f"{there} errors that came back have a root cause.", since)


def exceptions(known: Known) -> Evidence:
    """Every open exception has an owner, and the types raised lately have a standard to be timed by."""
    e = known.exceptions
    if not e.seen:
        return Evidence(False, "No exception was raised in thirteen weeks, so nothing shows yet who owns one and how it is timed.")
    lack = [f"{e.unowned} of {e.open} open exceptions {'has' if e.unowned == 1 else 'have'} no owner"] if e.unowned else []
    if e.untimed:
        lack.append(f"no standard is agreed for {_and(e.untimed)}")
    if lack:
        return Evidence(False, f"{_sentence('; '.join(lack))}.")
    is_open = f"Every one of {e.open} open exceptions has an owner" if e.open > 1 else "The one open exception has an owner"
    return Evidence(True, f"{is_open if e.open else 'No exception is open'}; each type raised in thirteen weeks has a standard.", e.since)


# ---- days 31 to 60 -----------------------------------------------------------------------------------
def escalation(known: Known) -> Evidence:
    """Leader and territory stand on the ladder, and the playbook says what happens for both kinds."""
    rungs = [called for rung, called in RUNGS.items() if rung not in known.ladder]
    kinds = [{"mission-critical": "critical orders", "backorder": "backorders"}.get(kind, kind) for kind in KINDS
             if kind not in known.playbook]
    lack = [f"nobody stands on the ladder for {_and(rungs)}"] if rungs else []
    lack += [f"the playbook has no steps for {_and(kinds)}"] if kinds else []
    since = _latest([*known.ladder.values(), *known.playbook.values()])
    if lack:
        return Evidence(False, f"{_sentence('; '.join(lack))}.", since)
    return Evidence(True, "Leader and territory stand on the ladder; the playbook has steps for critical orders and for backorders.", since)


# ---- days 61 to 90 -----------------------------------------------------------------------------------
def tighten(known: Known) -> Evidence:
    """A target or floor asks for more today than on day 60."""
    if known.tightened is None:
        return Evidence(False, "Counts from day 61 on: a target or floor that asks for more than on day 60.")
    if not known.tightened:
        return Evidence(False, "No target or floor asks for more than on day 60.")
    first = min(known.tightened, key=lambda one: one.since)
    rest = f" And {len(known.tightened) - 1} more." if len(known.tightened) > 1 else ""
    return Evidence(True, f"{first.words}.{rest}", first.since)


def confidence(known: Known) -> Evidence:
    """A promise rule holds, and of most exceptions it is written down when the customer first heard."""
    e = known.exceptions
    lack = [] if known.rules else ["no promise rule holds here"]
    told = f"for {e.told} of {e.resolved} exceptions resolved in thirteen weeks it is written down when the customer first heard"
    if not e.resolved:
        lack.append("no exception was resolved in thirteen weeks, so nothing shows whether customers are told first")
    elif 2 * e.told <= e.resolved:
        lack.append(f"only {told}")
    since = _latest([known.rules[1] if known.rules else None, e.told_since])
    if lack or not known.rules:
        return Evidence(False, f"{_sentence('; '.join(lack))}.", since)
    count = known.rules[0]
    return Evidence(True, f"{count} promise rule{' holds' if count == 1 else 's hold'} here; {told}.", since)


# ---- words -------------------------------------------------------------------------------------------
def _latest(days: Iterable[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _and(words: Collection[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
