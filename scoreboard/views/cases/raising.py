"""Raising an exception: a form that takes twenty seconds, without a mouse if one likes.

The convention: the type says where the chain broke and who gets it; both can be changed. What is refused keeps everything typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from scoreboard.cases import contacts, desk, types
from scoreboard.cases.actions import Desk
from scoreboard.cases.lifecycle import CRITICAL, CaseState
from scoreboard.errors import Refused, ScoreboardError
from scoreboard.metrics import company as companies
from scoreboard.state.database import reading, writing
from scoreboard.state.option_kinds import HANDOFFS
from scoreboard.views import data, parts
from scoreboard.views.asking import Asked
from scoreboard.views.cases import drawn, fields, moments
from scoreboard.views.cases.fields import Fields

FORM = "raise"
_OPEN, _SENT, _REFUSED = "raising", "raising sent", "raising refused"
_LINES = ("customer", "order_no", "part_no", "promised", "note")


@dataclass(frozen=True)
class Known:
    """What a branch's form offers: its types with their handoff and owner, and who can own."""

    kinds: Mapping[str, tuple[str, str]]
    owners: tuple[str, ...]


def known(asked: Asked, branch: str) -> Known:
    """What can be chosen at a branch, as of now."""
    with reading(asked.engine) as conn:
        found = types.of_branch(conn, branch)
        owners = contacts.owners(conn, branch, asked.settings.now)
    named = {one.owner for one in found if one.owner}
    return Known({one.name: (one.handoff, one.owner) for one in found}, tuple(sorted({*owners, *named})))


def raise_it(asked: Asked, branch: str, typed: Mapping[str, Any]) -> CaseState:
    """Raises what was typed. Raises as `desk.raise_case` says."""
    with writing(asked.engine) as conn:
        terms = companies.read(conn, asked.settings.now).terms
        at_desk = Desk(conn, asked.viewer, terms, asked.settings.now)
        asked.viewer.require_branch(branch)
        noticed = moments.read(typed.get("noticed"), branch, terms, at_desk.now, ahead=False) if branch in terms.zones else None
        given = {name: typed.get(name) for name in ("type", "handoff", "owner", *_LINES) if typed.get(name)}
        return desk.raise_case(at_desk, branch, given | ({"priority": CRITICAL} if typed.get("critical") else {}), opened_at=noticed)


# ---- the form ------------------------------------------------------------------------------------------
def button(asked: Asked) -> None:
    """What opens the form; who may not raise reads why where the form would be."""
    if not asked.refusal("cases"):
        st.button("Raise an exception", type="primary", key="raise-open", shortcut="N", on_click=_open, help="Or press N.")


def show(asked: Asked, of: str) -> CaseState | None:
    """The form while it is open. What was raised in this run."""
    if refusal := asked.refusal("cases"):
        parts.note(f"You can look at exceptions here, not work on them. {refusal}")
        return None
    form = Fields(f"{FORM} {of}")
    if st.session_state.pop(_SENT, None) == of and (raised := _raise(asked, of, form)):
        return raised
    if st.session_state.get(_OPEN):
        with st.container(border=True, gap="xsmall", key="raise"):
            _draw(asked, of, form)
        drawn.keys("raise", st.session_state[_OPEN], "raise-save")
    return None


def _open() -> None:
    st.session_state[_OPEN] = st.session_state.get(_OPEN, 0) + 1


def _close() -> None:
    st.session_state.pop(_OPEN, None)
    st.session_state.pop(_REFUSED, None)


def _send(of: str) -> None:
    st.session_state[_SENT] = of


def _raise(asked: Asked, of: str, form: Fields) -> CaseState | None:
    try:
        branch = form.typed("branch") if _is_wider(of) else of
        if not branch:
            raise Refused("The branch it belongs to was not said.", "Choose the branch.")
        names = ("type", "handoff", "owner", "critical", "noticed", *_LINES)
        raised = raise_it(asked, branch, {name: form.typed(name) for name in names})
    except ScoreboardError as error:
        st.session_state[_REFUSED] = str(error)
        return None
    _close()
    form.done()
    return raised


def _draw(asked: Asked, of: str, form: Fields) -> None:
    st.html(fields.STYLE)
    branch: str | None = of
    if _is_wider(of):
        names = {code: name for code, name in data.scopes(asked).items() if not _is_wider(code)}
        fields.choice(form, "branch", "Branch", list(names), shown=names.__getitem__, placeholder="Where it happened", required=True,
                      changed=_nothing)
        branch = form.typed("branch")
    there = known(asked, branch) if branch else Known({one.name: (one.handoff, one.owner) for one in types.TYPES}, ())
    first, second, third, fourth = st.columns(4, gap="small")
    with first:
        fields.choice(form, "type", "What went wrong", list(there.kinds), placeholder="Type or choose", required=True,
                      changed=_prefill, args=(form, there.kinds))
    with second:
        fields.line(form, "customer", "Customer")
    with third:
        fields.line(form, "order_no", "Order")
    with fourth:
        fields.line(form, "part_no", "Part")
    fields.line(form, "promised", "What was promised", placeholder="Delivered today by 15:00, credited this week …")
    fields.tick(form, "critical", "Mission-critical: a machine or a vehicle stands still", "Everybody on the ladder hears of it at once.")
    _filled(form, there)
    _ends(of, branch, there)


def _filled(form: Fields, there: Known) -> None:
    """What is filled in by the type, and what may stay empty."""
    first, second, third, fourth = st.columns(4, gap="small")
    with first:
        fields.choice(form, "handoff", "Where the chain broke", HANDOFFS, placeholder="By its type")
    with second:
        fields.choice(form, "owner", "Owner", there.owners, placeholder="By its type" if there.owners else "Nobody is known yet")
    with third:
        fields.behind(form, "noticed", "When it was noticed")
    with fourth:
        fields.line(form, "note", "Note")


def _ends(of: str, branch: str | None, there: Known) -> None:
    if refused := st.session_state.get(_REFUSED):
        parts.say(refused)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.button("Raise it", type="primary", key="raise-save", on_click=_send, args=(of,))
        st.button("Close the form", key="raise-close", type="tertiary", on_click=_close, help="What you typed stays here.")
        if branch and not there.owners:
            parts.note("Nobody can own exceptions here yet. Add who can below, under who owns and who hears.")
        else:
            parts.note("Enter raises it. Its timer starts at once.")


def _prefill(form: Fields, kinds: Mapping[str, tuple[str, str]]) -> None:
    """As a callback: the type says the handoff and the owner."""
    handoff, owner = kinds.get(form.typed("type") or "", ("", ""))
    form.put("handoff", handoff or None)
    form.put("owner", owner or None)


def _nothing() -> None:
    """As a callback: only draws anew."""


def _is_wider(of: str) -> bool:
    return of == data.COMPANY or of.startswith(data.TERRITORY)
