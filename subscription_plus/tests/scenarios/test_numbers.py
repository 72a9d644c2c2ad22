"""The numbers people look at: movements that stay, reports that lead to what they are made of, cards that agree."""

import frappe
from frappe.utils import getdate
from pydantic import TypeAdapter

from subscription_plus.api import metrics
from subscription_plus.sp_billing import breaks, cancellation, changes, forecasting, numbers, revenue
from subscription_plus.sp_billing.preview import coming_periods
from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    line,
    make_coupon,
    make_subscription,
    pay_order,
)
from subscription_plus.tests.support.queries import queries_of
from subscription_plus.tests.support.revenue import rows, run
from subscription_plus.tests.support.terms import make_exchange_rate, make_price_list


def moves(subscription) -> list[tuple[str, str, float]]:
    """(day, kind, change) of a subscription's stored movements."""
    found = frappe.get_all(
        revenue.DOCTYPE,
        filters={"subscription": subscription.name},
        fields=["date", "kind", "amount"],
        order_by="date",
    )
    return [(str(row.date), row.kind, row.amount) for row in found]


class NumbersCase(BillingCase):
    """Numbers of the tests' company alone, without what other tests left in it."""

    def setUp(self) -> None:
        super().setUp()
        frappe.db.delete(revenue.DOCTYPE, {"company": masters.COMPANY})
        ours = {"company": masters.COMPANY}
        frappe.db.set_value("SP Subscription", ours, "next_billing_date", None, update_modified=False)
        frappe.db.set_value("SP Billing Period", ours, "status", "Void", update_modified=False)
        self.ours = {"company": masters.COMPANY}


