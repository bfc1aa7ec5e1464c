"""The Load page's second half: what was loaded, newest first.

The convention: a load that was taken back stays in the list, faint and with its word; nothing is ever removed from it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

import streamlit as st

from scoreboard.calendars import wall_clock
from scoreboard.errors import Refused
from scoreboard.facts.sources import BY_NAME
from scoreboard.imports import history
from scoreboard.metrics import words
from scoreboard.state import options
from scoreboard.state.database import reading
from scoreboard.views import asking
from scoreboard.views.asking import Asked
from scoreboard.views.load import desk, taking_back
from scoreboard.views.load import load_words as said
from scoreboard.views.load.bringing import rejected_name
from scoreboard.views.load.desk import Desk
from scoreboard.views.parts import note, plain

AT_ONCE = 20  # loads shown before somebody asks for more
FEW = 3  # files of a load that are shown without a click


def show(asked: Asked) -> None:
    """The list, with what was just taken back above it."""
    st.header("Loaded so far")
    mine = desk.of(asked)
    taking_back.taken_back(asked, mine)
    found = loads(asked)
    if not found:
        st.markdown("Nothing was loaded yet. Orders, quotes, credits or returns, as CSV or Excel: one file is enough to begin.")
    else:
        note(f"All times here are {clock(asked)} time.")
    more = st.session_state.get("loads_shown", AT_ONCE)
    for load in found[:more]:
        _load(asked, mine, load)
    if len(found) > more and st.button(f"Show older loads ({len(found) - more:,})", key="older"):
        st.session_state["loads_shown"] = more + AT_ONCE
        st.rerun()


def loads(asked: Asked) -> list[dict[str, Any]]:
    """What the viewer may know of the loads, newest first, with names and the company's clock."""
    return _loads(asked.cache_key, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _loads(key: tuple[object, ...], _asked: Asked) -> list[dict[str, Any]]:
    with reading(_asked.engine) as conn:
        zone, found = options.current(conn)["company_time_zone"], history.listing(conn, _asked.viewer)
    names = dict(asking.names())
    for load in found:
        load["when"] = moment(load["at"], zone)
        load["by"] = names.get(load["who"], load["who"])
        if load["undone"]:
            load["gone"] = f"Taken back {moment(load['undone'], zone)} by {names.get(load['undone_by'], load['undone_by'])}"
    return found


def clock(asked: Asked) -> str:
    """The company's time zone, by which loads are told."""
    return _clock(asked.cache_key, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _clock(key: tuple[object, ...], _asked: Asked) -> str:
    with reading(_asked.engine) as conn:
        return str(options.current(conn)["company_time_zone"]).replace("_", " ")


def moment(at: str, zone: str) -> str:
    """`Fri 6 Nov 2026, 16:00` on the company's clock."""
    local = wall_clock(datetime.fromisoformat(at), zone)
    return words.moment(local, year=True)


# ---- one load --------------------------------------------------------------------------------------------
def _load(asked: Asked, mine: Desk, load: dict[str, Any]) -> None:
    gone = bool(load["undone"])
    with st.container(border=True, key=f"load_{load['load_id']}", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_faint(f"**Load {load['load_id']}** · {plain(load['when'])} · {plain(load['by'])}", gone), width="content")
            if load["sample"]:
                st.badge("Sample", icon=":material/science:", color="gray")
            if gone:
                st.badge("Taken back", icon=":material/undo:", color="gray")
            elif not load["sample"]:
                st.badge("Live", icon=":material/check:", color="gray")
        if gone:
            st.markdown(_faint(plain(f"{load['gone']}."), gone))
        _files(load, gone)
        with st.container(horizontal=True, gap="small"):
            _rejected(asked, load)
            if not gone:
                taking_back.button(asked, mine, load)


def _faint(text: str, gone: bool) -> str:
    return f":gray[{text}]" if gone else text


def _files(load: dict[str, Any], gone: bool) -> None:
    """One line a file; many files are folded."""
    lines = "  \n".join(_faint(plain(_line(file)), gone) for file in load["files"])
    if not load["files"]:
        note(f"Holds {', '.join(load['branches'])} and branches that are not yours, so its files are not shown.")
    elif len(load["files"]) <= FEW:
        st.markdown(lines)
    else:
        with st.expander(_faint(f"{len(load['files'])} files, {_counts(load['files'])}", gone)):
            st.markdown(lines)


def _line(file: dict[str, Any]) -> str:
    return f"{file['name']} · {BY_NAME[file['source']].title} · {_counts([file])}"


def _counts(files: list[dict[str, Any]]) -> str:
    """`6 new · 3 rows came back`."""
    totals = {name: sum(file[name] for file in files) for name in ("new", "changed", "same", "waiting", "rejected")}
    came_back = totals.pop("rejected")
    went_in = [f"{n:,} {name}" for name, n in totals.items() if n] or ["no row went in"]
    return " · ".join([*went_in, *([f"{said.counted(came_back, 'row')} came back"] if came_back else [])])


def _rejected(asked: Asked, load: dict[str, Any]) -> None:
    """The rows that came back, for who may have them."""
    some = [file for file in load["files"] if file["rejected"]]
    for file in some:
        with suppress(Refused):
            with reading(asked.engine) as conn:
                path = history.rejected_rows(conn, asked.settings, asked.viewer, file["file_id"])
            label = f"{said.counted(file['rejected'], 'row')} to correct" + (f": {plain(file['name'])}" if len(some) > 1 else "")
            st.download_button(label, path.read_bytes, rejected_name(file["name"], path.suffix == ".xlsx"), on_click="ignore",
                               key=f"rejected_file_{file['file_id']}", icon=":material/download:")
