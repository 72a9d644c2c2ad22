"""A person to write to."""

from frappe.contacts.linked import linked_to
from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Contact(Document):
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

    def add_phone(
        self, phone: str, is_primary_phone=0, is_primary_mobile_no=0, autosave: bool = False
    ) -> None:
        if not any(row.phone == phone for row in self.phone_nos):
            flags = {"is_primary_phone": is_primary_phone, "is_primary_mobile_no": is_primary_mobile_no}
            self.append("phone_nos", {"phone": phone, **flags})
            if autosave:
                self.save(ignore_permissions=True)


def get_default_contact(doctype: str, name: str) -> str | None:
    return linked_to("Contact", doctype, name, "is_primary_contact")
