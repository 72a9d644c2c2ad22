"""Bookings where something changes after them: clocks, units, items, subscriptions; and those that cross midnight."""

import frappe
from frappe.utils import get_datetime

from subscription_plus.api import bookings
from subscription_plus.sp_booking import availability, booking, rules, using
from subscription_plus.sp_booking.errors import NotEnoughCredits, NotFree
from subscription_plus.tests.support.billing import advance, at, line, make_subscription, pay_order
from subscription_plus.tests.support.booking import (
    DAY,
    HALF_DAY,
    HOUR,
    BookingCase,
    balance,
    book,
    give,
    make_credit_type,
    make_room,
    make_tickets,
    make_user,
    movements,
)


def always_open(room: str) -> None:
    frappe.db.set_value("Item", room, "sp_booking_calendar", None)


class TestNights(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        always_open(self.room)

    def test_a_night_that_crosses_midnight_takes_both_days_and_one_place(self) -> None:
        with at("2024-03-04"):
            book(self.room, "2024-03-05 22:00", HOUR, units=4, payment="Free")
            day = get_datetime("2024-03-06").date()
            free = availability.free([self.room], HOUR, day, day)[self.room]
            self.assertEqual(f"{free[0].start:%H:%M}", "02:00")
            with self.assertRaises(NotFree):
                book(self.room, "2024-03-06 01:00", HOUR, payment="Free")
            book(self.room, "2024-03-06 02:00", HOUR, payment="Free")

    def test_moved_into_the_night_the_clock_changes_it_stays_as_long_and_costs_the_same(self) -> None:
        hours = make_credit_type([(self.room, HOUR, 1)])
        with at("2024-03-04"):
            give(self.customer, hours, 8)
            one = book(self.room, "2024-03-05 22:00", HOUR, units=8, customer=self.customer)
            moved = booking.move(one.name, get_datetime("2024-03-30 22:00"))
            self.assertEqual(str(moved.ends_on), "2024-03-31 07:00:00")
            self.assertEqual((moved.units, moved.credits), (8, 8))
            self.assertEqual(movements(self.customer), [("Grant", 8), ("Use", -8)])

    def test_a_series_by_its_end_lasts_as_long_on_each_day(self) -> None:
        with at("2024-03-04"):
            made = booking.book_series(
                "FREQ=DAILY;COUNT=2",
                self.room,
                get_datetime("2024-03-29 22:00"),
                ends_on=get_datetime("2024-03-30 06:00"),
                payment="Free",
            )
            self.assertEqual([str(one.ends_on)[-8:] for one in made], ["06:00:00", "07:00:00"])


class TestWhatChangesAfterwards(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        self.tickets = make_tickets(self.room)
        self.person = make_user(self.customer)

    def booked(self) -> str:
        give(self.customer, self.tickets, 2)
        name = book(self.room, "2024-03-05 09:00", HALF_DAY, customer=self.customer).name
        frappe.db.commit()
        return name

    def test_an_item_that_is_booked_no_more_can_still_be_cancelled_and_gives_back(self) -> None:
        for field, value in (("disabled", 1), ("sp_bookable", 0)):
            with self.subTest(field), at("2024-03-04"):
                name = self.booked()
                frappe.db.set_value("Item", self.room, field, value)
                with self.assert_refused("cannot be booked"):
                    book(self.room, "2024-03-06 09:00", HALF_DAY, customer=self.customer)
                with self.assert_refused("cannot be booked"):
                    booking.move(name, get_datetime("2024-03-06 09:00"))
                frappe.db.rollback()
                frappe.db.set_value("Item", self.room, field, value)
                self.as_user(self.person)
                bookings.cancel_booking(name)
                frappe.set_user("Administrator")
                frappe.db.set_value("Item", self.room, {"disabled": 0, "sp_bookable": 1})
                frappe.db.commit()
        self.assertEqual(balance(self.customer, self.tickets), 4)

    def test_a_unit_that_became_longer_lets_what_is_booked_move_at_its_old_length_and_price(self) -> None:
        with at("2024-03-04"):
            name = self.booked()
            unit = {"parent": self.room, "parenttype": "Item", "uom": HALF_DAY}
            frappe.db.set_value("SP Booking Unit", unit, "minutes", 300)
            moved = booking.move(name, get_datetime("2024-03-06 09:00"))
            self.assertEqual((str(moved.ends_on), moved.units, moved.credits), ("2024-03-06 13:00:00", 1, 1))
            with self.assert_refused("no whole number"):
                booking.move(name, get_datetime("2024-03-06 09:00"), get_datetime("2024-03-06 12:00"))

    def test_moving_to_a_full_time_keeps_the_old_one_and_its_credits(self) -> None:
        with at("2024-03-04"):
            name = self.booked()
            book(self.room, "2024-03-06 09:00", DAY, payment="Free")
            frappe.db.commit()
            self.as_user(self.person)
            with self.assertRaises(NotFree):
                bookings.move_booking(name, "2024-03-06 09:00")
            frappe.set_user("Administrator")
            self.assertEqual(
                str(frappe.db.get_value("SP Item Booking", name, "starts_on")), "2024-03-05 09:00:00"
            )
            self.assertEqual(movements(self.customer), [("Grant", 2), ("Use", -1)])

    def test_moving_to_a_time_there_are_too_few_credits_for_changes_nothing(self) -> None:
        with at("2024-03-04"):
            name = self.booked()
            using.use(self.customer, self.tickets, 1)
            frappe.db.commit()
            with self.assertRaises(NotEnoughCredits):
                bookings.move_booking(name, "2024-03-06 09:00", "2024-03-06 17:00")
            self.assertEqual(frappe.db.get_value("SP Item Booking", name, "credits"), 1)
            self.assertEqual(balance(self.customer, self.tickets), 0)

    def test_an_item_without_places_cannot_be_saved_nor_booked(self) -> None:
        item = frappe.get_doc("Item", self.room)
        item.sp_capacity = 0
        with self.assert_refused("1 place or more"):
            item.save()
        frappe.db.set_value("Item", self.room, "sp_capacity", 0)
        with at("2024-03-04"), self.assertRaises(NotFree):
            book(self.room, "2024-03-05 09:00", payment="Free")


class TestSubscriptionsThatInclude(BookingCase):
    def member(self, **values) -> str:
        """A paid subscription from 4 March that includes the room, and ten credits a month for it."""
        self.room = make_room()
        self.tickets = make_tickets(self.room)
        credit_rules = [
            {"credit_type": self.tickets, "unlimited": 1, "frequency": "Once"},
            {"credit_type": self.tickets, "quantity": 10, "frequency": "Monthly"},
        ]
        subscription = make_subscription(
            "2024-03-04", customer=self.customer, lines=[line(30)], credit_rules=credit_rules, **values
        )
        advance(subscription)
        pay_order(subscription)
        advance(subscription)
        self.assertEqual(balance(self.customer, self.tickets), 10)
        return subscription.name

    def test_an_included_booking_cannot_be_moved_behind_the_subscriptions_end(self) -> None:
        with at("2024-03-04"):
            self.member(end_date="2024-04-03")
            one = book(self.room, "2024-04-02 09:00", payment="Subscription", customer=self.customer)
            booking.move(one.name, get_datetime("2024-04-03 09:00"))
            with self.assert_refused("No paid subscription"):
                booking.move(one.name, get_datetime("2024-04-04 09:00"))

    def test_what_dunning_restricts_books_nothing_until_it_is_open_again(self) -> None:
        with at("2024-03-04"):
            name = self.member()
            bought = give(self.customer, self.tickets, 1)
            frappe.db.set_value("SP Subscription", name, "restricted", 1)
            with self.assert_refused("No paid subscription"):
                book(self.room, "2024-03-05 09:00", payment="Subscription", customer=self.customer)
            with self.assertRaisesRegex(
                NotEnoughCredits,
                "2 .* are needed, 1 are there; 10 more can be used once what is owed is paid",
            ):
                book(self.room, "2024-03-06 09:00", DAY, customer=self.customer)
            frappe.db.delete("SP Item Booking", {"item": self.room})
            book(
                self.room, "2024-03-05 09:00", HALF_DAY, customer=self.customer
            )  # what was bought is paid for
            self.assertEqual(frappe.db.get_value("SP Booking Credit", bought, "balance"), 0)
        with at("2024-03-20"):
            self.assertEqual(rules.bring_up_to_date(name), [])
            frappe.db.set_value("SP Subscription", name, "restricted", 0)
            book(self.room, "2024-03-21 09:00", payment="Subscription", customer=self.customer)


class TestUsersOfOneCustomer(BookingCase):
    def test_own_credits_go_before_shared_ones_and_nobody_uses_anothers(self) -> None:
        room = make_room(places=5)
        tickets = make_tickets(room)
        ada, bob = make_user(self.customer), make_user(self.customer)
        with at("2024-03-04"):
            shared, adas = give(self.customer, tickets, 1), give(self.customer, tickets, 1, user=ada)
            frappe.db.commit()

            def book_as(user: str) -> str:
                frappe.set_user(user)
                try:
                    return bookings.book(room, "2024-03-05 09:00", HALF_DAY)["name"]
                finally:
                    frappe.set_user("Administrator")

            book_as(ada)
            self.assertEqual(frappe.db.get_value("SP Booking Credit", adas, "balance"), 0)
            book_as(bob)
            self.assertEqual(frappe.db.get_value("SP Booking Credit", shared, "balance"), 0)
            for user in (ada, bob):
                with self.assertRaises(NotEnoughCredits):
                    book_as(user)
            self.assertEqual(frappe.db.count("SP Item Booking", {"item": room}), 2)
