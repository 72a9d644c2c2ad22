"""A change to a subscription: what is asked, then what it would mean; the form there makes it."""

import frappe
from frappe import _
from frappe.utils import strip_html

from subscription_plus.sp_billing.rehearsal import rehearsed
from subscription_plus.website import caller, changing, page, subscriptions

no_cache = 1


def get_context(context):
    """Without `review` in the address: the fields. With it: the review, or what is wrong with the fields."""
    caller.require_login()
    doc = caller.own("SP Subscription", frappe.form_dict.get("name"))
    change = changing.CHANGES.get(frappe.form_dict.get("action"))
    if change is None:
        raise frappe.PageDoesNotExistError
    home = f"/account/subscriptions/{doc.name}"
    if change not in changing.offered(doc):
        caller.go_to(home)
    told = subscriptions.describe(doc)
    crumbs = [(_("Subscriptions"), "/account/subscriptions"), (told.title, home)]
    page.open_page(context, change.title(), "/account/subscriptions", crumbs)
    context.update(doc=doc, change=change, told=told, home=home, refusal="", review=None)
    context.fields = change.fields(doc)
    if not context.fields or frappe.form_dict.get("review"):
        _review(context, doc, change)


def _review(context, doc, change):
    names = [field["name"] for field in context.fields]
    given = {name: frappe.form_dict.get(name) or "" for name in names}
    context.given = given
    # What was filled in stays filled in, whether it is refused or corrected.
    context.flash["values"] = {**given, **context.flash["values"]}

    def look():
        result = change.perform(doc, given)
        after = frappe.get_doc("SP Subscription", doc.name)
        return frappe._dict(
            sentences=change.consequences(after, given, result), coming=subscriptions.coming(after, 3)
        )

    try:
        context.review = rehearsed(look)
    except frappe.PermissionError:
        raise
    except frappe.ValidationError as error:
        context.refusal = strip_html(str(error))
