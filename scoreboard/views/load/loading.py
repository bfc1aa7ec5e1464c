"""The Load page's first half: drop files, see what they would change, keep them.

The convention: nothing is kept by looking. Dropping a file begins a dry run; only the one primary button loads, and what it
loads is what was looked at.
"""

from __future__ import annotations

from datetime import timedelta

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from scoreboard.errors import ScoreboardError
from scoreboard.facts.sources import BY_NAME
from scoreboard.metrics import words
from scoreboard.state import branches
from scoreboard.state.database import reading
from scoreboard.state.viewers import MAY_CHANGE
from scoreboard.views import data, jobs, sample
from scoreboard.views.asking import Asked
from scoreboard.views.load import desk, load_screen, load_tables
from scoreboard.views.load import load_words as said
from scoreboard.views.load.bringing import Brought, Outcome
from scoreboard.views.load.desk import Desk
from scoreboard.views.parts import plain, say


def show(asked: Asked) -> None:
    """Drop zone, preview, button, report; for who may not load a sentence in their place."""
    if refusal := asked.refusal("load"):
        st.info(plain(refusal), icon=":material/info:")
        return
    mine = desk.of(asked)
    brought = _drop(asked, mine)
    slot = st.empty()  # one place for preview, progress and report: whichever comes takes the other away
    if mine.loading:
        _wait(mine, slot)
    if brought:
        mine.kept = None
    mine.look_at(asked, brought)
    if mine.look:
        jobs.watch(mine.look, slot)
    with slot.container():
        _shown(asked, mine, brought)


def _shown(asked: Asked, mine: Desk, brought: Brought | None) -> None:
    if mine.failed:
        say(said.spoken(str(mine.failed)))
    if brought and mine.look:
        _preview(asked, mine, brought, mine.look)
    elif mine.kept:
        _report(asked, mine.kept.result())


# ---- what is brought -----------------------------------------------------------------------------------
def _drop(asked: Asked, mine: Desk) -> Brought | None:
    files = st.file_uploader("Export files, CSV or Excel", accept_multiple_files=True, key=f"files_{mine.zone}", disabled=mine.loading)
    with st.expander(said.HELP):
        brought = _helped(asked, mine, tuple(files or ()))
    with st.expander("What a file needs"):
        st.markdown("Column names are found however they are spelled: *Order No*, *order-no* and *ORDER_NO* are one. "
                    "What your system calls something else, a map says. More columns show more figures.")
        st.dataframe(load_tables.source_rows(), height="content", hide_index=True, alt="What can be loaded, and the columns it needs.")
    return brought if brought.files else None


def _helped(asked: Asked, mine: Desk, files: tuple[object, ...]) -> Brought:
    """What was said about the files; nothing has to be."""
    def key(name: str) -> str:
        return f"{name}_{mine.zone}"

    off, may_add = mine.loading, "branches" in MAY_CHANGE[asked.viewer.role] and asked.viewer.branches is None
    known = _branches(asked)
    st.markdown("Nothing here has to be set. It is for files that do not say everything themselves.")
    with st.container(horizontal=True):
        source = st.selectbox("What it is", list(BY_NAME), index=None, format_func=lambda name: BY_NAME[name].title, width=300,
                              placeholder="Find out from the file", key=key("source"), disabled=off)
        branch = st.selectbox("Branch of all its rows", list(known), index=None, format_func=lambda code: known.get(code, code), width=300,
                              placeholder="The file says", accept_new_options=may_add, key=key("branch"), disabled=off,
                              help="For a file without a branch column.")
        through = st.datetime_input("How far it reaches", None, max_value=asked.settings.now + timedelta(days=1), width=300,
                                    key=key("through"), disabled=off, format="YYYY-MM-DD",
                                    help="Local time. Without it the file reaches to its latest event.")
    map_file = st.file_uploader("A map: what your columns are called (TOML)", ["toml"], key=key("map"), disabled=off)
    create = may_add and st.toggle("Add branches that are not known yet", not _own_branches(asked), key=_add_key(mine), disabled=off,
                                   help="On for the first file. Later a code nobody knows is more likely a slip than a new branch.")
    whole = st.toggle("Only if every row can go in", key=key("whole"), disabled=off, help="One row that cannot keeps the whole load out.")
    return Brought(files, source, branch, through, map_file, bool(create), whole)  # type: ignore[arg-type]


