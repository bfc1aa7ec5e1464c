"""The first 90 days of a branch: the day they begin, and what people say of the items of the plan.

An entry is evidence (what was done, by whom, when, where it can be read), or a person's word that an item is `done` or `open` whatever
the evidence says, with a reason; of such words one stands at a time. Nothing is deleted: what is taken off keeps its row and can be
put back, and the change log has every step.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from scoreboard.calendars import wall_clock
from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import branches, changes
from scoreboard.state.schema import rollout_entries, rollouts
from scoreboard.state.viewers import Viewer

DAYS = 90
EVIDENCE, DONE, OPEN = KINDS = ("evidence", "done", "open")
WORDS = (DONE, OPEN)  # what a person may say of an item, whatever the evidence says
LONGEST, LONGEST_NAME, LONGEST_LINK = 300, 200, 500
EARLIEST = date(2000, 1, 1)
AHEAD = timedelta(days=366)  # a start may be planned, but not for a year nobody has a calendar of
_TAKEN_OFF = "rollout start taken off"


@dataclass(frozen=True)
class Start:
    """The day a branch began its 90 days, or will."""

    branch: str
    start_on: date
    who: str
    changed_at: datetime


@dataclass(frozen=True)
class Entry:
    """What somebody said of an item. `text` is what was done, or the reason; `done_by`, `done_on` and `link` are of evidence alone,
    None where nothing was said."""

    id: int
    branch: str
    item: str
    kind: str
    text: str
    done_by: str | None
    done_on: date | None
    link: str | None
    who: str
    at: datetime


# ---- the start day -----------------------------------------------------------------------------------
def starts(conn: Connection, viewer: Viewer, codes: Collection[str]) -> dict[str, Start]:
    """The start days of some branches, of those the viewer sees; a branch without one is left out."""
    seen = [code for code in codes if viewer.sees(code)]
    columns = [rollouts.c[name] for name in Start.__dataclass_fields__]
    return {row.branch: Start(*row) for row in conn.execute(select(*columns).where(rollouts.c.branch.in_(seen)))}


def begin(conn: Connection, viewer: Viewer, *, branch: str, start_on: date, now: datetime, why: str = "") -> None:
    """Sets the day a branch begins; a day that stands already is changed with a reason. NotAllowed for another's branch or a role that
    may not; Refused for an unknown branch, a day beyond sense, or a change without a reason."""
    today = _require(conn, viewer, branch, now)
    if not EARLIEST <= start_on <= today + AHEAD:
        raise Refused(f"{start_on} is not a day to begin on.", f"Choose one from {EARLIEST} to {today + AHEAD}.")
    before = starts(conn, viewer, [branch]).get(branch)
    if before and before.start_on == start_on:
        return
    if before:
        _require_reason(why, f"The start moves from {before.start_on} to {start_on}")
    conn.execute(delete(rollouts).where(rollouts.c.branch == branch))
    conn.execute(insert(rollouts).values(branch=branch, start_on=start_on, who=viewer.who, changed_at=now))
    changes.record(conn, at=now, who=viewer.who, what="rollout start changed" if before else "rollout began", subject=f"branch {branch}",
                   old={"start_on": before.start_on} if before else None, new={"start_on": start_on}, why=why.strip())


def take_off(conn: Connection, viewer: Viewer, *, branch: str, why: str, now: datetime) -> None:
    """Takes the start day of a branch off; what was said of its items stays. Refused where there is no start day, or without a
    reason; NotAllowed as `begin`. `begin` with the same day is the way back."""
    _require(conn, viewer, branch, now)
    before = starts(conn, viewer, [branch]).get(branch)
    if before is None:
        raise Refused(f"{branch} has no start day.", "There is nothing to take off.")
    _require_reason(why, f"The start on {before.start_on} is taken off")
    conn.execute(delete(rollouts).where(rollouts.c.branch == branch))
    changes.record(conn, at=now, who=viewer.who, what=_TAKEN_OFF, subject=f"branch {branch}", old={"start_on": before.start_on},
                   why=why.strip())


# ---- what people say of an item ----------------------------------------------------------------------
def entries(conn: Connection, viewer: Viewer, codes: Collection[str]) -> list[Entry]:
    """What stands of some branches, in the order it was said; nothing of branches the viewer does not see."""
    return _kept(conn, rollout_entries.c.branch.in_([code for code in codes if viewer.sees(code)]), rollout_entries.c.removed_at.is_(None))


def add_evidence(conn: Connection, viewer: Viewer, *, branch: str, item: str, text: str, done_by: str, done_on: date, link: str = "",
                 now: datetime, items: Collection[str]) -> int:
    """Keeps what was done for an item, by whom, when, and where it can be read; its number. `items` are the keys of the plan.

    NotAllowed for another's branch or a role that may not. Refused, naming what is wrong: an unknown branch or item, nothing said or
    too much, a day that has not come or lies beyond sense, a link that is none, or evidence that stands there already.
    """
    today = _require(conn, viewer, branch, now)
    _require_item(item, items)
    said = _said(text, "What was done", LONGEST, "Say in a sentence what was done.")
    by = _said(done_by, "Who did it", LONGEST_NAME, "Name who did it, or the team.")
    if done_on > today:
        raise Refused(f"{done_on} has not come yet at {branch}.", f"Evidence is of what was done: {today} or earlier.")
    if done_on < EARLIEST:
        raise Refused(f"{done_on} lies too far back.", f"Choose {EARLIEST} or later.")
    there = {(e.item, e.kind, e.text, e.done_by, e.done_on, e.link) for e in entries(conn, viewer, [branch])}
    if (item, EVIDENCE, said, by, done_on, _link(link)) in there:
        raise Refused("This evidence stands there already.", "Say what else was done, or leave it.")
    return _add(conn, viewer, branch=branch, item=item, kind=EVIDENCE, text=said, done_by=by, done_on=done_on, link=_link(link), now=now)


def override(conn: Connection, viewer: Viewer, *, branch: str, item: str, kind: str, reason: str, now: datetime,
             items: Collection[str]) -> int:
    """Says that an item is `done` or `open` whatever the evidence says, in place of what was said before; its number.

    NotAllowed as `add_evidence`; Refused for an unknown branch or item, another word, without a reason or with too long a one.
    """
    _require(conn, viewer, branch, now)
    _require_item(item, items)
    if kind not in WORDS:
        raise Refused(f'"{kind}" is not said of an item.', f"Use one of: {', '.join(WORDS)}.")
    said = _said(reason, "The reason", LONGEST, "Say why, for whoever asks next year.")
    _end_word(conn, branch, item, now)
    return _add(conn, viewer, branch=branch, item=item, kind=kind, text=said, done_by=None, done_on=None, link=None, now=now)


def remove(conn: Connection, viewer: Viewer, entry_id: int, now: datetime) -> Entry:
    """Takes an entry off. Refused when it stands no more or is not the viewer's to see."""
    found = _one(conn, viewer, entry_id, rollout_entries.c.removed_at.is_(None), "This entry does not stand any more.")
    _require(conn, viewer, found.branch, now)
    conn.execute(update(rollout_entries).where(rollout_entries.c.id == entry_id).values(removed_at=now))
    _log(conn, viewer, "removed", found, now)
    return found


