"""Every state a tile and a chart can have, on one screen: what the pictures of docs/gallery.md are taken from.

Drawn by the product's own functions from made-up points; `?show=` tiles, more-tiles, long or charts.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st

from tests.gallery import made

st.set_page_config("Gallery", layout="wide")
st.navigation([st.Page(lambda: None, title="Gallery")], position="hidden")
show = st.query_params.get("show", "tiles")
if show == "charts":
    for name, chart in made.charts_made(st.context.theme.type or "light", date(2026, 11, 2)).items():
        st.subheader(name)
        st.plotly_chart(chart, config={"displayModeBar": False}, key=name)
else:
    from scoreboard.views import picture

    picture.show(made.board(show), "")
