"""Fiscal years, and what payments leave outstanding: computed from the documents themselves, for want of a ledger."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Max, Sum
from frappe.utils import flt, formatdate, getdate


class FiscalYearError(frappe.ValidationError):
    pass


class PaymentEntryUnlinkError(frappe.ValidationError):
    pass


def get_fiscal_years(
    transaction_date=None,
    fiscal_year: str | None = None,
    label: str = "Date",
    verbose: int = 1,
    company: str | None = None,
    as_dict: bool = False,
    boolean: bool = False,
):
    """The fiscal year of a day as a tuple of one; all years where no day is given."""
    years = [year for year in _open_years() if not year.companies or not company or company in year.companies]
    if not transaction_date and not fiscal_year:
        return years
    day = getdate(transaction_date) if transaction_date else None
    for year in years:
        if year.name == fiscal_year or (day and year.year_start_date <= day <= year.year_end_date):
            return (year,) if as_dict else ((year.name, year.year_start_date, year.year_end_date),)
    if boolean:
        return False
    message = _("{0} {1} is not in any active Fiscal Year").format(_(label), formatdate(transaction_date))
    if company:
        message = _("{0} for {1}").format(message, frappe.bold(company))
    if verbose:
        frappe.msgprint(message)
    raise FiscalYearError(message)


@frappe.whitelist()
def get_fiscal_year(
    date=None,
    fiscal_year: str | None = None,
    label: str = "Date",
    verbose: int = 1,
    company: str | None = None,
    as_dict: bool = False,
    boolean: bool = False,
):
    found = get_fiscal_years(date, fiscal_year, label, verbose, company, as_dict, boolean)
    return found[0] if found else found


def _open_years() -> list:
    years = frappe.get_all(
        "Fiscal Year",
        filters={"disabled": 0},
        fields=["name", "year_start_date", "year_end_date"],
        order_by="year_start_date desc",
    )
    companies: dict[str, list[str]] = {}
    for row in frappe.get_all("Fiscal Year Company", fields=["parent", "company"]):
        companies.setdefault(row.parent, []).append(row.company)
    for year in years:
        year.companies = companies.get(year.name)
    return years


@frappe.whitelist()
def get_company_default(company: str, fieldname: str, ignore_validation: bool = False):
    value = frappe.get_cached_value("Company", company, fieldname)
    if not value and not ignore_validation:
        label = _(frappe.get_meta("Company").get_label(fieldname))
        frappe.throw(_("Please set default {0} in Company {1}").format(label, company))
    return value


def get_account_currency(account: str | None) -> str | None:
    """The currency an account is kept in: its own, else its company's."""
    if not account:
        return None
    currency, company = frappe.get_cached_value("Account", account, ["account_currency", "company"])
    return currency or frappe.get_cached_value("Company", company, "default_currency")


def get_currency_precision() -> int:
    return frappe.get_precision("Sales Invoice", "grand_total") or 2


def invoice_outstanding(invoice: str) -> float:
    """What is left of an invoice after submitted payments and the credit notes that lower it (party currency)."""
    head = frappe.db.get_value(
        "Sales Invoice",
        invoice,
        [
            "currency",
            "party_account_currency",
            "rounded_total",
            "grand_total",
            "base_rounded_total",
            "base_grand_total",
            "write_off_amount",
            "base_write_off_amount",
            "is_return",
            "return_against",
            "update_outstanding_for_self",
        ],
        as_dict=True,
    )
    if head.is_return and head.return_against and not head.update_outstanding_for_self:
        return 0.0
    base = "" if head.party_account_currency == head.currency else "base_"
    total = flt(head[f"{base}rounded_total"]) or flt(head[f"{base}grand_total"])
    paid = allocated_to("Sales Invoice", invoice)
    return flt(total - flt(head[f"{base}write_off_amount"]) - paid + _credited(invoice, base), 2)


def allocated_to(doctype: str, name: str) -> float:
    """The sum that submitted payment entries allocate to a document."""
    reference = DocType("Payment Entry Reference")
    query = (
        frappe.qb.from_(reference)
        .select(Sum(reference.allocated_amount))
        .where(
            (reference.reference_doctype == doctype)
            & (reference.reference_name == name)
            & (reference.docstatus == 1)
        )
    )
    return flt(query.run()[0][0])


def _credited(invoice: str, base: str) -> float:
    """The (negative) total of the credit notes that lower this invoice instead of standing for themselves."""
    notes = frappe.get_all(
        "Sales Invoice",
        filters={
            "return_against": invoice,
            "is_return": 1,
            "docstatus": 1,
            "update_outstanding_for_self": 0,
        },
        fields=[f"{base}rounded_total as rounded", f"{base}grand_total as grand"],
    )
    return sum(flt(note.rounded) or flt(note.grand) for note in notes)