def _add_key(mine: Desk) -> str:
    return f"add_branches_{mine.zone}"


def _branches(asked: Asked) -> dict[str, str]:
    with reading(asked.engine) as conn:
        found = branches.listing(conn, asked.viewer)
    return {b.code: b.code if b.code == b.name else f"{b.name} ({b.code})" for b in found}


def _own_branches(asked: Asked) -> bool:
    """Whether a branch is known that is not of the sample."""
    with reading(asked.engine) as conn:
        return any(not b.sample for b in branches.all_branches(conn).values())


# ---- before ----------------------------------------------------------------------------------------------
def _preview(asked: Asked, mine: Desk, brought: Brought, look: jobs.Job[Outcome]) -> None:
    try:
        outcome = look.result()
    except ScoreboardError as error:
        say(said.spoken(str(error)))
        return
    _before(asked, mine, brought, outcome)


def _before(asked: Asked, mine: Desk, brought: Brought, outcome: Outcome) -> None:
    report = outcome.report
    for one in report.unread:
        say(said.spoken(one.why))
    with st.container(border=True, key="verdict"):
        st.header("Before anything is kept")
        if report.unread:
            names = words.listed([one.name for one in report.unread])
            are, them = ("is", "it") if len(report.unread) == 1 else ("are", "them")
            st.markdown(plain(f"{names} {are} left out here. Take {them} out of the list above, or help {them}, to load the rest."))
        leaves = " The sample company leaves." if said.rows_in(report) and sample.is_shown(asked) else ""
        st.markdown(plain(said.verdict(report) + leaves))
        _add_branches(mine, brought, outcome, may_add="branches" in MAY_CHANGE[asked.viewer.role])
        if not report.refused and not report.unread and said.rows_in(report):
            _button(asked, mine, brought)
    load_screen.show(outcome, data.scopes(asked))


def _add_branches(mine: Desk, brought: Brought, outcome: Outcome, *, may_add: bool) -> None:
    unknown = load_tables.unknown_branches(outcome.report)
    if not unknown or not may_add or brought.create_branches:
        return
    names = ", ".join(unknown[:10]) + (f" and {len(unknown) - 10} more" if len(unknown) > 10 else "")
    st.markdown(plain(f"{said.counted(len(unknown), 'branch is', 'branches are')} not known: {names}."))
    st.button("Add as new and look again", key="add_branches_now", icon=":material/add:",
              on_click=lambda: st.session_state.update({_add_key(mine): True}))


def _button(asked: Asked, mine: Desk, brought: Brought) -> None:
    if st.button("Load these rows", type="primary", key="keep", icon=":material/check:"):
        mine.keep(asked, brought)
        st.rerun()


# ---- after -----------------------------------------------------------------------------------------------
def _wait(mine: Desk, slot: DeltaGenerator) -> None:
    """Watches the load on its way. One that fails leaves the files where they are, with its sentence."""
    assert mine.kept is not None
    jobs.watch(mine.kept, slot)
    try:
        mine.kept.result()
        mine.clear()
    except ScoreboardError as error:
        mine.kept, mine.failed = None, error
    except BaseException:
        mine.kept = None
        raise
    st.rerun()


def _report(asked: Asked, outcome: Outcome) -> None:
    report = outcome.report
    with st.container(border=True, key="verdict"):
        st.header(f"Load {report.load_id} is in" if report.load_id is not None else "Nothing was loaded")
        st.markdown(plain(said.verdict(report) + (" The sample company has left." if report.sample_left else "")))
        st.page_link("pages/huddle/scoreboard.py", label="See the scoreboard", icon=":material/arrow_forward:")
    load_screen.show(outcome, data.scopes(asked))
