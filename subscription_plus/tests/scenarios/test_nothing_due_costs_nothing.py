"""What waits for nothing is not looked at: an empty date is not one long past."""

from unittest.mock import patch

from subscription_plus.sp_booking import rules
from subscription_plus.sp_payments import settling
from subscription_plus.tests.support.billing import advance, at
from subscription_plus.tests.support.stripe import PaymentsCase, attempts_of


class TestNothingDue(PaymentsCase):
    def test_a_settled_attempt_is_not_asked_about_again(self) -> None:
        with at("2026-01-01"):
            subscription = self.subscribed("2026-01-01")
            advance(subscription)
        self.assertTrue(attempts_of(subscription))
        with at("2026-01-20"), patch.object(settling, "ask") as asked:
            settling.ask_waiting()
        mine = {attempt.name for attempt in attempts_of(subscription)}
        self.assertFalse(mine & {call.args[0] for call in asked.call_args_list})

    def test_a_subscription_without_credit_rules_is_not_looked_at_for_credits(self) -> None:
        with at("2026-01-01"):
            subscription = self.subscribed("2026-01-01")
        with at("2026-01-20"), patch.object(rules, "bring_up_to_date", return_value=[]) as looked:
            rules.run_due()
        self.assertNotIn(subscription.name, [call.args[0] for call in looked.call_args_list])
