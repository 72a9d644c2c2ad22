"""The login and sign-up page, which works without JavaScript; programs use /api/method/login."""

import frappe
from frappe.core.doctype.user.user import sign_up

from embedded.host.session import is_system_user

no_cache = 1


def get_context(context):
    form = frappe.form_dict
    target = form.get("redirect-to") or ""
    if not target.startswith("/") or target.startswith(("//", "/\\")):
        target = ""
    context.update(target=target, usr=form.get("usr") or "")
    if frappe.request.method == "POST" and form.get("signup_email"):
        done, context.told = sign_up(form.signup_email, form.get("signup_fullname") or "", target)
        context.signed_up = bool(done)
        return
    if frappe.request.method == "POST":
        manager = frappe.local.login_manager
        try:
            manager.authenticate(form.get("usr"), form.get("pwd"))
        except frappe.AuthenticationError:
            context.update(problem=frappe.local.response.pop("message"), http_status_code=401)
            return
        manager.login_as(manager.user)
    if frappe.session.user != "Guest":
        frappe.flags.redirect_location = target or ("/app" if is_system_user() else "/me")
        raise frappe.Redirect(303)
