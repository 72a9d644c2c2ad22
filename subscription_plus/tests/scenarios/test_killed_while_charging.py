"""The process is killed while it charges: before any line of the charge path. Then recovery comes.

A charge that nothing disturbs shows which lines it runs through in the modules of CHARGE_PATH; each of them is a fault
point. Afterwards the ten-minute run and the hourly run do what they do: the money has moved once, and the books agree
with the gateway to the cent.
"""

import os
import sys
from collections import Counter
from types import FrameType
from typing import Any

import frappe

from subscription_plus.erp import payments
from subscription_plus.sp_billing import transactions
from subscription_plus.sp_payments import attempts, charging, methods, pages, settling
from subscription_plus.sp_payments.gateways import stripe as gateway
from subscription_plus.tests.support.billing import advance, at, periods_of
from subscription_plus.tests.support.stripe import PaymentsCase, attempts_of, receipts

CHARGE_PATH = (charging, pages, attempts, methods, gateway, payments, transactions)
# A charge must pass these; else the test would look at something else than a charge.
LANDMARKS = (
    ("charging", "collect"),
    ("charging", "_charge"),
    ("attempts", "create"),
    ("attempts", "_insert"),
    ("attempts", "mark_sent"),
    ("charging", "send"),
    ("stripe", "charge"),
    ("stripe", "_call"),
    ("stripe", "_result"),
    ("attempts", "apply"),
    ("attempts", "_take_over"),
    ("attempts", "_book"),
    ("payments", "receive"),
    ("payments", "_book"),
    ("attempts", "_mark_period"),
    ("transactions", "unit_of_work"),
)
# Each pass through a transaction's lines is a fault point of its own: they are passed before and after the gateway.
EACH_TIME = transactions.__file__

# How many days a subscription is used for, and at which of the points the process is killed: 1 is at each of them
# (minutes), 20 at every twentieth; from which one on is a second number, so that a failure can be had again.
DAYS = 12
STEP = int(os.environ.get("SP_FAULT_STEP", "20"))
OFFSET = int(os.environ.get("SP_FAULT_OFFSET", "0")) % STEP

Point = tuple[str, str, int, int]


class Killed(BaseException):
    """The process ends here."""


class Tracer:
    """Notes the lines of the charge path as they are about to run, and ends the process before one of them."""

    def __init__(self, kill: Point | None = None) -> None:
        self.kill = kill
        self.passed: list[Point] = []
        self._times: Counter = Counter()
        self._charging = False
        self._files = {module.__file__: module.__name__.rpartition(".")[2] for module in CHARGE_PATH}

    def __enter__(self) -> "Tracer":
        sys.settrace(self._call)
        return self

    def __exit__(self, *error: object) -> None:
        sys.settrace(None)

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        if code.co_filename not in self._files:
            return None
        self._charging |= code is charging.collect.__code__
        return self._line

    def _line(self, frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line" and self._charging:
            self._pass(frame.f_code.co_filename, frame.f_code.co_name, frame.f_lineno)
        return self._line

    def _pass(self, file: str, function: str, line: int) -> None:
        self._times[file, line] += 1
        times = self._times[file, line]
        if times > 1 and file != EACH_TIME:
            return
        point = (self._files[file], function, line, times)
        self.passed.append(point)
        if point == self.kill:
            raise Killed(point)


class TestKilledWhileCharging(PaymentsCase):
    """A subscription billed each day; on each day the process is killed at another point."""

    def begin(self) -> None:
        """A subscription without past: what is written for each day slows the next ones down."""
        self.day = frappe.utils.getdate("2026-01-01")
        self.subscription = self.subscribed(self.day, recurrence={"unit": "Day"})
        self.new_events()

    def charge(self, kill: Point | None = None) -> Tracer:
        """The next day's run, killed at a point."""
        self.day = frappe.utils.add_days(self.day, 1)
        with at(self.day), Tracer(kill) as tracer:
            try:
                advance(self.subscription)
            except Killed:
                sys.settrace(None)
                frappe.db.rollback()  # what a connection that is lost leaves behind
        return tracer

    def recover(self, by_webhook: bool) -> None:
        with at(self.day, "11:00"):
            if by_webhook:
                self.deliver(self.new_events())
            else:
                settling.ask_waiting()
            advance(self.subscription)
        with at(self.day, "12:00"):
            settling.ask_waiting()
            advance(self.subscription)

    def assert_charged_once_a_day(self, point: Point | None) -> None:
        days = (self.day - frappe.utils.getdate("2026-01-01")).days + 1
        made = attempts_of(self.subscription)
        story = [point, *((row.name, row.kind, row.status, row.message, row.ask_at) for row in made)]
        self.assertEqual(self.captured(self.subscription), days * 3000, story)
        self.assertEqual(len(receipts(self.subscription)), days, story)
        self.assertEqual([row.unallocated_amount for row in receipts(self.subscription)], [0] * days, story)
        self.assertEqual({row.status for row in periods_of(self.subscription)}, {"Paid"}, story)
        self.assertEqual([row.name for row in made if row.kind == "Charge" and row.ask_at], [], story)

    def test_a_charge_passes_the_landmarks(self) -> None:
        self.begin()
        passed = {point[:2] for point in self.charge().passed}
        self.assertEqual([landmark for landmark in LANDMARKS if landmark not in passed], [])
        self.assert_charged_once_a_day(None)

    def test_killed_before_any_line_the_money_moves_once(self) -> None:
        self.begin()
        points = self.charge().passed
        self.assertGreater(len(points), 100)
        for number, point in enumerate(points[OFFSET::STEP]):
            if number % DAYS == 0:
                self.begin()
            self.charge(point)
            self.recover(by_webhook=number % 2 == 0)
            self.assert_charged_once_a_day(point)
        self.assert_books_agree()
