"""Leadership Scoreboard in the browser: `streamlit run app.py`, or `python -m scoreboard serve`."""

from scoreboard.views import frame

frame.run()
