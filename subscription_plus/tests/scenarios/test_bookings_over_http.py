"""Credits and bookings over HTTP: what programs and the portal get, with the status that says why not."""

import frappe
from frappe.utils.password import update_password

from subscription_plus.sp_booking import feeds
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.booking import HALF_DAY, give, make_room, make_tickets, make_user
from subscription_plus.tests.support.web import PASSWORD, WebTestCase, make_keys

API = "/api/method/subscription_plus.api."


class TestOverHTTP(WebTestCase):
    def setUp(self) -> None:
        super().setUp()
        frappe.set_user("Administrator")
        masters.ensure()
        self.room = make_room()
        self.tickets = make_tickets(self.room)
        self.customer, self.other = (masters.make_customer().name for _number in range(2))
        self.user, self.stranger = make_user(self.customer), make_user(self.other)
        for user in (self.user, self.stranger):
            update_password(user, PASSWORD)
        self.keys = {user: "token " + ":".join(make_keys(user)) for user in (self.user, self.stranger)}
        give(self.customer, self.tickets, 1)
        give(self.other, self.tickets, 1)
        frappe.db.commit()
        self.day = str(frappe.utils.add_days(frappe.utils.nowdate(), 7))
        self.log_in(self.user)

    def verb(self, verb: str, method: str = "POST", /, **values):
        if method == "GET":
            return self.ask("GET", f"{API}{verb}", query_string=values)
        return self.ask(
            "POST", f"{API}{verb}", json=values, headers={"Authorization": self.keys[self.caller]}
        )

    def log_in(self, user: str) -> None:
        """Programs and portals alike: by token for what writes, by session for what reads."""
        self.caller = user
        super().log_in(user)

    def test_a_customer_books_until_a_clear_no(self) -> None:
        start = f"{self.day} 09:00:00"
        slots = self.verb("bookings.slots", "GET", items=self.room, uom=HALF_DAY, first=self.day)
        self.assertEqual(slots.status_code, 200, slots.text)
        self.assertEqual(slots.json["message"][self.room][0]["start"][:19].replace("T", " "), start)
        booked = self.verb("bookings.book", item=self.room, starts_on=start, uom=HALF_DAY)
        self.assertEqual(booked.status_code, 200, booked.text)
        taken = self.verb("bookings.book", item=self.room, starts_on=start, uom=HALF_DAY)
        self.assertEqual((taken.status_code, taken.json["exc_type"]), (409, "NotFree"))
        poor = self.verb("bookings.book", item=self.room, starts_on=f"{self.day} 13:00:00", uom=HALF_DAY)
        self.assertEqual((poor.status_code, poor.json["exc_type"]), (417, "NotEnoughCredits"))
        self.assertEqual(frappe.db.count("SP Item Booking", {"item": self.room}), 1)
        name = booked.json["message"]["name"]
        self.log_in(self.stranger)
        for verb, values in (
            ("bookings.cancel_booking", {"name": name}),
            ("bookings.cancel_booking", {"name": "BOOK-there-is-none"}),
            ("credits.buy_credits", {"credit_type": self.tickets, "customer": self.customer}),
            ("credits.grant", {"credit_type": self.tickets, "customer": self.other}),
        ):
            self.assertEqual(self.verb(verb, **values).status_code, 403, verb)
        self.assertEqual(self.ask("GET", f"/api/resource/SP Item Booking/{name}").status_code, 403)
        listed = self.ask("GET", "/api/resource/SP Item Booking")
        self.assertEqual((listed.status_code, listed.json["data"]), (200, []))
        self.log_in(self.user)
        self.assertEqual(self.verb("bookings.cancel_booking", name=name).status_code, 200)
        balance = self.verb("credits.balance", "GET")
        self.assertEqual(balance.json["message"][0]["available"], 1)

    def test_verbs_that_write_take_no_get_and_guests_nothing(self) -> None:
        self.assertEqual(self.verb("bookings.cancel_booking", "GET", name="x").status_code, 403)
        self.client.delete_cookie("sid")
        self.assertEqual(self.verb("credits.balance", "GET").status_code, 403)

    def test_a_feed_opens_for_anybody_with_its_signature(self) -> None:
        self.client.delete_cookie("sid")
        right = {"kind": "customer", "name": self.customer}
        good = self.verb("bookings.feed", "GET", **right, signature=feeds.signature(*right.values()))
        self.assertEqual((good.status_code, good.mimetype), (200, "text/calendar"))
        self.assertIn("BEGIN:VCALENDAR", good.text)
        bad = self.verb("bookings.feed", "GET", **right, signature="0" * 64)
        self.assertEqual(bad.status_code, 403)
