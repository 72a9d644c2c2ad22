"""The site's settings, read from the cache."""

from __future__ import annotations

from typing import Any

import frappe


def get(fieldname: str) -> Any:
    """One value of SP Settings."""
    return frappe.get_cached_doc("SP Settings").get(fieldname)
