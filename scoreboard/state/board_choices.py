"""The metrics a branch has chosen for its board, in their order. A branch without a choice follows the company's
(the option `board_metrics`); territories and the company always do, because only like tiles can be compared.

A choice has no date: it says what people look at, also when they look at an earlier week.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select

from scoreboard.errors import ChangedMeanwhile, Refused, did_you_mean
from scoreboard.state import branches, changes
from scoreboard.state.changes import Change
from scoreboard.state.schema import board_choices
from scoreboard.state.viewers import Viewer

FEWEST, MOST = 6, 8  # fewer say too little about a branch, more are not read at three metres
CHOSEN, GIVEN_BACK = "board chosen", "board given back"


class Choosable(Protocol):
    """What is asked of a metric here."""

    @property
    def name(self) -> str: ...

    @property
    def corner(self) -> str: ...


Known = Mapping[str, Choosable]


@dataclass(frozen=True)
class Choice:
    """The metrics of one branch's board, by key, in the order of the tiles."""

    metrics: tuple[str, ...]
    who: str
    changed_at: datetime


# ---- reading -----------------------------------------------------------------------------------------
def every(conn: Connection) -> dict[str, Choice]:
    """Every branch's choice by its code. For the program itself: a person gets `of_branch`."""
    columns = (board_choices.c.branch, board_choices.c.metrics, board_choices.c.who, board_choices.c.changed_at)
    return {branch: Choice(tuple(metrics), who, at) for branch, metrics, who, at in conn.execute(select(*columns))}


def of_branch(conn: Connection, viewer: Viewer, branch: str) -> Choice | None:
    """The branch's own choice; None while it follows the company's."""
    _require_known(conn, viewer, branch)
    return every(conn).get(branch)


def history(conn: Connection, viewer: Viewer, branch: str) -> list[Change]:
    """What was chosen and given back, newest first; `old` and `new` are lists of keys, None is the company's choice."""
    viewer.require_branch(branch)
    return changes.about(conn, f"branch {branch}", (CHOSEN, GIVEN_BACK))


# ---- choosing ----------------------------------------------------------------------------------------
def choose(conn: Connection, viewer: Viewer, branch: str, metrics: Sequence[str], *, over: Choice | None, why: str,
           now: datetime, known: Known) -> Choice:
    """Give a branch a board of its own. `over` is the choice the person looked at, `known` every metric by its key.

    Raises Refused, saying what a board must be (see `require_board`); ChangedMeanwhile when `over` is no longer kept.
    """
    _require_change(conn, viewer, branch, over)
    require_board(metrics, known)
    new = Choice(tuple(metrics), viewer.who, now)
    if over and over.metrics == new.metrics:
        raise Refused("The board shows these figures in this order already.", "Change one of them first.")
    _require_reason(why)
    _forget(conn, branch)
    conn.execute(insert(board_choices).values(branch=branch, metrics=list(metrics), who=viewer.who, changed_at=now))
    changes.record(conn, at=now, who=viewer.who, what=CHOSEN, subject=f"branch {branch}", why=why.strip(),
                   old=list(over.metrics) if over else None, new=list(metrics))
    return new


def give_back(conn: Connection, viewer: Viewer, branch: str, *, over: Choice | None, why: str, now: datetime) -> None:
    """Let a branch follow the company's choice again. Raises as `choose`."""
    _require_change(conn, viewer, branch, over)
    if over is None:
        raise Refused("This board follows the company's choice already.")
    _require_reason(why)
    _forget(conn, branch)
    changes.record(conn, at=now, who=viewer.who, what=GIVEN_BACK, subject=f"branch {branch}", why=why.strip(), old=list(over.metrics))


def require_board(metrics: Sequence[str], known: Known) -> None:
    """Raises Refused unless these can be a board: 6 to 8 different metrics that exist, with each corner held by one."""
    for key in metrics:
        if key not in known:
            raise Refused(f'There is no metric "{key}".', f"See `metrics` for all.{did_you_mean(key, known)}")
        if metrics.count(key) > 1:
            raise Refused(f"{known[key].name} is named twice.", "A metric has one place on a board.")
    if len(metrics) < FEWEST:
        raise Refused(f"A board has {FEWEST} to {MOST} figures, this choice has {len(metrics)}.", f"Add {FEWEST - len(metrics)} or more.")
    if len(metrics) > MOST:
        raise Refused(f"A board has {FEWEST} to {MOST} figures, this choice has {len(metrics)}.", f"Take {len(metrics) - MOST} off.")
    _require_corners(metrics, known)


def _require_corners(metrics: Sequence[str], known: Known) -> None:
    """Speed, accuracy and confidence are held at the same time: a board that is silent about one hides what it costs."""
    for corner in dict.fromkeys(metric.corner for metric in known.values() if metric.corner):
        if not any(known[key].corner == corner for key in metrics):
            could = [metric.name for metric in known.values() if metric.corner == corner]
            raise Refused(f"Nothing on this board would speak for {corner}; speed, accuracy and confidence are held at the same time.",
                          f"Add one of: {'; '.join(could)}.")


def _require_change(conn: Connection, viewer: Viewer, branch: str, over: Choice | None) -> None:
    viewer.require_change("targets")
    present = of_branch(conn, viewer, branch)
    if present != over:
        became = f"{present.who} chose other figures for it." if present else "It follows the company's choice again."
        raise ChangedMeanwhile(f"This board was changed meanwhile: {became}", "Look at what it shows now; to replace that, save again.")


def _require_reason(why: str) -> None:
    if not why.strip():
        raise Refused("A change of the board needs a reason.", "Say why, for whoever asks next year.")


def _require_known(conn: Connection, viewer: Viewer, branch: str) -> None:
    viewer.require_branch(branch)
    known = branches.all_branches(conn)
    if branch not in known:
        raise Refused(f'There is no branch "{branch}".', f"Add it first.{did_you_mean(branch, known)}")


def _forget(conn: Connection, branch: str) -> None:
    conn.execute(delete(board_choices).where(board_choices.c.branch == branch))

