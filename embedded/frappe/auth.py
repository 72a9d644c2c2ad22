"""`frappe.auth`: logins and sessions; the work is done in embedded.host.session."""

import frappe

from embedded.host.session import (
    UNSAFE_METHODS as UNSAFE_HTTP_METHODS,
)
from embedded.host.session import (
    CookieManager,
    LoginManager,
    check_csrf_token,
    clear_cookies,
    validate_auth,
)

__all__ = [
    "UNSAFE_HTTP_METHODS",
    "CookieManager",
    "LoginManager",
    "check_csrf_token",
    "clear_cookies",
    "get_logged_user",
    "validate_auth",
]


@frappe.whitelist()
def get_logged_user():
    return frappe.session.user
