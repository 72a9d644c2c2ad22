"""Changes from the next period on: a line's quantity, lines, the plan, the recurrence."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.planning import next_piece, whole_period_holding
from subscription_plus.erp import prices

from . import facts, plans, publishing, rights
from .verbs import by_customer, refuse, verb


def change_day(doc: Document) -> dt.date:
    """The first day that a change from the next period on counts: the day after the current period and
    after all that is billed. The day of change belongs to the new side."""
    plan = facts.facts(doc, facts.periods_of(doc.name))
    piece = next_piece(plan)
    if not piece:
        refuse(_("There is no further period that a change could count in."))
    current = whole_period_holding(plan, rights.day_of(doc))
    return current.end + DAY if current and piece.start <= current.end else piece.start


def change_quantity(name: str, line: str, qty: float) -> dt.date:
    """Bill another quantity of a line (its row name) from the next period on; 0 ends the line."""
    with verb(name, "Quantity Changed", right=rights.QUANTITY) as doc:
        row = next((row for row in doc.lines if row.name == line), None)
        if row is None:
            refuse(_("The subscription has no line {0}.").format(line))
        if flt(qty) < 0:
            refuse(_("A quantity cannot be negative."))
        if by_customer(doc):
            _check_quantity(doc, row, flt(qty))
        day = change_day(doc)
        _end(doc, row, day)
        if flt(qty):
            doc.append("lines", _like(row) | {"qty": flt(qty), "from_date": day, "to_date": None})
        _refuse_empty(doc)
    return day


def _check_quantity(doc: Document, row: Document, qty: float) -> None:
    """Customers take a plan's line so often as the plan may be taken, and what is paid once stays as it was."""
    if row.once:
        refuse(_("What is paid once cannot change."))
    plan = frappe.get_cached_doc("SP Subscription Plan", doc.plan)
    single = next((flt(line.qty) for line in plan.lines if line.item == row.item), 0) or 1
    times, most = qty / single, max(cint(plan.max_quantity), 1)
    if times != int(times) or not 1 <= times <= most:
        refuse(_("Take {0} to {1}, in steps of {0}.").format(f"{single:g}", f"{single * most:g}"))


def add_line(name: str, item: str, qty: float = 1, **values: Any) -> dt.date:
    """Bill a further item from the next period on. `values`: further fields of SP Subscription Line."""
    with verb(name, "Line Added") as doc:
        day = change_day(doc)
        doc.append("lines", {"item": item, "qty": flt(qty), **values, "from_date": day})
    return day


def change_price(
    name: str, item: str | None = None, rate: float | None = None, percentage: float | None = None
) -> dt.date:
    """Bill the fixed rates of an item (of all items) by another rate, or by so many per cent more, from the
    next period on. Lines by price list follow their list; what counts once stays."""
    with verb(name, "Price Changed") as doc:
        if (rate is None) == (percentage is None):
            refuse(_("Say the new rate, or by how many per cent it changes."))
        day = change_day(doc)
        rounding = prices.rounding(doc.currency)
        rows = [row for row in doc.lines if _has_fixed_rate(row, item, day)]
        if not rows:
            refuse(_("It has no line with a fixed rate of its own; prices by list change in the list."))
        for row in rows:
            before = Decimal(str(flt(row.fixed_rate)))
            after = Decimal(str(rate)) if rate is not None else before * (1 + Decimal(str(percentage)) / 100)
            if after < 0:
                refuse(_("A rate cannot be negative."))
            like = _like(row)
            _end(doc, row, day)
            start = max(filter(None, (day, facts.date(like.get("from_date")))))
            doc.append("lines", like | {"fixed_rate": float(rounding(after)), "from_date": start})
    return day


def _has_fixed_rate(row: Document, item: str | None, day: dt.date) -> bool:
    return (
        row.price_determination == "Fixed Rate"
        and not row.once
        and (not item or row.item == item)
        and (not row.to_date or getdate(row.to_date) >= day)
    )


def change_payment(
    name: str,
    mode_of_payment: str | None = None,
    payment_method: str | None = None,
    charge_automatically: bool = True,
) -> None:
    """Say how the customer pays from now on: the mode of payment, and what is charged without asking."""
    with verb(name, "Payment Method Changed") as doc:
        doc.mode_of_payment = mode_of_payment
        doc.payment_method = payment_method if charge_automatically else None
        doc.charge_automatically = int(charge_automatically)


def change_plan(name: str, plan: str) -> dt.date:
    """Bill another plan's lines, in its recurrence, from the next period on."""
    with verb(name, "Plan Changed", plan, rights.PLAN) as doc:
        if by_customer(doc):
            _check_offered(plan)
        new = frappe.get_doc("SP Subscription Plan", plan)
        plans.check_usable(new, doc.company, doc.currency)
        day = change_day(doc)
        for row in list(doc.lines):
            if not row.to_date or getdate(row.to_date) >= day:
                _end(doc, row, day)
        for row in plans.lines_of(new):
            doc.append("lines", row | {"from_date": day})
        _change_credit_rules(doc, new, day)
        doc.plan = plan
        _change_recurrence(doc, new.recurrence_period, day)
    return day


def _check_offered(plan: str) -> None:
    """Customers change to what they see on the website, where it is open to changes itself."""
    new = frappe.get_doc("SP Subscription Plan", plan)
    publishing.check_visible(new)
    if not new.customer_may_change_plan:
        refuse(_("You cannot change to this plan yourself. Please write to us."))


def _change_credit_rules(doc: Document, plan: Document, day: dt.date) -> None:
    """The new plan's credits come from the day on, the old ones until the day before."""
    for row in doc.credit_rules:
        if not row.to_date or getdate(row.to_date) >= day:
            row.to_date = day - DAY
    for row in plans.credit_rules_of(plan):
        doc.append(
            "credit_rules", row | {"from_date": max(filter(None, (day, facts.date(row["from_date"]))))}
        )


def _change_recurrence(doc: Document, recurrence: str, day: dt.date) -> None:
    if recurrence == doc.recurrence_period:
        return
    if day > facts.facts(doc).first_billed_day:
        doc.append(
            "breaks",
            {
                "kind": "Change",
                "from_date": day,
                "until_date": day - DAY,
                "new_anchor": 1,
                "recurrence_before": doc.recurrence_period,
            },
        )
    doc.recurrence_period = recurrence


def _end(doc: Document, row: Document, day: dt.date) -> None:
    """Let a line end the day before; one that would not have begun goes away."""
    if (row.from_date and getdate(row.from_date) >= day) or getdate(doc.start_date) >= day:
        doc.remove(row)
    else:
        row.to_date = day - DAY


def _like(row: Document) -> dict[str, Any]:
    return {
        field.fieldname: row.get(field.fieldname)
        for field in row.meta.fields
        if field.fieldname not in ("billed_once_in", "sales_order_item")
        and row.get(field.fieldname) is not None
    }


def _refuse_empty(doc: Document) -> None:
    if not doc.lines:
        refuse(_("A subscription needs a line. Cancel it instead."))
