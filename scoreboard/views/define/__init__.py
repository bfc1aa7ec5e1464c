"""The Definitions page: every metric as a branch sees it, and the step that agrees a target.

`explaining` and `agreements` are plain data, `definitions` draws them; `agreeing` is the step: `past` how it ran,
`target_form` and `target_fields` the form, `typed` its figures, `history_chart` its picture.
"""
