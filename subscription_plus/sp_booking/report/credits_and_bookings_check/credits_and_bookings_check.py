"""The nightly check of credits and bookings: this list must be empty; where it is not it says what to do."""

from __future__ import annotations

from typing import Any

from frappe import _

from subscription_plus.sp_booking import checks, reporting


def execute(filters: dict[str, Any] | None = None):
    """What is wrong now."""
    columns = [
        reporting.column("problem", _("What Is Wrong"), "Data", 260),
        reporting.column("doctype", _("Document Type"), "Data", 150),
        {**reporting.column("name", _("Document"), "Dynamic Link", 180), "options": "doctype"},
        reporting.column("detail", _("Detail"), "Data", 160),
        reporting.column("advice", _("What to Do"), "Data", 420),
    ]
    return columns, checks.findings()
