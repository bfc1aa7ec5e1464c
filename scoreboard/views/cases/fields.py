"""The fields of the forms about exceptions: what is typed stays in the session until it is saved, through refusals and other pages.

The convention: nothing is sent while one types. Enter in a line saves the form, as its button does; the browser's part of that is
`drawn.keys`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from scoreboard.cases.actions import LONGEST
from scoreboard.views.cases import moments

STYLE = '<style>[data-testid="InputInstructions"] { display: none }</style>'


@dataclass(frozen=True)
class Fields:
    """The fields of one form, kept in the session; each round begins with empty ones."""

    form: str

    @property
    def _rounds(self) -> str:
        return f"{self.form} rounds"

    def key(self, field: str) -> str:
        return f"{self.form} {st.session_state.get(self._rounds, 0)} {field}"

    def typed(self, field: str) -> Any:
        """What stands in a field; None while it was not shown."""
        return st.session_state.get(self.key(field))

    def put(self, field: str, value: Any) -> None:
        st.session_state[self.key(field)] = value

    def begin(self, field: str, value: Any) -> None:
        """What stands in a field until somebody writes something else."""
        st.session_state.setdefault(self.key(field), value)

    def done(self) -> None:
        st.session_state[self._rounds] = st.session_state.get(self._rounds, 0) + 1


def line(fields: Fields, field: str, label: str, *, placeholder: str | None = None) -> None:
    """A line of text."""
    st.text_input(label, key=fields.key(field), max_chars=LONGEST, on_change="ignore", autocomplete="off",
                  placeholder=placeholder, persist_state="session")


def choice(fields: Fields, field: str, label: str, options: Sequence[str], *, shown: Callable[[str], str] = str, required: bool = False,
           placeholder: str = "", changed: Callable[..., None] | None = None, args: tuple[Any, ...] = ()) -> None:
    """One of some; `changed` is called with `args` as soon as another is chosen. What is required has no button that clears it."""
    st.selectbox(label, options, None, key=fields.key(field), format_func=shown, placeholder=placeholder, required=required,
                 on_change=changed or "ignore", args=args or None, persist_state="session")


def tick(fields: Fields, field: str, label: str, help: str | None = None) -> None:
    st.checkbox(label, key=fields.key(field), help=help, on_change="ignore", persist_state="session")


def moment(fields: Fields, field: str, label: str, ready: Mapping[str, Any], *, placeholder: str) -> None:
    """A time: a ready one, or one that is written."""
    st.selectbox(label, list(ready), None, key=fields.key(field), accept_new_options=True, placeholder=placeholder, on_change="ignore",
                 help="Choose one, or write a time: 15:00, Tue 10:00, 2026-11-09 15:00.", persist_state="session")


def ahead(fields: Fields, field: str, label: str) -> None:
    moment(fields, field, label, moments.AHEAD, placeholder="Choose, or write 15:00 or Tue 10:00")


def behind(fields: Fields, field: str, label: str) -> None:
    moment(fields, field, label, moments.BEHIND, placeholder="Now")
