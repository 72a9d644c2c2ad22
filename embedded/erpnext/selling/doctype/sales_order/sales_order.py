"""Sales Order: what was sold, how far it is billed, and the invoice that is made of it."""

from typing import Any

import frappe
from erpnext.accounts.party import get_party_account
from erpnext.controllers.mapper import copy_rows, new_from
from erpnext.controllers.selling_controller import SellingController
from erpnext.controllers.status_updater import billed
from erpnext.selling.customer import check_credit_limit
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, flt, getdate

DONE = 100
CLOSED, ON_HOLD = "Closed", "On Hold"


class SalesOrder(SellingController):
    def validate(self) -> None:
        super().validate()
        self.validate_delivery_date()
        self.validate_po()
        self.set_status()
        self.billing_status = self.billing_status or "Not Billed"
        self.delivery_status = self.delivery_status or "Not Delivered"

    def set_missing_values(self, for_validate: bool = False) -> None:
        super().set_missing_values(for_validate)
        for row in self.items:
            row.delivery_date = row.delivery_date or self.delivery_date

    def validate_delivery_date(self) -> None:
        if self.order_type != "Sales" or self.skip_delivery_note:
            return
        dates = [getdate(row.delivery_date) for row in self.items if row.delivery_date]
        if dates:
            self.delivery_date = max(dates)
        if not self.delivery_date:
            frappe.throw(_("Please enter Delivery Date"))
        for row in self.items:
            row.delivery_date = row.delivery_date or self.delivery_date
            if getdate(self.transaction_date) > getdate(row.delivery_date):
                frappe.throw(
                    _("Expected Delivery Date should be after Sales Order Date"),
                    title=_("Invalid Delivery Date"),
                )

    def validate_po(self) -> None:
        if not self.po_no or self.skip_delivery_note:
            return
        same = {
            "po_no": self.po_no,
            "customer": self.customer,
            "docstatus": ("<", 2),
            "name": ("!=", self.name),
        }
        other = frappe.db.get_value("Sales Order", same)
        allowed = frappe.db.get_single_value("Selling Settings", "allow_against_multiple_purchase_orders")
        if other and not cint(allowed):
            frappe.throw(
                _("Sales Order {0} already exists against Customer's Purchase Order {1}.").format(
                    frappe.bold(other), frappe.bold(self.po_no)
                )
            )

    def on_submit(self) -> None:
        mine = {"parent": self.customer, "parenttype": "Customer", "company": self.company}
        if not cint(frappe.db.get_value("Customer Credit Limit", mine, "bypass_credit_limit_check")):
            check_credit_limit(self.customer, self.company)
        self._update_quotations()

    def before_update_after_submit(self) -> None:
        self.validate_po()
        self.validate_delivery_date()

    def on_cancel(self) -> None:
        from erpnext.accounts.utils import unlink_payments

        self.ignore_linked_doctypes = ("Advance Payment Ledger Entry",)
        if cint(
            frappe.db.get_single_value("Accounts Settings", "unlink_advance_payment_on_cancelation_of_order")
        ):
            unlink_payments(self)
        if self.status == CLOSED:
            frappe.throw(_("Closed order cannot be cancelled. Unclose to cancel."))
        drafts = frappe.get_all(
            "Sales Invoice Item",
            filters={"sales_order": self.name, "docstatus": 0},
            pluck="parent",
            distinct=True,
        )
        if drafts:
            frappe.throw(
                _("Sales Invoice {0} must be deleted before cancelling this Sales Order").format(
                    ", ".join(drafts)
                )
            )
        self.db_set("status", "Cancelled")
        self._update_quotations()

    def _update_quotations(self) -> None:
        for name in {row.prevdoc_docname for row in self.items if row.prevdoc_docname}:
            quotation = frappe.get_doc("Quotation", name)
            if quotation.docstatus == 2:
                frappe.throw(_("Quotation {0} is cancelled").format(name))
            quotation.set_status(update=True)

    def update_status(self, status: str) -> None:
        """Closes, holds or (status "Draft") reopens the order."""
        if str(frappe.db.get_value("Sales Order", self.name, "modified")) != str(self.modified):
            frappe.throw(_("{0} {1} has been modified. Please refresh.").format(self.doctype, self.name))
        self.set_status(update=True, status=status)
        self.notify_update()

    def set_status(
        self, update: bool = False, status: str | None = None, update_modified: bool = True
    ) -> None:
        """The status that follows from docstatus and progress; closed and held orders stay so until `status` says else."""
        if self.is_new():
            if self.amended_from:
                self.status = "Draft"
            return
        if status and update:
            self.db_set("status", status)
        before = self.status
        self.status = self._status()
        if self.status not in (before, "Cancelled"):
            self.add_comment("Label", _(self.status))
        if update:
            self.db_set("status", self.status, update_modified=update_modified)

    def _status(self) -> str:
        if self.status == ON_HOLD or (self.status == CLOSED and self.docstatus != 2):
            return self.status
        if self.docstatus != 1:
            return "Cancelled" if self.docstatus == 2 else "Draft"
        is_billed = flt(self.per_billed) >= DONE
        if flt(self.per_delivered) >= DONE or self.skip_delivery_note:
            return "Completed" if is_billed else "To Bill"
        return "To Deliver" if is_billed else "To Deliver and Bill"


@frappe.whitelist()
def update_status(status: str, name: str) -> None:
    frappe.get_doc("Sales Order", name).update_status(status)


@frappe.whitelist()
def close_or_unclose_sales_orders(names: Any, status: str) -> None:
    frappe.has_permission("Sales Order", "write", throw=True)
    for name in frappe.parse_json(names):
        order = frappe.get_doc("Sales Order", name)
        if order.docstatus == 1 and (status == CLOSED) != (order.status == CLOSED):
            order.update_status(status if status == CLOSED else "Draft")


@frappe.whitelist()
def make_sales_invoice(
    source_name: str, target_doc: Any = None, ignore_permissions: bool = False, args: Any = None
) -> Document:
    """An unsaved invoice of what is not billed yet. It takes no advance by itself."""
    order = frappe.get_doc("Sales Order", source_name)
    invoice = new_from(order, "Sales Invoice", ignore_permissions)
    invoice.payment_terms_template = None
    chosen = frappe.parse_json(args or "{}").get("filtered_children")

    def is_open(row: Document) -> bool:
        if chosen and row.name not in chosen:
            return False
        return bool(row.qty) and (not row.base_amount or abs(row.billed_amt) < abs(row.amount))

    def finish(row: Document, target: Document) -> None:
        target.so_detail, target.sales_order = row.name, order.name
        target.amount = flt(row.amount) - flt(row.billed_amt)
        target.base_amount = target.amount * flt(order.conversion_rate)
        target.qty = row.qty - (billed(row.name, "qty") if row.billed_amt else row.returned_qty)

    copy_rows(order, invoice, "items", finish, is_open)
    invoice.set("taxes", [])
    copy_rows(order, invoice, "taxes")
    invoice.flags.ignore_permissions = True
    invoice.run_method("set_missing_values")
    invoice.po_no = order.po_no
    invoice.run_method("calculate_taxes_and_totals")
    invoice.debit_to = get_party_account("Customer", order.customer, order.company)
    invoice.take_back_discount_given(order)
    if invoice.allocate_advances_automatically:
        invoice.set_advances()
    if cint(frappe.db.get_single_value("Accounts Settings", "automatically_fetch_payment_terms")):
        invoice.payment_terms_template = order.payment_terms_template
        invoice.set_payment_schedule()
    return invoice
