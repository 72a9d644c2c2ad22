"""What the app relies on in `frappe.utils`: dates, the site's clock, numbers, money, text, addresses, templates."""

import datetime

import frappe
import time_machine
from frappe import utils
from frappe.tests.utils import FrappeTestCase, change_settings


class TestDates(FrappeTestCase):
    def test_getdate_reads_what_comes(self):
        day = datetime.date(2024, 2, 29)
        for value in (
            "2024-02-29",
            "2024-02-29 10:00:00",
            datetime.datetime(2024, 2, 29, 10),
            day,
            "29 Feb 2024",
        ):
            with self.subTest(value=value):
                self.assertEqual(utils.getdate(value), day)
        self.assertEqual(utils.getdate(None), utils.getdate(utils.nowdate()))
        self.assertRaises(frappe.ValidationError, utils.getdate, "no date")

    def test_get_datetime(self):
        self.assertEqual(
            utils.get_datetime("2024-02-29 10:11:12"), datetime.datetime(2024, 2, 29, 10, 11, 12)
        )
        self.assertEqual(utils.get_datetime("2024-02-29"), datetime.datetime(2024, 2, 29))
        self.assertEqual(utils.get_datetime(datetime.date(2024, 2, 29)), datetime.datetime(2024, 2, 29))

    def test_adding_keeps_the_kind(self):
        self.assertEqual(utils.add_days("2024-02-28", 2), "2024-03-01")
        self.assertEqual(utils.add_days(datetime.date(2024, 2, 28), 2), datetime.date(2024, 3, 1))
        self.assertEqual(utils.add_months("2024-01-31", 1), "2024-02-29")
        self.assertEqual(utils.add_years("2024-02-29", 1), "2025-02-28")
        self.assertEqual(
            utils.add_to_date(datetime.datetime(2024, 1, 1, 10), hours=15), datetime.datetime(2024, 1, 2, 1)
        )

    def test_differences_and_ends(self):
        self.assertEqual(utils.date_diff("2024-03-01", "2024-02-01"), 29)
        self.assertEqual(utils.time_diff_in_seconds("2024-01-01 00:01:00", "2024-01-01 00:00:00"), 60)
        self.assertEqual(utils.get_first_day("2024-02-17"), datetime.date(2024, 2, 1))
        self.assertEqual(utils.get_last_day("2024-02-17"), datetime.date(2024, 2, 29))

    def test_the_sites_clock_follows_its_time_zone(self):
        late = datetime.datetime(2024, 6, 30, 22, 30, tzinfo=datetime.timezone.utc)
        paris = change_settings("System Settings", {"time_zone": "Europe/Paris"})
        with time_machine.travel(late, tick=True), paris:
            frappe.clear_document_cache("System Settings", "System Settings")
            self.assertEqual(utils.nowdate(), "2024-07-01")
            self.assertEqual(utils.now_datetime().hour, 0)
            self.assertIsNone(utils.now_datetime().tzinfo)
            self.assertTrue(utils.now().startswith("2024-07-01 00:30"))
            todo = frappe.get_doc({"doctype": "ToDo", "description": "late"}).insert()
            self.assertEqual(str(todo.creation)[:10], "2024-07-01")

    def test_dates_are_written_in_words_or_numbers(self):
        self.assertEqual(utils.formatdate("2024-02-09", "dd.mm.yyyy"), "09.02.2024")
        self.assertEqual(utils.formatdate("2024-02-09", "yyyy-mm-dd"), "2024-02-09")
        self.assertEqual(utils.formatdate(None), "")
        self.assertEqual(utils.global_date_format("2024-02-09"), "February 9, 2024")


