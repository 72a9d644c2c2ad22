"""One changed property of a field or DocType of another app."""

import frappe
from frappe.model.document import Document


class PropertySetter(Document):
    def autoname(self) -> None:
        self.name = f"{self.doc_type}-{self.field_name or self.row_name or 'main'}-{self.property}"

    def validate(self) -> None:
        if self.is_new():
            same = {"doc_type": self.doc_type, "property": self.property}
            same.update(
                doctype_or_field=self.doctype_or_field, field_name=self.field_name or ["is", "not set"]
            )
            for name in frappe.get_all("Property Setter", filters=same, pluck="name"):
                frappe.delete_doc("Property Setter", name, force=True, ignore_permissions=True)

    def on_update(self) -> None:
        frappe.clear_cache(doctype=self.doc_type)

    def after_delete(self) -> None:
        frappe.clear_cache(doctype=self.doc_type)


def make_property_setter(
    doctype: str,
    fieldname: str | None,
    property: str,
    value,
    property_type: str,
    for_doctype: bool = False,
    validate_fields_for_doctype: bool = True,
    is_system_generated: bool = True,
):
    setter = {
        "doctype": "Property Setter",
        "doc_type": doctype,
        "field_name": fieldname,
        "property": property,
    }
    setter.update(value=value, property_type=property_type, is_system_generated=int(is_system_generated))
    setter["doctype_or_field"] = "DocType" if for_doctype else "DocField"
    return frappe.get_doc(setter).insert(ignore_permissions=True)


def delete_property_setter(doc_type: str, property=None, field_name=None, row_name=None) -> None:
    filters = {"doc_type": doc_type, "property": property, "field_name": field_name, "row_name": row_name}
    frappe.db.delete("Property Setter", {key: value for key, value in filters.items() if value})
    frappe.clear_cache(doctype=doc_type)
