"""Which verbs a booking, credits and a cart's quotation offer a person now; api/actions.py hands them out."""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from subscription_plus import permissions
from subscription_plus.sp_booking import booking

from .action_parts import field, offer

_API = "subscription_plus.api."


def of_booking(doc: Document) -> list[dict[str, Any]]:
    """Move and cancel; order the cart it is in."""
    if doc.status == "Cancelled" or not permissions.may_act_for(doc.customer):
        return []
    starts_on, ends_on = (str(get_datetime(value))[:19] for value in (doc.starts_on, doc.ends_on))
    actions = [
        _action(
            _("Move"),
            "bookings.move_booking",
            {"name": doc.name},
            [
                field("starts_on", _("Starts"), "Datetime", default=starts_on, reqd=1),
                field("ends_on", _("Ends"), "Datetime", default=ends_on),
            ],
        ),
        _action(
            _("Cancel Booking"),
            "bookings.cancel_booking",
            {"name": doc.name},
            _of_cancelling(doc),
        ),
    ]
    if permissions.is_venue_staff():
        actions.append(_action(_("Calendar Address of the Item"), "bookings.feed_link", {"item": doc.item}))
    if doc.customer:
        actions.append(
            _action(_("Calendar Address of the Customer"), "bookings.feed_link", {"customer": doc.customer})
        )
    if doc.series or frappe.db.exists("SP Item Booking", {"series": doc.name}):
        actions.append(
            _action(
                _("Cancel This and Later Ones"),
                "bookings.cancel_series",
                {"name": doc.name},
                _of_cancelling(doc),
            )
        )
    if doc.status == "In Cart" and doc.quotation:
        actions.insert(
            0, _action(_("Order"), "bookings.checkout", {"quotation": doc.quotation}, primary=True)
        )
    return actions


def _of_cancelling(doc: Document) -> list[dict[str, Any]]:
    fields = [field("reason", _("Reason"), "Small Text")]
    if permissions.is_venue_staff() and (doc.sales_order or doc.credits):
        in_time = now_datetime() <= booking.free_until(doc)
        label = _("Give Back What Was Paid")
        fields.append(field("give_back", label, "Check", default=int(in_time)))
    return fields


def of_credits(doc: Document) -> list[dict[str, Any]]:
    """Hand on and adjust."""
    if not permissions.is_venue_staff():
        return []
    given = {"customer": doc.customer, "credit_type": doc.credit_type, "from_user": doc.user}
    actions = [
        _action(
            _("Adjust"),
            "credits.adjust",
            {"booking_credit": doc.name},
            [
                field("credits", _("Credits (Less: a Negative Number)"), "Int", reqd=1),
                field("reason", _("Reason"), "Small Text", reqd=1),
            ],
        )
    ]
    if doc.balance:
        fields = [
            field("credits", _("Credits"), "Int", default=doc.balance, reqd=1),
            field("to_user", _("To the User (Empty: All)"), "Link", options="User"),
        ]
        actions.append(_action(_("Hand On"), "credits.transfer", given, fields))
    return actions


def _action(
    label: str,
    method: str,
    args: dict[str, Any],
    fields: list[dict[str, Any]] | None = None,
    primary: bool = False,
) -> dict[str, Any]:
    return offer(label, _API + method, args, fields, primary)
