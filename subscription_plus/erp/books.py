"""Which accounting dates are still open: frozen books, closed periods, closed years."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate, nowdate


def open_date(company: str, on: dt.date, doctype: str) -> dt.date:
    """`on` where a document of this kind may be posted on it, else today."""
    today = getdate(nowdate())
    return today if on != today and is_closed(company, on, doctype) else on


def is_closed(company: str, on: dt.date, doctype: str) -> bool:
    """Whether ERPNext would refuse to post this kind of document on the day."""
    frozen_until = frappe.db.get_single_value("Accounts Settings", "acc_frozen_upto", cache=True)
    if frozen_until and on <= getdate(frozen_until):
        return True
    closed_until = frappe.db.get_value(
        "Period Closing Voucher",
        {"docstatus": 1, "company": company},
        "period_end_date",
        order_by="period_end_date desc",
    )
    if closed_until and on <= getdate(closed_until):
        return True
    periods = frappe.get_all(
        "Accounting Period",
        filters={"company": company, "start_date": ("<=", on), "end_date": (">=", on)},
        pluck="name",
    )
    return bool(periods) and bool(
        frappe.db.exists(
            "Closed Document", {"parent": ("in", periods), "document_type": doctype, "closed": 1}
        )
    )


def explain(doc: Document, wanted: dt.date) -> None:
    """Say on the document why it does not carry the date it would have had."""
    doc.add_comment(
        "Comment",
        _("The books are closed on {0}, the day this would have been posted on; it is posted on {1}.").format(
            formatdate(wanted), formatdate(doc.posting_date)
        ),
    )
