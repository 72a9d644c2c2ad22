"""Coupons: which discount counts in a period, and that a coupon is not used more often than allowed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, formatdate, getdate


@dataclass(frozen=True)
class Discount:
    """What a coupon takes off a period: a percentage of its lines, or an amount per whole period."""

    percentage: Decimal = Decimal(0)
    amount: Decimal = Decimal(0)


def counting(doc: Document, used: int | None = None) -> str | None:
    """The subscription's coupon where it counts in the next period to be billed.

    `used`: how many periods it has counted in; as stored unless told.
    """
    if not doc.coupon:
        return None
    coupon = frappe.get_cached_doc("SP Coupon", doc.coupon)
    periods = {"Once": 1, "For Some Periods": cint(coupon.periods)}.get(coupon.duration)
    used = cint(doc.coupon_periods_used) if used is None else used
    return None if periods is not None and used >= periods else coupon.name


def lasting(doc: Document) -> Discount:
    """What the subscription's coupon takes off for ever; nothing where it counts for some periods only."""
    coupon = doc.coupon and frappe.get_cached_doc("SP Coupon", doc.coupon)
    return discount(doc, coupon.name) if coupon and coupon.duration == "For Ever" else Discount()


def discount(doc: Any, coupon: str | None) -> Discount:
    """What a coupon takes off a period of a subscription it counts in.

    ERPNext takes a percentage or an amount off a total, never both: beside a coupon's amount, the subscription's
    additional percentage counts on each line instead.
    """
    if not coupon:
        return Discount()
    row = frappe.get_cached_doc("SP Coupon", coupon)
    if row.discount_type == "Percentage":
        return Discount(percentage=Decimal(str(flt(row.percentage))))
    on_lines = Decimal(str(flt(doc.additional_discount_percentage)))
    return Discount(percentage=on_lines, amount=Decimal(str(flt(row.amount))))


def claim(doc: Document) -> None:
    """Count the subscription as a user of its coupon; refuse one that is over, used up or of another currency.

    The coupon's row is locked: of two that take the last use at once, one is refused.
    """
    coupon = frappe.get_doc("SP Coupon", doc.coupon, for_update=True)
    _refuse_unusable(doc, coupon)
    coupon.db_set("uses", cint(coupon.uses) + 1, update_modified=False)


def check(doc: Document) -> None:
    """Refuse a coupon as `claim` would, without taking it."""
    if not frappe.db.exists("SP Coupon", doc.coupon):
        frappe.throw(_("There is no coupon {0}.").format(doc.coupon))
    _refuse_unusable(doc, frappe.get_doc("SP Coupon", doc.coupon))


def _refuse_unusable(doc: Document, coupon: Document) -> None:
    today = getdate(frappe.utils.nowdate())
    problems = (
        (coupon.disabled, _("it is disabled")),
        (coupon.valid_from and today < getdate(coupon.valid_from), _("it is not valid yet")),
        (
            coupon.valid_until and today > getdate(coupon.valid_until),
            _("it was valid until {0}").format(formatdate(coupon.valid_until)),
        ),
        (coupon.company and coupon.company != doc.company, _("it is for another company")),
        (
            coupon.discount_type == "Amount" and coupon.currency != doc.currency,
            _("its amount is in {0}").format(coupon.currency),
        ),
        (cint(coupon.max_uses) and cint(coupon.uses) >= cint(coupon.max_uses), _("it is used up")),
    )
    for wrong, reason in problems:
        if wrong:
            frappe.throw(_("Coupon {0} cannot be used: {1}.").format(doc.coupon, reason))


def release(coupon: str) -> None:
    """Give a use back: the subscription took the coupon off before it was billed."""
    row = frappe.get_doc("SP Coupon", coupon, for_update=True)
    row.db_set("uses", max(cint(row.uses) - 1, 0), update_modified=False)
