"""A Stripe account that takes a company's payments: its keys, and where its money is booked."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url, quoted


class SPStripeAccount(Document):
    """Keys are Password fields: they are stored encrypted and never leave the server again."""

    def validate(self):
        self._read_mode()
        self._check_books()
        self.webhook_url = get_url(
            f"/api/method/subscription_plus.api.payments.webhook?account={quoted(self.name)}"
        )

    def _read_mode(self):
        key = self.get_password("secret_key", raise_exception=False) or ""
        if not key.startswith(("sk_test_", "sk_live_", "rk_test_", "rk_live_")):
            frappe.throw(_("This is no secret key of Stripe: it begins with sk_test_, sk_live_ or rk_."))
        self.mode = "Live" if "_live_" in key[:8] else "Test"
        if self.publishable_key and f"_{self.mode.lower()}_" not in self.publishable_key[:8]:
            frappe.throw(_("One of the keys is for tests, the other one is live."))

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
