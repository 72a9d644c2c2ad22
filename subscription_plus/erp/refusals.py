"""What helps where ERPNext refuses a document and says only why."""

from __future__ import annotations

from frappe import _


def advice(error: Exception) -> str:
    """What a person can do about an error of ERPNext; empty where its own words say it."""
    return {
        "PartyDisabled": _("Enable the customer, or cancel the subscription."),
        "PartyFrozen": _("Unfreeze the customer, or cancel the subscription."),
        "FiscalYearError": _("Create the fiscal year."),
        "InvalidAccountCurrency": _("Bill the customer in the currency of their receivable account."),
    }.get(type(error).__name__, "")
