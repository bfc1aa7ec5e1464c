"""A week as it was reported: the switch beside the pickers, and what changed since.

Nothing can be switched, and nothing is shown, where nothing changed or nothing is reported yet.
"""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from scoreboard.imports.causes import causes
from scoreboard.metrics import board as boards
from scoreboard.metrics import words
from scoreboard.metrics.restated import compare
from scoreboard.state.database import reading
from scoreboard.views import asking, data, parts, restated_words
from scoreboard.views.asking import Asked

IN_ADDRESS = "reported"  # ?reported=yes
_SWITCH = "reported_switch"
THEN = "Its targets are those agreed by then; which figures it shows, and where a usual level begins, is what was chosen since."


def switch(changed: int) -> bool:
    """Turns the board to its report and back, where `changed` figures differ; which one is shown. The address decides."""
    if not changed:
        st.query_params.pop(IN_ADDRESS, None)
        return False

    def turned() -> None:
        st.query_params.pop(IN_ADDRESS, None)
        if st.session_state[_SWITCH]:
            st.query_params[IN_ADDRESS] = "yes"

    st.session_state[_SWITCH] = st.query_params.get(IN_ADDRESS) == "yes"
    said = restated_words.changed_since(changed)
    return st.toggle("As it was reported", key=_SWITCH, on_change=turned, help=f"{said} this week was reported. {THEN}")


def show(asked: Asked, of: str, week: date, key: str = "") -> None:
    """Every step between the report and now, of one metric or of those on the board; nothing where nothing changed."""
    at, found = _changes(asked.cache_key, of, week, key, asked)
    if found:
        st.header("As reported, and as known now")
        st.text(f"{words.week_name(week)} was reported on {at}. Since then:")
        parts.table(pd.DataFrame(found), alt=f"What changed in {words.week_name(week).lower()} since it was reported")


@st.cache_data(max_entries=500, show_spinner=False)
def _changes(cached: tuple[object, ...], of: str, week: date, key: str, _asked: Asked) -> tuple[str, list[dict[str, str]]]:
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        scope = data.scope_of(company, _asked, of)
        board = boards.read(conn, _asked.settings, scope, week, company=company, also=(key,) if key else ())
        since = compare(conn, company, scope, week, (t.picked for t in board.tiles if t.metric.key == key or not key))
        if since is None:
            return "", []
        made = causes(conn, _asked.viewer, {change.version for one in since.changed for change in one.changes})
    steps = restated_words.steps(since, made, dict(asking.names()), company)
    rows = [{head: cell for head, cell in step.items() if head != "Figure" or not key} for step in steps]
    return restated_words.moment(since.at, company), rows
