"""`frappe.handler`: runs whitelisted functions and document methods for /api/method."""

import os
from contextlib import suppress
from inspect import signature

import frappe
from frappe import _, ping
from werkzeug.wrappers import Response

__all__ = ["execute_cmd", "handle", "ping", "run_doc_method"]


def handle():
    """Run `form_dict.cmd` and put what it returns under `message`."""
    from embedded.host.responses import build_response

    if frappe.form_dict.cmd != "login":
        data = execute_cmd(frappe.form_dict.cmd)
        if isinstance(data, Response):
            return data
        if data is not None:
            frappe.response["message"] = data
    return build_response()


def execute_cmd(cmd: str):
    cmd = frappe.get_hooks("override_whitelisted_methods", {}).get(cmd, [cmd])[-1]
    try:
        method = get_attr(cmd)
    except Exception as error:
        frappe.throw(_("Failed to get method for command {0} with {1}").format(cmd, error))
    if method is not run_doc_method:
        frappe.is_whitelisted(method)
        is_valid_http_method(method)
    return frappe.call(method, **frappe.form_dict)


def get_attr(cmd: str):
    """The function a command names; those of this module may be named without their path."""
    return frappe.get_attr(cmd) if "." in cmd else globals()[cmd]


def is_valid_http_method(method) -> None:
    if frappe.request.method not in frappe.allowed_http_methods_for_whitelisted_func[method]:
        throw_permission_error()


def throw_permission_error():
    frappe.throw(_("Not permitted"), frappe.PermissionError)


def run_doc_method(method, docs=None, dt=None, dn=None, arg=None, args=None):
    """Run a whitelisted method of a stored document (`dt`, `dn`) or of one that is sent along (`docs`)."""
    args = args or arg
    if dt:
        doc = frappe.get_doc(dt, dn or dt)
    else:
        doc = frappe.get_doc(frappe.parse_json(docs))
        doc._original_modified = doc.modified
        doc.check_if_latest()
    if not doc.has_permission("read"):
        throw_permission_error()
    if isinstance(args, str):
        with suppress(ValueError):  # a bare string is the argument itself
            args = frappe.parse_json(args)

    bound = getattr(doc, method)
    function = getattr(bound, "__func__", bound)
    frappe.is_whitelisted(function)
    is_valid_http_method(function)
    names = list(signature(bound).parameters)
    if not names:
        result = doc.run_method(method)
    elif "args" in names or not isinstance(args, dict):
        result = doc.run_method(method, args)
    else:
        result = doc.run_method(method, **args)
    frappe.response.docs.append(doc)
    if result is not None:
        frappe.response["message"] = result


@frappe.whitelist(allow_guest=True)
def logout():
    frappe.local.login_manager.logout()


@frappe.whitelist(allow_guest=True)
def web_logout():
    frappe.local.login_manager.logout()
    frappe.respond_as_web_page(
        _("Logged Out"), _("You have been successfully logged out"), indicator_color="green"
    )


@frappe.whitelist()
def upload_file():
    """Keep the file of a multipart form as a File, for those who may write the document it belongs to."""
    form = frappe.form_dict
    if form.doctype:
        frappe.has_permission(form.doctype, "write", doc=form.docname or None, throw=True)
    sent = frappe.request.files.get("file")
    return frappe.get_doc(
        {
            "doctype": "File",
            "attached_to_doctype": form.doctype,
            "attached_to_name": form.docname,
            "attached_to_field": form.fieldname,
            "folder": form.folder or "Home",
            "file_name": sent.filename if sent else form.file_name,
            "file_url": form.file_url,
            "is_private": frappe.utils.cint(form.is_private),
            "content": sent.stream.read() if sent else None,
        }
    ).save()


@frappe.whitelist(allow_guest=True)
def download_file(file_url: str):
    """Send a file to those who may read its record."""
    name = frappe.db.get_value("File", {"file_url": file_url}, "name")
    if not name:
        raise frappe.PermissionError
    file = frappe.get_doc("File", name)
    file.check_permission("read")
    frappe.response["filename"] = os.path.basename(file_url)
    frappe.response["filecontent"] = file.get_content()
    frappe.response["type"] = "download"
