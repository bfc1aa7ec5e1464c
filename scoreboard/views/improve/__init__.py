"""The pages Handoffs and Promises: where the chain holds things up and breaks, and what may be promised.

`handoffs` and `promises` are plain data with their words, `…_parts` draws them; `stage_form` and `rule_form` are where people write.
"""
