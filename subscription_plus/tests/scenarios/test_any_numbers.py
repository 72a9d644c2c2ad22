"""Any history of subscriptions: the numbers are what a slow sum, day by day, makes of it, and the past stays.

SP_NUMBER_HISTORIES says how many histories are tried.
"""

import datetime as dt
import os
from decimal import Decimal
from typing import Any

import frappe
from frappe.utils import flt
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from subscription_plus.api import metrics
from subscription_plus.engine import planning
from subscription_plus.engine.metrics import month_after
from subscription_plus.sp_billing import breaks, cancellation, changes, composing, coupons, facts, numbers
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    at,
    line,
    make_coupon,
    make_plan,
    make_recurrence,
    make_subscription,
    try_to_advance,
)
from subscription_plus.tests.support.revenue import rows, slow_mrr

from .test_numbers import NumbersCase

HISTORIES = int(os.environ.get("SP_NUMBER_HISTORIES", "4"))
FIRST, DAY = dt.date(2024, 1, 1), dt.timedelta(days=1)
VERBS = (
    "begin",
    "more",
    "less",
    "another plan",
    "pause",
    "resume",
    "skip",
    "cancel",
    "undo",
    "restart",
    "bill",
)
Move = tuple[int, str, int]
any_history = st.lists(
    st.tuples(st.integers(0, 25), st.sampled_from(VERBS), st.integers(0, 7)), min_size=4, max_size=14
)


