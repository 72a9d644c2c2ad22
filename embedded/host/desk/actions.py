"""The buttons of a form: the verbs an app offers, and the ways to pay and to invoice an ERPNext document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec

import frappe
from frappe import _
from frappe.handler import is_valid_http_method
from frappe.utils import today
from markupsafe import Markup

from embedded.host.desk.layout import condition, typed
from embedded.host.desk.render import address


@dataclass
class Action:
    """A button: a function of this module, or a whitelisted method with its arguments and questions."""

    label: str
    run: Callable | None = None
    method: str = ""
    args: dict = field(default_factory=dict)
    questions: list[dict] = field(default_factory=list)
    primary: bool = False
    confirm: str = ""


def available(doc) -> list[Action]:
    """What can be done with this document now: what the apps' `api.actions.of` say, then what ERPNext offers."""
    found = []
    for app in frappe.get_installed_apps():
        if find_spec(app) and find_spec(f"{app}.api") and find_spec(f"{app}.api.actions"):
            offered = frappe.get_attr(f"{app}.api.actions.of")(doc.doctype, doc.name)
            found += [_from_app(each) for each in offered]
    return found + _erp_actions(doc)


def find(doc, label: str) -> Action:
    for action in available(doc):
        if action.label == label:
            return action
    frappe.throw(_("{0} cannot be done now").format(label))


def run(doc, action: Action, form: dict) -> str | None:
    """Do it; returns where the browser goes when that is not back to the document."""
    if action.run is not None:
        return action.run(doc)
    answers = {
        each["fieldname"]: typed(form.get(each["fieldname"], ""), each["type"]) for each in action.questions
    }
    function = frappe.get_attr(action.method)
    frappe.is_whitelisted(function)
    is_valid_http_method(function)
    given = {name: value for name, value in answers.items() if value is not None}
    result = frappe.call(function, **action.args, **given)
    if isinstance(result, dict) and result.get("url"):
        return result["url"]
    _tell(action, result)
    return None


def _from_app(offered: dict) -> Action:
    questions = [
        {
            "fieldname": each["fieldname"],
            "label": each["label"],
            "type": each["fieldtype"],
            "options": each.get("options") or "",
            "value": each.get("default"),
            "reqd": bool(each.get("reqd")),
            "read_only": False,
            "depends_on": condition(each.get("depends_on")),
            "description": each.get("description") or "",
        }
        for each in offered["fields"]
    ]
    return Action(
        offered["label"],
        method=offered["method"],
        args=offered["args"],
        questions=questions,
        primary=offered["primary"],
        confirm=offered["confirm"] or "",
    )


def _tell(action: Action, result) -> None:
    """Say what came of it: the error it met, the documents it made, or that it is done."""
    result = result if isinstance(result, dict) else {}
    if result.get("error"):
        frappe.msgprint(frappe.utils.escape_html(result["error"]), indicator="red")
    elif result.get("documents"):
        link = Markup('<a href="{}">{}</a>')
        made = [
            link.format(address(each["doctype"], each["name"]), each["name"]) for each in result["documents"]
        ]
        frappe.msgprint(_("Made: {0}").format(", ".join(made)), indicator="green")
    elif "documents" in result:
        frappe.msgprint(_("Nothing is due."), indicator="green")
    else:
        frappe.msgprint(_("{0}: done").format(action.label), indicator="green")


def _erp_actions(doc) -> list[Action]:
    """What ERPNext's own forms offer on submitted selling documents."""
    if doc.docstatus != 1:
        return []
    if doc.doctype == "Payment Request":
        open_ = doc.status in ("Requested", "Initiated", "Partially Paid", "Overdue")
        return [Action(_("Create Payment Entry"), run=_pay_request)] if open_ else []
    found = []
    if doc.doctype == "Sales Order" and doc.status not in ("Closed", "On Hold") and doc.per_billed < 100:
        found.append(Action(_("Create Payment Entry"), run=_pay))
        found.append(Action(_("Create Sales Invoice"), run=_invoice))
    if doc.doctype == "Sales Invoice" and doc.outstanding_amount:
        found.append(Action(_("Create Payment Entry"), run=_pay))
    return found


def _pay(doc) -> str:
    make = frappe.get_attr("erpnext.accounts.doctype.payment_entry.payment_entry.get_payment_entry")
    return _as_draft(make(doc.doctype, doc.name))


def _pay_request(doc) -> str:
    return _as_draft(doc.create_payment_entry(submit=False))


def _invoice(doc) -> str:
    make = frappe.get_attr("erpnext.selling.doctype.sales_order.sales_order.make_sales_invoice")
    return _as_draft(make(doc.name))


def _as_draft(doc) -> str:
    """Keep the prepared document as a draft, for a person to look at and submit."""
    if doc.doctype == "Payment Entry" and not doc.reference_no:
        doc.update({"reference_no": doc.references[0].reference_name, "reference_date": today()})
    if doc.is_new():
        doc.insert()
    frappe.msgprint(_("This is a draft: look at it, then submit it."), indicator="orange")
    return address(doc.doctype, doc.name)
