"""The nightly check of credits and bookings: a list that must be empty, and what to do where it is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import frappe
from frappe import _
from frappe.query_builder.functions import Coalesce, Sum
from frappe.utils import add_days, add_to_date, cint, get_datetime, now_datetime, nowdate

from subscription_plus.engine.slots import Usage
from subscription_plus.sp_billing import failures

from . import availability, giving_back, granting, holds, ledger

Finding = dict[str, Any]


def findings() -> list[Finding]:
    """Everything that is wrong: {problem, doctype, name, detail, advice}."""
    return [finding for check in CHECKS for finding in check()]


def tell() -> None:
    """Mail the people who look after billing where something is wrong."""
    wrong = findings()
    if wrong:
        lines = "".join(
            f"<li>{frappe.utils.escape_html(one['problem'])}: {frappe.utils.escape_html(str(one['name']))}</li>"
            for one in wrong[:50]
        )
        failures.tell_people(
            _("Credits and bookings: {0} things to look at").format(len(wrong)),
            f"<ul>{lines}</ul><p>" + _("The report Credits and Bookings Check says what to do.") + "</p>",
        )


def catch_up() -> None:
    """Look at recent paid invoices of tickets that granted nothing: their job was lost."""
    granting.look_at([row["name"] for row in _paid_without_credits()])


def _balances() -> Iterator[Finding]:
    grant, entry = frappe.qb.DocType(ledger.GRANT), frappe.qb.DocType(ledger.ENTRY)
    rows = (
        frappe.qb.from_(grant)
        .left_join(entry)
        .on(entry.booking_credit == grant.name)
        .select(grant.name, grant.balance, Coalesce(Sum(entry.credits), 0))
        .groupby(grant.name, grant.balance)
        .run()
    )
    for name, balance, total in rows:
        if cint(balance) != cint(total) or cint(balance) < 0:
            yield {
                "problem": _("The balance is not the sum of the entries"),
                "doctype": ledger.GRANT,
                "name": name,
                "detail": f"{balance} / {total}",
                "advice": _(
                    "The entries are right. Somebody wrote the balance by hand: set it to their sum."
                ),
            }


def _grants_without_reason() -> Iterator[Finding]:
    for origin, field in (("Purchase", "sales_invoice"), ("Subscription", "subscription")):
        filters = {"origin": origin, field: ("is", "not set"), "balance": (">", 0)}
        for name in frappe.get_all(ledger.GRANT, filters=filters, pluck="name"):
            yield _reasonless(name, origin)
    grant, invoice = frappe.qb.DocType(ledger.GRANT), frappe.qb.DocType("Sales Invoice")
    rows = (
        frappe.qb.from_(grant)
        .left_join(invoice)
        .on(invoice.name == grant.sales_invoice)
        .select(grant.name)
        .where((grant.origin == "Purchase") & (grant.balance > 0) & grant.sales_invoice.isnotnull())
        .where(invoice.name.isnull() | (invoice.docstatus == 2))
        .run()
    )
    for (name,) in rows:
        yield _reasonless(name, "Purchase")


def _reasonless(name: str, origin: str) -> Finding:
    return {
        "problem": _("Credits without a reason"),
        "doctype": ledger.GRANT,
        "name": name,
        "detail": _(origin),
        "advice": _("What granted them is gone. Adjust them to 0, or write down why they stay."),
    }


def _overbooked() -> Iterator[Finding]:
    now = now_datetime()
    items = frappe.get_all("Item", filters={"sp_bookable": 1, "disabled": 0}, pluck="name")
    found = availability.places(items)
    if not found:
        return
    taken = availability.taken(found, now, holds.END_OF_TIME)
    for item, spans in taken.items():
        usage, places = Usage(spans), found[item].house.places
        for span in sorted(spans, key=lambda one: one.start):
            if usage.peak(span.start, span.end) > places:
                yield {
                    "problem": _("More bookings than places"),
                    "doctype": "Item",
                    "name": item,
                    "detail": f"{get_datetime(span.start)}: {usage.peak(span.start, span.end)} / {places}",
                    "advice": _("Move or cancel a booking, or give the item more places."),
                }
                break


def _paid_without_credits() -> Iterator[Finding]:
    row, invoice = frappe.qb.DocType("Sales Invoice Item"), frappe.qb.DocType("Sales Invoice")
    kind, grant = frappe.qb.DocType("SP Booking Credit Type"), frappe.qb.DocType(ledger.GRANT)
    rows = (
        frappe.qb.from_(row)
        .inner_join(invoice)
        .on(invoice.name == row.parent)
        .inner_join(kind)
        .on((kind.item == row.item_code) & (kind.disabled == 0))
        .left_join(grant)
        .on(grant.sales_invoice_item == row.name)
        .select(invoice.name)
        .where((invoice.docstatus == 1) & (invoice.is_return == 0) & (invoice.outstanding_amount <= 0))
        .where((row.qty > 0) & grant.name.isnull())
        .where(invoice.modified > add_days(nowdate(), -7))
        .where(kind.uom.isnull() | (kind.uom == "") | (kind.uom == row.uom))
        .distinct()
        .run()
    )
    for (name,) in rows:
        yield {
            "problem": _("A paid invoice granted no credits"),
            "doctype": "Sales Invoice",
            "name": name,
            "detail": "",
            "advice": _("The nightly run grants them; if it stays here, look into the Error Log."),
        }


def _cancelled_but_charged() -> Iterator[Finding]:
    entry, booking = frappe.qb.DocType(ledger.ENTRY), frappe.qb.DocType("SP Item Booking")
    used = Coalesce(Sum(entry.credits), 0)
    rows = (
        frappe.qb.from_(booking)
        .left_join(entry)
        .on((entry.booking == booking.name) & entry.kind.isin([ledger.USED, ledger.REFUNDED]))
        .select(booking.name, booking.status, booking.given_back, booking.credits, used)
        .where(booking.payment == "Credits")
        .groupby(booking.name, booking.status, booking.given_back, booking.credits)
        .run()
    )
    for name, status, given_back, cost, total in rows:
        expected = 0 if status == "Cancelled" and given_back != giving_back.KEPT else -cint(cost)
        if cint(total) != expected:
            yield {
                "problem": _("A booking and its credits differ"),
                "doctype": "SP Item Booking",
                "name": name,
                "detail": f"{cint(total)} / {expected}",
                "advice": _("Adjust the customer's credits by the difference."),
            }


def _not_given_back() -> Iterator[Finding]:
    advice = {
        giving_back.PENDING: _(
            "The nightly run tries again; if it stays here, look into the Error Log, or credit it by hand."
        ),
        giving_back.REFUND_BEGUN: _(
            "It was broken off while the gateway was asked: look at the gateway whether it was refunded."
        ),
    }
    filters = {
        "given_back": ("in", list(advice)),
        "cancelled_at": ("<", add_to_date(now_datetime(), hours=-1)),
    }
    for row in frappe.get_all(
        "SP Item Booking", filters=filters, fields=["name", "given_back", "sales_order"]
    ):
        yield {
            "problem": _("A cancelled booking was not given back"),
            "doctype": "SP Item Booking",
            "name": row.name,
            "detail": row.sales_order,
            "advice": advice[row.given_back],
        }


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    _balances,
    _grants_without_reason,
    _overbooked,
    _paid_without_credits,
    _cancelled_but_charged,
    _not_given_back,
)
