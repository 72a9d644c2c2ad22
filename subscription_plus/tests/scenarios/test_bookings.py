"""Bookings: the house's rules, places, moving, cancelling, series, carts."""

import datetime as dt

import frappe
from frappe.utils import formatdate, get_datetime

from subscription_plus.api import bookings
from subscription_plus.sp_booking import abandoned, availability, booking, carts
from subscription_plus.sp_booking.errors import NotEnoughCredits, NotFree, TooLate
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import at, line, make_subscription
from subscription_plus.tests.support.booking import (
    DAY,
    HALF_DAY,
    HOUR,
    BookingCase,
    balance,
    book,
    give,
    make_calendar,
    make_room,
    make_tickets,
    make_user,
    movements,
)


class TestBooking(BookingCase):
    def free(self, room: str, uom: str, day: str) -> list[str]:
        found = availability.free([room], uom, get_datetime(day).date(), get_datetime(day).date())
        return [f"{slot.start:%H:%M}" for slot in found[room]]

    def test_a_taken_place_is_refused_and_not_offered(self) -> None:
        room = make_room()
        with at("2024-03-04"):
            book(room, "2024-03-05 09:00", HALF_DAY, payment="Free")
            self.assertEqual(self.free(room, HALF_DAY, "2024-03-05"), ["13:00"])
            with self.assertRaises(NotFree):
                book(room, "2024-03-05 12:00", HOUR, payment="Free")
            book(room, "2024-03-05 13:00", HOUR, payment="Free")
            self.assertEqual(self.free(room, HOUR, "2024-03-05"), ["14:00", "15:00", "16:00"])

    def test_places_are_counted_at_their_peak(self) -> None:
        room = make_room(places=2)
        with at("2024-03-04"):
            book(room, "2024-03-05 09:00", HOUR, payment="Free")
            book(room, "2024-03-05 11:00", HOUR, payment="Free")
            book(room, "2024-03-05 09:00", HALF_DAY, payment="Free")  # three overlap it, never two at once
            with self.assertRaises(NotFree):
                book(room, "2024-03-05 10:00", HALF_DAY, payment="Free", places=2)

    def test_customers_keep_to_hours_notice_and_horizon_staff_to_the_places_only(self) -> None:
        room = make_room(calendar=make_calendar(notice_minutes=120, horizon_days=10))
        tickets, user = make_tickets(room), make_user(self.customer)
        with at("2024-03-04", "09:30"):
            give(self.customer, tickets, 9)
            cases = (
                ("2024-03-05 16:00", "is closed"),
                ("2024-03-04 10:00", "is too soon"),
                ("2024-03-20 09:00", "too far ahead"),
            )
            frappe.set_user(user)
            for start, words in cases:
                with self.subTest(start), self.assert_refused(words):
                    book(room, start, HALF_DAY, customer=self.customer)
            frappe.set_user("Administrator")
            for start, _words in cases:
                book(room, start, HALF_DAY, customer=self.customer)

    def test_only_the_staff_book_without_paying(self) -> None:
        room, user = make_room(), make_user(self.customer)
        with at("2024-03-04"):
            frappe.set_user(user)
            with self.assertRaises(frappe.PermissionError):
                book(room, "2024-03-05 09:00", HALF_DAY, payment="Free", customer=self.customer)
            frappe.set_user("Administrator")
            self.set_settings(book_without_cart_role="Customer")
            frappe.set_user(user)
            self.assertEqual(
                book(room, "2024-03-05 09:00", payment="Free", customer=self.customer).status, "Confirmed"
            )

    def test_a_unit_it_is_not_booked_in_is_refused(self) -> None:
        with at("2024-03-04"), self.assert_refused("is booked by Hour, not by Day"):
            book(make_room(units=(HOUR,)), "2024-03-05 09:00", DAY, payment="Free")

    def test_the_hour_the_clock_repeats_is_refused(self) -> None:
        with at("2024-10-20"), self.assert_refused("clock changes"):
            book(make_room(), "2024-10-27 02:00", HOUR, payment="Free")

    def test_cancelling_in_time_gives_back_once_and_too_late_not_at_all(self) -> None:
        room, user = make_room(), make_user(self.customer)
        tickets = make_tickets(room)
        with at("2024-03-04", "08:00"):
            give(self.customer, tickets, 2)
            one = book(room, "2024-03-04 09:30", HALF_DAY, customer=self.customer)
            frappe.set_user(user)
            with self.assertRaises(frappe.ValidationError):
                booking.book(room, get_datetime("2024-03-04 09:30"), uom=HOUR, customer=self.customer)
            booking.cancel(one.name)
            booking.cancel(one.name)
            self.assertEqual(movements(self.customer), [("Grant", 2), ("Use", -1), ("Refund", 1)])
            two = book(room, "2024-03-04 09:30", HALF_DAY, customer=self.customer)
        with at("2024-03-04", "08:31"):
            frappe.set_user(user)
            with self.assertRaises(TooLate):
                booking.cancel(two.name)
            with self.assertRaises(TooLate):
                booking.move(two.name, get_datetime("2024-03-05 09:00"))
            frappe.set_user("Administrator")
            booking.cancel(two.name)
            self.assertEqual(balance(self.customer, tickets), 2)

    def test_moving_takes_the_new_time_and_frees_the_old_one(self) -> None:
        room = make_room()
        with at("2024-03-04"):
            one = book(room, "2024-03-05 09:00", HALF_DAY, payment="Free")
            book(room, "2024-03-05 13:00", HALF_DAY, payment="Free")
            booking.move(one.name, get_datetime("2024-03-06 09:00"))
            self.assertEqual(self.free(room, HALF_DAY, "2024-03-05"), ["09:00"])
            booking.move(one.name, get_datetime("2024-03-06 10:00"))  # its own old time is no hindrance
            with self.assertRaises(NotFree):
                booking.move(one.name, get_datetime("2024-03-05 10:00"))

    def test_moving_to_a_longer_time_settles_the_difference(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        with at("2024-03-04"):
            give(self.customer, tickets, 3)
            one = book(room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)
            booking.move(one.name, get_datetime("2024-03-06 09:00"), get_datetime("2024-03-06 17:00"))
            self.assertEqual(
                movements(self.customer), [("Grant", 3), ("Use", -1), ("Refund", 1), ("Use", -2)]
            )
            self.assertEqual(balance(self.customer, tickets), 1)

    def test_dragging_in_the_calendar_is_moving(self) -> None:
        room = make_room()
        with at("2024-03-04"):
            one = book(room, "2024-03-05 09:00", HALF_DAY, payment="Free")
            two = book(room, "2024-03-05 13:00", HALF_DAY, payment="Free")
            doc = frappe.get_doc("SP Item Booking", two.name)
            doc.starts_on, doc.ends_on = one.starts_on, one.ends_on
            with self.assertRaises(NotFree):
                doc.save()

    def test_a_form_without_an_end_lasts_one_unit(self) -> None:
        values = {"doctype": "SP Item Booking", "item": make_room(), "payment": "Free"}
        with at("2024-03-04"):
            doc = frappe.get_doc({**values, "starts_on": "2024-03-05 09:00:00", "uom": DAY}).insert()
            self.assertEqual((str(doc.ends_on), doc.units), ("2024-03-05 17:00:00", 1))
            with self.assert_refused("Say how long"):
                frappe.get_doc({**values, "starts_on": "2024-03-06 09:00:00"}).insert()

    def test_a_form_cannot_write_what_the_app_writes(self) -> None:
        room = make_room()
        with at("2024-03-04"):
            one = frappe.get_doc("SP Item Booking", book(room, "2024-03-05 09:00", payment="Free").name)
            one.status, one.credits, one.notes = "Cancelled", 5, "Bring chairs"
            one.save()
            self.assertEqual((one.status, one.credits, one.notes), ("Confirmed", 0, "Bring chairs"))

    def test_a_series_is_booked_whole_or_not_at_all(self) -> None:
        room = make_room()
        tickets = make_tickets(room)
        with at("2024-03-01"):
            give(self.customer, tickets, 3)
            made = booking.book_series(
                "FREQ=WEEKLY;COUNT=3",
                room,
                get_datetime("2024-03-22 09:00"),
                uom=HALF_DAY,
                customer=self.customer,
            )
            self.assertEqual(
                [str(one.starts_on)[:10] for one in made], ["2024-03-22", "2024-03-29", "2024-04-05"]
            )
            self.assertEqual({one.series for one in made[1:]}, {made[0].name})
            frappe.db.commit()
            with self.assertRaises(NotFree):
                booking.book_series(
                    "FREQ=DAILY;COUNT=4", room, get_datetime("2024-03-26 09:00"), uom=HALF_DAY, payment="Free"
                )
            frappe.db.rollback()
            self.assertEqual(frappe.db.count("SP Item Booking", {"item": room}), 3)
            with self.assert_refused("needs an end"):
                booking.book_series(
                    "FREQ=DAILY", room, get_datetime("2024-05-01 09:00"), uom=HOUR, payment="Free"
                )

    def test_the_rest_of_a_series_is_cancelled_whole_or_not_at_all(self) -> None:
        room, user = make_room(), make_user(self.customer)
        tickets = make_tickets(room)
        with at("2024-03-04"):
            give(self.customer, tickets, 3)
            more = {"uom": HALF_DAY, "customer": self.customer}
            one, two, three = booking.book_series(
                "FREQ=DAILY;COUNT=3", room, get_datetime("2024-03-05 09:00"), **more
            )
            frappe.db.commit()
        with at("2024-03-05"):
            self.as_user(user)
            with self.assertRaises(TooLate):
                bookings.cancel_series(one.name)
            self.assertEqual(balance(self.customer, tickets), 0)
            gone = bookings.cancel_series(two.name)
            self.assertEqual([row["name"] for row in gone], [two.name, three.name])
            self.assertEqual(balance(self.customer, tickets), 2)
            self.assertEqual(frappe.db.get_value("SP Item Booking", one.name, "status"), "Confirmed")


class TestCarts(BookingCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room()
        masters.make_item_price(self.room, 35, uom=HALF_DAY)
        frappe.get_doc("Item", self.room)
        frappe.db.set_value("Customer", self.customer, "default_price_list", masters.PRICE_LIST)
        frappe.db.set_single_value("Global Defaults", "default_company", masters.COMPANY)
        frappe.db.set_default("company", masters.COMPANY)

    def put(self, start: str):
        return book(self.room, start, HALF_DAY, payment="Cart", customer=self.customer)

    def test_cart_order_payment_invoice_and_the_booking_is_confirmed(self) -> None:
        with at("2024-03-04"):
            one, two = self.put("2024-03-05 09:00"), self.put("2024-03-05 13:00")
            self.assertEqual((one.status, one.quotation), ("In Cart", two.quotation))
            cart = frappe.get_doc("Quotation", one.quotation)
            self.assertEqual((len(cart.items), cart.grand_total), (2, 70))
            order = frappe.get_doc("Sales Order", carts.checkout(one.quotation))
            one.reload()
            self.assertEqual((one.status, one.sales_order), ("Tentative", order.name))
            masters.pay(order, date="2024-03-04")
            self.work_off()
            one.reload()
            self.assertEqual(one.status, "Confirmed")
            invoice = frappe.get_last_doc("Sales Invoice", {"customer": self.customer})
            self.assertEqual((invoice.status, invoice.outstanding_amount), ("Paid", 0))

    def test_a_cart_left_alone_gives_its_place_up(self) -> None:
        with at("2024-03-04", "09:00"):
            one = self.put("2024-03-05 09:00")
            quotation = one.quotation
            frappe.db.commit()
        with at("2024-03-04", "09:14"):
            self.assertEqual(abandoned.expire(), 0)
            with self.assertRaises(NotFree):
                book(self.room, "2024-03-05 09:00", HALF_DAY, payment="Free")
        with at("2024-03-04", "09:16"):
            frappe.db.rollback()
            # Free at once, whenever the job comes by.
            other = book(self.room, "2024-03-05 09:00", HALF_DAY, payment="Free")
            booking.cancel(other.name)
            abandoned.expire()
            one.reload()
            self.assertEqual(one.status, "Cancelled")
            self.assertFalse(frappe.db.exists("Quotation", quotation))

    def test_a_cancelled_order_frees_its_places(self) -> None:
        with at("2024-03-04"):
            one = self.put("2024-03-05 09:00")
            order = frappe.get_doc("Sales Order", carts.checkout(one.quotation))
            order.cancel()
            one.reload()
            self.assertEqual(one.status, "Cancelled")

    def test_without_a_price_nothing_goes_into_the_cart(self) -> None:
        room = make_room()
        with at("2024-03-04"), self.assert_refused("has no price by"):
            book(room, "2024-03-05 09:00", HALF_DAY, payment="Cart", customer=self.customer)

    def test_bought_tickets_come_when_the_order_is_paid(self) -> None:
        tickets = make_tickets(self.room)
        ticket = frappe.db.get_value("SP Booking Credit Type", tickets, "item")
        masters.make_item_price(ticket, 12)
        with at("2024-03-04"):
            order = frappe.get_doc("Sales Order", carts.buy(self.customer, ticket, 5))
            self.assertEqual((order.docstatus, order.grand_total), (1, 60))
            masters.pay(order, date="2024-03-04")
            self.work_off()
            self.assertEqual(balance(self.customer, tickets), 5)


class TestVenue(BookingCase):
    def hold(self, desk: str, qty: float, start: str = "2024-03-01", **values):
        lines = [line(30, qty, booked_item=desk, **values.pop("line", {}))]
        return make_subscription(start, lines=lines, **values)

    def places_free(self, desk: str, day: str) -> int:
        found = availability.free([desk], DAY, get_datetime(day).date(), get_datetime(day).date())[desk]
        return found[0].free if found else 0

    def test_lines_hold_their_quantity_to_the_last_day(self) -> None:
        desk = make_room(places=4)
        with at("2024-03-01"):
            self.hold(desk, 3, line={"to_date": "2024-03-31"})
            for day, free in (("2024-03-02", 1), ("2024-03-31", 1), ("2024-04-01", 4)):
                self.assertEqual(self.places_free(desk, day), free, day)
            with self.assertRaises(NotFree):
                book(desk, "2024-03-31 16:00", HOUR, payment="Free", places=2)
            book(desk, "2024-04-01 09:00", HOUR, payment="Free", places=2)

    def test_more_than_there_is_is_refused_when_the_subscription_is_saved(self) -> None:
        desk = make_room(places=4)
        with at("2024-03-01"):
            self.hold(desk, 3)
            with self.assert_refused(f"has 4 places; on {formatdate('2024-03-01')} 5 would be taken"):
                self.hold(desk, 2)
            self.hold(desk, 1)

    def test_a_booking_ahead_stands_in_the_way(self) -> None:
        desk = make_room(places=1)
        with at("2024-03-01"):
            book(desk, "2024-05-06 09:00", DAY, payment="Free")
            with self.assert_refused(f"on {formatdate('2024-05-06')} 2 would be taken"):
                self.hold(desk, 1)
            self.hold(desk, 1, line={"to_date": "2024-05-05"})

    def test_a_cancelled_subscription_frees_its_places_after_the_last_day(self) -> None:
        from subscription_plus.sp_billing import cancellation

        desk = make_room(places=1)
        with at("2024-03-01"):
            subscription = self.hold(desk, 1)
            frappe.db.commit()
            cancellation.cancel(subscription.name, "Date", dt.date(2024, 3, 20), None, None, False)
            self.assertEqual(self.places_free(desk, "2024-03-20"), 0)
            self.assertEqual(self.places_free(desk, "2024-03-21"), 1)


class TestPermissions(BookingCase):
    def test_customers_see_and_change_only_their_own(self) -> None:
        from subscription_plus.api import bookings, credits

        room = make_room()
        tickets = make_tickets(room)
        other = masters.make_customer().name
        with at("2024-03-04"):
            ada, bob = make_user(self.customer), make_user(other)
            for customer in (self.customer, other):
                give(customer, tickets, 2)
            own = book(room, "2024-03-05 09:00", HALF_DAY, customer=self.customer)
            frappe.db.commit()
            frappe.set_user(bob)
            for doctype in ("SP Item Booking", "SP Booking Credit", "SP Booking Credit Entry"):
                self.assertEqual(
                    {row.customer for row in frappe.get_list(doctype, fields=["customer"])} - {other}, set()
                )
            self.assertFalse(frappe.get_doc("SP Item Booking", own.name).has_permission("read"))
            for index, call in enumerate(
                (
                    lambda: bookings.cancel_booking(own.name),
                    lambda: bookings.move_booking(own.name, "2024-03-06 09:00"),
                    lambda: bookings.book(room, "2024-03-06 09:00", HALF_DAY, customer=self.customer),
                    lambda: credits.balance(self.customer),
                    lambda: credits.movements(self.customer),
                    lambda: credits.grant(other, tickets, 5),
                    lambda: frappe.get_doc(
                        {"doctype": "SP Booking Credit", "customer": other, "credit_type": tickets}
                    ).insert(),
                )
            ):
                with self.assertRaises(frappe.PermissionError, msg=str(index)):
                    call()
            frappe.set_user(ada)
            self.assertEqual(credits.balance()[0]["available"], 1)
            self.assertEqual(bookings.book(room, "2024-03-06 09:00", HALF_DAY)["credits"], 1)
            with self.assertRaises(NotEnoughCredits):
                bookings.book(room, "2024-03-07 09:00", HALF_DAY)
            bookings.cancel_booking(own.name)
            self.assertEqual(credits.balance()[0]["available"], 1)

    def test_a_guest_and_a_stranger_get_nothing(self) -> None:
        from subscription_plus.api import credits

        for user in ("Guest", make_user(masters.make_customer().name)):
            with self.subTest(user):
                frappe.set_user(user)
                with self.assertRaises(frappe.PermissionError):
                    credits.balance(self.customer)
