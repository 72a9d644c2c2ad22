"""Which customers a website user stands for, and that nobody becomes another one's user."""

import frappe
from erpnext.portal.utils import create_customer_or_supplier

from subscription_plus import permissions
from subscription_plus.erp import customers
from subscription_plus.overrides import user as on_user
from subscription_plus.tests.support import masters, things
from subscription_plus.tests.support.billing import advance, at, make_subscription, periods_of
from subscription_plus.tests.support.booking import BookingCase, make_user


def contact(user: str, customer: str):
    links = [{"link_doctype": "Customer", "link_name": customer}]
    emails = [{"email_id": user, "is_primary": 1}]
    return frappe.get_doc({"doctype": "Contact", "first_name": "Ada", "email_ids": emails, "links": links})


class TestTies(BookingCase):
    def log_in(self, user: str) -> list[str]:
        """What happens when a session begins; the customers afterwards."""
        with self.set_user(user):
            on_user.on_session_creation()
        return customers.of_user(user)

    def test_a_portal_user_stands_for_the_customer(self) -> None:
        self.assertEqual(customers.of_user(make_user(self.customer)), [self.customer])

    def test_a_contact_of_the_houses_making_ties_its_user_at_the_next_login(self) -> None:
        user = things.person(user_type="Website User")
        contact(user, self.customer).insert()
        self.assertEqual(customers.of_user(user), [])
        for _login in range(2):
            self.assertEqual(self.log_in(user), [self.customer])
        self.assertIn("Customer", frappe.get_roles(user))

    def test_a_contact_that_a_website_user_makes_ties_nobody(self) -> None:
        user = things.person(user_type="Website User")
        made = contact(user, self.customer).insert(ignore_permissions=True)
        frappe.db.set_value("Contact", made.name, "owner", user)
        self.assertEqual(self.log_in(user), [])

    def test_the_maker_of_a_contact_cannot_be_rewritten(self) -> None:
        user = things.person(user_type="Website User")
        made = contact(user, self.customer).insert(ignore_permissions=True)
        frappe.db.set_value("Contact", made.name, "owner", user)
        made.reload()
        made.owner = "Administrator"
        made.save()
        self.assertEqual(frappe.db.get_value("Contact", made.name, "owner"), user)
        self.assertEqual(self.log_in(user), [])

    def test_a_customer_that_erpnext_makes_for_a_website_user_is_that_users(self) -> None:
        user = things.person(user_type="Website User")
        frappe.db.set_value("Customer", self.customer, "owner", user)
        made = contact(user, self.customer).insert(ignore_permissions=True)
        frappe.db.set_value("Contact", made.name, "owner", user)
        self.assertEqual(self.log_in(user), [self.customer])

    def test_people_at_the_desk_are_tied_to_nobody(self) -> None:
        user = things.person("Sales User")
        contact(user, self.customer).insert()
        self.assertEqual(self.log_in(user), [])


