"""What numbers about revenue are compared with: the same, worked out slowly and obviously, day by day."""

import datetime as dt
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import frappe
from frappe.utils import getdate

YEARS = {"Day": 365, "Week": Fraction(365, 7), "Month": 12, "Quarter": 4, "Year": 1}


def run(report: str, module: str = "sp_billing", **filters: Any) -> tuple:
    """(columns, rows, message, chart, summary) of a report."""
    name = frappe.scrub(report)
    path = f"subscription_plus.{module}.report.{name}.{name}.execute"
    return (*frappe.get_attr(path)(frappe._dict(filters)), None, None, None)[:5]


def rows(report: str, module: str = "sp_billing", **filters: Any) -> list:
    """A report's rows."""
    return run(report, module, **filters)[1]


def cents(amount: Decimal | Fraction | float) -> Decimal:
    """To the cent, halves as the site rounds them."""
    exact = amount if isinstance(amount, Fraction) else Fraction(Decimal(str(amount)))
    scaled = Decimal(exact.numerator) / Decimal(exact.denominator)
    halves_up = frappe.db.get_single_value("System Settings", "rounding_method") == "Commercial Rounding"
    return scaled.quantize(Decimal("0.01"), ROUND_HALF_UP if halves_up else ROUND_HALF_EVEN)


def slow_mrr(name: str, on: dt.date) -> Decimal:
    """A subscription's monthly revenue on a day, from its stored fields alone; lines with fixed rates."""
    doc = frappe.get_doc("SP Subscription", name)
    first = getdate(doc.start_date)
    if doc.trial_until:
        first = max(first, getdate(doc.trial_until) + dt.timedelta(days=1))
    ends = [getdate(day) for day in (doc.end_date, doc.cancellation_date) if day]
    if on < first or any(on > end for end in ends) or _away(doc, on):
        return Decimal(0)
    recurrence = frappe.get_doc("SP Recurrence Period", _recurrence(doc, on))
    coupon = frappe.get_doc("SP Coupon", doc.coupon) if doc.coupon else None
    lasting = coupon if coupon and coupon.duration == "For Ever" else None
    off_amount = lasting and lasting.discount_type == "Amount"
    percentage = Decimal(str(doc.additional_discount_percentage or 0))
    total = Decimal(0)
    for line in doc.lines:
        begins, ends_on = line.from_date and getdate(line.from_date), line.to_date and getdate(line.to_date)
        if line.once or (begins and on < begins) or (ends_on and on > ends_on):
            continue
        rate = Decimal(str(line.fixed_rate)) * (100 - Decimal(str(line.discount_percentage or 0))) / 100
        if lasting and lasting.discount_type == "Percentage":
            rate = rate * (100 - Decimal(str(lasting.percentage))) / 100
        if off_amount:  # beside a coupon's amount the additional percentage stands on the lines
            rate = rate * (100 - percentage) / 100
        total += cents(cents(rate) * Decimal(str(line.qty)))
    if off_amount:
        total -= Decimal(str(lasting.amount))
    elif percentage:
        total -= cents(total * percentage / 100)
    total = max(total, Decimal(0))
    return cents(Fraction(total) * YEARS[recurrence.unit] / (12 * recurrence.interval_count))


def _away(doc: Any, on: dt.date) -> bool:
    return any(
        row.kind in ("Pause", "Ended")
        and getdate(row.from_date) <= on
        and (not row.until_date or on <= getdate(row.until_date))
        for row in doc.breaks
    )


def _recurrence(doc: Any, on: dt.date) -> str:
    """The recurrence of a day: a change says what was before it."""
    later = [row for row in doc.breaks if row.recurrence_before and getdate(row.from_date) > on]
    return (
        min(later, key=lambda row: getdate(row.from_date)).recurrence_before
        if later
        else doc.recurrence_period
    )
