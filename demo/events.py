"""What happens to the members' agreements besides paying: each on its day, as a person at the desk would do it."""

import datetime as dt
from collections.abc import Callable

import frappe

from subscription_plus.sp_billing import breaks, cancellation, changes

Act = Callable[[str], object]


def on(day: str) -> dt.date:
    return dt.date.fromisoformat(day)


EVENTS: tuple[tuple[dt.date, str, Act], ...] = (
    # Away over the summer; the periods stay on the 1st.
    (
        on("2024-07-10"),
        "Karim Haddad",
        lambda name: breaks.pause(name, on("2024-07-15"), until=on("2024-08-31")),
    ),
    # On holiday for one month.
    (on("2024-07-20"), "Emma Colin", breaks.skip),
    # Two more desks from the next month on.
    (
        on("2024-10-08"),
        "Cabinet Perrault",
        lambda name: changes.change_quantity(name, _line(name, "Dedicated Desk"), 6),
    ),
    (
        on("2024-11-10"),
        "Thomas Rey",
        lambda name: cancellation.cancel(name, "Period End", reason="Moving away"),
    ),
    # Changes its mind before the last day has come.
    (
        on("2024-12-02"),
        "Studio Garance",
        lambda name: cancellation.cancel(name, "Period End", reason="Too expensive"),
    ),
    (on("2024-12-20"), "Studio Garance", cancellation.undo),
    # Leaves in the middle of a month that is paid for: the unused days are credited.
    (
        on("2025-01-06"),
        "Hugo Marchand",
        lambda name: cancellation.cancel(
            name, "Date", date=on("2025-01-17"), reason="New job", credit_unused_days=True
        ),
    ),
    # From a desk of her own back to a membership.
    (on("2025-01-20"), "Lucie Bernard", lambda name: changes.change_plan(name, "Nomad")),
    # Comes back.
    (on("2025-02-01"), "Thomas Rey", cancellation.restart),
    (on("2025-03-03"), "Léa Vasseur", lambda name: breaks.pause(name)),
    (on("2025-04-07"), "Léa Vasseur", lambda name: breaks.resume(name, new_anchor=True)),
    (on("2025-03-10"), "Samir Kaci", lambda name: cancellation.cancel(name, "Now", reason="Works at home")),
)


def happen(today: dt.date) -> None:
    """Do what happens on this day."""
    for day, member, act in EVENTS:
        if day == today:
            act(subscription_of(member))


def subscription_of(member: str) -> str:
    return frappe.db.get_value("SP Subscription", {"customer": member})


def _line(subscription: str, item: str) -> str:
    return frappe.db.get_value("SP Subscription Line", {"parent": subscription, "item": item})
