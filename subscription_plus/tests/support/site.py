"""What a site needs before the app's tests run; the hook `before_tests` names it."""

import frappe
from frappe.utils import cint, getdate

from . import masters


def before_tests() -> None:
    """Make the tests' own company, years, units and prices; the site's other data is left alone."""
    frappe.set_user("Administrator")
    _complete_setup()
    masters.ensure()


def _complete_setup() -> None:
    """Answer ERPNext's setup wizard on a site where nobody did: without it a site has no party types, no language
    and no default company, and ERPNext's documents come out wrong instead of failing."""
    if cint(frappe.db.get_single_value("System Settings", "setup_complete")):
        return
    from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

    year = getdate().year
    setup_complete(
        {
            "language": "English",
            "country": "United States",
            "currency": "USD",
            "timezone": "America/New_York",
            "full_name": "Test Person",
            "email": "wizard@example.com",
            "password": frappe.generate_hash(length=20),
            "company_name": "SP Wizard Company",
            "company_abbr": "SPW",
            "chart_of_accounts": "Standard",
            "fy_start_date": f"{year}-01-01",
            "fy_end_date": f"{year}-12-31",
        }
    )
    frappe.db.commit()
