"""A choice in the making: the figures of one branch's board as a person has ticked and ordered them so far.

The convention: it lives in the session and survives refusals and other pages; nothing else knows of it before it is saved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from scoreboard.state.board_choices import Choice
from scoreboard.views.define.candidates import Stand


@dataclass(frozen=True)
class Draft:
    """The draft of one branch: the keys in order, and the choice it would replace (`over`). Saving begins another one."""

    of: str

    @property
    def _kept(self) -> dict[str, Any]:
        found: dict[str, Any] = st.session_state.setdefault(f"board {self.of}", {"round": 0})
        return found

    @property
    def keys(self) -> list[str]:
        found: list[str] = self._kept["keys"]
        return found

    @property
    def over(self) -> Choice | None:
        found: Choice | None = self._kept["over"]
        return found

    @property
    def said(self) -> str:
        return str(self._kept.get("said", ""))

    def name(self, field: str) -> str:
        return f"board {self.of} {self._kept['round']} {field}"

    def begin(self, stand: Stand) -> None:
        """Begins with what the board shows, unless something was changed here already."""
        if "keys" not in self._kept or (self._kept["over"] != stand.own and self.keys == self._kept["began"]):
            self.look_again(stand)
            self._kept["keys"] = list(stand.shown)

    def look_again(self, stand: Stand) -> None:
        """From now on, what is kept at this moment is what a change replaces."""
        self._kept.update(over=stand.own, began=list(stand.shown))

    def done(self, said: str) -> None:
        """Saved: the next draft begins with what is kept then, and an empty reason."""
        st.session_state[f"board {self.of}"] = {"round": self._kept["round"] + 1, "said": said}

    @property
    def picked(self) -> str:
        """The figure that Up, Down and Take off are about: the one picked last, else the first."""
        found = str(self._kept.get("picked", ""))
        return found if found in self.keys else next(iter(self.keys), "")

    # As callbacks, before the run that draws them.
    def pick(self) -> None:
        self._kept["picked"] = st.session_state[self.name("order")]

    def toggle(self, key: str) -> None:
        self._kept["keys"] = [k for k in self.keys if k != key] if key in self.keys else [*self.keys, key]
        self._kept["said"] = ""

    def move(self, by: int) -> None:
        """One place up or down. At an end nothing happens: a button that goes out would lose the keyboard."""
        key, others = self.picked, [k for k in self.keys if k != self.picked]
        others.insert(max(0, self.keys.index(key) + by), key)
        self._kept.update(keys=others, picked=key, said="")
