"""The catalogue of plans."""

from frappe import _

from subscription_plus.website import catalogue, page

no_cache = 1  # prices are the visitor's own


def get_context(context):
    """What the visitor sees, in the visitor's prices."""
    page.open_page(context, _("Our plans"))
    context.groups = catalogue.plans()
    context.json_ld = catalogue.list_structured(context.title, context.groups)
    context.metatags = {
        "title": context.title,
        "description": _("Choose a plan and subscribe online."),
        "og:type": "website",
    }
