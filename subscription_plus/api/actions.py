"""Which verbs a document offers a person now, with the questions each asks: one list for every desk."""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate, nowdate

from subscription_plus.sp_billing import publishing
from subscription_plus.sp_payments import accounts

from . import booking_actions, document_actions
from .action_parts import field, offer
from .answers import Action

_API = "subscription_plus.api.subscriptions."
_PAYMENTS = "subscription_plus.api.payments."
_PUBLISHING = "subscription_plus.api.publishing."
_FOR_WRITERS = ("SP Subscription", "SP Payment Method", *publishing.KINDS)


@frappe.whitelist(methods=["GET"])
def of(doctype: str, name: str) -> list[Action]:
    """What a form offers: `method` is called with `args` and the answers to `fields` (Frappe's dialog fields)."""
    offered = {
        "SP Subscription": _of_subscription,
        "SP Billing Period": _of_period,
        "SP Payment Method": _of_method,
        "SP Payment Attempt": _of_attempt,
        "SP Webhook Event": _of_event,
        "SP Subscription Plan": _of_published,
        "Item": _of_published,
        "SP Item Booking": booking_actions.of_booking,
        "SP Booking Credit": booking_actions.of_credits,
        "Sales Invoice": document_actions.of_invoice,
        "POS Invoice": document_actions.of_invoice,
        "Contract": document_actions.of_contract,
    }.get(doctype)
    if not offered:
        return []
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    if doctype in _FOR_WRITERS and not doc.has_permission("write"):
        return []
    return offered(doc)


def _of_subscription(doc: Document) -> list[dict[str, Any]]:
    actions = [_action(doc, _("Update Now"), "update_now", primary=True)]
    if accounts.of_company(doc.company):
        register = {"subscription": doc.name}
        actions.append(offer(_("Register a Payment Method"), _PAYMENTS + "register_method", register))
    ended = doc.status in ("Cancelled", "Completed")
    if ended:
        actions.append(_restart(doc))
    elif doc.cancellation_date and getdate(doc.cancellation_date) > getdate(nowdate()):
        actions.append(_action(doc, _("Undo Cancellation"), "undo_cancellation"))
    else:
        actions.append(_cancel(doc))
    if not ended:
        paused = any(
            row.kind == "Pause" and (not row.until_date or getdate(row.until_date) >= getdate(nowdate()))
            for row in doc.breaks
        )
        actions.append(_resume(doc) if paused else _pause(doc))
        actions.append(
            _action(doc, _("Skip Next Period"), "skip", confirm=_("Leave the next period unbilled?"))
        )
        actions.append(_change_quantity(doc))
        actions.append(
            _action(
                doc,
                _("Change Plan"),
                "change_plan",
                [field("plan", _("Plan"), "Link", "SP Subscription Plan", reqd=1, filters={"disabled": 0})],
            )
        )
        if any(row.price_determination == "Fixed Rate" and not row.once for row in doc.lines):
            actions.append(_change_price(doc))
        actions.append(document_actions.link_invoice(doc))
        actions.append(_change_payment(doc))
    return actions


def _of_period(doc: Document) -> list[dict[str, Any]]:
    subscription = frappe.get_doc("SP Subscription", doc.subscription)
    if doc.status != "Void" or not subscription.has_permission("write"):
        return []
    again = _("Make the documents of this period anew?")
    return [offer(_("Bill Again"), _API + "bill_again", {"billing_period": doc.name}, confirm=again)]


def _of_method(doc: Document) -> list[dict[str, Any]]:
    args = {"payment_method": doc.name}
    offers = []
    if doc.status == "Active" and not doc.is_default:
        offers.append(offer(_("Make Default"), _PAYMENTS + "make_default", args))
    if doc.status != "Removed":
        offers.append(
            offer(_("Remove"), _PAYMENTS + "remove_method", args, confirm=_("Forget this payment method?"))
        )
    return offers


def _of_attempt(doc: Document) -> list[dict[str, Any]]:
    args = {"payment_attempt": doc.name}
    offers = []
    if frappe.has_permission("Payment Entry", "create"):
        offers.append(offer(_("Ask the Gateway"), _PAYMENTS + "ask_gateway", args))
    if doc.status == "Succeeded" and frappe.has_permission("Payment Entry", "submit"):
        amount = field("amount", _("Amount"), "Currency", default=doc.amount - doc.refunded, reqd=1)
        offers.append(offer(_("Refund"), _PAYMENTS + "refund", args, [amount]))
    return offers


def _of_event(doc: Document) -> list[dict[str, Any]]:
    return [offer(_("Work Off Again"), _PAYMENTS + "replay_event", {"webhook_event": doc.name})]


