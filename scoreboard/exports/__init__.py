"""Workbooks and pages to take along: what the board shows, as files that say what they were made of."""
