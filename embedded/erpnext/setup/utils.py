"""Rates of exchange: the Currency Exchange records of the site, no service on the internet."""

import frappe
from frappe import _
from frappe.utils import flt, getdate, nowdate


@frappe.whitelist()
def get_exchange_rate(
    from_currency: str, to_currency: str, transaction_date=None, args: str | None = None
) -> float:
    """The last rate up to the day (default: today), 0 with a message where there is none."""
    if not (from_currency and to_currency) or from_currency == to_currency:
        return 1.0 if from_currency and from_currency == to_currency else 0.0
    filters = {
        "from_currency": from_currency,
        "to_currency": to_currency,
        "date": ("<=", getdate(transaction_date or nowdate())),
    }
    if args in ("for_buying", "for_selling"):
        filters[args] = 1
    rates = frappe.get_all(
        "Currency Exchange", filters=filters, pluck="exchange_rate", order_by="date desc", limit=1
    )
    if rates:
        return flt(rates[0])
    frappe.msgprint(
        _("Unable to find exchange rate for {0} to {1} for key date {2}.").format(
            from_currency, to_currency, transaction_date or nowdate()
        )
    )
    return 0.0
