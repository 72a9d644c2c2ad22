"""Who is asking: cookie sessions, login and logout, API keys and the CSRF token, as Frappe keeps them."""

from __future__ import annotations

import base64
import binascii
import json
from urllib.parse import quote, unquote

import frappe
from frappe import _
from frappe.utils import add_to_date, cint, cstr, get_datetime, now, now_datetime

UNSAFE_METHODS = frozenset(("POST", "PUT", "DELETE", "PATCH"))
LONGEST_PASSWORD = 512
SESSION_HOURS = 240
REFRESH_AFTER_SECONDS = 600
SESSION_COOKIES = ("full_name", "user_id", "sid", "user_image", "system_user")


class Session:
    """The session of one request; `data` is what `frappe.session` shows."""

    def __init__(self, user: str | None = None, *, resume: bool = False) -> None:
        self.user = user
        self.sid = cstr(frappe.form_dict.get("sid") or unquote(frappe.request.cookies.get("sid", "Guest")))
        self.data = frappe._dict(data=frappe._dict())
        frappe.local.session = self.data
        if resume:
            self._resume()
        else:
            self._start()

    def update(self, force: bool = False) -> bool:
        """Note in the table that the session is alive, not more often than needed; True when it was written."""
        if self.data.user == "Guest":
            return False
        seen = get_datetime(self.data.data.last_updated) if self.data.data.last_updated else None
        if not force and seen and (now_datetime() - seen).total_seconds() < REFRESH_AFTER_SECONDS:
            return False
        self.data.data.last_updated = now()
        frappe.db.sql(
            "update `tabSessions` set sessiondata = %s, lastupdate = %s where sid = %s",
            (json.dumps(self.data.data), now(), self.sid),
        )
        frappe.db.commit()
        return True

    def _start(self) -> None:
        if not frappe.db.get_value("User", self.user, "enabled"):
            frappe.throw(_("User {0} is disabled. Please contact your System Manager.").format(self.user))
        guest = self.user == "Guest"
        self.sid = "Guest" if guest else frappe.generate_hash()
        self.data.update(user=self.user, sid=self.sid)
        self.data.data.update(user=self.user, session_ip=frappe.local.request_ip)
        if guest:
            return
        self.data.data.update(creation=now(), last_updated=now())
        frappe.db.sql(
            "insert into `tabSessions` (sid, user, sessiondata, lastupdate, status) values (%s, %s, %s, %s, 'Active')",
            (self.sid, self.user, json.dumps(self.data.data), now()),
        )
        frappe.db.set_value("User", self.user, "last_login", now(), update_modified=False)
        frappe.db.commit()

    def _resume(self) -> None:
        found = self._stored()
        if not found:
            if self.sid != "Guest":
                frappe.response["session_expired"] = 1
                clear_cookies()
            self.user = "Guest"
            self._start()
            return
        self.user, data = found
        self.data.update(user=self.user, sid=self.sid, data=data)
        if not frappe.db.get_value("User", self.user, "enabled"):
            frappe.throw(_("User {0} is disabled. Please contact your System Manager.").format(self.user))

    def _stored(self) -> tuple[str, frappe._dict] | None:
        if self.sid == "Guest":
            return None
        rows = frappe.db.sql(
            "select user, sessiondata from `tabSessions` where sid = %s and lastupdate > %s",
            (self.sid, add_to_date(now(), hours=-SESSION_HOURS, as_string=True)),
        )
        return (rows[0][0], frappe._dict(json.loads(rows[0][1]))) if rows else None


class LoginManager:
    """Logs in, resumes and logs out; `frappe.local.login_manager` in a request."""

    def __init__(self) -> None:
        self.user: str | None = None
        if frappe.form_dict.get("cmd") == "login" or frappe.request.path in (
            "/api/method/login",
            "/api/v1/method/login",
        ):
            self.authenticate(frappe.form_dict.get("usr"), frappe.form_dict.get("pwd"))
            frappe.form_dict.pop("pwd", None)
            self.login_as(self.user)
        else:
            self._open(resume=True)

    def authenticate(self, user: str | None = None, pwd: str | None = None) -> None:
        """Find the user by name, e-mail or username and check the password; 401 otherwise."""
        if not (user and pwd):
            self.fail(_("Incomplete login details"))
        if len(pwd) > LONGEST_PASSWORD:
            self.fail(_("Password size exceeded the maximum allowed size"))
        name = next(
            (
                found
                for field in ("name", "email", "username")
                if (found := frappe.db.get_value("User", {field: user}, "name"))
            ),
            None,
        )
        if not name:
            self.fail("Invalid login credentials")
        try:
            from frappe.utils.password import check_password

            check_password(name, pwd)
        except frappe.AuthenticationError:
            self.fail("Invalid login credentials")
        if name != "Administrator" and not frappe.db.get_value("User", name, "enabled"):
            self.fail("User disabled or missing")
        self.user = name

    def fail(self, message: str) -> None:
        frappe.local.response["message"] = message
        raise frappe.AuthenticationError

    def login_as(self, user: str) -> None:
        self.user = user
        self._run("on_login")
        self._begin()

    def _begin(self) -> None:
        self._open(resume=False)
        self._run("on_session_creation")

    def _run(self, event: str) -> None:
        for method in frappe.get_hooks(event):
            frappe.call(frappe.get_attr(method), login_manager=self)

    def logout(self) -> None:
        frappe.db.delete("Sessions", {"sid": frappe.session.sid})
        frappe.db.commit()
        clear_cookies()
        self.user = "Guest"
        self._begin()

    def _open(self, resume: bool) -> None:
        frappe.local.session_obj = Session(self.user, resume=resume)
        frappe.local.session = frappe.local.session_obj.data
        self.user = frappe.local.session_obj.user
        frappe.local.lang = (
            frappe.db.get_value("User", self.user, "language")
            or frappe.db.get_single_value("System Settings", "language")
            or "en"
        )
        self._tell_browser(resume)

    def _tell_browser(self, resume: bool) -> None:
        cookies = frappe.local.cookie_manager
        cookies.init_cookies()
        info = frappe.db.get_value(
            "User", self.user, ["user_type", "first_name", "last_name", "user_image"], as_dict=True
        )
        full_name = " ".join(filter(None, [info.first_name, info.last_name]))
        website_user = info.user_type == "Website User"
        cookies.set_cookie("system_user", "no" if website_user else "yes")
        cookies.set_cookie("full_name", full_name)
        cookies.set_cookie("user_id", self.user)
        cookies.set_cookie("user_image", info.user_image or "")
        if not resume:
            frappe.response["message"] = "No App" if website_user else "Logged In"
            frappe.response["home_page"] = "/me" if website_user else "/app"
            frappe.response["full_name"] = full_name


