"""Promise rules: what may be promised, by whom, and what happens when it cannot be kept.

A rule belongs to a branch, or to every branch (the company's). It is ended, never deleted: a changed rule is the old one ended and
a new one, so that the step back is to put the old one there again. FIRST are the three of the playbook; they are proposed, and
hold nowhere until a leader takes them over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from scoreboard.errors import Refused
from scoreboard.state import branches, changes
from scoreboard.state.schema import promise_rules
from scoreboard.state.viewers import Viewer

LONGEST = {"promise": 300, "by": 200, "exception_path": 300}
_CALLED = {"promise": "What may be promised", "by": "Who may promise it", "exception_path": "What happens otherwise"}


@dataclass(frozen=True)
class Words:
    """The words of a rule."""

    promise: str
    by: str
    exception_path: str = ""


@dataclass(frozen=True)
class Rule:
    """A rule that holds; `branch` is empty for one of every branch."""

    id: int
    branch: str
    promise: str
    by: str
    exception_path: str
    who: str
    at: datetime

    @property
    def words(self) -> Words:
        return Words(self.promise, self.by, self.exception_path)


FIRST: tuple[Words, ...] = (
    Words("No ETA given unless inventory is verified or substitution options are identified.", "Whoever quotes",
          "Say when the answer comes, check, then call back."),
    Words("If a delivery misses the window, the customer is notified before they call us.", "Whoever owns the delivery",
          "Raise an exception as soon as the window is in danger."),
    Words("If a part is mission-critical, escalation happens immediately—no waiting until the next shift.", "Everybody",
          "Raise it as mission-critical: the ladder is told at once."),
)


def of_branch(conn: Connection, viewer: Viewer, branch: str) -> list[Rule]:
    """The rules of a branch: those of every branch first, then its own, each in the order they were made."""
    viewer.require_branch(branch)
    return _kept(conn, ("", branch))


def of_company(conn: Connection) -> list[Rule]:
    """The rules of every branch; anybody may read them."""
    return _kept(conn, ("",))


def proposed(rules: list[Rule]) -> list[Words]:
    """Those of FIRST that no rule says yet."""
    said = {rule.promise.casefold() for rule in rules}
    return [one for one in FIRST if one.promise.casefold() not in said]


def add(conn: Connection, viewer: Viewer, words: Words, *, branch: str, now: datetime) -> int:
    """Makes a rule, of a branch or (empty) of every branch; its number. NotAllowed for another's branch or a role that may not;
    Refused without a promise or without who may make it, with too many words, or when it stands there already."""
    _require(conn, viewer, branch)
    said = _checked(words)
    there = {rule.promise.casefold() for rule in _kept(conn, ("", branch))}
    if said.promise.casefold() in there:
        raise Refused("This rule holds here already.", "Change the one that is there.")
    return _make(conn, viewer, said, branch, now, "promise rule added", None)


def change(conn: Connection, viewer: Viewer, rule_id: int, words: Words, now: datetime) -> int:
    """Says a rule in other words; the number of the new one. Refused as `add`, and when the rule holds no more."""
    old, said = _holding(conn, viewer, rule_id), _checked(words)
    if said == old.words:
        return old.id
    if said.promise.casefold() in {rule.promise.casefold() for rule in _kept(conn, ("", old.branch)) if rule.id != old.id}:
        raise Refused("Another rule says this already.", "Change that one, or say this one differently.")
    _end(conn, old, now)
    return _make(conn, viewer, said, old.branch, now, "promise rule changed", old)


def remove(conn: Connection, viewer: Viewer, rule_id: int, now: datetime) -> Rule:
    """Ends a rule; it can be put back. Refused when it holds no more."""
    old = _holding(conn, viewer, rule_id)
    _end(conn, old, now)
    _log(conn, viewer, "promise rule removed", old.branch, now, old.words, None)
    return old


def undo(conn: Connection, viewer: Viewer, *, branch: str, now: datetime) -> None:
    """Takes the last change of a branch's own rules back: what was added goes, what was removed or changed stands again (as a rule
    of now). A second time it is as it was. Refused where nothing was changed."""
    _require(conn, viewer, branch)
    last = next(iter(changes.about(conn, _subject(branch), ["promise rule added", "promise rule changed", "promise rule removed"])), None)
    if last is None:
        raise Refused("No rule has been changed here yet.", "Add one.")
    now_there = {rule.words: rule for rule in _kept(conn, (branch,))}
    new, old = (Words(**one) if one else None for one in (last.new, last.old))
    if new and new in now_there:
        if old:
            change(conn, viewer, now_there[new].id, old, now)
        else:
            remove(conn, viewer, now_there[new].id, now)
    elif old:
        add(conn, viewer, old, branch=branch, now=now)


def _kept(conn: Connection, of: tuple[str, ...]) -> list[Rule]:
    t = promise_rules.c
    statement = select(*(t[name] for name in Rule.__dataclass_fields__)).where(t.branch.in_(of), t.removed_at.is_(None))
    return [Rule(*row) for row in conn.execute(statement.order_by(t.branch, t.id))]


def _require(conn: Connection, viewer: Viewer, branch: str) -> None:
    viewer.require_change("standards")
    if not branch:
        viewer.require_everything("A rule of every branch")
        return
    viewer.require_branch(branch)
    if branch not in branches.all_branches(conn):
        raise Refused(f'There is no branch "{branch}".', "See `branches list`.")


def _holding(conn: Connection, viewer: Viewer, rule_id: int) -> Rule:
    t = promise_rules.c
    row = conn.execute(select(*(t[name] for name in Rule.__dataclass_fields__)).where(t.id == rule_id, t.removed_at.is_(None))).first()
    if row is None or (row.branch and not viewer.sees(row.branch)):
        raise Refused("This rule is not there any more.", "Look at the rules again.")
    found = Rule(*row)
    _require(conn, viewer, found.branch)
    return found


def _checked(words: Words) -> Words:
    said = Words(*(" ".join(text.split()) for text in (words.promise, words.by, words.exception_path)))
    for name, most in LONGEST.items():
        text = getattr(said, name)
        if not text and name != "exception_path":
            raise Refused(f"{_CALLED[name]} is missing.", "A rule says what may be promised, and by whom.")
        if len(text) > most:
            raise Refused(f"{_CALLED[name]} has room for {most} characters; this has {len(text)}.", "Say it shorter.")
    return said


def _make(conn: Connection, viewer: Viewer, words: Words, branch: str, now: datetime, what: str, old: Rule | None) -> int:
    made = conn.execute(insert(promise_rules).values(branch=branch, promise=words.promise, by=words.by, exception_path=words.exception_path,
                                                     who=viewer.who, at=now)).inserted_primary_key
    assert made is not None
    _log(conn, viewer, what, branch, now, old.words if old else None, words)
    return int(made[0])


def _end(conn: Connection, rule: Rule, now: datetime) -> None:
    conn.execute(update(promise_rules).where(promise_rules.c.id == rule.id).values(removed_at=now))


def _log(conn: Connection, viewer: Viewer, what: str, branch: str, now: datetime, old: Words | None, new: Words | None) -> None:
    changes.record(conn, at=now, who=viewer.who, what=what, subject=_subject(branch),
                   old=vars(old) if old else None, new=vars(new) if new else None)


def _subject(branch: str) -> str:
    return f"branch {branch}" if branch else "company"
