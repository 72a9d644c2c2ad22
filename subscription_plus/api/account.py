"""What customers see of themselves over REST: subscriptions, periods, history, documents, payment methods, bookings.

Customers read no documents (see permissions.py): these endpoints hand out named fields of what is theirs. Staff name a
customer, or use /api/resource.
"""

from typing import Any, Literal

import frappe
from frappe.utils import cint

from subscription_plus import permissions
from subscription_plus.erp import documents as erp_documents
from subscription_plus.sp_billing import events, rights

from .answers import (
    BookingRow,
    CustomerOfMine,
    DocumentRow,
    EventRow,
    Me,
    MethodRow,
    PeriodRow,
    SubscriptionBreak,
    SubscriptionDetails,
    SubscriptionLine,
    SubscriptionRow,
)
from .reading import fields as read_fields
from .reading import page

SUBSCRIPTION, PERIOD, METHOD, BOOKING = (
    "SP Subscription",
    "SP Billing Period",
    "SP Payment Method",
    "SP Item Booking",
)


@frappe.whitelist(methods=["GET"])
def me() -> Me:
    """The caller, and the customers the caller stands for."""
    rows = frappe.get_all(
        "Customer",
        filters={"name": ("in", permissions.customers_of_caller() or [""])},
        fields=list(CustomerOfMine.__annotations__),
        order_by="name",
    )
    full_name = frappe.utils.get_fullname(frappe.session.user)
    return {"user": frappe.session.user, "full_name": full_name, "customers": rows}


@frappe.whitelist(methods=["GET"])
def subscriptions(
    customer: str | None = None,
    status: str | None = None,
    start: int = 0,
    limit: int = 20,
    fields: str | list[str] | None = None,
) -> list[SubscriptionRow]:
    """The caller's subscriptions, newest first. `fields`: a list (as JSON in an address); all where left out."""
    return frappe.get_all(
        SUBSCRIPTION,
        filters=_of_caller(SUBSCRIPTION, customer, status=status),
        fields=read_fields(fields, list(SubscriptionRow.__annotations__)),
        order_by="start_date desc, creation desc",
        **page(start, limit),
    )


@frappe.whitelist(methods=["GET"])
def subscription(subscription: str) -> SubscriptionDetails:
    """One subscription with its lines and pauses. `may`: what its plan lets the customer do."""
    doc = permissions.get_own(SUBSCRIPTION, subscription)
    return {
        **_named(doc, SubscriptionRow),
        "lines": [_named(row, SubscriptionLine) for row in doc.lines],
        "breaks": [_named(row, SubscriptionBreak) for row in doc.breaks],
        "may": sorted(rights.of(doc.plan).may),
    }


@frappe.whitelist(methods=["GET"])
def periods(
    subscription: str, start: int = 0, limit: int = 20, fields: str | list[str] | None = None
) -> list[PeriodRow]:
    """The billed periods of a subscription with their documents, newest first."""
    return frappe.get_all(
        PERIOD,
        filters={"subscription": permissions.get_own(SUBSCRIPTION, subscription).name},
        fields=read_fields(fields, list(PeriodRow.__annotations__)),
        order_by="start_date desc",
        **page(start, limit),
    )


@frappe.whitelist(methods=["GET"])
def history(subscription: str, start: int = 0, limit: int = 50) -> list[EventRow]:
    """What happened to a subscription, as far as it is meant for its customer, newest first."""
    return frappe.get_all(
        "SP Subscription Event",
        filters={
            "subscription": permissions.get_own(SUBSCRIPTION, subscription).name,
            "event_type": ("in", events.FOR_CUSTOMERS),
        },
        fields=list(EventRow.__annotations__),
        order_by="at desc, creation desc",
        **page(start, limit),
    )


@frappe.whitelist(methods=["GET"])
def documents(
    kind: Literal["Sales Order", "Sales Invoice", "Payment Request"] = "Sales Invoice",
    customer: str | None = None,
    subscription: str | None = None,
    open_only: int = 0,
    start: int = 0,
    limit: int = 20,
) -> list[DocumentRow]:
    """Submitted orders, invoices or payment requests of the caller, newest first. `open_only`: with money to come."""
    return erp_documents.of_customers(
        kind, _customers(kind, customer), subscription or None, bool(cint(open_only)), **page(start, limit)
    )


@frappe.whitelist(methods=["GET"])
def payment_methods(customer: str | None = None, start: int = 0, limit: int = 20) -> list[MethodRow]:
    """Saved payment methods, the default one first; removed ones left out."""
    return frappe.get_all(
        METHOD,
        filters={**_of_caller(METHOD, customer), "status": ("!=", "Removed")},
        fields=list(MethodRow.__annotations__),
        order_by="is_default desc, creation desc",
        **page(start, limit),
    )


@frappe.whitelist(methods=["GET"])
def bookings(
    customer: str | None = None,
    status: str | None = None,
    start: int = 0,
    limit: int = 20,
    fields: str | list[str] | None = None,
) -> list[BookingRow]:
    """The caller's bookings, the latest first."""
    return frappe.get_all(
        BOOKING,
        filters=_of_caller(BOOKING, customer, status=status),
        fields=read_fields(fields, list(BookingRow.__annotations__)),
        order_by="starts_on desc, name desc",
        **page(start, limit),
    )


def _of_caller(doctype: str, customer: str | None, **more: str | None) -> dict[str, Any]:
    filters = {"customer": ("in", _customers(doctype, customer))}
    return filters | {field: value for field, value in more.items() if value}


def _customers(doctype: str, customer: str | None) -> list[str]:
    """The named customer where the caller may look at it, else all the caller stands for."""
    own = permissions.customers_of_caller()
    if not customer and own:
        return own
    return [permissions.customer_of_caller(customer or None, doctype)]


def _named(row: Any, shape: type) -> dict[str, Any]:
    return {field: row.get(field) for field in shape.__annotations__}
