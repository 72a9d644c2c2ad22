"""Stories about the booking page: what is free, in words and links; booking, the last place, missing credits, the cart."""

import frappe
from frappe.utils import add_days, get_datetime, nowdate
from frappe.utils.password import update_password
from werkzeug.test import Client

from subscription_plus.sp_billing.transactions import in_own_transaction
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.booking import (
    DAY,
    HALF_DAY,
    balance,
    give,
    make_room,
    make_tickets,
    make_user,
)
from subscription_plus.tests.support.pages import words
from subscription_plus.tests.support.shop import ShopCase
from subscription_plus.tests.support.threads import at_once
from subscription_plus.tests.support.web import PASSWORD
from subscription_plus.website import booking

BOOK = "booking.book"


class TestBookingPage(ShopCase):
    def setUp(self) -> None:
        super().setUp()
        self.room = make_room(places=2)
        self.tickets = make_tickets(self.room)
        give(self.customer, self.tickets, 3)
        masters.make_item_price(self.room, 12, uom=HALF_DAY)
        self.commit()
        self.route = frappe.db.get_value("Item", self.room, "sp_route")
        self.day = add_days(nowdate(), 7)

    def page(self, view: str = "day", slot: str = "", **more) -> str:
        given = {"unit": HALF_DAY, "view": view, "date": self.day, **more}
        if slot:
            given["slot"] = f"{self.day}T{slot}"
        return self.see(f"/book/{self.route}?" + "&".join(f"{key}={value}" for key, value in given.items()))

    def booked(self, **filters) -> int:
        return frappe.db.count(
            "SP Item Booking", {"item": self.room, "status": ("!=", "Cancelled"), **filters}
        )

    def test_a_slot_is_a_link_that_says_all(self) -> None:
        for view in ("day", "week"):
            self.assertRegex(
                self.page(view), r'aria-label="\w+,? \d+ \w+ \d{4}, 09:00–13:00, 2 places free, 1 SP Credits'
            )
        self.assertRegex(self.page("month"), r'aria-label="\w+,? \d+ \w+ \d{4}: 2 free"')

    def test_several_units_and_places(self) -> None:
        text = self.page(units=2, places=2)
        self.assertIn("09:00–17:00, 2 places free, 4 SP Credits", text)
        self.assertNotIn("13:00–17:00", text)

    def test_guests_look_and_log_in_to_book(self) -> None:
        self.assertIn("Log in to book", self.page(slot="09:00"))
        self.assertNotIn(BOOK, self.page(slot="09:00"))

    def test_booking_with_credits(self) -> None:
        self.log_in(self.user)
        page = self.page(slot="09:00")
        self.assertIn("You have 3.", page)
        done = self.fill(page, BOOK, way=f"Credits:{self.tickets}")
        self.assertEqual(done.headers["Location"], "/account/bookings")
        self.assertEqual((self.booked(), balance(self.customer, self.tickets)), (1, 2))
        self.fill(page, BOOK, way=f"Credits:{self.tickets}")
        self.assertEqual((self.booked(), balance(self.customer, self.tickets)), (1, 2))

    def test_a_form_sent_many_times_at_once_books_once(self) -> None:
        frappe.db.set_value("Item", self.room, "sp_capacity", 1)
        start = get_datetime(f"{self.day} 09:00:00")
        wanted = {"uom": HALF_DAY, "payment": "Credits", "customer": self.customer, "user": None}
        answers = at_once(
            *[
                lambda: in_own_transaction(
                    lambda: [doc.name for doc in booking.book_once(self.room, start, self.route, wanted)]
                )
            ]
            * 5
        )
        self.assertEqual([answer for answer in answers if isinstance(answer, Exception)], [])
        self.assertEqual(len({answer[0] for answer in answers}), 1)
        self.assertEqual((self.booked(), balance(self.customer, self.tickets)), (1, 2))

    def test_the_last_place_goes_to_the_first_and_the_later_one_is_shown_others(self) -> None:
        other = masters.make_customer().name
        stranger = make_user(other)
        update_password(stranger, PASSWORD)
        give(other, self.tickets, 3)
        self.commit()
        rival = Client(self.client.application)
        self.ask("POST", "/api/method/login", client=rival, data={"usr": stranger, "pwd": PASSWORD})
        self.log_in(self.user)
        page = self.page(slot="09:00", places=2)
        theirs = self.ask(
            "GET", f"/book/{self.route}?unit={HALF_DAY}&slot={self.day}T09:00", client=rival
        ).text
        self.fill(theirs, BOOK, client=rival, way=f"Credits:{self.tickets}")
        refused = self.follow(self.fill(page, BOOK, way=f"Credits:{self.tickets}"))
        self.assertIn("is taken at", refused)
        self.assertIn("This time is taken", refused)
        self.assertIn("13:00–17:00", words(refused))
        self.assertEqual((self.booked(), balance(self.customer, self.tickets)), (1, 3))

    def test_what_is_missing_is_said_and_where_to_get_it(self) -> None:
        self.log_in(self.user)
        page = self.page(slot="09:00", unit=DAY, places=2)
        self.assertIn("You have 3. 1 missing.", words(page))
        self.assertIn('href="/account/credits"', page)
        refused = self.follow(
            self.fill(self.page(slot="09:00"), BOOK, way=f"Credits:{self.tickets}", unit=DAY, places="2")
        )
        self.assertIn("1 missing", refused)
        self.assertEqual(self.booked(), 0)

    def test_a_series_is_booked_whole(self) -> None:
        self.log_in(self.user)
        answers = {"way": f"Credits:{self.tickets}", "repeat": "weekly"}
        self.fill(self.page(slot="09:00"), BOOK, times="3", **answers)
        self.assertEqual((self.booked(), balance(self.customer, self.tickets)), (3, 0))

    def test_a_cart_is_paid_by_transfer(self) -> None:
        self.log_in(self.user)
        cart = self.follow(self.fill(self.page(slot="09:00"), BOOK, way="Cart"))
        self.assertIn("€12.00", cart)
        self.assertIn("There is something in your cart", self.page())
        done = self.follow(self.fill(cart, "booking.order", method="transfer"))
        self.assertIn("Please transfer", done)
        order = frappe.get_doc("Sales Order", {"customer": self.customer})
        self.assertEqual((order.docstatus, order.total, self.booked(status="Tentative")), (1, 12, 1))

    def test_a_cart_gives_places_back(self) -> None:
        self.log_in(self.user)
        cart = self.follow(self.fill(self.page(slot="09:00"), BOOK, way="Cart"))
        self.assertIn("Your cart is empty", self.follow(self.fill(cart, "booking.remove")))
        self.assertEqual(self.booked(), 0)

    def test_nobody_books_for_others_or_free_of_charge(self) -> None:
        other = masters.make_customer().name
        self.commit()
        self.log_in(self.user)
        page = self.page(slot="09:00")
        self.assertEqual(self.fill(page, BOOK, way="Cart", customer=other).status_code, 403)
        self.assertIn("Choose how", self.follow(self.fill(page, BOOK, way="Free")))
        self.assertEqual(self.booked(), 0)
