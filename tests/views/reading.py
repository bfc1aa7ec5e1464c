"""Every word a page shows: what a test searches for names, numbers and banned words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import pandas as pd
from streamlit.testing.v1 import AppTest

BANNED = re.compile(r"\b(sigma|variance|standard deviation|p-value|control limits?|process limits?|moving ranges?|pareto|xmr|outliers?"
                    r"|rebase\w*|phases?|null|nan|none|traceback)\b", re.IGNORECASE)
_SKIPPED = ("id", "js_content", "css_content", "html_content", "arrow_data", "deferred_file_id", "url", "spec", "config", "columns")


def words(app: AppTest) -> str:
    """What stands on the page, one piece a line; tables and the board's picture included."""
    return "\n".join(piece for element in _elements(app.main) for piece in _pieces(element))


def boards(app: AppTest) -> list[dict[str, Any]]:
    """The JSON given to the board's picture."""
    return [found["board"] for e in app.get("bidi_component") if e.proto.json and "board" in (found := json.loads(e.proto.json))]


def tables(app: AppTest) -> list[pd.DataFrame]:
    """The tables of a page in their order, as a person reads them."""
    return [_read(element) for element in _elements(app.main) if _is_table(element)]


def _is_table(element: Any) -> bool:
    return element.type == "dataframe" or (element.type == "html" and "<table" in element.proto.body)


def _read(element: Any) -> pd.DataFrame:
    if element.type == "dataframe":
        return element.value
    rows = [["".join(cell.itertext()) for cell in row] for row in ElementTree.fromstring(f"<all>{element.proto.body}</all>").iter("tr")]
    return pd.DataFrame(rows[1:], columns=rows[0])


def _elements(node: Any) -> Iterator[Any]:
    for child in getattr(node, "children", {}).values():
        yield child
        yield from _elements(child)


def _pieces(element: Any) -> Iterator[str]:
    if _is_table(element):
        table = _read(element)
        yield from map(str, table.columns)
        yield from (str(cell) for row in table.itertuples(index=False) for cell in row if not pd.isna(cell))
    proto = getattr(element, "proto", None)
    for field, value in proto.ListFields() if hasattr(proto, "ListFields") else ():
        if field.name in _SKIPPED:
            continue
        if field.name == "json":
            yield from _texts(json.loads(value))
        elif isinstance(value, str):
            yield value
        elif field.is_repeated:
            yield from (str(one) for one in value)


def _texts(value: Any) -> Iterator[str]:
    """The texts in a JSON document: its keys and its missing numbers are not shown to anybody."""
    if isinstance(value, str):
        yield value
    for one in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(one)
