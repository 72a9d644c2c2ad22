"""What the app relies on when ERPNext makes customers for website users."""

import frappe
from erpnext.portal.utils import create_customer_or_supplier, create_party_contact, party_exists
from frappe.tests.utils import FrappeTestCase

from subscription_plus.tests.support import masters, things


class TestCustomersMadeAtLogin(FrappeTestCase):
    def setUp(self) -> None:
        masters.ensure()
        frappe.db.set_single_value("Portal Settings", "default_role", "Customer")
        self.user = things.person("Customer", user_type="Website User")

    def tearDown(self) -> None:
        frappe.db.rollback()

    def made(self, user: str) -> list[str]:
        with self.set_user(user):
            create_customer_or_supplier()
        return frappe.get_all("Customer", {"owner": user}, pluck="name")

    def test_a_user_gets_one_and_a_contact_that_names_it(self) -> None:
        self.assertFalse(party_exists("Customer", self.user))
        first = self.made(self.user)
        self.assertEqual(len(first), 1)
        self.assertTrue(party_exists("Customer", self.user))
        self.assertEqual(self.made(self.user), first)

    def test_only_with_the_portals_role(self) -> None:
        self.assertEqual(self.made(things.person(user_type="Website User")), [])
        frappe.db.set_single_value("Portal Settings", "default_role", "")
        self.assertEqual(self.made(self.user), [])

    def test_a_contact_that_names_a_customer_is_enough(self) -> None:
        create_party_contact("Customer", "Ada", self.user, masters.make_customer().name)
        self.assertEqual(self.made(self.user), [])

    def test_a_portal_user_without_one_gets_a_second_customer(self) -> None:
        customer = masters.make_customer()
        customer.append("portal_users", {"user": self.user})
        customer.save()
        self.assertEqual(len(self.made(self.user)), 1)
