"""Rules over the facts: which exceptions open themselves, from which row, and when the facts say that one is over.

model     what a rule is
causes    one relation a rule: a row for everything that may break its promise
book      RULES
looking   what the rows say now
watch     opening, proposing to close; after each load and by the clock
standing  rules as a branch has them: on or off, what each would open, what it opened
"""
