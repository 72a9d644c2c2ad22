"""E-mails to customers through Email Template. A mail that fails is told on the subscription; billing goes on.

What a template can use: doc (the subscription), period, reference (the order or invoice), payment_request,
customer_name, company, amount (formatted), due_date, payment_url.
"""

from __future__ import annotations

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, fmt_money, formatdate, strip_html

from . import events, settings
from .transactions import is_lost


def payment_request(doc: Document, row: frappe._dict, target: tuple[str, str]) -> None:
    """Ask the customer for the money of a period."""
    if not (doc.send_emails and cint(settings.get("send_payment_requests"))):
        return
    request = frappe.get_doc("Payment Request", row.payment_request)
    context = {
        "period": row,
        "reference": frappe.get_doc(*target),
        "payment_request": request,
        "amount": fmt_money(request.grand_total, currency=request.currency),
        "due_date": formatdate(row.due_date) if row.due_date else "",
        "payment_url": request.get("payment_url") or _payment_url(request.name),
    }
    template = doc.payment_request_template or settings.get("payment_request_template")
    send(doc, template, context, about=("Payment Request", request.name), attach=target)


def invoice(doc: Document, row: frappe._dict) -> None:
    """Send a period's invoice, where the settings want that."""
    if not (doc.send_emails and cint(settings.get("send_invoices"))):
        return
    target = ("Sales Invoice", row.sales_invoice)
    reference = frappe.get_doc(*target)
    context = {
        "period": row,
        "reference": reference,
        "amount": fmt_money(reference.grand_total, currency=reference.currency),
        "due_date": formatdate(reference.due_date) if reference.due_date else "",
    }
    send(doc, doc.invoice_template or settings.get("invoice_template"), context, about=target, attach=target)


def send(
    doc: Document,
    template: str | None,
    context: dict[str, Any],
    about: tuple[str, str],
    attach: tuple[str, str] | None = None,
    footer: str = "",
) -> bool:
    """Render a template and queue the mail with the caller's transaction. False: it was not sent, and why
    stands on the subscription. `attach`: a document whose PDF goes along, made when the mail is sent. `footer`: HTML below the template's."""
    if not doc.send_emails:
        return False
    frappe.db.savepoint("sp_mail")
    try:
        if not template:
            raise frappe.ValidationError(_("No Email Template is set in the subscription's settings."))
        if not doc.contact_email:
            raise frappe.ValidationError(
                _("The subscription has no e-mail address. Set a billing contact, or turn its emails off.")
            )
        mail = _fill_in(
            frappe.get_doc("Email Template", template),
            {"doc": doc, "customer_name": doc.customer_name, "company": doc.company, **context},
        )
        frappe.sendmail(
            recipients=[doc.contact_email],
            subject=mail["subject"],
            message=mail["message"] + footer,
            reference_doctype=about[0],
            reference_name=about[1],
            attachments=_attachments(attach),
        )
    except Exception as error:
        if is_lost(error):
            raise  # the database has rolled back the whole transaction, its owner tries it again
        # A template is written by people and may fail in any way: the savepoint keeps billing whole.
        frappe.db.rollback(save_point="sp_mail")
        _tell(
            doc, _("Email {0}: {1}").format(template or "-", strip_html(str(error)) or type(error).__name__)
        )
        return False
    if doc.mail_error:
        _tell(doc, None)
    return True


def _payment_url(request: str) -> str:
    """Where the request can be paid online (hook `sp_payment_links`), empty where it cannot."""
    links = (frappe.get_attr(hook)(request) for hook in frappe.get_hooks("sp_payment_links"))
    return next(filter(None, links), "")


def method_url(doc: Document) -> str:
    """Where the customer registers the way to pay that a subscription lacks (hook `sp_method_links`), else empty."""
    links = (frappe.get_attr(hook)(doc) for hook in frappe.get_hooks("sp_method_links"))
    return next(filter(None, links), "")


def _fill_in(template: Document, context: dict[str, Any]) -> dict[str, str]:
    try:
        return template.get_formatted_email(context)
    except Exception as error:
        # Frappe's message is the whole template with a traceback; what it stands on is the reason.
        reason = error.__context__ or error
        raise frappe.ValidationError(
            _("It cannot be filled in: {0}. Correct the template, then send this mail by hand.").format(
                reason
            )
        ) from error


def _attachments(target: tuple[str, str] | None) -> list[dict[str, Any]]:
    if not target or not cint(settings.get("attach_documents")):
        return []
    return [
        {
            "print_format_attachment": 1,
            "doctype": target[0],
            "name": target[1],
            "print_format": None,
            "print_letterhead": True,
            "lang": None,
        }
    ]


def _tell(doc: Document, message: str | None) -> None:
    frappe.clear_messages()
    if message and message != doc.mail_error:
        events.record(doc.name, "Email Failed", message)
    if message != doc.mail_error:
        doc.db_set("mail_error", message, update_modified=False)
