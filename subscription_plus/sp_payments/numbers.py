"""Numbers about payments: what came in by which mode of payment, and how often charges failed."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import frappe
from frappe.query_builder.functions import Count
from frappe.utils import flt

from subscription_plus.erp import received

Row = frappe._dict
_FAILED = ("Failed", "Cancelled")
_SETTLED = ("Succeeded", "Reversed", *_FAILED)


def by_method(company: str, since: dt.date, until: dt.date, mode: str | None = None) -> list[Row]:
    """One row for each mode of payment: payments, their sum in the company's currency, settled charges at a gateway
    and how many of these failed."""
    found: dict[str, Row] = {}
    for entry in received.of_subscriptions(company, since, until, mode):
        row = _row(found, entry.mode_of_payment)
        row.payments += 1
        row.amount = flt(row.amount + entry.amount, 6)
    for name, (charges, failed) in _charges(company, since, until).items():
        if not mode or name == mode:
            _row(found, name).update(charges=charges, failed=failed)
    return sorted(found.values(), key=lambda row: (-row.amount, row.mode_of_payment))


def _row(found: dict[str, Row], mode: str | None) -> Row:
    name = mode or ""
    if name not in found:
        found[name] = Row(mode_of_payment=name, payments=0, amount=0.0, charges=0, failed=0)
    return found[name]


def _charges(company: str, since: dt.date, until: dt.date) -> dict[str, tuple[int, int]]:
    """{mode of payment: (settled charges, failed ones)}; registrations of a method are none."""
    attempt, account = frappe.qb.DocType("SP Payment Attempt"), frappe.qb.DocType("SP Stripe Account")
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time())
    rows = (
        frappe.qb.from_(attempt)
        .inner_join(account)
        .on(account.name == attempt.account)
        .select(account.mode_of_payment, attempt.status, Count(attempt.name))
        .where(
            (account.company == company)
            & (attempt.kind != "Register")
            & attempt.status.isin(_SETTLED)
            & (attempt.creation >= dt.datetime.combine(since, dt.time()))
            & (attempt.creation < end)
        )
        .groupby(account.mode_of_payment, attempt.status)
        .run()
    )
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for mode, status, count in rows:
        found[mode][0] += count
        found[mode][1] += count if status in _FAILED else 0
    return {mode: (charges, failed) for mode, (charges, failed) in found.items()}
