"""What the pages ask and show. Only this package knows Streamlit; pages are tables of contents over it.

asking   who is asking, of which data folder, at which moment
data     the questions a page may ask, each cached by the data version and by what the viewer sees
filters  branch and week, kept in the address
tiles    a board as plain JSON, every word of it; `picture` draws it
charts   Plotly figures as plain dictionaries
explaining, agreements   every metric and what was agreed about it, as plain data; `definitions` draws them
agreeing the step that agrees a target: `past` how it ran, `target_form` and `target_fields` the form, `typed` its figures
parts    the pieces pages share: text that stays text, errors as sentences
jobs     work that outlives a click, and showing how far it is
loading  the Load page: `bringing` hands files to the engine, `desk` knows what a person is busy with, `load_words` and
         `load_tables` say what came of it, `load_screen` draws that, `load_history` and `taking_back` are its second half
"""
