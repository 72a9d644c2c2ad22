"""Reads the subscriptions a site had before: ERPNext's own DocType, or Dokos' of the same name.

Both are called *Subscription* and have other fields, so the fields tell them apart, never a version or an app's name.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import frappe
from frappe.utils import add_days, cint, flt, getdate

DOCTYPE = "Subscription"
ERPNEXT, DOKOS = "ERPNext", "Dokos"

BILL_AT = {
    "Beginning of the current subscription period": "Start of Period",
    "Days before the current subscription period": "Days Before Start",
    "End of the current subscription period": "End of Period",
}
MONTHS = {"Month": 1, "Year": 12}


@dataclass(frozen=True)
class Earlier:
    """An earlier subscription in this app's words. `problem`: why it cannot be taken over, None where it can.

    `next_start` is the first day of the first period that is not invoiced: billing goes on there.
    """

    name: str
    customer: str | None = None
    company: str | None = None
    currency: str | None = None
    next_start: dt.date | None = None
    trial_until: dt.date | None = None
    end_date: dt.date | None = None
    unit: str = "Month"
    count: int = 1
    bill_at: str = "Start of Period"
    days_before: int = 0
    make_order: bool = False
    make_request: bool = False
    submit_invoice: bool = True
    days_until_due: int = 0
    terms: dict[str, Any] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    problem: str | None = None


def platform() -> str | None:
    """Whose *Subscription* this site has; None where it has none that is known."""
    if not frappe.db.exists("DocType", DOCTYPE):
        return None
    fields = {df.fieldname for df in frappe.get_meta(DOCTYPE).fields}
    if {"party_type", "party", "plans", "current_invoice_start", "start_date"} <= fields:
        return ERPNEXT
    if {"customer", "plans", "current_invoice_start", "start"} <= fields:
        return DOKOS
    return None


def names() -> list[str]:
    """The subscriptions that still bill, oldest first; the caller's permissions count."""
    if platform() is None:
        return []
    over = ("Cancelled", "Completed")
    return frappe.get_list(
        DOCTYPE, filters={"status": ("not in", over)}, pluck="name", order_by="creation", limit_page_length=0
    )


def read(name: str) -> Earlier:
    """One of them, in this app's words."""
    doc = frappe.get_doc(DOCTYPE, name)
    doc.check_permission("read")
    return _of_dokos(doc.as_dict()) if platform() == DOKOS else _of_erpnext(doc.as_dict())


def stop(name: str) -> None:
    """Let it bill no more, without what its own cancelling does beside that (a last invoice, a status mail)."""
    date_field = "cancellation_date" if platform() == DOKOS else "cancelation_date"
    frappe.db.set_value(DOCTYPE, name, {"status": "Cancelled", date_field: getdate()})


def _of_erpnext(doc: frappe._dict) -> Earlier:
    if doc.party_type != "Customer":
        return Earlier(doc.name, problem=frappe._("It is one with a supplier."))
    plans = {row.plan: frappe.get_cached_doc("Subscription Plan", row.plan) for row in doc.plans}
    if not plans:
        return Earlier(doc.name, customer=doc.party, problem=frappe._("It has no plan."))
    first = next(iter(plans.values()))
    unit, count = first.billing_interval, cint(first.billing_interval_count) or 1
    problem, lines = None, []
    for row in doc.plans:
        plan = plans[row.plan]
        price = _price_of_plan(plan, unit, count)
        if price is None:
            problem = frappe._("Plan {0} has a monthly rate, but no months.").format(plan.name)
            break
        lines.append({"item": plan.item, "qty": flt(row.qty) or 1, **price})
    discount = flt(doc.additional_discount_percentage) or flt(doc.additional_discount_amount)
    return Earlier(
        name=doc.name,
        customer=doc.party,
        company=doc.company,
        currency=first.currency,
        next_start=_next_start(doc),
        trial_until=_later(doc.trial_period_end),
        end_date=getdate(doc.end_date) if doc.end_date else None,
        unit=unit,
        count=count,
        bill_at=BILL_AT.get(doc.generate_invoice_at, "Start of Period"),
        days_before=cint(doc.number_of_days),
        submit_invoice=bool(doc.submit_invoice),
        days_until_due=cint(doc.days_until_due),
        terms={
            "taxes_and_charges": doc.sales_tax_template,
            "cost_center": doc.cost_center,
            "apply_discount_on": (doc.apply_additional_discount or "Grand Total") if discount else None,
            "additional_discount_percentage": flt(doc.additional_discount_percentage),
            "discount_amount": 0
            if flt(doc.additional_discount_percentage)
            else flt(doc.additional_discount_amount),
        },
        lines=lines,
        problem=problem,
    )


