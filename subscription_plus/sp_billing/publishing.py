"""What stands on the website, at which address, and who may see it: plans, and items that can be booked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_url

PLAN, ITEM = "SP Subscription Plan", "Item"
# Pages of their own below /book.
RESERVED = ("cart",)
EVERYONE, LOGGED_IN, ROLES = "Everyone", "Logged In", "Roles"


@dataclass(frozen=True)
class Kind:
    """Where a DocType keeps what its page needs. `prefix` of its fields; `base`: the folder of its pages."""

    base: str
    title: str
    prefix: str = ""

    def field(self, name: str) -> str:
        return self.prefix + name


KINDS = {PLAN: Kind("plans", "plan_name"), ITEM: Kind("book", "item_name", "sp_")}


def prepare(doc: Document) -> None:
    """Before saving: a published document has a route that no other of its kind has."""
    kind = KINDS[doc.doctype]
    route = slug(doc.get(kind.field("route")) or "")
    if doc.get(kind.field("published")) and not route:
        route = _free_route(doc, slug(doc.get(kind.title) or doc.name) or "page")
    doc.set(kind.field("route"), route or None)
    taken = route and frappe.db.get_value(doc.doctype, _others(doc, route))
    if taken or route in RESERVED:
        frappe.throw(
            _("The route {0} is taken by {1}. Choose another one.").format(route, taken or _("a page"))
        )


def slug(text: str) -> str:
    """Words of a title as they stand in an address: "Espace Été 2" is `espace-ete-2`."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:100]


def _free_route(doc: Document, wanted: str) -> str:
    route, number = wanted, 1
    while route in RESERVED or frappe.db.exists(doc.doctype, _others(doc, route)):
        number += 1
        route = f"{wanted}-{number}"
    return route


def _others(doc: Document, route: str) -> dict:
    return {KINDS[doc.doctype].field("route"): route, "name": ("!=", doc.name or "")}


def publish(doc: Document, visible_to: str | None = None) -> str:
    """Put it on the website; its address. The caller's right to write it is checked by saving."""
    kind = KINDS[doc.doctype]
    if doc.doctype == ITEM and not doc.get("sp_bookable"):
        frappe.throw(_("{0} cannot be booked: make it bookable first.").format(doc.name))
    doc.set(kind.field("published"), 1)
    if visible_to:
        doc.set(kind.field("visible_to"), visible_to)
    doc.save()
    return address(doc)


def unpublish(doc: Document) -> None:
    """Take it off the website; its route is kept for the next time."""
    doc.set(KINDS[doc.doctype].field("published"), 0)
    doc.save()


def address(doc: Document | frappe._dict, doctype: str | None = None) -> str:
    """The whole address of a published page."""
    kind = KINDS[doctype or doc.doctype]
    return get_url(f"/{kind.base}/{doc.get(kind.field('route'))}")


def find(doctype: str, route: str) -> Document:
    """The published document at a route, for the caller to see.

    Errors: PageDoesNotExistError where there is none, or not for this person; PermissionError for guests whom
    logging in would help.
    """
    kind = KINDS[doctype]
    name = route and frappe.db.get_value(
        doctype, {kind.field("route"): route, kind.field("published"): 1, "disabled": 0}
    )
    doc = frappe.get_doc(doctype, name) if name else None
    if doc is None or (doctype == ITEM and not doc.sp_bookable):
        raise frappe.PageDoesNotExistError(_("There is no such page."))
    check_visible(doc)
    return doc


def check_visible(doc: Document) -> None:
    """Refuse a document that this person does not see on the website (see `find`)."""
    kind = KINDS[doc.doctype]
    roles = [row.role for row in doc.get(kind.field("visible_roles")) or []]
    if doc.get(kind.field("published")) and _sees(doc.get(kind.field("visible_to")), roles):
        return
    if doc.get(kind.field("published")) and frappe.session.user == "Guest":
        frappe.throw(_("Please log in to see this page."), frappe.PermissionError)
    raise frappe.PageDoesNotExistError(_("There is no such page."))


def visible(doctype: str, fields: list[str], among: Collection[str] | None = None) -> list[frappe._dict]:
    """What the caller sees of a kind, or of these of them, heaviest first: at most two queries, however many there are."""
    kind = KINDS[doctype]
    shown = {kind.field("published"): 1, "disabled": 0, **({"sp_bookable": 1} if doctype == ITEM else {})}
    if among is not None:
        shown["name"] = ("in", list(among) or [""])
    rows = frappe.get_all(
        doctype,
        filters=shown,
        fields=[*fields, "name", f"{kind.field('visible_to')} as visible_to"],
        order_by=f"{kind.field('website_weight')} desc, {kind.title} asc",
    )
    limited = [row.name for row in rows if row.visible_to == ROLES]
    roles: dict[str, list[str]] = {}
    if limited:
        for row in frappe.get_all(
            "Has Role",
            filters={"parenttype": doctype, "parent": ("in", limited)},
            fields=["parent", "role"],
            parent_doctype=doctype,
        ):
            roles.setdefault(row.parent, []).append(row.role)
    return [row for row in rows if _sees(row.visible_to, roles.get(row.name, []))]


def _sees(visible_to: str | None, roles: list[str]) -> bool:
    if visible_to == LOGGED_IN:
        return frappe.session.user != "Guest"
    if visible_to == ROLES:
        return not set(roles).isdisjoint(frappe.get_roles())
    return True
