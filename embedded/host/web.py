"""The WSGI application: one request from its opening to its commit or rollback, in Frappe's order."""

from __future__ import annotations

import json

import frappe
import frappe.handler
from frappe import _
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Request, Response
from werkzeug.wsgi import ClosingIterator

from embedded.host import assets, desk, rest, session, website
from embedded.host.responses import as_told, report_error, send_private_file, send_public_file

BIGGEST_BODY = 25 * 1024 * 1024
ERROR_PAGES = {
    401: ("Session Expired", "Your session has expired, please login again to continue."),
    403: ("Not Permitted", "You do not have enough permissions to complete the action"),
    404: ("Not Found", "The resource you are looking for is not available"),
}


class Application:
    """Serves one site. Each thread has its own `frappe.local` and its own connection."""

    def __init__(self, site: str, sites_path: str) -> None:
        self.site = site
        self.sites_path = sites_path

    def __call__(self, environ, start_response):
        answer = Request.application(self.answer)(environ, start_response)
        return ClosingIterator(answer, frappe.destroy)

    def answer(self, request: Request) -> Response:
        """The answer to one request; writes are committed for unsafe methods alone, and only without an error."""
        if request.path.startswith("/assets/"):
            return assets.send(request)
        response, done = None, False
        try:
            self._open(request)
            session.validate_auth()
            response = self._route(request)
            done = True
        except HTTPException as error:
            response = error.get_response(request.environ)
        except Exception as error:
            response = _handle_exception(error)
        finally:
            if getattr(frappe.local, "db", None):
                if done and (request.method in session.UNSAFE_METHODS or frappe.flags.commit):
                    frappe.db.commit()
                else:
                    frappe.db.rollback()
                if done:
                    frappe.local.session_obj.update()
        return _finish(response, request)

    def _open(self, request: Request) -> None:
        frappe.init(site=self.site, sites_path=self.sites_path, force=True)
        frappe.local.request = request
        frappe.local.is_ajax = request.headers.get("X-Requested-With") == "XMLHttpRequest"
        frappe.connect(set_admin_as_user=False)
        request.max_content_length = BIGGEST_BODY
        request.max_form_memory_size = None
        _read_form(request)
        if request.method != "OPTIONS":
            session.open_request()
        for hook in frappe.get_hooks("before_request"):
            frappe.call(hook)

    @staticmethod
    def _route(request: Request) -> Response:
        path = request.path
        if request.method == "OPTIONS":
            return Response()
        if frappe.form_dict.get("cmd"):
            return frappe.handler.handle()
        if path.startswith("/api/"):
            return rest.handle(request)
        if path.startswith("/private/files/"):
            return send_private_file(path)
        if path.startswith("/files/"):
            return send_public_file(path)
        if request.method not in ("GET", "HEAD", "POST"):
            raise NotFound
        if path == "/app" or path.startswith("/app/"):
            return desk.respond(request)
        return website.get_response()


def _read_form(request: Request) -> None:
    body = request.get_data(as_text=True, parse_form_data=False)
    if body and request.is_json:
        arguments = json.loads(body)
    else:
        arguments = {**request.args.to_dict(), **request.form.to_dict()}
    if isinstance(arguments, list):
        arguments = {"data": arguments}
    if not isinstance(arguments, dict):
        frappe.throw(_("Invalid request arguments"))
    frappe.local.form_dict = frappe._dict(arguments)
    frappe.local.form_dict.pop("_", None)


def _handle_exception(error: Exception) -> Response:
    """A JSON error for programs, a page for people, with the status the exception stands for."""
    error = as_told(error)
    status = getattr(error, "http_status_code", 500)
    if getattr(frappe.local, "session", None) is not None and not frappe.session.user:
        frappe.session.user = "Guest"
    if status >= 500 and getattr(frappe.local, "db", None):
        _log(error)
    if type(error) is frappe.AuthenticationError and getattr(frappe.local, "cookie_manager", None):
        session.clear_cookies()
    accepts = frappe.request.headers.get("Accept", "")
    wants_json = frappe.local.is_ajax or "application/json" in accepts
    if (accepts and wants_json) or (
        frappe.request.path.startswith("/api/") and not accepts.startswith("text")
    ):
        return report_error(error, status)
    if status == 429:
        return Response(_("Too Many Requests"), status=429)
    title, text = ERROR_PAGES.get(status, ("Server Error", frappe.utils.escape_html(str(error))))
    frappe.respond_as_web_page(_(title), _(text), http_status_code=status, indicator_color="red")
    return website.get_response("message", status)


def _log(error: Exception) -> None:
    """Keep the trace as an Error Log, which must outlive the rollback of the request."""
    frappe.db.rollback()
    frappe.log_error(title=f"{type(error).__name__}: {error}"[:140])
    frappe.db.commit()


def _finish(response: Response, request: Request) -> Response:
    if getattr(frappe.local, "cookie_manager", None):
        frappe.local.cookie_manager.flush_cookies(response)
    for hook in frappe.get_hooks("after_request"):
        frappe.call(hook, response=response, request=request)
    return response
