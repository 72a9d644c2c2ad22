"""Frappe's REST API, version 1: /api/method and /api/resource."""

from __future__ import annotations

import json
from collections.abc import Callable

import frappe
import frappe.client
import frappe.handler
from frappe import _
from frappe.utils.data import sbool
from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule, Submount
from werkzeug.wrappers import Request, Response

from embedded.host.responses import build_response


def handle(request: Request) -> Response:
    """Answer one request below /api/."""
    try:
        endpoint, arguments = ROUTES.bind_to_environ(request.environ).match()
    except NotFound:
        raise frappe.DoesNotExistError from None
    data = endpoint(**arguments)
    if isinstance(data, Response):
        return data
    if data is not None:
        frappe.response["data"] = data
    return build_response()


def call_method(method: str):
    frappe.form_dict.cmd = method.split("/")[0]
    return frappe.handler.handle()


def list_documents(doctype: str) -> list:
    form = frappe.form_dict
    if form.get("fields"):
        form["fields"] = json.loads(form["fields"])
    form["limit_page_length"] = form.get("limit_page_length") or form.get("limit") or 20
    for flag in ("as_dict", "debug"):
        if form.get(flag) is not None:
            form[flag] = sbool(form[flag])
    return frappe.call(frappe.client.get_list, doctype, **form)


def create_document(doctype: str):
    data = _body()
    data.pop("doctype", None)
    return frappe.new_doc(doctype, **data).insert()


def read_document(doctype: str, name: str):
    if "run_method" in frappe.form_dict:
        return run_method(doctype, name)
    doc = frappe.get_doc(doctype, name)
    if not doc.has_permission("read"):
        raise frappe.PermissionError
    doc.apply_fieldlevel_read_permissions()
    return doc


def update_document(doctype: str, name: str):
    data = _body()
    data.pop("flags", None)
    doc = frappe.get_doc(doctype, name, for_update=True)
    doc.update(data)
    doc.save()
    if doc.get("parenttype"):
        frappe.get_doc(doc.parenttype, doc.parent).save()
    return doc


def delete_document(doctype: str, name: str) -> str:
    frappe.delete_doc(doctype, name, ignore_missing=False)
    frappe.response.http_status_code = 202
    return "ok"


def run_method(doctype: str, name: str):
    """A whitelisted method of a document: GET needs the right to read it, POST to write it."""
    method = frappe.form_dict.pop("run_method")
    doc = frappe.get_doc(doctype, name)
    doc.is_whitelisted(method)
    if not doc.has_permission("read" if frappe.request.method == "GET" else "write"):
        frappe.throw(_("Not permitted"), frappe.PermissionError)
    return doc.run_method(method, **frappe.form_dict)


def _body() -> dict:
    data = frappe.form_dict.get("data")
    try:
        return frappe.parse_json(frappe.request.get_data(as_text=True) if data is None else data)
    except ValueError:
        return frappe.form_dict


def _rules() -> list[Rule]:
    def rule(path: str, methods: list[str] | None, endpoint: Callable) -> Rule:
        return Rule(path, methods=methods, endpoint=endpoint)

    return [
        rule("/method/<path:method>", None, call_method),
        rule("/resource/<doctype>", ["GET"], list_documents),
        rule("/resource/<doctype>", ["POST"], create_document),
        rule("/resource/<doctype>/<path:name>/", ["GET"], read_document),
        rule("/resource/<doctype>/<path:name>/", ["PUT"], update_document),
        rule("/resource/<doctype>/<path:name>/", ["DELETE"], delete_document),
        rule("/resource/<doctype>/<path:name>/", ["POST"], run_method),
    ]


ROUTES = Map(
    [Submount("/api", _rules()), Submount("/api/v1", _rules())], strict_slashes=False, merge_slashes=False
)
