"""Contacts and addresses, and the parties they belong to."""

import frappe
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class _Linked(Document):
    def has_link(self, doctype: str, name: str) -> bool:
        return any(row.link_doctype == doctype and row.link_name == name for row in self.links)

    def get_link_for(self, link_doctype: str) -> str | None:
        return next((row.link_name for row in self.links if row.link_doctype == link_doctype), None)


class Contact(_Linked):
    def autoname(self) -> None:
        name = " ".join(filter(None, (self.first_name, self.middle_name, self.last_name))) or self.email_id
        if self.links:
            name = f"{name or ''}-{self.links[0].link_name.strip()}".strip("-")
        self.name = append_number_if_name_exists("Contact", name or "Contact")

    def validate(self) -> None:
        self.full_name = " ".join(filter(None, (self.first_name, self.middle_name, self.last_name))) or (
            self.company_name or self.email_id
        )
        primary = [row for row in self.email_ids if row.is_primary] or self.email_ids[:1]
        for row in primary[:1]:
            row.is_primary = 1
        self.email_id = primary[0].email_id.strip() if primary else ""
        self.phone = self._primary_number("is_primary_phone")
        self.mobile_no = self._primary_number("is_primary_mobile_no")

    def _primary_number(self, flag: str) -> str:
        return next((row.phone for row in self.phone_nos if row.get(flag)), "")

    def add_email(self, email_id: str, is_primary: int = 0, autosave: bool = False) -> None:
        if not any(row.email_id == email_id for row in self.email_ids):
            self.append("email_ids", {"email_id": email_id, "is_primary": is_primary})
            if autosave:
                self.save(ignore_permissions=True)

    def add_phone(self, phone: str, is_primary_phone=0, is_primary_mobile_no=0, autosave: bool = False) -> None:
        if not any(row.phone == phone for row in self.phone_nos):
            flags = {"is_primary_phone": is_primary_phone, "is_primary_mobile_no": is_primary_mobile_no}
            self.append("phone_nos", {"phone": phone, **flags})
            if autosave:
                self.save(ignore_permissions=True)


class Address(_Linked):
    def autoname(self) -> None:
        title = self.address_title or (self.links[0].link_name if self.links else None)
        if not title:
            frappe.throw(frappe._("Address Title is mandatory."))
        self.address_title = title
        self.name = append_number_if_name_exists("Address", f"{title.strip()}-{self.address_type}")


def _linked_to(kind: str, doctype: str, name: str, flag: str | None) -> str | None:
    query = f"""SELECT c.name FROM `tab{kind}` c JOIN `tabDynamic Link` l ON l.parent = c.name
        WHERE l.parenttype = '{kind}' AND l.link_doctype = %s AND l.link_name = %s
        ORDER BY {f"c.{flag} DESC," if flag else ""} c.creation LIMIT 1"""
    rows = frappe.db.sql(query, (doctype, name))
    return rows[0][0] if rows else None


def get_default_contact(doctype: str, name: str) -> str | None:
    return _linked_to("Contact", doctype, name, "is_primary_contact")


def get_default_address(doctype: str, name: str | None, sort_key: str = "is_primary_address") -> str | None:
    return _linked_to("Address", doctype, name, sort_key)


def get_address_display(address) -> str | None:
    """The address as lines of HTML."""
    if not address:
        return None
    values = frappe.get_cached_doc("Address", address) if isinstance(address, str) else address
    fields = ("address_line1", "address_line2", "city", "state", "pincode", "country")
    return "".join(f"{frappe.utils.escape_html(values.get(each))}<br>\n" for each in fields if values.get(each))
