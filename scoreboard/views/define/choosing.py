"""The view that chooses a branch's board: its figures in order, every other one beside them, a reason, Save.

The convention: what is ticked is a draft (see `board_draft`); the board changes with Save.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from scoreboard.errors import ChangedMeanwhile
from scoreboard.state.board_choices import MOST
from scoreboard.views import data, parts
from scoreboard.views.asking import Asked
from scoreboard.views.define import candidates, explaining
from scoreboard.views.define.board_draft import Draft
from scoreboard.views.define.candidates import Candidate, Stand

LONGEST = 500  # characters of a reason
_BACK = "Back to the former choice"


def show(asked: Asked, of: str | None) -> None:
    """The choice of one branch; what others show, and why it is not theirs to choose."""
    if of is None:
        st.text("A board is chosen for a branch, and there is none yet. Load a first file, or add a branch.")
        return
    if of == data.COMPANY or of.startswith(data.TERRITORY):
        _wider(asked)
        return
    stand = candidates.read(asked, of)
    parts.note(stand.origin)
    if refusal := asked.refusal("targets"):
        st.info(parts.plain(refusal), icon=":material/info:")
        st.markdown("\n".join(f"{at}. {candidates.short(key)}" for at, key in enumerate(stand.shown, 1)))
    else:
        _choosing(asked, of, stand)
    _history(asked, of, stand, may=not refusal)


def _wider(asked: Asked) -> None:
    st.text("Territories and the company show the company's choice: branches can only be compared by the same figures. "
            "To choose a board, pick one of the branches above.")
    st.markdown("\n".join(f"{at}. {candidates.short(key)}" for at, key in enumerate(candidates.chosen_for_all(asked), 1)))


def _choosing(asked: Asked, of: str, stand: Stand) -> None:
    draft = Draft(of)
    draft.begin(stand)
    left, right = st.columns([2, 3], gap="large")
    with left, st.container(border=True, gap="xsmall"):
        _order(draft)
        _saving(asked, draft, stand)
    with right:
        st.header("All figures", anchor=False)
        for group in explaining.GROUPS:
            _group(draft, group, [c for c in stand.candidates if c.group == group])


# ---- the order -------------------------------------------------------------------------------------------
def _order(draft: Draft) -> None:
    """The chosen figures in the order of the tiles; one of them is picked, to be moved or taken off."""
    st.header("On the board", anchor=False)
    if draft.keys:
        st.session_state[draft.name("order")] = draft.picked
        places = {key: f"{at}\\. {candidates.short(key)}" for at, key in enumerate(draft.keys, 1)}
        st.radio("Pick one to move it or to take it off; tick others under *All figures*.", list(places), key=draft.name("order"),
                 format_func=places.__getitem__, captions=[candidates.corner(key) for key in places], on_change=draft.pick)
        with st.container(horizontal=True, gap="small"):
            st.button("Up", key=draft.name("up"), icon=":material/arrow_upward:", on_click=draft.move, args=(-1,))
            st.button("Down", key=draft.name("down"), icon=":material/arrow_downward:", on_click=draft.move, args=(1,))
            st.button("Take off", key=draft.name("off"), icon=":material/close:", on_click=draft.toggle, args=(draft.picked,))
    n = len(draft.keys)
    parts.note(f"{n} of {MOST} chosen." if n <= MOST else f"{n} chosen.")


# ---- every figure ----------------------------------------------------------------------------------------
def _group(draft: Draft, group: str, members: Sequence[Candidate]) -> None:
    """One corner's figures; those outside the corners are many, so they begin folded."""
    outside = group == explaining.OTHERS
    fold = st.expander(group, expanded=not outside, key=f"board {draft.of} {group}", on_change="rerun")  # another label would fold it
    if not fold.open:
        return
    with fold:
        chosen = sum(c.key in draft.keys for c in members)
        parts.note(f"{chosen} of {len(members)} chosen.{' Each can have a tile, but does not speak in the triangle.' if outside else ''}")
        for one in members:
            _candidate(draft, one)


def _candidate(draft: Draft, one: Candidate) -> None:
    name = draft.name(f"pick {one.key}")
    st.session_state[name] = one.key in draft.keys
    with st.container(gap=None):
        st.checkbox(f"**{one.name}**{f' ({one.about})' if one.about else ''}", key=name, on_change=draft.toggle, args=(one.key,))
        st.markdown(f":small[:gray[{parts.plain(one.definition)}]]  \n:small[{parts.plain(one.standing)}]")


# ---- saving ----------------------------------------------------------------------------------------------
def _saving(asked: Asked, draft: Draft, stand: Stand) -> None:
    """What is wrong with the draft, the reason, the buttons."""
    problem = candidates.objection(draft.keys)
    if problem or (silent := candidates.silent(draft.keys, stand)):
        st.warning(parts.plain(problem or silent), icon=":material/info:")
    why = st.text_area("Why this choice", key=draft.name("why"), max_chars=LONGEST, height=80, required=True, persist_state="session",
                       help="For whoever asks next year: what was weighed, and who agreed.") or ""
    refused = st.container()
    with st.container(horizontal=True, gap="small"):
        save = st.button("Save", type="primary", key=draft.name("save"))
        follow = stand.own is not None and st.button("Follow the company's choice", key=draft.name("follow"))
    with refused:
        if save:
            _keep(asked, draft, stand, draft.keys, why, "The Scoreboard shows this choice from now on.")
        elif follow:
            _keep(asked, draft, stand, None, why, "The Scoreboard follows the company's choice again.")
    if draft.said:
        st.success(parts.plain(draft.said), icon=":material/check:")
        st.page_link("pages/huddle/scoreboard.py", label="See the board", icon=":material/dashboard:", query_params=_address())


def _keep(asked: Asked, draft: Draft, stand: Stand, keys: Sequence[str] | None, why: str, said: str) -> None:
    """Saves, or says why not; whoever was overtaken sees what became of it, and may save again."""
    with parts.saying():
        try:
            candidates.choose(asked, draft.of, keys, draft.over, why)
        except ChangedMeanwhile:
            draft.look_again(stand)
            raise
        draft.done(said)
        st.rerun()


def _address() -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name not in ("see", "metric")}


# ---- what was chosen before ------------------------------------------------------------------------------
def _history(asked: Asked, of: str, stand: Stand, may: bool) -> None:
    if not stand.history:
        return
    st.header("What was chosen before", anchor=False)
    parts.table(pd.DataFrame(stand.history), "What was chosen for this board, newest first")
    if may and st.button(_BACK, key=f"board {of} back", icon=":material/undo:",
                         help=candidates.names(stand.former) if stand.former else candidates.THE_COMPANYS):
        draft = Draft(of)
        draft.look_again(stand)
        _keep(asked, draft, stand, stand.former, f"{_BACK}.", "The Scoreboard shows the former choice again.")
