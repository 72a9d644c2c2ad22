"""The ledger of credits: every movement is a row, and a balance is the sum of rows.

A grant keeps its own sum in `balance`, so that uses need not add up the ledger; both are written in one
transaction under the customer's lock, and compared every night (checks.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import frappe
from frappe import _
from frappe.query_builder.functions import Sum
from frappe.utils import cint, getdate, now_datetime

from subscription_plus.engine import credits
from subscription_plus.erp import customers

GRANT, ENTRY = "SP Booking Credit", "SP Booking Credit Entry"
GRANTED, USED, REFUNDED, EXPIRED, ADJUSTED = "Grant", "Use", "Refund", "Expiry", "Adjustment"
FIELDS = [
    "name",
    "customer",
    "credit_type",
    "user",
    "balance",
    "valid_from",
    "valid_until",
    "status",
    "subscription",
]


def lock(customer: str) -> None:
    """One at a time moves a customer's credits; held until the transaction ends."""
    customers.lock(customer)


def grants(customer: str, credit_type: str) -> list[frappe._dict]:
    """Grants that something can be taken from, as they are now. The caller holds the customer's lock; reading them
    for update reads what others have committed, whatever this transaction has seen before."""
    filters = {"customer": customer, "credit_type": credit_type, "balance": (">", 0)}
    return without_closed(frappe.db.get_values(GRANT, filters, FIELDS, as_dict=True, for_update=True))


def without_closed(rows: Iterable[frappe._dict]) -> list[frappe._dict]:
    """Grants but for those of subscriptions that dunning has restricted: they are open again once it is paid."""
    rows = list(rows)
    names = {row.subscription for row in rows if row.subscription}
    filters = {"name": ("in", sorted(names)), "restricted": 1}
    closed = set(frappe.get_all("SP Subscription", filters=filters, pluck="name")) if names else set()
    return [row for row in rows if row.subscription not in closed]


def grant(name: str) -> frappe._dict:
    """One grant as it is now, under the customer's lock."""
    return frappe.db.get_value(GRANT, name, FIELDS, as_dict=True, for_update=True)


def as_engine(rows: Iterable[frappe._dict]) -> list[credits.Grant]:
    """Stored grants as the engine reads them."""
    return [
        credits.Grant(
            row.name,
            cint(row.balance),
            getdate(row.valid_from),
            getdate(row.valid_until) if row.valid_until else None,
            row.user or None,
        )
        for row in rows
    ]


def write(
    row: frappe._dict,
    kind: str,
    amount: int,
    *,
    user: str | None = None,
    booking: str | None = None,
    invoice: str | None = None,
    message: str | None = None,
) -> None:
    """Add a movement to a grant and take it into its balance. The caller holds the customer's lock."""
    balance = cint(row.balance) + amount
    if balance < 0:
        frappe.throw(
            _("Credits {0} have {1} left, {2} cannot be taken.").format(row.name, row.balance, -amount)
        )
    entry = frappe.get_doc(
        {
            "doctype": ENTRY,
            "customer": row.customer,
            "credit_type": row.credit_type,
            "booking_credit": row.name,
            "kind": kind,
            "credits": amount,
            "at": now_datetime(),
            "user": user,
            "by_user": frappe.session.user,
            "booking": booking,
            "sales_invoice": invoice,
            "message": message,
        }
    )
    entry.set_new_name()
    # Straight into the table: the values are ours, and the controller refuses every other way in.
    entry.db_insert()
    row.balance, row.status = balance, _status(kind, balance)
    frappe.db.set_value(GRANT, row.name, {"balance": balance, "status": row.status}, update_modified=False)


def _status(kind: str, balance: int) -> str:
    if balance:
        return "Active"
    return {EXPIRED: "Expired", ADJUSTED: "Withdrawn"}.get(kind, "Used Up")


def grants_of(customer: str, credit_type: str) -> list[frappe._dict]:
    """Grants that something can be taken from, read without a lock: for showing and choosing."""
    filters = {"customer": customer, "credit_type": credit_type, "balance": (">", 0)}
    return without_closed(frappe.get_all(GRANT, filters=filters, fields=FIELDS))


def closed(customer: str, credit_type: str) -> int:
    """Credits that dunning keeps from being used."""
    filters = {"customer": customer, "credit_type": credit_type, "balance": (">", 0)}
    left = sum(frappe.get_all(GRANT, filters=filters, pluck="balance"))
    return left - sum(row.balance for row in grants_of(customer, credit_type))


def sums(customer: str | None = None, until: dt.datetime | None = None) -> list[frappe._dict]:
    """The ledger added up: customer, credit_type, credits; movements at or before a moment."""
    entry = frappe.qb.DocType(ENTRY)
    query = (
        frappe.qb.from_(entry)
        .select(entry.customer, entry.credit_type, Sum(entry.credits).as_("credits"))
        .groupby(entry.customer, entry.credit_type)
        .orderby(entry.customer, entry.credit_type)
    )
    if customer:
        query = query.where(entry.customer == customer)
    if until:
        query = query.where(entry["at"] <= until)
    return query.run(as_dict=True)
