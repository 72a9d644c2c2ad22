"""What a form has to say to the next page: kept for minutes under a random cookie, shown once."""

from __future__ import annotations

from typing import Any

import frappe

COOKIE = "sp_flash"
SECONDS = 600
KINDS = ("success", "info", "warning", "danger")


def say(message: str, kind: str = "success", values: dict[str, Any] | None = None) -> None:
    """Leave a message for the next page. `values`: what was filled into a form that was refused."""
    key = frappe.generate_hash(length=24)
    frappe.cache.set_value(
        _key(key), {"text": message, "kind": kind, "values": values or {}}, expires_in_sec=SECONDS
    )
    frappe.local.cookie_manager.set_cookie(COOKIE, key, httponly=True, max_age=SECONDS)


def take() -> frappe._dict:
    """The message that waits, or one without text; it is gone afterwards."""
    key = frappe.request.cookies.get(COOKIE)
    found = frappe.cache.get_value(_key(key), expires=True) if key else None
    if key:
        frappe.cache.delete_value(_key(key))
        frappe.local.cookie_manager.delete_cookie(COOKIE)
    return frappe._dict(found or {"text": "", "kind": "info", "values": {}})


def _key(key: str) -> str:
    return f"sp_flash:{key}"
