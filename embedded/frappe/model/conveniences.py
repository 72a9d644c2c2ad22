"""What documents offer beside their life: titles, comments, tags, hints to the form, small checks, locks."""

import frappe
from frappe import _
from frappe.dicts import _dict
from frappe.utils import compare, flt, getdate


class Conveniences:
    def get_title(self) -> str:
        return self.get(self.meta.get_title_field()) or ""

    def get_url(self) -> str:
        return f"/app/{frappe.utils.slug(self.doctype)}/{self.name}"

    def get_signature(self) -> str:
        import hashlib

        return hashlib.sha224(f"{self.doctype}:{self.name}".encode()).hexdigest()

    @frappe.whitelist()
    def add_comment(self, comment_type="Comment", text=None, comment_email=None, comment_by=None):
        return frappe.get_doc(
            {
                "doctype": "Comment",
                "comment_type": comment_type,
                "comment_email": comment_email or frappe.session.user,
                "comment_by": comment_by,
                "reference_doctype": self.doctype,
                "reference_name": self.name,
                "content": text or comment_type,
            }
        ).insert(ignore_permissions=True)

    def add_tag(self, tag: str) -> None:
        tags = [each for each in (self.db_get("_user_tags") or "").split(",") if each]
        if tag not in tags:
            frappe.db.set_value(
                self.doctype, self.name, "_user_tags", "," + ",".join([*tags, tag]), update_modified=False
            )

    def get_tags(self) -> list[str]:
        return [each for each in (self.db_get("_user_tags") or "").split(",") if each]

    def set_onload(self, key: str, value) -> None:
        self.__dict__.setdefault("__onload", _dict())[key] = value

    def get_onload(self, key: str | None = None):
        onload = self.get("__onload") or _dict()
        return onload.get(key) if key else onload

    def validate_value(self, fieldname, condition, val2, doc=None, raise_exception=None) -> None:
        doc = doc or self
        label = doc.meta.get_label(fieldname)
        if not compare(doc.get_value(fieldname), condition, val2):
            row = (
                _("Incorrect value in row {0}:").format(doc.idx)
                if doc.get("parentfield")
                else _("Incorrect value:")
            )
            message = f"{row} {_('{0} must be {1} {2}').format(label, condition, val2)}"
            frappe.throw(message, raise_exception or frappe.ValidationError)

    def validate_table_has_rows(self, parentfield: str, raise_exception=None) -> None:
        if not self.get(parentfield):
            label = self.meta.get_label(parentfield)
            frappe.throw(
                _("Table {0} cannot be empty").format(label), raise_exception or frappe.EmptyTableError
            )

    def validate_from_to_dates(self, from_date_field: str, to_date_field: str) -> None:
        start, end = self.get(from_date_field), self.get(to_date_field)
        if start and end and getdate(start) > getdate(end):
            labels = (frappe.bold(_(self.meta.get_label(each))) for each in (to_date_field, from_date_field))
            frappe.throw(_("{0} must be after {1}").format(*labels), frappe.InvalidDates)

    def round_floats_in(self, doc, fieldnames=None) -> None:
        fieldnames = fieldnames or [df.fieldname for df in doc.meta.of_type("Currency", "Float", "Percent")]
        for fieldname in fieldnames:
            doc.set(fieldname, flt(doc.get(fieldname), self.precision(fieldname, doc.get("parentfield"))))

    def is_whitelisted(self, method_name: str) -> None:
        method = getattr(self, method_name, None)
        if not method:
            raise frappe.DoesNotExistError(f"Method {method_name} not found")
        frappe.is_whitelisted(getattr(method, "__func__", method))

    def _lock_key(self) -> str:
        return f"document_lock::{self.get_signature()}"

    @property
    def is_locked(self) -> bool:
        return bool(frappe.cache.get_value(self._lock_key()))

    def lock(self, timeout: int | None = None) -> None:
        """Marks the document as being worked on. Raises DocumentLockedError when it is marked already."""
        if self.is_locked:
            raise frappe.DocumentLockedError
        frappe.cache.set_value(self._lock_key(), 1, expires_in_sec=timeout or 12 * 3600)

    def unlock(self) -> None:
        frappe.cache.delete_value(self._lock_key())
