"""What the app relies on in Frappe's meta, custom fields and property setters. Making fields commits."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_field, create_custom_fields
from frappe.custom.doctype.property_setter.property_setter import make_property_setter
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import things

FIELD = "sp_contract_field"
FIELDS = {
    things.THING: [
        {
            "fieldname": FIELD,
            "label": "Extra",
            "fieldtype": "Data",
            "insert_after": "title",
            "translatable": 0,
        },
        {
            "fieldname": f"{FIELD}_2",
            "label": "More",
            "fieldtype": "Check",
            "insert_after": FIELD,
            "default": "1",
        },
    ]
}


class TestMeta(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()

    def test_meta_describes_the_doctype(self):
        meta = frappe.get_meta(things.THING)
        self.assertTrue(meta.is_submittable and not meta.istable and not meta.issingle)
        self.assertTrue(frappe.get_meta(things.ROW).istable)
        self.assertTrue(frappe.get_meta("System Settings").issingle)
        self.assertEqual(meta.get_field("rows").options, things.ROW)
        self.assertEqual(meta.get_label("user_name"), "User Name")
        self.assertTrue(meta.has_field("amount") and not meta.has_field("nothing"))
        self.assertEqual([df.fieldname for df in meta.get_table_fields()], ["rows"])
        self.assertIn("user", [df.fieldname for df in meta.get_link_fields()])
        self.assertLessEqual({"name", "modified", "amount"}, set(meta.get_valid_columns()))
        self.assertNotIn("rows", meta.get_valid_columns())
        self.assertEqual(meta.get_title_field(), "title")
        self.assertEqual([df.fieldname for df in meta.get("fields", {"fieldtype": "Currency"})], ["amount"])

    def test_doctypes_can_be_read_as_documents(self):
        doctype = frappe.get_doc("DocType", things.THING)
        self.assertEqual(doctype.autoname, "naming_series:")
        self.assertIn("amount", [field.fieldname for field in doctype.fields])
        self.assertEqual(frappe.db.get_value("DocType", things.THING, "is_submittable"), 1)
        self.assertTrue(frappe.db.exists("DocField", {"parent": things.THING, "fieldname": "amount"}))


class TestCustomFields(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()

    def setUp(self) -> None:
        self.addCleanup(self.remove)

    def remove(self) -> None:
        names = frappe.get_all(
            "Custom Field", filters={"dt": things.THING, "fieldname": ["like", f"{FIELD}%"]}, pluck="name"
        )
        for name in names:
            frappe.delete_doc("Custom Field", name)
        frappe.db.commit()

    def test_custom_fields_are_fields_like_others(self):
        create_custom_fields(FIELDS)
        frappe.clear_cache()  # what a new document looks like is remembered
        meta = frappe.get_meta(things.THING)
        order = [df.fieldname for df in meta.fields]
        self.assertEqual(order.index(FIELD), order.index("title") + 1)
        self.assertEqual(order.index(f"{FIELD}_2"), order.index(FIELD) + 1)
        self.assertTrue(frappe.db.has_column(things.THING, FIELD))
        value = frappe.generate_hash(length=10)
        thing = things.make(**{FIELD: value})
        self.assertEqual(frappe.db.get_value(things.THING, thing.name, [FIELD, f"{FIELD}_2"]), (value, 1))
        self.assertEqual(frappe.get_all(things.THING, filters={FIELD: value}, pluck="name"), [thing.name])

    def test_making_them_again_changes_nothing_but_what_is_said(self):
        create_custom_fields(FIELDS)
        before = frappe.get_all("Custom Field", filters={"dt": things.THING}, pluck="name", order_by="name")
        create_custom_fields({things.THING: [{**FIELDS[things.THING][0], "label": "Renamed"}]})
        after = frappe.get_all("Custom Field", filters={"dt": things.THING}, pluck="name", order_by="name")
        self.assertEqual(before, after)
        self.assertEqual(frappe.get_meta(things.THING).get_label(FIELD), "Renamed")
        self.assertIsNone(create_custom_field(things.THING, FIELDS[things.THING][0]))

    def test_their_names_say_where_they_are(self):
        create_custom_fields(FIELDS)
        self.assertTrue(frappe.db.exists("Custom Field", f"{things.THING}-{FIELD}"))

    def test_deleting_the_field_keeps_the_column(self):
        create_custom_fields(FIELDS)
        frappe.delete_doc("Custom Field", f"{things.THING}-{FIELD}")
        frappe.clear_cache(doctype=things.THING)
        self.assertFalse(frappe.get_meta(things.THING).has_field(FIELD))
        self.assertTrue(frappe.db.has_column(things.THING, FIELD))
        create_custom_fields(FIELDS)
        self.assertTrue(frappe.get_meta(things.THING).has_field(FIELD))

    def test_property_setters_change_standard_fields(self):
        setter = make_property_setter(things.THING, "remark", "reqd", 1, "Check")
        self.assertEqual(frappe.get_meta(things.THING).get_field("remark").reqd, 1)
        self.assertRaises(frappe.MandatoryError, things.build().insert)
        setter.delete()
        frappe.clear_cache(doctype=things.THING)
        self.assertTrue(things.make().name)
