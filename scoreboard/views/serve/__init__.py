"""The server: Streamlit guarded and warmed up, for `python -m scoreboard serve`."""
