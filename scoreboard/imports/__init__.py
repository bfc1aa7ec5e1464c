"""Imports: from an export file to checked rows, and from checked rows to a commit.

Checking a file, in the order it happens:
    reading              what the file is and where its table stands (text_files, workbooks: its rows)
    maps, mapping        which column of it is which of ours, and which source it is
    dates, numbers       how a column's dates and numbers are written
    cells, expressions   what each cell must be, and the SQL that says so
    staging              that SQL, run once over the whole file
    repeats, mistakes    rows that share a key; rows that are not taken, and why
    summary, report      what the good rows say as a whole; codes, sentences, the rows handed back
    checking             `check`, which does all of this
"""
