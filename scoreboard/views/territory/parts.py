"""The page Branches, drawn: pickers, the matrix, one figure at many branches, bright spots."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pandas as pd
import streamlit as st

from scoreboard.views import filters, parts, picture, take_along
from scoreboard.views.asking import Asked
from scoreboard.views.territory import side_by_side
from scoreboard.views.territory import strips as small
from scoreboard.views.territory.side_by_side import ALL, SIGNALS

_MORE = "more_strips"  # in the session: what was looked at, and how many pictures of it were asked for
_SPOTS, _EVERY_SPOT = 24, "every_spot"  # how many the page begins with; in the session: of which place and week all were asked for
_OURS = ("territory", "group", "signal", "case", "see", "list")  # words of the address that other pages do not know, or not alike
_PAGES = {"": "pages/huddle/scoreboard.py", "metric": "pages/huddle/metric.py"}


def picked(asked: Asked) -> tuple[dict[str, Any], date]:
    """The branches of the place and week that were picked, and of them those that peer group and signal leave: four pickers in one
    row. Where there is one branch there is nothing to filter."""
    with st.container(horizontal=True, gap="small", width=1240):
        places = side_by_side.places(asked)
        default = next(iter(places)) if len(places) != 2 else list(places)[1]  # one territory alone is what they look after
        place = filters.choice("territory", "Territory", places, default)
        week = filters.week_of(*side_by_side.week_choices(asked, place))
        found = side_by_side.matrix(asked, place, week)
        if len(found["rows"]) < 2:
            return side_by_side.filtered(found, ALL, ALL), week
        groups = side_by_side.groups(found)
        group = filters.choice("group", "Peer group", groups, ALL) if groups else ALL
        return side_by_side.filtered(found, group, filters.choice("signal", "Signal", SIGNALS, ALL)), week


def matrix(shown: dict[str, Any], week: date) -> None:
    """The branches, or why there is none; a cell opens its figure, a name its board."""
    if not shown["of"]:
        parts.note(f"No branch you see belonged to {shown['name']} in {shown['week_name'].lower()}. Choose another week.")
        return
    if not shown["rows"]:
        parts.note("No branch passes these filters. Choose every peer group and every signal to see all of them.")
        return
    opened = picture.show_matrix(side_by_side.drawn(shown), _address(week))
    take_along.rows(lambda: pd.DataFrame(side_by_side.as_table(shown)), "Branches side by side")
    _follow(opened)
    for sentence in side_by_side.remarks(shown):
        parts.note(sentence)


def strips(asked: Asked, shown: dict[str, Any], week: date) -> None:
    """One figure at these branches, in small pictures on one scale; more of them when asked for."""
    if len(shown["rows"]) < 2:
        return
    st.header("One figure, branch by branch", anchor=False)
    named = {column["key"]: column["name"] for column in shown["columns"]}
    key = filters.metric(named, next(iter(named)))
    looked_at, most = st.session_state.get(_MORE, ("", small.AT_ONCE))
    most = most if looked_at == (shown["place"], key) else small.AT_ONCE
    codes = tuple(row["code"] for row in shown["rows"])
    found = small.strips(asked, codes[:most], week, key)
    legend = f"{found['scale'] or 'No figure yet'}. {found['legend']}"
    parts.note(legend)
    _follow(picture.show_strips(found, _address(week)))
    take_along.drawing("strips", f"{named[key]}, branch by branch", legend)
    if len(codes) > most and st.button(f"Show {min(small.AT_ONCE, len(codes) - most)} more of {len(codes)}"):
        st.session_state[_MORE] = ((shown["place"], key), most + small.AT_ONCE)
        st.rerun()


def bright_spots(shown: dict[str, Any], week: date) -> None:
    """Who became better at what, and what people wrote down around that week."""
    if not shown["rows"]:
        return
    st.header("Bright spots", anchor=False)
    there = {row["code"] for row in shown["rows"]}
    spots = [one for one in shown["bright"] if one["code"] in there]
    if not spots:
        parts.note("No figure is better than usual now. A bright spot is one that is, by the same rules as everywhere.")
        return
    parts.note("Better than their own usual range, the latest first, with what was noted and agreed there from four weeks before to one "
               "week after. Whether that was the cause is for the branch to say: ask them, before others copy it. What became worse "
               "meanwhile may be the price.")
    columns: dict[str, list[str]] = {
        "Branch": [one["branch"] for one in spots], "Figure": [one["metric"] for one in spots],
        "Better since": [one["since"] for one in spots],
        "Latest": [f"{one['figure']} ({one['week'].lower()})" for one in spots], "Usual level": [one["level"] for one in spots],
        "Worse in the same time": ["; ".join(one["worse"]) or "nothing" for one in spots],
        "Noted around then": ["; ".join(one["notes"]) or "nothing noted" for one in spots],
        "Agreed around then": ["; ".join(one["targets"]) or "nothing agreed" for one in spots]}
    address, looked_at = dict(parse_qsl(_address(week))), (shown["place"], week)
    most = len(spots) if st.session_state.get(_EVERY_SPOT) == looked_at else _SPOTS
    rows, alt = pd.DataFrame(columns), "Bright spots: branch, figure, since when, what became worse, what was noted and agreed around then"
    parts.table(rows.head(most), alt, take=False,
                links=[f"metric?{urlencode({**address, 'branch': one['code'], 'metric': one['key']})}" for one in spots[:most]])
    take_along.rows(rows, alt)
    if len(spots) > most and st.button(f"Show all {len(spots)} bright spots"):
        st.session_state[_EVERY_SPOT] = looked_at
        st.rerun()


def _address(week: date) -> str:
    return filters.address_of(week, leave=_OURS)


def _follow(opened: dict[str, str] | None) -> None:
    """Goes to the page that was opened, and takes the week along."""
    if opened:
        query: dict[str, str] = {name: word for name, word in st.query_params.to_dict().items() if name not in _OURS}
        query |= {name: opened[name] for name in ("branch", "metric") if name in opened}
        st.switch_page(_PAGES[opened["page"]], query_params=query)