class CookieManager:
    """Cookies to set and to delete with the answer."""

    def __init__(self) -> None:
        self.cookies: dict[str, dict] = {}
        self.to_delete: set[str] = set()

    def init_cookies(self) -> None:
        if frappe.session.get("sid"):
            self.set_cookie("sid", frappe.session.sid, max_age=SESSION_HOURS * 3600, httponly=True)

    def set_cookie(self, key: str, value: str, *, max_age: int | None = None, httponly: bool = False) -> None:
        self.cookies[key] = {"value": value, "max_age": max_age, "httponly": httponly}

    def delete_cookie(self, names) -> None:
        self.to_delete.update([names] if isinstance(names, str) else names)

    def flush_cookies(self, response) -> None:
        for key, cookie in self.cookies.items():
            response.set_cookie(
                key,
                quote(cookie["value"] or ""),
                max_age=cookie["max_age"],
                httponly=cookie["httponly"],
                secure=frappe.request.scheme == "https",
                samesite="Lax",
            )
        for key in self.to_delete:
            response.delete_cookie(key)


def clear_cookies() -> None:
    frappe.local.session.sid = ""
    frappe.local.cookie_manager.delete_cookie(SESSION_COOKIES)


def open_request() -> None:
    """Give the request its address, its cookies, its session, and check the CSRF token."""
    forwarded = frappe.get_request_header("X-Forwarded-For")
    frappe.local.request_ip = (
        forwarded.split(",", 1)[0].strip() if forwarded else frappe.request.remote_addr or "127.0.0.1"
    )
    frappe.local.cookie_manager = CookieManager()
    frappe.local.login_manager = LoginManager()
    check_csrf_token()


def check_csrf_token() -> None:
    """A session that was once given a token must show it with every unsafe request."""
    expected = frappe.session.data.get("csrf_token")
    if frappe.request.method not in UNSAFE_METHODS or not expected or frappe.conf.get("ignore_csrf"):
        return
    given = frappe.get_request_header("X-Frappe-CSRF-Token") or frappe.form_dict.pop("csrf_token", None)
    if given != expected:
        frappe.flags.disable_traceback = True
        frappe.throw(_("Invalid Request"), frappe.CSRFTokenError)


def get_csrf_token() -> str:
    """The session's token, made when it is first asked for."""
    if not frappe.session.data.get("csrf_token"):
        frappe.session.data.csrf_token = frappe.generate_hash()
        frappe.local.session_obj.update(force=True)
    return frappe.session.data.csrf_token


def validate_auth() -> None:
    """Take the user from the Authorization header (`token key:secret` or Basic); a wrong one is a 401."""
    kind, _space, credentials = (frappe.get_request_header("Authorization") or "").partition(" ")
    given = bool(credentials)
    if given:
        if kind.lower() == "basic":
            try:
                credentials = base64.b64decode(credentials).decode()
            except (binascii.Error, UnicodeDecodeError):
                frappe.throw(
                    _("Failed to decode token, please provide a valid base64-encoded token."),
                    frappe.InvalidAuthorizationToken,
                )
        if kind.lower() in ("basic", "token") and credentials.count(":") == 1:
            _use_api_key(*credentials.split(":"))
    for hook in frappe.get_hooks("auth_hooks"):
        frappe.get_attr(hook)()
    if given and frappe.session.user in ("", "Guest"):
        raise frappe.AuthenticationError


def _use_api_key(key: str, secret: str) -> None:
    from frappe.utils.password import get_decrypted_password

    user = key and frappe.db.get_value("User", {"api_key": key, "enabled": 1}, "name")
    stored = user and get_decrypted_password("User", user, "api_secret", raise_exception=False)
    if not secret or not stored or stored != secret:
        raise frappe.AuthenticationError
    if frappe.session.user in ("", "Guest"):
        form_dict = frappe.local.form_dict
        frappe.set_user(user)
        frappe.local.form_dict = form_dict


def is_system_user(user: str | None = None) -> bool:
    """Whether the user may see the desk."""
    return cint(frappe.db.get_value("User", user or frappe.session.user, "user_type") == "System User") == 1
