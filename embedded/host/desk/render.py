"""Draws the desk's templates, and knows the addresses of lists and forms."""

from __future__ import annotations

import datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import frappe
import jinja2
from frappe import _
from frappe.utils import cint, cstr, flt, fmt_money, format_datetime, formatdate
from markupsafe import Markup
from werkzeug.wrappers import Response

from embedded.host import clock, session

COLOURS = {
    "green": "active completed paid sent enabled confirmed done success up_to_date delivered trial",
    "red": "cancelled past_due unpaid failed error overdue expired disabled closed lost parked",
    "orange": "draft paused awaiting_payment partially_paid partly_paid to_order not_sent on_hold"
    " to_deliver_and_bill to_bill to_deliver pending open",
    "blue": "submitted requested scheduled payment_processing initiated sending ordered",
}
_BY_STATUS = {status: colour for colour, names in COLOURS.items() for status in names.split()}
DOCSTATUS = {0: "Draft", 1: "Submitted", 2: "Cancelled"}


def render(template: str, *, status: int = 200, **context) -> Response:
    """A page of the desk. Messages kept by the request before are shown once."""
    page = _environment().get_template(template)
    context.setdefault("messages", take_messages())
    html = page.render(
        csrf_token=session.get_csrf_token(),
        user=frappe.session.user,
        lang=frappe.local.lang,
        site_time=format_datetime(frappe.utils.now_datetime()),
        clock_moved=clock.is_moved(),
        **context,
    )
    return Response(html, status=status, mimetype="text/html", headers={"Cache-Control": "no-store"})


def slug(doctype: str) -> str:
    return doctype.lower().replace(" ", "-")


def doctype_of(name: str) -> str | None:
    """The DocType an address means: `sales-order`, or `Sales Order` itself."""
    wanted = name.lower().replace(" ", "-")
    return next(
        (doctype for doctype in frappe.get_all("DocType", pluck="name") if slug(doctype) == wanted), None
    )


def address(doctype: str, name: str | None = None, **arguments) -> str:
    path = f"/app/{quote(slug(doctype))}" + (f"/{quote(cstr(name))}" if name else "")
    return path + (f"?{urlencode(arguments)}" if arguments else "")


def colour(doctype: str, status: str | None) -> str:
    """The colour of a status: as the DocType's states say, else by the word."""
    for state in frappe.get_meta(doctype).get("states") or []:
        if state.title == status:
            return (state.color or "gray").lower()
    return _BY_STATUS.get(frappe.scrub(status or ""), "gray")


def status_of(doc) -> str | None:
    """What a document is best labelled with: its status, else draft/submitted/cancelled, else enabled or not."""
    if doc.get("status"):
        return doc.get("status")
    meta = frappe.get_meta(doc.doctype)
    if meta.is_submittable:
        return DOCSTATUS[cint(doc.docstatus)]
    if meta.has_field("disabled"):
        return "Disabled" if doc.get("disabled") else "Enabled"
    return None


def shown(value, field, doc=None) -> str | Markup:
    """A value as people read it; links lead to what they name."""
    if value is None or value == "":
        return ""
    kind = field.get("fieldtype")
    if kind == "Check":
        return "✓" if cint(value) else ""
    if kind == "Date" or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime)):
        return formatdate(value)
    if kind == "Datetime" or isinstance(value, datetime.datetime):
        return format_datetime(value)
    if kind == "Time":
        return cstr(value).split(".")[0]
    if kind == "Currency":
        return fmt_money(flt(value), currency=_currency(field, doc))
    if kind == "Percent":
        return f"{flt(value, 2):g} %"
    if kind == "Float":
        return f"{flt(value, 6):g}"
    if kind in ("Link", "Dynamic Link"):
        target = field.get("options") if kind == "Link" else (doc or {}).get(field.get("options"))
        if target:
            return Markup('<a href="{}">{}</a>').format(address(target, value), value)
    if kind in ("Text Editor", "HTML Editor"):
        return Markup(frappe.utils.sanitize_html(cstr(value)))
    if kind == "Password":
        return "••••••"
    if kind == "Select":
        doctype = field.get("parent") if field.get("fieldname", "").endswith("status") else None
        pill = Markup('<span class="pill {}">{}</span>')
        text = _(value, context=field.get("parent"))
        return pill.format(colour(doctype, value), text) if doctype else text
    return cstr(value)


def keep_messages(messages: list[dict]) -> None:
    """Show these messages on the next page this session opens."""
    frappe.cache.hset("desk_messages", frappe.session.sid, messages)


def take_messages() -> list[dict]:
    kept = frappe.cache.hget("desk_messages", frappe.session.sid) or []
    if kept:
        frappe.cache.hdel("desk_messages", frappe.session.sid)
    return kept + pending_messages()


def pending_messages() -> list[dict]:
    """What msgprint and throw said in this request."""
    told = [
        {
            "text": Markup(frappe.utils.sanitize_html(cstr(entry.get("message")))),
            "colour": entry.get("indicator") or "blue",
        }
        for entry in frappe.local.message_log
    ]
    frappe.local.message_log = []
    return told


def _currency(field, doc) -> str | None:
    """A currency field's options name the field that holds the currency, here or on a linked document."""
    option = field.get("options")
    if doc is None or not option:
        return (doc or {}).get("currency")
    link, _colon, path = option.partition(":")
    if not path:
        return doc.get(option) or doc.get("currency")
    _doctype, source, target = [link, *path.split(":")]
    return frappe.db.get_value(link, doc.get(source), target) if doc.get(source) else None


def _environment() -> jinja2.Environment:
    if not _CACHE:
        loader = jinja2.FileSystemLoader(Path(__file__).parent / "templates")
        made = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        made.globals.update(_=_, address=address, colour=colour, shown=shown, slug=slug, status_of=status_of)
        _CACHE.append(made)
    return _CACHE[0]


_CACHE: list[jinja2.Environment] = []
