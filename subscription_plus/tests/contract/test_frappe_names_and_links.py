"""What the app relies on in Frappe's naming, deleting, renaming and in the links between documents."""

import frappe
from frappe.model.naming import append_number_if_name_exists, make_autoname
from frappe.tests.utils import FrappeTestCase
from frappe.utils import now_datetime

from subscription_plus.tests.support import things


class TestNames(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()

    def test_a_series_counts_up_under_its_prefix(self):
        prefix = frappe.generate_hash(length=8)
        names = [make_autoname(f"{prefix}-.YYYY.-.####") for _ in range(3)]
        year = now_datetime().year
        self.assertEqual(names, [f"{prefix}-{year}-000{n}" for n in (1, 2, 3)])
        current = frappe.db.sql("select current from `tabSeries` where name = %s", f"{prefix}-{year}-")
        self.assertEqual(current, ((3,),))

    def test_a_series_takes_fields_of_the_document(self):
        doc = things.build(kind="B")
        prefix = frappe.generate_hash(length=8)
        self.assertEqual(make_autoname(f"{prefix}.-.kind.-.##", doc=doc), f"{prefix}-B-01")
        self.assertEqual(
            make_autoname(f"{prefix}.MM.DD.YY.#", doc=doc), prefix + now_datetime().strftime("%m%d%y1")
        )

    def test_documents_are_named_by_their_series(self):
        thing = things.make()
        self.assertRegex(thing.name, rf"^SPCT-{now_datetime().year}-\d{{5}}$")
        self.assertEqual(thing.naming_series, "SPCT-.YYYY.-")

    def test_a_given_name_wins(self):
        name = frappe.generate_hash(length=10)
        self.assertEqual(things.build().insert(set_name=name).name, name)

    def test_hash_names_have_ten_characters(self):
        self.assertEqual(len(make_autoname("hash")), 10)
        self.assertEqual(len(frappe.get_doc({"doctype": "ToDo", "description": "x"}).insert().name), 10)

    def test_field_names(self):
        role = frappe.get_doc({"doctype": "Role", "role_name": frappe.generate_hash(length=12)}).insert()
        self.assertEqual(role.name, role.role_name)
        self.assertRaises(
            frappe.DuplicateEntryError, frappe.get_doc({"doctype": "Role", "role_name": role.name}).insert
        )
        self.assertRaises(frappe.ValidationError, frappe.get_doc({"doctype": "Role"}).insert)

    def test_prompted_names_are_the_given_ones(self):
        name = f"Template {frappe.generate_hash(length=6)}"
        values = {"doctype": "Email Template", "name": name, "subject": "S", "response": "R"}
        self.assertEqual(frappe.get_doc(values).insert().name, name)
        values["name"] = None
        self.assertRaises(frappe.ValidationError, frappe.get_doc(values).insert)

    def test_names_hold_no_markup(self):
        self.assertRaises(frappe.NameError, things.build().insert, set_name="<b>")

    def test_the_last_number_comes_back_when_its_document_goes(self):
        thing = things.make()
        thing.delete()
        self.assertEqual(things.make().name, thing.name)

    def test_taken_names_get_a_number(self):
        role = frappe.get_doc({"doctype": "Role", "role_name": frappe.generate_hash(length=12)}).insert().name
        self.assertEqual(append_number_if_name_exists("Role", role), f"{role}-1")
        frappe.get_doc({"doctype": "Role", "role_name": f"{role}-1"}).insert()
        self.assertEqual(append_number_if_name_exists("Role", role), f"{role}-2")


class TestLinks(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()

    def test_what_is_linked_to_is_not_deleted(self):
        target = things.make()
        things.make(reference_type=things.THING, reference=target.name)
        self.assertRaises(frappe.LinkExistsError, target.delete)
        target.delete(force=True)
        self.assertFalse(frappe.db.exists(things.THING, target.name))

    def test_what_submitted_documents_rely_on_is_not_cancelled(self):
        target = things.make()
        target.submit()
        draft = things.make(reference_type=things.THING, reference=target.name)
        frappe.db.savepoint("drafts_do_not_count")
        target.cancel()
        frappe.db.rollback(save_point="drafts_do_not_count")
        draft.submit()
        target.reload()
        frappe.db.savepoint("submitted_ones_do")
        self.assertRaises(frappe.LinkExistsError, target.cancel)
        # the failed cancellation has written already: only a savepoint takes it back
        self.assertEqual(frappe.db.get_value(things.THING, target.name, "docstatus"), 2)
        frappe.db.rollback(save_point="submitted_ones_do")
        target.reload()
        target.ignore_linked_doctypes = (things.THING,)
        target.cancel()
        self.assertEqual(target.docstatus, 2)

    def test_comments_and_todos_do_not_hold_a_document(self):
        target = things.make()
        target.add_comment("Comment", "x")
        todo = {
            "doctype": "ToDo",
            "description": "x",
            "reference_type": things.THING,
            "reference_name": target.name,
        }
        frappe.get_doc(todo).insert()
        target.delete()
        self.assertFalse(frappe.db.exists("Comment", {"reference_name": target.name}))

    def test_submitted_documents_are_not_deleted(self):
        thing = things.make()
        thing.submit()
        self.assertRaises(frappe.ValidationError, thing.delete)
        thing.cancel()
        thing.delete()

    def test_rows_go_with_their_document(self):
        thing = things.make(rows=[{"item": "a"}])
        frappe.delete_doc(things.THING, thing.name)
        self.assertEqual(frappe.db.count(things.ROW, {"parent": thing.name}), 0)

    def test_deleting_what_is_not_there(self):
        self.assertFalse(frappe.delete_doc(things.THING, "nothing"))
        self.assertRaises(
            frappe.DoesNotExistError, frappe.delete_doc, things.THING, "nothing", ignore_missing=False
        )

    def test_renaming_reaches_every_link(self):
        person = things.person()
        thing = things.make(user=person)
        other = things.make(reference_type="User", reference=person)
        new = f"{frappe.generate_hash(length=8)}@example.com"
        frappe.rename_doc("User", person, new, force=True)
        self.assertEqual(thing.db_get("user"), new)
        self.assertEqual(other.db_get("reference"), new)
