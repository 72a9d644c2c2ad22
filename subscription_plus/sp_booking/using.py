"""Using credits: taken for a booking, given back, expired, moved between a customer's users, adjusted."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.utils import add_days, cint, getdate, nowdate

from subscription_plus.engine import credits
from subscription_plus.sp_billing import settings
from subscription_plus.sp_billing.transactions import billing_session, unit_of_work

from . import granting, ledger
from .errors import NotEnoughCredits


def use(
    customer: str,
    credit_type: str,
    amount: int,
    *,
    user: str | None = None,
    booking: str | None = None,
    message: str | None = None,
    on: dt.date | None = None,
) -> None:
    """Take exactly so many credits, those that expire first; NotEnoughCredits says how many are missing."""
    ledger.lock(customer)
    rows = {row.name: row for row in ledger.grants(customer, credit_type)}
    try:
        moves = credits.take(ledger.as_engine(rows.values()), amount, on or getdate(nowdate()), user)
    except credits.NotEnough as error:
        frappe.throw(missing(customer, credit_type, error), NotEnoughCredits, title=_("Not enough credits"))
    for move in moves:
        ledger.write(
            rows[move.grant], ledger.USED, -move.credits, user=user, booking=booking, message=message
        )


def missing(customer: str, credit_type: str, error: credits.NotEnough) -> str:
    """What is missing, and where to get it."""
    if closed := ledger.closed(customer, credit_type):
        return _("{0} {1} are needed, {2} are there; {3} more can be used once what is owed is paid.").format(
            error.wanted, credit_type, error.available, closed
        )
    ticket = frappe.get_cached_value("SP Booking Credit Type", credit_type, "item")
    where = (
        _("Buy {0} to get more.").format(frappe.get_cached_value("Item", ticket, "item_name"))
        if ticket
        else _("They are not for sale: ask the staff.")
    )
    return _("{0} {1} are needed, {2} are there: {3} missing. {4}").format(
        error.wanted, credit_type, error.available, error.missing, where
    )


def give_back(booking: str, message: str | None = None) -> int:
    """Give what a booking has used back to the same grants; how many credits. Doing it again gives nothing."""
    customer = frappe.db.get_value("SP Item Booking", booking, "customer")
    ledger.lock(customer)
    entries = frappe.db.get_values(
        ledger.ENTRY,
        {"booking": booking},
        ["booking_credit", "kind", "credits", "user"],
        as_dict=True,
        for_update=True,
    )
    back = credits.to_give_back(
        [credits.Move(row.booking_credit, -row.credits) for row in entries if row.kind == ledger.USED],
        [credits.Move(row.booking_credit, row.credits) for row in entries if row.kind == ledger.REFUNDED],
    )
    for move in back:
        row = ledger.grant(move.grant)
        ledger.write(
            row, ledger.REFUNDED, move.credits, user=entries[0].user, booking=booking, message=message
        )
        _where_over(row)
    return sum(move.credits for move in back)


def _where_over(row: frappe._dict) -> None:
    """Credits given back after their end: a few more days, or expired again at once, as the settings say."""
    today = getdate(nowdate())
    if not row.valid_until or getdate(row.valid_until) >= today:
        return
    if days := cint(settings.get("extend_expired_days")):
        frappe.db.set_value(ledger.GRANT, row.name, "valid_until", add_days(today, days))
    else:
        ledger.write(row, ledger.EXPIRED, -cint(row.balance))


def expire_due() -> int:
    """Write off what is left of grants that are over, customer by customer; how many credits."""
    today = getdate(nowdate())
    filters = [["balance", ">", 0], ["valid_until", "is", "set"], ["valid_until", "<", today]]
    with billing_session():
        owners = sorted(set(frappe.get_all(ledger.GRANT, filters=filters, pluck="customer")))
        return sum(unit_of_work(lambda owner=owner: expire(owner, today)) for owner in owners)


def expire(customer: str, today: dt.date) -> int:
    """Write off what is left of a customer's grants that are over."""
    ledger.lock(customer)
    rows = frappe.db.get_values(
        ledger.GRANT,
        {"customer": customer, "balance": (">", 0), "valid_until": ("<", today)},
        ledger.FIELDS,
        as_dict=True,
        for_update=True,
    )
    by_name = {row.name: row for row in rows}
    moves = credits.expired(ledger.as_engine(rows), today)
    for move in moves:
        ledger.write(by_name[move.grant], ledger.EXPIRED, -move.credits)
    return sum(move.credits for move in moves)


def adjust(name: str, amount: int, reason: str) -> None:
    """Add credits to a grant or take some away; says why."""
    if not reason:
        frappe.throw(_("Say why the credits are adjusted."))
    ledger.lock(frappe.db.get_value(ledger.GRANT, name, "customer"))
    ledger.write(ledger.grant(name), ledger.ADJUSTED, amount, message=reason)


def transfer(
    customer: str, credit_type: str, amount: int, to_user: str | None, from_user: str | None = None
) -> None:
    """Hand credits from one user of a customer (None: from what all share) to another (None: to all). What is
    handed on keeps its dates."""
    if amount < 1:
        frappe.throw(_("Say how many credits are handed on: 1 or more."))
    if (to_user or None) == (from_user or None):
        frappe.throw(_("Credits are handed on from one user to another."))
    ledger.lock(customer)
    rows = {row.name: row for row in ledger.grants(customer, credit_type) if (row.user or None) == from_user}
    try:
        moves = credits.take(ledger.as_engine(rows.values()), amount, getdate(nowdate()), from_user)
    except credits.NotEnough as error:
        frappe.throw(missing(customer, credit_type, error), NotEnoughCredits, title=_("Not enough credits"))
    for move in moves:
        row = rows[move.grant]
        text = _("Handed on to {0}").format(to_user or _("all users"))
        ledger.write(row, ledger.ADJUSTED, -move.credits, user=from_user, message=text)
        granting.grant(
            customer,
            credit_type,
            move.credits,
            origin="Transfer",
            user=to_user,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            unit_value=frappe.db.get_value(ledger.GRANT, row.name, "unit_value"),
            note=_("From {0}, {1}").format(from_user or _("all users"), row.name),
        )
