"""Every text the app shows to people, gathered from its sources: code, templates, JSON and custom fields."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment

from subscription_plus.custom_fields import CUSTOM_FIELDS
from subscription_plus.email_templates import TEMPLATES

APP = Path(__file__).resolve().parents[2]

# What Frappe's desk shows of a standard document beside DocTypes and workspaces.
TITLES = {
    "Number Card": "label",
    "Dashboard Chart": "chart_name",
    "Report": "report_name",
    "Print Format": "name",
}
# Fields of a document and of its steps that are read out to people.
SAID = {
    "Form Tour": ("title", "description"),
    "Onboarding Step": ("title", "description", "action_label"),
    "Module Onboarding": ("title", "subtitle", "success_message"),
}

_JINJA = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
_JS_CALL = re.compile(
    r"""\b__\(\s*(?P<quote>["'`])(?P<text>(?:\\.|(?!(?P=quote)).)+)(?P=quote)"""
    r"""(?:\s*,\s*[^()"']*?,\s*["'](?P<context>[^"']+)["'])?""",
    re.DOTALL,
)


class Message(NamedTuple):
    """A text as it stands in the sources, and the context it is translated in: mostly a field's DocType."""

    text: str
    context: str | None = None


def all_messages() -> dict[Message, str]:
    """Each message of the app with a file it comes from."""
    found: dict[Message, str] = {}
    for path in sorted(APP.rglob("*")):
        reader = _READERS.get(path.suffix)
        if reader and not _is_test(path):
            for message in reader(path.read_text(encoding="utf-8")):
                found.setdefault(message, str(path.relative_to(APP)))
    for template in TEMPLATES.values():
        for message in of_template(template["subject"] + template["response_html"]):
            found.setdefault(message, "email_templates.py")
    for doctype, fields in CUSTOM_FIELDS.items():
        for field in fields:
            for message in of_field(field, doctype):
                found.setdefault(message, "custom_fields.py")
    return found


def doctypes() -> list[str]:
    """The names of the app's own DocTypes."""
    documents = (json.loads(path.read_text(encoding="utf-8")) for path in APP.glob("*/doctype/*/*.json"))
    return sorted(document["name"] for document in documents)


def of_python(source: str) -> Iterator[Message]:
    """Arguments of `_`, and the choices that follow the word "Select" in a call."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        texts = [arg.value if isinstance(arg, ast.Constant) else None for arg in node.args]
        if ast.unparse(node.func) in ("_", "frappe._") and texts and isinstance(texts[0], str):
            context = next((word.value for word in node.keywords if word.arg == "context"), None)
            yield Message(texts[0], context.value if isinstance(context, ast.Constant) else None)
        for word, choices in pairwise(texts):
            if word == "Select" and isinstance(choices, str):
                yield from map(Message, filter(None, choices.split("\n")))


def of_javascript(source: str) -> Iterator[Message]:
    """First arguments of `__`, with the third one, the context, where it is given."""
    for match in _JS_CALL.finditer(source):
        yield Message(re.sub(r"\\(.)", r"\1", match["text"]), match["context"])


def of_template(source: str) -> Iterator[Message]:
    """Arguments of `_` in Jinja, and of `__` in the scripts between."""
    for _line, _function, text in _JINJA.extract_translations(source, gettext_functions=("_",)):
        said = text if isinstance(text, str) else text[0] if text else None
        if said:  # a variable is translated where its value is written down
            yield Message(said)
    yield from of_javascript(source)


def of_json(source: str) -> Iterator[Message]:
    """Names, labels, descriptions and choices of one standard document."""
    document = json.loads(source)
    kind = document.get("doctype") if isinstance(document, dict) else None
    if kind == "DocType":
        yield from map(Message, filter(None, (document["name"], document.get("description"))))
        for field in document["fields"]:
            yield from of_field(field, document["name"])
        yield from map(Message, {row["group"] for row in document.get("links", []) if row.get("group")})
    elif kind == "Workspace":
        yield from of_workspace(document)
    elif kind in SAID:
        rows = [document, *document.get("steps", [])]
        texts = [row.get(field) for row in rows for field in SAID[kind]]
        yield from map(Message, filter(None, texts))
    elif kind in TITLES:
        yield Message(document[TITLES[kind]])
        yield from of_template(document.get("html") or "")


def of_field(field: dict[str, Any], doctype: str) -> Iterator[Message]:
    texts = [field.get("label"), field.get("description")]
    if field["fieldtype"] == "Select" and field["fieldname"] != "naming_series":
        texts += (field.get("options") or "").split("\n")
    for text in filter(None, texts):
        yield Message(text, doctype)


def of_workspace(document: dict[str, Any]) -> Iterator[Message]:
    texts = [document["label"], document["title"]]
    texts += [row["label"] for row in document["links"] + document["shortcuts"]]
    for block in json.loads(document["content"]):
        texts.append(re.sub(r"<[^>]+>", "", block["data"].get("text", "")))
    yield from map(Message, filter(None, texts))


def _is_test(path: Path) -> bool:
    return "tests" in path.relative_to(APP).parts or path.name.startswith("test_")


_READERS = {".py": of_python, ".js": of_javascript, ".html": of_template, ".json": of_json}
