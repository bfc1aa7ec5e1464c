"""The Load page: files in, what they would change, the report, the history.

`bringing` hands files to the engine, `desk` knows what a person is busy with, `load_words` and `load_tables` say what came
of it, `load_screen` draws that, `load_history` and `taking_back` are its second half; `loading` is its table of contents.
"""
