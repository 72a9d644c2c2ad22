"""What selling documents and payments share: company currency, payment schedule, advances, the daily job on due dates."""

from typing import Any

import erpnext
import frappe
from erpnext.accounts.party import get_party_account, validate_party_frozen_disabled
from frappe import _
from frappe.dicts import _dict
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.utils import add_days, add_months, cint, flt, get_last_day, getdate

TEMPLATE_ONLY = (
    "name",
    "owner",
    "creation",
    "modified",
    "modified_by",
    "docstatus",
    "parent",
    "parenttype",
    "parentfield",
    "idx",
)


class AccountMissingError(frappe.ValidationError):
    pass


class InvalidCurrency(frappe.ValidationError):
    pass


class AccountsController(Document):
    @property
    def company_currency(self) -> str:
        return erpnext.get_company_currency(self.company)

    def get_party(self) -> tuple[str, str | None]:
        return "Customer", self.get("customer")

    def validate_party(self) -> None:
        validate_party_frozen_disabled(*self.get_party())

    def is_rounded_total_disabled(self) -> bool:
        return bool(self.disable_rounded_total)

    def get_company_default(self, fieldname: str, ignore_validation: bool = False) -> Any:
        from erpnext.accounts.utils import get_company_default

        return get_company_default(self.company, fieldname, ignore_validation)

    def calculate_taxes_and_totals(self) -> None:
        from erpnext.controllers.taxes_and_totals import calculate_taxes_and_totals

        calculate_taxes_and_totals(self)

    # payment schedule

    def set_payment_schedule(self) -> None:
        """What is to be paid when: the terms' instalments, else everything on the due date."""
        total, base_total = self._amounts_to_schedule()
        if not self.payment_schedule:
            if self.payment_terms_template:
                terms = get_payment_terms(
                    self.payment_terms_template, self._schedule_date(), total, base_total
                )
                self.extend("payment_schedule", terms)
            else:
                due_date = self.get("due_date") or self._schedule_date()
                self.append("payment_schedule", {"due_date": due_date, "invoice_portion": 100})
        for row in self.payment_schedule:
            if row.invoice_portion:
                row.payment_amount = flt(
                    total * flt(row.invoice_portion) / 100, row.precision("payment_amount")
                )
                row.base_payment_amount = flt(
                    base_total * flt(row.invoice_portion) / 100, row.precision("base_payment_amount")
                )
                row.outstanding, row.base_outstanding = row.payment_amount, row.base_payment_amount
            else:
                row.base_payment_amount = flt(
                    row.payment_amount * self.conversion_rate, row.precision("base_payment_amount")
                )
                row.base_outstanding = row.base_payment_amount

    def _schedule_date(self) -> Any:
        return self.get("posting_date") or self.get("transaction_date")

    def _amounts_to_schedule(self) -> tuple[float, float]:
        total = self.rounded_total or self.grand_total
        base_total = self.base_rounded_total or self.base_grand_total
        if self.doctype == "Sales Invoice":
            total -= flt(self.write_off_amount)
            base_total -= flt(self.base_write_off_amount)
            if self.total_advance and self.party_account_currency == self.company_currency:
                base_total -= self.total_advance
                total = flt(base_total / self.conversion_rate, self.precision("grand_total"))
            elif self.total_advance:
                total -= self.total_advance
                base_total = flt(total * self.conversion_rate, self.precision("base_grand_total"))
        return total, base_total

    def validate_payment_schedule(self) -> None:
        seen = set()
        for row in self.payment_schedule:
            due = getdate(row.due_date)
            if self.doctype == "Sales Order" and due < getdate(self.transaction_date):
                frappe.throw(
                    _("Row {0}: Due Date in the Payment Terms table cannot be before Posting Date").format(
                        row.idx
                    )
                )
            if due in seen:
                frappe.throw(_("Rows with duplicate due dates in other rows were found: {0}").format(due))
            seen.add(due)

    def validate_payment_schedule_amount(self) -> None:
        if not self.payment_schedule:
            return
        total, base_total = self._amounts_to_schedule()
        scheduled = sum(flt(row.payment_amount) for row in self.payment_schedule)
        base_scheduled = sum(flt(row.base_payment_amount) for row in self.payment_schedule)
        if abs(scheduled - total) > 0.1 or abs(base_scheduled - base_total) > 0.1:
            frappe.throw(_("Total Payment Amount in Payment Schedule must be equal to Grand / Rounded Total"))

    # advances

    def set_advances(self) -> None:
        """Fills the advances of an invoice with what was paid on its orders and, unless excluded, on account."""
        own_only = cint(self.only_include_allocated_payments)
        self.set("advances", [])
        in_company_currency = self.party_account_currency == self.company_currency
        if in_company_currency:
            left = self.base_rounded_total or self.base_grand_total
        else:
            left = self.rounded_total or self.grand_total
        for entry in self.get_advance_entries(include_unallocated=not own_only):
            allocated = min(left, entry.amount)
            left -= flt(allocated)
            self.append(
                "advances",
                {
                    "reference_type": "Payment Entry",
                    "reference_name": entry.reference_name,
                    "reference_row": entry.get("reference_row"),
                    "remarks": entry.remarks,
                    "advance_amount": flt(entry.amount),
                    "allocated_amount": allocated,
                    "ref_exchange_rate": flt(entry.exchange_rate),
                    "account": entry.paid_from,
                    "difference_posting_date": self.posting_date,
                },
            )

    def get_advance_entries(self, include_unallocated: bool = True) -> list[_dict]:
        accounts = [
            self.debit_to,
            *get_party_account("Customer", self.customer, self.company, include_advance=True),
        ]
        orders = sorted({row.sales_order for row in self.items if row.sales_order})
        return get_advance_payment_entries(self.customer, accounts, orders, include_unallocated)

    def drop_empty_advances(self) -> None:
        self.set("advances", [row for row in self.advances if flt(row.allocated_amount)])


