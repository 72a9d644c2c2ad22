"""Credits over REST: balance, movements, buying, and what the staff do: grant, hand on, adjust."""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, getdate, nowdate

from subscription_plus import permissions
from subscription_plus.sp_billing.idempotency import once
from subscription_plus.sp_billing.transactions import billing_session, in_own_transaction, unit_of_work
from subscription_plus.sp_booking import carts, granting, ledger, using

from .answers import CreditBalance, Granted, GrantedByInvoice, Left, Movement, Ordered
from .reading import Day, day, number, page


@frappe.whitelist(methods=["GET"])
def balance(customer: str | None = None) -> list[CreditBalance]:
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
) -> list[Movement]:
    """The ledger's rows, newest first, at most 200 at a time: {at, kind, credits, credit_type, booking, message}."""
    customer = permissions.customer_of_caller(customer)
    filters = {"customer": customer, **({"credit_type": credit_type} if credit_type else {})}
    return frappe.get_all(
        ledger.ENTRY,
        filters=filters,
        fields=list(Movement.__annotations__),
        order_by="at desc, creation desc",
        **page(start, limit),
    )


@frappe.whitelist(methods=["POST"])
@once
def buy_credits(credit_type: str, qty: float = 1, customer: str | None = None) -> Ordered:
    """Order tickets: the order and the request to pay it. The credits come when it is paid."""
    customer = permissions.customer_of_caller(customer)
    kind = frappe.get_cached_doc("SP Booking Credit Type", credit_type)
    if kind.disabled or not kind.item:
        frappe.throw(_("{0} are not for sale. Ask the staff.").format(credit_type))
    if number(qty) <= 0:
        frappe.throw(_("Say how many: 1 or more."))
    email = frappe.session.user if "@" in frappe.session.user else None

    def work() -> dict[str, Any]:
        order = carts.buy(customer, kind.item, qty, kind.uom)
        return {"sales_order": order, "payment_request": carts.request_payment(order, email)}

    # ERPNext makes an order of a cart for people who may make orders; the caller may buy for this customer.
    with billing_session():
        return unit_of_work(work)


@frappe.whitelist(methods=["POST"])
@once
def grant(
    customer: str,
    credit_type: str,
    quantity: int = 1,
    user: str | None = None,
    valid_until: Day | None = None,
    reason: str | None = None,
) -> Granted:
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
                "valid_until": day(valid_until),
                "note": reason,
            }
        )
        return doc.insert().name

    return {"booking_credit": in_own_transaction(work)}


@frappe.whitelist(methods=["POST"])
@once
def transfer(
    credit_type: str,
    credits: int,
    to_user: str | None = None,
    from_user: str | None = None,
    customer: str | None = None,
) -> list[CreditBalance]:
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
@once
def adjust(booking_credit: str, credits: int, reason: str) -> Left:
    """Add credits to a grant, or take some away (a negative number), and say why; for the staff."""
    permissions.get_for_staff(ledger.GRANT, booking_credit, "write")
    in_own_transaction(lambda: using.adjust(booking_credit, cint(credits), reason))
    return {"left": frappe.db.get_value(ledger.GRANT, booking_credit, "balance")}


@frappe.whitelist(methods=["POST"])
@once
def grant_of_invoice(sales_invoice: str) -> GrantedByInvoice:
    """Look at an invoice again: grant what it has bought and did not grant yet; for the staff."""
    frappe.has_permission(ledger.GRANT, "create", throw=True)
    with billing_session():
        return {"booking_credits": unit_of_work(lambda: granting.of_invoice(sales_invoice))}
