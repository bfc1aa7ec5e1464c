"""One exception on the page: how it stands and what comes next, its clocks, what can be done, and everything that was done."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import pandas as pd
import streamlit as st

from scoreboard.cases.actions import BY_WHAT
from scoreboard.cases.desk import Overtaken
from scoreboard.errors import ScoreboardError
from scoreboard.views import parts
from scoreboard.views.asking import Asked
from scoreboard.views.cases import agreed_parts, clocks, detail, doing, drawn, fields, list_parts, listing, timeline
from scoreboard.views.cases.detail import Detail

_SENT, _SAID, _TROUBLE, _OPENED = "case sent", "case said", "case trouble", "case form opened"
_STYLE = """<style>
.st-key-case-next { border-left: 4px solid currentColor; padding-left: 1rem }
.st-key-case-head h1 { padding: 0 0 .75rem }
.st-key-case-do button { color: inherit !important } /* what is chosen is too faint on the dark background */
.st-key-case-log h2, .st-key-case-next h2 { padding-top: 0 }
.case-log { list-style: none !important; margin: 0 !important; padding: 0 !important; line-height: 1.35;
  font-variant-numeric: tabular-nums }
.case-log li { margin: 0 !important; padding: .5rem 0; border-bottom: 1px solid rgba(128, 140, 150, 0.4); overflow-wrap: anywhere }
.case-log span { display: block }
.case-log .when { font-size: .875rem; opacity: .8 }
.case-legs { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .5rem;
  margin: 0 !important; padding: 0 !important; font-variant-numeric: tabular-nums }
