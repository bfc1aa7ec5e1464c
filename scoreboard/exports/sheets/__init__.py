"""The sheets of workbooks, one small module for each kind: `write(book, content)` writes it."""
