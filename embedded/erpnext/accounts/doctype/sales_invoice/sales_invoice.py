"""Sales Invoice: what is owed, what is left of it, its status, and the credit note that takes it back."""

from typing import Any

import frappe
from erpnext.accounts.general_ledger import validate_open_books
from erpnext.accounts.party import get_due_date, get_party_account, validate_due_date
from erpnext.accounts.utils import (
    get_account_currency,
    reconcile_advances,
    unlink_payments,
    update_invoice_outstanding,
)
from erpnext.controllers.accounts_controller import AccountMissingError, validate_account_head
from erpnext.controllers.sales_and_purchase_return import make_return_doc, validate_return
from erpnext.controllers.selling_controller import SellingController
from erpnext.controllers.status_updater import update_billing_of_orders
from erpnext.selling.customer import check_credit_limit
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import cint, flt, formatdate, getdate, now_datetime

SAME_AS_ORDER = ["customer", "company", "currency"]


class SalesInvoice(SellingController):
    def validate(self) -> None:
        self._validate_posting_time()
        self._refuse_what_is_not_kept_here()
        super().validate()
        self._validate_orders()
        self._validate_accounts()
        self._validate_deferred_rows()
        self.drop_empty_advances()
        self.is_opening = self.is_opening or "No"
        self.set_status()

    def _refuse_what_is_not_kept_here(self) -> None:
        if self.is_pos or self.update_stock:
            frappe.throw(_("Points of sale and stock are not kept here"))

    def _validate_posting_time(self) -> None:
        if self.is_new() and self.amended_from:
            self.set_posting_time = 1
        if not self.set_posting_time:
            now = now_datetime()
            self.posting_date, self.posting_time = now.strftime("%Y-%m-%d"), now.strftime("%H:%M:%S.%f")

    def set_missing_values(self, for_validate: bool = False) -> None:
        if not self.debit_to:
            self.debit_to = get_party_account("Customer", self.customer, self.company)
        if not self.debit_to:
            frappe.throw(
                _("Debit To Account not found against Customer {0}.").format(self.customer),
                AccountMissingError,
                title=_("Account Missing"),
            )
        self.party_account_currency = get_account_currency(self.debit_to)
        if not self.due_date and self.customer:
            self.due_date = get_due_date(
                self.posting_date, "Customer", self.customer, self.company, None, self.payment_terms_template
            )
        super().set_missing_values(for_validate)

    def calculate_taxes_and_totals(self) -> None:
        self._decide_whose_outstanding_a_return_lowers()
        super().calculate_taxes_and_totals()

    def _decide_whose_outstanding_a_return_lowers(self) -> None:
        """A return of more than what is open cannot lower its invoice: it stands for itself."""
        if not (self.is_return and self.return_against) or self.update_outstanding_for_self:
            return
        outstanding = frappe.db.get_value("Sales Invoice", self.return_against, "outstanding_amount")
        if abs(flt(self.rounded_total) or flt(self.grand_total)) > flt(outstanding):
            self.update_outstanding_for_self = 1

    def validate_schedule(self) -> None:
        validate_return(self)
        for row in self.advances:
            if not row.reference_type or not row.reference_name:
                frappe.throw(
                    _("Row {0} of Advance Payments is invalid: it names no payment").format(row.idx),
                )
        if self.is_return:
            self.payment_terms_template = ""
            self.set("payment_schedule", [])
        else:
            self.validate_payment_schedule()
            self._set_due_date()
            self.set_payment_schedule()
            self._set_due_date()
            self.validate_payment_schedule_amount()
            if not self.due_date:
                frappe.throw(_("Due Date is mandatory"))
            validate_due_date(self.posting_date, self.due_date, self.payment_terms_template)
        if cint(self.allocate_advances_automatically):
            self.set_advances()

    def _set_due_date(self) -> None:
        dates = [getdate(row.due_date) for row in self.payment_schedule if row.due_date]
        if dates:
            self.due_date = max(dates)

    # checks

    def _orders(self) -> set[str]:
        return {row.sales_order for row in self.items if row.sales_order}

    def _refuse_closed_orders(self) -> None:
        for name in self._orders():
            status = frappe.db.get_value("Sales Order", name, "status")
            if status in ("Closed", "On Hold") and not self.is_return:
                frappe.throw(_("Sales Order {0} is {1}").format(name, status))

    def _validate_orders(self) -> None:
        self._refuse_closed_orders()
        for name in self._orders():
            order = frappe.db.get_value("Sales Order", name, SAME_AS_ORDER, as_dict=True)
            for field in SAME_AS_ORDER:
                if order[field] != self.get(field):
                    frappe.throw(
                        _("Incorrect value: {0} must be {1} {2}").format(
                            _(self.meta.get_label(field)), _("equal to"), order[field]
                        )
                    )

    def _validate_accounts(self) -> None:
        if frappe.get_cached_value("Account", self.debit_to, "account_type") != "Receivable":
            frappe.throw(
                _("Please ensure that the {0} account is a Receivable account.").format(self.debit_to)
            )
        for row in self.items:
            if not row.income_account:
                continue  # said as a missing mandatory value, with the row's number
            validate_account_head(row.idx, row.income_account, self.company, _("Income"))
            if row.income_account == self.debit_to:
                frappe.throw(_("Row {0}: Income account cannot be the receivable account").format(row.idx))
        self.against_income_account = ",".join(sorted({row.income_account or "" for row in self.items}))
        allowed = frappe.db.get_single_value(
            "Accounts Settings", "allow_multi_currency_invoices_against_single_party_account"
        )
        if (
            self.party_account_currency != self.currency
            and not cint(allowed)
            and not self._has_booked_before()
        ):
            frappe.throw(
                _("Party Account {0} currency ({1}) and document currency ({2}) should be same").format(
                    frappe.bold(self.debit_to), self.party_account_currency, self.currency
                )
            )

    def _has_booked_before(self) -> bool:
        mine = {"company": self.company, "docstatus": 1}
        return bool(
            frappe.db.exists("Sales Invoice", {**mine, "customer": self.customer})
            or frappe.db.exists("Payment Entry", {**mine, "party_type": "Customer", "party": self.customer})
        )

    def _validate_deferred_rows(self) -> None:
        for row in self.items:
            if not row.enable_deferred_revenue or self.is_return:
                continue
            if not (row.service_start_date and row.service_end_date):
                frappe.throw(
                    _("Row #{0}: Service Start and End Date is required for deferred accounting").format(
                        row.idx
                    )
                )
            if getdate(row.service_start_date) > getdate(row.service_end_date):
                frappe.throw(
                    _("Row #{0}: Service Start Date cannot be greater than Service End Date").format(row.idx)
                )
            if getdate(self.posting_date) > getdate(row.service_end_date):
                frappe.throw(
                    _("Row #{0}: Service End Date cannot be before Invoice Posting Date").format(row.idx)
                )
            if not row.deferred_revenue_account:
                row.deferred_revenue_account = frappe.get_cached_value(
                    "Company", self.company, "default_deferred_revenue_account"
                )
            if not row.deferred_revenue_account:
                frappe.throw(
                    _(
                        "Row #{0}: Please update deferred revenue account in item row or default account in company master"
                    ).format(row.idx)
                )

    # life

    def before_submit(self) -> None:
        if not self.remarks:
            self.remarks = (
                _("Against Customer Order {0}").format(self.po_no)
                + (" " + _("dated {0}").format(formatdate(self.po_date)) if self.po_date else "")
                if self.po_no
                else _("No Remarks")
            )

    def on_submit(self) -> None:
        if not self.is_return or self.update_billed_amount_in_sales_order:
            update_billing_of_orders(self.items)
        validate_open_books(self)
        if self.is_return:
            update_invoice_outstanding(self.return_against if self._lowers_its_invoice() else self.name)
        else:
            if any(not row.sales_order for row in self.items):
                check_credit_limit(self.customer, self.company)
            reconcile_advances(self)

    def on_cancel(self) -> None:
        self._refuse_closed_orders()
        self.ignore_linked_doctypes = ("Advance Payment Ledger Entry",)
        if cint(frappe.db.get_single_value("Accounts Settings", "unlink_payment_on_cancellation_of_invoice")):
            unlink_payments(self)
        if not self.is_return or self.update_billed_amount_in_sales_order:
            update_billing_of_orders(self.items)
        validate_open_books(self)
        if self._lowers_its_invoice():
            update_invoice_outstanding(self.return_against)
        self.db_set("status", "Cancelled")

    def _lowers_its_invoice(self) -> bool:
        return bool(self.is_return and self.return_against and not self.update_outstanding_for_self)

    def drop_advance(self, payment: str) -> None:
        """Forgets an advance whose payment was cancelled."""
        rows = [row for row in self.advances if row.reference_name == payment]
        for row in rows:
            frappe.db.delete("Sales Invoice Advance", {"name": row.name})
        if rows:
            left = [row.allocated_amount for row in self.advances if row not in rows]
            frappe.db.set_value(
                "Sales Invoice", self.name, "total_advance", flt(sum(left)), update_modified=False
            )

    def take_back_discount_given(self, order: Document) -> None:
        """An additional discount in money is given once, however many invoices an order gets."""
        if not order.discount_amount or order.additional_discount_percentage:
            return
        invoice, row = DocType("Sales Invoice"), DocType("Sales Invoice Item")
        of_order = frappe.qb.from_(row).select(row.parent).where(row.sales_order == order.name).distinct()
        query = (
            frappe.qb.from_(invoice)
            .select(Sum(invoice.discount_amount))
            .where((invoice.docstatus == 1) & invoice.name.isin(of_order))
        )
        given = flt(query.run()[0][0])
        if given:
            left = max(order.discount_amount - given, 0)
            self.discount_amount = flt(left, self.precision("discount_amount"))
            self.calculate_taxes_and_totals()

    # status

    def set_status(
        self, update: bool = False, status: str | None = None, update_modified: bool = True
    ) -> None:
        if self.is_new():
            if self.amended_from:
                self.status = "Draft"
            return
        self.status = self._status()
        if update:
            self.db_set("status", self.status, update_modified=update_modified)

    def _status(self) -> str:
        if self.docstatus != 1:
            return "Cancelled" if self.docstatus == 2 else "Draft"
        outstanding = flt(self.outstanding_amount, self.precision("outstanding_amount"))
        if self.is_overdue():
            return "Overdue"
        if 0 < outstanding < self._total_owed():
            return "Partly Paid"
        if outstanding > 0 and getdate(self.due_date) >= getdate():
            return "Unpaid"
        if self.is_return:
            return "Return"
        credit_note = {"is_return": 1, "return_against": self.name, "docstatus": 1}
        if frappe.db.exists("Sales Invoice", credit_note):
            return "Credit Note Issued"
        return "Paid" if outstanding <= 0 else "Submitted"

    def _total_owed(self) -> float:
        base = "" if self.party_account_currency == self.currency else "base_"
        field = f"{base}grand_total" if self.disable_rounded_total else f"{base}rounded_total"
        return flt(self.get(field), self.precision(field))

    def is_overdue(self) -> bool:
        """Less was paid than the payment schedule wanted until yesterday."""
        outstanding = flt(self.outstanding_amount, self.precision("outstanding_amount"))
        if outstanding <= 0:
            return False
        today = getdate()
        if not self.payment_schedule:
            return getdate(self.due_date) < today
        field = "payment_amount" if self.party_account_currency == self.currency else "base_payment_amount"
        due = sum(row.get(field) for row in self.payment_schedule if getdate(row.due_date) < today)
        precision = self.precision("outstanding_amount")
        return flt(self._total_owed() - outstanding, precision) < flt(due, precision)


@frappe.whitelist()
def make_sales_return(source_name: str, target_doc: Any = None) -> Document:
    """An unsaved credit note of what was not returned yet."""
    return make_return_doc("Sales Invoice", source_name, target_doc)


@frappe.whitelist()
def get_bank_cash_account(mode_of_payment: str, company: str) -> dict[str, str]:
    """The company's account of a mode of payment."""
    account = frappe.db.get_value(
        "Mode of Payment Account", {"parent": mode_of_payment, "company": company}, "default_account"
    )
    if not account:
        frappe.throw(
            _("Please set default Cash or Bank account in Mode of Payment {0}").format(mode_of_payment),
            title=_("Missing Account"),
        )
    return {"account": account}
