"""Tells customers that credits are about to end; once for each grant."""

from __future__ import annotations

import frappe
from frappe.utils import add_days, cint, formatdate, getdate, nowdate

from subscription_plus.erp import customers
from subscription_plus.sp_billing import notices, settings

from . import ledger


def send_due() -> int:
    """Mail the owners of credits that end within the settings' days; how many mails."""
    days, template = cint(settings.get("credit_expiry_notice_days")), settings.get("credit_expiry_template")
    if not (days and template):
        return 0
    today = getdate(nowdate())
    rows = frappe.get_all(
        ledger.GRANT,
        filters={
            "balance": (">", 0),
            "valid_until": ("between", (today, add_days(today, days))),
            "expiry_notice_sent": 0,
        },
        fields=["name", "customer", "customer_name", "user", "credit_type", "balance", "valid_until"],
    )
    return sum(_send(row, frappe.get_cached_doc("Email Template", template)) for row in rows)


def _send(row: frappe._dict, template) -> bool:
    """Mail one notice and commit it: a failure further on sends none of these again."""
    address = row.user or customers.details(row.customer).email
    frappe.db.set_value(ledger.GRANT, row.name, "expiry_notice_sent", 1, update_modified=False)
    address = address if notices.wanted(row.customer) else None
    if address:
        context = {
            "doc": row,
            "customer_name": row.customer_name,
            "credits": row.balance,
            "credit_type": row.credit_type,
            "valid_until": formatdate(row.valid_until),
        }
        frappe.sendmail(
            recipients=[address],
            subject=frappe.render_template(template.subject, context),
            message=frappe.render_template(template.response_html or template.response, context)
            + notices.farewell(row.customer),
            reference_doctype=ledger.GRANT,
            reference_name=row.name,
        )
    frappe.db.commit()
    return bool(address)
