"""What the app relies on in `frappe.db`: single values, transactions, savepoints, locks."""

import threading
from contextlib import contextmanager

import frappe
from frappe.database.database import savepoint
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import things


@contextmanager
def another_connection():
    """Inside the block `frappe.db` is a second connection, as another user's request would have."""
    before = frappe.local.db
    frappe.connect(set_admin_as_user=False)
    other = frappe.local.db
    try:
        yield
    finally:
        other.rollback()
        other.close()
        frappe.local.db = before


class TestValues(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()
        cls.mark = frappe.generate_hash(length=10)
        cls.things = [
            things.make(title=cls.mark, number=number, kind=kind)
            for number, kind in ((1, "A"), (2, "B"), (3, "B"))
        ]

    def test_get_value_answers_one_value_a_tuple_or_a_dict(self):
        name = self.things[0].name
        self.assertEqual(frappe.db.get_value(things.THING, name, "number"), 1)
        self.assertEqual(frappe.db.get_value(things.THING, name, ["number", "kind"]), (1, "A"))
        self.assertEqual(frappe.db.get_value(things.THING, name, "kind", as_dict=True), {"kind": "A"})
        self.assertEqual(frappe.db.get_value(things.THING, name), name)
        self.assertIsNone(frappe.db.get_value(things.THING, "nothing", "number"))
        self.assertIsNone(frappe.db.get_value(things.THING, None, "number"))

    def test_get_value_takes_filters_and_the_latest_match(self):
        filters = {"title": self.mark, "kind": "B"}
        self.assertEqual(frappe.db.get_value(things.THING, filters, "number"), 3)
        self.assertEqual(frappe.db.get_value(things.THING, filters, "number", order_by="number asc"), 2)
        in_order = frappe.db.get_values(things.THING, filters, "number", order_by="number", pluck=True)
        self.assertEqual(in_order, [3, 2])  # descending, where no direction is written
        self.assertEqual(
            frappe.db.get_value(things.THING, {"title": self.mark, "number": (">", 2)}, "number"), 3
        )

    def test_exists_and_count(self):
        self.assertEqual(frappe.db.exists(things.THING, self.things[0].name), self.things[0].name)
        self.assertIsNone(frappe.db.exists(things.THING, "nothing"))
        self.assertIsNone(frappe.db.exists(things.THING, None))
        self.assertTrue(frappe.db.exists({"doctype": things.THING, "title": self.mark}))
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark}), 3)
        self.assertTrue(frappe.db.exists("DocType", things.THING))

    def test_set_value_by_name_and_by_filter(self):
        name = things.make(title="alone").name
        frappe.db.set_value(things.THING, name, {"number": 7, "remark": "seven"})
        self.assertEqual(frappe.db.get_value(things.THING, name, ["number", "remark"]), (7, "seven"))
        frappe.db.set_value(things.THING, {"title": self.mark}, "flag", 1)
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark, "flag": 1}), 3)

    def test_names_are_compared_without_case(self):
        self.assertEqual(frappe.db.get_value("User", "ADMINISTRATOR", "name"), "Administrator")
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark.upper()}), 3)

    def test_sql_takes_mysqldbs_placeholders(self):
        table = f"`tab{things.THING}`"
        rows = frappe.db.sql(f"select number from {table} where title = %s order by number", self.mark)
        self.assertEqual(rows, ((1,), (2,), (3,)))
        values = {"title": self.mark, "kinds": ("A", "C")}
        query = f"select number, kind from {table} where title = %(title)s and kind in %(kinds)s"
        self.assertEqual(frappe.db.sql(query, values, as_dict=True), [{"number": 1, "kind": "A"}])
        query = f"select kind, count(*) from {table} where title = %s group by kind order by kind"
        self.assertEqual(frappe.db.sql(query, (self.mark,), as_list=True), [["A", 1], ["B", 2]])
        query = f"select name from {table} where title like %s and ifnull(remark, '') = ''"
        self.assertEqual(len(frappe.db.sql(query, (f"{self.mark[:6]}%",), pluck=True)), 3)

    def test_escape_quotes(self):
        value = "it's 100%"
        self.assertEqual(frappe.db.sql(f"select {frappe.db.escape(value, percent=False)}")[0][0], value)

    def test_delete_takes_filters(self):
        name = things.make(title=self.mark, number=9).name
        frappe.db.delete(things.THING, {"title": self.mark, "number": 9})
        self.assertFalse(frappe.db.exists(things.THING, name))

    def test_tables_tell_their_columns(self):
        self.assertTrue(frappe.db.table_exists(things.THING))
        self.assertTrue(frappe.db.has_column(things.THING, "amount"))
        self.assertFalse(frappe.db.has_column(things.THING, "no_such_column"))
        self.assertIn("modified", frappe.db.get_table_columns(things.THING))

    def test_defaults(self):
        key = frappe.generate_hash(length=8)
        frappe.db.set_default(key, "x")
        self.assertEqual(frappe.db.get_default(key), "x")
        frappe.defaults.set_user_default(key, "mine")
        self.assertEqual(frappe.defaults.get_user_default(key), "mine")


