"""Payment Request: asks a customer to pay an order or an invoice, and follows what is paid of it.

Gateways belong to the payments app, which is not here: a request names one, nothing calls it, and as in ERPNext
a request without a gateway sends no mail.
"""

from collections.abc import Iterable
from typing import Any

import frappe
from erpnext.accounts.doctype.payment_entry.payment_entry import get_payment_entry
from erpnext.accounts.party import get_party_account
from erpnext.accounts.utils import get_account_currency, get_currency_precision
from frappe import _
from frappe.dicts import _dict
from frappe.model.document import Document
from frappe.query_builder import DocType
from frappe.query_builder.functions import Sum
from frappe.utils import cint, flt, nowdate

ALLOWED_DOCTYPES_FOR_PAYMENT_REQUEST = ("Sales Order", "Sales Invoice")
MESSAGE = """{% if doc.contact_person -%}<p>Dear {{ doc.contact_person }},</p>{%- else %}<p>Hello,</p>{% endif %}
<p>{{ _("Requesting payment against {0} {1} for amount {2}").format(doc.doctype, doc.name, doc.get_formatted("grand_total")) }}</p>
<p>{{ _("If you have any questions, please get back to us.") }}</p>
"""


class PaymentRequest(Document):
    def validate(self) -> None:
        if self.is_new():
            self.status = "Draft"
        if not self.reference_doctype or not self.reference_name:
            frappe.throw(_("To create a Payment Request reference document is required"))
        self._validate_amount()

    def _validate_amount(self) -> None:
        if not self.grand_total:
            frappe.throw(_("{0} cannot be zero").format(_("Amount")), title=_("Invalid Amount"))
        document = frappe.get_doc(self.reference_doctype, self.reference_name)
        amount = get_amount(document)
        if not amount:
            frappe.throw(_("Payment Entry is already created"))
        requested = get_existing_payment_request_amount(document) + flt(self.grand_total, 2)
        if flt(requested, get_currency_precision()) > amount:
            frappe.throw(
                _("Total Payment Request amount cannot be greater than {0} amount").format(
                    self.reference_doctype
                )
            )

    def before_submit(self) -> None:
        self.outstanding_amount = self.grand_total
        company_currency = frappe.get_cached_value("Company", self.company, "default_currency")
        if self.currency != self.party_account_currency and self.party_account_currency == company_currency:
            fields = ["rounded_total", "grand_total", "base_rounded_total", "base_grand_total"]
            totals = frappe.db.get_value(self.reference_doctype, self.reference_name, fields, as_dict=True)
            total = totals.rounded_total or totals.grand_total
            base_total = totals.base_rounded_total or totals.base_grand_total
            self.outstanding_amount = flt(
                self.grand_total / total * base_total, self.precision("outstanding_amount")
            )

    def on_submit(self) -> None:
        self.db_set("status", "Initiated" if self.payment_request_type == "Outward" else "Requested")

    def on_cancel(self) -> None:
        if self.status == "Paid" and frappe.db.exists(
            "Payment Entry Reference", {"reference_name": self.reference_name, "docstatus": ("<", 2)}
        ):
            frappe.throw(_("Payment Entry already exists"), title=_("Error"))
        self.db_set("status", "Cancelled")

    def set_as_paid(self) -> Document:
        """Books the payment of what is outstanding and returns it."""
        return self.create_payment_entry()

    def create_payment_entry(self, submit: bool = True) -> Document:
        """The payment of what is outstanding; unsaved where `submit` is false."""
        document = frappe.get_doc(self.reference_doctype, self.reference_name)
        if self.reference_doctype == "Sales Invoice":
            account = document.debit_to
        else:
            account = get_party_account("Customer", document.customer, document.company)
        currency = self.party_account_currency or get_account_currency(account)
        bank_amount = self.outstanding_amount
        if currency == document.company_currency and currency != self.currency:
            bank_amount = flt(
                self.outstanding_amount / document.conversion_rate, self.precision("grand_total")
            )
        payment = get_payment_entry(
            self.reference_doctype,
            self.reference_name,
            party_amount=self.outstanding_amount,
            bank_account=self.payment_account,
            bank_amount=bank_amount,
            created_from_payment_request=True,
        )
        payment.update(
            {
                "mode_of_payment": self.mode_of_payment,
                "reference_no": self.name,
                "reference_date": nowdate(),
                "cost_center": self.cost_center,
                "project": self.project,
            }
        )
        self._allocate_to(payment)
        if submit:
            payment.insert(ignore_permissions=True)
            payment.submit()
        return payment

    def _allocate_to(self, payment: Document) -> None:
        """Names this request on the rows up to its outstanding amount; the row that goes beyond is split."""
        if len(payment.references) == 1:
            payment.references[0].payment_request = self.name
            return
        left = flt(self.outstanding_amount)
        rows: list[Document] = []
        for row in payment.references:
            rows.append(row)
            if left <= 0:
                continue
            row.payment_request = self.name
            beyond = flt(row.allocated_amount - left, row.precision("allocated_amount"))
            if beyond > 0:
                rest = frappe.copy_doc(row)
                rest.payment_request, rest.allocated_amount = None, beyond
                row.allocated_amount = left
                rows.append(rest)
            left = flt(left - row.allocated_amount, row.precision("allocated_amount"))
        payment.set("references", rows)
        for idx, row in enumerate(payment.references, 1):
            row.idx = idx


