"""A comment: its author's name is filled in."""

import frappe
from frappe.model.document import Document


class Comment(Document):
    def validate(self) -> None:
        if not self.comment_email:
            self.comment_email = frappe.session.user
        self.comment_by = self.comment_by or frappe.utils.get_fullname(self.comment_email)
        self.content = frappe.utils.sanitize_html(self.content)
