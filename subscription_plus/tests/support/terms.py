"""Builders of what a site sets its prices, dates and terms with: lists, rules, rates, closed books, templates."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import frappe
from frappe.model.document import Document
from frappe.utils import nowdate

from subscription_plus.tests.support import masters


def make_price_list(currency: str = masters.CURRENCY) -> str:
    """A selling price list in a currency; its name."""
    name = masters.unique("SP Prices")
    values = {"price_list_name": name, "currency": currency, "selling": 1, "enabled": 1}
    return frappe.get_doc({"doctype": "Price List", **values}).insert().name


def make_pricing_rule(item: str, percentage: float, **values: Any) -> str:
    """A rule that takes a percentage off an item's list price for everybody, or with these values; its name."""
    rule = frappe.get_doc(
        {
            "doctype": "Pricing Rule",
            "title": masters.unique("SP Rule"),
            "apply_on": "Item Code",
            "items": [{"item_code": item}],
            "selling": 1,
            "price_or_product_discount": "Price",
            "rate_or_discount": "Discount Percentage",
            "discount_percentage": percentage,
            "company": masters.COMPANY,
            "currency": masters.CURRENCY,
            "valid_from": "2020-01-01",
            **values,
        }
    )
    return rule.insert().name


def make_exchange_rate(currency: str, rate: float) -> None:
    """What one unit of a currency is worth in the company's, since ever."""
    if currency == masters.CURRENCY:
        return
    frappe.db.set_value("Currency", currency, "enabled", 1)
    values = {"from_currency": currency, "to_currency": masters.CURRENCY, "date": "2020-01-01"}
    name = frappe.db.exists("Currency Exchange", values)
    record = frappe.get_doc("Currency Exchange", name) if name else frappe.new_doc("Currency Exchange")
    record.update({**values, "exchange_rate": rate, "for_selling": 1, "for_buying": 1}).save()


def make_customer_in(currency: str) -> str:
    """A customer who is billed in a currency, with a receivable account kept in it; its name."""
    account = f"SP Debtors {currency} - {masters.ABBR}"
    if not frappe.db.exists("Account", account):
        frappe.get_doc(
            {
                "doctype": "Account",
                "account_name": f"SP Debtors {currency}",
                "parent_account": f"Accounts Receivable - {masters.ABBR}",
                "company": masters.COMPANY,
                "account_type": "Receivable",
                "account_currency": currency,
            }
        ).insert()
    accounts = [{"company": masters.COMPANY, "account": account}]
    return masters.make_customer(default_currency=currency, accounts=accounts).name


def books_frozen_until(day: str) -> AbstractContextManager[None]:
    """Nothing may be posted up to this day."""
    return _setting("Accounts Settings", "acc_frozen_upto", day)


def one_account_for_all_currencies() -> AbstractContextManager[None]:
    """Invoices in any currency are booked on the one receivable account."""
    return _setting("Accounts Settings", "allow_multi_currency_invoices_against_single_party_account", 1)


def each_item_once() -> AbstractContextManager[None]:
    """A document may not have the same item twice under one description."""
    return _setting("Selling Settings", "allow_multiple_items", 0)


@contextmanager
def _setting(doctype: str, field: str, value: Any) -> Iterator[None]:
    """Committed, as billing begins and ends transactions of its own."""
    before = frappe.get_doc(doctype).get(field)
    _set(doctype, field, value)
    try:
        yield
    finally:
        _set(doctype, field, before)


def _set(doctype: str, field: str, value: Any) -> None:
    frappe.db.set_single_value(doctype, field, value or "")
    frappe.clear_document_cache(doctype, doctype)
    frappe.db.commit()


def make_payment_terms(*parts: tuple[float, int]) -> str:
    """A Payment Terms Template of (percentage, days after the invoice) parts; its name."""
    terms = []
    for portion, days in parts:
        term = frappe.get_doc(
            {
                "doctype": "Payment Term",
                "payment_term_name": masters.unique("SP Term"),
                "invoice_portion": portion,
                "due_date_based_on": "Day(s) after invoice date",
                "credit_days": days,
            }
        ).insert()
        terms.append(
            {
                "payment_term": term.name,
                "invoice_portion": portion,
                "due_date_based_on": "Day(s) after invoice date",
                "credit_days": days,
            }
        )
    template = {"template_name": masters.unique("SP Terms"), "terms": terms}
    return frappe.get_doc({"doctype": "Payment Terms Template", **template}).insert().name


def make_named(doctype: str, field: str, **values: Any) -> str:
    """A small record that is little more than its name; that name."""
    return (
        frappe.get_doc({"doctype": doctype, field: masters.unique(f"SP {doctype}"), **values}).insert().name
    )


def make_cost_center() -> str:
    """A cost centre beside the company's main one; its name."""
    values = {
        "cost_center_name": masters.unique("SP Centre"),
        "parent_cost_center": f"{masters.COMPANY} - {masters.ABBR}",
        "company": masters.COMPANY,
    }
    return frappe.get_doc({"doctype": "Cost Center", **values}).insert().name


def money_on_account(customer: str, amount: float) -> Document:
    """A customer's payment that is for no document."""
    values = {
        "payment_type": "Receive",
        "company": masters.COMPANY,
        "posting_date": nowdate(),
        "party_type": "Customer",
        "party": customer,
        "paid_from": f"Debtors - {masters.ABBR}",
        "paid_to": masters.BANK_ACCOUNT,
        "paid_amount": amount,
        "received_amount": amount,
        "source_exchange_rate": 1,
        "target_exchange_rate": 1,
        "reference_no": "on account",
        "reference_date": nowdate(),
    }
    payment = frappe.get_doc({"doctype": "Payment Entry", **values}).insert()
    payment.submit()
    return payment


def settle_by_journal(invoice: Document) -> Document:
    """A journal entry that books what an invoice has outstanding as received in the bank."""
    amount = invoice.outstanding_amount
    received = {"account": masters.BANK_ACCOUNT, "debit_in_account_currency": amount}
    settled = {
        "account": invoice.debit_to,
        "credit_in_account_currency": amount,
        "party_type": "Customer",
        "party": invoice.customer,
        "reference_type": "Sales Invoice",
        "reference_name": invoice.name,
    }
    values = {"company": masters.COMPANY, "posting_date": nowdate(), "accounts": [received, settled]}
    entry = frappe.get_doc({"doctype": "Journal Entry", **values, "cheque_no": "1", "cheque_date": nowdate()})
    entry.insert()
    entry.submit()
    return entry


def give_back(invoice: Document, units: float) -> Document:
    """A person's credit note over some units of an invoice's first row, taken off what it has outstanding."""
    from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

    note = make_sales_return(invoice.name)
    note.items[0].qty = -units
    note.update_outstanding_for_self = 0
    note.insert()
    note.submit()
    return note


def reconcile(payment: Document, invoice: Document) -> None:
    """A person allocates money on account to an invoice, with ERPNext's tool for it."""
    tool = frappe.get_doc(
        {
            "doctype": "Payment Reconciliation",
            "company": masters.COMPANY,
            "party_type": "Customer",
            "party": invoice.customer,
            "receivable_payable_account": invoice.debit_to,
        }
    )
    tool.get_unreconciled_entries()
    invoices = [row.as_dict() for row in tool.invoices if row.invoice_number == invoice.name]
    payments = [row.as_dict() for row in tool.payments if row.reference_name == payment.name]
    tool.allocate_entries(frappe._dict(invoices=invoices, payments=payments))
    tool.reconcile()
