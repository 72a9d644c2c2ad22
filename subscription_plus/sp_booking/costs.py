"""What a booking costs in credits: the conversion of its unit, else the cheapest units of its length."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_datetime, getdate, nowdate

from subscription_plus.engine import credits, slots

from . import availability, ledger


@dataclass(frozen=True)
class Cost:
    """So many credits of a type."""

    credit_type: str
    credits: int


def options(
    place: availability.Place, minutes: int, uom: str | None = None, units: float = 1, places: int = 1
) -> list[Cost]:
    """What a length of time costs in each credit type that buys it, the cheapest first."""
    conversion, kind = (
        frappe.qb.DocType("SP Booking Credit Conversion"),
        frappe.qb.DocType("SP Booking Credit Type"),
    )
    rows = (
        frappe.qb.from_(conversion)
        .inner_join(kind)
        .on(kind.name == conversion.parent)
        .select(kind.name, conversion.uom, conversion.credits)
        .where((conversion.item == place.item) & (kind.disabled == 0))
        .run(as_dict=True)
    )
    by_type: dict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        if row.uom in place.units:
            by_type[row.name][row.uom] = cint(row.credits)
    found = []
    for name, conversions in by_type.items():
        if uom in conversions:
            found.append(Cost(name, conversions[uom] * int(units) * places))
            continue
        price = credits.price(
            [credits.Conversion(unit, place.units[unit], cost) for unit, cost in conversions.items()], minutes
        )
        if price:
            found.append(Cost(name, price.credits * places))
    return sorted(found, key=lambda cost: (cost.credits, cost.credit_type))


def of(doc: Document, credit_type: str | None = None) -> Cost:
    """What a booking costs in one credit type, or in the cheapest."""
    found = [cost for cost in of_booking(doc) if credit_type in (None, "", cost.credit_type)]
    if not found:
        frappe.throw(
            _("{0} cannot be booked with {1} for this length of time.").format(
                doc.item, credit_type or _("credits")
            )
        )
    return found[0]


def cheapest_affordable(doc: Document) -> Cost:
    """The type that the booking names, else the cheapest that the customer has enough of. Where none is
    enough: the cheapest, so that the refusal says what is missing of it."""
    wanted = of(doc, doc.credit_type)
    if doc.credit_type:
        return wanted
    today = getdate(nowdate())
    for cost in of_booking(doc):
        rows = ledger.as_engine(ledger.grants_of(doc.customer, cost.credit_type))
        if credits.available(rows, today, doc.user) >= cost.credits:
            return cost
    return wanted


def of_booking(doc: Document) -> list[Cost]:
    """What a booking costs in each credit type that buys it, the cheapest first."""
    place = availability.place(doc.item)
    minutes = slots.minutes_between(
        get_datetime(doc.starts_on), get_datetime(doc.ends_on), place.calendar.zone
    )
    return options(place, minutes, doc.uom, doc.units, cint(doc.places))
