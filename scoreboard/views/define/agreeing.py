"""The guided step that agrees targets: one metric at a time, how it ran beside the form.

The convention: the figures that wait on the board come first and each can be skipped; any other metric can be picked.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from scoreboard.metrics import words
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.views import filters, parts
from scoreboard.views.asking import Asked
from scoreboard.views.define import agreements, definitions, explaining, history_chart, miss_form, past, target_fields, target_form
from scoreboard.views.define.target_form import Step

_SAID = "agreed_said"


def show(asked: Asked, of: str | None) -> None:
    """The step: which metric, how it ran, the forms, what was agreed before."""
    if of is None:
        st.text("Targets are agreed for a branch, and there is none yet. Load a first file, or add a branch.")
        return
    step = _begun(asked, of)
    _said(of, step.metric.key)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _background(step)
    with right:
        if done := target_form.show(step) or miss_form.show(step):
            _finish(of, step.metric.key, *done)
    if step.agreement.history:
        st.header("What was agreed before", anchor=False)
        definitions.history(step.agreement)


def _begun(asked: Asked, of: str) -> Step:
    """The metric picked, with all that is known about it."""
    book, found = agreements.read(asked, of), explaining.explanations(asked, of)
    waiting = [e.key for e in found if e.place and book.agreements[e.key].basis in ("none", "sourced")]
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        key = _picked([e.key for e in found], waiting)
        with st.container(width="content"):
            parts.note(_progress(waiting))
    metric, agreement = BY_KEY[key], book.agreements[key]
    return Step(asked, metric, agreement, book, past.past(asked, of, key), target_fields.begin(of, metric, agreement), _next(waiting, key))


# ---- which metric ----------------------------------------------------------------------------------------
def _progress(waiting: Sequence[str]) -> str:
    if not waiting:
        return "Every figure on this board that can have a target has an agreed one. Pick any metric to agree it anew."
    names = words.listed([words.title(BY_KEY[key])[0] for key in waiting])
    return f"On this board without an agreed target: {names}. Pick any other metric as well."


def _picked(keys: Sequence[str], waiting: Sequence[str]) -> str:
    """The metric to agree, those that wait for a target first."""
    ordered = [*waiting, *(key for key in keys if key not in waiting)]
    names = {key: BY_KEY[key].name + (" · no target agreed" if key in waiting else "") for key in ordered}
    st.query_params.setdefault("metric", ordered[0])  # else the picker would begin with the metric last looked at
    return filters.metric(names, ordered[0])


def _next(waiting: Sequence[str], key: str) -> str:
    """The metric after this one that still waits; empty when no other does."""
    at = waiting.index(key) + 1 if key in waiting else 0
    return next((k for k in [*waiting[at:], *waiting[:at]] if k != key), "")


def _finish(of: str, key: str, done: str, at: str) -> None:
    """Offers the next metric, under a sentence about this one."""
    text = done if at == key else f"{done} Next: {BY_KEY[at].name}."
    st.session_state[_SAID] = {"of": of, "key": key, "at": at, "text": text}
    st.query_params["metric"] = at
    st.rerun()


def _said(of: str, key: str) -> None:
    """What was just done, until another metric is looked at."""
    said = st.session_state.get(_SAID)
    if said and (said["of"], said["at"]) == (of, key):
        st.success(parts.plain(said["text"]), icon=":material/check:")
        st.button("Its history", icon=":material/history:", type="tertiary", on_click=definitions.open_metric, args=(said["key"],))


# ---- how it ran ------------------------------------------------------------------------------------------
def _background(step: Step) -> None:
    st.header(step.metric.name, anchor=False)
    st.markdown(step.metric.definition)
    history_chart.show(step.metric, step.ran, _levels(step))
    sentences = (past.summary(step.metric, step.ran), past.best_quarter(step.metric, step.ran))
    st.text(" ".join(text for text in sentences if text))
    now = [f"Now: {step.agreement.figures}."] if step.agreement.basis in ("agreed", "sourced") else []
    st.text("\n".join([*now, step.agreement.origin, *step.agreement.accepted]))


def _levels(step: Step) -> dict[str, float]:
    """The lines over the past: what is typed, else what holds."""
    lines = {name: step.fields.read(name) for name in ("target", "floor", target_fields.TEMPORARY)}
    if all(level is None for level in lines.values()):
        lines = {"target now": step.agreement.target, "floor now": step.agreement.floor}
    return {name: level for name, level in lines.items() if level is not None}
