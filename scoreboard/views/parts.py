"""Small pieces that several pages share: text that stays text, errors as sentences.

The convention: what comes from a file, a name or an address is text. Wherever Streamlit reads markdown (sentences, labels,
boxes) it goes through `plain`; tables show it as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape

import pandas as pd
import streamlit as st

from scoreboard.errors import ScoreboardError
from scoreboard.views import take_along

_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&]|(?<=^\d)\.|(?<=^\d\d)\.)")
# What the browser still makes of finished text: icons (:name:), addresses, arrows. A joint nobody sees keeps them apart.
_MADE_LATER = re.compile(r"(:(?=[\w+/-]*:|//)|@|\bwww(?=\.)|[-<>=!~](?=[-<>=~]))", re.IGNORECASE)
_JOINT = "\u2060"
LONG = 32  # characters of a cell that begin a second line
_TABLE = """<style>
/* the shade at an edge lies under the rows and is covered where they end: it shows that there is more */
.rows { overflow: auto; max-height: 30rem;
  --page: light-dark(#f6f6f2, #10161c); --shade: light-dark(rgba(22, 32, 42, 0.28), rgba(238, 242, 245, 0.3));
  background: linear-gradient(to right, var(--page) 40%, transparent) left / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--page) 40%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to right, var(--shade), transparent) left / 0.8rem 100% no-repeat scroll,
    linear-gradient(to left, var(--shade), transparent) right / 0.8rem 100% no-repeat scroll }
.rows table { border-collapse: collapse; width: 100%; text-align: left; font-variant-numeric: tabular-nums }
.rows th, .rows td { padding: 0.3rem 1rem 0.3rem 0; border-bottom: 1px solid rgba(128, 140, 150, 0.4); vertical-align: top }
.rows th { position: sticky; top: 0; background: var(--page) }
.rows th, .rows td { white-space: nowrap }
.rows td.long { white-space: normal; min-width: 16rem }
.rows a { color: light-dark(#0b5a7a, #8cc4ff) }
</style>"""


def note(text: str) -> None:
    """A quiet sentence. (Streamlit's caption is too faint to read on a wall.)"""
    st.markdown(f":gray[{plain(text)}]")


def plain(text: str) -> str:
    """A text from a file or a person on one line, so that markdown shows it as it was typed: no markup, link or picture."""
    seen = "".join(c if c.isprintable() or c == "\u00a0" else " " for c in text)
    shown = re.sub(" +", " ", seen).strip(" ")
    return _MARKS.sub(r"\\\1", _MADE_LATER.sub(rf"\1{_JOINT}", shown))


def table(rows: pd.DataFrame, alt: str, *, take: bool = True, links: Sequence[str] = ()) -> None:
    """Rows as text that wraps and can be searched and printed, nothing cut; many of them scroll under their heading. They can be taken
    along, but where the page offers that in another way. `links`: of each row the address its first cell leads to.

    (Streamlit's own tables are a picture of cells, or draw every cell as Markdown, one by one.)
    """
    heads = "".join(f"<th scope='col'>{escape(str(name))}</th>" for name in rows.columns)
    cells = [[_cell(cell) for cell in row] for row in rows.itertuples(index=False)]
    for row, link in zip(cells, links, strict=False):
        row[0] = f"<td><a href='{escape(link)}' target='_self'>{row[0].removeprefix('<td>').removesuffix('</td>')}</a></td>"
    lines = "".join(f"<tr>{''.join(row)}</tr>" for row in cells)
    st.html(f"{_TABLE}<div class='rows' tabindex='0' role='region' aria-label='{escape(alt)}'>"
            f"<table><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>")
    if take:
        take_along.rows(rows, alt)


def _cell(cell: object) -> str:
    text = "" if pd.isna(cell) else str(cell)  # type: ignore[call-overload]
    kind = " class='long'" if len(text) > LONG else ""
    return f"<td{kind}>{escape(text)}</td>"


@contextmanager
def saying() -> Iterator[None]:
    """A refusal inside is said as a sentence where it happened; what was typed stays."""
    try:
        yield
    except ScoreboardError as error:
        say(str(error))


def say(sentence: str) -> None:
    """What went wrong, as a sentence."""
    st.error(plain(sentence), icon=":material/info:")
