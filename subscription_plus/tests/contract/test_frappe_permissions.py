"""What the app relies on in Frappe's permissions: roles, owners, levels, hooks, and who is never asked."""

from unittest.mock import patch

import frappe
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import things

HERE = "subscription_plus.tests.contract.test_frappe_permissions"


def only_kind_a(user: str, doctype: str | None = None) -> str:
    return f"`tab{things.THING}`.kind = 'A'"


def not_kind_b(doc, ptype=None, user=None, debug=False) -> bool:
    return doc.kind != "B"


def hooked(**hooks):
    """The site's hooks with these instead of what apps say."""
    real = frappe.get_hooks

    def get_hooks(hook=None, default="_KEEP_DEFAULT_LIST", app_name=None):
        return hooks[hook] if hook in hooks else real(hook, default, app_name)

    return patch("frappe.get_hooks", get_hooks)


class TestPermissions(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()
        cls.nobody = things.person()
        cls.manager = things.person("System Manager")
        cls.reporter = things.person("Report Manager")  # may read, write, create
        cls.author = things.person("Website Manager")  # the same for their own, and delete

    def setUp(self) -> None:
        self.addCleanup(frappe.set_user, "Administrator")

    def test_without_a_role_nothing(self):
        thing = things.make()
        frappe.set_user(self.nobody)
        self.assertFalse(frappe.has_permission(things.THING, "read"))
        self.assertFalse(thing.has_permission("read"))
        self.assertRaises(frappe.PermissionError, frappe.get_list, things.THING)
        self.assertRaises(frappe.PermissionError, things.build().insert)
        self.assertRaises(frappe.PermissionError, thing.check_permission, "read")
        self.assertRaises(frappe.PermissionError, frappe.has_permission, things.THING, "read", throw=True)

    def test_get_doc_and_get_all_ask_nobody(self):
        thing = things.make()
        frappe.set_user(self.nobody)
        self.assertEqual(frappe.get_doc(things.THING, thing.name).name, thing.name)
        self.assertIn(thing.name, frappe.get_all(things.THING, pluck="name"))

    def test_roles_give_what_their_row_says(self):
        thing = things.make()
        frappe.set_user(self.reporter)
        mine = frappe.get_doc(things.THING, thing.name)
        mine.remark = "seen"
        mine.save()
        self.assertRaises(frappe.PermissionError, mine.submit)
        self.assertRaises(frappe.PermissionError, mine.delete)
        self.assertTrue(frappe.has_permission(things.THING, "write"))
        self.assertFalse(frappe.has_permission(things.THING, "delete"))

    def test_ignore_permissions_is_a_flag_of_the_document(self):
        frappe.set_user(self.nobody)
        thing = things.build().insert(ignore_permissions=True)
        thing.remark = "still allowed: the flag stays"
        thing.save()
        fresh = frappe.get_doc(things.THING, thing.name)
        self.assertRaises(frappe.PermissionError, fresh.save)
        fresh.reload()
        fresh.flags.ignore_permissions = True
        fresh.submit()

    def test_owners_rights(self):
        theirs = things.make()
        frappe.set_user(self.author)
        mine = things.make()
        self.assertTrue(mine.has_permission("write"))
        self.assertFalse(frappe.get_doc(things.THING, theirs.name).has_permission("write"))
        self.assertEqual(frappe.get_list(things.THING, pluck="owner", distinct=True), [self.author])
        mine.delete()

    def test_fields_of_a_higher_level_are_hidden_and_kept(self):
        thing = things.make(private="secret")
        frappe.set_user(self.reporter)
        mine = frappe.get_doc(things.THING, thing.name)
        mine.private = "overwritten"
        mine.save()
        self.assertEqual(thing.db_get("private"), "secret")
        mine.apply_fieldlevel_read_permissions()
        self.assertFalse(mine.get("private"))
        self.assertNotIn("private", frappe.get_list(things.THING, fields=["name", "private"], limit=1)[0])
        frappe.set_user(self.manager)
        allowed = frappe.get_doc(things.THING, thing.name)
        allowed.private = "new secret"
        allowed.save()
        self.assertEqual(thing.db_get("private"), "new secret")

    def test_administrator_may_everything_and_guest_nothing(self):
        self.assertTrue(frappe.has_permission(things.THING, "delete"))
        frappe.set_user("Guest")
        self.assertFalse(frappe.has_permission(things.THING, "read"))
        self.assertEqual(frappe.get_roles(), ["Guest"])

    def test_everybody_has_some_roles_of_themselves(self):
        self.assertLessEqual({"All", "Guest"}, set(frappe.get_roles(self.nobody)))
        self.assertIn("System Manager", frappe.get_roles(self.manager))
        self.assertNotIn("Desk User", frappe.get_roles(self.nobody))
        self.assertIn("Desk User", frappe.get_roles(self.manager))
        self.assertIn("System Manager", frappe.get_roles("Administrator"))

    def test_users_without_desk_roles_are_website_users(self):
        self.assertEqual(frappe.db.get_value("User", self.nobody, "user_type"), "Website User")
        self.assertEqual(frappe.db.get_value("User", self.manager, "user_type"), "System User")

    def test_hooks_narrow_lists(self):
        shown, hidden = things.make(kind="A").name, things.make(kind="B").name
        frappe.set_user(self.reporter)
        with hooked(permission_query_conditions={things.THING: [f"{HERE}.only_kind_a"]}):
            names = frappe.get_list(things.THING, pluck="name")
        self.assertIn(shown, names)
        self.assertNotIn(hidden, names)

    def test_hooks_refuse_documents(self):
        refused = things.make(kind="B")
        frappe.set_user(self.reporter)
        self.assertTrue(refused.has_permission("read"))
        with hooked(has_permission={things.THING: [f"{HERE}.not_kind_b"]}):
            self.assertFalse(refused.has_permission("read"))
            self.assertFalse(refused.has_permission("write"))
            self.assertRaises(frappe.PermissionError, things.build(kind="B").insert)

    def test_child_rows_are_asked_through_their_parent(self):
        things.make(rows=[{"item": "a"}])
        frappe.set_user(self.reporter)
        self.assertRaises(frappe.PermissionError, frappe.get_list, things.ROW)
        self.assertTrue(frappe.get_list(things.ROW, parent_doctype=things.THING, fields=["item"]))

    def test_only_for_is_silent_in_tests(self):
        frappe.set_user(self.nobody)
        frappe.only_for("System Manager")
        with patch.dict(frappe.local.flags, {"in_test": False}):
            self.assertRaises(frappe.PermissionError, frappe.only_for, "System Manager")

    def test_roles_can_be_given_and_taken(self):
        user = frappe.get_doc("User", things.person())
        user.add_roles("Report Manager")
        self.assertIn("Report Manager", frappe.get_roles(user.name))
        user.remove_roles("Report Manager")
        self.assertNotIn("Report Manager", frappe.get_roles(user.name))
