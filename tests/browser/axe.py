"""Axe checks what a program can check; ALLOWED is what Streamlit draws and no page of ours can change, each with its reason."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

ALLOWED = {  # (rule, beginning of the element): reason
    ("presentation-role-conflict", '<section role="presentation" tabindex="-1" data-testid="stFileUploaderDropzone"'):
        "Streamlit labels the area files are dropped on; the button inside it is what is reached and read",
}
WHOLE = (1366, 4000)  # what has to be scrolled to is not checked for contrast


def violations(page: Page) -> str:
    """What Axe finds wrong, one line for each element, without what is allowed."""
    found = Axe().run(page).response["violations"]
    lines = [(rule["id"], node["html"], node["failureSummary"]) for rule in found for node in rule["nodes"]]
    return "\n".join(f"{rule}: {html[:300]} {' '.join(why.split())}" for rule, html, why in lines
                     if not any(rule == known and html.startswith(begin) for known, begin in ALLOWED))
