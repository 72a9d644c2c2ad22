"""Whether billing runs: what is due since when and not billed, what is parked, what went out of step."""

from __future__ import annotations

import datetime as dt
from typing import Any

import frappe
from frappe import _
from frappe.utils import format_datetime, get_link_to_form, now_datetime

from . import failures
from .pipeline import advance

LATE = dt.timedelta(hours=3)


def report(limit: int = 50) -> dict[str, Any]:
    """{healthy, last_run_at, late: [{subscription, customer_name, since, error_message}], parked, failing}.

    Late: due for more than three hours and not billed (the scheduler or the workers stand still).
    Failing: tried and failed, tried again by itself. Parked: only a person goes on.
    """
    # "is set" too: Frappe counts an empty moment as the earliest there is, and ended subscriptions have none.
    # "modified" too: what a person made or changed a moment ago may be due since this morning.
    since, before = "next_billing_at", now_datetime() - LATE
    late = _subscriptions(
        [[since, "is", "set"], [since, "<", before], ["modified", "<", before]], since, limit
    )
    parked = _subscriptions([["parked", "=", 1]], "error_at", limit)
    failing = _subscriptions([["parked", "=", 0], ["error_count", ">", 0]], "error_at", limit)
    return {
        "healthy": not late and not parked,
        "last_run_at": frappe.db.get_single_value("SP Settings", "last_run_at"),
        "late": late,
        "parked": parked,
        "failing": failing,
    }


def _subscriptions(filters: list[list[Any]], since: str, limit: int) -> list[dict[str, Any]]:
    return frappe.get_all(
        "SP Subscription",
        filters=filters,
        fields=["name as subscription", "customer_name", f"{since} as since", "error_message"],
        order_by=since,
        limit=limit,
    )


def check() -> None:
    """Mend what slipped through, then tell people about billing that is late."""
    reopen_unpaid()
    late = report()["late"]
    if late:
        rows = "".join(
            "<li>"
            + _("{0} ({1}): due since {2} and not billed").format(
                get_link_to_form("SP Subscription", row.subscription),
                frappe.utils.escape_html(row.customer_name or ""),
                format_datetime(row.since),
            )
            + "</li>"
            for row in late
        )
        failures.tell_people(
            _("{0} subscriptions are due and not billed").format(len(late)),
            _(
                "The hourly run does not come to them. See that the scheduler and the workers on the long queue run."
            )
            + f"<ul>{rows}</ul>",
        )
        frappe.db.commit()


def reopen_unpaid() -> None:
    """Look again at closed periods whose invoice is owed after all: a payment was undone and nobody was told."""
    period, invoice = frappe.qb.DocType("SP Billing Period"), frappe.qb.DocType("Sales Invoice")
    rows = (
        frappe.qb.from_(period)
        .inner_join(invoice)
        .on(invoice.name == period.sales_invoice)
        .select(period.subscription, period.name)
        .where((period.status == "Paid") & (invoice.docstatus == 1) & (invoice.outstanding_amount > 0))
        .run()
    )
    for subscription, name in rows:
        advance(subscription, touched=(name,))
