"""Where a customer comes back to from the gateway's page."""

import frappe
from frappe import _

from subscription_plus.website import page

no_cache = 1


def get_context(context):
    """What became of the payment, in words."""
    title, context.text = {
        "paid": (_("Thank you"), _("It worked. You will receive the document by e-mail.")),
        "saved": (
            _("Your payment method is saved"),
            _("Nothing was charged. It pays from the next time on."),
        ),
        "unsaved": (_("Nothing was saved"), _("You can try again whenever you like.")),
        "processing": (
            _("Your payment is on its way"),
            _("A debit takes some days. There is nothing more to do."),
        ),
    }.get(
        frappe.form_dict.get("state"),
        (_("Nothing was paid"), _("You can use the link in your e-mail again.")),
    )
    context.user = frappe.session.user
    page.open_page(context, title)
