"""Signed tokens: what they allow, for which record and until when stands in them; nothing else can be read from them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time

import frappe
from frappe import _
from frappe.utils.password import get_encryption_key

DAY_SECONDS = 86400
DEFAULT_DAYS = 14


class LinkRefused(frappe.PermissionError):
    """A link that is forged, over, or for something else."""


def sign(purpose: str, name: str, days: int = DEFAULT_DAYS) -> str:
    """A token that allows one purpose for one record, until it is over."""
    payload = _encode(json.dumps([purpose, name, int(time.time()) + days * DAY_SECONDS]).encode())
    return f"{payload}.{signature_of(payload)}"


def read(purpose: str, token: str) -> str:
    """The record a token allows this purpose for; LinkRefused where it does not."""
    payload, _dot, given = (token or "").partition(".")
    if not hmac.compare_digest(given.encode(), signature_of(payload).encode()):
        raise LinkRefused(_("This link is not valid."))
    allowed, name, until = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if allowed != purpose:
        raise LinkRefused(_("This link is not valid."))
    if until < time.time():
        raise LinkRefused(_("This link has expired. Ask for a new one."))
    return name


def signature_of(text: str) -> str:
    """What only this site can sign. A token's text is base64; any other text has a sign that base64 has not."""
    key = hashlib.sha256(b"subscription_plus links " + get_encryption_key().encode()).digest()
    return _encode(hmac.new(key, text.encode(), hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
