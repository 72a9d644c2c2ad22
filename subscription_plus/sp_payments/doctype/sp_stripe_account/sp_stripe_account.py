"""A gateway account that takes a company's payments: its keys, and where its money is booked."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url, quoted

from subscription_plus.sp_payments import gateways


class SPStripeAccount(Document):
    """Keys are Password fields: they are stored encrypted and never leave the server again."""

    def validate(self):
        self.mode = gateways.named(self.gateway)(self).check()
        self._check_books()
        self.webhook_url = get_url(
            f"/api/method/subscription_plus.api.payments.webhook?account={quoted(self.name)}"
        )

    def _check_books(self):
        company = frappe.get_cached_value("Account", self.clearing_account, "company")
        if company != self.company:
            frappe.throw(_("The clearing account is of {0}, not of {1}.").format(company, self.company))
        other = frappe.db.exists(
            "SP Stripe Account", {"company": self.company, "enabled": 1, "name": ("!=", self.name)}
        )
        if self.enabled and other:
            frappe.throw(
                _("{0} takes the payments of {1} already. Disable it first.").format(other, self.company)
            )
