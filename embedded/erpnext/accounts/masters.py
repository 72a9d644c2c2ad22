"""Accounting masters with a mind of their own: names with the company's abbreviation, years, templates."""

import frappe
from dateutil.relativedelta import relativedelta
from erpnext.controllers.accounts_controller import validate_account_head
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate


class OfCompany(Document):
    """A record that is called `<label> - <abbreviation of its company>`."""

    label_field: str

    def autoname(self) -> None:
        abbr = frappe.get_cached_value("Company", self.company, "abbr")
        self.name = f"{self.get(self.label_field)} - {abbr}"


class Account(OfCompany):
    label_field = "account_name"

    def validate(self) -> None:
        if self.parent_account:
            parent = frappe.db.get_value(
                "Account", self.parent_account, ["is_group", "company", "root_type"], as_dict=True
            )
            if not parent:
                frappe.throw(
                    _("Account {0}: Parent account {1} does not exist").format(self.name, self.parent_account)
                )
            if not parent.is_group:
                frappe.throw(
                    _("Account {0}: Parent account {1} can not be a ledger").format(
                        self.name, self.parent_account
                    )
                )
            if parent.company != self.company:
                frappe.throw(
                    _("Account {0}: Parent account {1} does not belong to company: {2}").format(
                        self.name, self.parent_account, self.company
                    )
                )
            self.root_type = parent.root_type
        balance_sheet = self.root_type in ("Asset", "Liability", "Equity")
        self.report_type = "Balance Sheet" if balance_sheet else "Profit and Loss"
        if not self.account_currency and not self.is_group:
            self.account_currency = frappe.get_cached_value("Company", self.company, "default_currency")


class CostCenter(OfCompany):
    label_field = "cost_center_name"


class FiscalYear(Document):
    def validate(self) -> None:
        start, end = getdate(self.year_start_date), getdate(self.year_end_date)
        if not self.is_short_year and end != start + relativedelta(years=1) - relativedelta(days=1):
            frappe.throw(
                _("Fiscal Year End Date should be one year after Fiscal Year Start Date"), frappe.InvalidDates
            )
        others = frappe.get_all(
            "Fiscal Year",
            filters={
                "year_start_date": ("<=", end),
                "year_end_date": (">=", start),
                "name": ("!=", self.name),
            },
            pluck="name",
        )
        mine = {row.company for row in self.companies}
        for other in others:
            theirs = set(frappe.get_all("Fiscal Year Company", filters={"parent": other}, pluck="company"))
            if (not mine and not theirs) or mine & theirs:
                frappe.throw(
                    _(
                        "Year start date or end date is overlapping with {0}. To avoid please set company"
                    ).format(other),
                    frappe.NameError,
                )


class ModeofPayment(Document):
    def validate(self) -> None:
        companies = [row.company for row in self.accounts]
        if len(companies) != len(set(companies)):
            frappe.throw(_("Same Company is entered more than once"))
        for row in self.accounts:
            if (
                row.default_account
                and frappe.get_cached_value("Account", row.default_account, "company") != row.company
            ):
                frappe.throw(
                    _("Account {0} does not match with Company {1} in Mode of Account: {2}").format(
                        row.default_account, row.company, self.name
                    )
                )


class PaymentTermsTemplate(Document):
    def validate(self) -> None:
        if flt(sum(flt(row.invoice_portion) for row in self.terms), 2) != 100.00:
            frappe.throw(_("Combined invoice portion must equal 100%"))
        terms = [
            (row.payment_term, cint(row.credit_days), cint(row.credit_months), row.due_date_based_on)
            for row in self.terms
        ]
        if len(terms) != len(set(terms)):
            frappe.throw(_("The Payment Term at row {0} is possibly a duplicate.").format(len(terms)))


class SalesTaxesandChargesTemplate(OfCompany):
    label_field = "title"

    def validate(self) -> None:
        for row in self.taxes:
            validate_account_head(row.idx, row.account_head, self.company, _("Taxes and Charges"))
        if self.is_default:
            others = {"company": self.company, "is_default": 1, "name": ("!=", self.name)}
            frappe.db.set_value("Sales Taxes and Charges Template", others, "is_default", 0)


class ItemTaxTemplate(OfCompany):
    label_field = "title"


class ShippingRule(Document):
    def validate(self) -> None:
        if self.calculate_based_on != "Fixed":
            frappe.throw(_("Only fixed shipping charges are kept here"))

    def apply(self, document: Document) -> None:
        """Puts the charge on a document, as the one row on the rule's account."""
        row = next((tax for tax in document.taxes if tax.account_head == self.account), None)
        row = row or document.append("taxes", {"charge_type": "Actual", "account_head": self.account})
        row.update(
            {
                "charge_type": "Actual",
                "description": self.label,
                "cost_center": self.cost_center,
                "tax_amount": flt(flt(self.shipping_amount) / document.conversion_rate, 2),
            }
        )
