"""User: who logs in is tied to the customers whose contacts the house made for that address, and gets no other."""

import frappe

from subscription_plus.erp import customers


def on_login(login_manager) -> None:
    """Before the session begins: let ERPNext see that a website user has a customer."""
    if not customers.is_desk_user(login_manager.user):
        customers.show_in_a_contact(login_manager.user)


def on_session_creation(login_manager=None) -> None:
    """Make a website user a portal user of its customers."""
    user = frappe.session.user
    if user != "Guest" and not customers.is_desk_user(user):
        customers.tie(user)
