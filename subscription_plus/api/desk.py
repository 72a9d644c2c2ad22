"""What the desk's forms and lists ask for beside the verbs: previews as one types, bulk actions, taking over."""

from typing import Literal

import frappe
from frappe import _
from frappe.utils import cint, cstr, strip_html

from subscription_plus.sp_billing import bulk, contracts, importing, invoiced, origins, preview

from .answers import Draft, EarlierSubscriptions, Made, RunState, TakenOver
from .reading import Day, day, json_of
from .reading import names as names_of

Selling = Literal["Quotation", "Sales Order", "Sales Invoice", "POS Invoice"]


@frappe.whitelist(methods=["POST"])
def preview_draft(doc: str | dict, count: int = 6) -> Draft:
    """What a subscription as it stands on the form, saved or not, will bill: {periods, problem}.

    `periods` as preview_periods; `problem` says what is still missing. Nothing is written.
    """
    given = json_of(doc)
    if not isinstance(given, dict) or given.get("doctype") != "SP Subscription":
        frappe.throw(_("Give a subscription."))
    stored = cstr(given.get("name"))
    if stored and not given.get("__islocal") and frappe.db.exists("SP Subscription", stored):
        frappe.get_doc("SP Subscription", stored).check_permission("read")
    else:
        frappe.has_permission("SP Subscription", "create", throw=True)
        given = {**given, "__islocal": 1}
    try:
        return {"periods": preview.of_draft(given, min(max(cint(count), 1), 24)), "problem": None}
    except frappe.ValidationError as error:
        frappe.clear_messages()
        return {"periods": [], "problem": strip_html(cstr(error))}


@frappe.whitelist(methods=["GET", "POST"])
def recurring_items(doctype: Selling, name: str) -> list[dict[str, str]]:
    """[{item, recurrence_period}]: which rows of an order, a quotation or an invoice will make subscriptions."""
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    found = [(row.item_code, origins.recurrence_of(row)) for row in doc.items]
    return [{"item": item, "recurrence_period": recurring[0]} for item, recurring in found if recurring]


@frappe.whitelist(methods=["POST"])
def subscribe_from_invoice(
    doctype: str,
    name: str,
    plan: str | None = None,
    recurrence_period: str | None = None,
    start_date: Day | None = None,
) -> Made:
    """Make subscriptions from a submitted Sales Invoice or POS Invoice, which bills their first period."""
    frappe.has_permission("SP Subscription", "create", throw=True)
    made = invoiced.subscribe(doctype, name, recurrence_period, plan, day(start_date))
    return _made(made)


@frappe.whitelist(methods=["POST"])
def subscribe_from_contract(
    contract: str,
    plan: str,
    company: str | None = None,
    start_date: Day | None = None,
    ends_with_contract: int = 0,
) -> Made:
    """Make a subscription from a contract with a customer; its dates become the commitment."""
    frappe.has_permission("SP Subscription", "create", throw=True)
    made = contracts.subscribe(contract, plan, company, day(start_date), bool(cint(ends_with_contract)))
    return _made([made])


@frappe.whitelist(methods=["POST"])
def link_invoice(
    subscription: str,
    sales_invoice: str | None = None,
    pos_invoice: str | None = None,
    billing_period: str | None = None,
) -> dict[str, str]:
    """Let an existing invoice be the one of a period: the given one, else the oldest that waits, else the next."""
    if bool(sales_invoice) == bool(pos_invoice):
        frappe.throw(_("Choose a sales invoice or an invoice of the point of sale."))
    doctype = "POS Invoice" if pos_invoice else "Sales Invoice"
    period = invoiced.link(subscription, doctype, pos_invoice or sales_invoice, billing_period or None)
    return {"billing_period": period}


@frappe.whitelist(methods=["POST"])
def run_for_many(
    action: str, subscriptions: str | list[str], values: str | dict | None = None
) -> dict[str, str]:
    """Update Now, Pause, Cancel or Change Price over many subscriptions, in the background; the log's name."""
    frappe.has_permission("SP Subscription", "write", throw=True)
    return {"run": bulk.start(action, names_of(subscriptions), json_of(values) or {})}


@frappe.whitelist(methods=["GET", "POST"])
def run_state(run: str) -> RunState:
    """Whether a run that the caller has started is finished, and what came of it."""
    return bulk.state(run)


@frappe.whitelist(methods=["GET", "POST"])
def earlier_subscriptions() -> EarlierSubscriptions:
    """A dry run: the site's native ERPNext or Dokos subscriptions, and what taking each over would make."""
    frappe.has_permission("SP Subscription", "import", throw=True)
    return importing.offer()


@frappe.whitelist(methods=["POST"])
def take_over(names: str | list[str]) -> TakenOver:
    """Take native ERPNext or Dokos subscriptions over; they stop billing, this app goes on at the same date."""
    frappe.has_permission("SP Subscription", "import", throw=True)
    return importing.take_over(names_of(names))


def _made(names: list[str]) -> Made:
    return {"documents": [{"doctype": "SP Subscription", "name": name} for name in names]}
