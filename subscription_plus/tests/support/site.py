"""What a site needs before the app's tests run; the hook `before_tests` names it."""

import frappe

from . import masters


def before_tests() -> None:
    """Make the tests' own company, years, units and prices; the site's other data is left alone."""
    frappe.set_user("Administrator")
    masters.ensure()
