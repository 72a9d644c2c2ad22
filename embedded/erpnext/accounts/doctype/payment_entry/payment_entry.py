"""Payment Entry: money received, the documents it pays, and what it leaves unallocated."""

from typing import Any

import frappe
from erpnext.accounts.doctype.payment_entry.making import get_account_details, get_payment_entry
from erpnext.accounts.doctype.payment_entry.references import (
    get_reference_details,
    latest_outstanding,
    update_payment_schedules,
)
from erpnext.accounts.general_ledger import validate_open_books
from erpnext.accounts.party import get_party_account
from erpnext.accounts.utils import update_advance_paid, update_invoice_outstanding
from erpnext.controllers.accounts_controller import AccountsController
from erpnext.setup.utils import get_exchange_rate
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt

PAYABLE = ("Sales Order", "Sales Invoice")


class PaymentEntry(AccountsController):
    def validate(self) -> None:
        if self.payment_type not in ("Receive", "Pay") or self.party_type != "Customer":
            frappe.throw(_("Only payments from and to customers are kept here"))
        self.set_missing_values()
        self._set_liability_account()
        self.set_reference_details(force=True)
        self.set_exchange_rates()
        self._validate_mandatory()
        self._validate_references()
        self.set_amounts()
        self.drop_empty_references()
        self._validate_transaction_reference()
        self.title = self.party
        self._set_remarks()
        self._validate_duplicates()
        self._validate_allocation()
        self.set_status()

    # values

    @property
    def party_account_field(self) -> str:
        return "paid_from" if self.payment_type == "Receive" else "paid_to"

    @property
    def party_account(self) -> str | None:
        return self.get(self.party_account_field)

    @property
    def party_account_currency(self) -> str | None:
        return self.get(f"{self.party_account_field}_account_currency")

    def set_missing_values(self) -> None:
        if not self.party:
            frappe.throw(_("Party is mandatory"))
        self.party_name = frappe.db.get_value("Customer", self.party, "customer_name")
        if not self.party_account:
            self.set(self.party_account_field, get_party_account("Customer", self.party, self.company))
        for field in ("paid_from", "paid_to"):
            account = self.get(field)
            if account and not (self.get(f"{field}_account_currency") and self.get(f"{field}_account_type")):
                details = get_account_details(account, self.posting_date)
                self.set(f"{field}_account_currency", details.account_currency)
                self.set(f"{field}_account_type", details.account_type)

    def _set_liability_account(self) -> None:
        """Money for orders goes to the account for advances where the company keeps one."""
        if self.docstatus > 0:
            return
        self.book_advance_payments_in_separate_party_account = 0
        if not cint(
            frappe.db.get_value("Company", self.company, "book_advance_payments_in_separate_party_account")
        ):
            return
        if any(row.reference_doctype != "Sales Order" for row in self.references):
            return
        self.book_advance_payments_in_separate_party_account = 1
        accounts = get_party_account("Customer", self.party, self.company, include_advance=True)
        if len(accounts) < 2:
            frappe.throw(
                _("Please set default {0} in Company {1}").format(
                    _("Default Advance Received Account"), frappe.bold(self.company)
                )
            )
        self.set(self.party_account_field, accounts[1])

    def set_reference_details(self, force: bool = False) -> None:
        for row in self.references:
            if not row.allocated_amount or row.exchange_gain_loss:
                continue
            details = get_reference_details(
                row.reference_doctype, row.reference_name, self.party_account_currency
            )
            for field, value in details.items():
                if force or field == "exchange_rate" or not row.get(field):
                    row.set(field, value)

    def set_exchange_rates(self, document: Document | None = None) -> None:
        self.source_exchange_rate = self._rate("paid_from", self.source_exchange_rate, document)
        if self.paid_from_account_currency == self.paid_to_account_currency:
            self.target_exchange_rate = self.source_exchange_rate
        elif self.paid_to:
            self.target_exchange_rate = self._rate("paid_to", self.target_exchange_rate, document)

    def _rate(self, field: str, known: Any, document: Document | None) -> float:
        currency = self.get(f"{field}_account_currency")
        if currency == self.company_currency:
            return 1.0
        if document is not None and currency == document.currency:
            return document.conversion_rate
        return known or get_exchange_rate(currency, self.company_currency, self.posting_date)

    def set_amounts(self) -> None:
        """Received, base, allocated, unallocated and difference amounts, out of the paid amount and the rows."""
        if self.paid_from_account_currency == self.paid_to_account_currency:
            self.received_amount = self.paid_amount
        source, target = flt(self.source_exchange_rate), flt(self.target_exchange_rate)
        self.base_paid_amount = flt(flt(self.paid_amount) * source, self.precision("base_paid_amount"))
        self.base_received_amount = flt(
            flt(self.received_amount) * target, self.precision("base_received_amount")
        )
        receives = self.payment_type == "Receive"
        rate = source if receives else target
        allocated = sum(flt(row.allocated_amount) for row in self.references)
        base_allocated = sum(
            flt(flt(row.allocated_amount) * rate, self.precision("base_paid_amount"))
            for row in self.references
        )
        self.total_allocated_amount, self.base_total_allocated_amount = abs(allocated), abs(base_allocated)
        self._set_exchange_gain_or_loss()
        deducted = sum(flt(row.amount) for row in self.deductions if not row.is_exchange_gain_loss)
        if receives:
            base_left = self.base_paid_amount + deducted - self.base_total_allocated_amount
        else:
            base_left = self.base_received_amount - deducted - self.base_total_allocated_amount
        left = base_left / rate if base_left > 0 and rate else 0.0
        self.unallocated_amount = flt(left, self.precision("unallocated_amount"))
        base_party = self.base_total_allocated_amount + self.unallocated_amount * rate
        difference = (
            base_party - self.base_received_amount if receives else self.base_paid_amount - base_party
        )
        difference -= sum(flt(row.amount) for row in self.deductions)
        self.difference_amount = flt(difference, self.precision("difference_amount"))

    def _set_exchange_gain_or_loss(self) -> None:
        """One deduction row holds what two rates of exchange make of the same money."""
        amount = flt(self.base_paid_amount - self.base_received_amount, 2)
        rows = [row for row in self.deductions if row.is_exchange_gain_loss]
        if amount and not rows:
            account, cost_center = frappe.get_cached_value(
                "Company", self.company, ["exchange_gain_loss_account", "cost_center"]
            )
            values = {"account": account, "cost_center": cost_center, "is_exchange_gain_loss": 1}
            rows = [self.append("deductions", values)]
        for row in rows:
            if amount:
                row.amount = amount
            else:
                self.remove(row)

    def drop_empty_references(self) -> None:
        self.set("references", [row for row in self.references if flt(row.allocated_amount)])

    def _set_remarks(self) -> None:
        if self.custom_remarks:
            return
        currency = self.party_account_currency
        lines = [
            _("Amount {0} {1} {2} {3}").format(currency, self.paid_amount, _("received from"), self.party)
        ]
        if self.reference_no:
            lines.append(
                _("Transaction reference no {0} dated {1}").format(self.reference_no, self.reference_date)
            )
        lines += [
            _("Amount {0} {1} against {2} {3}").format(
                currency, row.allocated_amount, row.reference_doctype, row.reference_name
            )
            for row in self.references
            if row.allocated_amount
        ]
        self.remarks = "\n".join(lines)

    # checks

    def _validate_mandatory(self) -> None:
        for field in ("paid_amount", "received_amount", "source_exchange_rate", "target_exchange_rate"):
            if not self.get(field):
                frappe.throw(_("{0} is mandatory").format(_(self.meta.get_label(field))))
        same_currency = self.paid_from_account_currency == self.paid_to_account_currency
        if same_currency and flt(self.paid_amount) < flt(self.received_amount):
            frappe.throw(_("Received Amount cannot be greater than Paid Amount"))

    def _validate_references(self) -> None:
        for row in self.references:
            if not row.allocated_amount:
                continue
            if row.reference_doctype not in PAYABLE:
                frappe.throw(_("Reference Doctype must be one of {0}").format(_(" or ").join(PAYABLE)))
            document = frappe.get_doc(row.reference_doctype, row.reference_name)
            if document.customer != self.party:
                frappe.throw(
                    _("{0} {1} is not associated with {2} {3}").format(
                        _(row.reference_doctype), row.reference_name, _(self.party_type), self.party
                    )
                )
            other_account = (
                row.reference_doctype == "Sales Invoice" and document.debit_to != self.party_account
            )
            if other_account and not self.book_advance_payments_in_separate_party_account:
                frappe.throw(
                    _("{0} {1} is associated with {2}, but Party Account is {3}").format(
                        _(row.reference_doctype), row.reference_name, document.debit_to, self.party_account
                    )
                )
            if document.docstatus != 1:
                frappe.throw(
                    _("{0} {1} must be submitted").format(_(row.reference_doctype), row.reference_name)
                )

    def _validate_transaction_reference(self) -> None:
        account = self.paid_to if self.payment_type == "Receive" else self.paid_from
        is_bank = frappe.get_cached_value("Account", account, "account_type") == "Bank"
        if is_bank and not (self.reference_no and self.reference_date):
            frappe.throw(_("Reference No and Reference Date is mandatory for Bank transaction"))

    def _validate_duplicates(self) -> None:
        seen = set()
        for row in self.references:
            key = (row.reference_doctype, row.reference_name, row.payment_term, row.payment_request)
            if key in seen:
                frappe.throw(
                    _("Row #{0}: Duplicate entry in References {1} {2}").format(
                        row.idx, row.reference_doctype, row.reference_name
                    )
                )
            seen.add(key)
        if sum(flt(row.allocated_amount) for row in self.references) < 0 and self.payment_type == "Receive":
            frappe.throw(
                _("Cannot receive from customer against negative outstanding"),
                title=_("Incorrect Payment Type"),
            )

    def _validate_allocation(self) -> None:
        for row in self.references:
            if not row.payment_request:
                continue
            open_amount = frappe.db.get_value("Payment Request", row.payment_request, "outstanding_amount")
            if row.allocated_amount > flt(open_amount):
                frappe.throw(
                    _(
                        "Row #{0}: Allocated Amount cannot be greater than Outstanding Amount of Payment Request {1}"
                    ).format(row.idx, row.payment_request),
                    title=_("Invalid Allocated Amount"),
                )
        for row in self.references:
            outstanding = latest_outstanding(
                row.reference_doctype, row.reference_name, self.party_account_currency
            )
            if not outstanding:
                frappe.throw(
                    _("{0} {1} has already been fully paid.").format(
                        _(row.reference_doctype), row.reference_name
                    )
                )
            allocated = flt(row.allocated_amount)
            if (allocated > 0 and allocated > outstanding) or (allocated < 0 and allocated < outstanding):
                frappe.throw(
                    _("Row #{0}: Allocated Amount cannot be greater than outstanding amount.").format(row.idx)
                )

    # life

    def on_submit(self) -> None:
        if self.difference_amount:
            frappe.throw(_("Difference Amount must be zero"))
        self._update_payment_requests()
        update_payment_schedules(self.references)
        validate_open_books(self)
        self._book_advances()
        self._update_outstanding()
        self.set_reference_details(force=True)
        self._write_reference_details()
        self.set_status(update=True)

    def on_cancel(self) -> None:
        self.ignore_linked_doctypes = ("Advance Payment Ledger Entry",)
        self._update_payment_requests(cancel=True)
        update_payment_schedules(self.references, cancel=True)
        validate_open_books(self)
        self._take_back_advances()
        self._update_outstanding()
        for row in self.references:
            if row.reference_doctype == "Sales Invoice":
                frappe.get_doc("Sales Invoice", row.reference_name).drop_advance(self.name)
        self.set_status(update=True)

    def _update_payment_requests(self, cancel: bool = False) -> None:
        from erpnext.accounts.doctype.payment_request.payment_request import (
            update_payment_requests_as_per_pe_references,
        )

        update_payment_requests_as_per_pe_references(self.references, cancel=cancel)

    def _book_advances(self) -> None:
        for row in self.references:
            if row.reference_doctype == "Sales Order":
                frappe.get_doc(
                    {
                        "doctype": "Advance Payment Ledger Entry",
                        "company": self.company,
                        "voucher_type": self.doctype,
                        "voucher_no": self.name,
                        "against_voucher_type": row.reference_doctype,
                        "against_voucher_no": row.reference_name,
                        "amount": row.allocated_amount,
                        "currency": self.party_account_currency,
                        "event": "Submit",
                    }
                ).db_insert()
                update_advance_paid(row.reference_name)

    def _take_back_advances(self) -> None:
        mine = {"voucher_type": self.doctype, "voucher_no": self.name, "delinked": 0}
        orders = frappe.get_all(
            "Advance Payment Ledger Entry", filters=mine, pluck="against_voucher_no", distinct=True
        )
        frappe.db.set_value("Advance Payment Ledger Entry", mine, "delinked", 1)
        for order in orders:
            update_advance_paid(order)

    def _update_outstanding(self) -> None:
        for name in {
            row.reference_name for row in self.references if row.reference_doctype == "Sales Invoice"
        }:
            update_invoice_outstanding(name)

    def _write_reference_details(self) -> None:
        for row in self.references:
            frappe.db.set_value(
                row.doctype, row.name, "outstanding_amount", row.outstanding_amount, update_modified=False
            )

    def set_status(self, update: bool = False) -> None:
        self.status = {0: "Draft", 1: "Submitted", 2: "Cancelled"}[int(self.docstatus)]
        if update:
            self.db_set("status", self.status)


__all__ = ["PaymentEntry", "get_payment_entry"]
