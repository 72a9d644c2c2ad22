"""The scheduler's entry points. What they do is in sp_billing, sp_payments and sp_booking."""

from subscription_plus.sp_billing import dispatcher, health, idempotency, revenue
from subscription_plus.sp_booking import abandoned, checks, giving_back, rules, using
from subscription_plus.sp_booking import notices as credit_notices
from subscription_plus.sp_payments import notices as method_notices
from subscription_plus.sp_payments import settling, webhooks


def hourly() -> None:
    """Hand all due subscriptions to the queue, and grant the credits whose day has come."""
    dispatcher.dispatch()
    rules.run_due()


def daily() -> None:
    """Find what slipped through, tell people about billing that is late, write off credits that are over, take
    changed prices into the numbers, forget old idempotency keys."""
    health.check()
    revenue.refresh_all()
    checks.catch_up()
    giving_back.catch_up()
    using.expire_due()
    method_notices.send_due()
    credit_notices.send_due()
    checks.tell()
    idempotency.expire()


def often() -> None:
    """Ask gateways what became of open attempts, work off webhooks that wait, give up carts whose time is over."""
    webhooks.work_off_waiting()
    settling.ask_waiting()
    abandoned.expire()