class TestNumbers(FrappeTestCase):
    def test_casting(self):
        self.assertEqual([utils.flt(value) for value in ("1,234.5", None, "", "x", 2)], [1234.5, 0, 0, 0, 2])
        self.assertEqual([utils.cint(value) for value in ("3", "3.9", None, True, "x")], [3, 3, 0, 1, 0])
        self.assertEqual([utils.cstr(value) for value in (None, 1, "a")], ["", "1", "a"])

    def test_rounding(self):
        with change_settings("System Settings", {"rounding_method": "Banker's Rounding"}):
            self.assertEqual(
                [utils.flt(value, 2) for value in (1.005, 2.675, 0.125, 0.375)], [1.0, 2.68, 0.12, 0.38]
            )
            self.assertEqual([utils.rounded(value) for value in (0.5, 1.5, 2.5)], [0, 2, 2])
        with change_settings("System Settings", {"rounding_method": "Commercial Rounding"}):
            self.assertEqual([utils.flt(value, 2) for value in (1.005, 2.675, 0.125)], [1.01, 2.68, 0.13])
            self.assertEqual(utils.flt(-0.125, 2), -0.13)

    def test_money(self):
        with change_settings("System Settings", {"number_format": "#,###.##"}):
            self.assertEqual(utils.fmt_money(1234.5, precision=2), "1,234.50")
            self.assertEqual(utils.fmt_money(-0.5, precision=2), "-0.50")
            self.assertEqual(utils.fmt_money(1234567.891, precision=3), "1,234,567.891")
            self.assertEqual(utils.fmt_money(12, precision=2, currency="EUR"), "€ 12.00")
            self.assertEqual(utils.fmt_money(1234.5, precision=2, format="#.###,##"), "1.234,50")

    def test_values_are_formatted_by_their_field(self):
        self.assertEqual(frappe.format_value(1, {"fieldtype": "Int"}), 1)
        self.assertEqual(frappe.format_value(None, {"fieldtype": "Data"}), "")
        self.assertEqual(frappe.format_value(10, {"fieldtype": "Percent"}), "10.0%")
        self.assertEqual(frappe.format_value("a\nb", {"fieldtype": "Small Text"}), "a<br>b")


class TestText(FrappeTestCase):
    def test_lists_in_words(self):
        self.assertEqual(utils.comma_and(["a", "b", "c"], add_quotes=False), "a, b and c")
        self.assertEqual(utils.comma_and(["a"]), "a")
        self.assertEqual(utils.comma_and(["a", "b"]), "'a' and 'b'")

    def test_html(self):
        self.assertEqual(utils.strip_html("<p>a <b>b</b></p>"), "a b")
        self.assertEqual(utils.escape_html("<b>"), "&lt;b&gt;")

    def test_addresses(self):
        self.assertEqual(utils.validate_email_address("ada@example.com"), "ada@example.com")
        self.assertFalse(utils.validate_email_address("ada"))
        self.assertRaises(frappe.InvalidEmailAddressError, utils.validate_email_address, "ada", throw=True)
        self.assertEqual(utils.split_emails("a@b.c, d@e.f"), ["a@b.c", "d@e.f"])

    def test_links(self):
        link = utils.get_link_to_form("Sales Order", "SO/1", "one")
        self.assertIn("/app/sales-order/SO%2F1", link.replace("SO/1", "SO%2F1"))
        self.assertTrue(link.endswith(">one</a>"))
        self.assertTrue(utils.get_url("/plans").endswith("/plans"))
        self.assertTrue(utils.get_url().startswith("http"))

    def test_small_things(self):
        self.assertEqual(frappe.scrub("Sales Order-Item"), "sales_order_item")
        self.assertEqual(frappe.unscrub("sales_order"), "Sales Order")
        self.assertEqual(len(frappe.generate_hash(length=12)), 12)
        self.assertEqual(frappe.parse_json('{"a": 1}').a, 1)
        self.assertEqual(frappe.parse_json({"a": 1}), {"a": 1})
        self.assertIsNone(frappe._dict(a=1).b)
        self.assertEqual(utils.unique([1, 2, 1]), [1, 2])
        self.assertEqual(frappe.bold("x"), "<strong>x</strong>")

    def test_json(self):
        text = frappe.as_json({"b": datetime.date(2024, 1, 2), "a": datetime.timedelta(hours=9)})
        self.assertEqual(frappe.parse_json(text), {"a": "9:00:00", "b": "2024-01-02"})
        self.assertLess(text.index('"a"'), text.index('"b"'))

    def test_messages(self):
        frappe.clear_messages()
        frappe.msgprint("told", title="T", indicator="green")
        self.assertEqual(frappe.message_log[-1]["message"], "told")
        with self.assertRaisesRegex(frappe.ValidationError, "no"):
            frappe.throw("no")
        self.assertRaises(frappe.PermissionError, frappe.throw, "no", frappe.PermissionError)
        self.assertEqual(len(frappe.message_log), 3)
        frappe.clear_messages()

    def test_errors_carry_their_http_status(self):
        statuses = {
            "ValidationError": 417,
            "PermissionError": 403,
            "DoesNotExistError": 404,
            "DuplicateEntryError": 409,
            "AuthenticationError": 401,
            "RateLimitExceededError": 429,
            "CSRFTokenError": 400,
            "LinkExistsError": 417,
        }
        for name, status in statuses.items():
            self.assertEqual(getattr(frappe, name).http_status_code, status, name)

    def test_error_logs(self):
        try:
            raise ZeroDivisionError("by purpose")
        except ZeroDivisionError:
            log = frappe.log_error("A title")
        self.assertEqual(log.method, "A title")
        self.assertIn("by purpose", log.error)


