"""A mail's subject and body as Jinja templates."""

import frappe
from frappe.model.document import Document


class EmailTemplate(Document):
    @property
    def response_(self) -> str:
        return self.response_html if self.use_html else self.response

    def validate(self) -> None:
        from frappe.utils.jinja import validate_template

        validate_template(self.subject)
        validate_template(self.response_)

    def get_formatted_subject(self, doc) -> str:
        return frappe.render_template(self.subject, _context(doc))

    def get_formatted_response(self, doc) -> str:
        return frappe.render_template(self.response_, _context(doc))

    def get_formatted_email(self, doc) -> dict:
        """`{subject, message}` for a document, dict or JSON."""
        doc = _context(doc)
        return {
            "subject": frappe.render_template(self.subject, doc),
            "message": frappe.render_template(self.response_, doc),
        }


def _context(doc):
    doc = frappe.parse_json(doc)
    return doc if isinstance(doc, dict) else doc.as_dict()


@frappe.whitelist()
def get_email_template(template_name: str, doc) -> dict:
    """Renders a template for a document the caller holds."""
    template = frappe.get_doc("Email Template", template_name)
    template.check_permission("read")
    return template.get_formatted_email(doc)
