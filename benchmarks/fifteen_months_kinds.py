"""The forty subscriptions of fifteen_months.py: what each is like, when its customer pays, who changes it when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import frappe
from support import recurrence

from subscription_plus.sp_billing import breaks, cancellation, changes
from subscription_plus.tests.support import masters

ITEM, OTHER, FEE = "Membership", "Locker", "Set-up"
Lines = list[dict[str, Any]]
Verb = tuple[int, Callable[..., Any], dict[str, Any]]


@dataclass(frozen=True)
class Kind:
    """One subscription. `key` is its customer's name; days are counted from the first day of all.

    `every`: its recurrence period; `values`: of the subscription; `pays_after`: days after being asked, None
    never; `order`: it comes from a Sales Order.
    """

    key: str
    every: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    lines: Lines | None = None
    pays_after: int | None = 2
    pays_in_parts: bool = False
    starts_after: int = 0
    verbs: tuple[Verb, ...] = ()
    order: bool = False
    tax: float = 0
    coupon: dict[str, Any] | None = None


def line(rate: float | None = 30.0, item: str = ITEM, **values: Any) -> dict[str, Any]:
    """A line at a fixed rate, or with None at the price list's."""
    price = {} if rate is None else {"price_determination": "Fixed Rate", "fixed_rate": rate}
    return {"item": item, "qty": 1, **price, **values}


def _quantity(name: str, qty: float) -> None:
    changes.change_quantity(name, frappe.get_doc("SP Subscription", name).lines[0].name, qty)


def _another_line(name: str, **values: Any) -> None:
    changes.add_line(name, OTHER, 1, price_determination="Fixed Rate", **values)


def _day(number: int) -> dt.date:
    return dt.date(2026, 1, 31) + dt.timedelta(days=number)


def _after(count: int, unit: str = "Month", **values: Any) -> dict[str, Any]:
    return {"interval_count": count, "unit": unit, **values}


ARREARS, BEFORE = {"bill_at": "End of Period"}, {"bill_at": "Days Before Start", "days_before": 10}
INVOICE_FIRST, NO_ORDER = {"invoice_before_payment": 1}, {"make_sales_order": 0}
NO_REQUEST, DRAFT = {"make_payment_request": 0}, {"submit_invoice": 0}

