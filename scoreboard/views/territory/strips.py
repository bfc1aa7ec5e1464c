"""One figure at many branches, each in a small picture on the same scale: the last weeks, the usual range, the target."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import streamlit as st

from scoreboard.metrics import compare_cells, words
from scoreboard.metrics import reach as reaches
from scoreboard.metrics.catalogue import BY_KEY
from scoreboard.state.database import reading
from scoreboard.views import data, tiles
from scoreboard.views.asking import Asked
from scoreboard.views.territory.side_by_side import WAITING, said_often, short_aim, short_state

AT_ONCE = 24  # pictures; more come when asked for
_LEGEND = "Grey: each branch's own usual range. Dashes: its target."
_RARE = " Where misses are rare, four weeks are one dot, and the range is that of four weeks together."


def strips(asked: Asked, codes: tuple[str, ...], week: date, key: str) -> dict[str, Any]:
    """The small pictures of some branches the viewer sees, in their order, and the scale they share."""
    return _strips(asked.cache_key, codes, week, key, asked)


@st.cache_data(max_entries=200, show_spinner=False)
def _strips(cached: tuple[object, ...], codes: tuple[str, ...], week: date, key: str, _asked: Asked) -> dict[str, Any]:
    metric = BY_KEY[key]
    with reading(_asked.engine) as conn:
        company = data.company_of(_asked, conn)
        mine = [code for code in codes if _asked.viewer.sees(code)]
        reach = reaches.fold(reaches.pieces(conn, branches=mine), company)
        found = compare_cells.read(conn, _asked.settings, reach, mine, week, [metric], with_history=True)
    made = [{"code": code, "branch": company.branches[code].name, **tiles.tile_json(found[code][key].tile)} for code in mine]
    for one in made:
        one["state"]["words"], one["aim"]["words"] = short_state(one["state"]["words"]), short_aim(one["aim"]["words"])
    waits = _said_once(made)
    drawn = [figure for one in made for figure in _drawn(one["spark"]) if figure is not None]
    rare = _RARE if any(one["spark"]["blocks"] for one in made) else ""
    return {"cards": made, "least": min(drawn, default=0), "most": max(drawn, default=0), "legend": f"{_LEGEND}{rare}{waits}",
            "scale": f"All on one scale, from {words.text(metric, min(drawn))} to {words.text(metric, max(drawn))}" if drawn else ""}


def _said_once(made: list[dict[str, Any]]) -> str:
    """What more than a third of the pictures would say of the week (it may change, it is not complete): they keep its shape, and it is
    said below them. Empty where few say so."""
    found = Counter((one["state"]["shape"], one["state"]["words"]) for one in made)
    often = said_often(found, lambda state: str(state[0])) if len(made) > 1 else None
    if often is None:
        return ""
    for one in made:
        if (one["state"]["shape"], one["state"]["words"]) == often:
            one["state"]["words"] = ""
    return f" {WAITING[often[0]]}: {often[1][0].lower()}{often[1][1:]}, and the figure is of the latest week that can be judged."


def _drawn(spark: dict[str, Any]) -> list[float | None]:
    """Every figure in a small picture: its weeks, its usual range, its target."""
    return [*(p["value"] for p in (*spark["points"], *spark["blocks"])), spark["low"], spark["high"], spark["target"]]
