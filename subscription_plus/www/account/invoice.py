"""One invoice: what was billed, what is still to pay, and the document to keep."""

import frappe
from frappe import _
from frappe.utils import flt

from subscription_plus.website import bills, caller, page, status

no_cache = 1


def get_context(context):
    """The caller's own submitted invoice alone."""
    caller.require_login()
    doc = caller.own("Sales Invoice", frappe.form_dict.get("name"))
    if doc.docstatus != 1:
        raise frappe.PageDoesNotExistError
    kind = _("Credit note {0}") if doc.is_return else _("Invoice {0}")
    page.open_page(
        context, kind.format(doc.name), "/account/invoices", [(_("Invoices"), "/account/invoices")]
    )
    context.update(doc=doc, state=status.invoice(doc))
    context.total = flt(doc.rounded_total) or flt(doc.grand_total)
    orders = {row.sales_order for row in doc.items if row.sales_order}
    context.open = [row for row in bills.to_pay([doc.customer]) if row.reference_name in orders | {doc.name}]
