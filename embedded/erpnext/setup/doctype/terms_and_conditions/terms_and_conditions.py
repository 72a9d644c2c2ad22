"""Terms and Conditions: texts for documents, written as templates."""

from typing import Any

import frappe
from frappe.model.document import Document


class TermsandConditions(Document):
    """A named text."""


@frappe.whitelist()
def get_terms_and_conditions(template_name: str, doc: Any) -> str | None:
    """The text with a document's values filled in, None where it is empty."""
    values = frappe.parse_json(doc) if isinstance(doc, str) else doc
    text = frappe.db.get_value("Terms and Conditions", template_name, "terms")
    return frappe.render_template(text, values) if text else None
