"""Booking credits: bought, given, used, given back, expired, handed on; the ledger shows each move."""

import frappe

from subscription_plus.sp_booking import booking, checks, notices, using
from subscription_plus.sp_booking.errors import NotEnoughCredits
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import at
from subscription_plus.tests.support.booking import (
    DAY,
    HALF_DAY,
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


class TestTheDocumentedExample(BookingCase):
    def test_four_half_day_tickets_book_a_day_and_come_back(self) -> None:
        with at("2024-03-04"):
            room = make_room()
            tickets = make_tickets(room)
            ticket = frappe.db.get_value("SP Booking Credit Type", tickets, "item")
            invoice = masters.make_sales_invoice(
                self.customer, [{"item_code": ticket, "qty": 4, "rate": 12}], date="2024-03-04"
            )
            self.work_off()
            self.assertEqual(balance(self.customer, tickets), 0)  # not paid yet
            masters.pay(invoice, date="2024-03-04")
            self.work_off()
            self.assertEqual(balance(self.customer, tickets), 4)
            booked = book(room, "2024-03-06 09:00", DAY, customer=self.customer)
            self.assertEqual((booked.status, str(booked.ends_on)), ("Confirmed", "2024-03-06 17:00:00"))
            self.assertEqual(balance(self.customer, tickets), 2)
            booking.cancel(booked.name)
            self.assertEqual(balance(self.customer, tickets), 4)
            self.assertEqual(movements(self.customer), [("Grant", 4), ("Use", -2), ("Refund", 2)])


class TestBuying(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        self.tickets = make_tickets(self.room)
        self.ticket = frappe.db.get_value("SP Booking Credit Type", self.tickets, "item")

    def buy(self, qty: float = 4):
        return masters.make_sales_invoice(
            self.customer, [{"item_code": self.ticket, "qty": qty, "rate": 12}], date="2024-03-04"
        )

    def test_looking_again_and_again_grants_once(self) -> None:
        with at("2024-03-04"):
            invoice = self.buy()
            masters.pay(invoice, date="2024-03-04")
            self.work_off()
            for _ in range(3):
                frappe.get_attr("subscription_plus.sp_booking.granting.look_at")([invoice.name])
            self.assertEqual(movements(self.customer), [("Grant", 4)])
            grant = frappe.get_last_doc("SP Booking Credit", {"customer": self.customer})
            self.assertEqual(
                (grant.origin, grant.sales_invoice, grant.unit_value), ("Purchase", invoice.name, 12)
            )

    def test_at_submission_where_the_settings_say_so(self) -> None:
        self.set_settings(grant_credits_at="Submission")
        with at("2024-03-04"):
            self.buy()
            self.work_off()
            self.assertEqual(balance(self.customer, self.tickets), 4)

    def test_half_a_payment_grants_nothing(self) -> None:
        with at("2024-03-04"):
            masters.pay(self.buy(), 20, date="2024-03-04")
            self.work_off()
            self.assertEqual(movements(self.customer), [])

    def test_a_return_takes_back_what_is_left_and_says_what_was_used(self) -> None:
        from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

        with at("2024-03-04"):
            invoice = self.buy()
            masters.pay(invoice, date="2024-03-04")
            self.work_off()
            book(self.room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)
            note = make_sales_return(invoice.name)
            note.posting_date, note.set_posting_time = "2024-03-04", 1
            note.insert()
            note.submit()
            self.work_off()
            frappe.get_attr("subscription_plus.sp_booking.granting.look_at")([note.name])
            self.assertEqual(movements(self.customer), [("Grant", 4), ("Use", -1), ("Adjustment", -3)])
            comments = frappe.get_all(
                "Comment",
                filters={
                    "reference_doctype": "Sales Invoice",
                    "reference_name": note.name,
                    "comment_type": "Comment",
                },
                pluck="content",
            )
            self.assertTrue(any(text.startswith("1 of the 4") for text in comments), comments)

    def test_a_lost_job_is_made_up_for_at_night(self) -> None:
        with at("2024-03-04"):
            masters.pay(self.buy(), date="2024-03-04")
            self.jobs.clear()
            frappe.db.commit()
            self.assertIn("Sales Invoice", [one["doctype"] for one in checks.findings()])
            checks.catch_up()
            self.assertEqual(balance(self.customer, self.tickets), 4)


class TestUsing(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        self.tickets = make_tickets(self.room)

    def test_exactly_the_amount_the_earliest_end_first(self) -> None:
        with at("2024-03-04"):
            late = give(self.customer, self.tickets, 3)
            early = give(self.customer, self.tickets, 4, valid_until="2024-03-31")
            using.use(self.customer, self.tickets, 5)
            left = {name: frappe.db.get_value("SP Booking Credit", name, "balance") for name in (late, early)}
            self.assertEqual(left, {late: 2, early: 0})
            self.assertEqual(frappe.db.get_value("SP Booking Credit", early, "status"), "Used Up")

    def test_too_few_name_the_missing_number_and_the_ticket_and_leave_no_booking(self) -> None:
        with at("2024-03-04"):
            give(self.customer, self.tickets, 1)
            frappe.db.commit()
            with self.assertRaisesRegex(
                NotEnoughCredits, r"2 SP Credits .* are needed, 1 are there: 1 missing\. Buy SP Ticket"
            ):
                book(self.room, "2024-03-05 09:00", DAY, customer=self.customer)
            frappe.db.rollback()
            self.assertFalse(frappe.db.exists("SP Item Booking", {"customer": self.customer}))
            self.assertEqual(movements(self.customer), [("Grant", 1)])

    def test_a_users_own_credits_are_for_that_user(self) -> None:
        with at("2024-03-04"):
            ada, bob = make_user(self.customer), make_user(self.customer)
            give(self.customer, self.tickets, 2, user=ada)
            with self.assertRaises(NotEnoughCredits):
                using.use(self.customer, self.tickets, 1, user=bob)
            using.transfer(self.customer, self.tickets, 1, to_user=bob, from_user=ada)
            using.use(self.customer, self.tickets, 1, user=bob)
            self.assertEqual(movements(self.customer)[1:], [("Adjustment", -1), ("Grant", 1), ("Use", -1)])
            self.assertEqual(balance(self.customer, self.tickets), 1)

    def test_what_is_over_is_written_off_once(self) -> None:
        with at("2024-03-04"):
            give(self.customer, self.tickets, 3, valid_until="2024-03-10")
            frappe.db.commit()
        with at("2024-03-10"):
            using.expire_due()
            self.assertEqual(balance(self.customer, self.tickets), 3)
        with at("2024-03-11"):
            using.expire_due()
            using.expire_due()
            self.assertEqual(movements(self.customer), [("Grant", 3), ("Expiry", -3)])

    def test_credits_that_come_back_after_their_end_stay_expired_or_get_days(self) -> None:
        for days, expected in ((0, 0), (7, 2)):
            with self.subTest(days):
                self.set_settings(extend_expired_days=days)
                customer = masters.make_customer().name
                with at("2024-03-04"):
                    give(customer, self.tickets, 2, valid_until="2024-03-10")
                    booked = book(self.room, f"2024-03-2{days} 09:00", DAY, customer=customer)
                with at("2024-03-12"):
                    booking.cancel(booked.name)
                    self.assertEqual(balance(customer, self.tickets), expected)

    def test_a_notice_goes_out_once_before_the_end(self) -> None:
        with at("2024-03-04"):
            user = make_user(self.customer)
            grant = give(self.customer, self.tickets, 2, user=user, valid_until="2024-03-10")
            frappe.db.commit()
            notices.send_due()
            notices.send_due()
            mails = frappe.get_all("Email Queue", filters={"reference_name": grant}, pluck="name")
            self.assertEqual(len(mails), 1)
            self.assertEqual(frappe.get_doc("Email Queue", mails[0]).recipients[0].recipient, user)

    def test_the_ledger_and_grants_cannot_be_changed_or_deleted(self) -> None:
        with at("2024-03-04"):
            grant = frappe.get_doc("SP Booking Credit", give(self.customer, self.tickets, 2))
            grant.balance, grant.status = 99, "Used Up"
            grant.save()
            self.assertEqual((grant.balance, grant.status), (2, "Active"))
            with self.assertRaises(frappe.CannotChangeConstantError):
                grant.quantity = 5
                grant.save()
            with self.assert_refused("not deleted"):
                frappe.delete_doc("SP Booking Credit", grant.name)
            entry = frappe.get_last_doc("SP Booking Credit Entry", {"customer": self.customer})
            with self.assertRaises(frappe.PermissionError):
                entry.save()
            with self.assertRaises(frappe.PermissionError):
                entry.delete()


class TestPrices(BookingCase):
    def test_a_length_without_a_unit_costs_the_cheapest_exact_units(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        with at("2024-03-04"):
            give(self.customer, tickets, 9)
            cases = (("2024-03-05 09:00", "2024-03-05 17:00", 2), ("2024-03-06 09:00", "2024-03-06 13:00", 1))
            for start, end, cost in cases:
                self.assertEqual(book(room, start, "", ends_on=end, customer=self.customer).credits, cost)
            with self.assert_refused("cannot be booked with credits for this length"):
                book(room, "2024-03-07 09:00", "", ends_on="2024-03-07 10:30", customer=self.customer)

    def test_the_type_that_there_is_enough_of_is_taken(self) -> None:
        room = make_room()
        cheap, dear = make_credit_type([(room, HALF_DAY, 1)]), make_credit_type([(room, HALF_DAY, 3)])
        with at("2024-03-04"):
            give(self.customer, dear, 3)
            booked = book(room, "2024-03-05 09:00", customer=self.customer)
            self.assertEqual((booked.credit_type, booked.credits), (dear, 3))
            with self.assert_refused(f"1 {cheap} are needed, 0 are there"):
                book(room, "2024-03-06 09:00", customer=self.customer)

    def test_both_units_of_one_item_stay_and_a_twin_is_refused(self) -> None:
        room = make_room()
        tickets = frappe.get_doc("SP Booking Credit Type", make_tickets(room))
        self.assertEqual([(row.uom, row.credits) for row in tickets.conversions], [(HALF_DAY, 1), (DAY, 2)])
        tickets.append("conversions", {"item": room, "uom": DAY, "credits": 3})
        with self.assert_refused("is there twice"):
            tickets.save()
