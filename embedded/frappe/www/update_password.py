"""Choosing a password, by the link of an e-mail or with the old one; works without JavaScript."""

import frappe
from frappe import _
from frappe.core.doctype.user.user import update_password

no_cache = 1


def get_context(context):
    form = frappe.form_dict
    context.update(key=form.get("key") or "", problem="")
    if frappe.request.method != "POST":
        return
    if not form.get("new_password") or form.get("new_password") != form.get("confirm_password"):
        context.update(problem=_("Passwords do not match"), http_status_code=417)
        return
    try:
        target = update_password(
            form.new_password, key=form.get("key"), old_password=form.get("old_password")
        )
    except frappe.AuthenticationError:
        target = ""
    if not target.startswith("/"):
        context.update(problem=target or _("Wrong password"), http_status_code=410)
        return
    frappe.flags.redirect_location = target
    raise frappe.Redirect(303)
