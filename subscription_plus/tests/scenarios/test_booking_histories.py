"""Any history of granting, booking, moving, cancelling, handing on and expiring, in the documents: balances, ledger, places.

SP_DOCUMENT_HISTORIES says how many histories a run tries, SP_DOCUMENT_HISTORY_STEPS how long one may be.
Thousands take longer than a test may: run them with `--timeout=0`.
"""

import datetime as dt
import os
from typing import Any
from unittest import mock

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
from subscription_plus.sp_booking.errors import NotEnoughCredits, NotFree, TooLate
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import at
from subscription_plus.tests.support.booking import (
    DAY,
    HALF_DAY,
    HOUR,
    give,
    make_room,
    make_tickets,
    make_user,
)

BEGIN = dt.date(2024, 3, 1)
PLACES = 2
REFUSED = (NotEnoughCredits, NotFree, TooLate)
USERS = st.sampled_from((None, 0, 1))


class BookingHistories(RuleBasedStateMachine):
    """One room with two places, one customer with two users, days that pass. All is rolled back at the end."""

    room: str
    tickets: str
    customer: str
    users: tuple[str, str]

    @initialize(extend=st.sampled_from((0, 3)))
    def begin(self, extend: int) -> None:
        """`extend`: the days that credits get which come back after their end."""
        self.today = BEGIN
        self.live: dict[str, int] = {}
        real = using.settings.get
        values = {"extend_expired_days": extend}
        patch = mock.patch.object(
            using.settings, "get", side_effect=lambda field: values.get(field) or real(field)
        )
        patch.start()
        self.patch = patch
        with at(self.today):
            for owner in (None, *self.users):
                give(self.customer, self.tickets, 6, user=owner)

    def attempt(self, work, user: str = "Administrator", refused: tuple = REFUSED) -> Any:
        """The work, or nothing at all: as a request that is refused."""
        frappe.db.savepoint("sp_history")
        frappe.set_user(user)
        try:
            with at(self.today):
                return work()
        except refused:
            frappe.db.rollback(save_point="sp_history")
            return None
        finally:
            frappe.set_user("Administrator")

    def person(self, number: int | None) -> str | None:
        return None if number is None else self.users[number]

    @rule(quantity=st.integers(1, 6), lasts=st.none() | st.integers(1, 12), owner=USERS)
    def grant(self, quantity: int, lasts: int | None, owner: int | None) -> None:
        until = None if lasts is None else self.today + dt.timedelta(days=lasts)
        more = {"valid_from": self.today, "valid_until": until, "user": self.person(owner)}
        self.attempt(lambda: give(self.customer, self.tickets, quantity, **more))

    @rule(
        ahead=st.integers(0, 3),
        hour=st.sampled_from((9, 11, 13)),
        length=st.sampled_from(((HALF_DAY, 1), (HALF_DAY, 2), (DAY, 1), (None, 4), (None, 8))),
        places=st.integers(1, 2),
        owner=USERS,
        by_staff=st.booleans(),
    )
    def book(
        self, ahead: int, hour: int, length: tuple, places: int, owner: int | None, by_staff: bool
    ) -> None:
        start = self.moment(ahead, hour)
        uom, units = length
        more = {"uom": uom, "units": units} if uom else {"ends_on": start + dt.timedelta(hours=units)}
        user = self.person(owner)
        caller = user if user and not by_staff else "Administrator"
        made = self.attempt(
            lambda: booking.book(self.room, start, customer=self.customer, user=user, places=places, **more),
            caller,
            # The house's hours and notice bind customers.
            REFUSED if caller == "Administrator" else (frappe.ValidationError,),
        )
        if made:
            self.live[made.name] = made.credits

    @rule(ahead=st.integers(1, 3), count=st.integers(2, 4))
    def book_series(self, ahead: int, count: int) -> None:
        made = self.attempt(
            lambda: booking.book_series(
                f"FREQ=DAILY;COUNT={count}",
                self.room,
                self.moment(ahead, 9),
                uom=HALF_DAY,
                customer=self.customer,
            )
        )
        self.live |= {one.name: one.credits for one in made or []}

    def moment(self, ahead: int, hour: int) -> dt.datetime:
        return dt.datetime.combine(self.today + dt.timedelta(days=ahead), dt.time(hour))

    @precondition(lambda self: self.live)
    @rule(data=st.data(), ahead=st.integers(1, 3), hours=st.sampled_from((None, 4, 8)))
    def move(self, data: st.DataObject, ahead: int, hours: int | None) -> None:
        name, start = self.pick(data), self.moment(ahead, 9)
        end = start + dt.timedelta(hours=hours) if hours else None
        # A booking by the half-day that becomes shorter than one is refused with a sentence.
        moved = self.attempt(lambda: booking.move(name, start, end), refused=(frappe.ValidationError,))
        if moved:
            self.live[name] = moved.credits

    @precondition(lambda self: self.live)
    @rule(data=st.data(), caller=USERS)
    def cancel(self, data: st.DataObject, caller: int | None) -> None:
        name, user = self.pick(data), self.person(caller) or "Administrator"
        if self.attempt(lambda: booking.cancel(name), user):
            self.attempt(lambda: booking.cancel(name), user)
            del self.live[name]
        else:
            assert user != "Administrator", "the staff may always cancel"

    def pick(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.live)))

    @rule(amount=st.integers(1, 4), giver=USERS, taker=USERS)
    def hand_on(self, amount: int, giver: int | None, taker: int | None) -> None:
        given, taken = self.person(giver), self.person(taker)
        refused = (*REFUSED, frappe.ValidationError) if given == taken else REFUSED
        before = self.total()
        self.attempt(
            lambda: using.transfer(self.customer, self.tickets, amount, taken, given), refused=refused
        )
        assert self.total() == before

    @rule(data=st.data(), amount=st.integers(-4, 4))
    def adjust(self, data: st.DataObject, amount: int) -> None:
        grants = frappe.get_all(
            ledger.GRANT, {"customer": self.customer}, ["name", "balance"], order_by="name"
        )
        if not grants:
            return
        grant = data.draw(st.sampled_from(range(len(grants))))
        name, left = grants[grant].name, grants[grant].balance
        refused = (frappe.ValidationError,) if left + amount < 0 else ()
        self.attempt(lambda: using.adjust(name, amount, "Counted again"), refused=refused)

    @rule(days=st.integers(0, 5))
    def pass_days(self, days: int) -> None:
        self.today += dt.timedelta(days=days)
        self.attempt(lambda: using.expire(self.customer, self.today))
        over = {"customer": self.customer, "balance": (">", 0), "valid_until": ("<", self.today)}
        assert not frappe.db.exists(ledger.GRANT, over)

    def total(self) -> int:
        return sum(frappe.get_all(ledger.GRANT, {"customer": self.customer}, pluck="balance"))

    @invariant()
    def balances_are_the_ledger_and_places_are_kept(self) -> None:
        own = {"customer": self.customer}
        entries = frappe.get_all(ledger.ENTRY, own, ["booking_credit", "credits", "booking"])
        for grant in frappe.get_all(ledger.GRANT, own, ["name", "balance"]):
            total = sum(row.credits for row in entries if row.booking_credit == grant.name)
            assert 0 <= grant.balance == total, grant
        fields = ["name", "status", "credits", "starts_on", "ends_on", "places"]
        rows = frappe.get_all("SP Item Booking", own, fields)
        assert {row.name for row in rows if row.status == "Confirmed"} == set(self.live)
        for row in rows:
            paid = -sum(entry.credits for entry in entries if entry.booking == row.name)
            assert paid == (row.credits if row.name in self.live else 0), row
            assert row.credits == self.live.get(row.name, row.credits), row
        held = [row for row in rows if row.name in self.live]
        for moment in {get_datetime(row.starts_on) for row in held}:
            assert sum(row.places for row in held if row.starts_on <= moment < row.ends_on) <= PLACES

    def teardown(self) -> None:
        if hasattr(self, "patch"):
            self.patch.stop()
        frappe.db.rollback()


class TestHistories(FrappeTestCase):
    def test_any_history_keeps_balances_ledger_and_places(self) -> None:
        masters.ensure()
        frappe.set_user("Administrator")
        machine = BookingHistories
        machine.room = make_room(places=PLACES, units=(HALF_DAY, DAY, HOUR))
        machine.tickets = make_tickets(machine.room)
        machine.customer = masters.make_customer().name
        machine.users = (make_user(machine.customer), make_user(machine.customer))
        frappe.db.commit()
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=int(os.environ.get("SP_DOCUMENT_HISTORIES", "15")),
                stateful_step_count=int(os.environ.get("SP_DOCUMENT_HISTORY_STEPS", "20")),
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
