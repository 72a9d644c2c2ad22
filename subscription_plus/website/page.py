"""What every page of ours is given: title, place, flash, words and the account's navigation."""

from __future__ import annotations

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.sessions import get_csrf_token
from frappe.utils import cint

from subscription_plus import __version__

from . import flash, words

PAGE_SIZE = 20


def open_page(
    context: frappe._dict,
    title: str,
    section: str | None = None,
    crumbs: Sequence[tuple[str, str]] = (),
) -> None:
    """Fill the context of a page.

    `section`: which entry of the account's navigation is the current one (its route); None shows no navigation.
    `crumbs`: (label, address) from the outside in, without the page itself.
    """
    context.no_cache = 1
    context.no_breadcrumbs = True
    context.title = title
    context.crumbs = list(crumbs)
    context.section = section
    context.navigation = navigation() if section else []
    context.flash = flash.take()
    context.words = words
    context.assets_version = __version__
    context.csrf_token = get_csrf_token() if frappe.session.user != "Guest" else ""


def navigation() -> list[tuple[str, str]]:
    """The account's pages: (address, label)."""
    return [
        ("/account", _("Overview")),
        ("/account/subscriptions", _("Subscriptions")),
        ("/account/bookings", _("Bookings")),
        ("/account/credits", _("Credits")),
        ("/account/invoices", _("Invoices")),
        ("/account/methods", _("Payment methods")),
        ("/account/settings", _("Settings")),
    ]


def paging(size: int = PAGE_SIZE) -> tuple[int, int]:
    """(first row, rows to ask for): one more than is shown, which says that there is a next page."""
    return max(cint(frappe.form_dict.get("start")), 0), size + 1


def cut(context: frappe._dict, rows: list, size: int = PAGE_SIZE) -> list:
    """The rows to show; what the pagination macro needs goes into the context as `pages`."""
    start = max(cint(frappe.form_dict.get("start")), 0)
    context.pages = frappe._dict(
        newer=max(start - size, 0) if start else None, older=start + size if len(rows) > size else None
    )
    return rows[:size]
