"""Who is asking, what they may do, and which functions HTTP may call."""

import frappe
from frappe import local
from frappe.dicts import _dict


def set_user(username: str) -> None:
    """Acts as this user from here on."""
    local.session.user = local.session.sid = username
    local.session.data = _dict()
    local.form_dict = _dict()
    local.role_permissions, local.user_roles = {}, {}
    local.documents, local.cache = {}, {}


def get_user():
    from frappe.utils.user import UserPermissions

    return UserPermissions(local.session.user)


def get_roles(username: str | None = None) -> list[str]:
    if not getattr(local, "session", None):
        return ["Guest"]
    return frappe.permissions.get_roles(username)


def has_permission(
    doctype=None,
    ptype: str = "read",
    doc=None,
    user: str | None = None,
    verbose: bool = False,
    throw: bool = False,
    *,
    parent_doctype: str | None = None,
    **_options,
) -> bool:
    """Whether the user may; with `throw`, PermissionError when not."""
    if not doctype and doc is not None and not isinstance(doc, str):
        doctype = doc.doctype
    allowed = frappe.permissions.has_permission(doctype, ptype, doc, user, parent_doctype=parent_doctype)
    if throw and not allowed:
        subject = (
            f"{frappe._(doctype)} {doc if isinstance(doc, str) else doc.name}" if doc else frappe._(doctype)
        )
        frappe.msgprint(
            frappe._("No permission for {0}").format(subject), raise_exception=frappe.PermissionError
        )
    return allowed


def has_website_permission(doc=None, ptype="read", user=None, verbose=False, doctype=None) -> bool:
    """What the apps' `has_website_permission` hooks, or the document's own method, say; without any, no."""
    user = user or frappe.session.user
    if isinstance(doc, str):
        doc = frappe.get_doc(doctype, doc)
    doctype = doctype or doc.doctype
    if doc is not None and doc.flags.ignore_permissions:
        return True
    if doc is not None and hasattr(doc, "has_website_permission"):
        return bool(doc.has_website_permission(ptype, user, verbose=verbose))
    hooks = frappe.get_hooks("has_website_permission", {}).get(doctype, [])
    return bool(hooks) and all(
        frappe.call(method, doc=doc, ptype=ptype, user=user, verbose=verbose) for method in hooks
    )


def only_for(roles, message: bool = False) -> None:
    """Raises PermissionError unless the user has one of the roles (never in tests, as in Frappe)."""
    if local.flags.in_test or local.session.user == "Administrator":
        return
    roles = (roles,) if isinstance(roles, str) else roles
    if set(roles).isdisjoint(frappe.get_roles()):
        if not message:
            raise frappe.PermissionError
        named = ", ".join(frappe.bold(frappe._(role)) for role in roles)
        frappe.throw(
            frappe._("This action is only allowed for {}").format(named),
            frappe.PermissionError,
            frappe._("Not Permitted"),
        )


def whitelist(allow_guest: bool = False, xss_safe: bool = False, methods: list[str] | None = None):
    """Lets HTTP call the function; its annotated arguments are checked and cast."""

    def decorate(function):
        from frappe.utils.typing_validations import validate_argument_types

        checked = validate_argument_types(
            function, lambda: getattr(local, "request", None) or local.flags.in_test
        )
        frappe.whitelisted.append(checked)
        frappe.allowed_http_methods_for_whitelisted_func[checked] = methods or [
            "GET",
            "POST",
            "PUT",
            "DELETE",
        ]
        if allow_guest:
            frappe.guest_methods.append(checked)
        if xss_safe:
            frappe.xss_safe_methods.append(checked)
        return checked

    return decorate


def is_whitelisted(method) -> None:
    """Raises PermissionError when the caller may not call this function over HTTP."""
    is_guest = frappe.session.user == "Guest"
    if method not in frappe.whitelisted or (is_guest and method not in frappe.guest_methods):
        summary = frappe._("You are not permitted to access this resource. Login to access")
        detail = frappe._("Function {0} is not whitelisted.").format(
            frappe.bold(f"{method.__module__}.{method.__name__}")
        )
        message = f"<details><summary>{summary}</summary>{detail}</details>"
        frappe.throw(message, frappe.PermissionError, title=frappe._("Method Not Allowed"))
    if is_guest and method not in frappe.xss_safe_methods:
        for key, value in frappe.form_dict.items():
            if isinstance(value, str):
                frappe.form_dict[key] = frappe.utils.sanitize_html(value)


@whitelist(allow_guest=True)
def ping() -> str:
    return "pong"
