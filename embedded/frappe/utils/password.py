"""Passwords: hashed for login, encrypted for fields, both kept aside in `__Auth`."""

import base64
import hashlib
import hmac
import os

import frappe
from frappe import _

_SCRYPT = {"n": 2**14, "r": 8, "p": 1}


def _put(doctype: str, name: str, fieldname: str, value: str, encrypted: int) -> None:
    frappe.db.sql(
        """INSERT INTO `__Auth` (doctype, name, fieldname, password, encrypted) VALUES (%s, %s, %s, %s, %s)
        ON CONFLICT (doctype, name, fieldname) DO UPDATE SET password = excluded.password""",
        (doctype, name, fieldname, value, encrypted),
    )


def _get(doctype: str, name: str, fieldname: str, encrypted: int) -> str | None:
    rows = frappe.db.sql(
        "SELECT password FROM `__Auth` WHERE doctype=%s AND name=%s AND fieldname=%s AND encrypted=%s",
        (doctype, name, fieldname, encrypted),
    )
    return rows[0][0] if rows else None


def set_encrypted_password(doctype: str, name: str, pwd: str, fieldname: str = "password") -> None:
    _put(doctype, name, fieldname, encrypt(pwd), 1)


def remove_encrypted_password(doctype: str, name: str, fieldname: str = "password") -> None:
    frappe.db.sql(
        "DELETE FROM `__Auth` WHERE doctype=%s AND name=%s AND fieldname=%s AND encrypted=1",
        (doctype, name, fieldname),
    )


def get_decrypted_password(
    doctype: str, name: str, fieldname: str = "password", raise_exception: bool = True
):
    """The stored secret. Raises AuthenticationError when there is none (or answers None)."""
    stored = _get(doctype, name, fieldname, 1)
    if stored:
        return decrypt(stored)
    if raise_exception:
        message = _("Password not found for {0} {1} {2}").format(doctype, name, fieldname)
        frappe.throw(message, frappe.AuthenticationError)
    return None


def delete_all_passwords_for(doctype: str, name: str) -> None:
    frappe.db.sql("DELETE FROM `__Auth` WHERE doctype=%s AND name=%s", (doctype, name))


def _fernet():
    from cryptography.fernet import Fernet

    return Fernet(get_encryption_key().encode())


def get_encryption_key() -> str:
    """The site's key, made at its first use and kept in site_config.json."""
    if not frappe.conf.encryption_key:
        from cryptography.fernet import Fernet
        from frappe.installer_config import update_site_config

        update_site_config("encryption_key", Fernet.generate_key().decode())
    return frappe.conf.encryption_key


def encrypt(txt: str, encryption_key: str | None = None) -> str:
    return _fernet().encrypt(txt.encode()).decode()


def decrypt(txt: str, encryption_key: str | None = None, key: str | None = None) -> str:
    return _fernet().decrypt(txt.encode()).decode()


def _hashed(pwd: str, salt: bytes) -> bytes:
    return hashlib.scrypt(pwd.encode(), salt=salt, **_SCRYPT)


def update_password(
    user: str, pwd: str, doctype: str = "User", fieldname: str = "password", **_unused
) -> None:
    """Sets a login password."""
    salt = os.urandom(16)
    text = base64.b64encode(salt).decode() + "$" + base64.b64encode(_hashed(pwd, salt)).decode()
    _put(doctype, user, fieldname, text, 0)


def check_password(user: str, pwd: str, doctype: str = "User", fieldname: str = "password", **_unused) -> str:
    """The user's name. Raises AuthenticationError for a wrong password."""
    stored = _get(doctype, user, fieldname, 0)
    salt, _dollar, wanted = (stored or "$").partition("$")
    given = _hashed(pwd, base64.b64decode(salt))
    if not stored or not hmac.compare_digest(given, base64.b64decode(wanted)):
        raise frappe.AuthenticationError(_("Incorrect User or Password"))
    return user
