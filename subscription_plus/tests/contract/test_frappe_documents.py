"""What the app relies on in Frappe's documents: their life, what is checked, what values become."""

import datetime
from unittest.mock import patch

import frappe
from frappe.model.document import Document
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import things


class ThingCase(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()


class TestLife(ThingCase):
    def events_of(self, action) -> list[str]:
        """The events of the thing itself (not of its rows) while `action` runs, in order."""
        heard = []
        run_method = Document.run_method

        def listen(doc, method, *args, **kwargs):
            if doc.doctype == things.THING:
                heard.append(method)
            return run_method(doc, method, *args, **kwargs)

        with patch.object(Document, "run_method", listen):
            action()
        return heard

    def test_insert_runs_its_events_in_order(self):
        thing = things.build()
        self.assertEqual(
            self.events_of(thing.insert),
            [
                "before_insert",
                "before_naming",
                "autoname",
                "before_validate",
                "validate",
                "before_save",
                "after_insert",
                "on_update",
                "on_change",
            ],
        )

    def test_save_submit_cancel_run_theirs(self):
        thing = things.make()
        self.assertEqual(
            self.events_of(thing.save),
            ["before_validate", "validate", "before_save", "on_update", "on_change"],
        )
        self.assertEqual(
            self.events_of(thing.submit),
            ["before_validate", "validate", "before_submit", "on_update", "on_submit", "on_change"],
        )
        thing.remark = "changed"
        self.assertEqual(
            self.events_of(thing.save), ["before_update_after_submit", "on_update_after_submit", "on_change"]
        )
        self.assertEqual(self.events_of(thing.cancel), ["before_cancel", "on_cancel", "on_change"])

    def test_delete_runs_on_trash_and_after_delete(self):
        thing = things.make()
        self.assertEqual(self.events_of(thing.delete), ["on_trash", "on_change", "after_delete"])

    def test_db_set_writes_at_once_and_runs_no_validation(self):
        thing = things.make()
        before = frappe.db.get_value(things.THING, thing.name, "modified")
        self.assertEqual(self.events_of(lambda: thing.db_set("kind", "B")), ["before_change", "on_change"])
        kind, modified = frappe.db.get_value(things.THING, thing.name, ["kind", "modified"])
        self.assertEqual(kind, "B")
        self.assertGreater(modified, before)
        thing.db_set({"number": 3, "kind": "A"}, update_modified=False)
        self.assertEqual(frappe.db.get_value(things.THING, thing.name, ["number", "kind"]), (3, "A"))
        self.assertEqual(frappe.db.get_value(things.THING, thing.name, "modified"), modified)
        thing.save()  # db_set keeps the document in step with its row

    def test_a_dict_is_no_text(self):
        thing = things.make()
        thing.remark = {}
        self.assertRaises(TypeError, thing.db_update)

    def test_a_save_over_somebody_elses_save_is_refused(self):
        first = things.make()
        second = frappe.get_doc(things.THING, first.name)
        first.save()
        second.remark = "late"
        self.assertRaises(frappe.TimestampMismatchError, second.save)

    def test_docstatus_moves_only_forward(self):
        thing = things.make()
        thing.docstatus = 2
        self.assertRaises(frappe.DocstatusTransitionError, thing.save)
        thing.reload()
        thing.submit()
        thing.docstatus = 0
        self.assertRaises(frappe.DocstatusTransitionError, thing.save)
        thing.reload()
        thing.cancel()
        self.assertRaises(frappe.ValidationError, thing.save)
        self.assertTrue(thing.docstatus.is_cancelled())

    def test_a_submitted_document_changes_only_where_it_allows(self):
        thing = things.make(rows=[{"item": "desk"}])
        thing.submit()
        thing.remark = "fine"
        thing.save()
        thing.title = "other"
        self.assertRaises(frappe.UpdateAfterSubmitError, thing.save)
        thing.reload()
        thing.append("rows", {"item": "chair"})
        self.assertRaises(frappe.UpdateAfterSubmitError, thing.save)
        thing.reload()
        thing.title = "forced"
        thing.flags.ignore_validate_update_after_submit = True
        thing.save()
        self.assertEqual(thing.db_get("title"), "forced")

    def test_the_state_before_the_save_is_at_hand(self):
        thing = things.make(kind="A")
        self.assertIsNone(thing.get_doc_before_save())
        self.assertTrue(thing.has_value_changed("kind"))
        thing.kind = "B"
        thing.day = str(thing.day)
        thing.save()
        self.assertEqual(thing.get_doc_before_save().kind, "A")
        self.assertTrue(thing.has_value_changed("kind"))
        self.assertFalse(thing.has_value_changed("day"))

    def test_run_method_takes_any_name(self):
        thing = things.make()
        self.assertIsNone(thing.run_method("no_such_event"))

    def test_cancelled_documents_are_amended_with_a_suffix(self):
        thing = things.make()
        thing.submit()
        frappe.db.savepoint("before_amending")
        self.assertRaises(frappe.ValidationError, things.build(amended_from=thing.name).insert)
        frappe.db.rollback(save_point="before_amending")
        thing.cancel()
        amended = things.make(amended_from=thing.name)
        self.assertEqual(amended.name, f"{thing.name}-1")
        amended.submit()
        amended.cancel()
        self.assertEqual(things.make(amended_from=amended.name).name, f"{thing.name}-2")


class TestChecks(ThingCase):
    def test_mandatory_fields(self):
        self.assertRaises(frappe.MandatoryError, things.build(title="").insert)
        self.assertRaises(frappe.MandatoryError, things.build(rows=[{"qty": 1}]).insert)
        self.assertTrue(things.build(title="").insert(ignore_mandatory=True).name)

    def test_links_must_lead_somewhere(self):
        self.assertRaises(frappe.LinkValidationError, things.build(reference_type="Nothing").insert)
        dangling = things.build(reference_type="User", reference="nobody@example.com")
        self.assertRaises(frappe.LinkValidationError, dangling.insert)
        self.assertTrue(things.build(reference_type="Nothing").insert(ignore_links=True).name)

    def test_a_dangling_link_passes_when_something_is_fetched_through_it(self):
        self.assertEqual(things.make(user="nobody@example.com").user, "nobody@example.com")

    def test_a_submittable_document_links_to_no_cancelled_one(self):
        gone = things.make()
        gone.submit()
        gone.cancel()
        self.assertRaises(
            frappe.CancelledLinkError, things.build(reference_type=things.THING, reference=gone.name).insert
        )

    def test_links_take_the_spelling_of_what_they_lead_to(self):
        self.assertEqual(things.make(user="administrator").user, "Administrator")

    def test_fetched_values_follow_the_link(self):
        thing = things.make(user="Administrator", user_name="wrong", nickname="Boss")
        self.assertEqual(thing.user_name, frappe.db.get_value("User", "Administrator", "full_name"))
        self.assertEqual(thing.nickname, "Boss")
        self.assertEqual(things.make(user="Guest").nickname, "Guest")

    def test_select_options(self):
        self.assertRaises(frappe.ValidationError, things.build(kind="C").insert)
        self.assertEqual(things.make(kind=" B ").kind, "B")

    def test_lengths_and_signs(self):
        self.assertRaises(frappe.CharacterLengthExceededError, things.build(title="x" * 141).insert)
        self.assertRaises(frappe.CharacterLengthExceededError, things.build(number=2**31).insert)
        self.assertRaises(frappe.NonNegativeError, things.build(amount=-1).insert)

    def test_addresses(self):
        self.assertRaises(frappe.InvalidEmailAddressError, things.build(email="no address").insert)
        self.assertTrue(things.make(email="ada@example.com").name)

    def test_set_only_once(self):
        thing = things.make(fixed="first")
        thing.fixed = "second"
        self.assertRaises(frappe.CannotChangeConstantError, thing.save)

    def test_unique_values_and_names(self):
        code = frappe.generate_hash()
        thing = things.make(code=code)
        self.assertRaises(frappe.UniqueValidationError, things.build(code=code).insert)
        self.assertRaises(frappe.DuplicateEntryError, things.build().insert, set_name=thing.name)
        self.assertTrue(things.make(code="").name and things.make(code="").name)  # no value is not a value

    def test_scripts_are_taken_out_of_text(self):
        thing = things.make(remark="<b>bold</b><script>alert(1)</script>")
        self.assertIn("<b>bold</b>", thing.remark)
        self.assertNotIn("<script>", thing.remark)

    def test_messages_name_the_field(self):
        frappe.clear_messages()
        self.assertRaises(frappe.MandatoryError, things.build(title="").insert)
        self.assertIn("Title", frappe.message_log[-1]["message"])


class TestValues(ThingCase):
    def test_new_documents_have_their_defaults(self):
        thing = frappe.new_doc(things.THING, title="New")
        self.assertEqual(thing.kind, "A")
        self.assertEqual(frappe.utils.getdate(thing.day), frappe.utils.getdate())
        self.assertEqual(thing.docstatus, 0)
        self.assertTrue(thing.is_new())
        thing.append("rows", {"item": "desk"})
        thing.insert()
        self.assertEqual(thing.rows[0].qty, 1)
        self.assertFalse(thing.is_new())
        self.assertEqual((thing.owner, thing.modified_by), (frappe.session.user,) * 2)

    def test_what_is_read_back_has_python_types(self):
        thing = things.make(
            day="2024-02-29",
            moment="2024-02-29 10:11:12",
            time="09:30:00",
            amount="12.5",
            number="3",
            flag=True,
        )
        thing.reload()
        self.assertEqual(thing.day, datetime.date(2024, 2, 29))
        self.assertEqual(thing.moment, datetime.datetime(2024, 2, 29, 10, 11, 12))
        self.assertEqual(thing.time, datetime.timedelta(hours=9, minutes=30))
        self.assertEqual((thing.amount, thing.number, thing.flag), (12.5, 3, 1))
        self.assertIsInstance(thing.amount, float)
        self.assertIsInstance(thing.modified, datetime.datetime)
        self.assertIsNone(thing.code)

    def test_money_keeps_nine_decimals(self):
        thing = things.make(amount=1 / 3)
        self.assertEqual(thing.db_get("amount"), 0.333333333)

    def test_json_goes_in_as_a_dict_and_comes_back_as_text(self):
        thing = things.make(facts={"a": 1})
        self.assertEqual(frappe.parse_json(thing.db_get("facts")), {"a": 1})

    def test_passwords_are_kept_aside(self):
        thing = things.make(secret="open sesame")
        self.assertEqual(thing.secret, "*" * len("open sesame"))
        self.assertEqual(thing.db_get("secret"), "*" * len("open sesame"))
        self.assertEqual(frappe.get_doc(things.THING, thing.name).get_password("secret"), "open sesame")
        thing.save()
        self.assertEqual(thing.get_password("secret"), "open sesame")

    def test_rows_keep_order_parent_and_number(self):
        thing = things.make(rows=[{"item": "a"}, {"item": "b"}, {"item": "c"}])
        self.assertEqual([row.idx for row in thing.rows], [1, 2, 3])
        self.assertEqual({row.parent for row in thing.rows}, {thing.name})
        kept = thing.rows[2].name
        thing.remove(thing.rows[0])
        thing.save()
        thing.reload()
        self.assertEqual([(row.item, row.idx) for row in thing.rows], [("b", 1), ("c", 2)])
        self.assertEqual(thing.rows[1].name, kept)
        self.assertEqual(frappe.db.count(things.ROW, {"parent": thing.name}), 2)
        thing.set("rows", [])
        thing.save()
        self.assertEqual(frappe.db.count(things.ROW, {"parent": thing.name}), 0)

    def test_rows_are_found_by_their_values(self):
        thing = things.make(rows=[{"item": "a", "qty": 2}, {"item": "b"}])
        self.assertEqual([row.item for row in thing.get("rows", {"qty": 2})], ["a"])
        self.assertEqual(thing.rows[0].parent_doc.name, thing.name)

    def test_as_dict_holds_all_columns_and_rows(self):
        thing = things.make(rows=[{"item": "a"}])
        values = thing.as_dict()
        self.assertEqual((values.doctype, values.title), (things.THING, "A thing"))
        self.assertEqual(values.rows[0]["item"], "a")
        self.assertIn("code", values)
        self.assertNotIn("code", thing.as_dict(no_nulls=True))

    def test_documents_are_copied_without_what_is_theirs_alone(self):
        thing = things.make(code=frappe.generate_hash(), rows=[{"item": "a"}])
        self.assertEqual(frappe.copy_doc(thing).code, thing.code)
        copied = frappe.copy_doc(thing, ignore_no_copy=False)
        self.assertTrue(copied.is_new())
        self.assertIsNone(copied.code)
        self.assertIsNone(copied.name)
        self.assertEqual(copied.rows[0].item, "a")
        self.assertNotEqual(copied.insert().name, thing.name)

    def test_missing_documents_raise(self):
        self.assertRaises(frappe.DoesNotExistError, frappe.get_doc, things.THING, "nothing")
        self.assertRaises(ImportError, frappe.get_doc, "No Such DocType", "nothing")
        self.assertRaises(frappe.DoesNotExistError, frappe.get_meta, "No Such DocType")

    def test_get_doc_takes_dicts_keywords_and_names(self):
        self.assertEqual(frappe.get_doc({"doctype": things.THING, "title": "one"}).title, "one")
        self.assertEqual(frappe.get_doc(doctype=things.THING, title="two").title, "two")
        thing = things.make()
        self.assertEqual(frappe.get_doc(things.THING, thing.name).name, thing.name)
        self.assertEqual(
            frappe.get_doc(things.THING, {"title": "A thing", "name": thing.name}).name, thing.name
        )
        self.assertEqual(frappe.get_last_doc(things.THING).name, thing.name)
        self.assertIs(frappe.get_doc(thing), thing)

    def test_cached_values_follow_the_document(self):
        thing = things.make(kind="A")
        self.assertEqual(frappe.get_cached_value(things.THING, thing.name, "kind"), "A")
        thing.kind = "B"
        thing.save()
        self.assertEqual(frappe.get_cached_value(things.THING, thing.name, "kind"), "B")
        frappe.db.set_value(things.THING, thing.name, "kind", "A")
        self.assertEqual(
            frappe.get_cached_value(things.THING, thing.name, ["kind", "title"]), ["A", "A thing"]
        )

    def test_comments_hang_on_documents(self):
        thing = things.make()
        thing.add_comment("Comment", "Looks good")
        comment = frappe.get_last_doc(
            "Comment", {"reference_doctype": things.THING, "reference_name": thing.name}
        )
        self.assertIn("Looks good", comment.content)

    def test_versions_tell_what_changed(self):
        thing = things.make(kind="A")
        thing.kind = "B"
        thing.save(ignore_version=False)
        version = frappe.get_last_doc("Version", {"ref_doctype": things.THING, "docname": thing.name})
        self.assertIn(["kind", "A", "B"], frappe.parse_json(version.data)["changed"])

    def test_singles_keep_and_give_typed_values(self):
        before = frappe.db.get_single_value("System Settings", "float_precision")
        self.addCleanup(frappe.db.set_single_value, "System Settings", "float_precision", before)
        settings = frappe.get_doc("System Settings")
        self.assertEqual(settings.name, "System Settings")
        self.assertEqual(
            frappe.db.get_single_value("System Settings", "setup_complete", cache=False) in (0, 1), True
        )
        frappe.db.set_single_value("System Settings", "float_precision", "4")
        self.assertEqual(frappe.db.get_single_value("System Settings", "float_precision"), "4")
