"""Who may do what: roles on DocTypes, owners, and the apps' `has_permission` hooks."""

from functools import wraps

import frappe
from frappe import _
from frappe.dicts import _dict

rights = (
    "select",
    "read",
    "write",
    "create",
    "delete",
    "submit",
    "cancel",
    "amend",
    "print",
    "email",
    "report",
    "import",
    "export",
    "share",
)
AUTOMATIC_ROLES = ("Guest", "All", "Desk User", "Administrator")


def has_permission(
    doctype,
    ptype="read",
    doc=None,
    user=None,
    raise_exception=True,
    *,
    parent_doctype=None,
    debug=False,
    ignore_share_permissions=False,
) -> bool:
    """Whether the user may do this to the document, or to the DocType at all. Never raises for "no"."""
    user = user or frappe.session.user
    if user == "Administrator":
        return True
    if not isinstance(doctype, str):
        doctype, doc = doctype.doctype, doctype
    meta = frappe.get_meta(doctype)
    if meta.istable:
        return _has_child_permission(doctype, ptype, doc, user, parent_doctype)
    if doc is not None:
        doc = frappe.get_doc(doctype, doc) if isinstance(doc, (str, int)) else doc
        return bool(get_doc_permissions(doc, user, ptype).get(ptype))
    if (ptype == "submit" and not meta.is_submittable) or (ptype == "import" and not meta.allow_import):
        return False
    return bool(get_role_permissions(meta, user).get(ptype))


def _has_child_permission(doctype: str, ptype: str, doc, user: str, parent_doctype: str | None) -> bool:
    """A child row is its parent's."""
    if doc is not None and not isinstance(doc, str):
        parent_doctype = doc.get("parenttype")
        parent = doc.get("parent")
        if parent and frappe.db.exists(parent_doctype, parent):
            return has_permission(parent_doctype, ptype, parent, user)
    if not parent_doctype:
        return False
    if doctype not in {df.options for df in frappe.get_meta(parent_doctype).get_table_fields()}:
        return False
    return has_permission(parent_doctype, ptype, user=user)


def get_doc_permissions(doc, user: str | None = None, ptype: str | None = None) -> _dict:
    """The rights on this document: the roles', what only the owner has, and what the apps' hooks refuse."""
    user = user or frappe.session.user
    meta = frappe.get_meta(doc.doctype)
    if not _controllers_allow(doc, ptype, user):
        return _dict({ptype: 0})
    is_owner = (doc.get("owner") or "").lower() == user.lower()
    permissions = get_role_permissions(meta, user, is_owner).copy()
    if not meta.is_submittable:
        permissions["submit"] = 0
    if not meta.allow_import:
        permissions["import"] = 0
    if permissions.has_if_owner_enabled:
        permissions.update(permissions.if_owner)
    return permissions


def get_role_permissions(
    doctype_meta, user: str | None = None, is_owner: bool | None = None, debug=False
) -> _dict:
    """The rights that the user's roles give on the DocType; those for owners only stand under `if_owner`."""
    meta = frappe.get_meta(doctype_meta) if isinstance(doctype_meta, str) else doctype_meta
    user = user or frappe.session.user
    if user == "Administrator":
        return _dict(dict.fromkeys(rights, 1), if_owner={})
    key = (meta.name, user, bool(is_owner))
    known = frappe.local.role_permissions
    if key not in known:
        known[key] = _evaluate(meta, frappe.get_roles(user), bool(is_owner))
    return known[key]


def _evaluate(meta, roles: list[str], is_owner: bool) -> _dict:
    rows = [row for row in meta.permissions if row.role in roles and not row.permlevel]
    permissions = _dict(if_owner={}, has_if_owner_enabled=any(row.if_owner for row in rows))
    for right in rights:
        given = [row for row in rows if row.get(right)]
        permissions[right] = int(bool(given))
        only_owner = bool(given) and all(row.if_owner for row in given) and right != "create"
        if only_owner:
            permissions.if_owner[right] = int(is_owner)
            # a list of one's own documents is still a list
            permissions[right] = int(right in ("select", "read"))
    return permissions


