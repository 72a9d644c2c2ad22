"""Forms: show a document, and do what its buttons say."""

from __future__ import annotations

from urllib.parse import quote

import frappe
from frappe import _
from frappe.utils import cint, get_datetime
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from embedded.host.desk import actions, connections
from embedded.host.desk.layout import condition, layout, read_form
from embedded.host.desk.render import address, keep_messages, pending_messages, render, status_of


def show(request: Request, doctype: str, name: str | None) -> Response:
    """The form of a document, of a new one when `name` is None, or the outcome of a button pressed on it."""
    doc = _document(doctype, name, request)
    if request.method == "POST":
        return _post(request, doc)
    return _draw(doc, status=200, action=request.args.get("action"))


def _document(doctype: str, name: str | None, request: Request):
    if name is None:
        frappe.has_permission(doctype, "create", throw=True)
        if amended := request.values.get("amend"):
            original = frappe.get_doc(doctype, amended)
            original.check_permission("amend")
            doc = frappe.copy_doc(original)
            doc.amended_from = original.name
            return doc
        meta = frappe.get_meta(doctype)
        return frappe.new_doc(
            doctype, **{key: value for key, value in request.args.items() if meta.has_field(key)}
        )
    doc = frappe.get_doc(doctype, name)
    doc.check_permission("read")
    return doc


def _post(request: Request, doc) -> Response:
    """Run one button. An error undoes everything and shows the form again as it was filled in."""
    command, _colon, argument = request.form.get("_do", "save").partition(":")
    try:
        target = _COMMANDS[command](doc, argument, request)
    except (frappe.ValidationError, frappe.PermissionError, frappe.NameError, TypeError) as error:
        frappe.db.rollback()
        return _refused(doc, error, argument if command == "action" else None)
    done = [{"text": _(_DONE[command]), "colour": "green"}] if command in _DONE else []
    keep_messages(pending_messages() or done)
    return redirect(target or address(doc.doctype, doc.name), code=303)


def _refused(doc, error: Exception, action: str | None) -> Response:
    messages = [{**message, "colour": "red"} for message in pending_messages()]
    if not messages:
        messages = [{"text": str(error) or type(error).__name__, "colour": "red"}]
    if not doc.is_new():
        stored = frappe.db.get_value(doc.doctype, doc.name, ["docstatus", "modified"], as_dict=True)
        if stored:
            doc.update(stored)
    status = getattr(error, "http_status_code", 417)
    return _draw(doc, status=status, messages=messages, action=action)


def _fill(doc, request: Request) -> None:
    if doc.is_new() and (name := request.form.get("_name")):
        doc.name = name
    elif seen := request.form.get("_modified"):
        doc.modified = get_datetime(seen)
    read_form(doc, request.form.to_dict(), locked=doc.docstatus != 0)


def _save(doc, _argument: str, request: Request) -> None:
    _fill(doc, request)
    doc.insert() if doc.is_new() else doc.save()


def _submit(doc, _argument: str, request: Request) -> None:
    _fill(doc, request)
    doc.submit()


def _cancel(doc, _argument: str, _request: Request) -> None:
    doc.cancel()


def _delete(doc, _argument: str, _request: Request) -> str:
    frappe.delete_doc(doc.doctype, doc.name)
    return address(doc.doctype)


def _comment(doc, _argument: str, request: Request) -> None:
    if text := request.form.get("comment", "").strip():
        doc.add_comment("Comment", frappe.utils.escape_html(text))


def _action(doc, label: str, request: Request) -> str | None:
    found = actions.find(doc, label)
    if found.questions and "_given" not in request.form:
        return f"{address(doc.doctype, doc.name)}?action={quote(label)}"
    return actions.run(doc, found, request.form.to_dict())


_COMMANDS = {
    "save": _save,
    "submit": _submit,
    "cancel": _cancel,
    "delete": _delete,
    "comment": _comment,
    "action": _action,
}


_DONE = {"save": "Saved", "submit": "Submitted", "cancel": "Cancelled", "delete": "Deleted"}


def _draw(doc, *, status: int, action: str | None = None, messages: list[dict] | None = None) -> Response:
    meta = frappe.get_meta(doc.doctype)
    new = bool(doc.is_new())
    may = {
        right: _may(doc, meta, right, new)
        for right in ("write", "submit", "cancel", "delete", "amend", "create")
    }
    editable = may["create"] if new else may["write"]
    locked = not editable or doc.docstatus != 0
    context = {} if messages is None else {"messages": messages}
    return render(
        "form.html",
        status=status,
        doc=doc,
        meta=meta,
        condition=condition,
        new=new,
        may=may,
        title=_("New {0}").format(_(doc.doctype)) if new else (doc.get_title() or doc.name),
        doc_status=None if new else status_of(doc),
        tabs=layout(doc, locked=locked),
        saves=editable and doc.docstatus < 2 and (not locked or _changes_after_submit(meta, doc)),
        asks_name=new and (meta.autoname or "").lower() == "prompt",
        buttons=[] if new else actions.available(doc),
        asked=actions.find(doc, action) if action else None,
        connections=[] if new else connections.of(doc),
        timeline=[] if new else connections.timeline(doc),
        headline=None if new else _headline(doc),
        **context,
    )


def _headline(doc) -> dict | None:
    """The sentence that the app's controller prepares for a form as it is loaded."""
    doc.run_method("onload")
    return (doc.get("__onload") or {}).get("overview")


def _may(doc, meta, right: str, new: bool) -> bool:
    if right == "create":
        return bool(frappe.has_permission(doc.doctype, "create"))
    allowed_at = {"submit": 0, "cancel": 1, "amend": 2}
    if right in allowed_at:
        if not meta.is_submittable or doc.docstatus != allowed_at[right] or (new and right != "submit"):
            return False
        if right == "amend" and frappe.db.exists(doc.doctype, {"amended_from": doc.name}):
            return False
    if right == "delete" and (new or meta.issingle or cint(doc.docstatus) == 1):
        return False
    return bool(frappe.has_permission(doc.doctype, right, None if new else doc))


def _changes_after_submit(meta, doc) -> bool:
    return doc.docstatus == 1 and any(field.allow_on_submit and not field.read_only for field in meta.fields)
