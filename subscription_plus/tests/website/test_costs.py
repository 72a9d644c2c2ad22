"""How many queries the account's pages ask: as many for a member with much as for one with little."""

from unittest import mock

import frappe

from subscription_plus.tests.website.case import WebsiteCase

# The most of any page, session and website settings included.
MOST = 60
PAGES = ("", "/subscriptions", "/invoices", "/methods", "/credits", "/bookings")


class TestQueries(WebsiteCase):
    def queries(self, path: str) -> int:
        """How many queries a page asks, whatever thread asks them."""
        kind, count = type(frappe.local.db), []
        ask = kind.sql

        def counting(database, *args, **kwargs):
            count.append(args[:1])
            return ask(database, *args, **kwargs)

        self.page(path)  # what is asked once for all is cached now
        with mock.patch.object(kind, "sql", counting):
            self.page(path)
        return len(count)

    def test_more_rows_do_not_mean_more_queries(self) -> None:
        customer, user = self.member()
        subscriptions = [self.subscribed(customer)]
        self.booked(customer, user)
        self.log_in(user)
        few = {page: self.queries(f"/account{page}") for page in PAGES}
        for day in (8, 9, 10):
            subscriptions.append(self.subscribed(customer))
            self.booked(customer, user, day)
        many = {page: self.queries(f"/account{page}") for page in PAGES}
        for page in PAGES:
            with self.subTest(page):
                self.assertLessEqual(many[page], few[page] + 3, f"{few} {many}")
                self.assertLessEqual(many[page], MOST)
