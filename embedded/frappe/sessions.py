"""`frappe.sessions`: the CSRF token of the session, and ending a user's sessions."""

import frappe

from embedded.host.session import Session, get_csrf_token

__all__ = ["Session", "clear_sessions", "get_csrf_token"]


def clear_sessions(user: str | None = None, keep_current: bool = False, force: bool = False) -> None:
    """End the sessions of `user`, as a change of password or a logout everywhere does."""
    filters = {"user": user or frappe.session.user}
    if keep_current:
        filters["sid"] = ("!=", frappe.session.sid)
    frappe.db.delete("Sessions", filters)
