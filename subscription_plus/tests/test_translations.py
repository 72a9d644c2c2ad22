"""Everything the app says to people is said in French too, and no DocType shows its prefix."""

from __future__ import annotations

import csv
import json
import re
import unittest

from subscription_plus.tests.support.messages import (
    APP,
    Message,
    all_messages,
    doctypes,
    of_javascript,
    of_json,
    of_python,
    of_template,
)

PREFIX = "SP "
KEPT = re.compile(r"\{\d*\}|</?\w+[^>]*>|\b(?:sk|rk)_\w*")


def rows(language: str) -> list[list[str]]:
    with (APP / "translations" / f"{language}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def translations(language: str) -> dict[Message, str]:
    """By text and context, as Frappe reads the file: source, translation and, where there is one, context."""
    return {Message(source, *context): translated for source, translated, *context in rows(language)}


class TestFrench(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.french = translations("fr")

    def test_everything_people_see_has_a_translation(self) -> None:
        missing = {
            message: file
            for message, file in all_messages().items()
            if message not in self.french and Message(message.text) not in self.french
        }
        self.assertEqual(missing, {}, "add them to translations/fr.csv")

    def test_placeholders_and_markup_are_kept(self) -> None:
        for message, translated in self.french.items():
            with self.subTest(message):
                self.assertEqual(
                    sorted(set(KEPT.findall(translated))), sorted(set(KEPT.findall(message.text)))
                )

    def test_no_date_with_time_is_described(self) -> None:
        """Frappe writes the time zone into such a description before it looks for the translation."""
        for path in APP.glob("*/doctype/*/*.json"):
            for field in json.loads(path.read_text(encoding="utf-8"))["fields"]:
                if field["fieldtype"] == "Datetime":
                    self.assertFalse(field.get("description"), f"{path.stem}: {field['fieldname']}")

    def test_no_doctype_shows_its_prefix(self) -> None:
        for name in doctypes():
            with self.subTest(name):
                self.assertFalse(self.french[Message(name)].startswith(PREFIX))


class TestEnglish(unittest.TestCase):
    def test_every_doctype_is_named_without_its_prefix(self) -> None:
        english = translations("en")
        for name in doctypes():
            with self.subTest(name):
                self.assertTrue(english.get(Message(name)), "add it to translations/en.csv")
                self.assertFalse(english[Message(name)].startswith(PREFIX))


class TestTheFiles(unittest.TestCase):
    def test_each_row_is_a_source_its_translation_and_at_most_a_context(self) -> None:
        for language in ("en", "fr"):
            for row in rows(language):
                with self.subTest(language, row=row):
                    self.assertIn(len(row), (2, 3))
                    self.assertTrue(all(cell and cell == cell.strip() for cell in row))

    def test_rows_are_sorted_and_none_stands_twice(self) -> None:
        for language in ("en", "fr"):
            with self.subTest(language):
                keys = [(source, *context) for source, _translated, *context in rows(language)]
                self.assertEqual(keys, sorted(set(keys)))


class TestTheReadersOfMessages(unittest.TestCase):
    def test_python_says_what_underscore_and_select_hold(self) -> None:
        source = """
throw(_("One {0}").format(_(status)))
frappe._("Two " "words", context="Somewhere")
field("at", "Select", "Now\\nLater")
"""
        self.assertEqual(
            set(of_python(source)),
            {
                Message("One {0}"),
                Message("Two words", "Somewhere"),
                Message("Now"),
                Message("Later"),
            },
        )

    def test_javascript_says_what_two_underscores_hold(self) -> None:
        source = """__("It's {0}", [f(day)]); __('Don\\'t'); __(doc.status, null, "SP Coupon"); __("To", null, "SP Line")"""
        self.assertEqual(
            set(of_javascript(source)), {Message("It's {0}"), Message("Don't"), Message("To", "SP Line")}
        )

    def test_templates_speak_both(self) -> None:
        source = """<p>{{ _("Pay {0}").format(amount) }}</p><script>alert(__("Paid"))</script>"""
        self.assertEqual(set(of_template(source)), {Message("Pay {0}"), Message("Paid")})

    def test_a_doctype_says_its_name_labels_descriptions_and_choices(self) -> None:
        source = """{"doctype": "DocType", "name": "SP Thing", "fields": [
            {"fieldname": "naming_series", "fieldtype": "Select", "label": "Series", "options": "T-.####"},
            {"fieldname": "kind", "fieldtype": "Select", "description": "Which", "options": "\\nNew\\nOld"},
            {"fieldname": "break", "fieldtype": "Column Break"}]}"""
        self.assertEqual(
            list(of_json(source)),
            [
                Message("SP Thing"),
                Message("Series", "SP Thing"),
                Message("Which", "SP Thing"),
                Message("New", "SP Thing"),
                Message("Old", "SP Thing"),
            ],
        )
