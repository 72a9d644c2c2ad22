"""Gateways: one file each, known by the hook `sp_gateways`; base.py is the interface they share."""

from __future__ import annotations

import frappe
from frappe import _

from .base import Gateway

ACCOUNT = "SP Stripe Account"


def of(account: str) -> Gateway:
    """The gateway behind an account."""
    doc = frappe.get_cached_doc(ACCOUNT, account)
    return named(doc.gateway)(doc)


def named(name: str | None) -> type[Gateway]:
    """The class behind a gateway's name; ValidationError where no installed app brings it."""
    known = frappe.get_hooks("sp_gateways")
    if name not in known:
        frappe.throw(_("There is no gateway {0}. There are: {1}.").format(name or "-", ", ".join(known)))
    return frappe.get_attr(known[name][-1])


def places(account: str, currency: str) -> int | None:
    """Decimal places in which the account's gateway counts a currency, None where it is as in ISO 4217."""
    return of(account).places(currency)
