"""Translations: the apps' `translations/<language>.csv`, loaded once per process."""

import csv
from contextlib import contextmanager

import frappe


def translate(msg: str, lang: str | None, context: str | None = None) -> str:
    if not msg or not lang or not getattr(frappe.local, "process", None):
        return msg
    messages = _messages(lang)
    return messages.get(f"{msg}:{context}" if context else msg) or messages.get(msg) or msg


def _messages(lang: str) -> dict[str, str]:
    known = frappe.local.process.translations
    if lang not in known:
        known[lang] = get_all_translations(lang)
    return known[lang]


def get_all_translations(lang: str) -> dict[str, str]:
    """The messages of the language, with those of its parent (`fr` for `fr-CA`) underneath."""
    from frappe.doctypes import app_folder

    found: dict[str, str] = {}
    for code in dict.fromkeys([lang.split("-")[0], lang]):
        for app in frappe.get_installed_apps():
            path = app_folder(app) / "translations" / f"{code}.csv"
            if path.exists():
                with path.open(encoding="utf-8", newline="") as file:
                    for row in csv.reader(file):
                        if len(row) >= 2:
                            found[f"{row[0]}:{row[2]}" if len(row) > 2 and row[2] else row[0]] = row[1]
    return found


def get_user_lang(user: str | None = None) -> str:
    user = user or frappe.session.user
    return frappe.db.get_value("User", user, "language") or frappe.get_system_settings("language") or "en"


@contextmanager
def print_language(language: str | None):
    """Writes in another language inside the block."""
    before = frappe.local.lang
    frappe.local.lang = language or before
    try:
        yield
    finally:
        frappe.local.lang = before
