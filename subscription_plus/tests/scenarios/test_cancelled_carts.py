"""Bookings that were ordered and are cancelled: off the order, else credited, refunded, or credits instead."""

import frappe

from subscription_plus.api import actions, bookings
from subscription_plus.sp_booking import checks, giving_back
from subscription_plus.sp_booking.errors import TooLate
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import at
from subscription_plus.tests.support.booking import (
    HALF_DAY,
    BookingCase,
    balance,
    book,
    give,
    make_room,
    make_tickets,
    make_user,
    movements,
)
from subscription_plus.tests.support.stripe import PaymentsCase


class CartCase(BookingCase):
    """A room for 35 the half-day, put into carts by a user of the customer."""

    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        masters.make_item_price(self.room, 35, uom=HALF_DAY)
        frappe.db.set_value("Customer", self.customer, "default_price_list", masters.PRICE_LIST)
        frappe.db.set_single_value("Global Defaults", "default_company", masters.COMPANY)
        frappe.db.set_default("company", masters.COMPANY)
        self.person = make_user(self.customer)

    def ordered(self, *starts: str) -> tuple[str, list[str]]:
        """The order of a cart with a half-day from each of these moments, requested; and its bookings."""
        made = [
            book(self.room, start, payment="Cart", customer=self.customer, user=self.person)
            for start in starts
        ]
        frappe.db.commit()
        order = bookings.checkout(made[0].quotation)["sales_order"]
        return order, [one.name for one in made]

    def paid(self, *starts: str) -> tuple[str, list[str]]:
        """The same, paid and invoiced: the invoice."""
        order, names = self.ordered(*starts)
        masters.pay(frappe.get_doc("Sales Order", order), date="2024-03-04")
        self.work_off()
        return frappe.get_last_doc("Sales Invoice", {"customer": self.customer}).name, names

    def cancel(self, name: str, user: str | None = None, **more) -> None:
        """By this user, or the staff; with what follows by itself."""
        frappe.set_user(user or "Administrator")
        try:
            bookings.cancel_booking(name, "Ill", **more)
        finally:
            frappe.set_user("Administrator")
        self.work_off()

    def state(self, name: str) -> tuple[str, str]:
        status, given_back = frappe.db.get_value("SP Item Booking", name, ["status", "given_back"])
        return status, given_back or ""

    def open_requests(self, order: str) -> list[float]:
        filters = {"reference_name": order, "docstatus": 1, "status": "Requested"}
        return frappe.get_all("Payment Request", filters=filters, pluck="grand_total")


class TestNotInvoicedYet(CartCase):
    def test_the_only_booking_cancels_the_order_and_its_request(self) -> None:
        with at("2024-03-04"):
            order, (name,) = self.ordered("2024-03-05 09:00")
            self.assertEqual(self.open_requests(order), [35])
            self.cancel(name, self.person)
            self.assertEqual(self.state(name), ("Cancelled", "Off the Order"))
            self.assertEqual(frappe.db.get_value("Sales Order", order, "docstatus"), 2)
            self.assertEqual(self.open_requests(order), [])

    def test_one_of_two_is_taken_off_and_the_rest_is_requested_anew(self) -> None:
        with at("2024-03-04"):
            order, (one, two) = self.ordered("2024-03-05 09:00", "2024-03-05 13:00")
            self.cancel(one, self.person)
            doc = frappe.get_doc("Sales Order", order)
            self.assertEqual((doc.docstatus, doc.grand_total, len(doc.items)), (1, 35, 1))
            self.assertEqual(self.open_requests(order), [35])
            self.assertEqual((self.state(one)[1], self.state(two)[0]), ("Off the Order", "Tentative"))
            masters.pay(doc, date="2024-03-04")
            self.work_off()
            self.assertEqual(self.state(two), ("Confirmed", ""))
            self.assertEqual(self.state(one), ("Cancelled", "Off the Order"))

    def test_paid_before_it_was_invoiced_is_invoiced_and_credited(self) -> None:
        with at("2024-03-04"):
            order, (name,) = self.ordered("2024-03-05 09:00")
            masters.pay(frappe.get_doc("Sales Order", order), date="2024-03-04")
            self.jobs.clear()
            self.cancel(name)
            self.assertEqual(self.state(name), ("Cancelled", "Credit Note"))

    def test_a_part_that_was_paid_is_left_to_people_who_are_told(self) -> None:
        with at("2024-03-04"):
            order, (name,) = self.ordered("2024-03-05 09:00")
            masters.pay(frappe.get_doc("Sales Order", order), 10, date="2024-03-04")
            self.work_off()
            self.cancel(name)
            self.assertEqual(self.state(name), ("Cancelled", "By Hand"))
            told = frappe.get_all(
                "Comment", {"reference_name": order, "comment_type": "Comment"}, pluck="content"
            )
            self.assertTrue(any(name in text for text in told), told)

    def test_an_order_the_staff_cancels_takes_its_request_with_it(self) -> None:
        with at("2024-03-04"):
            order, (name,) = self.ordered("2024-03-05 09:00")
            frappe.get_doc("Sales Order", order).cancel()
            self.assertEqual(self.state(name)[0], "Cancelled")
            self.assertEqual(self.open_requests(order), [])


