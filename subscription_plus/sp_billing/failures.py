"""What goes wrong with one subscription: stored on it in words, retried with back-off, parked after a while."""

from __future__ import annotations

import datetime as dt

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, get_link_to_form, strip_html
from frappe.utils.user import get_users_with_role

from subscription_plus.engine.lifecycle import BillingStatus
from subscription_plus.engine.retries import is_parked, retry_at
from subscription_plus.erp import refusals

from . import events, settings
from .transactions import lock_subscription, unit_of_work


class TooManyDocuments(frappe.ValidationError):
    """The circuit breaker: a subscription makes more documents a day than any real one would."""


def break_circuit(doc: Document, today: dt.date) -> None:
    """Refuse to go on where today's documents have reached the settings' limit, counted anew from the moment
    a person looked and took the subscription up again."""
    limit = cint(settings.get("max_documents_per_day"))
    if not limit:
        return
    today_so_far = {"subscription": doc.name, "at": (">=", today)}
    made = frappe.db.count("SP Subscription Event", {**today_so_far, "document_type": ("is", "set")})
    if made >= limit:
        taken_up = frappe.db.get_value(
            "SP Subscription Event",
            {**today_so_far, "event_type": "Taken Up Again"},
            "at",
            order_by="at desc",
        )
        since = {"subscription": doc.name, "at": (">", taken_up or today), "document_type": ("is", "set")}
        made = frappe.db.count("SP Subscription Event", since)
    if made >= limit:
        raise TooManyDocuments(
            _(
                "{0} documents were made for this subscription today, the limit is {1}. Look through its billing periods; Update Now goes on."
            ).format(made, limit)
        )


def record(name: str, error: Exception, now: dt.datetime) -> str:
    """Store a failure on its subscription, in a transaction of its own, and say when to try again."""
    message = _in_words(error, name)
    frappe.clear_messages()

    def write() -> None:
        lock_subscription(name)
        doc = frappe.get_doc("SP Subscription", name)
        count = cint(doc.error_count) + 1
        park = isinstance(error, TooManyDocuments) or is_parked(count, cint(settings.get("max_failures")))
        frappe.db.set_value(
            "SP Subscription",
            name,
            {
                "error_message": message,
                "error_count": count,
                "error_at": now,
                "parked": int(park),
                "billing_status": BillingStatus.FAILED.value,
                "next_billing_at": None if park else retry_at(now, count),
            },
            update_modified=False,
        )
        if park or doc.error_message != message:
            events.record(name, "Parked" if park else "Failed", message)
        if park:
            tell_people(
                _("Subscription {0} is parked").format(name),
                _("{0} of {1} is not billed any more until someone presses Update Now.").format(
                    get_link_to_form("SP Subscription", name), doc.customer_name
                )
                + f"<p>{frappe.utils.escape_html(message)}</p>",
            )

    unit_of_work(write)
    return message


def _in_words(error: Exception, name: str) -> str:
    """The message of an error that was meant for people; others go to the Error Log and are named."""
    if isinstance(error, frappe.ValidationError) and str(error):
        said, advice = strip_html(str(error)).strip(), refusals.advice(error)
        return f"{said.rstrip('.')}. {advice}" if advice else said
    log = frappe.log_error(
        title=f"Billing of {name} failed",
        message=frappe.get_traceback(),
        reference_doctype="SP Subscription",
        reference_name=name,
    )
    return _("Unexpected error ({0}: {1}). Show Error Log {2} to your administrator.").format(
        type(error).__name__, strip_html(str(error))[:200], log.name if log else "-"
    )


def tell_people(subject: str, message: str) -> None:
    """Mail those who look after billing; a site without a mail account bills all the same."""
    role = settings.get("notify_role")
    people = [user for user in get_users_with_role(role) if "@" in user] if role else []
    if not people:
        return
    frappe.db.savepoint("sp_tell_people")
    try:
        frappe.sendmail(recipients=people, subject=subject, message=message)
    except Exception:
        frappe.db.rollback(save_point="sp_tell_people")
        frappe.log_error(title=subject, message=frappe.get_traceback())
