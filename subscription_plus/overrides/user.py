"""User: who logs in is tied to the customers whose contacts the house made for that address, and gets no other."""

import frappe

from subscription_plus.erp import customers


def on_login(login_manager) -> None:
    """Before the session begins: let ERPNext see that a website user has a customer."""
    user = login_manager.user
    if customers.is_desk_user(user):
        return
    frappe.db.savepoint("sp_login")
    try:
        customers.show_in_a_contact(user)
    except Exception:
        # A contact that cannot be saved (a wrong number, a link that leads nowhere) keeps nobody out.
        frappe.db.rollback(save_point="sp_login")
        frappe.clear_messages()
        frappe.log_error(
            title="A contact does not name its customer", reference_doctype="User", reference_name=user
        )


def on_session_creation(login_manager=None) -> None:
    """Make a website user a portal user of its customers."""
    user = frappe.session.user
    if user != "Guest" and not customers.is_desk_user(user):
        customers.tie(user)
