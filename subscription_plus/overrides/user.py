"""User: who logs in is tied to the customers whose contacts the house made for that address."""

import frappe

from subscription_plus.erp import customers


def on_session_creation(login_manager=None) -> None:
    """Make a website user a portal user of its customers."""
    user = frappe.session.user
    if user != "Guest" and not customers.is_desk_user(user):
        customers.tie(user)
