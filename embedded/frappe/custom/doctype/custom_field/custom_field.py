"""Fields that an app adds to another app's DocType."""

import frappe
from frappe import _
from frappe.database.schema import COLUMN_TYPES
from frappe.model.document import Document


class CustomField(Document):
    def autoname(self) -> None:
        self.set_fieldname()
        self.name = f"{self.dt}-{self.fieldname}"

    def set_fieldname(self) -> None:
        """Makes the field name from the label where none is given."""
        if not self.fieldname:
            label = self.label or (self.fieldtype or "").replace(" ", "_")
            if not label:
                frappe.throw(_("Label is mandatory"))
            self.fieldname = "".join(c for c in frappe.scrub(label) if c.isalnum() or c == "_")
        self.fieldname = self.fieldname.lower()

    def before_insert(self) -> None:
        self.set_fieldname()
        if frappe.get_meta(self.dt).has_field(self.fieldname):
            message = _("A field with the name {0} already exists in {1}").format(self.fieldname, self.dt)
            frappe.throw(message)

    def validate(self) -> None:
        if not frappe.db.exists("DocType", self.dt):
            frappe.throw(_("DocType {0} does not exist").format(self.dt))
        if self.fieldtype == "Link" and not self.options:
            frappe.throw(
                _("Options is required for field {0} of type {1}").format(self.label, self.fieldtype)
            )
        if not self.idx:
            columns = frappe.get_meta(self.dt, cached=False).fields
            after = next(
                (field.idx for field in columns if field.fieldname == self.insert_after), len(columns)
            )
            self.idx = after + 1

    def on_update(self) -> None:
        """The column is made at once (DDL commits, as on a bench) unless many fields are being made."""
        frappe.clear_cache(doctype=self.dt)
        if not frappe.flags.in_create_custom_fields and self.fieldtype in COLUMN_TYPES:
            frappe.db.updatedb(self.dt)

    def on_trash(self) -> None:
        frappe.db.delete("Property Setter", {"doc_type": self.dt, "field_name": self.fieldname})

    def after_delete(self) -> None:
        """The column and what is in it stay."""
        frappe.clear_cache(doctype=self.dt)


def create_custom_field(doctype: str, df: dict, ignore_validate=False, is_system_generated=True):
    """One field; answers nothing when it is there already."""
    df = frappe._dict(df)
    df.fieldname = df.fieldname or frappe.scrub(df.label)
    if frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": df.fieldname}):
        return None
    field = frappe.get_doc(
        {"doctype": "Custom Field", "dt": doctype, "permlevel": 0, "fieldtype": "Data", **df}
    )
    field.is_system_generated = int(is_system_generated)
    field.flags.ignore_validate = ignore_validate
    return field.insert()


def create_custom_fields(custom_fields: dict, ignore_validate=False, update=True) -> None:
    """Many fields: `{"Item": [{…}, …], ("Quotation", "Sales Order"): {…}}`. Those present are updated."""
    frappe.flags.in_create_custom_fields = True
    touched = set()
    try:
        for doctypes, fields in custom_fields.items():
            for doctype in (doctypes,) if isinstance(doctypes, str) else doctypes:
                touched.add(doctype)
                for df in [fields] if isinstance(fields, dict) else fields:
                    _create_or_update(doctype, df, ignore_validate, update)
    finally:
        frappe.flags.in_create_custom_fields = False
    for doctype in sorted(touched):
        frappe.clear_cache(doctype=doctype)
        frappe.db.updatedb(doctype)


def _create_or_update(doctype: str, df: dict, ignore_validate: bool, update: bool) -> None:
    name = frappe.db.get_value("Custom Field", {"dt": doctype, "fieldname": df["fieldname"]})
    if not name:
        create_custom_field(doctype, {"owner": "Administrator", **df}, ignore_validate)
    elif update:
        field = frappe.get_doc("Custom Field", name)
        field.flags.ignore_validate = ignore_validate
        field.update(df)
        field.save()
