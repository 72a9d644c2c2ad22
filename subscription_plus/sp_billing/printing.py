"""What print formats ask for: the coming periods of a subscription, and the period that an invoice bills."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document

from . import preview


def sp_coming_periods(doc: Document, count: int = 3) -> list[dict[str, Any]]:
    """The next periods of a subscription; none where a price is missing: a print must not fail for that."""
    try:
        return preview.coming_periods(doc, count)
    except frappe.ValidationError:
        frappe.clear_messages()
        return []


def sp_recurrence(name: str) -> str:
    """How often, in words: "every month", "every 3 months"."""
    unit, count = frappe.db.get_value("SP Recurrence Period", name, ["unit", "interval_count"])
    words = {
        "Day": (_("every day"), _("every {0} days")),
        "Week": (_("every week"), _("every {0} weeks")),
        "Month": (_("every month"), _("every {0} months")),
        "Quarter": (_("every quarter"), _("every {0} quarters")),
        "Year": (_("every year"), _("every {0} years")),
    }
    one, many = words[unit]
    return one if count == 1 else many.format(count)


def sp_period_of(invoice: Document) -> frappe._dict | None:
    """The billing period that an invoice stands for, None where it stands for none."""
    if not invoice.get("sp_billing_period"):
        return None
    return frappe.db.get_value(
        "SP Billing Period",
        invoice.sp_billing_period,
        ["subscription", "start_date", "end_date", "recurrence_period", "due_date"],
        as_dict=True,
    )