class TestWhoseRecords(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        with at("2026-01-01"):
            self.subscription = make_subscription("2026-01-01", customer=self.customer)
            advance(self.subscription)
        self.own, self.stranger = make_user(self.customer), make_user(masters.make_customer().name)

    def test_roles_make_people_of_the_house_but_never_a_website_user(self) -> None:
        self.assertTrue(permissions.is_staff("SP Subscription", self.user("Sales User")))
        self.assertFalse(permissions.is_staff("SP Webhook Event", self.user("Sales User")))
        for user in (self.own, "Guest", self.user("Customer")):
            self.assertFalse(permissions.is_staff("SP Subscription", user), user)

    def test_a_site_that_lets_customers_read_subscriptions_shows_each_the_own_ones(self) -> None:
        for doctype in ("SP Subscription", "SP Billing Period", "SP Subscription Event"):
            frappe.permissions.add_permission(doctype, "Customer", 0)
            self.addCleanup(self.take_back, doctype)
        period = periods_of(self.subscription)[0].name
        for user, seen in ((self.own, True), (self.stranger, False)):
            with self.set_user(user):
                self.assertEqual(self.subscription.has_permission("read"), seen)
                self.assertFalse(self.subscription.has_permission("write"))
                self.assertEqual(frappe.get_doc("SP Billing Period", period).has_permission("read"), seen)
                for doctype in ("SP Billing Period", "SP Subscription Event"):
                    of_it = {"subscription": self.subscription.name}
                    self.assertEqual(bool(frappe.get_list(doctype, of_it)), seen, doctype)
                self.assertEqual(
                    bool(frappe.get_list("SP Subscription", {"name": self.subscription.name})), seen
                )

    def take_back(self, doctype: str) -> None:
        frappe.db.delete("DocPerm", {"parent": doctype, "role": "Customer"})
        if frappe.db.table_exists("Custom DocPerm"):  # where a bench keeps what a site changes
            frappe.db.delete("Custom DocPerm", {"parent": doctype})
        frappe.clear_cache(doctype=doctype)

    def test_the_own_record_is_handed_out_and_others_do_not_exist(self) -> None:
        with self.set_user(self.own):
            got = permissions.get_own("SP Subscription", self.subscription.name)
            self.assertEqual(got.customer, self.customer)
        for user, name in ((self.stranger, self.subscription.name), (self.own, "SUB-none"), ("Guest", "x")):
            with self.set_user(user), self.assertRaises(frappe.PermissionError):
                permissions.get_own("SP Subscription", name)
        with self.set_user(self.user("Sales User")), self.assertRaises(frappe.DoesNotExistError):
            permissions.get_own("SP Subscription", "SUB-none")


class TestACustomerMadeAtLogin(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        frappe.db.set_single_value("Portal Settings", "default_role", "Customer")

    def test_it_is_called_like_the_user_who_has_no_other(self) -> None:
        user = make_user(masters.make_customer().name)
        with self.set_user(user):
            made = frappe.new_doc("Customer")
            made.flags.ignore_mandatory = True
            made.insert(ignore_permissions=True)
        self.assertEqual(made.customer_name, "Ada")

    def log_in(self, user: str) -> list[str]:
        """What happens at a login, in Frappe's order; the user's customers afterwards."""
        on_user.on_login(frappe._dict(user=user))
        with self.set_user(user):
            create_customer_or_supplier()
            on_user.on_session_creation()
        return customers.of_user(user)

    def test_a_portal_user_gets_no_second_one(self) -> None:
        known, unknown = make_user(self.customer), make_user(self.customer)
        for name in frappe.get_all("Contact", {"email_id": unknown}, pluck="name"):
            frappe.delete_doc("Contact", name, force=True)
        if not frappe.db.exists("Contact", {"email_id": known}):
            emails = [{"email_id": known, "is_primary": 1}]
            frappe.get_doc({"doctype": "Contact", "first_name": "Ada", "email_ids": emails}).insert()
        for user in (known, unknown):
            for _login in range(2):
                self.assertEqual(self.log_in(user), [self.customer])
            self.assertEqual(frappe.db.count("Contact", {"email_id": user}), 1)
            self.assertFalse(frappe.db.exists("Customer", {"owner": user}))

    def test_a_contact_that_cannot_be_saved_keeps_nobody_out(self) -> None:
        user = make_user(self.customer)
        for name in frappe.get_all("Contact", {"email_id": user}, pluck="name"):
            frappe.delete_doc("Contact", name, force=True)
        gone = masters.make_customer()
        made = contact(user, gone.name).insert()
        frappe.db.set_value("Dynamic Link", made.links[0].name, {"link_doctype": "Item", "link_name": "gone"})
        on_user.on_login(frappe._dict(user=user))
        self.assertEqual(frappe.db.count("Error Log", {"reference_name": user}), 1)
        self.assertEqual(frappe.message_log, [])
        self.assertEqual(len(frappe.get_doc("Contact", made.name).links), 1)

    def test_a_user_of_no_customer_gets_one(self) -> None:
        user = things.person("Customer", user_type="Website User")
        made = self.log_in(user)
        self.assertEqual(frappe.get_all("Customer", {"owner": user}, pluck="name"), made)
        self.assertEqual(len(made), 1)
        self.assertEqual(self.log_in(user), made)
