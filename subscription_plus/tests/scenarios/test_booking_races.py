"""Many people at once: the last place of a room and the last credit are had by exactly one of them."""

from unittest import mock

import frappe

from subscription_plus.api import bookings
from subscription_plus.sp_booking import booking, rules
from subscription_plus.sp_booking.errors import NotEnoughCredits, NotFree
from subscription_plus.tests.support import billing, masters
from subscription_plus.tests.support.billing import advance, at, line, make_subscription
from subscription_plus.tests.support.booking import (
    HALF_DAY,
    HOUR,
    BookingCase,
    balance,
    give,
    make_credit_type,
    make_room,
    make_tickets,
    movements,
)
from subscription_plus.tests.support.threads import at_once

MANY = 50


class TestRaces(BookingCase):
    def test_the_last_place_of_a_room(self) -> None:
        room = make_room(places=2)
        with at("2024-03-04"):
            bookings.book(room, "2024-03-05 09:00", HALF_DAY, payment="Free")
            answers = at_once(
                *[lambda: bookings.book(room, "2024-03-05 09:00", HALF_DAY, payment="Free")["name"]] * MANY
            )
            won = [answer for answer in answers if isinstance(answer, str)]
            lost = [answer for answer in answers if not isinstance(answer, str)]
            self.assertEqual(len(won), 1, lost[:3])
            self.assertEqual({type(error) for error in lost}, {NotFree})
            self.assertEqual(frappe.db.count("SP Item Booking", {"item": room}), 2)

    def test_the_last_credit(self) -> None:
        rooms = [make_room() for _number in range(MANY)]
        tickets = make_credit_type([(room, HALF_DAY, 1) for room in rooms])
        with at("2024-03-04"):
            give(self.customer, tickets, 1)
            answers = at_once(
                *[
                    lambda room=room: bookings.book(
                        room, "2024-03-05 09:00", HALF_DAY, customer=self.customer
                    )
                    for room in rooms
                ]
            )
            lost = [answer for answer in answers if isinstance(answer, Exception)]
            self.assertEqual(len(lost), MANY - 1, lost[:3])
            self.assertEqual({type(error) for error in lost}, {NotEnoughCredits})
            self.assertEqual(movements(self.customer), [("Grant", 1), ("Use", -1)])
            self.assertEqual(frappe.db.count("SP Item Booking", {"customer": self.customer}), 1)
            self.assertEqual(balance(self.customer, tickets), 0)

    def test_a_booking_cancelled_twice_at_once_gives_back_once(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        with at("2024-03-04"):
            give(self.customer, tickets, 2)
            name = bookings.book(room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)["name"]
            at_once(*[lambda: bookings.cancel_booking(name)] * 8)
            self.assertEqual(movements(self.customer), [("Grant", 2), ("Use", -1), ("Refund", 1)])

    def test_a_rule_grants_once_for_any_number_of_workers(self) -> None:
        hours = make_credit_type([(make_room(), HOUR, 1)])
        with at("2024-03-04"):
            subscription = make_subscription(
                "2024-03-04",
                customer=self.customer,
                lines=[line(0)],
                credit_rules=[{"credit_type": hours, "quantity": 10, "frequency": "Monthly"}],
            )
            advance(subscription)
            frappe.db.delete("SP Booking Credit Entry", {"customer": self.customer})
            frappe.db.delete("SP Booking Credit", {"customer": self.customer})
            answers = at_once(*[lambda: rules.collect(subscription.name)] * 8)
            self.assertEqual(answers, [None] * 8)
            self.assertEqual(movements(self.customer), [("Grant", 10)])

    def test_an_invoice_grants_once_for_any_number_of_workers(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        ticket = frappe.db.get_value("SP Booking Credit Type", tickets, "item")
        with at("2024-03-04"):
            invoice = masters.make_sales_invoice(
                self.customer, [{"item_code": ticket, "qty": 4, "rate": 12}], date="2024-03-04"
            )
            masters.pay(invoice, date="2024-03-04")
            look = frappe.get_attr("subscription_plus.sp_booking.granting.look_at")
            at_once(*[lambda: look([invoice.name])] * 8)
            self.assertEqual(movements(self.customer), [("Grant", 4)])

    def test_two_subscriptions_for_the_last_desk(self) -> None:
        desk = make_room()
        customers = [masters.make_customer().name for _number in range(6)]
        recurrence, item = billing.make_recurrence(), masters.make_item().name
        with at("2024-03-04"):
            answers = at_once(
                *[
                    lambda customer=customer: make_subscription(
                        "2024-03-04",
                        customer=customer,
                        recurrence=recurrence,
                        lines=[line(30, item=item, booked_item=desk)],
                    ).name
                    for customer in customers
                ]
            )
            self.assertEqual(len([one for one in answers if isinstance(one, str)]), 1, answers)

    def test_a_failure_after_the_credits_were_taken_leaves_nothing(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        with at("2024-03-04"):
            give(self.customer, tickets, 2)
            frappe.db.commit()
            with (
                mock.patch.object(booking.using, "use", side_effect=RuntimeError("the disk is full")),
                self.assertRaises(RuntimeError),
            ):
                bookings.book(room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)
            self.assertEqual(frappe.db.count("SP Item Booking", {"item": room}), 0)
            self.assertEqual(movements(self.customer), [("Grant", 2)])
