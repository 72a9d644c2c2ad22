"""Sites from before 1.0: gives each subscription the movements of its revenue, by what is stored of it now."""

from subscription_plus.sp_billing import revenue


def execute() -> None:
    """Write the movements of subscriptions that have none."""
    revenue.begin()
