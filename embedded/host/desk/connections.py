"""What belongs to a document: the documents linked to it, and its timeline."""

from __future__ import annotations

import json

import frappe
from frappe import _
from frappe.model import default_fields
from frappe.utils import cstr, get_fullname
from markupsafe import Markup

from embedded.host.desk.render import address, colour, status_of

# ERPNext's forms know these without the app's help: DocType -> (linked DocType, fieldname on it or on its rows)
ERP_LINKS = {
    "Customer": [
        ("Sales Order", "customer"),
        ("Payment Request", "party"),
        ("Payment Entry", "party"),
        ("Sales Invoice", "customer"),
    ],
    "Sales Order": [
        ("Payment Request", "reference_name"),
        ("Payment Entry", "Payment Entry Reference.reference_name"),
        ("Sales Invoice", "Sales Invoice Item.sales_order"),
    ],
    "Sales Invoice": [
        ("Payment Request", "reference_name"),
        ("Payment Entry", "Payment Entry Reference.reference_name"),
        ("Sales Invoice", "return_against"),
    ],
    "Payment Request": [("Payment Entry", "Payment Entry Reference.payment_request")],
    "Item": [("Item Price", "item_code"), ("Sales Order", "Sales Order Item.item_code")],
}
SHOWN = 12
EVENTS = {"SP Subscription": "SP Subscription Event"}  # shown in the timeline, not among the links


def of(doc) -> list[dict]:
    """Linked documents that the reader may see, by DocType, the newest first."""
    found: dict[str, dict] = {}
    for doctype, fieldname in _links(doc):
        if doctype == EVENTS.get(doc.doctype) or not frappe.has_permission(doctype, "read"):
            continue
        names = _linked(doctype, fieldname, doc.name)
        group = found.setdefault(doctype, {"doctype": doctype, "field": fieldname, "names": []})
        group["names"] += [name for name in names if name not in group["names"]]
    return [_group(group, doc) for group in found.values() if group["names"]]


def timeline(doc) -> list[dict]:
    """Comments, changes, e-mails and the app's own events, the newest first."""
    entries = _comments(doc) + _versions(doc) + _mails(doc) + _events(doc)
    entries.append({"at": doc.creation, "by": get_fullname(doc.owner), "text": _("created this")})
    return sorted(entries, key=lambda entry: cstr(entry["at"]), reverse=True)[:60]


def _links(doc):
    meta = frappe.get_meta(doc.doctype)
    for row in meta.get("links") or []:
        if not row.hidden:
            yield row.link_doctype, row.link_fieldname
    yield from ERP_LINKS.get(doc.doctype, [])
    yield from _dashboard_links(doc)


def _dashboard_links(doc):
    """What apps add to a form's connections by the hook `override_doctype_dashboards`."""
    data: dict = {}
    for hook in frappe.get_hooks("override_doctype_dashboards", {}).get(doc.doctype, []):
        data = frappe.get_attr(hook)(data)
    for group in data.get("transactions", []):
        for doctype in group["items"]:
            inner = data.get("internal_and_external_links", {}).get(doctype)
            if inner and doc.get(inner):
                yield doctype, f"={doc.get(inner)}"
            else:
                named = data.get("non_standard_fieldnames", {}).get(doctype, data["fieldname"])
                yield doctype, named


def _linked(doctype: str, fieldname: str, name: str) -> list[str]:
    if fieldname.startswith("="):  # the document itself names it
        return [fieldname[1:]]
    child, _dot, field = fieldname.rpartition(".")
    if child:
        parents = frappe.get_all(child, filters={field: name, "parenttype": doctype}, pluck="parent")
        filters = {"name": ("in", list(set(parents)) or [""])}
    else:
        if not frappe.get_meta(doctype).has_field(field):
            return []
        filters = {field: name}
    return frappe.get_list(
        doctype, filters=filters, pluck="name", order_by="creation desc", limit_page_length=200
    )


def _group(group: dict, doc) -> dict:
    documents = [frappe.get_doc(group["doctype"], name) for name in group["names"][:SHOWN]]
    field = group["field"]
    direct = "." not in field and not field.startswith("=")
    return {
        **group,
        "count": len(group["names"]),
        "list": address(group["doctype"], **({field: doc.name} if direct else {})),
        "documents": [
            {"name": each.name, "status": status_of(each), "colour": colour(each.doctype, status_of(each))}
            for each in documents
        ],
    }


def _comments(doc) -> list[dict]:
    rows = frappe.get_all(
        "Comment",
        filters={"reference_doctype": doc.doctype, "reference_name": doc.name},
        fields=["creation", "owner", "comment_type", "content"],
    )
    return [
        {
            "at": row.creation,
            "by": get_fullname(row.owner),
            "text": Markup(frappe.utils.sanitize_html(cstr(row.content))),
            "comment": row.comment_type == "Comment",
        }
        for row in rows
    ]


def _versions(doc) -> list[dict]:
    rows = frappe.get_all(
        "Version",
        filters={"ref_doctype": doc.doctype, "docname": cstr(doc.name)},
        fields=["creation", "owner", "data"],
    )
    meta = frappe.get_meta(doc.doctype)
    entries = []
    for row in rows:
        changes = [
            _("{0} from {1} to {2}").format(meta.get_label(field), before or "—", after or "—")
            for field, before, after in json.loads(row.data or "{}").get("changed", [])
            if field not in default_fields and meta.has_field(field)
        ]
        if changes:
            entries.append(
                {
                    "at": row.creation,
                    "by": get_fullname(row.owner),
                    "text": _("changed") + " " + "; ".join(changes),
                }
            )
    return entries


def _mails(doc) -> list[dict]:
    rows = frappe.get_all(
        "Email Queue",
        filters={"reference_doctype": doc.doctype, "reference_name": cstr(doc.name)},
        fields=["name", "creation", "status"],
    )
    text = Markup('<a href="/app/outbox/{}">{}</a>')
    return [
        {"at": row.creation, "by": _("E-mail"), "text": text.format(row.name, _("message to the customer"))}
        for row in rows
    ]


def _events(doc) -> list[dict]:
    """The app's own, append-only record of what happened."""
    if doc.doctype not in EVENTS:
        return []
    rows = frappe.get_all(EVENTS[doc.doctype], filters={"subscription": doc.name}, fields=["*"])
    link = Markup(' <a href="{}">{}</a>')
    return [
        {
            "at": row.at or row.creation,
            "by": get_fullname(row.user or row.owner),
            "text": Markup.escape(" — ".join(filter(None, [_(row.event_type), row.message])))
            + (
                link.format(address(row.document_type, row.document_name), row.document_name)
                if row.document_name
                else ""
            ),
            "event": True,
        }
        for row in rows
    ]
