"""What happens to the members' agreements besides paying: each on its day, as a person at the desk would do it."""

import datetime as dt
from collections.abc import Callable

import frappe

from subscription_plus.api import subscriptions as desk

Act = Callable[[str], object]

# (day, member, what is done with the member's subscription)
EVENTS: tuple[tuple[str, str, Act], ...] = (
    # Away over the summer; the periods stay on the 1st.
    ("2024-07-10", "Karim Haddad", lambda name: desk.pause(name, "2024-07-15", until="2024-08-31")),
    # On holiday for one month.
    ("2024-07-20", "Emma Colin", desk.skip),
    # Two more desks from the next month on.
    (
        "2024-10-08",
        "Cabinet Perrault",
        lambda name: desk.change_quantity(name, _line(name, "Dedicated Desk"), 6),
    ),
    ("2024-11-10", "Thomas Rey", lambda name: desk.cancel(name, "Period End", reason="Moving away")),
    # Comes back.
    ("2025-02-01", "Thomas Rey", desk.restart),
    # Changes its mind before the last day has come.
    ("2024-12-02", "Studio Garance", lambda name: desk.cancel(name, "Period End", reason="Too expensive")),
    ("2024-12-20", "Studio Garance", desk.undo_cancellation),
    # Leaves in the middle of a month that is paid for: the unused days are credited.
    (
        "2025-01-06",
        "Hugo Marchand",
        lambda name: desk.cancel(name, "Date", "2025-01-17", reason="New job", credit_unused_days=1),
    ),
    # From a desk of her own back to a membership.
    ("2025-01-20", "Lucie Bernard", lambda name: desk.change_plan(name, "Nomad")),
    ("2025-03-03", "Léa Vasseur", desk.pause),
    ("2025-04-07", "Léa Vasseur", lambda name: desk.resume(name, new_anchor=1)),
    # Until further notice.
    ("2025-04-14", "Awa Diallo", desk.pause),
    ("2025-03-10", "Samir Kaci", lambda name: desk.cancel(name, "Now", reason="Works at home")),
)


def happen(today: dt.date) -> None:
    """Do what happens on this day."""
    for day, member, act in EVENTS:
        if day == today.isoformat():
            act(subscription_of(member))


def subscription_of(member: str) -> str:
    return frappe.db.get_value("SP Subscription", {"customer": member})


def _line(subscription: str, item: str) -> str:
    return frappe.db.get_value("SP Subscription Line", {"parent": subscription, "item": item})
