"""iCalendar feeds (RFC 5545) behind signed addresses: an item's bookings, or a customer's."""

from __future__ import annotations

import datetime as dt
import hmac
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import get_datetime, get_url, now_datetime

from subscription_plus.sp_billing import signing

from . import availability

KINDS = ("item", "customer")
PAST, AHEAD = dt.timedelta(days=31), dt.timedelta(days=366)


def link(kind: str, name: str) -> str:
    """The address of a feed; it stays the same."""
    query = urlencode({"kind": kind, "name": name, "signature": signature(kind, name)})
    return get_url(f"/api/method/subscription_plus.api.bookings.feed?{query}")


def signature(kind: str, name: str) -> str:
    """What a feed's address is signed with; it never ends."""
    return signing.signature_of(f"sp-feed:{kind}:{name}")


def answer(kind: str, name: str, given: str) -> None:
    """Put the feed into the response; PermissionError for a wrong signature, whatever is asked for."""
    if kind not in KINDS or not hmac.compare_digest(signature(kind, name).encode(), given.encode()):
        frappe.throw(_("This address is not valid."), frappe.PermissionError)
    frappe.local.response.filename = "bookings.ics"
    frappe.local.response.filecontent = text(kind, name).encode()
    frappe.local.response.content_type = "text/calendar; charset=utf-8"
    frappe.local.response.type = "download"
    frappe.local.response.display_content_as = "inline"


def text(kind: str, name: str) -> str:
    """The feed: a month back, a year ahead. An item's says who comes, a customer's what was booked."""
    now = now_datetime()
    rows = frappe.get_all(
        "SP Item Booking",
        filters={
            kind: name,
            "status": ("in", ("Tentative", "Confirmed")),
            "starts_on": ("between", (now - PAST, now + AHEAD)),
        },
        fields=["name", "item_name", "customer_name", "starts_on", "ends_on", "status", "modified"],
        order_by="starts_on",
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Subscription Plus//Bookings//EN",
        "CALSCALE:GREGORIAN",
    ]
    for row in rows:
        who = row.item_name if kind == "customer" else (row.customer_name or row.item_name)
        lines += [
            "BEGIN:VEVENT",
            f"UID:{row.name}@{frappe.local.site}",
            f"DTSTAMP:{_utc(row.modified)}",
            f"DTSTART:{_utc(row.starts_on)}",
            f"DTEND:{_utc(row.ends_on)}",
            f"SUMMARY:{_escaped(who)}",
            f"STATUS:{'CONFIRMED' if row.status == 'Confirmed' else 'TENTATIVE'}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(_folded(line) for line in lines)


def _utc(moment: dt.datetime) -> str:
    local = get_datetime(moment).replace(tzinfo=availability.zone())
    return local.astimezone(dt.timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _escaped(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        value = value.replace(plain, escaped)
    return value


def _folded(line: str) -> str:
    """Lines end with CRLF and have 75 bytes at most; a letter is never cut in two."""
    parts, part = [], ""
    for letter in line:
        if len((part + letter).encode()) > 74:
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part]) + "\r\n"