class TestMovements(NumbersCase):
    def test_a_subscription_brings_revenue_from_its_first_day_even_if_it_was_entered_later(self) -> None:
        with at("2024-03-10"):
            one = make_subscription("2024-01-15")
        self.assertEqual(moves(one), [("2024-01-15", "New", 30)])

    def test_what_a_verb_announces_stands_as_a_plan_and_goes_with_it(self) -> None:
        with at("2024-01-01"):
            one = make_subscription("2024-01-01")
            cancellation.cancel(one.name, "Period End")
            self.assertEqual(moves(one), [("2024-01-01", "New", 30), ("2024-02-01", "Churn", -30)])
        with at("2024-01-20"):
            cancellation.undo(one.name)
            self.assertEqual(moves(one), [("2024-01-01", "New", 30)])

    def test_pauses_changes_and_restarts_move_revenue_and_a_skipped_period_does_not(self) -> None:
        with at("2024-01-01"):
            one = make_subscription("2024-01-01")
            advance(one)
            breaks.skip(one.name)
            changes.change_quantity(one.name, one.lines[0].name, 3)
        with at("2024-04-05"):
            breaks.pause(one.name, getdate("2024-04-10"), getdate("2024-04-19"))
        with at("2024-05-31"):
            cancellation.cancel(one.name, "Now")
        with at("2024-07-01"):
            cancellation.restart(one.name)
        self.assertEqual(
            moves(one),
            [
                ("2024-01-01", "New", 30),
                ("2024-03-01", "Expansion", 60),
                ("2024-04-10", "Churn", -90),
                ("2024-04-20", "Reactivation", 90),
                ("2024-06-01", "Churn", -90),
                ("2024-07-01", "Reactivation", 90),
            ],
        )

    def test_what_is_changed_late_counts_from_the_day_it_is_known(self) -> None:
        with at("2024-01-01"):
            one = make_subscription("2024-01-01")
        with at("2024-03-10"):
            doc = frappe.get_doc("SP Subscription", one.name)
            doc.lines[0].fixed_rate = 45
            doc.save()
            self.assertEqual(numbers.mrr(masters.COMPANY, getdate("2024-03-09")), 30)
            self.assertEqual(moves(one), [("2024-01-01", "New", 30), ("2024-03-10", "Expansion", 15)])

    def test_what_is_mended_on_the_day_it_was_entered_never_was(self) -> None:
        with at("2024-03-10"):
            one = make_subscription("2024-01-01")
            one.reload()
            one.lines[0].fixed_rate = 3
            one.save()
        self.assertEqual(moves(one), [("2024-01-01", "New", 3)])

    def test_trials_and_what_counts_once_bring_nothing_and_other_recurrences_their_months_part(self) -> None:
        with at("2024-01-01"):
            one = make_subscription(
                "2024-01-01",
                trial_until="2024-01-14",
                recurrence={"unit": "Year"},
                lines=[line(240, 2), line(99, once=1)],
            )
        self.assertEqual(moves(one), [("2024-01-15", "New", 40)])

    def test_discounts_for_ever_count_and_those_for_some_periods_do_not(self) -> None:
        lasting = make_coupon(duration="For Ever", percentage=50)
        with at("2024-01-01"):
            found = [
                moves(make_subscription("2024-01-01", **values))[0][2]
                for values in (
                    {"coupon": make_coupon(percentage=50)},
                    {"coupon": lasting},
                    {"lines": [line(30, discount_percentage=10)]},
                    {"additional_discount_percentage": 20, "apply_discount_on": "Net Total"},
                    {"discount_amount": 7, "apply_discount_on": "Net Total"},
                )
            ]
        self.assertEqual(found, [30, 15, 27, 24, 23])

    def test_a_list_price_counts_from_the_next_period_and_a_changed_one_from_the_night_after(self) -> None:
        item, prices = masters.make_item().name, make_price_list()
        price = masters.make_item_price(
            item, 30, price_list=prices, valid_from="2024-01-01", valid_upto="2024-02-29"
        ).name
        masters.make_item_price(item, 40, price_list=prices, valid_from="2024-03-01")
        with at("2024-01-15"):
            one = make_subscription("2024-01-15", price_list=prices, lines=[line(None, item=item)])
        planned = [("2024-01-15", "New", 30), ("2024-03-15", "Expansion", 10)]
        self.assertEqual(moves(one), planned)
        with at("2024-02-10"):
            frappe.db.set_value("Item Price", price, "price_list_rate", 35)
            frappe.db.commit()
            self.assertIn(one.name, revenue.stale())
            revenue.refresh_all()
            self.assertNotIn(one.name, revenue.stale())
        self.assertEqual(
            moves(one),
            [("2024-01-15", "New", 30), ("2024-02-10", "Expansion", 5), ("2024-03-15", "Expansion", 5)],
        )

    def test_another_currency_counts_at_the_rate_of_the_day_it_began(self) -> None:
        make_exchange_rate("USD", 0.5)
        with at("2024-01-15"):
            one = make_subscription("2024-01-15", currency="USD")
        with at("2024-03-20"):
            changes.change_quantity(one.name, one.lines[0].name, 2)
        on = getdate("2024-12-31")
        self.assertEqual(numbers.mrr(masters.COMPANY, on), 30)
        self.assertEqual(numbers.mrr(masters.COMPANY, on, "USD"), 60)
        self.assertIsNone(numbers.left_out(masters.COMPANY, None))

    def test_a_currency_without_a_rate_is_named_and_counts_when_it_has_one(self) -> None:
        frappe.db.set_value("Currency", "CHF", "enabled", 1)
        with at("2024-01-15"):
            one = make_subscription("2024-01-15", currency="CHF")
            self.assertEqual(numbers.mrr(masters.COMPANY, getdate("2024-01-15")), 0)
            self.assertIn("CHF", run("MRR Movements", **self.ours)[2])
            make_exchange_rate("CHF", 2)
        with at("2024-02-10"):
            revenue.write(frappe.get_doc("SP Subscription", one.name))
        self.assertEqual(numbers.mrr(masters.COMPANY, getdate("2024-01-15")), 60)

    def test_a_site_that_had_subscriptions_before_gets_their_movements_once(self) -> None:
        with at("2024-01-01"):
            one = make_subscription("2024-01-01", end_date="2024-05-31")
        expected = moves(one)
        frappe.db.delete(revenue.DOCTYPE, {"subscription": one.name})
        with at("2024-08-01"):
            revenue.begin()
            revenue.begin()
        self.assertEqual(moves(one), expected)
        self.assertEqual(len(expected), 2)

    def test_one_that_cannot_be_reckoned_is_logged_and_stops_no_other(self) -> None:
        with at("2024-01-01"):
            broken, other = make_subscription("2024-01-01"), make_subscription("2024-01-01")
            frappe.db.delete(revenue.DOCTYPE, {"company": masters.COMPANY})
            frappe.db.set_value("SP Subscription", broken.name, "recurrence_period", "No such recurrence")
            revenue.refresh_all()
            logged = frappe.get_all("Error Log", {"method": f"Revenue of {broken.name}"})
            frappe.db.set_value("SP Subscription", broken.name, "recurrence_period", broken.recurrence_period)
        self.assertEqual((moves(broken), moves(other)), ([], [("2024-01-01", "New", 30)]))
        self.assertTrue(logged)

    def test_nobody_writes_or_deletes_a_movement_and_they_go_with_what_billed_nothing(self) -> None:
        with at("2024-01-01"):
            one = make_subscription("2024-01-01")
            row = frappe.get_last_doc(revenue.DOCTYPE, {"subscription": one.name})
            for act in (row.save, row.delete, frappe.copy_doc(row).insert):
                with self.assertRaises(frappe.PermissionError):
                    act()
            frappe.delete_doc("SP Subscription", one.name)
        self.assertEqual(moves(one), [])


