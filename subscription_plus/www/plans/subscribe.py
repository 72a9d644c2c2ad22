"""Subscribing to a plan, step by step: a page for each step, its answers in the address."""

import frappe
from frappe import _
from frappe.utils import add_years, cint, get_fullname, nowdate, strip_html

from subscription_plus.erp import customers
from subscription_plus.sp_billing import publishing
from subscription_plus.sp_billing import subscribing as verb
from subscription_plus.website import caller, catalogue, offers_seen, page, subscribing

no_cache = 1


def get_context(context):
    """The step that can be answered next, or the earlier one asked for."""
    route = frappe.form_dict.get("plan_route")
    doc = publishing.find(publishing.PLAN, route)
    page.open_page(
        context,
        _("Subscribe to {0}").format(doc.plan_name),
        crumbs=[(_("Our plans"), "/plans"), (doc.plan_name, f"/plans/{route}")],
    )
    context.plan = catalogue.plan(doc)
    context.plan_route = route
    answers = {key: (frappe.form_dict.get(key) or "").strip() for key in subscribing.ANSWERS}
    answers["quantity"] = str(max(cint(answers["quantity"]), 1))
    context.answers = answers
    context.step = subscribing.step_for(frappe.form_dict.get("step") or "", answers)
    context.step_titles = subscribing.titles()
    context.links = {key: subscribing.address_of(route, key, answers) for key, _title in context.step_titles}
    context.metatags = {"robots": "noindex", "title": context.title}
    _STEPS[context.step](context, doc)


def _options(context, doc):
    context.first_day, context.last_day = nowdate(), str(add_years(nowdate(), 1))


def _account(context, doc):
    context.login = caller.login_address(context.links[subscribing.DETAILS])


def _details(context, doc):
    own = caller.customers()
    address = customers.billing_address(own[0]) if own else None
    context.customer = own[0] if own else None
    context.customer_name = own[0] if own else get_fullname(frappe.session.user)
    context.address = {key: address.get(key) if address else "" for key in subscribing.ADDRESS}
    context.countries = [(name, _(name)) for name in frappe.get_all("Country", pluck="name", order_by="name")]
    home = frappe.get_cached_value("Company", verb.company_of(doc), "country")
    context.address["country"] = context.address["country"] or home


def _payment(context, doc):
    context.methods = subscribing.methods(doc, subscribing.ready_customer())


def _review(context, doc):
    customer = subscribing.ready_customer()
    try:
        choice = subscribing.choice_of(doc, customer, context.answers)
        context.periods = verb.review(choice)
    except frappe.ValidationError as error:
        # A wish that cannot be: back to the step before, with what was typed and why it cannot.
        frappe.clear_messages()
        context.flash = frappe._dict(text=strip_html(str(error)), kind="danger", values={})
        context.step = subscribing.PAYMENT
        _payment(context, doc)
        return
    context.first = frappe._dict(context.periods[0])
    context.due_now = str(context.first.billing_date) <= nowdate()
    context.seen = offers_seen.digest(context.periods)
    context.token = subscribing.new_token()
    labels = {value: label for value, label, _help in subscribing.methods(doc, customer)}
    context.method_label = labels[context.answers["method"]]
    context.bill_to = _bill_to(customer)


def _bill_to(customer):
    address = customers.billing_address(customer)
    name = frappe.db.get_value("Customer", customer, "customer_name")
    town = " ".join(filter(None, (address.pincode, address.city)))
    return [
        line
        for line in (name, address.address_line1, address.address_line2, town, _(address.country))
        if line
    ]


_STEPS = {
    subscribing.OPTIONS: _options,
    subscribing.ACCOUNT: _account,
    subscribing.DETAILS: _details,
    subscribing.PAYMENT: _payment,
    subscribing.REVIEW: _review,
}
