"""The shape of an action and of a question, as every desk reads them."""

from __future__ import annotations

from typing import Any


def offer(
    label: str,
    method: str,
    args: dict[str, Any],
    fields: list[dict[str, Any]] | None = None,
    primary: bool = False,
    confirm: str | None = None,
) -> dict[str, Any]:
    """A button: `method` is called by POST with `args` and the answers to `fields`; `confirm` is asked first."""
    return {
        "label": label,
        "method": method,
        "args": args,
        "fields": fields or [],
        "primary": primary,
        "confirm": confirm,
    }


def field(
    fieldname: str, label: str, fieldtype: str, options: str | None = None, **more: Any
) -> dict[str, Any]:
    """A question: a field of Frappe's dialogs. `filters`: which documents a link may lead to."""
    return {"fieldname": fieldname, "label": label, "fieldtype": fieldtype, "options": options, **more}