class TestReports(NumbersCase):
    def setUp(self) -> None:
        super().setUp()
        with at("2024-01-10"):
            self.stays = make_subscription("2024-01-10")
            self.leaves = make_subscription("2024-01-20", lines=[line(50)])
            self.grows = make_subscription("2024-02-05", lines=[line(20)])
        with at("2024-02-25"):
            cancellation.cancel(self.leaves.name, "Date", getdate("2024-03-14"))
            changes.change_quantity(self.grows.name, self.grows.lines[0].name, 2)
        self.days = {**self.ours, "since": "2024-01-01", "until": "2024-03-31"}

    def test_movements_add_up_from_month_to_month_and_each_number_leads_to_its_movements(self) -> None:
        found = rows("MRR Movements", **self.days)
        shown = [(row.opening, row.new, row.expansion, row.churn, row.closing) for row in found]
        self.assertEqual(shown, [(0, 80, 0, 0, 80), (80, 20, 0, 0, 100), (100, 0, 20, -50, 70)])
        for row in found:
            for field, filters in row.drill.items():
                details = rows("MRR Movements", **{**self.days, **filters})
                self.assertEqual(sum(one.amount for one in details), row[field], (row.month, field))

    def test_churn_counts_those_who_were_there_and_leads_to_them(self) -> None:
        march = rows("Subscription Churn", **self.days)[2]
        self.assertEqual((march["count"], march.lost, march.mrr, march.lost_mrr), (3, 1, 100, 50))
        self.assertEqual((march.rate, march.mrr_rate, march.retention), (33.33, 50, 70))
        for by, subject in (("Customer", self.leaves.customer), ("Subscription", self.leaves.name)):
            details = rows("Subscription Churn", **{**self.days, **march.drill["lost"], "by": by})
            self.assertEqual([row.subject for row in details if row.lost], [subject])
            self.assertEqual(sum(row.lost_mrr for row in details), 50)
            self.assertEqual(sum(row.mrr for row in details), 100)

    def test_cohorts_show_what_is_kept_and_lead_to_who_began(self) -> None:
        january, february = rows("Subscription Cohorts", **self.days, show="Revenue")
        self.assertEqual((january["count"], january.mrr), (2, 80))
        self.assertEqual((january.m0, january.m1, january.m2), (80, 80, 30))
        self.assertEqual((february.m0, february.m1), (20, 40))
        shares = rows("Subscription Cohorts", **self.days)[0]
        self.assertEqual((shares.m0, shares.m1, shares.m2), (100, 100, 50))
        for number in range(3):
            details = rows("Subscription Cohorts", **{**self.days, **january.drill[f"m{number}"]})
            self.assertEqual(sum(row.now for row in details), january[f"m{number}"])

    def test_a_course_of_one_month_is_drawn_as_a_bar(self) -> None:
        for report in ("Subscription Cohorts", "Subscription Churn"):
            for until, kind in (("2024-03-31", "line"), ("2024-01-31", "bar")):
                asked = {**self.ours, "since": "2024-01-01", "until": until}
                with self.subTest(report, until=until):
                    self.assertEqual(run(report, **asked)[3]["type"], kind)

    def test_the_forecast_is_the_preview_of_all_and_leads_to_the_periods(self) -> None:
        with at("2024-02-26"):
            found = rows("Subscription Forecast", **self.ours, months=3)
            # Nothing was billed so far: what is late is billed in the first month.
            coming = [
                period
                for one in (self.stays, self.leaves, self.grows)
                for period in coming_periods(frappe.get_doc("SP Subscription", one.name), 12)
                if period["billing_date"] <= getdate("2024-04-30")
            ]
            self.assertEqual(sum(row.amount for row in found), sum(one["total"] for one in coming))
            self.assertEqual(sum(row.periods for row in found), len(coming))
            for row in found:
                details = rows("Subscription Forecast", **self.ours, months=3, **row.drill["amount"])
                self.assertEqual(sum(one.amount for one in details), row.amount)
                self.assertEqual(len(details), row.periods)

    def test_what_is_due_and_not_billed_says_why_and_is_gone_when_it_is_billed(self) -> None:
        with at("2024-01-10"):
            found = rows("Due and Not Billed", **self.ours)
            self.assertEqual([(row.subscription, row.amount) for row in found], [(self.stays.name, 30)])
            self.assertTrue(found[0].reason)
            self.assertEqual(metrics.card_due_and_not_billed(self.ours)["value"], 30)
            advance(self.stays)
            self.assertEqual(rows("Due and Not Billed", **self.ours), [])

    def test_a_price_that_is_missing_is_said(self) -> None:
        with at("2024-01-10"):
            item = masters.make_item().name
            one = make_subscription("2024-01-10", price_list=make_price_list(), lines=[line(None, item=item)])
            reasons = {row.subscription: row.reason for row in rows("Due and Not Billed", **self.ours)}
            self.assertIn(item, reasons[one.name])
            self.assertIn(item, run("Subscription Forecast", **self.ours)[2])

    def test_what_is_past_due_by_age_leads_to_its_documents(self) -> None:
        with at("2024-01-10"):
            advance(self.stays)
        with at("2024-02-10"):
            advance(self.stays)
        with at("2024-03-01"):
            (row,) = rows("Past Due by Age", **self.ours)
            self.assertEqual((row.age0, row.age1, row.total), (30, 30, 60))
            for field, filters in row.drill.items():
                details = rows("Past Due by Age", **{**self.ours, **filters})
                self.assertEqual(sum(one.outstanding for one in details), row[field])
                self.assertTrue(all(one.sales_order for one in details))
            self.assertEqual(metrics.card_past_due(self.ours)["value"], 60)

    def test_payments_by_method_lead_to_the_payments(self) -> None:
        before = rows("Payments by Method", "sp_payments", **self.days, details=1)
        with at("2024-01-10"):
            advance(self.stays)
            entry = pay_order(self.stays)
        details = rows("Payments by Method", "sp_payments", **self.days, details=1)
        new = {row.name for row in details} - {row.name for row in before}
        self.assertEqual(new, {entry.name})
        for row in rows("Payments by Method", "sp_payments", **self.days):
            if row.get("drill"):
                found = rows("Payments by Method", "sp_payments", **{**self.days, **row.drill["amount"]})
                self.assertEqual((sum(one.amount for one in found), len(found)), (row.amount, row.payments))

    def test_rest_and_cards_say_the_same_as_the_reports(self) -> None:
        with at("2024-03-20"):
            overview = metrics.overview(masters.COMPANY)
            self.assertEqual(
                (overview["mrr"], overview["arr"], overview["subscriptions"], overview["customers"]),
                (70, 840, 2, 2),
            )
            self.assertEqual(metrics.card_mrr(self.ours)["value"], 70)
            moved = metrics.movements(masters.COMPANY, "2024-01-01", "2024-03-31")
            self.assertEqual([row.closing for row in moved], [80, 100, 70])
            lost = metrics.churn(masters.COMPANY, "2024-03-01", "2024-03-31")
            self.assertEqual((lost["lost"], lost["lost_mrr"], lost["mrr_rate"]), (1, 50, 0.5))
            table = metrics.cohort_table(masters.COMPANY, "2024-01-01", "2024-03-31")
            self.assertEqual([row["kept"] for row in table], [[2, 2, 1], [1, 1]])
            months = metrics.forecast(masters.COMPANY, 3)["months"]
            self.assertEqual(months, forecasting.forecast(masters.COMPANY, 3).by_month())

    def test_answers_have_the_shapes_that_are_described(self) -> None:
        asked = (
            "overview",
            "movements",
            "churn",
            "cohort_table",
            "forecast",
            "due_and_not_billed",
            "past_due",
        )
        with at("2024-01-10"):
            advance(self.stays)
        with at("2024-03-20"):
            for name in asked:
                with self.subTest(name):
                    function = getattr(metrics, name)
                    answer = frappe.parse_json(frappe.as_json(function(masters.COMPANY)))
                    self.assertTrue(answer)
                    TypeAdapter(function.__annotations__["return"]).validate_json(frappe.as_json(answer))

    def test_they_are_for_those_who_may_report_on_subscriptions(self) -> None:
        seller, nobody = self.user("Sales User"), self.user()
        frappe.set_user(seller)
        metrics.overview(masters.COMPANY)
        frappe.set_user(nobody)
        for ask in (
            metrics.overview,
            metrics.movements,
            metrics.forecast,
            metrics.card_mrr,
            metrics.past_due,
        ):
            with self.assertRaises(frappe.PermissionError):
                ask()

    def test_what_cannot_be_asked_is_refused_in_words(self) -> None:
        for filters, words in (
            ({"company": "No such company"}, "does not exist"),
            ({**self.ours, "since": "2024-02-01", "until": "2024-01-01"}, "lies after"),
        ):
            with self.assert_refused(words):
                rows("MRR Movements", **filters)
        with self.assert_refused("1 to 60 months"):
            metrics.forecast(masters.COMPANY, 61)
        with self.assert_refused("Count by"):
            metrics.churn(masters.COMPANY, by="currency")