class TestInvoiced(CartCase):
    def notes(self) -> list[tuple[str, float]]:
        rows = frappe.get_all(
            "Sales Invoice",
            filters={"customer": self.customer, "is_return": 1, "docstatus": 1},
            fields=["return_against", "grand_total"],
        )
        return [(row.return_against, row.grand_total) for row in rows]

    def test_in_time_it_is_credited_once_for_customer_and_staff(self) -> None:
        with at("2024-03-04"):
            for user in (self.person, None):
                with self.subTest(user):
                    invoice, names = self.paid("2024-03-05 09:00", "2024-03-05 13:00")
                    before = self.notes()
                    self.cancel(names[0], user)
                    self.cancel(names[0], user)
                    giving_back.look_at(names)
                    self.assertEqual([note for note in self.notes() if note not in before], [(invoice, -35)])
                    self.assertEqual(self.state(names[0]), ("Cancelled", "Credit Note"))
                    self.assertEqual(self.state(names[1]), ("Confirmed", ""))
                    note = frappe.db.get_value("SP Item Booking", names[0], "credit_note")
                    self.assertEqual(frappe.db.get_value("Sales Invoice", note, "return_against"), invoice)
                    self.cancel(names[1])
                    self.assertEqual(
                        [total for against, total in self.notes() if against == invoice], [-35, -35]
                    )

    def test_too_late_for_the_customer_and_the_staff_may_keep_what_was_paid(self) -> None:
        with at("2024-03-04", "08:45"):
            _invoice, (one, two) = self.paid("2024-03-04 09:00", "2024-03-04 13:00")
            frappe.set_user(self.person)
            with self.assertRaises(TooLate):
                bookings.cancel_booking(one)
            frappe.set_user("Administrator")
            self.assertEqual(self.offered_default(one), 0)
            self.assertEqual(self.offered_default(two), 1)
            self.cancel(one, give_back=0)
            self.assertEqual(self.state(one), ("Cancelled", "Kept"))
            self.assertEqual(self.notes(), [])
            # A customer in time cannot be kept from it, nor give it away by mistake.
            self.cancel(two, self.person, give_back=0)
            self.assertEqual(self.state(two), ("Cancelled", "Credit Note"))

    def offered_default(self, name: str) -> int:
        (cancel,) = [one for one in actions.of("SP Item Booking", name) if "cancel" in one["method"]]
        (field,) = [one for one in cancel["fields"] if one["fieldname"] == "give_back"]
        return field["default"]

    def test_credits_instead_where_the_settings_say_so(self) -> None:
        self.set_settings(cancelled_booking="Credits")
        tickets = make_tickets(self.room)
        with at("2024-03-04"):
            _invoice, (name,) = self.paid("2024-03-05 09:00")
            self.cancel(name, self.person)
            self.assertEqual((self.state(name)[1], self.notes()), ("Credits", []))
            self.assertEqual(balance(self.customer, tickets), 1)
            grant = frappe.get_last_doc("SP Booking Credit", {"customer": self.customer})
            self.assertEqual((grant.origin, grant.unit_value, grant.user), ("Refund", 35, self.person))

    def test_by_hand_where_the_settings_say_so(self) -> None:
        self.set_settings(cancelled_booking="By Hand")
        with at("2024-03-04"):
            _invoice, (name,) = self.paid("2024-03-05 09:00")
            self.cancel(name)
            self.assertEqual((self.state(name)[1], self.notes()), ("By Hand", []))

    def test_what_erpnext_refuses_frees_the_place_is_told_and_tried_again(self) -> None:
        with at("2024-03-04"):
            _invoice, (name,) = self.paid("2024-03-05 09:00")
            self.jobs.clear()
            bookings.cancel_booking(name)
            self.jobs.clear()
        with at("2024-03-04", "11:00"):
            self.assertIn(name, [one["name"] for one in checks.findings()])
            book(self.room, "2024-03-05 09:00", payment="Free")
            giving_back.catch_up()
            self.assertEqual(self.state(name)[1], "Credit Note")
            self.assertNotIn(name, [one["name"] for one in checks.findings()])

    def test_credits_that_the_staff_keeps_are_no_difference_for_the_nightly_check(self) -> None:
        tickets = make_tickets(self.room)
        with at("2024-03-04", "08:45"):
            give(self.customer, tickets, 2)
            name = book(self.room, "2024-03-04 09:00", customer=self.customer).name
            frappe.db.commit()
            bookings.cancel_booking(name, give_back=0)
            self.assertEqual(movements(self.customer), [("Grant", 2), ("Use", -1)])
            self.assertEqual(self.state(name), ("Cancelled", "Kept"))
            self.assertNotIn(name, [one["name"] for one in checks.findings()])