def update_invoice_outstanding(invoice: str) -> None:
    """Writes an invoice's outstanding amount and the status that follows from it."""
    document = frappe.get_doc("Sales Invoice", invoice)
    document.outstanding_amount = invoice_outstanding(invoice)
    frappe.db.set_value("Sales Invoice", invoice, "outstanding_amount", document.outstanding_amount)
    document.set_status(update=True)
    document.notify_update()


def update_advance_paid(order: str) -> None:
    """Writes what has been paid in advance on an order."""
    entry = DocType("Advance Payment Ledger Entry")
    query = (
        frappe.qb.from_(entry)
        .select(Sum(entry.amount), Max(entry.currency))
        .where(
            (entry.against_voucher_type == "Sales Order")
            & (entry.against_voucher_no == order)
            & (entry.delinked == 0)
        )
    )
    amount, currency = query.run()[0]
    document = frappe.get_doc("Sales Order", order)
    if currency:
        frappe.db.set_value("Sales Order", order, "party_account_currency", currency)
    document.db_set("advance_paid", flt(amount, document.precision("advance_paid")))


def reconcile_advances(invoice: Document) -> None:
    """Moves the payments that an invoice takes as advances from their orders, or from no document, to the invoice."""
    for advance in invoice.advances:
        if flt(advance.allocated_amount) <= 0:
            continue
        payment = frappe.get_doc("Payment Entry", advance.reference_name)
        source = _advance_row(payment, advance)
        row = {
            "docstatus": 1,
            "reference_doctype": invoice.doctype,
            "reference_name": invoice.name,
            "total_amount": (
                invoice.base_grand_total
                if invoice.party_account_currency == invoice.company_currency
                else invoice.grand_total
            ),
            "outstanding_amount": invoice.outstanding_amount,
            "allocated_amount": flt(advance.allocated_amount),
            "exchange_rate": payment.source_exchange_rate,
            "account": invoice.debit_to,
        }
        if source:
            source.allocated_amount -= flt(advance.allocated_amount)
            row["advance_voucher_type"] = source.reference_doctype
            row["advance_voucher_no"] = source.reference_name
        payment.append("references", row)
        payment.drop_empty_references()
        payment.set_amounts()
        payment.flags.ignore_validate_update_after_submit = True
        payment.save(ignore_permissions=True)
    if invoice.advances:
        update_invoice_outstanding(invoice.name)


def _advance_row(payment: Document, advance: Document) -> Document | None:
    """The row of the payment that the advance was read from; refused where it is not what it was."""
    if not advance.reference_row:
        unchanged = payment.docstatus == 1 and payment.unallocated_amount == advance.advance_amount
        source = None
    else:
        source = next((row for row in payment.references if row.name == advance.reference_row), None)
        unchanged = (
            payment.docstatus == 1
            and source is not None
            and source.reference_doctype == "Sales Order"
            and source.allocated_amount == advance.advance_amount
        )
    if not unchanged:
        frappe.throw(_("Payment Entry has been modified after you pulled it. Please pull it again."))
    if flt(advance.allocated_amount) > flt(advance.advance_amount):
        frappe.throw(_("Allocated amount cannot be greater than unadjusted amount"))
    return source


def unlink_payments(document: Document) -> None:
    """Takes a cancelled document off the payments that were allocated to it; their money stays on account."""
    from erpnext.accounts.doctype.payment_request.payment_request import (
        update_payment_requests_as_per_pe_references,
    )

    rows = frappe.get_all(
        "Payment Entry Reference",
        filters={
            "reference_doctype": document.doctype,
            "reference_name": document.name,
            "docstatus": ("<", 2),
            "parenttype": "Payment Entry",
        },
        fields=["name", "parent", "payment_request", "allocated_amount"],
    )
    if not rows:
        return
    update_payment_requests_as_per_pe_references(rows, cancel=True)
    for row in rows:
        frappe.db.delete("Payment Entry Reference", {"name": row.name})
    payments = sorted({row.parent for row in rows})
    for name in payments:
        payment = frappe.get_doc("Payment Entry", name)
        payment.set_amounts()
        frappe.db.set_value(
            "Payment Entry",
            name,
            {
                "total_allocated_amount": payment.total_allocated_amount,
                "base_total_allocated_amount": payment.base_total_allocated_amount,
                "unallocated_amount": payment.unallocated_amount,
            },
        )
    frappe.msgprint(_("Payment Entries {0} are un-linked").format("\n".join(payments)))