@frappe.whitelist()
def make_payment_request(**args: Any) -> Any:
    """A request for what is open and not requested yet: `dt`, `dn`, `recipient_id`, `mute_email`, `submit_doc`,
    `return_doc`, `mode_of_payment`, `party`… A draft that exists is returned as it is, never submitted."""
    args = _dict(args)
    if args.dt not in ALLOWED_DOCTYPES_FOR_PAYMENT_REQUEST:
        frappe.throw(_("Payment Requests cannot be created against: {0}").format(frappe.bold(args.dt)))
    frappe.has_permission("Payment Request", "create", throw=True)
    frappe.has_permission(args.dt, "read", args.dn, throw=True)
    document = args.ref_doc or frappe.get_doc(args.dt, args.dn)
    amount = get_amount(document)
    if not amount:
        frappe.throw(_("Payment Entry is already created"))
    requested = get_existing_payment_request_amount(document)
    amount = flt(amount - requested, get_currency_precision()) if requested else amount
    if not amount:
        frappe.throw(_("Payment Request is already created"))
    draft = frappe.db.get_value(
        "Payment Request", {"reference_doctype": args.dt, "reference_name": args.dn, "docstatus": 0}
    )
    if draft:
        frappe.db.set_value("Payment Request", draft, "grand_total", amount, update_modified=False)
        request = frappe.get_doc("Payment Request", draft)
    else:
        request = _new_request(document, amount, args)
        if cint(frappe.db.get_single_value("Accounts Settings", "create_pr_in_draft_status")):
            request.insert(ignore_permissions=True)
        if args.submit_doc:
            if request.is_new():
                request.insert(ignore_permissions=True)
            request.submit()
    return request if args.return_doc else request.as_dict()


def _new_request(document: Document, amount: float, args: _dict) -> Document:
    gateway = _gateway_account(args.get("payment_gateway_account"), document.company)
    account = get_party_account("Customer", document.customer, document.company)
    request = frappe.new_doc("Payment Request")
    request.update(
        {
            "payment_gateway_account": gateway.get("name"),
            "payment_gateway": gateway.get("payment_gateway"),
            "payment_account": gateway.get("payment_account"),
            "payment_request_type": args.payment_request_type or "Inward",
            "currency": document.currency,
            "party_account_currency": document.get("party_account_currency") or get_account_currency(account),
            "grand_total": amount,
            "mode_of_payment": args.mode_of_payment,
            "email_to": args.recipient_id or document.owner,
            "subject": _("Payment Request for {0}").format(args.dn),
            "message": gateway.get("message") or frappe.render_template(MESSAGE, {"doc": document}),
            "reference_doctype": args.dt,
            "reference_name": args.dn,
            "company": document.company,
            "party_type": args.party_type or "Customer",
            "party": args.party or document.customer,
            "party_name": args.party_name or document.customer_name,
            "phone_number": args.phone_number,
            "cost_center": document.get("cost_center"),
            "project": document.get("project"),
        }
    )
    if args.mute_email:
        request.flags.mute_email = True
    return request


def _gateway_account(account: str | None, company: str) -> dict[str, Any]:
    fields = ["name", "payment_gateway", "payment_account", "message"]
    filters = account or {"is_default": 1, "company": company}
    return frappe.db.get_value("Payment Gateway Account", filters, fields, as_dict=True) or {}


def get_amount(document: Document, payment_account: str | None = None) -> float:
    """What is open on an order or an invoice, in its own currency; 0 where nothing is."""
    same_currency = document.party_account_currency == document.currency
    rate = 1 if same_currency else document.conversion_rate
    if document.doctype == "Sales Order":
        total = flt(document.rounded_total) or flt(document.grand_total)
        amount = total - flt(document.advance_paid) / rate
    else:
        amount = flt(document.outstanding_amount) / rate
    return flt(amount, get_currency_precision()) if amount > 0 else 0.0


def get_existing_payment_request_amount(document: Document, statuses: list[str] | None = None) -> float:
    """What submitted requests still ask for a document, in its own currency."""
    request = DocType("Payment Request")
    query = (
        frappe.qb.from_(request)
        .select(Sum(request.outstanding_amount))
        .where(
            (request.reference_doctype == document.doctype)
            & (request.reference_name == document.name)
            & (request.docstatus == 1)
        )
    )
    if statuses:
        query = query.where(request.status.isin(statuses))
    amount = flt(query.run()[0][0])
    if document.currency != document.party_account_currency:
        amount = flt(amount / document.conversion_rate)
    return amount


@frappe.whitelist()
def make_payment_entry(docname: str) -> dict[str, Any]:
    """The unsaved payment of a request, for a form."""
    return frappe.get_doc("Payment Request", docname).create_payment_entry(submit=False).as_dict()


def update_payment_requests_as_per_pe_references(
    references: Iterable | None = None, cancel: bool = False
) -> None:
    """Outstanding amount and status of the requests that a payment's rows name."""
    outstanding: dict[str, float] = {}
    for row in references or ():
        if not row.payment_request:
            continue
        values = frappe.db.get_value(
            "Payment Request",
            row.payment_request,
            ["grand_total", "outstanding_amount", "payment_request_type"],
            as_dict=True,
        )
        before = outstanding.get(row.payment_request, flt(values.outstanding_amount))
        after = flt(before + (row.allocated_amount if cancel else -row.allocated_amount), 2)
        outstanding[row.payment_request] = after
        if after < 0 and not cancel:
            frappe.throw(
                _(
                    "The allocated amount is greater than the outstanding amount of Payment Request {0}"
                ).format(row.payment_request),
                title=_("Invalid Allocated Amount"),
            )
        if after == values.grand_total:
            status = "Initiated" if values.payment_request_type == "Outward" else "Requested"
        else:
            status = "Partially Paid" if after > 0 else "Paid"
        frappe.db.set_value(
            "Payment Request", row.payment_request, {"outstanding_amount": after, "status": status}
        )
