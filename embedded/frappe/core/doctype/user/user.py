"""Signing up and choosing a password, under Frappe's names: an account without password, and a link by e-mail."""

import hashlib

import frappe
from frappe import _
from frappe.core.user import User
from frappe.utils import cint, escape_html, get_url

__all__ = ["User", "sign_up", "update_password"]


@frappe.whitelist(allow_guest=True, methods=["POST"])
def sign_up(email: str, full_name: str, redirect_to: str = "") -> tuple[int, str]:
    """(0, why not) or (1, look into your mail): a new website user, and a link to choose a password."""
    known = frappe.db.get_value("User", {"email": email}, ["enabled"], as_dict=True)
    if known:
        return 0, _("Already Registered") if known.enabled else _("Registered but disabled")
    user = frappe.get_doc({"doctype": "User", "email": email, "first_name": escape_html(full_name)})
    user.user_type = "Website User"
    user.insert(ignore_permissions=True)
    role = frappe.db.get_single_value("Portal Settings", "default_role")
    if role:
        user.flags.ignore_permissions = True
        user.add_roles(role)
    if redirect_to.startswith("/") and not redirect_to.startswith(("//", "/\\")):
        frappe.cache.hset("redirect_after_login", user.name, redirect_to)
    key = frappe.generate_hash(length=32)
    user.db_set("reset_password_key", _hashed(key))
    link = get_url(f"/update-password?key={key}")
    frappe.sendmail(
        recipients=[user.name],
        subject=_("Complete Registration"),
        message=f'<p>{_("Click here to choose your password")}: <a href="{link}">{link}</a></p>',
    )
    return 1, _("Please check your email for verification")


@frappe.whitelist(allow_guest=True, methods=["POST"])
def update_password(
    new_password: str, logout_all_sessions: int = 0, key: str | None = None, old_password: str | None = None
) -> str:
    """Set a password by the link's key or the old password, log in, and say where to go on."""
    from frappe.utils.password import check_password
    from frappe.utils.password import update_password as store

    user = None
    if key:
        user = frappe.db.get_value("User", {"reset_password_key": _hashed(key)})
    elif frappe.session.user != "Guest" and old_password:
        user = check_password(frappe.session.user, old_password)
    if not user:
        frappe.local.response.http_status_code = 410
        return _("The reset password link has either been used before or is invalid")
    store(user, new_password, logout_all_sessions=bool(cint(logout_all_sessions)))
    frappe.db.set_value("User", user, "reset_password_key", "")
    target = frappe.cache.hget("redirect_after_login", user)
    frappe.cache.hdel("redirect_after_login", user)
    frappe.local.login_manager.login_as(user)
    return target or "/me"


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
