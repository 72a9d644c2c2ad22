"""SP Coupon: what it must say."""

from subscription_plus.tests.support import masters
from subscription_plus.tests.support.billing import BillingCase, make_coupon
from subscription_plus.tests.support.case import OTHER_RECORDS

test_ignore = OTHER_RECORDS


class TestCoupon(BillingCase):
    def test_its_code_is_its_name(self) -> None:
        code = masters.unique("SPRING")
        self.assertEqual(make_coupon(coupon_code=code), code)

    def test_a_percentage_is_more_than_nothing_and_not_more_than_all(self) -> None:
        for percentage in (0, -5, 101):
            with self.subTest(percentage=percentage), self.assert_refused("more than 0 and at most 100"):
                make_coupon(percentage=percentage)

    def test_an_amount_is_said(self) -> None:
        with self.assert_refused("Say the amount"):
            make_coupon(discount_type="Amount", currency="EUR")

    def test_some_periods_are_counted(self) -> None:
        with self.assert_refused("for how many periods"):
            make_coupon(duration="For Some Periods")

    def test_it_is_not_over_before_it_begins(self) -> None:
        with self.assert_refused("before Valid From"):
            make_coupon(valid_from="2026-02-01", valid_until="2026-01-31")