.case-legs dt { font-size: .875rem; opacity: .8 } .case-legs dd { margin: 0 !important; font-weight: 600 }
</style>"""


def show(asked: Asked, key: str) -> None:
    """A case by its word in the address."""
    with st.container(gap="xsmall"), parts.saying():
        st.html(_STYLE + fields.STYLE)
        if st.button("All exceptions", icon=":material/arrow_back:", type="tertiary", key="case-back"):
            list_parts.go()
        _take(asked, key)
        found = detail.read(asked, key)
        _head(found)
        left, right = st.columns([3, 2], gap="large")
        with left:
            _next(asked, found)
            _actions(asked, found)
            agreed_parts.playbook_of(asked, found.state)
            drawn.show_clocks(found.clock, found.hours, clocks.millis(asked.settings.now) or 0)
            _legs(found)
            agreed_parts.row_behind(asked, found.state)
        with right, st.container(key="case-log"):
            _log(found)


# ---- how it stands -------------------------------------------------------------------------------------
def _head(found: Detail) -> None:
    state = found.state
    with st.container(gap=None, key="case-head"):
        st.title(parts.plain(f"{listing.capital(state.type)}{f', {state.customer}' if state.customer else ''}"), anchor=False)
        parts.note(found.about)
    if state.critical:
        st.markdown("**▲ Mission-critical**")
    if state.promised:
        st.text(f"Promised: {state.promised}")


def _next(asked: Asked, found: Detail) -> None:
    """How it stands, what has to happen next, and the one button that does it."""
    step = found.next
    with st.container(key="case-next", gap="xsmall"):
        st.text(f"{found.stands}.")
        st.header(parts.plain(step.says if step.what else "Nothing is left to do"), anchor=False)
        if step.because:
            parts.note(step.because)
        for sentence in found.notes:
            parts.note(sentence)
        refusal = asked.refusal("cases")
        if refusal:
            parts.note(f"You can look at it, not work on it. {refusal}")
        elif step.what:
            _buttons(found, asked.viewer.name if asked.viewer.name in found.owners else "")
        _said(found)


def _buttons(found: Detail, me: str) -> None:
    what, state = found.next.what, found.state
    label = f"{state.owner} accepts" if what == "accepted" else doing.label(BY_WHAT[what], state)
    with st.container(horizontal=True, gap="small"):
        if what in doing.AT_ONCE:
            _button(label, "case-first", _send, (found.key, what, found.seen), shortcut="A")
        else:
            _button(label, "case-first", _choose, (found.key, what), shortcut="A")
        if me and me != state.owner and state.resolved_at is None:
            st.button("I take it", key="case-mine", on_click=_send, args=(found.key, doing.TAKE, found.seen))
        if state.proposal and what == "resolved":
            st.button("Not yet", key="case-not-yet", on_click=_send, args=(found.key, "proposed", found.seen))


def _said(found: Detail) -> None:
    """What was done in the last run, and how to take it back."""
    key, sentence = st.session_state.pop(_SAID, ("", ""))
    if key == found.key:
        st.success(parts.plain(sentence), icon=":material/check:")
    trouble = st.session_state.get(_TROUBLE)
    if trouble and trouble[0] == found.key and st.session_state.get(_pill(found.key)) != trouble[1]:
        parts.say(trouble[2])  # of an action without a form
        st.session_state.pop(_TROUBLE)


def _legs(found: Detail) -> None:
    said = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(span)}</dd></div>" for name, span in found.legs)
    st.html(f"<dl class='case-legs'>{said}</dl>")


def _log(found: Detail) -> None:
    st.header("What happened", anchor=False)
    said = "".join(
        f"<li><span class='when'>{escape(line.when)}</span><span><b>{escape(line.who)}</b> {escape(line.did)}</span>"
        f"{''.join(f'<span>{escape(change)}</span>' for change in line.changes)}</li>" for line in found.lines)
    st.html(f"<ol class='case-log'>{said}</ol>")
    if len(found.held) > 1 or any(one["Whose it was"] != "nobody's" for one in found.held):
        st.header("Whose it was", anchor=False)
        parts.table(pd.DataFrame(found.held), alt="Whose it was, one after another")


# ---- what can be done ----------------------------------------------------------------------------------
def _actions(asked: Asked, found: Detail) -> None:
    if asked.refusal("cases"):
        return
    labels = {action.what: doing.label(action, found.state) for action in doing.possible(found.state, asked.settings.now)}
    pill = _pill(found.key)
    if st.session_state.get(pill) not in labels:
        st.session_state[pill] = None
    with st.container(key="case-do"):
        what = st.pills("Do something", list(labels), key=pill, format_func=labels.__getitem__, label_visibility="collapsed", wrap=True,
                        on_change=_opened)
    if what:
        with st.container(border=True, gap="xsmall", key="case-form"):
            _form(found, what, labels[what])
        drawn.keys("case-form", f"{found.key} {what} {st.session_state.get(_OPENED, 0)}", "case-save")


def _form(found: Detail, what: str, label: str) -> None:
    form = doing.form_of(found, what)
    doing.draw(found, what, form)
    key, of, sentence, theirs = st.session_state.get(_TROUBLE, ("", "", "", ()))
    mine = (key, of) == (found.key, what)
    if mine and theirs:
        _overtaken(found, what, theirs)
        return
    if mine:
        parts.say(sentence)
    _button(label, "case-save", _send, (found.key, what, found.seen))


def _button(label: str, key: str, does: Callable[..., None], args: tuple[object, ...], shortcut: str | None = None) -> None:
    st.button(parts.plain(label), type="primary", key=key, shortcut=shortcut, on_click=does, args=args)


def _overtaken(found: Detail, what: str, theirs: tuple[tuple[object, ...], ...]) -> None:
    """Somebody was there first: who changed what, and whose holds."""
    sentences = " ".join(timeline.overtaken(theirs, found.zone))  # type: ignore[arg-type]
    st.warning(parts.plain(f"Meanwhile {sentences} What you typed is still here."), icon=":material/group:")
    with st.container(horizontal=True, gap="small"):
        _button("Save mine anyway", "case-save", _send, (found.key, what, found.seen))
        st.button("Keep the other’s", key="case-theirs", on_click=_leave, args=(found, what))


# ---- callbacks and what follows them -------------------------------------------------------------------
def _pill(key: str) -> str:
    return f"case doing {key}"


def _choose(key: str, what: str) -> None:
    st.session_state[_pill(key)] = what
    _opened()


def _opened() -> None:
    """A form is opened anew: its first field gets the focus."""
    st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1


def _send(key: str, what: str, seen: int) -> None:
    st.session_state[_SENT] = (key, what, seen)


def _leave(found: Detail, what: str) -> None:
    doing.form_of(found, what).done()
    st.session_state.pop(_TROUBLE, None)
    st.session_state[_pill(found.key)] = None


def _take(asked: Asked, key: str) -> None:
    """Does what was sent in this run, before the case is read."""
    of, what, seen = st.session_state.pop(_SENT, ("", "", 0))
    if of != key:
        return
    before = detail.read(asked, key)
    form = doing.form_of(before, what)
    try:
        if what == doing.TAKE:
            doing.take(asked, before.state, seen)
        else:
            doing.do(asked, before.state, what, doing.typed(before, what, form), seen)
    except Overtaken as error:
        st.session_state[_TROUBLE] = (key, what, str(error), tuple(error.theirs))
    except ScoreboardError as error:
        st.session_state[_TROUBLE] = (key, what, str(error), ())
    else:
        form.done()
        st.session_state.pop(_TROUBLE, None)
        st.session_state[_pill(key)] = None
        st.session_state[_SAID] = (key, doing.done(before.state, what))
