"""Where the review of a change leads: the change is made."""

from __future__ import annotations

from urllib.parse import quote

import frappe

from subscription_plus.sp_billing.transactions import in_own_transaction

from . import caller, flash
from .changing import CHANGES
from .forms import form


@frappe.whitelist(methods=["POST"])
@form(back="/account/subscriptions/{subscription}/{action}")
def confirm(
    subscription: str,
    action: str,
    last: str | None = None,
    reason: str | None = None,
    start: str | None = None,
    until: str | None = None,
    on: str | None = None,
    line: str | None = None,
    qty: str | None = None,
    plan: str | None = None,
) -> str:
    """Make the change the customer has reviewed."""
    doc = caller.own("SP Subscription", subscription)
    change = CHANGES.get(action)
    if change is None:
        raise frappe.PageDoesNotExistError
    given = {
        "last": last,
        "reason": reason,
        "start": start,
        "until": until,
        "on": on,
        "line": line,
        "qty": qty,
        "plan": plan,
    }
    result = in_own_transaction(lambda: change.perform(doc, given))
    flash.say(change.done(doc, result))
    return f"/account/subscriptions/{quote(subscription, safe='')}"
