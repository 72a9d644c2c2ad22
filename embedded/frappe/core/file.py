"""A file in the site's folder, attached to a document."""

import hashlib
import os

import frappe
from frappe import _
from frappe.model.document import Document


class File(Document):
    def before_insert(self) -> None:
        """Writes `content` to disk and sets the URL it can be read at."""
        content = self.__dict__.pop("content", None)
        if content is None:
            return
        data = content.encode() if isinstance(content, str) else content
        self.content_hash, self.file_size = hashlib.md5(data).hexdigest(), len(data)
        stem, extension = os.path.splitext(os.path.basename(self.file_name or "file"))
        self.file_name = f"{stem}{extension}"
        if os.path.exists(self._path(self.file_name)):
            self.file_name = f"{stem}{self.content_hash[-6:]}{extension}"
        self.file_url = f"{'/private' if self.is_private else ''}/files/{self.file_name}"
        with open(self._path(self.file_name), "wb") as file:
            file.write(data)

    def _path(self, name: str) -> str:
        return frappe.utils.get_files_path(name, is_private=self.is_private)

    def get_full_path(self) -> str:
        name = os.path.basename(self.file_url or "")
        if not name:
            frappe.throw(_("There is some problem with the file url: {0}").format(self.file_url))
        return self._path(name)

    def get_content(self) -> bytes:
        with open(self.get_full_path(), "rb") as file:
            return file.read()

    def after_delete(self) -> None:
        path = self.get_full_path() if self.file_url else None
        shared = frappe.db.exists("File", {"file_url": self.file_url, "name": ["!=", self.name]})
        if path and not shared and os.path.exists(path):
            os.remove(path)


def has_permission(doc, ptype: str | None = None, user: str | None = None, debug: bool = False) -> bool:
    """Public files are everybody's to read; private ones their owner's and of who may read what they hang on."""
    user = user or frappe.session.user
    if user == "Administrator" or (not doc.is_private and ptype in ("read", "select")) or user == doc.owner:
        return True
    if doc.attached_to_doctype and doc.attached_to_name:
        right = ptype if ptype in ("read", "select") else "write"
        return frappe.permissions.has_permission(doc.attached_to_doctype, right, doc.attached_to_name, user)
    return ptype == "create"


def get_permission_query_conditions(user: str | None = None) -> str:
    """Lists show website users their own files; people of the desk also public ones and those of what they may read."""
    user = user or frappe.session.user
    if user == "Administrator":
        return ""
    own = f"`tabFile`.`owner` = {frappe.db.escape(user)}"
    if "Desk User" not in frappe.get_roles(user):
        return own
    readable = [
        name
        for name in frappe.get_all("DocType", filters={"istable": 0}, pluck="name")
        if frappe.permissions.has_permission(name, "read", user=user)
    ]
    among = ", ".join(frappe.db.escape(name) for name in readable) or "''"
    return f"(`tabFile`.`is_private` = 0 or {own} or `tabFile`.`attached_to_doctype` in ({among}))"
