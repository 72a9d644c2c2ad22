"""What a subscription's form shows at a glance: the headline, and its periods with their documents and states."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from . import facts, headline, periods

DOCUMENTS = {
    "sales_order": "Sales Order",
    "payment_request": "Payment Request",
    "sales_invoice": "Sales Invoice",
    "pos_invoice": "POS Invoice",
    "credit_note": "Sales Invoice",
}
COLOURS = {
    "To Order": "blue",
    "Awaiting Payment": "orange",
    "Payment Processing": "blue",
    "To Invoice": "blue",
    "Draft Invoice": "yellow",
    "Paid": "green",
}


def of(doc: Document) -> dict[str, Any]:
    """{headline, colour, periods: [{name, start, end, status, label, colour, total, outstanding, currency,
    documents: [{doctype, name, label}]}]}, the newest period first. One query."""
    rows = facts.periods_of(doc.name)
    said = headline.of(doc, rows, now_datetime())
    today = now_datetime().date()
    return {
        "headline": said.text,
        "colour": said.colour,
        "periods": [_period(row, periods.is_overdue(row, today)) for row in reversed(rows)],
    }


def _period(row: Any, overdue: bool) -> dict[str, Any]:
    label = (
        _("Past Due", context="SP Subscription") if overdue else _(row.status, context="SP Billing Period")
    )
    return {
        "name": row.name,
        "start": row.start_date,
        "end": row.end_date,
        "billing_date": row.billing_date,
        "due_date": row.due_date,
        "status": row.status,
        "label": label,
        "colour": "red" if overdue else COLOURS.get(row.status, "gray"),
        "total": row.total,
        "outstanding": row.outstanding,
        "currency": row.currency,
        "documents": [
            {
                "doctype": doctype,
                "name": row.get(field),
                "label": _("Credit Note") if field == "credit_note" else _(doctype),
            }
            for field, doctype in DOCUMENTS.items()
            if row.get(field)
        ],
    }
