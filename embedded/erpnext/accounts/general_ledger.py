"""There is no ledger here, but its doors are: nothing is booked into closed books."""

import frappe
from erpnext.accounts.utils import get_fiscal_year
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate


class ClosedAccountingPeriod(frappe.ValidationError):
    pass


def validate_open_books(document: Document) -> None:
    """Raises where ERPNext would refuse to book `document` (submitted or cancelled) on its posting date."""
    day, company = getdate(document.posting_date), document.company
    get_fiscal_year(day, company=company)
    _validate_accounting_period(document.doctype, day, company)
    check_freezing_date(day)
    closed = frappe.db.exists(
        "Period Closing Voucher",
        {"company": company, "docstatus": 1, "period_end_date": (">=", day)},
    )
    if closed:
        frappe.throw(_("Books have been closed till the period ending on {0}").format(formatdate(day)))


def check_freezing_date(posting_date) -> None:
    """Frozen books are open to one role only, and never to the Administrator, who has every role."""
    frozen = frappe.db.get_single_value("Accounts Settings", "acc_frozen_upto")
    if not frozen or getdate(posting_date) > getdate(frozen):
        return
    role = frappe.db.get_single_value("Accounts Settings", "frozen_accounts_modifier")
    if role not in frappe.get_roles() or frappe.session.user == "Administrator":
        frappe.throw(
            _("You are not authorized to add or update entries before {0}").format(formatdate(frozen))
        )


def _validate_accounting_period(doctype: str, day, company: str) -> None:
    periods = frappe.get_all(
        "Accounting Period",
        filters={"company": company, "start_date": ("<=", day), "end_date": (">=", day)},
        pluck="name",
    )
    for period in periods:
        if frappe.db.exists("Closed Document", {"parent": period, "document_type": doctype, "closed": 1}):
            frappe.throw(
                _(
                    "You cannot create or cancel any accounting entries with in the closed Accounting Period {0}"
                ).format(frappe.bold(period)),
                ClosedAccountingPeriod,
            )
