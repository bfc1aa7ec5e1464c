"""What the board is measured against: an ordinary Streamlit page of the same question, eight Plotly charts below two pickers."""

import plotly.graph_objects as go
import streamlit as st

st.set_page_config("Stock page", layout="wide")
with st.container(horizontal=True):
    branch = st.selectbox("Branch", ["Cedar Hollow", "Harbor", "Lakeside", "Millbrook", "Riverside", "Summit"], index=4)
    week = st.selectbox("Week", [f"Week {number}" for number in range(46, 0, -1)], index=1)
st.title(f"{branch} · {week}")
columns = [*st.columns(4), *st.columns(4)]
last = int(week.split()[1])
for number, column in enumerate(columns):
    weeks = list(range(last - 12, last + 1))
    figure = go.Figure(layout={"title": f"{branch} · {week}", "height": 240})
    figure.add_scatter(x=weeks, y=[80 + (w * (number + 3) + len(branch)) % 17 for w in weeks])
    figure.add_hline(95, line_dash="dash")
    column.plotly_chart(figure, key=f"chart{number}")