def get_advance_payment_entries(
    customer: str, accounts: list[str], orders: list[str], include_unallocated: bool = True
) -> list[_dict]:
    """Submitted payments of a customer: their rows on `orders` first, then what is allocated to nothing."""
    entry = DocType("Payment Entry")
    common = (
        frappe.qb.from_(entry)
        .select(
            entry.name.as_("reference_name"),
            entry.posting_date,
            entry.remarks,
            entry.paid_from,
            entry.source_exchange_rate.as_("exchange_rate"),
        )
        .where(
            (entry.payment_type == "Receive")
            & (entry.party_type == "Customer")
            & (entry.party == customer)
            & (entry.docstatus == 1)
            & entry.paid_from.isin(accounts)
        )
        .orderby(entry.posting_date)
    )
    found: list[_dict] = []
    if orders:
        row = DocType("Payment Entry Reference")
        found += (
            common.join(row)
            .on(entry.name == row.parent)
            .select(row.allocated_amount.as_("amount"), row.name.as_("reference_row"))
            .where((row.reference_doctype == "Sales Order") & row.reference_name.isin(orders))
            .run(as_dict=True)
        )
    if include_unallocated:
        found += (
            common.select(entry.unallocated_amount.as_("amount"))
            .where(entry.unallocated_amount > 0)
            .run(as_dict=True)
        )
    return found


@frappe.whitelist()
@frappe.whitelist()
def update_child_qty_rate(
    parent_doctype: str, trans_items: str, parent_doctype_name: str, child_docname: str = "items"
) -> None:
    """What "Update Items" does with rows that are left out: a submitted order loses them, if nobody has billed them.
    Other changes are not offered here."""
    from erpnext.controllers.status_updater import update_order

    order = frappe.get_doc(parent_doctype, parent_doctype_name)
    order.check_permission("write")
    given = {row.get("docname"): row for row in frappe.parse_json(trans_items)}
    for row in order.items:
        wanted = given.get(row.name)
        if wanted and any(flt(wanted.get(field)) != flt(row.get(field)) for field in ("qty", "rate")):
            raise NotImplementedError("The embedded host only takes rows off an order.")
        if not wanted and flt(row.billed_amt):
            frappe.throw(
                _("Row #{0}: Cannot delete item {1} which has already been billed.").format(
                    row.idx, row.item_code
                )
            )
    if None in given or set(given) - {row.name for row in order.items}:
        raise NotImplementedError("The embedded host only takes rows off an order.")
    order.items = [row for row in order.items if row.name in given]
    for number, row in enumerate(order.items, start=1):
        row.idx = number
    order.flags.ignore_validate_update_after_submit = True
    order.calculate_taxes_and_totals()
    order.set_payment_schedule()
    order.save()
    update_order(order.name)