class TestTemplates(FrappeTestCase):
    def test_text_is_rendered_in_a_sandbox(self):
        render = frappe.render_template
        self.assertEqual(render("Hello {{ doc.name }}", {"doc": frappe._dict(name="Ada")}), "Hello Ada")
        self.assertEqual(render("{{ _('Yes') }} {{ frappe.utils.flt('1.5') }}", {}), "Yes 1.5")
        self.assertEqual(render("{{ frappe.utils.add_days('2024-01-01', 1) }}", {}), "2024-01-02")
        self.assertRaises(frappe.ValidationError, render, "{{ doc.__class__ }}", {"doc": {}})
        self.assertRaises(frappe.ValidationError, render, "{% if %}", {})

    def test_unknown_names_stay_visible(self):
        self.assertEqual(frappe.render_template("a{{ nothing }}b", {}), "a{{ nothing }}b")

    def test_expressions(self):
        self.assertEqual(frappe.safe_eval("doc.a + 1", None, {"doc": frappe._dict(a=1)}), 2)
        with self.assertRaisesRegex(Exception, "__class__"):
            frappe.safe_eval("().__class__")

    def test_translations_fall_back_to_the_message(self):
        self.assertEqual(frappe._("Nothing like this is translated"), "Nothing like this is translated")


class TestCache(FrappeTestCase):
    def test_what_may_expire_is_read_anew_each_time_only_when_said(self):
        """Else a miss stays a miss until the request ends, whoever has written since."""
        for key, words in (("sp_contract_kept", {}), ("sp_contract_anew", {"expires": True})):
            frappe.cache.delete_value(key)
            self.assertIsNone(frappe.cache.get_value(key, **words))
            frappe.cache.set_value(key, 5, expires_in_sec=60)
            self.assertEqual(frappe.cache.get_value(key, **words), 5 if words else None)
            frappe.cache.delete_value(key)

    def test_what_does_not_expire_is_read_as_written(self):
        self.assertIsNone(frappe.cache.get_value("sp_contract_value"))
        frappe.cache.set_value("sp_contract_value", 5)
        self.assertEqual(frappe.cache.get_value("sp_contract_value"), 5)
        frappe.cache.delete_value("sp_contract_value")
        self.assertEqual(frappe.cache.get_value("sp_contract_value", lambda: 6), 6)
        frappe.cache.delete_value("sp_contract_value")