def put_back(conn: Connection, viewer: Viewer, entry_id: int, now: datetime) -> Entry:
    """Undoes `remove`; a word that is put back stands in place of the one said since. Refused when it stands."""
    found = _one(conn, viewer, entry_id, rollout_entries.c.removed_at.is_not(None), "There is no entry of this number to put back.")
    _require(conn, viewer, found.branch, now)
    if found.kind in WORDS:
        _end_word(conn, found.branch, found.item, now)
    conn.execute(update(rollout_entries).where(rollout_entries.c.id == entry_id).values(removed_at=None))
    _log(conn, viewer, "put back", found, now)
    return found


def _kept(conn: Connection, *which: ColumnElement[bool]) -> list[Entry]:
    columns = [rollout_entries.c[name] for name in Entry.__dataclass_fields__]
    return [Entry(*row) for row in conn.execute(select(*columns).where(*which).order_by(rollout_entries.c.id))]


def _one(conn: Connection, viewer: Viewer, entry_id: int, which: ColumnElement[bool], otherwise: str) -> Entry:
    found = next(iter(_kept(conn, rollout_entries.c.id == entry_id, which)), None)
    if found is None or not viewer.sees(found.branch):
        raise Refused(otherwise, "Look at the rollout again.")
    return found


def _add(conn: Connection, viewer: Viewer, *, now: datetime, **said: object) -> int:
    made = conn.execute(insert(rollout_entries).values(**said, who=viewer.who, at=now)).inserted_primary_key
    assert made is not None
    number = int(made[0])
    _log(conn, viewer, "added", _one(conn, viewer, number, rollout_entries.c.removed_at.is_(None), ""), now)
    return number


def _end_word(conn: Connection, branch: str, item: str, now: datetime) -> None:
    e = rollout_entries.c
    standing = (e.branch == branch, e.item == item, e.kind.in_(WORDS), e.removed_at.is_(None))
    conn.execute(update(rollout_entries).where(*standing).values(removed_at=now))


def _log(conn: Connection, viewer: Viewer, became: str, entry: Entry, now: datetime) -> None:
    what = "rollout evidence" if entry.kind == EVIDENCE else f"rollout word ({entry.kind})"
    said = {"item": entry.item, "text": entry.text} | {
        name: getattr(entry, name) for name in ("done_by", "done_on", "link") if getattr(entry, name) is not None}
    changes.record(conn, at=now, who=viewer.who, what=f"{what} {became}", subject=f"branch {entry.branch}",
                   old=said if became == "removed" else None, new=None if became == "removed" else said)


# ---- what is asked of what is said -------------------------------------------------------------------
def _require(conn: Connection, viewer: Viewer, branch: str, now: datetime) -> date:
    """Today at the branch; raises unless the viewer may change its rollout."""
    viewer.require_change("rollout")
    viewer.require_branch(branch)
    known = branches.all_branches(conn)
    if branch not in known:
        raise Refused(f'There is no branch "{branch}".', f"See `branches list`.{did_you_mean(branch, known)}")
    return wall_clock(now, known[branch].time_zone).date()


def _require_item(item: str, items: Collection[str]) -> None:
    if item not in items:
        raise Refused(f'The plan has no item "{item}".', f"Use one of: {', '.join(items)}.{did_you_mean(item, items)}")


def _require_reason(why: str, what: str) -> None:
    if not why.strip():
        raise Refused(f"{what}: that needs a reason.", "Say why, for whoever asks next year.")


def _said(text: str, what: str, most: int, remedy: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise Refused(f"{what} is missing.", remedy)
    if len(said) > most:
        raise Refused(f"{what} has room for {most} characters; this has {len(said)}.", "Say it shorter.")
    return said


def _link(text: str) -> str | None:
    """A link as it is kept: a whole address of the web, or None where nothing was given."""
    link = text.strip()
    if not link:
        return None
    try:
        parts = urlsplit(link)
        there = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and link.isprintable() and " " not in link
    except ValueError:
        there = False
    if not there:
        raise Refused(f'"{link[:80]}" is not a link.', "Give a whole address that begins with https:// or http://.")
    if len(link) > LONGEST_LINK:
        raise Refused(f"A link has room for {LONGEST_LINK} characters; this has {len(link)}.", "Use a shorter one.")
    return link
