"""After standards, hours or an accept limit have changed, what is due in open cases is worked out anew.

The convention: in portions, each one short transaction, so that nobody who saves waits; a case is dated under the old terms or the new.
"""

from __future__ import annotations

from sqlalchemy import Engine

from scoreboard.cases.log import open_cases, redate, undated
from scoreboard.cases.terms import Terms
from scoreboard.state.database import reading, writing

PORTION = 2_000  # cases


def redate_all(engine: Engine, terms: Terms) -> int:
    """How many cases were dated anew. Two looks at small tables when nothing has changed."""
    with reading(engine) as conn:
        stale = undated(conn, terms)
        held = open_cases(conn) if stale else {}
    portions: list[list[str]] = [[]]
    for branch in stale:
        if sum(held.get(one, 0) for one in portions[-1]) >= PORTION:
            portions.append([])
        portions[-1].append(branch)
    done = 0
    for portion in portions if stale else []:
        with writing(engine) as conn:
            done += redate(conn, terms, portion)
    return done
