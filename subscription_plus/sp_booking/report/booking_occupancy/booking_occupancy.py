"""How much of their opening hours items were taken, week by week."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _

from subscription_plus.sp_booking import reporting


def execute(filters: dict[str, Any] | None = None):
    """One row for each item and week: hours open times places, hours taken, and the part in percent."""
    filters = frappe._dict(filters or {})
    rows = reporting.occupancy(filters)
    columns = [
        reporting.link("item", _("Item"), "Item", 200),
        reporting.column("week", _("Week From"), "Date"),
        {**reporting.column("open_hours", _("Hours Open"), "Float"), "precision": 1},
        {**reporting.column("taken_hours", _("Hours Taken"), "Float"), "precision": 1},
        {**reporting.column("percent", _("Taken"), "Percent"), "precision": 1},
    ]
    return columns, rows, None, reporting.lines(rows, "week", "item", "percent")
