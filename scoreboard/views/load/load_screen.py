"""A load on screen: what its report says, before it is kept and after. Words come from `load_words`, rows from `load_tables`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import streamlit as st

from scoreboard.imports.load_report import FileReport
from scoreboard.views import take_along
from scoreboard.views.load import load_tables as tables
from scoreboard.views.load import load_words as said
from scoreboard.views.load.bringing import Outcome, Read, rejected_name
from scoreboard.views.parts import note, plain

FEW = 3  # kinds of problems that stand open
_PROBLEMS = {"Row": st.column_config.NumberColumn(format="%d", width=70, alignment="left"), "Column": st.column_config.Column(width=150),
             "Value": st.column_config.Column(width=170), "What to do": st.column_config.Column(width=800)}
_MEANS = {
    "Rows": "Rows of data in the file; totals and notes are left out.",
    "New": "Rows nobody brought before.",
    "Changed": "Known rows that say something else now.",
    "Same": "Known rows that say what they said, and repeats inside the file.",
    "Waiting": "Rows whose record is not here yet, such as a delivery before its order. They join when it arrives.",
    "Come back": "Rows that do not go in. You get them back with the reason.",
}
_FILES = {title: st.column_config.NumberColumn(help=means, format="localized") for title, means in _MEANS.items()} | {
    "File": st.column_config.Column(width=160), "Dates": st.column_config.Column(help="The first and the last day of its rows.")}


def show(outcome: Outcome, names: Mapping[str, str]) -> None:
    """What stands behind the verdict: files, figures, problems, and the rows that come back."""
    report = outcome.report
    st.dataframe(tables.file_rows(report), hide_index=True, placeholder="–", alt="What each file holds.", column_config=_FILES)
    take_along.rows(pd.DataFrame(tables.file_rows(report)), "What each file holds")
    for sentence in said.notes(report):
        st.markdown(plain(sentence))
    _kinds(outcome)
    if report.effects:
        st.markdown(f"**Figures that {'would move' if report.dry_run else 'moved'}**")
        st.dataframe(tables.effect_rows(report, names), hide_index=True, alt="The figures that move, the latest week first.")
        take_along.rows(pd.DataFrame(tables.effect_rows(report, names)), "The figures that move")
        if left_out := tables.effects_left_out(report):
            note(left_out)


def _kinds(outcome: Outcome) -> None:
    """The problems by kind, with the rows that come back to download. Few kinds stand open."""
    found, several = tables.kinds(outcome.report), len(outcome.report.files) > 1
    for comes_back, title in ((True, "Rows that come back, and why"), (False, "Worth a look; no row comes back for these")):
        some = [kind for kind in found if kind.comes_back == comes_back]
        if some:
            st.markdown(f"**{title}**")
        for kind in some:
            label = f"{kind.count:,} × {plain(kind.title)}" + (f" · {plain(kind.file)}" if several else "")
            with st.expander(label, expanded=comes_back and len(some) <= FEW):
                _problems(kind)
        if comes_back:
            _downloads(outcome)


def _problems(kind: tables.Kind) -> None:
    """The first of them in full, because a cell has room for half a sentence; then all of them as a table."""
    messages = kind.rows["What to do"]
    if messages:
        st.markdown(plain(str(messages[0])))
    single = len(messages) == 1
    rows = {title: cells for title, cells in kind.rows.items() if title != "What to do" or not single}
    if rows:
        st.dataframe(rows, "content" if single else "stretch", hide_index=True, placeholder="–", alt=f"{kind.title}: the rows.",
                     column_config=_PROBLEMS)
    if kind.count > len(messages):
        note(f"The first {len(messages)} of {kind.count:,}." if messages else "Only counted: too many to list.")


def _downloads(outcome: Outcome) -> None:
    pairs = [(n, f, read) for n, (f, read) in enumerate(zip(outcome.report.files, outcome.rejected, strict=True)) if read]
    for number, file, read in pairs:
        download(f"rejected_{outcome.report.load_id}_{number}", file, read, several=len(pairs) > 1)


def download(key: str, file: FileReport, read: Read, *, several: bool) -> None:
    """The rejected rows of a file, to correct and load again."""
    label = f"{said.counted(file.rejected, 'row')} to correct" + (f": {plain(file.name)}" if several else "")
    workbook = Path(file.report or "").suffix == ".xlsx"
    st.download_button(label, read, rejected_name(file.name, workbook), key=key, icon=":material/download:", on_click="ignore",
                       help="The rows as they stood, each with its number and what to do. Correct them there and load that file by itself.")
