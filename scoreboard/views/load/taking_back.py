"""Taking a load back on the Load page: the button, the question, the work, and what became of it.

The convention: a yes is only noted where it is said; the next run of the page does the work, with who asks then.
"""

from __future__ import annotations

from typing import Any

import streamlit as st
from sqlalchemy import Engine

from scoreboard.errors import ScoreboardError
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports import sampling, undoing
from scoreboard.imports.load_report import LoadReport
from scoreboard.settings import Settings
from scoreboard.state.viewers import MAY_CHANGE, Viewer
from scoreboard.views import jobs
from scoreboard.views.asking import Asked
from scoreboard.views.load import load_words as said
from scoreboard.views.load.desk import Desk
from scoreboard.views.parts import note, plain


def button(asked: Asked, mine: Desk, load: dict[str, Any]) -> None:
    """The button of one load in the list, for who may."""
    may = "undo" in MAY_CHANGE[asked.viewer.role] and bool(load["files"]) and (not load["sample"] or asked.viewer.branches is None)
    if may and st.button("Take the sample away" if load["sample"] else "Take back", key=f"take_back_{load['load_id']}",
                         icon=":material/undo:", disabled=mine.loading):
        _confirm(mine, load)


def _confirm(mine: Desk, load: dict[str, Any]) -> None:
    title = "Take the sample away?" if load["sample"] else f"Take load {load['load_id']} back?"
    st.dialog(title)(_ask)(mine, load)


def _ask(mine: Desk, load: dict[str, Any]) -> None:
    if load["sample"]:
        st.markdown("Its branches, targets and options go with it. You can show it again as long as nothing else is loaded.")
    else:
        st.markdown("The figures become what they would be if it had never been loaded, whatever was loaded since. "
                    "Nothing is deleted: it stays in this list, and its files can be loaded again.")
    for file in load["files"][:10]:
        note(f"{file['name']} · {BY_NAME[file['source']].title}")
    with st.container(horizontal=True):
        yes = st.button("Take it back" if not load["sample"] else "Take it away", type="primary", key="take_back_yes",
                        on_click=want_back, args=(mine, load))
        no = st.button("Leave it", key="take_back_no")
    if yes or no:
        st.rerun()


def want_back(mine: Desk, load: dict[str, Any]) -> None:
    """Somebody said yes. The next run of the page does it, with who asks then."""
    mine.wanted_back = load


def taken_back(asked: Asked, mine: Desk) -> None:
    """Begins what was said yes to, watches it, says what became of it. A second click finds the first one's work."""
    if mine.wanted_back and not mine.taking_back:
        mine.told, mine.taking_back = "", _begun(asked, mine.wanted_back)
    mine.wanted_back = None
    if mine.taking_back:
        jobs.watch(mine.taking_back, st.empty())
        ended, mine.taking_back = mine.taking_back, None
        try:
            mine.told = ended.result()
        except ScoreboardError as error:
            mine.told = said.spoken(str(error))
        mine.look_again()
        st.rerun()
    if mine.told:
        st.info(plain(mine.told), icon=":material/undo:")


def _begun(asked: Asked, load: dict[str, Any]) -> jobs.Job[str]:
    number, place = load["load_id"], (asked.settings, asked.engine, asked.viewer)
    if load["sample"]:
        return jobs.Job("Taking the sample away", lambda tell: sample_away(*place))
    return jobs.Job(f"Taking load {number} back and working out the figures", lambda tell: gone(undoing.undo(*place, number)))


def sample_away(settings: Settings, engine: Engine, viewer: Viewer) -> str:
    """Takes the sample away; says so."""
    sampling.take_away(settings, engine, viewer)
    return "The sample company was taken away."


def gone(report: LoadReport) -> str:
    """What taking a load back came to."""
    if not report.weeks:
        return (f"Load {report.load_id} was taken back; no weekly figure changed. Its rows are in other loads too, "
                "or do not count.")
    return (f"Load {report.load_id} was taken back: {said.counted(report.moved, 'weekly figure')} on the board changed, "
            f"in {said.counted(len(report.weeks), 'week')}.")
