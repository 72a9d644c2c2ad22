"""A plan's page."""

import frappe
from frappe import _

from subscription_plus.sp_billing import publishing
from subscription_plus.website import catalogue, page

no_cache = 1  # prices are the visitor's own


def get_context(context):
    """What the plan holds and costs; not found where it is not published, or not for this person."""
    doc = publishing.find(publishing.PLAN, frappe.form_dict.get("plan_route"))
    page.open_page(context, doc.plan_name, crumbs=[(_("Our plans"), "/plans")])
    context.plan = catalogue.plan(doc)
    context.json_ld = context.plan.json_ld
    context.metatags = catalogue.open_graph(context.plan)
