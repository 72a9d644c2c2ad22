"""What customers owe and have paid: open payment requests, invoices, and where each is paid."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import flt

from subscription_plus.sp_payments import accounts, links

from . import status

OPEN_REQUESTS = ("Requested", "Initiated", "Partially Paid", "Payment Ordered")


def to_pay(customers: list[str]) -> list[frappe._dict]:
    """Submitted payment requests with something outstanding, oldest first: {name, reference_name, amount, currency,
    online, processing, title}. `online`: it can be paid on the gateway's page."""
    if not customers:
        return []
    rows = frappe.get_all(
        "Payment Request",
        filters={
            "party_type": "Customer",
            "party": ("in", customers),
            "docstatus": 1,
            "status": ("in", OPEN_REQUESTS),
            "outstanding_amount": (">", 0),
        },
        fields=[
            "name",
            "party",
            "company",
            "reference_doctype",
            "reference_name",
            "outstanding_amount as amount",
            "currency",
            "transaction_date",
            "sp_billing_period",
            "sp_subscription as subscription",
        ],
        order_by="transaction_date, name",
    )
    periods = _periods([row.sp_billing_period for row in rows if row.sp_billing_period])
    takes_online = {company: is_online(company) for company in {row.company for row in rows}}
    for row in rows:
        row.period = periods.get(row.sp_billing_period)
        row.processing = bool(row.period and row.period.processing)
        row.online = takes_online[row.company] and not row.processing
    # A request stays open when its period was settled in another way: what is owed stands on the period.
    return [row for row in rows if not row.period or flt(row.period.outstanding) > 0]


def _periods(names: list[str]) -> dict[str, frappe._dict]:
    if not names:
        return {}
    rows = frappe.get_all(
        "SP Billing Period",
        filters={"name": ("in", names)},
        fields=["name", "start_date", "end_date", "due_date", "processing", "outstanding"],
    )
    return {row.name: row for row in rows}


def invoices(
    customers: list[str], start: int = 0, limit: int = 20, subscription: str | None = None
) -> list[frappe._dict]:
    """Submitted invoices, newest first, with `state`."""
    if not customers:
        return []
    filters = {"customer": ("in", customers), "docstatus": 1}
    if subscription:
        filters["sp_subscription"] = subscription
    rows = frappe.get_all(
        "Sales Invoice",
        filters=filters,
        fields=[
            "name",
            "posting_date",
            "due_date",
            "grand_total",
            "rounded_total",
            "outstanding_amount",
            "currency",
            "status",
            "is_return",
        ],
        order_by="posting_date desc, creation desc",
        limit_start=start,
        limit_page_length=limit,
    )
    for row in rows:
        row.amount = flt(row.rounded_total) or flt(row.grand_total)
        row.state = status.invoice(row)
    return rows


def is_online(company: str) -> bool:
    """Whether a company takes payments online."""
    return bool(accounts.of_company(company))


def pay_address(request: str) -> str:
    """The page on which a request is paid; refused (ValidationError) where it cannot be paid online."""
    address = links.for_request(request)
    if not address:
        frappe.throw(_("This cannot be paid online. Pay by transfer, or ask us."))
    return address