class TestAnyNumbers(NumbersCase):
    def setUp(self) -> None:
        super().setUp()
        units = (("Month", 1), ("Week", 2), ("Quarter", 1), ("Year", 1), ("Day", 10))
        self.recurrences = [make_recurrence(unit=unit, interval_count=count) for unit, count in units]
        self.coupons = [
            None,
            make_coupon(duration="For Ever", percentage=15),
            make_coupon(duration="For Some Periods", periods=2, percentage=50),
            make_coupon(duration="For Ever", discount_type="Amount", amount=4, currency=masters.CURRENCY),
        ]
        self.plans = [
            make_plan(recurrence_period=self.recurrences[number], lines=[line(rate)]).name
            for number, rate in ((0, 77.7), (3, 500))
        ]
        self.item = masters.make_item().name
        frappe.db.commit()

    def test_numbers_are_the_slow_sums_of_any_history_and_the_past_stays(self) -> None:
        @settings(
            max_examples=HISTORIES,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            # A history takes seconds: one that fails is told as it is.
            phases=[Phase.generate],
        )
        @given(any_history)
        def try_history(history: list[Move]) -> None:
            note(repr(history))
            self.live(history)

        try_history()

    def live(self, history: list[Move]) -> None:
        """Let it happen; after each day on which something did, compare what is known of all days so far."""
        frappe.db.delete("SP Revenue Movement", {"company": masters.COMPANY})
        ours = {"company": masters.COMPANY}
        frappe.db.set_value("SP Subscription", ours, "next_billing_date", None, update_modified=False)
        self.made: list[str] = []
        seen: dict[dt.date, Decimal] = {}
        today = FIRST
        for wait, verb, choice in [(0, "begin", 0), (0, "begin", 3), *history]:
            # Days that pass are remembered as the slow sum of their evening: what is known later changes no past.
            for number in range(wait):
                day = today + number * DAY
                if number in (0, wait // 2, wait - 1) or (day + DAY).day == 1:
                    seen[day] = self.slow(day)
            today += wait * DAY
            with at(today):
                self.act(verb, choice, today)
        with at(today):
            seen[today] = self.slow(today)
            for day, expected in seen.items():
                self.assertEqual(Decimal(str(numbers.mrr(masters.COMPANY, day))), expected, (day, history))
            self.compare(today, seen)

    def slow(self, day: dt.date) -> Decimal:
        return sum((slow_mrr(name, day) for name in self.made), Decimal(0))

    def act(self, verb: str, choice: int, today: dt.date) -> None:
        """Do something with one of the subscriptions; what is refused is not done."""
        if verb == "begin":
            self.begin(choice, today)
            frappe.db.commit()
            return
        name = self.made[choice % len(self.made)]
        doc = frappe.get_doc("SP Subscription", name)
        try:
            self.verb(doc, verb, choice, today)
        except frappe.ValidationError:
            frappe.db.rollback()
        frappe.db.commit()

    def begin(self, choice: int, today: dt.date) -> None:
        values: dict[str, Any] = {"coupon": self.coupons[choice % 4]} if self.coupons[choice % 4] else {}
        if choice % 3 == 1:
            values["trial_until"] = today + 6 * DAY
        if choice % 5 == 2:
            values |= {"additional_discount_percentage": 12.5, "apply_discount_on": "Net Total"}
        lines = [line(19.99 + choice, 1 + choice % 2, item=self.item), line(50, once=1, item=self.item)]
        if choice % 2:
            lines.append(line(9.95, item=self.item, discount_percentage=5, from_date=today + 9 * DAY))
        start = today + (choice % 3) * DAY
        recurrence = self.recurrences[choice % 5]
        self.made.append(make_subscription(start, recurrence=recurrence, lines=lines, **values).name)

    def verb(self, doc: Any, verb: str, choice: int, today: dt.date) -> None:
        current = [row for row in doc.lines if not row.to_date and not row.once]
        if verb in ("more", "less") and current:
            changes.change_quantity(doc.name, current[0].name, choice if verb == "more" else choice / 4)
        elif verb == "another plan":
            changes.change_plan(doc.name, self.plans[choice % 2])
        elif verb == "pause":
            until = today + (5 + choice) * DAY if choice % 2 else None
            breaks.pause(doc.name, today + (choice % 4) * DAY, until)
        elif verb == "resume":
            breaks.resume(doc.name, new_anchor=bool(choice % 2))
        elif verb == "skip":
            breaks.skip(doc.name)
        elif verb == "cancel":
            cancellation.cancel(doc.name, ("Now", "Period End")[choice % 2])
        elif verb == "undo":
            cancellation.undo(doc.name)
        elif verb == "restart":
            cancellation.restart(doc.name, new_anchor=bool(choice % 2))
        elif verb == "bill":
            try_to_advance(doc.name)

    def compare(self, today: dt.date, seen: dict[dt.date, Decimal]) -> None:
        """Reports and cards say the same, and what they lead to adds up."""
        asked = {**self.ours, "since": str(FIRST), "until": str(today)}
        months = rows("MRR Movements", **asked)
        self.assertEqual(Decimal(str(flt(months[-1].closing, 2))), seen[today])
        self.assertEqual(Decimal(str(metrics.card_mrr(self.ours)["value"])), seen[today])
        for row in months:
            for field, filters in row.drill.items():
                found = flt(sum(one.amount for one in rows("MRR Movements", **{**asked, **filters})), 2)
                self.assertEqual(found, flt(row[field], 2), (row.month, field))
        for by in ("Customer", "Subscription"):
            for row in rows("Subscription Churn", **asked, by=by):
                details = rows("Subscription Churn", **{**asked, **row.drill["lost"], "by": by})
                self.assertEqual(sum(one.lost for one in details), row.lost)
                self.assertEqual(flt(sum(one.mrr for one in details), 2), flt(row.mrr, 2))
                start = row.since - DAY
                expected = seen[start] if start >= FIRST else Decimal(0)
                self.assertEqual(Decimal(str(flt(row.mrr, 2))), expected)
        self.compare_forecast(today)

    def compare_forecast(self, today: dt.date) -> None:
        """The forecast is each subscription planned and composed by itself, as billing would."""
        last = month_after(today.replace(day=1), 2)
        expected = [one for name in self.made for one in slow_forecast(name, last)]
        found = rows("Subscription Forecast", **self.ours, months=3)
        self.assertEqual(sum(row.periods for row in found), len(expected))
        self.assertEqual(flt(sum(row.amount for row in found), 2), flt(sum(expected), 2))
        details = rows("Subscription Forecast", **self.ours, months=3, details=1)
        self.assertEqual(flt(sum(row.amount for row in details), 2), flt(sum(expected), 2))


def slow_forecast(name: str, last: dt.date) -> list[float]:
    """What each coming period of one subscription comes to, net of all discounts."""
    doc = frappe.get_doc("SP Subscription", name)
    found = []
    for number, piece in enumerate(planning.preview(facts.facts(doc, facts.periods_of(name)), 60)):
        if piece.bill_on > last:
            break
        coupon = coupons.counting(doc)
        bill = composing.compose(doc, piece, f"p{number}", facts.recurrence_on(doc, piece.start), coupon)
        net = composing.net_total(bill)
        if percentage := bill.terms.get("additional_discount_percentage"):
            off = Decimal(str(flt(float(net) * percentage / 100, 2)))
        else:
            off = Decimal(str(bill.discount_amount))
        found.append(float(max(net - off, Decimal(0))))
        doc.coupon_periods_used = (doc.coupon_periods_used or 0) + bool(coupon)
        for row in doc.lines:
            if row.once and any(one.subscription_line == row.name for one in bill.lines):
                row.billed_once_in = row.billed_once_in or f"p{number}"
    return found
