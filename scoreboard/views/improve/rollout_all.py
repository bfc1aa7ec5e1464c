"""The page Rollout of a territory or the company, drawn: every branch in a row, with what it waits for longest."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from scoreboard.rollout.plan import ROLLOUT_PLAN
from scoreboard.views import parts, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.improve import rollout
from scoreboard.views.improve.rollout import Row

FIRST = 60  # branches a page begins with; the others when asked for
_ALL = "all_rollouts"  # in the session: the scope of which every branch was asked for
_WAITS = "Waits longest for"
_HEADS = ("Branch", "Day", f"Of {len(ROLLOUT_PLAN)}", _WAITS, "Since")
_STYLE = """<style>
.rollouts { width: 100%; border-collapse: collapse; text-align: left; font-variant-numeric: tabular-nums; line-height: 1.35 }
.rollouts th { position: sticky; top: 0; background: light-dark(#f6f6f2, #10161c); font-weight: 600 }
.rollouts th, .rollouts td { padding: .5rem 1rem .5rem 0; border-bottom: 1px solid rgba(128, 140, 150, 0.4); vertical-align: top }
.rollouts td:first-child { font-weight: 600; min-width: 8rem }
.rollouts a { color: light-dark(#0b5a7a, #8cc4ff); padding: .3rem 0 }
.rollouts .faint { color: light-dark(#4c5661, #b3bec8) }
.rollouts .bar { display: block; width: 10rem; height: .62rem; margin-top: .35rem; /* a piece an item: done, planned by today, later */
  --one: calc(100% / var(--of)); --line: rgba(128, 140, 150, 0.3);
  background: linear-gradient(to right, currentColor calc(var(--done) * var(--one)), rgba(128, 140, 150, 0.75) 0
    calc(var(--planned) * var(--one)), var(--line) 0);
  -webkit-mask: repeating-linear-gradient(to right, #000 0 calc(var(--one) - 2px), transparent 0 var(--one));
  mask: repeating-linear-gradient(to right, #000 0 calc(var(--one) - 2px), transparent 0 var(--one)) }
@media (max-width: 700px) {
  .rollouts thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
  .rollouts tr { display: block; padding: .6rem 0; border-bottom: 1px solid rgba(128, 140, 150, 0.4) }
  .rollouts td { display: block; border: 0; padding: .1rem 0 }
  .rollouts td[data-head]::before { content: attr(data-head) ": " }
}
</style>"""


def show(asked: Asked, of: str) -> None:
    """All branches of a territory or the company."""
    found = rollout.many(asked, of)
    st.title(parts.plain(found.sentence), anchor=False)
    parts.note(f"{found.name} · thirteen items over 90 days from each branch's own start day, ticked by what people do here. First the "
               "branches that have carried something over for longest.")
    if not found.rows:
        st.text("No branch belongs here now.")
        return
    address = {name: value for name, value in st.query_params.to_dict().items() if name not in ("branch", "see")}
    shown = found.rows if st.session_state.get(_ALL) == of else found.rows[:FIRST]
    rows = "".join(_row(row, address) for row in shown)
    heads = "".join(f"<th scope='col'>{head}</th>" for head in _HEADS)
    st.html(f"{_STYLE}<table class='rollouts'><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>")
    if len(shown) < len(found.rows):
        parts.note(f"Shown: the first {len(shown)} of {len(found.rows):,} branches; the sentence above is of all of them.")
        if st.button("Show every branch"):
            st.session_state[_ALL] = of
            st.rerun()
    take_along.rows(lambda: pd.DataFrame([
        {"Branch": row.name, "Code": row.code, "Day": row.day, "Done": row.done, "Planned": row.planned, "Waits longest for": row.waits,
         "Since": row.since, "More": row.more} for row in found.rows]), "The first 90 days, branch by branch")


def _row(row: Row, kept: dict[str, str]) -> str:
    address = urlencode({**kept, "branch": row.code})
    planned = f", <span class='faint'>{row.planned} planned</span>" if row.planned else ""
    more = f"<br/><span class='faint'>{escape(row.more)}</span>" if row.more else ""
    waits = f" data-head='{_WAITS}'" if row.since else ""
    cells = (f"<td><a href='?{escape(address)}' target='_self'>{escape(row.name)}</a></td>", f"<td>{escape(row.day)}</td>",
             f"<td><b>{row.done}</b> done{planned}{_bar(row)}</td>", f"<td{waits}>{escape(row.waits)}{more}</td>",
             f"<td>{escape(row.since)}</td>")
    return f"<tr>{''.join(cells)}</tr>"


def _bar(row: Row) -> str:
    planned = max(int(row.planned or 0), row.done)
    return f"<span class='bar' aria-hidden='true' style='--of:{len(ROLLOUT_PLAN)};--done:{row.done};--planned:{planned}'></span>"