class TestRefunds(CartCase, PaymentsCase):
    def test_what_was_paid_by_card_goes_back_to_the_card(self) -> None:
        from subscription_plus.sp_payments import attempts, pages, settling

        self.set_settings(cancelled_booking="Credit Note and Refund")
        with at("2026-03-04"):
            order, names = self.ordered("2026-03-05 09:00", "2026-03-05 13:00")
            pages.open_for_request(frappe.db.get_value("Payment Request", {"reference_name": order}), False)
            attempt = frappe.get_last_doc(attempts.DOCTYPE, {"customer": self.customer})
            self.control.pay(attempt.session_id, "pm_card_visa")
            settling.ask(attempt.name)
            self.work_off()
            self.cancel(names[0], self.person)
            self.assertEqual(self.state(names[0]), ("Cancelled", "Refunded"))
            attempt.reload()
            self.assertEqual((attempt.status, attempt.refunded), ("Succeeded", 35))
            note = frappe.db.get_value("SP Item Booking", names[0], "credit_note")
            invoice = frappe.db.get_value("Sales Invoice", note, "return_against")
            for document in (note, invoice):
                self.assertEqual(frappe.db.get_value("Sales Invoice", document, "outstanding_amount"), 0)

    def test_what_was_paid_in_cash_is_credited_and_says_that_it_is_paid_back_by_hand(self) -> None:
        self.set_settings(cancelled_booking="Credit Note and Refund")
        with at("2024-03-04"):
            _invoice, (name,) = self.paid("2024-03-05 09:00")
            self.cancel(name)
            self.assertEqual(self.state(name), ("Cancelled", "Credit Note"))
            note = frappe.db.get_value("SP Item Booking", name, "credit_note")
            told = frappe.get_all(
                "Comment", {"reference_name": note, "comment_type": "Comment"}, pluck="content"
            )
            self.assertTrue(any("by hand" in text for text in told), told)
