"""What should have been paid by today, by how long it is past due; with details the periods and their documents."""

from __future__ import annotations

from typing import Any

from frappe import _
from frappe.utils import flt

from subscription_plus.sp_billing import numbers, reporting


def _names() -> list[str]:
    return [f"{first}-{last}" if last else f"{first}+" for first, last in numbers.AGES]


def execute(filters: dict[str, Any] | None = None):
    """Columns, rows, message, chart, summary."""
    asked = reporting.asked(filters)
    rows = [
        row
        for row in numbers.past_due(asked.company)
        if (not asked.currency or row.currency == asked.currency)
        and (not asked.customer or row.customer == asked.customer)
    ]
    if asked.details:
        rows = [row for row in rows if not asked.age or _names()[row.age] == asked.age]
    columns, shown = _details(rows) if asked.details else _by_customer(rows)
    summary = [
        reporting.summary(_("Past Due"), amount, currency, "Red")
        for currency, amount in numbers.sums_by_currency(rows, "outstanding").items()
    ]
    sums = [
        reporting.Row(age=name, amount=sum(flt(row.outstanding) for row in rows if row.age == number))
        for number, name in enumerate(_names())
    ]
    chart = reporting.bars(sums, "age", "amount", _("Past Due")) if rows else None
    return columns, shown, None, chart, summary


def _by_customer(rows: list[reporting.Row]):
    """One row for each customer and currency, the largest amount first."""
    found: dict[tuple[str, str], reporting.Row] = {}
    for row in rows:
        key = (row.customer, row.currency)
        if key not in found:
            found[key] = reporting.Row(
                customer=row.customer, customer_name=row.customer_name, currency=row.currency, total=0.0
            )
            found[key].update({f"age{number}": 0.0 for number in range(len(numbers.AGES))})
            of_customer = {"details": 1, "customer": row.customer, "currency": row.currency}
            found[key].drill = {
                f"age{number}": {**of_customer, "age": name} for number, name in enumerate(_names())
            }
            found[key].drill["total"] = of_customer
        found[key][f"age{row.age}"] = flt(found[key][f"age{row.age}"] + flt(row.outstanding), 6)
        found[key].total = flt(found[key].total + flt(row.outstanding), 6)
    columns = [
        reporting.link("customer", _("Customer"), "Customer", 170),
        reporting.column("customer_name", _("Customer Name"), "Data", 180),
        *(
            reporting.money(f"age{number}", _("{0} Days").format(name), 120)
            for number, name in enumerate(_names())
        ),
        reporting.money("total", _("Total"), 120),
    ]
    return columns, sorted(found.values(), key=lambda row: (-row.total, row.customer))


def _details(rows: list[reporting.Row]):
    columns = [
        reporting.link("subscription", _("Subscription"), "SP Subscription", 160),
        reporting.link("customer", _("Customer"), "Customer", 160),
        reporting.column("customer_name", _("Customer Name"), "Data", 160),
        reporting.link("name", _("Billing Period"), "SP Billing Period", 200),
        reporting.column("due_date", _("Due On"), "Date", 110),
        reporting.column("days", _("Days Past Due"), "Int", 110),
        reporting.money("outstanding", _("Outstanding"), 120),
        reporting.column("mode_of_payment", _("Mode of Payment"), "Data", 140),
        reporting.link("sales_order", _("Sales Order"), "Sales Order", 160),
        reporting.link("sales_invoice", _("Sales Invoice"), "Sales Invoice", 160),
    ]
    return columns, rows
