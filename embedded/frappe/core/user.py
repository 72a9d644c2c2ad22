"""A user: full name, roles, type, password."""

import frappe
from frappe import _
from frappe.model.document import Document


class User(Document):
    def autoname(self) -> None:
        """Users are named by their address, in lower case; the two standard ones by their names."""
        if self.get("is_admin") or self.name in frappe.STANDARD_USERS or self.email in frappe.STANDARD_USERS:
            self.name = self.name or self.email
        else:
            self.email = (self.email or "").strip().lower()
            self.name = self.email

    def before_insert(self) -> None:
        self.flags.in_insert = True

    def validate(self) -> None:
        if self.name not in frappe.STANDARD_USERS:
            frappe.utils.validate_email_address(self.email, throw=True)
            self.email = self.name
        self.full_name = " ".join(filter(None, (self.first_name, self.middle_name, self.last_name)))
        self._new_password, self.new_password = self.new_password, ""
        self._drop_duplicate_roles()
        self.user_type = "System User" if self._has_desk_access() else "Website User"
        if self.name in frappe.STANDARD_USERS and not self.enabled and not self.is_new():
            frappe.throw(_("User {0} cannot be disabled").format(self.name))

    def _drop_duplicate_roles(self) -> None:
        seen: set[str] = set()
        for row in list(self.roles):
            if row.role in seen or row.role in ("Guest", "All", "Desk User", "Administrator"):
                self.remove(row)
            seen.add(row.role)

    def _has_desk_access(self) -> bool:
        if self.name == "Administrator":
            return True
        roles = [row.role for row in self.roles]
        return bool(
            roles and frappe.get_all("Role", filters={"name": ["in", roles], "desk_access": 1}, limit=1)
        )

    def on_update(self) -> None:
        if getattr(self, "_new_password", None) and set(self._new_password) != {"*"}:
            from frappe.utils.password import update_password

            update_password(self.name, self._new_password)
        frappe.clear_document_cache("User", self.name)

    def on_trash(self) -> None:
        if self.name in frappe.STANDARD_USERS:
            frappe.throw(_("User {0} cannot be deleted").format(self.name))

    def add_roles(self, *roles: str) -> None:
        """Gives the user roles, and saves."""
        self.append_roles(*roles)
        self.save()

    def append_roles(self, *roles: str) -> None:
        present = {row.role for row in self.roles}
        for role in roles:
            if role not in present:
                self.append("roles", {"role": role})

    def remove_roles(self, *roles: str) -> None:
        for row in [row for row in self.roles if row.role in roles]:
            self.remove(row)
        self.save()
