"""The view of a branch's clock: when it is open, whose holidays it keeps, and the form that changes them.

The convention: a change is a job, because every week is worked out anew with it; what was typed stays when it is refused.
"""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from scoreboard.views import data, jobs, parts
from scoreboard.views.asking import Asked
from scoreboard.views.define import branch_facts
from scoreboard.views.define.branch_facts import DAYS, Facts

_JOB = "hours_job"


@dataclass(frozen=True)
class Form:
    """The fields of one branch, kept in the session; each round begins with what is kept."""

    of: str

    @property
    def _rounds(self) -> str:
        return f"hours {self.of} rounds"

    def name(self, field: str) -> str:
        return f"hours {self.of} {st.session_state.get(self._rounds, 0)} {field}"

    def began(self, facts: Facts) -> dict[str, str]:
        """What was kept when this round began: what the fields showed first."""
        b = facts.branch
        found: dict[str, str] = st.session_state.setdefault(self.name("began"), {
            "name": b.name, "territory": facts.territory, "time_zone": b.time_zone, "open_days": b.open_days, "opens": b.opens,
            "closes": b.closes, "country": b.country})
        return found

    def done(self, said: str) -> None:
        st.session_state[self._rounds] = st.session_state.get(self._rounds, 0) + 1
        st.session_state[f"hours {self.of} said"] = said

    @property
    def said(self) -> str:
        return str(st.session_state.get(f"hours {self.of} said", ""))


def show(asked: Asked, of: str | None) -> None:
    """What is kept of one branch, and the form for who may change it."""
    if of is None or of == data.COMPANY or of.startswith(data.TERRITORY):
        st.text("Hours belong to one branch. " + ("There is none yet: load a first file, or add a branch." if of is None
                                                   else "Pick one of the branches above."))
        return
    facts = branch_facts.read(asked, of)
    left, right = st.columns(2, gap="large")
    with left:
        _facts(facts)
    with right:
        if refusal := asked.refusal("branches"):
            st.info(parts.plain(refusal), icon=":material/info:")
        else:
            _form(asked, Form(of), facts)
    if facts.history:
        st.header("What was changed before", anchor=False)
        parts.table(pd.DataFrame(facts.history), "What was changed of this branch, newest first")


def _facts(facts: Facts) -> None:
    b = facts.branch
    st.header("As kept now", anchor=False)
    rows = [("Code", b.code), ("Name", b.name), ("Territory", facts.territory or "in no territory"), ("Time zone", b.time_zone),
            ("Open on", branch_facts.open_on(b.open_days)), ("Hours", f"{b.opens} to {b.closes}"),
            ("Holidays of", b.country or "no country: every open day counts")]
    with st.container(gap="xsmall"):
        for name, text in rows:
            with st.container(horizontal=True, wrap=False, gap="small"):
                st.markdown(f":gray[{name}]", width=108)
                st.text(text, width="stretch")
    st.subheader("Holidays of the coming 13 weeks", anchor=False)
    if facts.holidays:
        parts.table(pd.DataFrame(facts.holidays, columns=["Day", "Holiday"]), "Holidays of the coming 13 weeks")
    else:
        parts.note("There are no holidays in them." if b.country else "No country is given, so no day is taken for a holiday.")


# ---- changing --------------------------------------------------------------------------------------------
def _form(asked: Asked, form: Form, facts: Facts) -> None:
    with st.container(border=True, gap="xsmall"):
        st.header("Change it", anchor=False)
        parts.note("Hours have no date: they hold for the past as well, and every week is worked out anew. Counted in opening hours: "
                   f"{branch_facts.in_working_time()}. A promise without a time ends at closing; the last open day completes a week.")
        typed = _typed(form, facts)
        refused = st.container()
        wanted = st.button("Save", type="primary", key=form.name("save"))
        with refused:
            if wanted and _JOB not in st.session_state:
                _begin(asked, form, facts, typed)
            _watch()
        if form.said:
            st.success(parts.plain(form.said), icon=":material/check:")


def _typed(form: Form, facts: Facts) -> dict[str, str]:
    """The fields as they stand now."""
    first, kept = form.began(facts), facts.territories
    name = st.text_input("Name", first["name"], key=form.name("name"), max_chars=200, persist_state="session")
    territory = st.selectbox("Territory, from this week on", kept, key=form.name("territory"), accept_new_options=True,
                             index=kept.index(first["territory"]) if first["territory"] in kept else None,
                             placeholder="Pick one or type a new name", persist_state="session")
    zones = sorted(zoneinfo.available_timezones() | {first["time_zone"]})
    zone = st.selectbox("Time zone", zones, zones.index(first["time_zone"]), key=form.name("zone"), persist_state="session", required=True)
    st.markdown(":small[Open on]")
    with st.container(horizontal=True, gap="small"):
        days = [day for day, word in DAYS.items()
                if st.checkbox(word[:3], day in first["open_days"], key=form.name(f"day {day}"), persist_state="session")]
    with st.container(horizontal=True, gap="small"):
        opens = st.text_input("Opens", first["opens"], key=form.name("opens"), max_chars=5, width=110, persist_state="session")
        closes = st.text_input("Closes", first["closes"], key=form.name("closes"), max_chars=5, width=110, persist_state="session")
        country = st.text_input("Holidays of", first["country"], key=form.name("country"), max_chars=10, width=150, persist_state="session",
                                help="A country or a country and its region, such as US, US-TX or CA-ON. Empty: no holidays.")
    return {"name": name or "", "territory": territory or "", "time_zone": zone, "open_days": "".join(days), "opens": opens or "",
            "closes": closes or "", "country": country or ""}


def _begin(asked: Asked, form: Form, facts: Facts, typed: dict[str, str]) -> None:
    """Begins the work with what a person changed, so that two people change two fields without harm."""
    first = form.began(facts)
    wanted = {field: text for field, text in typed.items() if text != first[field]}
    if not wanted:
        parts.say("Nothing is changed yet. Change a field first.")
        return
    st.session_state[f"hours {form.of} said"] = ""
    st.session_state[_JOB] = (form, jobs.Job("Working out every week anew", lambda tell: branch_facts.keep(asked, form.of, wanted)))


def _watch() -> None:
    """Waits for the work and says what became of it, on the page of whichever branch it was begun for."""
    if _JOB not in st.session_state:
        return
    begun_for, job = st.session_state[_JOB]
    jobs.watch(job, st.empty())
    st.session_state.pop(_JOB, None)
    with parts.saying():
        moved = job.result()
        figures = "1 weekly figure" if moved == 1 else f"{moved:,} weekly figures"
        begun_for.done(f"Saved. {figures} changed. To take it back, save the former values again.")
        st.rerun()
