"""A plain desk for the browser: lists, forms, reports, outbox and clock, drawn by the server from DocType meta."""

from __future__ import annotations

from urllib.parse import quote, unquote

import frappe
from frappe import _
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from embedded.host.desk import forms, lists, pages, reports
from embedded.host.desk.render import doctype_of, render
from embedded.host.session import is_system_user


def respond(request: Request) -> Response:
    """Answer a request below /app: people who are not logged in are sent to the login first."""
    if frappe.session.user == "Guest":
        return redirect(f"/login?redirect-to={quote(request.full_path.rstrip('?'), safe='')}", code=301)
    if not is_system_user():
        frappe.throw(_("You are not permitted to access this page."), frappe.PermissionError)
    parts = [unquote(part) for part in request.path.split("/")[2:] if part]
    return _page(request, parts)


def _page(request: Request, parts: list[str]) -> Response:
    fixed = {"outbox": pages.outbox, "clock": pages.clock_page}
    if not parts or parts == ["home"]:
        return pages.home()
    if parts[0] in fixed:
        return fixed[parts[0]](request, *parts[1:])
    if parts[0] == "query-report" and len(parts) == 2:
        return reports.show(request, parts[1])
    doctype = doctype_of(parts[0])
    if doctype is None:
        return render("message.html", status=404, title=_("Not Found"), text=request.path)
    if frappe.get_meta(doctype).issingle:
        return forms.show(request, doctype, doctype)
    if len(parts) == 1 or parts[1:] == ["view", "list"]:
        return lists.show(request, doctype)
    name = "/".join(parts[1:])
    return forms.show(request, doctype, None if name == "new" else name)
