"""What the app relies on in `frappe.get_all`, its filters, and in the query builder."""

import datetime

import frappe
from frappe.query_builder import Case, DocType, Order
from frappe.query_builder.custom import ConstantColumn
from frappe.query_builder.functions import Coalesce, Count, IfNull, Max, Min, Sum
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import things


class QueryCase(FrappeTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        things.ensure()
        super().setUpClass()
        cls.mark = frappe.generate_hash(length=10)
        cls.names = [
            things.make(title=cls.mark, **values).name
            for values in (
                {"number": 1, "kind": "A", "day": "2024-01-31", "rows": [{"item": "desk", "qty": 2}]},
                {
                    "number": 2,
                    "kind": "B",
                    "day": "2024-02-29",
                    "moment": "2024-02-29 12:00:00",
                    "remark": "r",
                },
                {"number": 3, "kind": "B", "day": None, "amount": 2.5, "user": "Guest"},
            )
        ]
        frappe.db.set_value(things.THING, cls.names[2], "day", None)

    def numbers(self, filters=None, **options) -> list[int]:
        filters = [*(filters or []), ["title", "=", self.mark]]
        rows = frappe.get_all(things.THING, filters=filters, fields=["number"], order_by="number", **options)
        return [row.number for row in rows]


class TestGetAll(QueryCase):
    def test_filters_compare(self):
        for filters, numbers in (
            ([["number", ">", 1]], [2, 3]),
            ([["number", "in", [1, 3]]], [1, 3]),
            ([["number", "not in", [1, 3]]], [2]),
            ([["kind", "!=", "A"]], [2, 3]),
            ([["kind", "like", "%b%"]], [2, 3]),
            ([["day", ">=", "2024-02-01"]], [2]),
            ([["day", "=", datetime.date(2024, 1, 31)]], [1]),
            ([["day", "between", ["2024-01-01", "2024-02-29"]]], [1, 2]),
            ([["moment", "between", ["2024-02-29", "2024-02-29"]]], [2]),
            ([["day", "is", "set"]], [1, 2]),
            ([["day", "is", "not set"]], [3]),
            ([["remark", "is", "not set"]], [1, 3]),
            ([["user", "=", ""]], [1, 2]),
        ):
            with self.subTest(filters=filters):
                self.assertEqual(self.numbers(filters), numbers)

    def test_an_empty_column_counts_as_empty_text_or_an_early_date(self):
        self.assertEqual(self.numbers([["remark", "!=", "r"]]), [1, 3])
        self.assertEqual(self.numbers([["remark", "not in", ["r"]]]), [1, 3])
        self.assertEqual(self.numbers([["remark", "in", ["", "x"]]]), [1, 3])
        self.assertEqual(self.numbers([["day", "<", "2024-02-01"]]), [1, 3])

    def test_single_values_compare_plainly(self):
        """`frappe.db.get_value` and kin do not read an empty column as anything."""
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark, "remark": ("!=", "r")}), 0)
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark, "day": ("<", "2024-02-01")}), 1)
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark, "remark": None}), 2)
        self.assertEqual(frappe.db.count(things.THING, {"title": self.mark, "user": ("is", "not set")}), 2)

    def test_dicts_of_filters(self):
        rows = frappe.get_all(things.THING, filters={"title": self.mark, "number": ["<", 3]}, pluck="number")
        self.assertEqual(sorted(rows), [1, 2])

    def test_either_of_several(self):
        self.assertEqual(self.numbers(or_filters=[["number", "=", 1], ["amount", ">", 2]]), [1, 3])

    def test_rows_are_dicts_tuples_or_single_values(self):
        filters = {"title": self.mark, "number": 1}
        self.assertEqual(frappe.get_all(things.THING, filters=filters), [{"name": self.names[0]}])
        as_list = frappe.get_all(things.THING, filters=filters, fields=["number", "kind"], as_list=True)
        self.assertEqual(as_list, ((1, "A"),))
        self.assertEqual(frappe.get_all(things.THING, filters=filters, pluck="kind"), ["A"])
        row = frappe.get_all(things.THING, filters=filters, fields=["*"])[0]
        self.assertEqual((row.number, row.day), (1, datetime.date(2024, 1, 31)))

    def test_pages_in_order(self):
        pages = [self.numbers(limit=2), self.numbers(limit_start=2, limit_page_length=2)]
        self.assertEqual(pages, [[1, 2], [3]])

    def test_the_last_changed_comes_first_by_default(self):
        rows = frappe.get_all(things.THING, filters={"title": self.mark}, pluck="number")
        self.assertEqual(rows, [3, 2, 1])

    def test_fields_are_named_counted_and_summed(self):
        rows = frappe.get_all(
            things.THING,
            filters={"title": self.mark},
            fields=["kind as sort", "count(name) as many", "sum(number) as total"],
            group_by="kind",
            order_by="kind desc",
        )
        self.assertEqual(rows, [{"sort": "B", "many": 2, "total": 5}, {"sort": "A", "many": 1, "total": 1}])

    def test_rows_of_child_tables_and_values_behind_links(self):
        filters = {"title": self.mark}
        fields = ["number", "rows.item as item", "user.full_name as person"]
        rows = frappe.get_all(things.THING, filters=filters, fields=fields, order_by="number")
        self.assertEqual([(row.number, row.item) for row in rows], [(1, "desk"), (2, None), (3, None)])
        self.assertEqual(rows[2].person, "Guest")
        self.assertEqual(self.numbers([[things.ROW, "item", "=", "desk"]]), [1])
        parents = frappe.get_all(things.ROW, filters={"item": "desk", "qty": 2}, pluck="parent")
        self.assertIn(self.names[0], parents)

    def test_distinct(self):
        kinds = frappe.get_all(
            things.THING, filters={"title": self.mark}, distinct=True, pluck="kind", order_by="kind"
        )
        self.assertEqual(kinds, ["A", "B"])

    def test_lists_take_no_sub_query(self):
        self.assertRaises(
            frappe.DataError, frappe.get_list, things.THING, fields=["(select password from __Auth limit 1)"]
        )

    def test_unknown_fields_raise(self):
        with self.assertRaisesRegex(Exception, "no_such_field"):
            frappe.get_all(things.THING, fields=["no_such_field"])


