"""The scheduler's entry points. What they do is in sp_billing and sp_payments."""

from subscription_plus.sp_billing import dispatcher, health
from subscription_plus.sp_payments import notices, settling, webhooks


def hourly() -> None:
    """Hand all due subscriptions to the queue."""
    dispatcher.dispatch()


def daily() -> None:
    """Find what slipped through, and tell people about billing that is late."""
    health.check()
    notices.send_due()


def often() -> None:
    """Ask gateways what became of open attempts, and work off webhooks that wait."""
    webhooks.work_off_waiting()
    settling.ask_waiting()