class TestCost(NumbersCase):
    ASKED = (
        ("MRR Movements", {}),
        ("MRR Movements", {"details": 1}),
        ("Subscription Churn", {}),
        ("Subscription Cohorts", {}),
        ("Subscription Forecast", {}),
        ("Subscription Forecast", {"details": 1}),
        ("Due and Not Billed", {}),
        ("Past Due by Age", {}),
    )
    CARDS = ("card_mrr", "card_active", "card_past_due", "card_due_and_not_billed", "card_credits")

    def counted(self) -> list[int]:
        """Queries of each report and card."""
        asked = [
            lambda report=report, more=more: run(report, **self.ours, **more) for report, more in self.ASKED
        ]
        asked += [lambda card=card: getattr(metrics, card)(self.ours) for card in self.CARDS]
        return [queries_of(ask) for ask in asked]

    def make(self, count: int) -> None:
        prices = make_price_list()
        for _number in range(count):
            item = masters.make_item().name
            masters.make_item_price(item, 30, price_list=prices)
            make_subscription("2024-01-10", price_list=prices, lines=[line(None, item=item), line(5)])

    def test_each_report_and_card_is_as_many_queries_for_one_subscription_as_for_many(self) -> None:
        with at("2024-03-10"):
            self.make(1)
            counts = []
            for more in (0, 7):
                self.make(more)
                self.counted()  # what is read once and kept
                counts.append(self.counted())
            few, many = counts
            self.assertEqual(many, few)
            self.assertLessEqual(max(few), 15)
