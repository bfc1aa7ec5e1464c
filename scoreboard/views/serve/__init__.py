"""The server, for `python -m scoreboard serve`.

server   Streamlit warmed up, in one process
guard    who is answered, and the headers of every answer
shell    the page every address begins with
ticking  once a minute: what came due in exceptions
"""
