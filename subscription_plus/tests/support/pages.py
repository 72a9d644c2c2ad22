"""Reading pages as a browser without JavaScript does: their forms with what is filled in, and sending them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list) -> None:
        given = dict(attrs)
        if tag == "form":
            self.forms.append((given.get("action") or "", {}))
        if not self.forms:
            return
        values = self.forms[-1][1]
        counts = given.get("type") not in ("radio", "checkbox") or "checked" in given
        if tag == "input" and given.get("name") and counts and "disabled" not in given:
            values[given["name"]] = given.get("value") or ""
        if tag == "textarea" and given.get("name"):
            values[given["name"]] = ""
        if tag == "select":
            self.select = given.get("name")
            values[self.select] = ""
        if tag == "option" and self.select and "selected" in given:
            values[self.select] = given.get("value") or ""


def form(html: str, action: str) -> tuple[str, dict[str, str]]:
    """The first form whose action holds a text: where it is sent to, and what is filled in."""
    reader = _Forms()
    reader.feed(html)
    found = [one for one in reader.forms if action in one[0]]
    assert found, f"no form for {action}: {[one[0] for one in reader.forms]}"
    return found[0]


def structured(html: str) -> dict:
    """The page's schema.org data."""
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def meta(html: str) -> dict[str, str]:
    """The page's meta tags by name or property."""
    return dict(re.findall(r'<meta\s+(?:name|property)="([^"]+)"\s+content="([^"]*)"', html))


def words(html: str) -> str:
    """The text of a page, for looking for words in it."""
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))
    )