KINDS = (
    Kind("monthly"),
    Kind("monthly, pays at once", pays_after=0),
    Kind("monthly, pays late", pays_after=17),
    Kind("monthly, never pays", pays_after=None),
    Kind("monthly, pays in parts", pays_in_parts=True),
    Kind("monthly from the 15th", starts_after=15),
    Kind("quarterly", _after(1, "Quarter"), lines=[line(99.99)]),
    Kind("every second month in arrears", _after(2, **ARREARS)),
    Kind("yearly", _after(1, "Year"), lines=[line(480)]),
    Kind("weekly", _after(1, "Week"), lines=[line(7.77)], pays_after=1),
    Kind("every ten days in arrears", _after(10, "Day", **ARREARS), pays_after=3),
    Kind("monthly in arrears", ARREARS),
    Kind("ten days before", BEFORE),
    Kind("ten days before, invoice first", {**BEFORE, **INVOICE_FIRST}),
    Kind("billing day 1, stub prorated", {"billing_day": 1}, starts_after=9),
    Kind("billing day 31, stub free", {"billing_day": 31, "stub_billing": "Free"}, starts_after=20),
    Kind("billing day 15, stub full, arrears", {"billing_day": 15, "stub_billing": "Full Price", **ARREARS}),
    Kind("trial of thirty days", values={"trial_until": _day(29)}),
    Kind("trial and billing day", {"billing_day": 5}, {"trial_until": _day(45)}),
    Kind("invoice first", INVOICE_FIRST),
    Kind("invoice first without request", {**INVOICE_FIRST, **NO_REQUEST}),
    Kind("without orders", NO_ORDER, tax=20),
    Kind("without orders and requests, never pays", {**NO_ORDER, **NO_REQUEST}, pays_after=None),
    Kind("without request, paid on the order", NO_REQUEST),
    Kind("draft invoices", {**NO_ORDER, **DRAFT}),
    Kind("free of charge", lines=[line(0)]),
    Kind("free of charge, invoiced", {"invoice_zero_total": 1}, lines=[line(0)]),
    Kind("end date inside a period", values={"end_date": _day(237)}),
    Kind("end date, last period whole", {"prorate_last_invoice": 0}, {"end_date": _day(237)}),
    Kind("cancelled at a date", verbs=((150, cancellation.cancel, {"at": "Date", "date": _day(231)}),)),
    Kind("cancelled at the period's end", ARREARS, verbs=((180, cancellation.cancel, {"at": "Period End"}),)),
    Kind("cancelled now, unused days credited", verbs=((165, cancellation.cancel, {"at": "Now", "credit_unused_days": True}),)),
    Kind("paused over summer", verbs=((140, breaks.pause, {"from_date": _day(210), "until": _day(260)}),)),
    Kind(
        "paused and resumed anew",
        verbs=((100, breaks.pause, {}), (131, breaks.resume, {"new_anchor": True}), (300, breaks.skip, {})),
    ),
    Kind("quantity changed, line added", verbs=((70, _quantity, {"qty": 3}), (290, _another_line, {"fixed_rate": 5.5}))),
    Kind("price list, price rises", lines=[line(None), line(12, OTHER, qty=2)], tax=20),
    Kind("set-up fee, short line", lines=[line(), line(100, FEE, once=1), line(9.99, OTHER, to_date=_day(100))], tax=20),
    Kind("percentage coupon for three periods", coupon={"percentage": 50, "duration": "For Some Periods", "periods": 3}),
    Kind("ten per cent off, tax", values={"apply_discount_on": "Net Total", "additional_discount_percentage": 10}, tax=20),
    Kind("from a sales order", order=True, lines=[line(25, qty=2)], tax=20),
)  # fmt: skip


def make(kind: Kind, today: dt.date) -> str:
    """Make a subscription and what it stands on; its name."""
    _ensure_items()
    masters.make_customer(kind.key)
    tax = masters.make_tax_template(kind.tax).name if kind.tax else None
    every = recurrence(
        ", ".join(f"{key} {value}" for key, value in kind.every.items()) or "Monthly", **kind.every
    )
    if kind.order:
        return _from_order(kind, every, tax)
    coupon = (
        kind.coupon
        and frappe.get_doc(
            {"doctype": "SP Coupon", "coupon_code": kind.key, "company": masters.COMPANY, **kind.coupon}
        ).insert()
    )
    doc = frappe.get_doc(
        {
            "doctype": "SP Subscription",
            "customer": kind.key,
            "company": masters.COMPANY,
            "currency": masters.CURRENCY,
            "recurrence_period": every,
            "start_date": today,
            "price_list": masters.PRICE_LIST,
            "taxes_and_charges": tax,
            "coupon": coupon and coupon.name,
            "contact_email": "payer@example.com",
            "send_emails": int(kind.key == "monthly"),
            "lines": kind.lines or [line()],
            **kind.values,
        }
    )
    return doc.insert().name


def _from_order(kind: Kind, every: str, tax: str | None) -> str:
    item = masters.make_item(f"Item of {kind.key}", sp_recurring=1, sp_recurrence_period=every).name
    rows = [{"item_code": item, "qty": row["qty"], "rate": row["fixed_rate"]} for row in kind.lines or []]
    masters.make_sales_order(kind.key, rows, taxes_and_charges=tax, skip_delivery_note=1)
    return frappe.db.get_value("SP Subscription", {"customer": kind.key})


def _ensure_items() -> None:
    if frappe.db.exists("Item", ITEM):
        return
    for code in (ITEM, OTHER, FEE):
        masters.make_item(code)
    masters.make_item_price(ITEM, 20, valid_from="2026-01-01", valid_upto="2026-09-14")
    masters.make_item_price(ITEM, 22, valid_from="2026-09-15")
