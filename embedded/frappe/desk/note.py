"""A note is named by its title."""

from frappe.model.document import Document
from frappe.model.naming import append_number_if_name_exists


class Note(Document):
    def autoname(self) -> None:
        self.name = append_number_if_name_exists("Note", self.title)
