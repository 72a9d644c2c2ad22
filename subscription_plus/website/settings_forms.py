"""Forms about oneself: name and language, billing address, notices on and off."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.rate_limiter import rate_limit
from frappe.utils import cint

from subscription_plus.erp import customers
from subscription_plus.sp_billing import notices, signing

from . import caller, flash, people
from .forms import form


@frappe.whitelist(methods=["POST"])
@form(back="/account/settings")
def save_person(first_name: str, last_name: str = "", language: str = "") -> str:
    """One's name and the language of the pages."""
    people.save(frappe.session.user, first_name, last_name, language)
    flash.say(_("Saved."))
    return "/account/settings"


@frappe.whitelist(methods=["POST"])
@form(back="/account/settings")
def save_address(
    customer: str,
    address_line1: str,
    city: str,
    country: str,
    address_line2: str = "",
    pincode: str = "",
    phone: str = "",
) -> str:
    """Where the bills go."""
    if customer not in caller.customers():
        raise frappe.PermissionError
    if not (address_line1.strip() and city.strip()):
        frappe.throw(_("Say the street and the city."))
    if not frappe.db.exists("Country", country):
        frappe.throw(_("Choose a country from the list."))
    customers.save_address(
        customer,
        {
            "address_line1": address_line1.strip(),
            "address_line2": address_line2.strip(),
            "city": city.strip(),
            "pincode": pincode.strip(),
            "country": country,
            "phone": phone.strip(),
        },
    )
    flash.say(_("The address is saved. It stands on your next invoice."))
    return "/account/settings"


@frappe.whitelist(methods=["POST"])
@form(back="/account/settings")
def save_notices(customer: str, wanted: str = "") -> str:
    """Whether notices ahead of time are sent."""
    if customer not in caller.customers():
        raise frappe.PermissionError
    notices.choose(customer, bool(cint(wanted)))
    flash.say(_("You will get notices.") if cint(wanted) else _("You will get no more notices."))
    return "/account/settings"


@frappe.whitelist(allow_guest=True, methods=["POST"])
@rate_limit(limit=30, seconds=3600)
@form(back="/account/notices?token={token}")
def unsubscribe(token: str, wanted: str = "") -> str:
    """The same, by the signed link of a notice, without login."""
    notices.choose(signing.read("notices", token), bool(cint(wanted)))
    return f"/account/notices?token={token}"
