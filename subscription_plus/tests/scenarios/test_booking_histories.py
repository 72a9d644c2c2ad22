"""Any history of granting, booking, moving, cancelling and expiring, in the documents: balances, ledger and places.

SP_DOCUMENT_HISTORIES says how many histories a run tries.
"""

import datetime as dt
import os

import frappe
from frappe.tests.utils import FrappeTestCase
from frappe.utils import get_datetime
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from subscription_plus.sp_booking import booking, ledger, using
from subscription_plus.sp_booking.errors import NotEnoughCredits, NotFree
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import at
from subscription_plus.tests.support.booking import DAY, HALF_DAY, give, make_room, make_tickets

BEGIN = dt.date(2024, 3, 1)
REFUSED = (NotEnoughCredits, NotFree)


class BookingHistories(RuleBasedStateMachine):
    """One room with two places, one customer, days that pass. Everything is rolled back at the end."""

    @initialize()
    def begin(self) -> None:
        frappe.set_user("Administrator")
        self.today = BEGIN
        masters.ensure()
        self.room = make_room(places=2)
        self.tickets = make_tickets(self.room)
        self.customer = masters.make_customer().name
        self.live: dict[str, int] = {}

    def attempt(self, work) -> object | None:
        """The work, or nothing at all: as a request that is refused."""
        frappe.db.savepoint("sp_history")
        try:
            with at(self.today):
                return work()
        except REFUSED:
            frappe.db.rollback(save_point="sp_history")
            return None

    @rule(quantity=st.integers(1, 6), lasts=st.none() | st.integers(1, 12))
    def grant(self, quantity: int, lasts: int | None) -> None:
        until = None if lasts is None else self.today + dt.timedelta(days=lasts)
        self.attempt(
            lambda: give(self.customer, self.tickets, quantity, valid_from=self.today, valid_until=until)
        )

    @rule(
        ahead=st.integers(1, 3),
        hour=st.sampled_from((9, 13)),
        uom=st.sampled_from((HALF_DAY, DAY)),
        places=st.integers(1, 2),
    )
    def book(self, ahead: int, hour: int, uom: str, places: int) -> None:
        start = dt.datetime.combine(self.today + dt.timedelta(days=ahead), dt.time(hour))
        made = self.attempt(
            lambda: booking.book(self.room, start, uom=uom, customer=self.customer, places=places)
        )
        if made:
            self.live[made.name] = made.credits

    @precondition(lambda self: self.live)
    @rule(data=st.data(), ahead=st.integers(1, 3))
    def move(self, data: st.DataObject, ahead: int) -> None:
        name = data.draw(st.sampled_from(sorted(self.live)))
        start = dt.datetime.combine(self.today + dt.timedelta(days=ahead), dt.time(9))
        self.attempt(lambda: booking.move(name, start))

    @precondition(lambda self: self.live)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.live)))
        self.attempt(lambda: booking.cancel(name))
        self.attempt(lambda: booking.cancel(name))
        del self.live[name]

    @rule(days=st.integers(0, 5))
    def pass_days(self, days: int) -> None:
        self.today += dt.timedelta(days=days)
        self.attempt(lambda: using.expire(self.customer, self.today))

    @invariant()
    def balances_are_the_ledger_and_places_are_kept(self) -> None:
        if not hasattr(self, "customer"):
            return
        own = {"customer": self.customer}
        entries = frappe.get_all(ledger.ENTRY, filters=own, fields=["booking_credit", "credits", "booking"])
        for grant in frappe.get_all(ledger.GRANT, filters=own, fields=["name", "balance", "quantity"]):
            total = sum(row.credits for row in entries if row.booking_credit == grant.name)
            assert 0 <= grant.balance == total <= grant.quantity, grant
        rows = frappe.get_all("SP Item Booking", filters=own, fields=["*"])
        assert {row.name for row in rows if row.status == "Confirmed"} == set(self.live)
        for row in rows:
            paid = -sum(entry.credits for entry in entries if entry.booking == row.name)
            assert paid == (row.credits if row.name in self.live else 0), row
        held = [row for row in rows if row.name in self.live]
        for moment in {get_datetime(row.starts_on) for row in held}:
            assert sum(row.places for row in held if row.starts_on <= moment < row.ends_on) <= 2

    def teardown(self) -> None:
        frappe.db.rollback()


class TestHistories(FrappeTestCase):
    def test_any_history_keeps_balances_ledger_and_places(self) -> None:
        frappe.db.commit()
        run_state_machine_as_test(
            BookingHistories,
            settings=settings(
                max_examples=int(os.environ.get("SP_DOCUMENT_HISTORIES", "15")),
                stateful_step_count=15,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
