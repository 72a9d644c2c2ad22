"""Refunds at a person's wish: what a credit note gives back goes back the way it came."""

from __future__ import annotations

from decimal import Decimal

import frappe
from frappe import _

from subscription_plus.engine.money import to_minor
from subscription_plus.erp import invoices, payment_requests
from subscription_plus.sp_billing import events

from . import attempts, gateways, settling
from .gateways.base import GatewayUnavailable


def refund(attempt: str, amount: float) -> str:
    """Give back `amount` (currency units) of a payment; the refund's id at the gateway.

    The books follow what the gateway then says, as for a refund made there. Never more than came in.
    """
    row = frappe.get_doc(attempts.DOCTYPE, attempt, for_update=True)
    left = Decimal(str(row.amount)) - Decimal(str(row.refunded or 0))
    wanted = Decimal(str(amount))
    if row.status != "Succeeded":
        frappe.throw(_("Only a payment that succeeded can be refunded."))
    if not 0 < wanted <= left:
        frappe.throw(_("Between 0 and {0} {1} can be refunded.").format(left, row.currency))
    # The key holds what was refunded before: the same wish twice is one refund, a further one is another.
    key = f"{row.name}-refund-{row.refunded or 0}-{wanted}"
    minor = to_minor(wanted, row.currency, gateways.places(row.account, row.currency))
    frappe.db.commit()  # the lock must not be held while the gateway is called
    reference = gateways.of(row.account).refund(row.payment_id, minor, key)
    if row.subscription:
        events.record(
            row.subscription, "Refunded", f"{wanted} {row.currency}", document=(attempts.DOCTYPE, row.name)
        )
    settling.ask(row.name)
    return reference


def try_credit_note(credit_note: str) -> bool:
    """The hook `sp_refunders`: refund a credit note where that is possible; else a comment on it says why not.

    GatewayUnavailable: nobody knows whether it was refunded.
    """
    try:
        refund_credit_note(credit_note)
    except GatewayUnavailable:
        raise
    except frappe.ValidationError as error:
        frappe.db.rollback()
        frappe.get_doc("Sales Invoice", credit_note).add_comment("Comment", str(error))
        return False
    return True


def refund_credit_note(credit_note: str) -> str:
    """Refund what a credit note gives back, from the payment of the invoice it credits."""
    against, total = invoices.credited(credit_note)
    period = frappe.db.get_value("SP Billing Period", {"sales_invoice": against})
    if period:
        paid_for = {"billing_period": period}
    else:
        paid_for = {"payment_request": ("in", payment_requests.of_invoice(against))}
    attempt = frappe.db.get_value(
        attempts.DOCTYPE, {**paid_for, "status": "Succeeded", "kind": ("!=", "Register")}
    )
    if not attempt:
        frappe.throw(_("{0} was not paid through a gateway: pay the customer back by hand.").format(against))
    return refund(attempt, float(total))