def _of_published(doc: Document) -> list[dict[str, Any]]:
    """Publish, or see and unpublish: a plan, or an item that can be booked."""
    kind = publishing.KINDS[doc.doctype]
    if doc.disabled or (doc.doctype == publishing.ITEM and not doc.get("sp_bookable")):
        return []
    args = {"doctype": doc.doctype, "name": doc.name}
    if doc.get(kind.field("published")):
        gone = _("Take it off the website?")
        return [
            offer(_("See on Website"), _PUBLISHING + "see", args),
            offer(_("Unpublish"), _PUBLISHING + "unpublish", args, confirm=gone),
        ]
    choices = "\n".join((publishing.EVERYONE, publishing.LOGGED_IN, publishing.ROLES))
    shown = doc.get(kind.field("visible_to")) or publishing.EVERYONE
    who = field("visible_to", _("Who May See It"), "Select", choices, default=shown, reqd=1)
    return [offer(_("Publish on Website"), _PUBLISHING + "publish", args, [who])]


def _cancel(doc: Document) -> dict[str, Any]:
    return _action(
        doc,
        _("Cancel Subscription"),
        "cancel",
        [
            field("at", _("When"), "Select", "Period End\nDate\nNow", default="Period End", reqd=1),
            field("date", _("Last Day"), "Date", depends_on="eval:doc.at=='Date'"),
            field("prorate", _("Prorate the Last Invoice"), "Check", default=doc.prorate_last_invoice),
            field("credit_unused_days", _("Credit Unused Paid Days"), "Check"),
            field("reason", _("Reason"), "Small Text"),
        ],
    )


def _restart(doc: Document) -> dict[str, Any]:
    return _action(
        doc,
        _("Restart"),
        "restart",
        [
            field("on", _("From"), "Date", default=nowdate()),
            field("new_anchor", _("Count Periods From That Day"), "Check", default=1),
            field("end_date", _("Ends On"), "Date"),
        ],
    )


def _pause(doc: Document) -> dict[str, Any]:
    return _action(
        doc,
        _("Pause"),
        "pause",
        [
            field("from_date", _("From"), "Date", default=nowdate(), reqd=1),
            field("until", _("Until (Last Day)"), "Date"),
            field("new_anchor", _("Count Periods Anew Afterwards"), "Check"),
        ],
    )


def _resume(doc: Document) -> dict[str, Any]:
    return _action(
        doc,
        _("Resume"),
        "resume",
        [
            field("on", _("From"), "Date", default=nowdate(), reqd=1),
            field("new_anchor", _("Count Periods Anew"), "Check"),
        ],
    )


def _change_quantity(doc: Document) -> dict[str, Any]:
    lines = "\n".join(row.name for row in doc.lines)
    labels = ", ".join(f"{row.name}: {row.item_name or row.item} × {row.qty:g}" for row in doc.lines)
    return _action(
        doc,
        _("Change Quantity"),
        "change_quantity",
        [
            field("line", _("Line"), "Select", lines, reqd=1, description=labels),
            field("qty", _("Quantity From the Next Period On"), "Float", reqd=1),
        ],
    )


def _change_price(doc: Document) -> dict[str, Any]:
    rate = next((row.fixed_rate for row in doc.lines if row.price_determination == "Fixed Rate"), 0)
    items = {row.item for row in doc.lines if row.price_determination == "Fixed Rate"}
    return _action(
        doc,
        _("Change Price"),
        "change_price",
        [
            field(
                "item",
                _("Item"),
                "Select",
                "\n".join(sorted(items)),
                default=min(items, default=None),
                reqd=1,
            ),
            field("rate", _("Rate From the Next Period On"), "Currency", default=rate, reqd=1),
        ],
    )


def _change_payment(doc: Document) -> dict[str, Any]:
    return _action(
        doc,
        _("Payment Method"),
        "change_payment",
        [
            field(
                "mode_of_payment",
                _("Mode of Payment"),
                "Link",
                "Mode of Payment",
                default=doc.mode_of_payment,
            ),
            field(
                "charge_automatically",
                _("Charge Automatically"),
                "Check",
                default=doc.charge_automatically,
                description=_("Off: the customer pays each period by hand"),
            ),
            field(
                "payment_method",
                _("Card or Debit"),
                "Link",
                "SP Payment Method",
                default=doc.payment_method,
                depends_on="charge_automatically",
                filters={"customer": doc.customer, "status": "Active"},
                description=_("Empty: the customer's default"),
            ),
        ],
    )


def _action(
    doc: Document,
    label: str,
    verb: str,
    fields: list[dict[str, Any]] | None = None,
    primary: bool = False,
    confirm: str | None = None,
) -> dict[str, Any]:
    return offer(label, _API + verb, {"subscription": doc.name}, fields, primary, confirm)
