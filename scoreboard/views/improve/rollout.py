"""The rollout of a branch, or of all branches of a territory or the company, as plain data with its words; and what people write.

The convention: states and sentences of what is there come from `rollout.standing`; an item is told by shape and word, and has no colour,
because nothing here is a signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import streamlit as st

from scoreboard.metrics import words
from scoreboard.rollout import standing
from scoreboard.rollout.plan import BY_KEY
from scoreboard.rollout.standing import ItemStanding, Rollout
from scoreboard.state import rollouts
from scoreboard.state.database import reading, writing
from scoreboard.state.rollouts import DAYS, Entry
from scoreboard.views.asking import Asked
from scoreboard.views.data import company_of, scope_of

# state of an item → (shape, word)
STATES: dict[str, tuple[str, str]] = {"done": ("check", "Done"), "open": ("ring", "Open"), "carried over": ("over", "Carried over"),
                                      "later": ("dashed", "Later")}
# what takes a change back: an entry goes, or stands again; the start day goes, or is again what it was
Undo = tuple[Literal["remove", "put back"], int] | tuple[Literal["start"], date | None]
_UNDONE = "taken back at once"  # what the change log says of it


@dataclass(frozen=True)
class Branch:
    """A branch and how far it is."""

    code: str
    name: str
    rollout: Rollout


@dataclass(frozen=True)
class Row:
    """A branch in the table of many: every cell in words, and of what it waits for longest how long it does."""

    code: str
    name: str
    day: str
    done: int
    planned: str
    waits: str
    since: str
    more: str
    begun: bool


@dataclass(frozen=True)
class Many:
    """The branches of a territory or the company, and a sentence over all."""

    name: str
    sentence: str
    rows: list[Row]


def is_branch(asked: Asked, of: str) -> bool:
    """Whether a word of the address names a branch."""
    with reading(asked.engine) as conn:
        return scope_of(company_of(asked, conn), asked, of).kind == "branch"


def branch(asked: Asked, of: str) -> Branch:
    """A branch the viewer may see."""
    return _branch(asked.cache_key, of, asked)


@st.cache_data(max_entries=500, show_spinner=False)
def _branch(key: tuple[object, ...], of: str, _asked: Asked) -> Branch:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        code = scope_of(company, _asked, of).name
        return Branch(code, company.branches[code].name, standing.read(conn, _asked.viewer, company, [code])[code])


def many(asked: Asked, of: str) -> Many:
    """The branches of a territory or the company as it is now."""
    return _many(asked.cache_key, of, asked)


@st.cache_data(max_entries=50, show_spinner=False)
def _many(key: tuple[object, ...], of: str, _asked: Asked) -> Many:
    with reading(_asked.engine) as conn:
        company = company_of(_asked, conn)
        scope = scope_of(company, _asked, of)
        found = standing.read(conn, _asked.viewer, company, scope.members(company, scope.running_week(company)))
    names = {code: company.branches[code].name for code in found}
    ordered = sorted(found.values(), key=lambda one: (one.start_on is None, *_need(one), names[one.branch]))
    return Many(scope.title, _over_all(ordered), [_row(one, names[one.branch]) for one in ordered])


def _need(one: Rollout) -> tuple[date, int]:
    """First what has been carried over for longest, then what is furthest from its plan."""
    over = [item.since for item in one.items if item.state == "carried over" and item.since]
    return min(over, default=date.max), one.done - (one.planned or 0)


def _row(one: Rollout, name: str) -> Row:
    planned = "" if one.planned is None else str(one.planned)
    stuck = one.stuck[0] if one.stuck else None
    waits = short(stuck.item.words) if stuck else "Nothing waits" if one.day else ""
    since = stands_since(stuck) if stuck and stuck.since else ""
    more = f"and {len(one.stuck) - 1} more" if len(one.stuck) > 1 else ""
    return Row(one.branch, name, day_words(one), one.done, planned, waits, since, more, one.day is not None)


def _over_all(found: list[Rollout]) -> str:
    """How many have begun, and how many carry something over."""
    begun = [one for one in found if one.day]
    over = sum(any(item.state == "carried over" for item in one.items) for one in begun)
    if not begun:
        return "No branch has begun yet."
    carry = f"{'one carries' if over == 1 else f'{over:,} carry'} something over from an earlier stage" if over else (
        "none of them carries anything over")
    return f"{len(begun):,} of {_branches(len(found))} {'has' if len(begun) == 1 else 'have'} begun; {carry}."


def _branches(number: int) -> str:
    return f"{number:,} branch{'' if number == 1 else 'es'}"


# ---- words -----------------------------------------------------------------------------------------------
def short(item: str) -> str:
    """An item without what stands in brackets and without its full stop."""
    return item.split(" (")[0].rstrip(".")


def day_words(one: Rollout) -> str:
    """`Day 37 of 90`; before it `Begins on 16 November 2026`, after it `Day 99, past the 90`."""
    if one.start_on is None:
        return "No start day yet"
    if one.day is None:
        return f"Begins on {words.day(one.start_on)}"
    if one.day > DAYS:
        return f"Day {one.day:,}, past the {DAYS}"
    return f"Day {one.day} of {DAYS}"


def headline(found: Branch) -> str:
    """What is the next thing, in one sentence."""
    one = found.rollout
    if one.start_on is None:
        return f"{found.name} has no start day yet."
    if all(item.done for item in one.items):
        return f"All {len(one.items)} items are done."
    if one.day is None:
        return f"{found.name} begins on {words.day(one.start_on)}."
    waiting = next((item for state in ("carried over", "open") for item in one.items if item.state == state), None)
    if waiting:
        said = short(waiting.item.words)
        return f"Next: {said[0].lower()}{said[1:]}."
    opens = min(item.opens_on for item in one.items if item.state == "later" and item.opens_on)
    return f"Everything that is open is done; the next stage opens on {words.day(opens)}."


def detail(found: Branch) -> str:
    """Where the branch stands, in a line."""
    one = found.rollout
    done = f"{one.done} of {len(one.items)} items done"
    if one.start_on is None:
        return f"{found.name} · {done}, by what people did here already"
    began = f" · since {words.day(one.start_on)}" if one.day else ""
    over = sum(item.state == "carried over" for item in one.items)
    carried = f" · {over} carried over" if over else ""
    planned = f", {one.planned} planned by today" if one.planned is not None else ""
    return f"{found.name} · {day_words(one)}{began} · {done}{planned}{carried}"


def state_words(item: ItemStanding) -> str:
    """`Done since 3 August 2026, by hand`, `Done; was so before the start, since …`, `Open since …`, `Opens on …`."""
    word = STATES[item.state][1]
    if item.state == "later":
        return f"Opens on {words.day(item.opens_on)}" if item.opens_on else "Waits for a start day"
    if item.state in ("open", "carried over"):
        return stands_since(item)
    since = f" since {words.day(item.since)}" if item.since else ""
    if item.before_start:
        since = f"; was so before the start,{since}"
    how = {"by hand": ", by hand", "a person's word": ", on a person's word"}.get(item.by, "")
    return f"{word}{since}{how}"


def stands_since(item: ItemStanding) -> str:
    """`Open since …`, `Carried over; as it is since …`: the day its stage opened, or of the last step towards it."""
    over = "; as it is" if item.state == "carried over" else ""
    return f"{STATES[item.state][1]}{over} since {words.day(item.since)}" if item.since else STATES[item.state][1]


# ---- what people write -----------------------------------------------------------------------------------
def begin(asked: Asked, found: Branch, start_on: date, why: str) -> Undo:
    """Sets or moves the start day; how to take it back. Raises as `rollouts.begin` says."""
    with writing(asked.engine) as conn:
        rollouts.begin(conn, asked.viewer, branch=found.code, start_on=start_on, now=asked.settings.now, why=why)
    return "start", found.rollout.start_on


def take_start_off(asked: Asked, found: Branch, why: str) -> Undo:
    """Takes the start day off; how to put it back. Raises as `rollouts.take_off` says."""
    with writing(asked.engine) as conn:
        rollouts.take_off(conn, asked.viewer, branch=found.code, why=why, now=asked.settings.now)
    return "start", found.rollout.start_on


def add_evidence(asked: Asked, code: str, item: str, text: str, done_by: str, done_on: date, link: str) -> Undo:
    """Keeps what was done; how to take it back. Raises as `rollouts.add_evidence` says."""
    with writing(asked.engine) as conn:
        number = rollouts.add_evidence(conn, asked.viewer, branch=code, item=item, text=text, done_by=done_by, done_on=done_on, link=link,
                                       now=asked.settings.now, items=BY_KEY)
    return "remove", number


def say(asked: Asked, code: str, item: ItemStanding, kind: str, reason: str) -> Undo:
    """Says that an item is done or open, whatever the evidence says; how to take it back: by the word that stood before, if any."""
    with writing(asked.engine) as conn:
        number = rollouts.override(conn, asked.viewer, branch=code, item=item.item.key, kind=kind, reason=reason, now=asked.settings.now,
                                   items=BY_KEY)
    return ("put back", item.overridden.id) if item.overridden else ("remove", number)


def remove(asked: Asked, entry: Entry) -> Undo:
    """Takes an entry off; how to put it back. Raises as `rollouts.remove` says."""
    with writing(asked.engine) as conn:
        rollouts.remove(conn, asked.viewer, entry.id, asked.settings.now)
    return "put back", entry.id


def undo(asked: Asked, code: str, how: Undo) -> None:
    """Takes a change of a branch back."""
    with writing(asked.engine) as conn:
        if how[0] != "start":
            (rollouts.remove if how[0] == "remove" else rollouts.put_back)(conn, asked.viewer, how[1], asked.settings.now)
        elif how[1] is None:
            rollouts.take_off(conn, asked.viewer, branch=code, why=_UNDONE, now=asked.settings.now)
        else:
            rollouts.begin(conn, asked.viewer, branch=code, start_on=how[1], why=_UNDONE, now=asked.settings.now)