def get_taxes_and_charges(master_doctype: str, master_name: str) -> list[dict[str, Any]]:
    """The rows of a tax template, ready to be put on a document."""
    if not master_name:
        return []
    rows = []
    for row in frappe.get_cached_doc(master_doctype, master_name).taxes:
        values = row.as_dict()
        for field in TEMPLATE_ONLY:
            values.pop(field, None)
        rows.append(values)
    return rows


@frappe.whitelist()
def get_default_taxes_and_charges(
    master_doctype: str, tax_template: str | None = None, company: str | None = None
) -> dict[str, Any]:
    default = frappe.db.get_value(master_doctype, {"is_default": 1, "company": company})
    if not company or default == tax_template:
        return {}
    return {"taxes_and_charges": default, "taxes": get_taxes_and_charges(master_doctype, default)}


def validate_conversion_rate(currency: str, conversion_rate: float, label: str, company: str) -> None:
    company_currency = erpnext.get_company_currency(company)
    if not conversion_rate:
        frappe.throw(
            _("{0} is mandatory. Maybe Currency Exchange record is not created for {1} to {2}.").format(
                label, currency, company_currency
            )
        )


def validate_account_head(idx: int, account: str, company: str, context: str = "") -> None:
    if frappe.get_cached_value("Account", account, "company") != company:
        frappe.throw(
            _("Row {0}: {1} Account {2} does not belong to Company {3}").format(
                idx, context, account, company
            ),
            title=_("Invalid Account"),
        )
    if frappe.get_cached_value("Account", account, "is_group"):
        frappe.throw(_("Row {0}: Account {1} is a group account").format(idx, account))


@frappe.whitelist()
def get_payment_terms(
    terms_template: str, posting_date=None, grand_total=None, base_grand_total=None, bill_date=None
) -> list[_dict] | None:
    """The rows of a payment schedule that a template makes."""
    if not terms_template:
        return None
    template = frappe.get_cached_doc("Payment Terms Template", terms_template)
    return [
        _schedule_row(term, bill_date or posting_date, grand_total, base_grand_total)
        for term in template.terms
    ]


def _schedule_row(term: Document, day: Any, total: Any, base_total: Any) -> _dict:
    fields = (
        "payment_term",
        "description",
        "invoice_portion",
        "mode_of_payment",
        "due_date_based_on",
        "credit_days",
        "credit_months",
    )
    row = _dict({field: term.get(field) for field in fields})
    row.payment_amount = row.outstanding = flt(term.invoice_portion) * flt(total) / 100
    row.base_payment_amount = row.base_outstanding = flt(term.invoice_portion) * flt(base_total) / 100
    row.due_date = max(getdate(get_due_date(term, day)), getdate(day))
    return row


def get_due_date(term: Any, posting_date=None, bill_date=None) -> Any:
    day = bill_date or posting_date
    if term.due_date_based_on == "Day(s) after invoice date":
        return add_days(day, cint(term.credit_days))
    if term.due_date_based_on == "Day(s) after the end of the invoice month":
        return add_days(get_last_day(day), cint(term.credit_days))
    return get_last_day(add_months(day, cint(term.credit_months)))


def update_invoice_status() -> None:
    """The daily job: invoices that were not due yesterday may be overdue today."""
    open_invoices = frappe.get_all(
        "Sales Invoice",
        filters={"docstatus": 1, "outstanding_amount": (">", 0), "status": ("in", ["Unpaid", "Partly Paid"])},
        pluck="name",
    )
    for name in open_invoices:
        invoice = frappe.get_doc("Sales Invoice", name)
        if invoice.is_overdue():
            frappe.db.set_value("Sales Invoice", name, "status", "Overdue", update_modified=False)
