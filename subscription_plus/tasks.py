"""The scheduler's entry points. What they do is in sp_billing/dispatcher.py and sp_billing/health.py."""

from subscription_plus.sp_billing import dispatcher, health


def hourly() -> None:
    """Hand all due subscriptions to the queue."""
    dispatcher.dispatch()


def daily() -> None:
    """Find what slipped through, and tell people about billing that is late."""
    health.check()
