"""The fields of the forms about targets: what is typed, for whom, from when, why.

The convention: a number is in a field only when a person typed it or a source gives it, and then the source is named.
What was typed stays until it is agreed: through refusals, other metrics and other pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from scoreboard import weeks
from scoreboard.errors import Refused
from scoreboard.metrics import words
from scoreboard.metrics.model import Metric
from scoreboard.views import parts
from scoreboard.views.define import typed
from scoreboard.views.define.agreements import FOR, Agreement, Book, Place

LONGEST = 500  # characters of a reason
TEMPORARY, ACCEPTING = "temporary target", "accepting a miss"  # a field, and the fold it lies in


@dataclass(frozen=True)
class Fields:
    """The fields of one metric in one place, kept in the session. Each round of agreeing begins with empty ones."""

    of: str
    metric: Metric

    @property
    def _rounds(self) -> str:
        return f"agree {self.of} {self.metric.key} rounds"

    def name(self, field: str) -> str:
        return f"agree {self.of} {self.metric.key} {st.session_state.get(self._rounds, 0)} {field}"

    def typed(self, field: str) -> float | None:
        """The figure in a field. Refused when it cannot be read."""
        return typed.read(self.metric, str(st.session_state.get(self.name(field)) or ""), field)

    def read(self, field: str) -> float | None:
        """The figure in a field as far as it can be read."""
        try:
            return self.typed(field)
        except Refused:
            return None

    def done(self) -> None:
        st.session_state[self._rounds] = st.session_state.get(self._rounds, 0) + 1


def begin(of: str, metric: Metric, agreement: Agreement) -> Fields:
    """The fields: what holds now, agreed or sourced, so that changing one of the two keeps the other."""
    fields = Fields(of, metric)
    given = (agreement.target, agreement.floor) if agreement.basis in ("sourced", "agreed") else (None, None)
    for field, figure in zip(("target", "floor"), given, strict=True):
        st.session_state.setdefault(fields.name(field), typed.field(metric, figure))
    return fields


def figures(fields: Fields) -> None:
    """Target and floor."""
    unit = f", in {typed.unit(fields.metric)}" if typed.unit(fields.metric) else ""
    with st.container(horizontal=True, gap="small"):
        st.text_input(f"Target{unit}", key=fields.name("target"), max_chars=20, live=True, width=150, persist_state="session",
                      help="Where all is well: the score of this figure is 100 there. Leave it empty to agree only a floor.")
        st.text_input(f"Floor{unit}", key=fields.name("floor"), max_chars=20, live=True, width=150, persist_state="session",
                      help="What you would not accept: the score is 0 there. Without a floor this figure has no score.")


def temporary(fields: Fields) -> None:
    """The target of an accepted miss."""
    unit = f", in {typed.unit(fields.metric)}" if typed.unit(fields.metric) else ""
    st.text_input(f"Temporary target{unit}", key=fields.name(TEMPORARY), max_chars=20, live=True, width=180, persist_state="session",
                  help="What is enough until the last day: less than what is agreed, and still better than the floor.")


def place(fields: Fields, form: str, among: Sequence[Place]) -> Place:
    """For whom."""
    places = {p.kind: p for p in among}
    kind = st.selectbox("For whom", list(places), key=fields.name(f"{form} for"), format_func=lambda kind: places[kind].name, width=230,
                        persist_state="session")
    return places[kind]


def day(fields: Fields, form: str, begin: date) -> date | None:
    """The day it begins; `begin` stands there until another is chosen."""
    chosen: date | None = st.date_input("From", begin, key=fields.name(f"{form} from"), format="YYYY-MM-DD", width=140,
                                        persist_state="session")
    return chosen


def last_day(fields: Fields, form: str) -> date | None:
    """The last day of what does not hold for good; empty until one is chosen."""
    chosen: date | None = st.date_input("Last day", None, key=fields.name(f"{form} until"), format="YYYY-MM-DD", width=170,
                                        persist_state="session")
    return chosen


def reason(fields: Fields, form: str, label: str, help: str) -> str:
    return st.text_area(label, key=fields.name(f"{form} reason"), max_chars=LONGEST, height=80, help=help, required=True,
                        persist_state="session") or ""


def counts(book: Book, chosen: date | None) -> None:
    """Says the first week a day counts in: a week is judged by what holds on its last day."""
    if chosen is not None:
        first = weeks.week_of(chosen, book.first_day)
        ended = (weeks.week_of(book.today, book.first_day) - first) // weeks.WEEK
        over = f" {ended} {'week that is' if ended == 1 else 'weeks that are'} over count too." if ended > 0 else ""
        parts.note(f"Counts from {words.week_name(first).lower()}, {words.week_span(first)}; weeks before it keep what held then.{over}")


def later(agreement: Agreement, chosen: Place, begins: date | None) -> None:
    """Says when something agreed for a later day takes over again."""
    there = [row for row in agreement.history if row["For"] == chosen.name and row["Now"] != "replaced" and not row.get("Until")]
    if follows := [row["From"] for row in there if begins and row["From"] > begins]:
        parts.note(f"From {words.day(min(follows))} on, what is agreed for that day holds again. To replace that too, begin on that day.")


def widely(book: Book, agreement: Agreement, chosen: Place) -> None:
    """Says whom a wider place concerns, and when a nearer one keeps an agreement of its own."""
    nearer = book.places[:book.places.index(chosen)]
    own = [p for p in nearer if p.kind in agreement.held]
    if own:
        parts.note(f"{whom(own[0]).capitalize()} has an agreement of its own, which stays in force there.")
    elif nearer:
        parts.note("It holds for every branch there that has no agreement of its own.")


def whom(chosen: Place) -> str:
    """For whom, without a name."""
    return "this territory" if chosen.kind == "territory" else FOR[chosen.kind]
