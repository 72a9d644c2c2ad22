"""Installing again and migrating change nothing; uninstalling takes the fields and leaves the documents."""

from unittest import mock

import frappe

from subscription_plus import install, uninstall
from subscription_plus.custom_fields import CUSTOM_FIELDS
from subscription_plus.email_templates import TEMPLATES
from subscription_plus.tests.support.billing import BillingCase, advance, at, counts, make_subscription

OURS = [(doctype, field["fieldname"]) for doctype, fields in CUSTOM_FIELDS.items() for field in fields]


def custom_fields() -> dict[tuple[str, str], str]:
    """Our custom fields on the site, with what tells whether one was touched."""
    rows = frappe.get_all(
        "Custom Field",
        filters={"fieldname": ("in", [name for _doctype, name in OURS])},
        fields=["dt", "fieldname", "label", "options", "insert_after"],
    )
    return {(row.dt, row.fieldname): f"{row.label}|{row.options}|{row.insert_after}" for row in rows}


class TestInstall(BillingCase):
    def tearDown(self) -> None:
        install.after_install()
        frappe.db.commit()
        super().tearDown()

    def test_installing_again_and_migrating_change_nothing(self) -> None:
        recurrences, before = frappe.db.count("SP Recurrence Period"), custom_fields()
        install.after_install()
        install.after_migrate()
        self.assertEqual(custom_fields(), before)
        self.assertEqual(set(before), set(OURS))
        self.assertEqual(frappe.db.count("SP Recurrence Period"), recurrences)

    def test_a_template_that_people_changed_stays_theirs(self) -> None:
        name = TEMPLATES["invoice_template"]["name"]
        installed = frappe.db.get_value("Email Template", name, "response_html")
        frappe.db.set_value("Email Template", name, "response_html", "<p>Ours</p>")
        install.after_migrate()
        uninstall.before_uninstall()
        self.assertEqual(frappe.db.get_value("Email Template", name, "response_html"), "<p>Ours</p>")
        frappe.db.set_value("Email Template", name, "response_html", installed)

    def test_settings_that_point_elsewhere_are_left_alone(self) -> None:
        own = frappe.get_doc(
            {
                "doctype": "Email Template",
                "name": f"SP Own {frappe.generate_hash(length=6)}",
                "subject": "Own",
            }
        ).insert()
        self.set_settings(renewal_template=own.name)
        install.after_migrate()
        self.assertEqual(frappe.db.get_single_value("SP Settings", "renewal_template"), own.name)

    def test_a_setting_that_came_with_an_update_has_its_default(self) -> None:
        for fieldname in ("price_notice_days", "accept_transfers"):
            frappe.db.delete("Singles", {"doctype": "SP Settings", "field": fieldname})
        self.set_settings(renewal_notice_days=0)
        frappe.clear_document_cache("SP Settings", "SP Settings")
        install.after_migrate()
        kept = [
            frappe.db.get_single_value("SP Settings", fieldname)
            for fieldname in ("price_notice_days", "accept_transfers", "renewal_notice_days")
        ]
        self.assertEqual(kept, [14, 1, 0])

    def test_uninstalling_takes_the_fields_and_leaves_documents_with_their_data(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01")
            advance(subscription)
        before = counts(subscription)
        uninstall.before_uninstall()
        self.assertEqual(custom_fields(), {})
        self.assertFalse(frappe.get_meta("Sales Order").has_field("sp_subscription"))
        install.after_install()
        self.assertEqual(set(custom_fields()), set(OURS))
        self.assertEqual(counts(subscription), before)

    def test_a_site_without_erpnext_is_refused(self) -> None:
        with (
            mock.patch.object(frappe.local.db, "exists", return_value=None),
            self.assert_refused("needs ERPNext"),
        ):
            install.before_install()
