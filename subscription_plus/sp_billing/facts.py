"""From stored documents to the engine's facts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate

from subscription_plus.engine.calendar import DAY, Unit
from subscription_plus.engine.lifecycle import Life, last_day
from subscription_plus.engine.planning import BillAt, Break, Charge, Facts, Recurrence
from subscription_plus.engine.pricing import Line
from subscription_plus.engine.steps import Flow

PERIOD_FIELDS = [
    "name",
    "start_date",
    "end_date",
    "whole_start",
    "whole_end",
    "charge",
    "billing_date",
    "due_date",
    "status",
    "recurrence_period",
    "coupon",
    "currency",
    "total",
    "outstanding",
    "processing",
    "dunning_since",
    "dunning_steps_done",
    "sales_order",
    "payment_request",
    "sales_invoice",
    "pos_invoice",
    "credit_note",
    "credited_from",
]


def date(value: Any) -> dt.date | None:
    """A stored or typed date, None where there is none."""
    return getdate(value) if value else None


def moment(value: Any) -> dt.datetime | None:
    """A stored or typed date and time, None where there is none."""
    return get_datetime(value) if value else None


def recurrence(name: str) -> Recurrence:
    """The recurrence period as the engine reads it."""
    row = frappe.get_cached_doc("SP Recurrence Period", name)
    return Recurrence(
        Unit(row.unit),
        cint(row.interval_count) or 1,
        cint(row.billing_day) or None,
        Charge(row.stub_billing or "Prorated"),
        BillAt(row.bill_at),
        cint(row.days_before),
    )


def recurrence_on(doc: Document, day: dt.date) -> str:
    """The name of the recurrence period that counts on a day: it may change in a subscription's life."""
    changes = sorted(
        (row for row in doc.breaks if row.recurrence_before), key=lambda row: getdate(row.from_date)
    )
    return next(
        (row.recurrence_before for row in changes if getdate(row.from_date) > day), doc.recurrence_period
    )


def flow(name: str) -> Flow:
    """Which documents a recurrence period wants, in which order."""
    row = frappe.get_cached_doc("SP Recurrence Period", name)
    return Flow(
        make_order=bool(row.make_sales_order),
        make_request=bool(row.make_payment_request),
        invoice_first=bool(row.invoice_before_payment),
        submit_invoice=bool(row.submit_invoice),
        invoice_zero=bool(row.invoice_zero_total),
    )


def periods_of(subscription: str) -> list[frappe._dict]:
    """All period rows of a subscription, oldest first."""
    return frappe.get_all(
        "SP Billing Period",
        filters={"subscription": subscription},
        fields=PERIOD_FIELDS,
        order_by="start_date",
    )


def covered(periods: Iterable[Any]) -> tuple[tuple[dt.date, dt.date], ...]:
    """The days that period rows stand for; days that were credited are free again."""
    return tuple(
        (row.start_date, row.credited_from - DAY if row.credited_from else row.end_date) for row in periods
    )


def facts(
    doc: Document,
    periods: Iterable[Any] = (),
    read: Callable[[str], Recurrence] = recurrence,
    without: tuple[str, ...] = (),
) -> Facts:
    """What the planner needs to know of a subscription.

    `read`: where recurrences are read. `without`: kinds of breaks that are left out.
    """
    return Facts(
        start=getdate(doc.start_date),
        recurrence=read(doc.recurrence_period),
        trial_end=date(doc.trial_until),
        end=last_day(date(doc.cancellation_date), date(doc.end_date)),
        prorate_last=bool(doc.prorate_last_invoice),
        breaks=tuple(
            Break(
                getdate(row.from_date),
                date(row.until_date),
                bool(row.new_anchor),
                read(row.recurrence_before) if row.recurrence_before else None,
            )
            for row in doc.breaks
            if row.kind not in without
        ),
        covered=covered(periods),
    )


def life(doc: Document) -> Life:
    """The dates the status follows from."""
    return Life(facts(doc), date(doc.cancellation_date), date(doc.end_date))


def line(row: Document) -> Line:
    """A subscription's line as the engine reads it."""
    return Line(
        row.name or str(row.idx),
        Decimal(str(row.qty)),
        Decimal(str(row.discount_percentage or 0)),
        date(row.from_date),
        date(row.to_date),
        bool(row.once),
        bool(row.prorate),
    )
