"""What has to happen next in a case: the customer before our bookkeeping, an owner before everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from scoreboard.cases.actions import BY_WHAT
from scoreboard.cases.lifecycle import CaseState, status
from scoreboard.cases.next_steps import next_step

NOW = datetime(2026, 11, 9, 12)
HOUR = timedelta(hours=1)
OPENED = CaseState("EAST", "X1", "wrong part", NOW - 4 * HOUR)
OWNED = replace(OPENED, owner="Ann", assigned_at=NOW - 4 * HOUR)
ACCEPTED = replace(OWNED, owner_accepted_at=NOW - 3 * HOUR, accepted_at=NOW - 3 * HOUR)
TOLD_ONCE = replace(ACCEPTED, first_told_at=NOW - 2 * HOUR)
WAITING = [[(NOW - HOUR).isoformat(), (NOW + HOUR).isoformat(), "customer", "customer decides"]]


def promised(at: datetime) -> list[list[str | None]]:
    return [[(NOW - 2 * HOUR).isoformat(), at.isoformat(), None]]


@pytest.mark.parametrize(("state", "what", "says"), [
    (OPENED, "handed over", "Name an owner"), (OWNED, "accepted", "Ann accepts it"),
    (ACCEPTED, "updated", "Tell the customer how it stands"), (TOLD_ONCE, "resolved", "Resolve it"),
    (replace(TOLD_ONCE, promises=promised(NOW)), "updated", "Tell the customer how it stands"),
    (replace(TOLD_ONCE, promises=promised(NOW + HOUR)), "resolved", "Resolve it"),
    (replace(TOLD_ONCE, pauses=WAITING), "resumed", "Wait for the customer"),
    (replace(TOLD_ONCE, pauses=WAITING, promises=promised(NOW)), "updated", "Tell the customer how it stands"),
    (replace(ACCEPTED, proposal="it was delivered"), "resolved", "Look whether it is over"),
    (replace(OPENED, resolved_at=NOW), "told", "Tell the customer the outcome"),
    (replace(OPENED, resolved_at=NOW, told_at=NOW), "debriefed", "Debrief it"),
    (replace(OPENED, resolved_at=NOW, told_at=NOW, change="labels"), "", "Nothing")])
def test_one_thing_comes_next(state: CaseState, what: str, says: str) -> None:
    found = next_step(state, NOW)
    assert (found.what, found.says) == (what, says)
    assert not what or status(state) in BY_WHAT[what].when
