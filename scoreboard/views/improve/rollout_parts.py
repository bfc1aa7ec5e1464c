"""The page Rollout of one branch, drawn: the next thing, planned against done, three stages with their items, the success lines.

The convention: which item is written of stands in the address (`see`), as `item` or `item:otherwise`.
"""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from scoreboard.metrics import words
from scoreboard.rollout.plan import STAGES
from scoreboard.rollout.standing import ItemStanding, StageStanding
from scoreboard.rollout.success import SUCCESS
from scoreboard.state.rollouts import Entry
from scoreboard.views import parts, picture, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.figure.charts import CONFIG
from scoreboard.views.frame import PAGES
from scoreboard.views.improve import marks, rollout, rollout_chart, rollout_forms, rollout_success
from scoreboard.views.improve.rollout import Branch
from scoreboard.views.improve.rollout_success import Told

_PAGES = {page.address: page for page in PAGES}
_VIEWS = {"triangle": "agree", "metrics": "board", "tighten": "agree"}  # of the page Definitions
_STYLE = f"""<style>
{marks.STYLE}
[class*="st-key-item-"] button[kind=tertiary], [class*="st-key-item-"] [data-testid=stPageLink] a {{ padding-left: 0; padding-right: 0 }}
[class*="st-key-item-"] {{ border-top: 1px solid rgba(128, 140, 150, 0.4); padding-top: .6rem }}
.item p, .told p, .said {{ margin: 0 !important; overflow-wrap: anywhere; line-height: 1.35 }}
.item .state {{ font-size: .875rem; font-weight: 600 }}
.item .words {{ margin: 0; font-size: 1.05rem; font-weight: 600; line-height: 1.25; padding: .1rem 0 .25rem }}
.item.later .words {{ font-weight: 400 }}
[class*="st-key-item-"] [data-testid=stForm] {{ margin: .4rem 0 .8rem }}
.said a {{ color: light-dark(#0b5a7a, #8cc4ff) }}
.faint {{ color: light-dark(#4c5661, #b3bec8) }}
.said {{ border-left: 3px solid rgba(128, 140, 150, 0.5); padding-left: .6rem; font-size: .9375rem }}
.success {{ display: grid; grid-template: repeat(3, auto) / repeat(3, minmax(0, 1fr)); grid-auto-flow: column; gap: 1rem 1.5rem;
  font-variant-numeric: tabular-nums }}
.success h3 {{ font-size: 1.1rem; font-weight: 600; margin: 0; padding: .5rem 0 .35rem; border-top: 1px solid rgba(128, 140, 150, 0.4) }}
.told {{ padding-bottom: .6rem }}
.told .figures {{ font-family: "Barlow Semi Condensed", Barlow, sans-serif; font-size: 1.6rem; font-weight: 600; line-height: 1.2 }}
.told .figures .to {{ font-family: Barlow, sans-serif; font-weight: 400; font-size: 1rem; padding: 0 .45rem }}
.told .small {{ font-size: .875rem }}
.told .concern {{ color: light-dark(#9a3f06, #ffb37a); font-weight: 600 }}
.told .improvement {{ color: light-dark(#174f8c, #a3cdff); font-weight: 600 }}
.told .quiet {{ font-weight: 400 }}
@media (max-width: 900px) {{ .success {{ display: block }} }}
</style>"""


def show(asked: Asked, of: str) -> None:
    """A branch: what is next, how far it is, the plan, and what came of it."""
    found = rollout.branch(asked, of)
    refusal = asked.refusal("rollout")
    st.html(_STYLE)
    st.title(parts.plain(rollout.headline(found)), anchor=False)
    parts.note(rollout.detail(found))
    rollout_forms.started(asked, found)
    if found.rollout.start_on is None:
        parts.note("Thirteen items in three stages of thirty days. What people do here ticks them; nothing is lost that was done before.")
        rollout_forms.begin(asked, found, refusal)
    else:
        _chart(found)
    _stages(asked, found, of, refusal)
    _success(asked, found)
    if found.rollout.start_on is not None and not refusal:
        rollout_forms.move(asked, found)
    if refusal and found.rollout.start_on is not None:
        parts.note(refusal)


def _chart(found: Branch) -> None:
    said = rollout_chart.sentence(found.rollout)
    st.plotly_chart(rollout_chart.chart(found.rollout, picture.theme()), config=CONFIG, key="rollout-chart", alt=said)
    take_along.drawing("rollout-chart", "Planned and done", said)
    parts.note(said)


# ---- the plan --------------------------------------------------------------------------------------------
def _stages(asked: Asked, found: Branch, of: str, refusal: str) -> None:
    for stage, place in zip(found.rollout.stages, st.columns(3, gap="medium"), strict=True):
        with place, st.container(gap="xsmall"):
            st.header(parts.plain(stage.stage.name), anchor=False)
            parts.note(_span(stage))
            for item in stage.items:
                _item(asked, found, item, of, refusal)


