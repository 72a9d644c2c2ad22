"""Answers in Frappe's shapes: JSON with messages and errors, files, pages and redirects."""

from __future__ import annotations

import datetime
import decimal
import json
import mimetypes
import traceback
import uuid
from collections.abc import Iterable
from pathlib import Path

import frappe
import werkzeug.utils
from frappe import _
from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Response

SHOWN_AS_DOWNLOAD = {".svg", ".html", ".htm", ".xml"}


def build_response(kind: str = "json") -> Response:
    """Turn `frappe.response` into an HTTP answer; its `type` decides, else `kind`."""
    builders = {
        "json": as_json,
        "csv": as_csv,
        "txt": as_txt,
        "download": as_download,
        "binary": as_binary,
        "pdf": as_pdf,
        "page": as_page,
        "redirect": as_redirect,
    }
    chosen = frappe.local.response.get("type") or kind
    if chosen not in builders:
        raise ValueError(f"The embedded host has no answer of type {chosen!r}.")
    if not frappe.local.response.get("docs"):
        frappe.local.response.pop("docs", None)
    return builders[chosen]()


def as_json() -> Response:
    _add_messages()
    answer = frappe.local.response
    status = answer.pop("http_status_code", None) or 200
    body = json.dumps(answer, default=to_json, separators=(",", ":"))
    return Response(body, status=status, mimetype="application/json")


def as_csv() -> Response:
    return _file(frappe.response["result"], "text/csv", f"{frappe.response['doctype']}.csv")


def as_txt() -> Response:
    return _file(frappe.response["result"], "text", f"{frappe.response['doctype']}.txt")


def as_download() -> Response:
    name = frappe.response["filename"]
    mimetype = frappe.response.get("content_type") or mimetypes.guess_type(name)[0] or "application/unknown"
    return _file(
        frappe.response["filecontent"],
        mimetype,
        name,
        frappe.response.get("display_content_as", "attachment"),
    )


def as_binary() -> Response:
    return _file(frappe.response["filecontent"], "application/octet-stream", frappe.response["filename"])


def as_pdf() -> Response:
    return _file(frappe.response["filecontent"], "application/pdf", frappe.response["filename"], "inline")


def as_page() -> Response:
    from embedded.host.website import get_response

    return get_response(frappe.response["route"], frappe.response.get("http_status_code"))


def as_redirect() -> Response:
    return werkzeug.utils.redirect(frappe.response["location"])


def as_told(error: Exception) -> Exception:
    """Who may not read a DocType is not told either whether a document of it exists."""
    doctype = getattr(error, "doctype", None)
    if (
        not isinstance(error, frappe.DoesNotExistError)
        or not doctype
        or not frappe.db.exists("DocType", doctype)
    ):
        return error
    return error if frappe.has_permission(doctype, "read") else frappe.PermissionError(str(error))


def report_error(error: Exception, status: int) -> Response:
    """An error as Frappe's API v1 tells it: its type, the last line, the messages, the trace."""
    if _may_show_trace() and status != 404:
        lines = "".join(traceback.format_exception(error))
        frappe.errprint(lines)
        frappe.response["exception"] = lines.splitlines()[-1]
    frappe.response["exc_type"] = type(error).__name__
    frappe.local.response.pop("http_status_code", None)
    response = build_response()
    response.status_code = status
    return response


def send_private_file(path: str) -> Response:
    """A file below /private/files, for those who may read its File record."""
    name = frappe.session.user != "Guest" and frappe.db.get_value("File", {"file_url": path}, "name")
    if not name or not frappe.get_doc("File", name).has_permission("read"):
        raise Forbidden(_("You don't have permission to access this file"))
    return _send(path.lstrip("/"), private=True)


def send_public_file(path: str) -> Response:
    return _send(f"public/{path.lstrip('/')}", private=False)


def _send(relative: str, private: bool) -> Response:
    root = Path(frappe.get_site_path("private" if private else "public")).resolve()
    target = Path(frappe.get_site_path(relative)).resolve()
    if not target.is_relative_to(root) or not target.is_file():
        raise NotFound
    risky = target.suffix.lower() in SHOWN_AS_DOWNLOAD
    return werkzeug.utils.send_file(
        target,
        environ=frappe.request.environ,
        conditional=True,
        as_attachment=risky,
        download_name=target.name if risky else None,
    )


def to_json(value):
    """What json.dumps cannot write, as Frappe writes it."""
    if isinstance(value, datetime.date | datetime.time):
        return str(value)
    if isinstance(value, datetime.timedelta):
        return _clock_time(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, frappe.model.document.BaseDocument):
        return value.as_dict(no_nulls=True)
    if isinstance(value, uuid.UUID | Path):
        return str(value)
    if isinstance(value, Iterable):
        return list(value)
    if isinstance(value, type | Exception) or callable(value):
        return repr(value)
    raise TypeError(f"Object of type {type(value)} with value of {value!r} is not JSON serializable")


def _clock_time(value: datetime.timedelta) -> str:
    """A Time field as it comes from the database: `9:05:00`."""
    minutes, seconds = divmod(value.total_seconds(), 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02}:{seconds:02g}" if seconds % 1 else f"{hours}:{minutes:02}:{int(seconds):02}"


def _file(content, mimetype: str, name: str, disposition: str = "attachment") -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers.add("Content-Disposition", disposition, filename=name)
    return response


def _add_messages() -> None:
    answer = frappe.local.response
    if frappe.local.error_log and _may_show_trace():
        answer["exc"] = json.dumps([str(entry["exc"]) for entry in frappe.local.error_log])
    if frappe.local.message_log:
        answer["_server_messages"] = json.dumps(
            [json.dumps(message, default=to_json) for message in frappe.local.message_log]
        )


def _may_show_trace() -> bool:
    return bool(frappe.get_system_settings("allow_error_traceback")) and not frappe.flags.disable_traceback
