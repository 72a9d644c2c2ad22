"""What was lost in each month of what was there at its start: customers (or subscriptions) and revenue."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from frappe import _
from frappe.utils import flt

from subscription_plus.engine.calendar import DAY
from subscription_plus.engine.metrics import Step, loss, months, mrr_on
from subscription_plus.sp_billing import numbers, reporting


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows, message, chart."""
    asked = reporting.asked(filters)
    asked.by = (asked.by or "Customer").lower()
    found = numbers.courses(asked.company, asked.until, asked.currency, asked.by)
    columns, rows, chart = _details(asked, found) if asked.details else _months(asked, found)
    return columns, rows, numbers.left_out(asked.company, asked.currency), chart


def _percent(part: Fraction) -> float:
    return flt(float(100 * part), 2)


def _months(asked: reporting.Filters, found: dict[str, list[Step]]):
    rows = []
    for start, end in months(asked.since, asked.until):
        start, end = max(start, asked.since), min(end, asked.until)
        lost = loss(found.values(), start, end)
        inside = {"details": 1, "since": str(start), "until": str(end)}
        rows.append(
            reporting.Row(
                label=reporting.month(start),
                since=start,
                until=end,
                count=lost.count,
                lost=lost.lost,
                rate=_percent(lost.rate),
                mrr=float(lost.mrr),
                lost_mrr=float(lost.lost_mrr),
                mrr_rate=_percent(lost.mrr_rate),
                retention=_percent(lost.retention),
                currency=asked.shown_currency,
                drill=dict.fromkeys(("count", "lost", "mrr", "lost_mrr"), inside),
            )
        )
    columns = [
        reporting.column("label", _("Month"), "Data", 110),
        reporting.column("count", _("At the Start"), "Int", 110),
        reporting.column("lost", _("Lost"), "Int", 80),
        reporting.percent("rate", _("Churn Rate"), 150),
        reporting.money("mrr", _("Revenue at the Start"), 180),
        reporting.money("lost_mrr", _("Revenue Lost"), 130),
        reporting.percent("mrr_rate", _("Revenue Churn Rate"), 190),
        reporting.percent("retention", _("Net Revenue Retention"), 200),
    ]
    shown = {"rate": _("Number"), "mrr_rate": _("Revenue")}
    return (
        columns,
        rows,
        reporting.chart(rows, "label", shown, "line", colors=[reporting.BLUE, reporting.RED]),
    )


def _details(asked: reporting.Filters, found: dict[str, list[Step]]):
    """All that were there at the start, what was lost most first."""
    rows = []
    for subject, steps in found.items():
        before, after = mrr_on(steps, asked.since - DAY), mrr_on(steps, asked.until)
        if before > 0:
            rows.append(
                reporting.Row(
                    subject=subject,
                    mrr=float(before),
                    after=float(after),
                    lost=int(after <= 0),
                    lost_mrr=float(max(before - after, 0)),
                    currency=asked.shown_currency,
                )
            )
    rows.sort(key=lambda row: (-row.lost_mrr, row.subject))
    of_customers = asked.by == "customer"
    columns = [
        reporting.link(
            "subject",
            _("Customer") if of_customers else _("Subscription"),
            "Customer" if of_customers else "SP Subscription",
            220,
        ),
        reporting.money("mrr", _("Revenue at the Start"), 180),
        reporting.money("after", _("Revenue at the End"), 170),
        reporting.column("lost", _("Lost"), "Check", 80),
        reporting.money("lost_mrr", _("Revenue Lost"), 130),
    ]
    return columns, rows, None