def _price_of_plan(plan: Any, unit: str, count: int) -> dict[str, Any] | None:
    """How a line is priced; None for a rate by month where the period is no number of months."""
    if plan.price_determination == "Based On Price List":
        return {"price_determination": "Price List", "price_list": plan.price_list}
    months = 1
    if plan.price_determination == "Monthly Rate":
        if unit not in MONTHS:
            return None
        months = MONTHS[unit] * count
    return {"price_determination": "Fixed Rate", "fixed_rate": flt(plan.cost) * months}


def _of_dokos(doc: frappe._dict) -> Earlier:
    recurrence = frappe._dict()
    if doc.get("recurrence_period"):
        # Since version 4 the interval is a record of its own.
        recurrence = frappe.get_cached_doc("Recurrence Period", doc.recurrence_period).as_dict()
    unit = recurrence.periodicity or doc.get("billing_interval") or "Month"
    at_start = recurrence.get("generate_invoice_at_period_start", doc.get("generate_invoice_at_period_start"))
    return Earlier(
        name=doc.name,
        customer=doc.customer,
        company=doc.company,
        currency=doc.currency,
        next_start=_next_start(doc),
        trial_until=_later(doc.get("trial_period_end")),
        end_date=getdate(doc.cancellation_date) if doc.get("cancellation_date") else None,
        unit=unit,
        count=cint(recurrence.billing_interval_count or doc.get("billing_interval_count")) or 1,
        bill_at="Start of Period" if cint(at_start) else "End of Period",
        make_order=bool(cint(doc.get("create_sales_order"))),
        make_request=bool(cint(doc.get("generate_payment_request"))),
        submit_invoice=bool(cint(doc.get("submit_invoice"))),
        days_until_due=cint(doc.get("days_until_due")),
        terms={
            "taxes_and_charges": doc.get("tax_template"),
            "shipping_rule": doc.get("shipping_rule"),
            "tc_name": doc.get("terms_and_conditions"),
            "contact_person": doc.get("contact_person"),
        },
        lines=[_line_of_dokos(row) for row in doc.plans],
    )


def _line_of_dokos(row: Any) -> dict[str, Any]:
    fixed = (row.get("price_determination") or "").lower() == "fixed rate"
    price = {"price_determination": "Fixed Rate", "fixed_rate": flt(row.get("fixed_rate"))}
    return {
        "item": row.get("item"),
        "qty": flt(row.get("qty")) or 1,
        "uom": row.get("uom"),
        "description": row.get("description"),
        "from_date": row.get("from_date"),
        "to_date": row.get("to_date"),
        "booked_item": row.get("booked_item"),
        **(price if fixed else {"price_determination": "Price List"}),
    }


def _next_start(doc: frappe._dict) -> dt.date | None:
    """The first day that is not invoiced: the current period's, or the one after it where it has its invoice."""
    if not doc.current_invoice_start:
        return getdate(doc.get("start_date") or doc.get("start"))
    start = getdate(doc.current_invoice_start)
    invoiced = frappe.get_all(
        "Sales Invoice",
        filters={"subscription": doc.name, "docstatus": ("<", 2), "is_return": 0, "to_date": (">=", start)},
        fields=["to_date"],
        order_by="to_date desc",
        limit=1,
    )
    return add_days(getdate(invoiced[0].to_date), 1) if invoiced else start


def _later(day: Any) -> dt.date | None:
    return getdate(day) if day and getdate(day) >= getdate() else None
