"""The page Promises, drawn: its figures as tiles, where promises were made, and the register of rules with its one form."""

from __future__ import annotations

from datetime import date

import pandas as pd
import streamlit as st

from scoreboard.metrics import words
from scoreboard.state.promise_rules import LONGEST, Rule, Words
from scoreboard.views import filters, parts, picture, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.improve import promises
from scoreboard.views.improve.promises import Promises

_WRITING = "writing_rule"  # in the session: (branch, number of the rule; 0 for a new one)
_CHANGED = "changed_rules"  # in the session: the branch whose rules were changed last, for the way back


def figures(found: Promises, of: str, week: date) -> str | None:
    """The three figures as tiles, and ETAs nobody verified; the metric opened in this run."""
    st.title("What do we promise, and do we keep it?", anchor=False)
    parts.note(f"{found.name} · {words.week_name(week)}, {words.week_span(week)}")
    opened = picture.show_tiles(found.tiles, filters.address(of, week), "promises")
    take_along.drawing("promises", "What we promise", picture.LEGEND)
    st.text(promises.unverified_words(found, week))
    return opened


def made_by(found: Promises) -> None:
    """Kept by where they were made."""
    st.header("Kept, by who promised")
    if found.made_by is None:
        st.text("Where promises were made is shown for one branch: choose one above.")
    elif not found.made_by:
        st.text(f"No line of the {found.span} says who promised. It would show with: {words.called('order_lines.promise_made_by')}.")
    else:
        parts.table(pd.DataFrame(found.made_by), alt="Promises kept by who promised")
        parts.note(f"Lines promised for the {found.span}, by the promise in force. "
                   "Small groups swing by chance. These are places, not people.")


# ---- the register ----------------------------------------------------------------------------------------
def rules(found: Promises, asked: Asked) -> None:
    """What may be promised, by whom, and what happens otherwise; proposals to take over, and one form to write."""
    st.header("What may be promised")
    kept, proposed = promises.rules(asked, found.branch)
    refused = promises.refusal(asked, found.branch)
    if not kept:
        st.text("No rule holds here yet.")
    for rule in kept:
        _rule(rule, found, asked, may=not refused and rule.branch == found.branch)
    if refused:
        parts.note(refused)
        return
    with st.container(horizontal=True):
        if st.session_state.get(_WRITING) != (found.branch, 0):
            st.button("Add a rule", key="add-rule", icon=":material/add:", on_click=_write, args=(found.branch, 0))
        if st.session_state.get(_CHANGED) == found.branch and st.button("Undo the last change", key="undo-rule", icon=":material/undo:"):
            with parts.saying():
                promises.undo(asked, found.branch)
                st.rerun()
    if st.session_state.get(_WRITING) == (found.branch, 0):
        _form(Words("", ""), asked, found.branch, 0)
    if proposed:
        st.subheader("Proposed by the playbook")
        for number, (place, one) in enumerate(zip(st.columns(len(proposed)), proposed, strict=True)):
            with place:
                _proposal(one, number, asked, found.branch)


def _rule(rule: Rule, found: Promises, asked: Asked, may: bool) -> None:
    if st.session_state.get(_WRITING) == (found.branch, rule.id):
        _form(rule.words, asked, found.branch, rule.id)
        return
    with st.container(border=True, gap="xxsmall"):
        _said(rule.words)
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            whose = "Every branch" if not rule.branch and found.branch else ""
            parts.note(" · ".join(filter(None, (whose, f"{rule.who}, {words.day(rule.at.date())}"))))
            if may:
                st.button("Change", key=f"change-rule-{rule.id}", type="tertiary", icon=":material/edit:", on_click=_write,
                          args=(found.branch, rule.id), help=parts.plain(rule.promise))
                if st.button("Remove", key=f"remove-rule-{rule.id}", type="tertiary", icon=":material/close:",
                             help=parts.plain(rule.promise)):
                    with parts.saying():
                        promises.remove(asked, rule.id)
                        _changed(found.branch)


def _proposal(one: Words, number: int, asked: Asked, branch: str) -> None:
    with st.container(border=True, gap="xxsmall"):
        _said(one)
        if st.button("Take it over", key=f"take-rule-{number}", icon=":material/check:", help=parts.plain(one.promise)):
            with parts.saying():
                promises.add(asked, branch, one)
                _changed(branch)


def _said(one: Words) -> None:
    st.markdown(f"**{parts.plain(one.promise)}**")
    st.text(f"By: {one.by}" + (f"\nOtherwise: {one.exception_path}" if one.exception_path else ""))


def _form(one: Words, asked: Asked, branch: str, rule_id: int) -> None:
    with st.form(f"rule-{rule_id}"):
        own = f"{branch}-{rule_id}"
        said = Words(
            st.text_input("What may be promised", one.promise, max_chars=LONGEST["promise"], key=f"promise-{own}",
                          placeholder="Same day, if ordered before 14:00 and verified in stock"),
            st.text_input("By whom", one.by, max_chars=LONGEST["by"], key=f"by-{own}", placeholder="Counter and inside sales"),
            st.text_input("What happens otherwise", one.exception_path, max_chars=LONGEST["exception_path"], key=f"otherwise-{own}",
                          placeholder="Ask the warehouse lead, then call the customer back within the hour"))
        with st.container(horizontal=True):
            kept, left = st.form_submit_button("Keep", type="primary"), st.form_submit_button("Cancel")
    with parts.saying():
        if kept and rule_id:
            promises.change(asked, rule_id, said)
        elif kept:
            promises.add(asked, branch, said)
        if kept or left:
            st.session_state.pop(_WRITING, None)
            _changed(branch) if kept else st.rerun()


def _write(branch: str, rule_id: int) -> None:
    st.session_state[_WRITING] = (branch, rule_id)


def _changed(branch: str) -> None:
    st.session_state[_CHANGED] = branch
    st.rerun()
