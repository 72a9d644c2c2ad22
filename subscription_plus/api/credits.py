"""Credits over REST: balance, movements, buying, and what the staff do: grant, hand on, adjust."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, flt, getdate, nowdate

from subscription_plus import permissions
from subscription_plus.sp_billing.transactions import billing_session, in_own_transaction, unit_of_work
from subscription_plus.sp_booking import carts, granting, ledger, using


@frappe.whitelist(methods=["GET"])
def balance(customer: str | None = None) -> list[dict[str, Any]]:
    """What the caller can use today of each credit type, and what ends next: {credit_type, available, ends_on,
    ending}. `customer`: where the caller stands for several, or is staff."""
    customer = permissions.customer_of_caller(customer)
    user = None if permissions.is_venue_staff() else frappe.session.user
    filters = {"customer": customer, "balance": (">", 0)}
    rows = ledger.without_closed(
        frappe.get_all(ledger.GRANT, filters=filters, fields=ledger.FIELDS, order_by="credit_type")
    )
    today, found = getdate(nowdate()), []
    for credit_type in dict.fromkeys(row.credit_type for row in rows):
        own = [row for row in rows if row.credit_type == credit_type]
        usable = [
            grant for grant in ledger.as_engine(own) if grant.usable(today, user if user else grant.user)
        ]
        ends_on = min((grant.valid_until for grant in usable if grant.valid_until), default=None)
        found.append(
            {
                "credit_type": credit_type,
                "available": sum(grant.left for grant in usable),
                "ends_on": ends_on,
                "ending": sum(grant.left for grant in usable if ends_on and grant.valid_until == ends_on),
            }
        )
    return found


@frappe.whitelist(methods=["GET"])
def movements(
    customer: str | None = None, credit_type: str | None = None, start: int = 0, limit: int = 50
) -> list[dict[str, Any]]:
    """The ledger's rows, newest first, at most 200 at a time: {at, kind, credits, credit_type, booking, message}."""
    customer = permissions.customer_of_caller(customer)
    filters = {"customer": customer, **({"credit_type": credit_type} if credit_type else {})}
    return frappe.get_all(
        ledger.ENTRY,
        filters=filters,
        fields=[
            "name",
            "at",
            "kind",
            "credits",
            "credit_type",
            "booking_credit",
            "booking",
            "user",
            "message",
        ],
        order_by="at desc, creation desc",
        limit_start=max(cint(start), 0),
        limit_page_length=min(max(cint(limit), 1), 200),
    )


@frappe.whitelist(methods=["POST"])
def buy_credits(credit_type: str, qty: float = 1, customer: str | None = None) -> dict[str, Any]:
    """Order tickets: the order and the request to pay it. The credits come when it is paid."""
    customer = permissions.customer_of_caller(customer)
    kind = frappe.get_cached_doc("SP Booking Credit Type", credit_type)
    if kind.disabled or not kind.item:
        frappe.throw(_("{0} are not for sale. Ask the staff.").format(credit_type))
    if flt(qty) <= 0:
        frappe.throw(_("Say how many: 1 or more."))
    email = frappe.session.user if "@" in frappe.session.user else None

    def work() -> dict[str, Any]:
        order = carts.buy(customer, kind.item, flt(qty), kind.uom)
        return {"sales_order": order, "payment_request": carts.request_payment(order, email)}

    # ERPNext makes an order of a cart for people who may make orders; the caller may buy for this customer.
    with billing_session():
        return unit_of_work(work)


@frappe.whitelist(methods=["POST"])
def grant(
    customer: str,
    credit_type: str,
    quantity: int = 1,
    user: str | None = None,
    valid_until: str | None = None,
    reason: str | None = None,
) -> dict[str, Any]:
    """Give credits away; for the staff."""
    frappe.has_permission(ledger.GRANT, "create", throw=True)

    def work() -> str:
        doc = frappe.get_doc(
            {
                "doctype": ledger.GRANT,
                "customer": customer,
                "credit_type": credit_type,
                "quantity": cint(quantity),
                "user": user or None,
                "valid_from": nowdate(),
                "valid_until": valid_until or None,
                "note": reason,
            }
        )
        return doc.insert().name

    return {"booking_credit": in_own_transaction(work)}


@frappe.whitelist(methods=["POST"])
def transfer(
    credit_type: str,
    credits: int,
    to_user: str | None = None,
    from_user: str | None = None,
    customer: str | None = None,
) -> list[dict[str, Any]]:
    """Hand credits to another user of the customer (none: to all). A user hands on the own ones, or shared ones
    to oneself; the staff any. The balance afterwards."""
    customer = permissions.customer_of_caller(customer)
    caller = frappe.session.user
    if not permissions.is_venue_staff() and from_user != caller and (from_user or to_user != caller):
        frappe.throw(_("You can hand on your own credits only."), frappe.PermissionError)
    in_own_transaction(
        lambda: using.transfer(customer, credit_type, cint(credits), to_user or None, from_user or None)
    )
    return balance(customer)


@frappe.whitelist(methods=["POST"])
def adjust(booking_credit: str, credits: int, reason: str) -> dict[str, Any]:
    """Add credits to a grant, or take some away (a negative number), and say why; for the staff."""
    frappe.get_doc(ledger.GRANT, booking_credit).check_permission("write")
    in_own_transaction(lambda: using.adjust(booking_credit, cint(credits), reason))
    return {"left": frappe.db.get_value(ledger.GRANT, booking_credit, "balance")}


@frappe.whitelist(methods=["POST"])
def grant_of_invoice(sales_invoice: str) -> dict[str, Any]:
    """Look at an invoice again: grant what it has bought and did not grant yet; for the staff."""
    frappe.has_permission(ledger.GRANT, "create", throw=True)
    with billing_session():
        return {"booking_credits": unit_of_work(lambda: granting.of_invoice(sales_invoice))}
