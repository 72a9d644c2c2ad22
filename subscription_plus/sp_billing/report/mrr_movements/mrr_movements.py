"""How monthly recurring revenue moved, month by month; with details the movements themselves."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import flt

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.metrics import Kind
from subscription_plus.sp_billing import numbers, reporting

# From what begins to what ends, in the order of the labels.
COLOURS = [reporting.BLUE, reporting.GREEN, "#4ac3cf", "#f6ad55", reporting.RED]


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows, message, chart and summary."""
    asked = reporting.asked(filters)
    return _details(asked) if asked.details else _months(asked)


def _labels() -> dict[str, str]:
    return {
        "new": _("New"),
        "expansion": _("Expansion"),
        "reactivation": _("Reactivation"),
        "contraction": _("Contraction"),
        "churn": _("Churn"),
    }


def _months(asked: reporting.Filters):
    rows = numbers.movements_by_month(asked.company, asked.since, asked.until, asked.currency)
    for row in rows:
        inside = {"details": 1, "since": str(row.since), "until": str(row.until)}
        row.update(label=reporting.month(row.month), currency=asked.shown_currency)
        row.drill = {kind.name.lower(): {**inside, "kind": kind.value} for kind in Kind}
        row.drill["change"] = {**inside, "kind": ""}
        row.drill["opening"] = {
            "details": 1,
            "since": "1900-01-01",
            "until": str(row.since - DAY),
            "kind": "",
        }
        row.drill["closing"] = {"details": 1, "since": "1900-01-01", "until": str(row.until), "kind": ""}
    columns = [
        reporting.column("label", _("Month"), "Data", 110),
        reporting.money("opening", _("At the Start")),
        *(reporting.money(field, label) for field, label in _labels().items()),
        reporting.money("change", _("Change")),
        reporting.money("closing", _("At the End")),
    ]
    # Side by side: the desk's charts stack what falls on top of what rises.
    chart = reporting.chart(rows, "label", _labels(), "bar", fieldtype="Currency", colors=COLOURS)
    closing = rows[-1].closing if rows else 0
    summary = [
        reporting.summary(_("Monthly Recurring Revenue"), closing, asked.shown_currency),
        reporting.summary(_("Yearly Recurring Revenue"), flt(closing * 12, 6), asked.shown_currency),
    ]
    return columns, rows, numbers.left_out(asked.company, asked.currency), chart, summary


def _details(asked: reporting.Filters):
    rows = numbers.movements(asked.company, asked.since, asked.until, asked.currency, asked.kind or None)
    for row in rows:
        row.update(currency=asked.shown_currency, kind=_(row.kind))
    columns = [
        reporting.column("date", _("Date"), "Date", 110),
        reporting.column("kind", _("Movement"), "Data", 120),
        reporting.link("subscription", _("Subscription"), "SP Subscription", 170),
        reporting.link("customer", _("Customer"), "Customer", 170),
        reporting.column("customer_name", _("Customer Name"), "Data", 180),
        reporting.money("amount", _("Change per Month"), 160),
        reporting.money("mrr", _("Per Month After It"), 170),
    ]
    total = flt(sum(row.amount for row in rows), 6)
    summary = [reporting.summary(_("Change"), total, asked.shown_currency)]
    return columns, rows, numbers.left_out(asked.company, asked.currency), None, summary
