"""A Payment Entry for an order or an invoice: which accounts, how much, which requests it answers."""

from typing import Any

import erpnext
import frappe
from erpnext.accounts.doctype.payment_entry.references import (
    allocate_open_payment_requests_to_references,
    rows_by_payment_term,
)
from erpnext.accounts.party import get_party_account
from erpnext.accounts.utils import get_account_currency
from erpnext.setup.utils import get_exchange_rate
from frappe import _
from frappe.dicts import _dict
from frappe.model.document import Document
from frappe.utils import flt, getdate, nowdate


@frappe.whitelist()
def get_account_details(account: str, date: Any = None, cost_center: str | None = None) -> _dict:
    """Currency and type of an account, for those who may see payments."""
    frappe.has_permission("Payment Entry", throw=True)
    return _dict(
        account_currency=get_account_currency(account),
        account_type=frappe.get_cached_value("Account", account, "account_type"),
    )


@frappe.whitelist()
def get_payment_entry(
    dt: str,
    dn: str,
    party_amount: float | None = None,
    bank_account: str | None = None,
    bank_amount: float | None = None,
    party_type: str | None = None,
    payment_type: str | None = None,
    reference_date: Any = None,
    ignore_permissions: bool = False,
    created_from_payment_request: bool = False,
) -> Document:
    """An unsaved payment of what is open on an order or an invoice, or of `party_amount` of it."""
    document = frappe.get_doc(dt, dn)
    allowance = flt(frappe.db.get_single_value("Accounts Settings", "over_billing_allowance"))
    if dt == "Sales Order" and flt(document.per_billed, 2) >= 100.0 + allowance:
        frappe.throw(_("Can only make payment against unbilled {0}").format(_(dt)))
    account = (
        document.debit_to
        if dt == "Sales Invoice"
        else get_party_account("Customer", document.customer, document.company)
    )
    currency = document.get("party_account_currency") if dt == "Sales Invoice" else None
    currency = currency or get_account_currency(account)
    if not payment_type:
        receives = dt == "Sales Order" or document.outstanding_amount > 0
        payment_type = "Receive" if receives else "Pay"
    total, outstanding = _open_amounts(document, currency, flt(party_amount))
    bank = get_default_bank_cash_account(
        document.company, "Bank", document.get("mode_of_payment"), bank_account
    ) or get_default_bank_cash_account(
        document.company, "Cash", document.get("mode_of_payment"), bank_account
    )
    paid, received = _paid_and_received(document, currency, bank, outstanding, payment_type, bank_amount)

    payment = frappe.new_doc("Payment Entry")
    receives = payment_type == "Receive"
    payment.update(
        {
            "payment_type": payment_type,
            "company": document.company,
            "cost_center": document.get("cost_center"),
            "project": document.get("project"),
            "posting_date": nowdate(),
            "reference_date": getdate(reference_date),
            "mode_of_payment": document.get("mode_of_payment"),
            "party_type": "Customer",
            "party": document.customer,
            "contact_person": document.contact_person,
            "contact_email": document.contact_email,
            "paid_from": account if receives else bank.account,
            "paid_to": bank.account if receives else account,
            "paid_from_account_currency": currency if receives else bank.account_currency,
            "paid_to_account_currency": bank.account_currency if receives else currency,
            "paid_amount": paid,
            "received_amount": received,
            "letter_head": document.get("letter_head"),
        }
    )
    for row in rows_by_payment_term(document, currency) or [{"allocated_amount": outstanding}]:
        payment.append(
            "references",
            {
                "reference_doctype": dt,
                "reference_name": dn,
                "due_date": document.get("due_date"),
                "total_amount": total,
                "outstanding_amount": outstanding,
                **row,
            },
        )
    payment.set_missing_values()
    payment.set_reference_details()
    payment.set_exchange_rates(document)
    payment.set_amounts()
    if not created_from_payment_request:
        allocate_open_payment_requests_to_references(payment)
    return payment


def _open_amounts(document: Document, currency: str, party_amount: float) -> tuple[float, float]:
    """(total, outstanding) in the currency of the party's account."""
    if party_amount:
        return party_amount, party_amount
    base = "base_" if currency == document.company_currency else ""
    total = flt(document.get(f"{base}rounded_total")) or flt(document.get(f"{base}grand_total"))
    if document.doctype == "Sales Invoice":
        return total, document.outstanding_amount
    return total, total - flt(document.advance_paid)


def _paid_and_received(
    document: Document, currency: str, bank: _dict, outstanding: float, payment_type: str, bank_amount: Any
) -> tuple[float, float]:
    amount = abs(outstanding)
    if currency == bank.account_currency:
        return amount, amount
    if bank_amount:
        received = bank_amount
    elif erpnext.get_company_currency(document.company) != bank.account_currency:
        day = document.get("posting_date") or document.get("transaction_date")
        received = amount / get_exchange_rate(bank.account_currency, currency, day)
    else:
        received = amount * document.conversion_rate
    return (amount, received) if payment_type == "Receive" else (received, amount)


def get_default_bank_cash_account(
    company: str, account_type: str, mode_of_payment: str | None = None, account: str | None = None
) -> _dict:
    """The account of the mode of payment, else the given one, else the company's default, else its only one."""
    from erpnext.accounts.doctype.sales_invoice.sales_invoice import get_bank_cash_account

    if mode_of_payment:
        account = get_bank_cash_account(mode_of_payment, company)["account"]
    if not account:
        account = frappe.get_cached_value("Company", company, f"default_{account_type.lower()}_account")
    if not account:
        only = frappe.get_all(
            "Account", filters={"company": company, "account_type": account_type, "is_group": 0}, pluck="name"
        )
        account = only[0] if len(only) == 1 else None
    if not account:
        return _dict()
    return _dict(
        account=account,
        account_currency=get_account_currency(account),
        account_type=frappe.get_cached_value("Account", account, "account_type"),
    )
