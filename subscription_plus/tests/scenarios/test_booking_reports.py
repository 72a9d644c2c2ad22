"""What people read and subscribe to: reports on credits and bookings, the calendar, feeds, verbs on forms."""

import frappe

from subscription_plus.api import actions, bookings
from subscription_plus.sp_booking import booking, checks, feeds, using
from subscription_plus.tests.support.billing import at, line, make_subscription
from subscription_plus.tests.support.booking import (
    DAY,
    HALF_DAY,
    HOUR,
    BookingCase,
    book,
    give,
    make_room,
    make_tickets,
    make_user,
)

REPORTS = "subscription_plus.sp_booking.report."


def run(name: str, **filters) -> list:
    """A report's rows."""
    return frappe.get_attr(f"{REPORTS}{name}.{name}.execute")(frappe._dict(filters))[1]


class TestReports(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        self.tickets = make_tickets(self.room)
        frappe.db.set_value("SP Booking Credit Type", self.tickets, "credit_value", 10)
        with at("2024-03-04"):
            give(self.customer, self.tickets, 4, origin="Import", valid_until="2024-03-20")
        with at("2024-03-06"):
            self.booked = book(self.room, "2024-03-07 09:00", DAY, customer=self.customer)

    def test_the_balance_at_any_date(self) -> None:
        for day, expected in (("2024-03-03", []), ("2024-03-05", [4]), ("2024-03-06", [2])):
            rows = run("booking_credit_balance", until=day, customer=self.customer)
            self.assertEqual([row.credits for row in rows], expected, day)

    def test_what_is_owed_in_credits(self) -> None:
        rows = run("booking_credit_liability", until="2024-03-06", customer=self.customer)
        self.assertEqual([(row.origin, row.credits, row.amount) for row in rows], [("Import", 2, 20)])

    def test_movements_with_the_balance_after_each(self) -> None:
        rows = run("booking_credit_movements", since="2024-03-05", until="2024-03-31", customer=self.customer)
        self.assertEqual([(row.kind, row.credits, row.balance) for row in rows], [("Use", -2, 2)])

    def test_what_ends_soon(self) -> None:
        with at("2024-03-10"):
            rows = run("booking_credits_expiring", days=10, customer=self.customer)
            self.assertEqual([row.balance for row in rows], [2])
            self.assertEqual(run("booking_credits_expiring", days=9, customer=self.customer), [])

    def test_occupancy_by_item_and_week(self) -> None:
        rows = run("booking_occupancy", since="2024-03-04", until="2024-03-17", item=self.room)
        shown = [(str(row.week), row.open_hours, row.taken_hours, row.percent) for row in rows]
        self.assertEqual(shown, [("2024-03-04", 56, 8, 14.3), ("2024-03-11", 56, 0, 0)])

    def test_the_check_finds_a_balance_written_by_hand_and_is_empty_otherwise(self) -> None:
        mine = {
            self.booked.name,
            self.room,
            *frappe.get_all("SP Booking Credit", {"customer": self.customer}, pluck="name"),
        }
        self.assertEqual([one for one in checks.findings() if one["name"] in mine], [])
        grant = frappe.get_last_doc("SP Booking Credit", {"customer": self.customer})
        frappe.db.set_value("SP Booking Credit", grant.name, "balance", 99)
        with at("2024-03-06"):
            frappe.db.set_value("Item", self.room, "sp_capacity", 0)
            found = {one["name"]: one for one in checks.findings() if one["name"] in mine}
        self.assertEqual(set(found), {grant.name, self.room})
        self.assertTrue(all(one["problem"] and one["advice"] for one in found.values()))


class TestCalendars(BookingCase):
    def test_the_desks_calendar_shows_what_is_not_cancelled(self) -> None:
        room = make_room()
        with at("2024-03-04"):
            one = book(room, "2024-03-05 09:00", HOUR, payment="Free")
            booking.cancel(book(room, "2024-03-05 10:00", HOUR, payment="Free").name)
            rows = bookings.calendar("2024-03-05", "2024-03-05", {"item": room})
            self.assertEqual([row["name"] for row in rows], [one.name])
            self.assertEqual(bookings.calendar("2024-03-06", "2024-03-06", {"item": room}), [])

    def test_the_desks_calendar_shows_what_subscriptions_hold_to_the_last_day(self) -> None:
        desk = make_room(places=4)
        with at("2024-03-04"):
            lines = [line(30, 2, booked_item=desk, to_date="2024-03-20")]
            subscription = make_subscription("2024-03-04", lines=lines)
            (row,) = bookings.calendar("2024-03-11", "2024-03-31", {"item": desk})
            self.assertEqual((row["doctype"], row["name"]), ("SP Subscription", subscription.name))
            self.assertEqual(
                (str(row["starts_on"])[:10], str(row["ends_on"])[:10]), ("2024-03-11", "2024-03-20")
            )
            self.assertIn("2 × ", row["title"])
            self.assertEqual(bookings.calendar("2024-03-21", "2024-03-31", {"item": desk}), [])
            self.assertEqual(bookings.calendar("2024-03-11", "2024-03-31", {"customer": self.customer}), [])

    def test_a_feed_is_valid_says_utc_and_opens_with_its_signature_only(self) -> None:
        room = make_room()
        with at("2024-03-04"):
            tickets = make_tickets(room)
            give(self.customer, tickets, 4)
            frappe.db.set_value("Item", room, "item_name", "Salle, bleue; " + "é" * 60)
            one = book(room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)
            two = book(room, "2024-07-05 09:00", HALF_DAY, customer=self.customer)
            booking.cancel(book(room, "2024-03-06 09:00", HALF_DAY, customer=self.customer).name)
            text = feeds.text("customer", self.customer)
        self.assertTrue(text.startswith("BEGIN:VCALENDAR\r\n") and text.endswith("END:VCALENDAR\r\n"))
        self.assertTrue(all(len(line.encode()) <= 75 for line in text.split("\r\n")))
        unfolded = text.replace("\r\n ", "")
        self.assertEqual(unfolded.count("BEGIN:VEVENT"), 2)
        self.assertIn("DTSTART:20240305T080000Z", unfolded)
        self.assertIn("DTSTART:20240705T070000Z", unfolded)  # summer time
        self.assertIn("SUMMARY:Salle\\, bleue\\; é", unfolded)
        self.assertIn(f"UID:{one.name}@", unfolded)
        self.assertIn(f"UID:{two.name}@", unfolded)
        with self.assertRaises(frappe.PermissionError):
            feeds.answer("customer", self.customer, feeds.signature("item", self.customer))

    def test_a_customer_gets_the_link_of_the_own_feed_only(self) -> None:
        with at("2024-03-04"):
            frappe.set_user(make_user(self.customer))
            self.assertIn(feeds.signature("customer", self.customer), bookings.feed_link())
            with self.assertRaises(frappe.PermissionError):
                bookings.feed_link(item=make_room.__name__)


class TestVerbsOnForms(BookingCase):
    def test_every_offered_verb_is_there_and_does_its_work(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        with at("2024-03-04"):
            grant = give(self.customer, tickets, 4)
            one = book(room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)
            frappe.db.commit()
            move, cancel, *addresses = actions.of("SP Item Booking", one.name)
            for offer in addresses:
                self.assertIn("signature=", frappe.get_attr(offer["method"])(**offer["args"]))
            frappe.get_attr(move["method"])(**move["args"], starts_on="2024-03-06 13:00:00")
            frappe.get_attr(cancel["method"])(**cancel["args"], reason="Ill")
            self.assertEqual(actions.of("SP Item Booking", one.name), [])
            adjust, hand_on = actions.of("SP Booking Credit", grant)
            frappe.get_attr(adjust["method"])(**adjust["args"], credits=-1, reason="Broken projector")
            user = make_user(self.customer)
            frappe.get_attr(hand_on["method"])(**hand_on["args"], credits=2, to_user=user)
            using.use(self.customer, tickets, 3, user=user)
            rows = frappe.get_all("SP Booking Credit", {"customer": self.customer}, pluck="balance")
            self.assertEqual(sum(rows), 0)