def _span(stage: StageStanding) -> str:
    done = f"{sum(item.done for item in stage.items)} of {len(stage.items)} done"
    days = f"{words.short_day(stage.opens_on)} to {words.short_day(stage.ends_on)} · " if stage.opens_on and stage.ends_on else ""
    return f"{days}{done}"


def _item(asked: Asked, found: Branch, item: ItemStanding, of: str, refusal: str) -> None:
    """One item: how it stands, what there is, where the work is done, and what people say of it."""
    key = item.item.key
    with st.container(key=f"item-{key}", gap="xxsmall"):
        shape, _ = rollout.STATES[item.state]
        st.html(f"<div class='item {'later' if item.state == 'later' else ''}'>"
                f"<p class='state'>{marks.mark(shape)}{escape(rollout.state_words(item))}</p>"
                f"<h3 class='words'>{escape(item.item.words)}</h3>{_why(item)}</div>")
        for entry in item.entries:
            _entry(entry)
            if not refusal and len(item.entries) > 1:
                rollout_forms.take_off(asked, found, item, entry)
        if not refusal and rollout_forms.opened(asked, found, item):
            return
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if not item.by_hand:
                _link(item, of)
            if not refusal:
                rollout_forms.buttons(asked, found, item)


def _link(item: ItemStanding, of: str) -> None:
    """To the page where the work is done."""
    page = _PAGES[item.item.where]
    kept = {name: value for name, value in st.query_params.to_dict().items() if name != "see"}
    see = {"see": _VIEWS[item.item.key]} if item.item.key in _VIEWS else {}
    st.page_link(page.file, label=page.title, icon=":material/arrow_forward:", query_params={**kept, "branch": of, **see})


def _why(item: ItemStanding) -> str:
    """What a person says; what is there and what lacks; what ticks an item that has not begun. Evidence by hand stands below, one by one,
    so an item that it ticks says nothing of it here."""
    waits = item.state == "later" and item.opens_on is not None and not item.by_hand and item.overridden is None
    said = f"Done when {item.item.how[0].lower()}{item.item.how[1:]}" if waits else "" if item.by_hand and item.entries else item.why
    return "".join(f"<p class='faint'>{escape(one)}</p>" for one in (item.word, said) if one)


def _entry(entry: Entry) -> None:
    """Evidence by hand: what was done, by whom, when, where it can be read."""
    when = f", {words.day(entry.done_on)}" if entry.done_on else ""
    link = f" <a href='{escape(entry.link)}' target='_blank' rel='noopener noreferrer'>Read it</a>" if entry.link else ""
    st.html(f"<p class='said'>{escape(entry.text)}<br/><span class='faint'>{escape(entry.done_by or '')}{escape(when)}</span>{link}</p>")


# ---- success ---------------------------------------------------------------------------------------------
def _success(asked: Asked, found: Branch) -> None:
    """The nine lines: before the start and since."""
    st.header("What success looks like", anchor=False)
    if found.rollout.start_on is None:
        said = ", ".join(line.words for line in SUCCESS)
        parts.note(f"{said[0].upper()}{said[1:]}. Each is measured against the branch's own weeks before its start, once there is one.")
        return
    parts.note("The branch held against its own weeks before the start. Better and worse are said only where weeks stand out from the "
               "range they had then; by chance alone that happens to two to four figures in a hundred.")
    lines = rollout_success.read(asked, found.code, found.rollout.start_on)
    cells = "".join(_line(line) for stage in STAGES for line in lines[stage.last_day])
    st.html(f"<div class='success'>{cells}</div>")
    fold = st.expander("Along the chain: how long things stay, and what breaks", key="rollout-chain", on_change="rerun")
    if fold.open:
        with fold:
            rows = rollout_success.along_the_chain(asked, found.code, found.rollout.start_on)
            parts.table(pd.DataFrame(rows).fillna(""), alt="The chain before the start and since")
            parts.note("Over the thirteen weeks up to the start, and the weeks since, at most thirteen: counted as on the page Handoffs, "
                       "and never judged.")


def _line(line: tuple[str, list[Told]]) -> str:
    name, figures = line
    return f"<section><h3>{escape(name)}</h3>{''.join(map(_told, figures))}</section>"


def _told(one: Told) -> str:
    figures = (f"<p class='figures'>{escape(one.before)}<span class='to' role='img' aria-label='before the start, since then'>→</span>"
               f"{escape(one.since)}</p>") if one.before != "–" or one.since != "–" else ""
    tone = "faint" if one.tone == "faint" else one.tone
    behind = f"<p class='small faint'>{escape(one.behind)}</p>" if one.behind else ""
    return (f"<div class='told'><p>{escape(one.what)}</p>{figures}"
            f"<p class='small {tone}'>{marks.mark(one.shape)}{escape(one.said)}</p>{behind}</div>")
