"""What will be billed in the coming months, by the planner of billing: net, before tax, by the day it is billed."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import flt, getdate

from subscription_plus.sp_billing import forecasting, reporting


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows, message, chart, summary."""
    asked = reporting.asked({**(filters or {}), "since": None, "until": None})
    forecast = forecasting.forecast(asked.company, asked.months, asked.currency)
    columns, rows, chart = _details(asked, forecast) if asked.details else _months(asked, forecast)
    total = flt(sum(row.amount for row in rows), 6)
    summary = [reporting.summary(_("To Be Billed, Net"), total, asked.shown_currency)]
    return columns, rows, "<br>".join(forecast.remarks()) or None, chart, summary


def _months(asked: reporting.Filters, forecast: forecasting.Forecast):
    rows = forecast.by_month()
    for row in rows:
        row.update(label=reporting.month(row.month), currency=asked.shown_currency)
        inside = {"details": 1, "month": str(row.month)}
        row.drill = {"amount": inside, "periods": inside}
    columns = [
        reporting.column("label", _("Month"), "Data", 130),
        reporting.column("periods", _("Periods"), "Int", 110),
        reporting.money("amount", _("To Be Billed, Net"), 180),
    ]
    shown = {"amount": _("To Be Billed, Net")}
    return (
        columns,
        rows,
        reporting.chart(rows, "label", shown, "bar", fieldtype="Currency", colors=[reporting.BLUE]),
    )


def _details(asked: reporting.Filters, forecast: forecasting.Forecast):
    rows = forecast.rows(getdate(asked.month) if asked.month else None)
    for row in rows:
        row.currency = asked.shown_currency
    columns = [
        reporting.column("billing_date", _("Billed On"), "Date", 110),
        reporting.link("subscription", _("Subscription"), "SP Subscription", 170),
        reporting.link("customer", _("Customer"), "Customer", 170),
        reporting.column("customer_name", _("Customer Name"), "Data", 180),
        reporting.link("plan", _("Plan"), "SP Subscription Plan", 150),
        reporting.column("start", _("From"), "Date", 110),
        reporting.column("end", _("To"), "Date", 110),
        reporting.money("amount", _("To Be Billed, Net"), 150),
    ]
    return columns, rows, None