class TestTransactions(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()

    def setUp(self) -> None:
        frappe.db.rollback()
        self.thing = things.make(number=0)
        frappe.db.commit()
        self.addCleanup(self.forget)

    def forget(self) -> None:
        frappe.db.rollback()
        frappe.db.delete(things.THING, {"name": self.thing.name})
        frappe.db.commit()

    def number(self) -> int:
        return frappe.db.get_value(things.THING, self.thing.name, "number")

    def set_number(self, number: int) -> None:
        frappe.db.set_value(things.THING, self.thing.name, "number", number)

    def test_rollback_forgets_and_commit_keeps(self):
        self.set_number(1)
        frappe.db.rollback()
        self.assertEqual(self.number(), 0)
        self.set_number(2)
        frappe.db.commit()
        frappe.db.rollback()
        self.assertEqual(self.number(), 2)

    def test_savepoints_nest_inside_a_transaction(self):
        self.set_number(1)
        frappe.db.savepoint("before_two")
        self.set_number(2)
        frappe.db.rollback(save_point="before_two")
        self.assertEqual(self.number(), 1)
        frappe.db.savepoint("kept")
        self.set_number(3)
        frappe.db.release_savepoint("kept")
        frappe.db.commit()
        self.assertEqual(self.number(), 3)

    def test_the_savepoint_block_undoes_what_raised(self):
        self.set_number(1)
        with savepoint(catch=frappe.ValidationError):
            self.set_number(2)
            frappe.throw("no")
        self.assertEqual(self.number(), 1)

    def test_callbacks_wait_for_the_end_of_the_transaction(self):
        heard = []
        frappe.db.before_commit.add(lambda: heard.append("before commit"))
        frappe.db.after_commit.add(lambda: heard.append("after commit"))
        frappe.db.after_rollback.add(lambda: heard.append("after rollback"))
        self.assertEqual(heard, [])
        frappe.db.commit()
        self.assertEqual(heard, ["before commit", "after commit"])
        frappe.db.after_commit.add(lambda: heard.append("never"))
        frappe.db.after_rollback.add(lambda: heard.append("after rollback"))
        frappe.db.rollback()
        frappe.db.commit()
        self.assertEqual(heard[2:], ["after rollback"])

    def test_another_connection_sees_only_what_is_committed(self):
        self.set_number(5)
        with another_connection():
            self.assertEqual(self.number(), 0)
        frappe.db.commit()
        with another_connection():
            self.assertEqual(self.number(), 5)

    def test_a_locked_row_makes_the_second_wait_and_then_see_the_first(self):
        """Two at once: read with the lock, add one, commit. Without the lock one of the additions is lost."""
        adders = [_Adder(frappe.local.site, frappe.local.sites_path, self.thing.name) for _ in range(4)]
        for adder in adders:
            adder.start()
        for adder in adders:
            adder.join(timeout=60)
        self.assertEqual([adder.error for adder in adders], [None] * 4)
        frappe.db.rollback()
        self.assertEqual(self.number(), 20)

    def test_who_does_not_want_to_wait_is_told(self):
        frappe.db.get_value(things.THING, self.thing.name, "number", for_update=True)
        with another_connection():
            self.assertRaises(
                (frappe.QueryTimeoutError, frappe.QueryDeadlockError),
                frappe.db.get_value,
                things.THING,
                self.thing.name,
                "number",
                for_update=True,
                wait=False,
            )
            skipped = frappe.db.get_value(
                things.THING, self.thing.name, "number", for_update=True, skip_locked=True
            )
            self.assertIsNone(skipped)

    def test_a_primary_key_admits_one(self):
        name = frappe.generate_hash(length=10)
        things.build().insert(set_name=name)
        frappe.db.savepoint("second")
        with self.assertRaises(frappe.DuplicateEntryError):
            things.build().insert(set_name=name)
        frappe.db.rollback(save_point="second")
        things.build().insert(set_name=name, ignore_if_duplicate=True)
        self.assertEqual(frappe.db.count(things.THING, {"name": name}), 1)

    def test_get_doc_for_update_locks(self):
        thing = frappe.get_doc(things.THING, self.thing.name, for_update=True)
        thing.number = 8
        thing.save()
        self.assertEqual(self.number(), 8)

    def test_the_isolation_level_can_be_set_on_mariadb(self):
        if frappe.db.db_type == "mariadb":
            frappe.db.sql("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED")
            frappe.db.commit()

    def test_a_rolled_back_document_is_not_remembered(self):
        frappe.get_cached_doc(things.THING, self.thing.name)
        self.thing.reload()
        self.thing.number = 4
        self.thing.save()
        frappe.db.rollback()
        self.assertEqual(frappe.get_doc(things.THING, self.thing.name).number, 0)

    def test_queries_can_be_counted(self):
        with self.assertQueryCount(1):
            self.number()
        with self.assertRaises(AssertionError), self.assertQueryCount(1):
            self.number()
            self.number()


class _Adder(threading.Thread):
    """Adds five, one at a time, each under the row's lock, on a connection of its own."""

    def __init__(self, site: str, sites_path: str, name: str):
        super().__init__()
        self.site, self.sites_path, self.thing = site, sites_path, name
        self.error = None

    def run(self) -> None:
        try:
            frappe.init(self.site, sites_path=self.sites_path)
            frappe.connect()
            for _ in range(5):
                number = frappe.db.get_value(things.THING, self.thing, "number", for_update=True)
                frappe.db.set_value(things.THING, self.thing, "number", number + 1)
                frappe.db.commit()
        except Exception as error:
            self.error = error
        finally:
            frappe.destroy()