def _controllers_allow(doc, ptype: str | None, user: str) -> bool:
    hooks = frappe.get_hooks("has_permission", {})
    for method in [*hooks.get(doc.doctype, []), *hooks.get("*", [])][::-1]:
        answer = frappe.call(frappe.get_attr(method), doc=doc, ptype=ptype, user=user, debug=False)
        if answer is not None and not answer:
            return False
    return True


def query_conditions(doctype: str, user: str) -> list[str]:
    """SQL conditions for lists: the owner's own, and what `permission_query_conditions` of the apps say."""
    conditions = []
    permissions = get_role_permissions(doctype, user)
    if "read" in permissions.if_owner and permissions.has_if_owner_enabled:
        conditions.append(f"`tab{doctype}`.`owner` = {frappe.db.escape(user)}")
    hooks = frappe.get_hooks("permission_query_conditions", {})
    for method in hooks.get(doctype, []) + hooks.get("*", []):
        if condition := frappe.call(frappe.get_attr(method), user, doctype=doctype):
            conditions.append(f"({condition})")
    return conditions


def get_roles(user: str | None = None) -> list[str]:
    """The user's roles with those everybody has: All, Guest, and Desk User for those with a desk role."""
    user = user or frappe.session.user
    if user == "Guest":
        return ["Guest"]
    known = frappe.local.user_roles
    if user not in known:
        if user == "Administrator":
            roles = frappe.get_all("Role", pluck="name", order_by=None)
        else:
            rows = "SELECT role FROM `tabHas Role` WHERE parent = %s AND parenttype = 'User'"
            roles = frappe.db.sql(rows, (user,), pluck=True)
            system_user = frappe.db.get_value("User", user, "user_type", cache=True) == "System User"
            roles += ["Desk User"] if system_user else []
        known[user] = list(dict.fromkeys([*roles, "All", "Guest"]))
    return list(known[user])


def check_doctype_permission(doctype: str, ptype: str = "read") -> None:
    """Raises PermissionError with a message when the user has no such right on the DocType."""
    if not has_permission(doctype, ptype):
        message = _("User {0} does not have doctype access via role permission for document {1}")
        message = message.format(frappe.bold(frappe.session.user), frappe.bold(_(doctype)))
        frappe.throw(message, frappe.PermissionError)


def handle_does_not_exist_error(function):
    """For functions that answer an exception: "not found" becomes "not permitted" for who may not read the DocType."""

    @wraps(function)
    def wrapper(error, *args, **kwargs):
        if isinstance(error, frappe.DoesNotExistError) and getattr(error, "doctype", None):
            try:
                check_doctype_permission(error.doctype)
            except frappe.PermissionError as refusal:
                error = refusal
        return function(error, *args, **kwargs)

    return wrapper


def add_permission(doctype: str, role: str, permlevel: int = 0, ptype: str | None = None) -> None:
    """Gives a role a right on a DocType, in the DocType's own permissions."""
    found = frappe.db.exists("DocPerm", {"parent": doctype, "role": role, "permlevel": permlevel})
    if not found:
        row = {"doctype": "DocPerm", "parent": doctype, "parenttype": "DocType", "parentfield": "permissions"}
        found = frappe.get_doc({**row, "role": role, "permlevel": permlevel})
        found.db_insert()
        found = found.name
    frappe.db.set_value("DocPerm", found, ptype or "read", 1)
    frappe.clear_cache(doctype=doctype)


def update_permission_property(
    doctype: str, role: str, permlevel: int, ptype: str, value=None, **_unused
) -> None:
    filters = {"parent": doctype, "role": role, "permlevel": permlevel}
    frappe.db.set_value("DocPerm", filters, ptype, value)
    frappe.clear_cache(doctype=doctype)
