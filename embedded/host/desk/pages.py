"""The desk's own pages: home, the outbox of e-mails, and the clock."""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.utils import cint, flt, get_system_timezone
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from embedded.host import clock, scheduler
from embedded.host.desk.render import address, keep_messages, render

ERP_PAGES = (
    ("Selling", ["Customer", "Quotation", "Sales Order", "Item", "Item Price", "Price List"]),
    (
        "Accounts",
        ["Payment Request", "Payment Entry", "Sales Invoice", "Mode of Payment", "Payment Terms Template"],
    ),
    ("Set-up", ["Company", "User", "Email Template", "System Settings", "Error Log"]),
)
STEPS = {"1 hour": 1, "6 hours": 6, "1 day": 24, "1 week": 7 * 24, "30 days": 30 * 24}


def home() -> Response:
    """Links and numbers of the app's workspaces, then what ERPNext offers here."""
    names = frappe.get_all("Workspace", pluck="name", order_by="sequence_id asc")
    groups, cards = [], []
    for name in names:
        workspace = frappe.get_doc("Workspace", name)
        groups += _links(workspace)
        cards += [_count(row) for row in workspace.shortcuts if row.stats_filter and _readable(row.link_to)]
        cards += [card for row in workspace.number_cards if (card := _number(row.number_card_name))]
    for label, doctypes in ERP_PAGES:
        links = [{"label": _(doctype), "url": address(doctype)} for doctype in doctypes if _readable(doctype)]
        groups.append({"label": _(label), "links": links})
    return render(
        "home.html", title=_("Home"), groups=[group for group in groups if group["links"]], cards=cards
    )


def outbox(request: Request, name: str | None = None) -> Response:
    """The e-mails that would have been sent, and one of them as its reader would see it."""
    frappe.has_permission("Email Queue", "read", throw=True)
    if name:
        return render("mail.html", title=_("E-mail"), mail=_mail(frappe.get_doc("Email Queue", name)))
    names = frappe.get_list("Email Queue", pluck="name", order_by="creation desc", limit_page_length=100)
    mails = [_mail(frappe.get_doc("Email Queue", each)) for each in names]
    return render("outbox.html", title=_("Outbox"), mails=mails)


def clock_page(request: Request) -> Response:
    """The site's time; moving it on runs the hourly jobs of every hour that passes."""
    frappe.only_for("System Manager")
    if request.method == "POST":
        hours = STEPS.get(request.form.get("step", "")) or cint(request.form.get("hours"))
        runs = scheduler.advance(hours)
        clock.save(frappe.get_site_path())
        text = _("{0} hours passed, {1} jobs were run.").format(hours, runs)
        keep_messages([{"text": text, "colour": "green"}])
        return redirect("/app/clock", code=303)
    return render("clock.html", title=_("Clock"), time_zone=get_system_timezone(), steps=list(STEPS))


def _readable(doctype: str) -> bool:
    return bool(frappe.db.exists("DocType", doctype)) and bool(frappe.has_permission(doctype, "read"))


def _links(workspace) -> list[dict]:
    """The workspace's cards of links, and its shortcuts without a number as a first group."""
    groups = [{"label": _(workspace.title or workspace.label or workspace.name), "links": []}]
    rows = [("Shortcut", row) for row in workspace.shortcuts if not row.stats_filter]
    rows += [("Link", row) for row in workspace.links]
    for kind, row in rows:
        if kind == "Link" and row.type == "Card Break":
            groups.append({"label": _(row.label), "links": []})
            continue
        target_type = row.link_type if kind == "Link" else row.type
        if target_type == "Report":
            url = f"/app/query-report/{row.link_to}"
        elif target_type == "DocType" and _readable(row.link_to):
            url = address(row.link_to)
        else:
            continue
        entry = {"label": _(row.label or row.link_to), "url": url}
        if entry not in groups[-1]["links"]:
            groups[-1]["links"].append(entry)
    return groups


def _count(shortcut) -> dict:
    """A shortcut with a filter, as the number of documents that fit; it leads to their list."""
    filters = frappe.parse_json(shortcut.stats_filter)
    count = len(frappe.get_list(shortcut.link_to, filters=filters, limit_page_length=0))
    plain = {name: value for name, value in filters.items() if isinstance(value, str | int)}
    return {"label": _(shortcut.label), "value": count, "url": address(shortcut.link_to, **plain)}


def _number(name: str) -> dict | None:
    """A Number Card: a count or a sum over documents, or what its own method says."""
    if not frappe.db.exists("Number Card", name):
        return None
    card = frappe.get_doc("Number Card", name)
    if card.type == "Custom":
        return _own_number(card) if _readable(card.document_type) else None
    if not _readable(card.document_type):
        return None
    filters = json.loads(card.filters_json or "[]")
    field = card.aggregate_function_based_on or "name"
    rows = frappe.get_list(card.document_type, filters=filters, pluck=field, limit_page_length=0)
    value = len(rows) if card.function == "Count" else flt(sum(flt(row) for row in rows), 2)
    return {"label": _(card.label or name), "value": value, "url": address(card.document_type)}


def _own_number(card) -> dict | None:
    """What a card's own method says, with the report or list it leads to."""
    try:
        found = frappe.call(frappe.get_attr(card.method))
    except frappe.ValidationError:
        frappe.clear_messages()
        return None
    found = found if isinstance(found, dict) else {"value": found}
    kind, *target = found.get("route") or [""]
    url = None
    if kind == "query-report":
        url = f"/app/query-report/{target[0]}"
    elif kind == "List":
        url = address(target[0], **(found.get("route_options") or {}))
    value = found["value"]
    if found.get("fieldtype") == "Currency":
        value = frappe.format_value(value, {"fieldtype": "Currency"})
    return {"label": _(card.label), "value": value, "url": url}


def _mail(queued) -> dict:
    return {
        "name": queued.name,
        "subject": queued.get_message()["Subject"] or queued.name,
        "to": ", ".join(row.recipient for row in queued.recipients),
        "at": queued.creation,
        "status": queued.status,
        "html": queued.html(),
        "about": (queued.reference_doctype, queued.reference_name),
    }