class TestBuilder(QueryCase):
    def test_select_where_order_limit(self):
        thing = frappe.qb.DocType(things.THING)
        query = (
            frappe.qb.from_(thing)
            .select(thing.number, thing.day)
            .where((thing.title == self.mark) & ((thing.number > 1) | thing.day.isnull()))
            .orderby(thing.number, order=Order.desc)
            .limit(5)
        )
        self.assertEqual(query.run(), ((3, None), (2, datetime.date(2024, 2, 29))))
        self.assertEqual(query.run(as_dict=True)[1], {"number": 2, "day": datetime.date(2024, 2, 29)})
        self.assertEqual(query.run(pluck=True), [3, 2])

    def test_aggregates_keep_types(self):
        thing = DocType(things.THING)
        rows = (
            frappe.qb.from_(thing)
            .select(Count("*"), Max(thing.day), Min(thing.number), Sum(thing.amount))
            .where(thing.title == self.mark)
            .run()
        )
        self.assertEqual(rows, ((3, datetime.date(2024, 2, 29), 1, 2.5),))

    def test_joins_and_groups(self):
        thing, row = DocType(things.THING), DocType(things.ROW)
        rows = (
            frappe.qb.from_(row)
            .join(thing)
            .on(row.parent == thing.name)
            .select(thing.name, Sum(row.qty).as_("qty"))
            .where(thing.title == self.mark)
            .groupby(thing.name)
            .run(as_dict=True)
        )
        self.assertEqual(rows, [{"name": self.names[0], "qty": 2.0}])

    def test_cases_and_empty_values(self):
        thing = DocType(things.THING)
        label = Case().when(thing.number == 1, "one").else_("many")
        rows = (
            frappe.qb.from_(thing)
            .select(
                label, IfNull(thing.remark, ""), Coalesce(thing.user, thing.remark, "-"), ConstantColumn("x")
            )
            .where(thing.title == self.mark)
            .orderby(thing.number)
            .run()
        )
        self.assertEqual(rows, (("one", "", "-", "x"), ("many", "r", "r", "x"), ("many", "", "Guest", "x")))

    def test_values_go_beside_the_statement(self):
        thing = DocType(things.THING)
        nasty = 'it\'s `100%` \\ "so"'
        name = things.make(title=nasty).name
        query = frappe.qb.from_(thing).select(thing.name).where(thing.title == nasty)
        self.assertEqual(query.run(pluck=True), [name])
        statement, values = query.walk()
        self.assertNotIn(nasty, statement)
        self.assertIn(nasty, values.values())

    def test_update_delete_and_insert(self):
        thing = DocType(things.THING)
        name = things.make(title=self.mark + "x").name
        frappe.qb.update(thing).set(thing.number, thing.number + 5).where(thing.name == name).run()
        self.assertEqual(frappe.db.get_value(things.THING, name, "number"), 5)
        frappe.qb.from_(thing).delete().where(thing.name == name).run()
        self.assertFalse(frappe.db.exists(things.THING, name))
        frappe.qb.into(thing).columns("name", "title").insert(name, "again").run()
        self.assertEqual(frappe.db.get_value(things.THING, name, "title"), "again")

    def test_moments_compare_as_moments(self):
        thing = DocType(things.THING)
        noon = datetime.datetime(2024, 2, 29, 12)
        for condition, found in (
            (thing.moment == noon, [2]),
            (thing.moment >= noon, [2]),
            (thing.moment > noon - datetime.timedelta(hours=1), [2]),
            (thing.moment < noon, []),
            (thing.moment <= str(noon), [2]),
        ):
            query = frappe.qb.from_(thing).select(thing.number).where((thing.title == self.mark) & condition)
            self.assertEqual(query.run(pluck=True), found, str(condition))

    def test_subqueries(self):
        thing, row = DocType(things.THING), DocType(things.ROW)
        with_rows = frappe.qb.from_(row).select(row.parent).where(row.item == "desk")
        query = (
            frappe.qb.from_(thing)
            .select(thing.number)
            .where((thing.title == self.mark) & thing.name.isin(with_rows))
        )
        self.assertEqual(query.run(pluck=True), [1])

    def test_locks_are_asked_for(self):
        thing = DocType(things.THING)
        query = frappe.qb.from_(thing).select(thing.number).where(thing.name == self.names[0])
        self.assertEqual(query.for_update().run(pluck=True), [1])
        self.assertEqual(query.for_update(skip_locked=True).run(pluck=True), [1])

    def test_keyset_pages(self):
        thing = DocType(things.THING)
        last, seen = "", []
        while True:
            page = (
                frappe.qb.from_(thing)
                .select(thing.name)
                .where((thing.title == self.mark) & (thing.name > last))
                .orderby(thing.name)
                .limit(2)
                .run(pluck=True)
            )
            if not page:
                break
            seen += page
            last = page[-1]
        self.assertEqual(seen, sorted(self.names))
