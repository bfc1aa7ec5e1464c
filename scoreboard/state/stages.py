"""Who owns a stage of the chain at a branch, and what "done" means there.

A stage has one owner and one sentence. What is written anew is never lost: the change log keeps what stood before, and one step
back puts it there again. An owner answers for how the stage works; no miss is ever counted beside the name.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from scoreboard.errors import Refused, did_you_mean
from scoreboard.state import changes
from scoreboard.state.schema import stages
from scoreboard.state.viewers import Viewer

STAGES: dict[str, str] = {
    "quote": "Quote", "pick": "Pick", "stage": "Stage", "load": "Load", "deliver": "Deliver", "close": "Close the loop"}
LONGEST_OWNER, LONGEST = 100, 300
SET = "stage set"  # what the change log calls it


@dataclass(frozen=True)
class Agreed:
    """What is agreed of a stage; both empty where nothing is."""

    owner: str = ""
    done_means: str = ""


def of_branch(conn: Connection, viewer: Viewer, branch: str) -> dict[str, Agreed]:
    """What a branch has agreed, by stage in the order of the chain. NotAllowed for another's branch."""
    viewer.require_branch(branch)
    rows = conn.execute(select(stages.c.stage, stages.c.owner, stages.c.done_means).where(stages.c.branch == branch))
    kept = {stage: Agreed(owner, done) for stage, owner, done in rows}
    return {stage: kept.get(stage, Agreed()) for stage in STAGES}


def agree(conn: Connection, viewer: Viewer, *, branch: str, stage: str, owner: str, done_means: str, now: datetime,
          seen: Agreed | None = None) -> None:
    """Keeps owner and sentence of a stage; empty takes off. With `seen`, what stood there when the writer began, it is Refused
    when somebody else has changed it since. NotAllowed as `of_branch`, or for a role that may not; Refused for an unknown stage
    or too many words."""
    viewer.require_change("standards")
    before = of_branch(conn, viewer, branch)
    if stage not in STAGES:
        raise Refused(f'"{stage}" is not a stage of the chain.', f"Use one of: {', '.join(STAGES)}.{did_you_mean(stage, STAGES)}")
    after = Agreed(" ".join(owner.split()), " ".join(done_means.split()))
    if len(after.owner) > LONGEST_OWNER or len(after.done_means) > LONGEST:
        raise Refused(f"An owner has room for {LONGEST_OWNER} characters, what done means for {LONGEST}.", "Say it shorter.")
    if seen is not None and seen != before[stage]:
        last = _changes(conn, branch, stage)[0]
        raise Refused(f"{last.who} changed {STAGES[stage]} meanwhile: {_said(before[stage])}.", "Look at it and write yours again.")
    if after == before[stage]:
        return
    conn.execute(delete(stages).where(stages.c.branch == branch, stages.c.stage == stage))
    if after != Agreed():
        conn.execute(insert(stages).values(branch=branch, stage=stage, **asdict(after), who=viewer.who, changed_at=now))
    changes.record(conn, at=now, who=viewer.who, what=SET, subject=f"branch {branch}",
                   old={"stage": stage, **asdict(before[stage])}, new={"stage": stage, **asdict(after)})


def former(conn: Connection, viewer: Viewer, branch: str, stage: str) -> Agreed | None:
    """What stood there before the last change; None where nothing was ever written."""
    viewer.require_branch(branch)
    found = _changes(conn, branch, stage)
    return Agreed(found[0].old["owner"], found[0].old["done_means"]) if found else None


def put_back(conn: Connection, viewer: Viewer, *, branch: str, stage: str, now: datetime) -> None:
    """Undoes the last change of a stage; a second time it stands again. Refused where there is nothing to put back."""
    before = former(conn, viewer, branch, stage)
    if before is None:
        raise Refused("Nothing has been changed here yet.", "Write an owner and what done means.")
    agree(conn, viewer, branch=branch, stage=stage, owner=before.owner, done_means=before.done_means, now=now)


def _changes(conn: Connection, branch: str, stage: str) -> list[changes.Change]:
    return [one for one in changes.about(conn, f"branch {branch}", [SET]) if one.new["stage"] == stage]


def _said(agreed: Agreed) -> str:
    return f'owner "{agreed.owner or "nobody"}", done means "{agreed.done_means or "not written"}"'
