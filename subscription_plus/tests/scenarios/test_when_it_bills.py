"""When periods are billed: at their start, before it, after their end; trial, billing day, end date."""

from subscription_plus.tests.support.billing import (
    BillingCase,
    advance,
    at,
    last_invoice,
    line,
    live,
    make_subscription,
    periods_of,
)

INVOICE_ONLY = {"make_sales_order": 0, "make_payment_request": 0}


def days_billed(subscription, first, last):
    """The days on which invoices were made while these days passed, and the periods they are for."""
    days = [day for day, doctype in live(subscription, first, last) if doctype == "Sales Invoice"]
    spans = [(str(row.start_date), str(row.end_date), row.total) for row in periods_of(subscription)]
    return days, spans


class TestStartOfPeriod(BillingCase):
    def test_the_31st_comes_back_after_short_months_127(self) -> None:
        with at("2026-01-31"):
            subscription = make_subscription("2026-01-31", recurrence=INVOICE_ONLY)
        days, spans = days_billed(subscription, "2026-01-31", "2026-04-02")
        self.assertEqual(days, ["2026-01-31", "2026-02-28", "2026-03-31"])
        self.assertEqual(
            spans,
            [
                ("2026-01-31", "2026-02-27", 30),
                ("2026-02-28", "2026-03-30", 30),
                ("2026-03-31", "2026-04-29", 30),
            ],
        )

    def test_nothing_is_billed_before_the_start_40293(self) -> None:
        with at("2026-01-05"):
            subscription = make_subscription("2026-01-09", recurrence=INVOICE_ONLY)
            self.assertEqual(subscription.status, "Scheduled")
        self.assertEqual(live(subscription, "2026-01-05", "2026-01-08"), [])

    def test_a_yearly_plan_from_the_29th_of_february_returns_to_it(self) -> None:
        with at("2024-02-29"):
            subscription = make_subscription("2024-02-29", recurrence={**INVOICE_ONLY, "unit": "Year"})
        with at("2028-02-29"):
            advance(subscription)
        starts = [str(row.start_date) for row in periods_of(subscription)]
        self.assertEqual(starts, ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"])

    def test_twelve_months_are_twelve_invoices_57768(self) -> None:
        with at("2025-01-15"):
            subscription = make_subscription("2025-01-15", end_date="2026-01-14", recurrence=INVOICE_ONLY)
        with at("2026-03-01"):
            advance(subscription)
            self.assertEqual(len(periods_of(subscription)), 12)
            self.assertTrue(all(row.total == 30 for row in periods_of(subscription)))


class TestBeforeTheStart(BillingCase):
    def test_a_period_is_billed_days_ahead_but_never_before_the_subscription_starts(self) -> None:
        recurrence = {**INVOICE_ONLY, "bill_at": "Days Before Start", "days_before": 10}
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", recurrence=recurrence)
        days, spans = days_billed(subscription, "2026-01-01", "2026-02-24")
        self.assertEqual(days, ["2026-01-01", "2026-01-22", "2026-02-19"])
        self.assertEqual(spans[1], ("2026-02-01", "2026-02-28", 30))


class TestInArrears(BillingCase):
    def test_a_period_is_billed_on_the_day_after_its_end(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", recurrence={**INVOICE_ONLY, "bill_at": "End of Period"}
            )
        days, spans = days_billed(subscription, "2026-01-01", "2026-02-10")
        self.assertEqual((days, spans), (["2026-02-01"], [("2026-01-01", "2026-01-31", 30)]))

    def test_the_last_cut_period_is_billed_on_the_day_after_the_end(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                end_date="2026-02-14",
                recurrence={**INVOICE_ONLY, "bill_at": "End of Period"},
                lines=[line(28)],
            )
        days, spans = days_billed(subscription, "2026-01-01", "2026-03-05")
        self.assertEqual(days, ["2026-02-01", "2026-02-15"])
        self.assertEqual(spans[1], ("2026-02-01", "2026-02-14", 14))


class TestEndDate(BillingCase):
    def test_no_period_passes_the_end_51199(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01", end_date="2026-02-14", recurrence=INVOICE_ONLY, lines=[line(28)]
            )
        days, spans = days_billed(subscription, "2026-01-01", "2026-03-05")
        self.assertEqual(days, ["2026-01-01", "2026-02-01"])
        self.assertEqual(spans[1], ("2026-02-01", "2026-02-14", 14))
        subscription.reload()
        self.assertEqual((subscription.status, subscription.next_billing_date), ("Completed", None))

    def test_the_last_period_is_billed_whole_where_it_is_not_prorated(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription(
                "2026-01-01",
                end_date="2026-02-14",
                recurrence={**INVOICE_ONLY, "prorate_last_invoice": 0},
                lines=[line(28)],
            )
        with at("2026-02-02"):
            advance(subscription)
        self.assertEqual(periods_of(subscription)[1].total, 28)


class TestBillingDay(BillingCase):
    def _stub_total(self, stub: str) -> list[tuple[str, str, float]]:
        recurrence = {**INVOICE_ONLY, "billing_day": 1, "stub_billing": stub}
        with at("2026-01-15"):
            subscription = make_subscription("2026-01-15", recurrence=recurrence, lines=[line(31)])
        with at("2026-02-01"):
            advance(subscription)
        return [(str(row.start_date), str(row.end_date), row.total) for row in periods_of(subscription)]

    def test_the_days_before_it_are_prorated_36953(self) -> None:
        self.assertEqual(
            self._stub_total("Prorated"), [("2026-01-15", "2026-01-31", 17), ("2026-02-01", "2026-02-28", 31)]
        )

    def test_the_days_before_it_are_free(self) -> None:
        self.assertEqual(
            self._stub_total("Free"), [("2026-01-15", "2026-01-31", 0), ("2026-02-01", "2026-02-28", 31)]
        )

    def test_the_days_before_it_cost_a_whole_period(self) -> None:
        self.assertEqual(
            self._stub_total("Full Price"),
            [("2026-01-15", "2026-01-31", 31), ("2026-02-01", "2026-02-28", 31)],
        )

    def test_the_line_says_how_its_days_were_reckoned(self) -> None:
        recurrence = {**INVOICE_ONLY, "billing_day": 1}
        with at("2026-01-15"):
            subscription = make_subscription("2026-01-15", recurrence=recurrence)
            advance(subscription)
        self.assertIn("17/31 days", last_invoice(subscription).items[0].description)


class TestTrial(BillingCase):
    def test_the_first_billed_period_begins_the_day_after_the_trial(self) -> None:
        with at("2026-01-01"):
            subscription = make_subscription("2026-01-01", trial_until="2026-01-14", recurrence=INVOICE_ONLY)
            self.assertEqual(subscription.status, "Trial")
        days, spans = days_billed(subscription, "2026-01-01", "2026-02-16")
        self.assertEqual(days, ["2026-01-15", "2026-02-15"])
        self.assertEqual(spans[0], ("2026-01-15", "2026-02-14", 30))
        subscription.reload()
        self.assertEqual(subscription.status, "Active")
